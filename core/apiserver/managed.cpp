#include "core/apiserver/managed.hpp"

#include <algorithm>

#include "core/api/names.hpp"
#include "core/api/sort.hpp"
#include "core/manifest/manifest.hpp"

namespace apiserver {
using namespace api;

namespace {
struct Entry {
  std::string manager, operation, apiVersion, subresource;
  Value time;
  FieldSet fields;
  bool is(const Manager& m, std::string_view version) const {
    const bool apply = operation == "Apply";
    return manager == m.name && apply == m.applies && subresource == m.subresource && (apply || apiVersion == version);
  }
};
using Entries = std::vector<Entry>;

Entries read(const Value& object) {
  Entries out;
  for (const Value& e : object.get({key::metadata, key::managedFields}).values()) {
    out.push_back({std::string(e[key::manager].asString()), std::string(e[key::operation].asString()),
                   std::string(e[key::apiVersion].asString()), std::string(e[key::subresource].asString()),
                   e[key::time], fromFieldsV1(e[key::fieldsV1])});
  }
  return out;
}

void write(Entries entries, Value& object) {
  entries.erase(std::remove_if(entries.begin(), entries.end(), [](const Entry& e) { return e.fields.empty(); }),
                entries.end());
  if (entries.empty()) {
    object.erase({key::metadata, key::managedFields});
    return;
  }
  api::sort(entries, [](const Entry& a, const Entry& b) {
    if (a.operation != b.operation) return a.operation < b.operation;
    if (!(a.time == b.time)) return a.time.asString() < b.time.asString();
    if (a.manager != b.manager) return a.manager < b.manager;
    return a.subresource < b.subresource;
  });
  std::vector<Value> list;
  for (const Entry& e : entries) {
    Value v = Value::object({{key::manager, e.manager},
                             {key::operation, e.operation},
                             {key::apiVersion, e.apiVersion},
                             {key::time, e.time},
                             {key::fieldsType, "FieldsV1"},
                             {key::fieldsV1, toFieldsV1(e.fields)}});
    if (e.time.isNull()) v.erase(key::time);
    if (!e.subresource.empty()) v.set(key::subresource, e.subresource);
    list.push_back(std::move(v));
  }
  object.set({key::metadata, key::managedFields}, Value::array(std::move(list)));
}

/// What nobody manages. Models stripmeta.go.
FieldSet withoutMeta(FieldSet set) {
  for (const char* k : {"f:apiVersion", "f:kind"}) set.children.erase(k);
  if (auto it = set.children.find("f:metadata"); it != set.children.end()) {
    it->second.member = false;
    for (const char* k : {"f:name", "f:namespace", "f:creationTimestamp", "f:selfLink", "f:uid", "f:clusterName",
                          "f:generation", "f:managedFields", "f:resourceVersion"})
      it->second.children.erase(k);
    if (it->second.empty()) set.children.erase(it);
  }
  return set;
}

/// Without what a request to that door cannot change. Models the strategies' GetResetFields.
FieldSet withoutReset(const ResourceInfo& info, FieldSet set, const std::string& subresource) {
  if (!info.status) return set;
  set.children.erase(subresource == "status" ? "f:spec" : "f:status");
  const auto metadata = set.children.find("f:metadata");
  if (subresource != "status" || metadata == set.children.end()) return set;
  FieldSet& fields = metadata->second;
  if (info.resource == Resource::deployments) fields.children.erase("f:labels");
  if (info.resource == Resource::pods) {
    fields.children.erase("f:ownerReferences");
    fields.children.erase("f:deletionTimestamp");
  }
  if (fields.empty()) set.children.erase(metadata);
  return set;
}

/// What a new object is compared with: its kind's zero value as Go's JSON writes it, where a struct is there even when
/// it is empty, and a list that may not be left out is null.
Value zeroOf(const Type& type) {
  std::vector<std::pair<Key, Value>> members;
  for (const Field& f : type.fields) {
    if (f.pointer) continue;
    if (f.shape == Shape::One && f.type == FieldType::Object) {
      members.emplace_back(f.key, zeroOf(*elementType(f)));
    } else if (f.shape == Shape::One && (f.type == FieldType::Time || f.type == FieldType::MicroTime)) {
      members.emplace_back(f.key, Value());
    } else if (!f.omitEmpty) {
      members.emplace_back(f.key, Value());
    }
  }
  return Value::object(std::move(members));
}

Value withoutManagers(const Value& object) {
  Value out = object;
  out.erase({key::metadata, key::managedFields});
  return out;
}

struct Conflict {
  const Entry* entry;
  FieldSet fields;
};

std::string shownManager(const Entry& e, std::string_view version) {
  std::string out = quote(e.manager);
  if (!e.subresource.empty()) out += " with subresource " + quote(e.subresource);
  if (e.operation == "Update") out += " using " + (version.empty() ? e.apiVersion : std::string(version));
  return out;
}

// Models conflict.go NewConflictError.
Response conflictResponse(std::vector<Conflict> conflicts, std::string_view version) {
  api::sort(conflicts, [](const Conflict& a, const Conflict& b) { return a.entry->manager < b.entry->manager; });
  std::vector<Value> causes;
  std::string many;
  std::string one;
  size_t n = 0;
  for (const Conflict& c : conflicts) {
    const std::string manager = shownManager(*c.entry, version);
    many += (many.empty() ? "" : "\n") + std::string("conflicts with ") + manager + ":";
    for (const std::string& path : pathsOf(c.fields)) {
      ++n;
      many += "\n- " + path;
      one = "conflict with " + manager + ": " + path;
      causes.push_back(Value::object(
          {{key::reason, "FieldManagerConflict"}, {key::message, "conflict with " + manager}, {key::field, path}}));
    }
  }
  const std::string text = n == 1 ? "Apply failed with 1 conflict: " + one
                                  : "Apply failed with " + std::to_string(n) + " conflicts: " + many;
  Response r = failure(409, "Conflict", text);
  r.body.set(key::details, Value::object({{key::causes, Value::array(std::move(causes))}}));
  return r;
}

/// Takes from the other managers what changed and what is gone; gives what they would lose.
std::vector<Conflict> takeFromOthers(Entries& entries, const Manager& manager, std::string_view version,
                                     const Comparison& changes, bool force) {
  std::vector<Conflict> conflicts;
  const FieldSet changed = unite(changes.modified, changes.added);
  for (const Entry& e : entries) {
    if (e.is(manager, version)) continue;
    if (FieldSet lost = intersect(e.fields, changed); !lost.empty()) conflicts.push_back({&e, std::move(lost)});
  }
  if (!force && !conflicts.empty()) return conflicts;
  for (Entry& e : entries) {
    if (!e.is(manager, version)) e.fields = subtract(subtract(e.fields, changed), changes.removed);
  }
  return {};
}

bool isOlder(const Entry& a, const Entry& b) {
  if (!(a.time == b.time)) return a.time.asString() < b.time.asString();
  return a.manager < b.manager;
}

/// Of more than ten updaters the oldest become one.
void limitUpdaters(Entries& entries) {
  constexpr size_t most = 10;
  std::vector<Entry*> updaters;
  for (Entry& e : entries) {
    if (e.operation == "Update") updaters.push_back(&e);
  }
  if (updaters.size() <= most) return;
  std::sort(updaters.begin(), updaters.end(), [](const Entry* a, const Entry* b) { return isOlder(*a, *b); });
  Entry& bucket = *updaters[0];
  for (size_t i = 1; i <= updaters.size() - most; ++i) {
    bucket.fields = unite(bucket.fields, updaters[i]->fields);
    bucket.time = updaters[i]->time;
    updaters[i]->fields = {};
  }
  bucket.manager = "ancient-changes";
  bucket.subresource.clear();
}

Entry& entryOf(Entries& entries, const Manager& manager, std::string_view version, const Value& now) {
  for (Entry& e : entries) {
    if (e.is(manager, version)) return e;
  }
  entries.push_back(
      {manager.name, manager.applies ? "Apply" : "Update", std::string(version), manager.subresource, now, {}});
  return entries.back();
}

/// The fields that kubectl's client-side apply set last and that still are as it set them: applying them again on the
/// server's side is no conflict. Models lastappliedmanager.go allowedConflictsFromLastApplied.
FieldSet lastAppliedFields(const Value& live, const Type& type) {
  const std::string_view text = live.get({key::metadata, key::annotations, key::lastAppliedConfiguration}).asString();
  std::string error;
  if (text.empty()) return {};
  const Value last = manifest::parseJson(text, error);
  if (!error.empty()) return {};
  const Comparison c = compare(last, live, type);
  return subtract(subtract(subtract(fieldsOf(last, type), c.modified), c.added), c.removed);
}
}  // namespace

namespace {
/// Models structured-merge-diff merge/update.go Update and apimachinery capmanagers.go.
void note(Entries& entries, const ResourceInfo& info, const Manager& manager, const Value& before, const Value& after,
          const Value& now) {
  const std::string version = info.apiVersion();
  const Type& type = *findType(info.kind);
  Comparison c = compare(before.isNull() ? zeroOf(type) : withoutManagers(before), withoutManagers(after), type);
  for (FieldSet* set : {&c.added, &c.modified, &c.removed})
    *set = withoutReset(info, withoutMeta(std::move(*set)), manager.subresource);
  takeFromOthers(entries, manager, version, c, true);
  Entry& mine = entryOf(entries, manager, version, now);
  FieldSet fields = unite(unite(subtract(mine.fields, c.removed), c.modified), c.added);
  // Who only takes away has not been here; a scale tells no time, so what there was stays.
  const bool took = !c.added.empty() || !c.modified.empty();
  if (took && !now.isNull()) mine.time = now;
  mine.fields = std::move(fields);
  entries.erase(std::remove_if(entries.begin(), entries.end(), [](const Entry& e) { return e.fields.empty(); }),
                entries.end());
  limitUpdaters(entries);
}

/// A claim without the finalizer of its protection and without the class that it did not ask for.
Value claimAsSent(Value claim, bool defaulted) {
  if (defaulted) claim.erase({key::spec, key::storageClassName});
  std::vector<Value> finalizers;
  for (const Value& f : claim.get({key::metadata, key::finalizers}).values()) {
    if (f.asString() != "kubernetes.io/pvc-protection") finalizers.push_back(f);
  }
  claim.set({key::metadata, key::finalizers}, Value::array(finalizers));
  if (finalizers.empty()) claim.erase({key::metadata, key::finalizers});
  return claim;
}

/// A claim, pod or volume as it was sent, without what admission and its strategy added.
Value asSent(const ResourceInfo& info, const Value& object, bool defaulted) {
  if (info.resource == Resource::persistentvolumeclaims) return claimAsSent(object, defaulted);
  Value pod = object;
  if (info.resource == Resource::persistentvolumes) pod.erase({key::metadata, key::finalizers});
  if (info.resource != Resource::pods) return pod;
  pod.erase({key::spec, key::priority});
  pod.erase({key::spec, key::preemptionPolicy});
  bool sent = false;
  for (const Value& t : pod.get({key::spec, key::tolerations}).values()) {
    const std::string_view k = t[key::key].asString();
    sent |= k != "node.kubernetes.io/not-ready" && k != "node.kubernetes.io/unreachable";
  }
  if (!sent) pod.erase({key::spec, key::tolerations});
  return pod;
}

/// The scheduler writes its Events through events.k8s.io, where fields have other names.
void nameAsScheduler(Entries& entries) {
  static constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"f:involvedObject", "f:regarding"}, {"f:message", "f:note"}, {"f:reportingComponent", "f:reportingController"}};
  for (Entry& e : entries) {
    if (e.manager != "kube-scheduler") continue;
    e.apiVersion = "events.k8s.io/v1";
    for (const auto& [core, own] : names) {
      const auto found = e.fields.children.find(core);
      if (found == e.fields.children.end()) continue;
      auto node = e.fields.children.extract(found);
      node.key() = own;
      e.fields.children.insert(std::move(node));
    }
  }
}

uint64_t revisionOf(const Value& object) {
  uint64_t out = 0;
  for (char c : object.get({key::metadata, key::resourceVersion}).asString()) out = out * 10 + uint64_t(c - '0');
  return out;
}
}  // namespace

void trackManagers(const ResourceInfo& info, const Manager& manager, const Value& before, Value& after,
                   const Value& now) {
  const bool fresh = before.isNull();
  // A client may write managedFields themselves, as kubectl does when it goes over to server-side apply.
  Entries entries = read(after);
  if (entries.empty() && !fresh) entries = read(before);
  if (!fresh && entries.empty()) {
    after.erase({key::metadata, key::managedFields});
    return;
  }
  note(entries, info, manager, before, after, now);
  write(std::move(entries), after);
}

Value withManagers(const ResourceInfo& info, const Value& object, const History& history) {
  std::vector<Write> writes;
  Value base = object;
  while (true) {
    const uint64_t revision = revisionOf(base);
    if (revision <= history.start()) break;
    const Write w = history.at(revision);
    if (w.noted) break;
    writes.push_back(w);
    base = w.change->before;
    if (base.isNull()) break;
  }
  if (writes.empty()) return object;
  Entries entries = read(base);
  for (size_t i = writes.size(); i-- > 0;) {
    const Write& w = writes[i];
    const Value& before = w.change->before;
    if (!w.managed || (!before.isNull() && entries.empty())) continue;
    const Manager manager{std::string(w.manager), std::string(w.subresource), false};
    const Value after = before.isNull() ? asSent(info, w.change->after, w.defaulted) : w.change->after;
    note(entries, info, manager, before, after, formatTime(w.time));
  }
  if (info.resource == Resource::events) nameAsScheduler(entries);
  Value out = object;
  write(std::move(entries), out);
  return out;
}

Response applyConfig(const ResourceInfo& info, const Manager& manager, const Value& live, const Value& config,
                     bool force, const Value& now, Value& out) {
  const std::string version = info.apiVersion();
  const Type& type = *findType(info.kind);
  const Value base = live.isNull() ? Value::object({}) : withoutManagers(live);
  Entries entries = read(live);
  if (!live.isNull() && entries.empty()) {
    const Manager before{"before-first-apply", "", false};
    entryOf(entries, before, version, now).fields = withoutReset(info, withoutMeta(fieldsOf(base, type)), "");
  }
  Value merged = mergeConfig(base, config, type);
  const FieldSet set = withoutReset(info, withoutMeta(fieldsOf(config, type)), manager.subresource);
  const FieldSet last = entryOf(entries, manager, version, Value()).fields;
  FieldSet owned = withoutReset(info, fieldsOf(config, type), manager.subresource);  // its name stays, too
  for (const Entry& e : entries) {
    if (!e.is(manager, version)) owned = unite(owned, e.fields);
  }
  merged = prune(merged, last, owned, type);
  Comparison c = compare(base, merged, type);
  for (FieldSet* s : {&c.added, &c.modified, &c.removed})
    *s = withoutReset(info, withoutMeta(std::move(*s)), manager.subresource);
  std::vector<Conflict> conflicts = takeFromOthers(entries, manager, version, c, force);
  if (!conflicts.empty() && manager.name == "kubectl") {
    const FieldSet allowed = lastAppliedFields(base, type);
    for (Conflict& conflict : conflicts) conflict.fields = subtract(conflict.fields, allowed);
    conflicts.erase(
        std::remove_if(conflicts.begin(), conflicts.end(), [](const Conflict& x) { return x.fields.empty(); }),
        conflicts.end());
    if (conflicts.empty()) takeFromOthers(entries, manager, version, c, true);
  }
  if (!conflicts.empty()) return conflictResponse(std::move(conflicts), manager.conflictsIn);
  Entry& mine = entryOf(entries, manager, version, Value());
  mine.fields = set;
  mine.apiVersion = version;
  if (!(merged == base)) mine.time = now;
  if (manager.name == "kubectl" && merged.get({key::metadata, key::annotations}).find(key::lastAppliedConfiguration)) {
    Value shown = config;
    shown.erase({key::metadata, key::managedFields});
    merged.set({key::metadata, key::annotations, key::lastAppliedConfiguration}, toJson(shown) + "\n");
  }
  out = std::move(merged);
  write(std::move(entries), out);
  return {};
}

}  // namespace apiserver
