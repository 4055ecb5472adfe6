#pragma once
// The cluster's database: the newest version of every object, each write numbered by one counter (etcd's revision), and
// the indices that informers keep in a real cluster. Only the API server writes to it. A value: a copy goes on
// independently and shares documents.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/resources.hpp"
#include "core/store/shared.hpp"
#include "core/store/shared_map.hpp"

namespace store {

using api::Resource;
using api::Value;

/// One write. `before` is null for a creation, `after` null for a removal (then `before` is the last version).
struct Change {
  Resource resource;
  uint64_t revision;
  Value before, after;
  const Value& object() const { return after.isNull() ? before : after; }
  /// Of the object. Valid while this lives.
  std::string_view namespace_() const { return object()[api::key::metadata][api::key::namespace_].asString(); }
  std::string_view name() const { return object()[api::key::metadata][api::key::name].asString(); }
};

/// Objects by resource, namespace and name, with the indices that controllers ask for. What a View reads.
class Objects {
 public:
  /// Null where there is none. Valid until the next write.
  const Value* get(Resource, std::string_view ns, std::string_view name) const;
  /// Calls f(const Value&) for each object of a resource, in the order of namespace and name; ns "" means all
  /// namespaces.
  template <class F>
  void each(Resource r, std::string_view ns, F&& f) const {
    const Table& t = *tables_[size_t(r)];
    t.order.each(ns.empty() ? std::string() : std::string(ns) + "/", [&](const std::string& key) {
      if (!ns.empty() && !inNamespace(key, ns)) return false;
      f(*t.objects.find(key));
      return true;
    });
  }
  size_t count(Resource r) const { return tables_[size_t(r)]->objects.size(); }
  /// Names ("namespace/name") of the dependents whose controller reference is `uid`, of one resource. With uid "" the
  /// orphans (of pods, replicasets and controllerrevisions only): those that no controller owns.
  const std::set<std::string, std::less<>>& controlledBy(Resource, std::string_view uid) const;
  /// "namespace/name" of the pods bound to a node.
  const std::set<std::string, std::less<>>& podsOnNode(std::string_view node) const;
  /// "namespace/name" of the pods whose volumes name the claim.
  const std::set<std::string, std::less<>>& podsOfClaim(std::string_view ns, std::string_view claim) const;
  const Value* getByKey(Resource,
                        std::string_view key) const;  ///< key: "namespace/name", or "name" where not namespaced

  void apply(const Change&);
  /// Puts `after` in the place of the object of its name, which becomes `before`.
  void put(Change&);

 private:
  using Names = std::set<std::string, std::less<>>;
  using Index = SharedMap<std::shared_ptr<Names>>;
  struct Table {
    SharedMap<Value> objects;
    SharedOrder order;
    Index controlled;
  };
  static void toggle(Index&, std::string_view at, std::string_view key, bool add);
  static const Names& namesIn(const Index&, std::string_view at);
  static bool inNamespace(std::string_view key, std::string_view ns) {
    return key.size() > ns.size() && key[ns.size()] == '/' && key.substr(0, ns.size()) == ns;
  }
  void index(Resource, const Value& object, std::string_view key, bool add);
  static bool indexedAlike(const Change&);

  Shared<Table> tables_[api::resourceCount];
  Shared<Index> onNode_, ofClaim_;
};

/// "namespace/name", or "name" for what has no namespace: how work queues name objects.
std::string keyOf(const Value& object);
std::string keyOf(std::string_view ns, std::string_view name);
/// "Pod/default/web-0", "Node//node-1": how the journal, the page and JavaScript name objects.
std::string objectName(std::string_view kind, std::string_view ns, std::string_view name);
/// The same for a look-up, without memory from the heap unless it is very long. Valid while this lives.
class KeyText {
 public:
  KeyText(std::string_view ns, std::string_view name);
  KeyText(const KeyText&) = delete;
  KeyText& operator=(const KeyText&) = delete;
  operator std::string_view() const { return text_; }

 private:
  char buffer_[128];
  std::string long_;
  std::string_view text_;
};
/// The two halves of such a key; the namespace is "" where there is none.
std::pair<std::string_view, std::string_view> splitKey(std::string_view key);

class Store {
 public:
  const Objects& objects() const { return objects_; }
  uint64_t revision() const { return revision_; }
  void restore(Objects objects, uint64_t revision) {
    objects_ = std::move(objects);
    revision_ = revision;
  }
  /// Stores a new version with the next revision as its metadata.resourceVersion. Gives what was written.
  Change put(Resource, Value object);
  /// Puts `object` in the place of the one of its name, without a new version.
  void amend(Resource, const Value& before, Value object);
  /// Removes an object that must be there; the removal has a revision of its own.
  Change remove(Resource, std::string_view ns, std::string_view name);

 private:
  Objects objects_;
  uint64_t revision_ = 1;
};

}  // namespace store
