#include "core/store/store.hpp"

#include <cassert>

namespace store {
namespace {
using namespace api;

const std::set<std::string, std::less<>>& none() {
  static const std::set<std::string, std::less<>> empty;
  return empty;
}

void toggle(std::map<std::string, std::set<std::string, std::less<>>, std::less<>>& index, std::string at,
            const std::string& key, bool add) {
  if (add) {
    index[std::move(at)].insert(key);
  } else if (auto it = index.find(at); it != index.end()) {
    it->second.erase(key);
    if (it->second.empty()) index.erase(it);
  }
}

std::string_view controllerUid(const Value& object) {
  for (const OwnerReference& o : Object{{object}}.metadata().ownerReferences()) {
    if (o.controller()) return o.uid();
  }
  return {};
}

/// The resources whose orphans some controller may adopt.
bool adoptable(Resource r) {
  return r == Resource::pods || r == Resource::replicasets || r == Resource::controllerrevisions;
}
}  // namespace

std::string keyOf(std::string_view ns, std::string_view name) {
  return ns.empty() ? std::string(name) : std::string(ns) + "/" + std::string(name);
}
std::string keyOf(const Value& object) {
  const Value& m = object[key::metadata];
  return keyOf(m[key::namespace_].asString(), m[key::name].asString());
}
std::pair<std::string_view, std::string_view> splitKey(std::string_view key) {
  const size_t slash = key.find('/');
  if (slash == key.npos) return {{}, key};
  return {key.substr(0, slash), key.substr(slash + 1)};
}

const Value* Objects::getByKey(Resource r, std::string_view key) const {
  const Table& t = tables_[size_t(r)];
  auto it = t.find(key);
  return it == t.end() ? nullptr : &it->second;
}

const Value* Objects::get(Resource r, std::string_view ns, std::string_view name) const {
  if (ns.empty()) return getByKey(r, name);
  char buffer[320];
  if (ns.size() + name.size() + 1 > sizeof buffer) return getByKey(r, keyOf(ns, name));
  ns.copy(buffer, ns.size());
  buffer[ns.size()] = '/';
  name.copy(buffer + ns.size() + 1, name.size());
  return getByKey(r, {buffer, ns.size() + name.size() + 1});
}

const std::set<std::string, std::less<>>& Objects::controlledBy(Resource r, std::string_view uid) const {
  auto it = controlled_[size_t(r)].find(uid);
  return it == controlled_[size_t(r)].end() ? none() : it->second;
}
const std::set<std::string, std::less<>>& Objects::podsOnNode(std::string_view node) const {
  auto it = onNode_.find(node);
  return it == onNode_.end() ? none() : it->second;
}
const std::set<std::string, std::less<>>& Objects::podsOfClaim(std::string_view ns, std::string_view claim) const {
  auto it = ofClaim_.find(keyOf(ns, claim));
  return it == ofClaim_.end() ? none() : it->second;
}

void Objects::index(const Change& c, const Value& object, bool add) {
  const std::string key = keyOf(c.namespace_, c.name);
  const std::string_view uid = controllerUid(object);
  if (!uid.empty() || adoptable(c.resource)) toggle(controlled_[size_t(c.resource)], std::string(uid), key, add);
  if (c.resource != Resource::pods) return;
  const PodSpec spec = Pod{{object}}.spec();
  if (!spec.nodeName().empty()) toggle(onNode_, std::string(spec.nodeName()), key, add);
  for (const Volume& v : spec.volumes()) {
    if (v.hasPersistentVolumeClaim())
      toggle(ofClaim_, keyOf(c.namespace_, v.persistentVolumeClaim().claimName()), key, add);
  }
}

void Objects::apply(const Change& c) {
  Table& t = tables_[size_t(c.resource)];
  const bool reindex =
      c.before.isNull() || c.after.isNull() || !c.before[key::spec].same(c.after[key::spec]) ||
      !c.before[key::metadata][key::ownerReferences].same(c.after[key::metadata][key::ownerReferences]);
  if (reindex && !c.before.isNull()) index(c, c.before, false);
  if (c.after.isNull()) {
    t.erase(keyOf(c.namespace_, c.name));
  } else {
    t.insert_or_assign(keyOf(c.namespace_, c.name), c.after);
  }
  if (reindex && !c.after.isNull()) index(c, c.after, true);
}

Change Store::put(Resource r, Value object) {
  const uint64_t revision = ++revision_;
  object.set({key::metadata, key::resourceVersion}, std::to_string(revision));
  const Value& m = object[key::metadata];
  Change c{r, revision, std::string(m[key::namespace_].asString()), std::string(m[key::name].asString()), {}, object};
  if (const Value* before = objects_.get(r, c.namespace_, c.name)) c.before = *before;
  objects_.apply(c);
  return c;
}

Change Store::remove(Resource r, std::string_view ns, std::string_view name) {
  const Value* before = objects_.get(r, ns, name);
  assert(before);
  Change c{r, ++revision_, std::string(ns), std::string(name), *before, {}};
  objects_.apply(c);
  return c;
}

}  // namespace store
