#include "core/store/store.hpp"

#include <cassert>

namespace store {
namespace {
using namespace api;

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
  if (ns.empty()) return std::string(name);
  std::string key(ns.size() + name.size() + 1, '/');
  ns.copy(key.data(), ns.size());
  name.copy(key.data() + ns.size() + 1, name.size());
  return key;
}
std::string objectName(std::string_view kind, std::string_view ns, std::string_view name) {
  std::string out;
  out.reserve(kind.size() + ns.size() + name.size() + 2);
  (((out += kind) += '/') += ns) += '/';
  return out += name;
}
KeyText::KeyText(std::string_view ns, std::string_view name) {
  const size_t size = ns.size() + name.size() + 1;
  if (ns.empty()) {
    text_ = name;
  } else if (size > sizeof buffer_) {
    text_ = long_ = keyOf(ns, name);
  } else {
    ns.copy(buffer_, ns.size());
    buffer_[ns.size()] = '/';
    name.copy(buffer_ + ns.size() + 1, name.size());
    text_ = {buffer_, size};
  }
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

/// An empty text that is somewhere: what hashes a text may not be given none.
static std::string_view placed(std::string_view text) { return text.empty() ? std::string_view("") : text; }

void Objects::toggle(Index& index, std::string_view at, std::string_view key, bool add) {
  at = placed(at);
  if (!add && !index.find(at)) return;
  std::shared_ptr<Names>& names = index.edit(at);
  if (!names) {
    names = std::make_shared<Names>();
  } else if (names.use_count() > 1) {
    names = std::make_shared<Names>(*names);
  }
  if (add) {
    names->emplace(key);
  } else {
    if (const auto it = names->find(key); it != names->end()) names->erase(it);
    if (names->empty()) index.erase(at);
  }
}

const Objects::Names& Objects::namesIn(const Index& index, std::string_view at) {
  static const Names none;
  const std::shared_ptr<Names>* names = index.find(placed(at));
  return names ? **names : none;
}

const Value* Objects::getByKey(Resource r, std::string_view key) const {
  return tables_[size_t(r)]->objects.find(placed(key));
}

const Value* Objects::get(Resource r, std::string_view ns, std::string_view name) const {
  return getByKey(r, KeyText(ns, name));
}

const std::set<std::string, std::less<>>& Objects::controlledBy(Resource r, std::string_view uid) const {
  return namesIn(tables_[size_t(r)]->controlled, uid);
}
const std::set<std::string, std::less<>>& Objects::podsOnNode(std::string_view node) const {
  return namesIn(*onNode_, node);
}
const std::set<std::string, std::less<>>& Objects::podsOfClaim(std::string_view ns, std::string_view claim) const {
  return namesIn(*ofClaim_, KeyText(ns, claim));
}

void Objects::index(const Change& c, const Value& object, bool add) {
  const KeyText key(c.namespace_(), c.name());
  const std::string_view uid = controllerUid(object);
  if (!uid.empty() || adoptable(c.resource)) toggle(tables_[size_t(c.resource)].own().controlled, uid, key, add);
  if (c.resource != Resource::pods) return;
  const PodSpec spec = Pod{{object}}.spec();
  if (!spec.nodeName().empty()) toggle(onNode_.own(), spec.nodeName(), key, add);
  for (const Volume& v : spec.volumes()) {
    if (v.hasPersistentVolumeClaim())
      toggle(ofClaim_.own(), KeyText(c.namespace_(), v.persistentVolumeClaim().claimName()), key, add);
  }
}

void Objects::apply(const Change& c) {
  const bool reindex =
      c.before.isNull() || c.after.isNull() || !c.before[key::spec].same(c.after[key::spec]) ||
      !c.before[key::metadata][key::ownerReferences].same(c.after[key::metadata][key::ownerReferences]);
  if (reindex && !c.before.isNull()) index(c, c.before, false);
  const KeyText key(c.namespace_(), c.name());
  Table& t = tables_[size_t(c.resource)].own();
  if (c.after.isNull()) {
    t.objects.erase(key);
    t.order.erase(key);
  } else {
    if (c.before.isNull()) t.order.insert(key);
    t.objects.edit(key) = c.after;
  }
  if (reindex && !c.after.isNull()) index(c, c.after, true);
}

Change Store::put(Resource r, Value object) {
  const uint64_t revision = ++revision_;
  object.set({key::metadata, key::resourceVersion}, std::to_string(revision));
  Change c{r, revision, {}, std::move(object)};
  if (const Value* before = objects_.get(r, c.namespace_(), c.name())) c.before = *before;
  objects_.apply(c);
  return c;
}

void Store::amend(Resource r, const Value& before, Value object) {
  objects_.apply({r, revision_, before, std::move(object)});
}

Change Store::remove(Resource r, std::string_view ns, std::string_view name) {
  const Value* before = objects_.get(r, ns, name);
  assert(before);
  Change c{r, ++revision_, *before, {}};
  objects_.apply(c);
  return c;
}

}  // namespace store
