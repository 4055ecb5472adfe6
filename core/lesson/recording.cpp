#include "core/lesson/recording.hpp"

#include <algorithm>

#include "core/api/sort.hpp"

namespace lesson {
using api::Key;
using api::Kind;
using api::Resource;

std::string withoutAges(std::string_view);

namespace {
bool startsWith(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

/// What the recorder does not look at.
bool ignored(const store::Change& c) {
  if (startsWith(c.namespace_(), "kube-")) return true;
  switch (c.resource) {
    case Resource::namespaces: return c.name() == "default" || startsWith(c.name(), "kube-");
    case Resource::configmaps: return c.name() == "kube-root-ca.crt";
    case Resource::priorityclasses: return startsWith(c.name(), "system-");
    case Resource::services:
    case Resource::endpointslices: return c.namespace_() == "default" && c.name() == "kubernetes";
    case Resource::serviceaccounts: return true;
    default: return false;
  }
}

std::vector<const store::Change*> changesOf(const sim::Journal& journal, size_t from) {
  std::vector<const store::Change*> out;
  for (size_t i = from; i < journal.entries.size(); ++i) {
    const sim::Entry& e = journal.entries[i];
    if (e.writes() && !ignored(e.change)) out.push_back(&e.change);
    for (const store::Change& c : e.events) {
      if (!ignored(c)) out.push_back(&c);
    }
  }
  api::sort(out, [](const store::Change* a, const store::Change* b) { return a->revision < b->revision; });
  return out;
}

bool ownedByStatefulSet(const api::ObjectMeta& meta) {
  for (const api::OwnerReference& o : meta.ownerReferences()) {
    if (o.kind() == "StatefulSet") return true;
  }
  return false;
}

std::string replaceFirst(std::string s, std::string_view from, std::string_view to) {
  if (const size_t at = s.find(from); at != s.npos) s.replace(at, from.size(), to);
  return s;
}

std::string_view member(const Value& v, std::string_view name) {
  const Value* found = v.find(name);
  return found ? found->asString() : std::string_view();
}

void sortBy(std::vector<Value>& list, std::string_view name, bool whole) {
  api::sort(list, [&](const Value& a, const Value& b) {
    if (!whole) return member(a, name) < member(b, name);
    const Value *x = a.find(name), *y = b.find(name);
    return (x ? api::toJson(*x) : "") < (y ? api::toJson(*y) : "");
  });
}
}  // namespace

// ---- tokens

void Recorder::token(std::string real, std::string token) {
  if (tokens_.emplace(real, token).second) {
    auto longer = [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    };
    byLength_.insert(std::upper_bound(byLength_.begin(), byLength_.end(), real, longer), real);
  } else {
    tokens_[real] = std::move(token);
  }
}

/// The API server's own address, and its port in the row of the slice of the Service kubernetes.
static std::string withoutServer(std::string s) {
  constexpr std::string_view address = "192.0.2.254", port = "6443", family = "IPv4";
  for (size_t i = 0; (i = s.find(address, i)) != s.npos;) {
    s.replace(i, address.size(), "<server>");
    const size_t end = s.find_last_not_of(' ', i ? i - 1 : 0) + 1;
    if (end < family.size() + port.size() || s.compare(end - port.size(), port.size(), port) != 0) continue;
    const size_t before = s.find_last_not_of(' ', end - port.size() - 1) + 1;
    if (before < family.size() || s.compare(before - family.size(), family.size(), family) != 0) continue;
    s.replace(end - port.size(), port.size(), "<port>");
  }
  return s;
}

std::string Recorder::replace(std::string_view text) const {
  if (text.empty()) return {};
  if (auto it = tokens_.find(text); it != tokens_.end()) return it->second;
  std::string s = withoutServer(std::string(text));
  for (const std::string& real : byLength_) {
    const std::string& token = tokens_.find(real)->second;
    const bool address = startsWith(real, "10.");
    for (size_t i = 0; (i = s.find(real, i)) != s.npos;) {
      auto part = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
      const size_t end = i + real.size();
      if (address && ((i && part(s[i - 1])) || (end < s.size() && part(s[end])))) {
        ++i;
        continue;
      }
      s.replace(i, real.size(), token);
      i += token.size();
    }
  }
  return s;
}

void Recorder::learn(const store::Change& c) {
  const Value& doc = c.object();
  const api::ObjectMeta meta = api::Object{{doc}}.metadata();
  const std::string uid(meta.uid()), kind(api::info(c.resource).kind);
  if (!uid.empty() && tokens_.find(uid) == tokens_.end() && c.resource != Resource::events) {
    const std::string name(meta.name());
    const std::string prefix(meta.generateName());
    if (!prefix.empty() && startsWith(name, prefix) && !ownedByStatefulSet(meta)) {
      const std::string p = replace(prefix);
      token(name, p + "{" + std::to_string(++generated_[kind + p]) + "}");
    }
    const std::string hash(meta.labels().get("pod-template-hash"));
    if (!hash.empty() && c.resource == Resource::replicasets) {
      if (tokens_.find(hash) == tokens_.end()) token(hash, "{hash-" + std::to_string(++generated_["hash"]) + "}");
      token(name, replaceFirst(name, hash, tokens_[hash]));
    }
    const std::string revision(meta.labels().get("controller.kubernetes.io/hash"));
    const std::string_view restarted = doc.get({Key("data"), api::key::spec, api::key::template_, api::key::metadata,
                                                api::key::annotations, api::key::restartedAt})
                                           .asString();
    if (!revision.empty() && !restarted.empty()) {
      token(revision, "{hash-" + std::to_string(++generated_["hash"]) + "}");
      token(name, replaceFirst(name, revision, tokens_[revision]));
    }
    std::string id = kind + "/" + replace(name);
    if (!c.namespace_().empty() && c.namespace_() != "default")
      id = kind + "/" + std::string(c.namespace_()) + "/" + replace(name);
    token(uid, "uid(" + id + "#" + std::to_string(++incarnation_[id]) + ")");
  }
  const std::string ip(api::Pod{{doc}}.status().podIP());
  if (c.resource == Resource::pods && !ip.empty() && tokens_.find(ip) == tokens_.end()) {
    const std::string of = replace(uid);
    token(ip, "ip(" + of.substr(4, of.size() - 5) + ")");
  }
  const std::string cluster(c.resource == Resource::services ? api::Service{{doc}}.spec().clusterIP()
                                                             : std::string_view());
  if (!cluster.empty() && cluster != "None") token(cluster, "clusterIP(" + std::string(meta.name()) + ")");
}

Step Recorder::realNames(Step step) const {
  std::vector<std::pair<std::string, std::string>> back;
  for (const auto& [real, token] : tokens_) {
    if (token.find('{') != token.npos || startsWith(token, "uid(")) back.emplace_back(token, real);
  }
  api::sort(back, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  auto real = [&back](std::string s) {
    for (const auto& [token, name] : back) {
      for (size_t i = 0; (i = s.find(token, i)) != s.npos; i += name.size()) s.replace(i, token.size(), name);
    }
    return s;
  };
  step.line = real(step.line);
  step.input = real(step.input);
  step.request.path = real(step.request.path);
  step.request.body = real(step.request.body);
  if (const Value* pod = step.what.find("pod")) step.what.set(Key("pod"), real(std::string(pod->asString())));
  return step;
}

// ---- documents without bookkeeping

Value Recorder::cleaned(const Value& v) const {
  if (v.kind() == Kind::String) return withoutTimes(v.asString());
  if (v.kind() == Kind::Array) {
    std::vector<Value> list;
    for (const Value& item : v.values()) list.push_back(cleaned(item));
    if (list.size() > 1 && list[0].kind() == Kind::Object) {
      if (list[0].find("targetRef")) sortBy(list, "targetRef", true);
      if (list[0].find("lastTransitionTime")) sortBy(list, "type", false);
    }
    return Value::array(std::move(list));
  }
  if (v.kind() != Kind::Object) return v;
  std::vector<std::pair<Key, Value>> members;
  for (size_t i = 0; i < v.size(); ++i) {
    const std::string_view k = v.keyAt(i).text();
    if (k == "managedFields" || k == "resourceVersion" || k == "selfLink" || k == "creationTimestamp" ||
        k == "endpoints.kubernetes.io/last-change-trigger-time")
      continue;
    if (v.values()[i].isNull()) continue;
    members.emplace_back(v.keyAt(i), k == "serverAddress" ? Value("<server>") : cleaned(v.values()[i]));
  }
  Value out = Value::object(std::move(members));
  if (!out.get({api::key::metadata, api::key::labels, api::key::podNameLabel}).isNull() && out.find(api::key::spec) &&
      out[api::key::spec].find("volumes")) {
    const auto values = out[api::key::spec][Key("volumes")].values();
    std::vector<Value> volumes(values.begin(), values.end());
    sortBy(volumes, "name", false);
    out.set({api::key::spec, Key("volumes")}, Value::array(std::move(volumes)));
  }
  return out;
}

Value Recorder::tokenise(const Value& v) const {
  if (v.kind() == Kind::String) return replace(v.asString());
  if (v.kind() == Kind::Array) {
    std::vector<Value> list;
    for (const Value& item : v.values()) list.push_back(tokenise(item));
    return Value::array(std::move(list));
  }
  if (v.kind() != Kind::Object) return v;
  std::vector<std::pair<Key, Value>> members;
  for (size_t i = 0; i < v.size(); ++i) members.emplace_back(Key(replace(v.keyAt(i).text())), tokenise(v.values()[i]));
  return Value::object(std::move(members));
}

void Recorder::hideUnknownUids(Value& v) const {
  if (v.kind() == Kind::Object) {
    const std::string_view uid = v.get({api::key::metadata, api::key::uid}).asString();
    if (!uid.empty() && tokens_.find(uid) == tokens_.end()) v.set({api::key::metadata, api::key::uid}, "<uid>");
  }
  for (size_t i = 0; i < v.size(); ++i) {
    Value item = v.values()[i];
    if (item.kind() < Kind::Array) continue;
    hideUnknownUids(item);
    if (v.kind() == Kind::Array) {
      v.set({api::Step::index(i)}, std::move(item));
    } else {
      v.set(v.keyAt(i), std::move(item));
    }
  }
}

// ---- a step

bool Recorder::moreMayFollow(const sim::Journal& journal, size_t from) const {
  bool pods = false, slices = false;
  for (const store::Change* c : changesOf(journal, from)) {
    if (c->resource == Resource::persistentvolumeclaims) return true;
    pods |= c->resource == Resource::pods;
    slices |= c->resource == Resource::endpointslices;
  }
  for (const auto& [key, object] : state_) slices |= startsWith(key, "EndpointSlice/");
  return pods && slices;
}

RecordedStep Recorder::observe(const sim::Journal& journal, size_t from, const Reply& reply) {
  RecordedStep out;
  const std::vector<const store::Change*> changes = changesOf(journal, from);
  std::map<std::string, const store::Change*> latest;
  std::vector<std::string> keys;
  for (const store::Change* c : changes) {
    learn(*c);
    if (c->resource == Resource::events) continue;
    const std::string kind(api::info(c->resource).kind);
    const std::string key = kind + "/" + std::string(c->namespace_()) + "/" + std::string(c->name());
    if (latest.find(key) == latest.end()) keys.push_back(key);
    latest[key] = c;
    const api::ObjectMeta meta = api::Object{{c->object()}}.metadata();
    const std::string uid(meta.uid());
    std::string verb;
    if (c->before.isNull()) {
      verb = "create";
    } else if (c->after.isNull()) {
      verb = "remove";
      deleting_.erase(uid);
    } else if (meta.hasDeletionTimestamp() && !deleting_[uid]) {
      verb = "terminate";
      deleting_[uid] = true;
    }
    const bool ordered = c->resource == Resource::pods || c->resource == Resource::persistentvolumeclaims ||
                         c->resource == Resource::replicasets;
    if (verb.empty() || !ordered) continue;
    std::string owner = "none";
    if (c->resource == Resource::persistentvolumeclaims) {
      owner = "claims";
    } else if (!meta.ownerReferences().empty()) {
      owner = std::string(meta.ownerReferences()[0].kind()) + "/" + std::string(meta.ownerReferences()[0].name());
    }
    out.order[replace(owner)].push_back(replace(verb + " " + kind + "/" + std::string(c->name())));
  }
  for (const std::string& key : keys) {
    const store::Change& c = *latest[key];
    const std::string name = replace(key);
    if (c.after.isNull()) {
      state_.erase(name);
      continue;
    }
    Value object = cleaned(c.after);
    if (c.resource == Resource::endpointslices) {
      object.erase({api::key::metadata, api::key::generation});
      object.erase({api::key::metadata, api::key::annotations});
    }
    state_[name] = tokenise(object);
  }
  for (const store::Change* c : changes) {
    if (c->resource != Resource::events) continue;
    const api::Event e{{c->object()}};
    const api::ObjectReference of = e.involvedObject();
    if (e.count() > 1 && of.kind() == "PersistentVolumeClaim") continue;
    if (of.kind() == "Node" || e.message().find("the object has been modified") != std::string_view::npos) continue;
    if (provisioner_ && e.message().find("pod has unbound immediate PersistentVolumeClaims") != std::string_view::npos)
      continue;
    if (e.metadata().hasDeletionTimestamp()) continue;
    out.events.push_back(replace(std::string(of.kind()) + "/" + std::string(of.name()) + " " + std::string(e.type()) +
                                 " " + std::string(e.reason()) + ": " + std::string(e.message())));
  }
  api::sort(out.events);
  out.events.erase(std::unique(out.events.begin(), out.events.end()), out.events.end());
  if (reply.isOutput) {
    out.exit = reply.exit;
    out.out = normalisedOutput(replace(reply.out));
    out.err = normalisedOutput(replace(reply.err));
  }
  if (reply.isReply) {
    out.code = reply.code;
    Value body = cleaned(reply.body);
    if (member(body, "kind") == "Table" && body.find("rows")) {
      for (size_t r = 0; r < body[Key("rows")].size(); ++r) {
        for (size_t i = 0; i < body[Key("rows")][r][Key("cells")].size(); ++i) {
          const Value cell = body[Key("rows")][r][Key("cells")][i];
          if (cell.kind() == Kind::String)
            body.set({Key("rows"), api::Step::index(r), Key("cells"), api::Step::index(i)},
                     withoutAges(cell.asString()));
        }
      }
    }
    hideUnknownUids(body);
    if (const std::string next(body.get({api::key::metadata, Key("continue")}).asString()); !next.empty()) {
      token(next, "{continue-" + std::to_string(++generated_["continue"]) + "}");
    }
    out.body = tokenise(body);
  }
  return out;
}

}  // namespace lesson
