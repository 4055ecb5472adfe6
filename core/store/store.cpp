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

void Objects::index(Resource r, const Value& object, std::string_view key, bool add) {
  const std::string_view uid = controllerUid(object);
  if (!uid.empty() || adoptable(r)) toggle(tables_[size_t(r)].own().controlled, uid, key, add);
  if (r != Resource::pods) return;
  const PodSpec spec = Pod{{object}}.spec();
  if (!spec.nodeName().empty()) toggle(onNode_.own(), spec.nodeName(), key, add);
  for (const Volume& v : spec.volumes()) {
    if (v.hasPersistentVolumeClaim())
      toggle(ofClaim_.own(), KeyText(splitKey(key).first, v.persistentVolumeClaim().claimName()), key, add);
  }
}

bool Objects::indexedAlike(const Change& c) {
  return c.before[key::spec].same(c.after[key::spec]) &&
         c.before[key::metadata][key::ownerReferences].same(c.after[key::metadata][key::ownerReferences]);
}

void Objects::apply(const Change& c) {
  if (!c.after.isNull()) {
    Change written = c;
    return put(written);
  }
  const KeyText key(c.namespace_(), c.name());
  index(c.resource, c.before, key, false);
  Table& t = tables_[size_t(c.resource)].own();
  t.objects.erase(key);
  t.order.erase(key);
}

void Objects::put(Change& c) {
  const Value& meta = c.after[key::metadata];
  const KeyText key(meta[key::namespace_].asString(), meta[key::name].asString());
  Table& t = tables_[size_t(c.resource)].own();
  c.before = std::exchange(t.objects.edit(key), c.after);
  const bool made = c.before.isNull();
  if (made) t.order.insert(key);
  if (!made && indexedAlike(c)) return;
  if (!made) index(c.resource, c.before, key, false);
  index(c.resource, c.after, key, true);
}

Change Store::put(Resource r, Value object) {
  const uint64_t revision = ++revision_;
  object.set({key::metadata, key::resourceVersion}, std::to_string(revision));
  Change c{r, revision, {}, std::move(object)};
  objects_.put(c);
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
