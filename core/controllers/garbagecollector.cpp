#include "core/controllers/garbagecollector.hpp"

#include <algorithm>

#include "core/api/names.hpp"
#include "core/controllers/garbagecollector_graph.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;
namespace key = api::key;

/// Its work items: "delete/…" looks whether an object is to go, "orphan/…" lets an owner's dependents go.
class GarbageCollector : public decision::Cloned<GarbageCollector> {
 public:
  std::string_view name() const override { return "garbage collector"; }
  std::string_view component() const override { return "garbage-collector-controller"; }
  bool watches(Resource r) const override { return r != Resource::events; }

  // Models graph_builder.go processGraphChanges.
  void observe(const store::Change& c, const View& view, api::Millis) override {
    const Value& before = c.before.get({key::metadata, key::ownerReferences});
    const Value& after = c.after.get({key::metadata, key::ownerReferences});
    if (!before.same(after)) ownersChanged(c, before, after, view);
    if (c.after.isNull()) return removed(c, before, view);
    if (!isBeingDeleted(c.after)) return;
    const auto starts = [&](std::string_view finalizer) {
      return hasFinalizer(c.after, finalizer) && !(isBeingDeleted(c.before) && hasFinalizer(c.before, finalizer));
    };
    if (starts(orphanFinalizer)) queue.add(workItem("orphan", itemOf(c.resource, c.after)));
    if (starts(foregroundFinalizer)) {
      const GraphItem item = itemOf(c.resource, c.after);
      for (const GraphItem& d : graph_.dependents(item.uid)) queue.add(workItem("delete", d));
      queue.add(workItem("delete", item));
    }
  }

  bool sync(const std::string& text, decision::Client& client) override {
    std::string verb;
    GraphItem item;
    if (!parseWorkItem(text, verb, item)) return true;
    return verb == "orphan" ? attemptToOrphan(item, client) : attemptToDeleteItem(item, client);
  }

 private:
  void ownersChanged(const store::Change& c, const Value& before, const Value& after, const View& view) {
    const GraphItem item = itemOf(c.resource, c.object());
    graph_.update(item, before, after);
    for (const Value& ref : after.values()) {
      // An owner that is not there (yet, or any more): upstream makes a virtual node and looks for it.
      if (!exists(ref, item.namespace_, view)) queue.add(workItem("delete", item));
    }
    unblocked(item, before, after, view);
  }

  /// Owners that waited for this object and need not any more (addUnblockedOwnersToDeleteQueue).
  void unblocked(const GraphItem& item, const Value& before, const Value& after, const View& view) {
    for (const Value& ref : before.values()) {
      bool blocks = false;
      for (const Value& now : after.values()) {
        blocks |= now[key::uid] == ref[key::uid] && now[key::blockOwnerDeletion].asBool();
      }
      if (!blocks && ref[key::blockOwnerDeletion].asBool()) enqueueWaitingOwner(ref, item.namespace_, view);
    }
  }

  void removed(const store::Change& c, const Value& owners, const View& view) {
    const GraphItem item = itemOf(c.resource, c.before);
    for (const GraphItem& d : graph_.dependents(item.uid)) queue.add(workItem("delete", d));
    for (const Value& ref : owners.values()) enqueueWaitingOwner(ref, item.namespace_, view);
  }

  static const Value* findOwner(const Value& ref, std::string_view ns, const View& view) {
    const api::ResourceInfo* info = api::findKind(ref[key::apiVersion].asString(), ref[key::kind].asString());
    if (!info) return nullptr;
    const Value* owner = view.objects().get(info->resource, info->namespaced ? ns : "", ref[key::name].asString());
    return owner && owner->get({key::metadata, key::uid}) == ref[key::uid] ? owner : nullptr;
  }
  static bool exists(const Value& ref, std::string_view ns, const View& view) { return findOwner(ref, ns, view); }
  void enqueueWaitingOwner(const Value& ref, std::string_view ns, const View& view) {
    const Value* owner = findOwner(ref, ns, view);
    if (!owner || !isDeletingDependents(*owner)) return;
    queue.add(workItem("delete", itemOf(api::findKind(ref[key::kind].asString())->resource, *owner)));
  }

  static apiserver::Response getLive(const GraphItem& item, decision::Client& client) {
    return client.get(item.resource, item.namespace_, item.name);
  }

  // ---- whether an object has to go

  struct References {
    std::vector<Value> solid, dangling, waiting;
    bool unknown = false;  ///< an owner of a kind that nobody serves: nothing can be decided
  };

  static References classifyReferences(const GraphItem& item, const Value& owners, decision::Client& client) {
    References refs;
    for (const Value& ref : owners.values()) {
      const api::ResourceInfo* info = api::findKind(ref[key::apiVersion].asString(), ref[key::kind].asString());
      if (!info || (info->namespaced && item.namespace_.empty())) {
        refs.unknown = true;
        continue;
      }
      const auto owner =
          client.get(info->resource, info->namespaced ? item.namespace_ : std::string(), ref[key::name].asString());
      if (!owner.ok() || owner.body.get({key::metadata, key::uid}) != ref[key::uid]) {
        refs.dangling.push_back(ref);
        if (info->namespaced) reportInvalidNamespace(item, ref, info->resource, client);
      } else if (isDeletingDependents(owner.body)) {
        refs.waiting.push_back(ref);
      } else {
        refs.solid.push_back(ref);
      }
    }
    return refs;
  }

  /// An owner of another namespace is none. Models graph_builder.go reportInvalidNamespaceOwnerRef.
  static void reportInvalidNamespace(const GraphItem& item, const Value& ref, Resource kind, decision::Client& client) {
    bool elsewhere = false;
    client.view().objects().each(kind, {}, [&](const Value& o) {
      elsewhere = elsewhere || o.get({key::metadata, key::uid}) == ref[key::uid];
    });
    const Value* object = client.view().objects().get(item.resource, item.namespace_, item.name);
    if (!elsewhere || !object) return;
    const auto text = [&](api::Key k) { return std::string(ref[k].asString()); };
    client.event(*object, "Warning", "OwnerRefInvalidNamespace",
                 "ownerRef [" + text(key::apiVersion) + "/" + text(key::kind) + ", namespace: " + item.namespace_ +
                     ", name: " + text(key::name) + ", uid: " + text(key::uid) + "] does not exist in namespace " +
                     api::quote(item.namespace_));
  }

  bool attemptToDeleteItem(const GraphItem& item, decision::Client& client) {
    const auto latest = getLive(item, client);
    if (!latest.ok() || latest.body.get({key::metadata, key::uid}).asString() != item.uid) return true;
    if (isDeletingDependents(latest.body)) return processDeletingDependentsItem(item, client);
    if (isBeingDeleted(latest.body)) return true;
    const Value& owners = latest.body.get({key::metadata, key::ownerReferences});
    if (owners.size() == 0) return true;
    const References refs = classifyReferences(item, owners, client);
    if (refs.unknown) return true;
    if (!refs.solid.empty()) return forgetOwners(item, refs, client);
    const std::string owner = ownerName(refs.waiting.empty() ? refs.dangling : refs.waiting);
    if (!refs.waiting.empty() && !graph_.dependents(item.uid).empty()) {
      for (const GraphItem& d : graph_.dependents(item.uid)) {
        const auto dependent = getLive(d, client);
        // Two that wait for each other would wait for ever: this one no longer blocks its owner.
        if (dependent.ok() && isDeletingDependents(dependent.body)) {
          unblockOwners(item, owners, client);
          break;
        }
      }
      return remove(item, Rule::GcForegroundDependent, owner, "Foreground", client);
    }
    const std::string_view policy = hasFinalizer(latest.body, orphanFinalizer)       ? "Orphan"
                                    : hasFinalizer(latest.body, foregroundFinalizer) ? "Foreground"
                                                                                     : "Background";
    return remove(item, refs.waiting.empty() ? Rule::GcDependent : Rule::GcForegroundDependent, owner, policy, client);
  }

  static std::string ownerName(const std::vector<Value>& refs) {
    return refs.empty() ? std::string()
                        : std::string(refs[0][key::kind].asString()) + "/" + std::string(refs[0][key::name].asString());
  }

  static bool remove(const GraphItem& item, Rule rule, const std::string& owner, std::string_view policy,
                     decision::Client& client) {
    apiserver::Request r;
    r.verb = apiserver::Verb::remove;
    r.resource = item.resource;
    r.namespace_ = item.namespace_;
    r.name = item.name;
    r.deleteOptions.uid = item.uid;
    r.deleteOptions.propagationPolicy = policy;
    const auto removed = client.send({rule, {{"object", item.object()}, {"owner", owner}}}, std::move(r));
    return removed.ok() || removed.isNotFound();
  }

  static apiserver::Response patchOwners(const decision::Why& why, const GraphItem& item, std::vector<Value> refs,
                                         decision::Client& client) {
    const Value patch =
        Value::object({{key::metadata,
                        Value::object({{key::uid, item.uid}, {key::ownerReferences, Value::array(std::move(refs))}})}});
    return client.patch(why, item.resource, item.namespace_, item.name, apiserver::PatchType::strategic, patch);
  }

  static Value withoutOwner(const Value& uid) {
    return Value::object({{key::patchDirective, "delete"}, {key::uid, uid}});
  }

  /// A living owner keeps the object; the references to the others go.
  static bool forgetOwners(const GraphItem& item, const References& refs, decision::Client& client) {
    if (refs.dangling.empty() && refs.waiting.empty()) return true;
    std::vector<Value> gone;
    for (const auto* list : {&refs.dangling, &refs.waiting}) {
      for (const Value& ref : *list) gone.push_back(withoutOwner(ref[key::uid]));
    }
    const std::string owner = ownerName(refs.dangling.empty() ? refs.waiting : refs.dangling);
    const auto patched = patchOwners({Rule::GcRemoveDeadOwner, {{"object", item.object()}, {"owner", owner}}}, item,
                                     std::move(gone), client);
    return patched.ok() || patched.isNotFound();
  }

  static void unblockOwners(const GraphItem& item, const Value& owners, decision::Client& client) {
    std::vector<Value> refs;
    for (const Value& ref : owners.values()) {
      if (!ref[key::blockOwnerDeletion].asBool()) continue;
      refs.push_back(Value::object({{key::uid, ref[key::uid]}, {key::blockOwnerDeletion, false}}));
    }
    if (refs.empty()) return;
    const std::string owner = ownerName({owners[size_t(0)]});
    patchOwners({Rule::GcRemoveDeadOwner, {{"object", item.object()}, {"owner", owner}}}, item, std::move(refs),
                client);
  }

  // ---- owners that wait for their dependents, or let them go

  bool processDeletingDependentsItem(const GraphItem& item, decision::Client& client) {
    int64_t blocking = 0;
    for (const GraphItem& d : graph_.dependents(item.uid)) {
      const Value* dependent = client.view().objects().get(d.resource, d.namespace_, d.name);
      if (!dependent || itemOf(d.resource, *dependent).uid != d.uid) continue;
      for (const Value& ref : dependent->get({key::metadata, key::ownerReferences}).values()) {
        if (ref[key::uid].asString() != item.uid || !ref[key::blockOwnerDeletion].asBool()) continue;
        ++blocking;
        if (!isDeletingDependents(*dependent)) queue.add(workItem("delete", d));
      }
    }
    if (blocking == 0) return removeFinalizer(item, foregroundFinalizer, Rule::GcForegroundDone, client);
    client.wait({Rule::WaitForDependents, {{"object", item.object()}, {"count", blocking}}}, item.object());
    return true;
  }

  bool attemptToOrphan(const GraphItem& owner, decision::Client& client) {
    const auto dependents = graph_.dependents(owner.uid);
    bool done = true;
    for (const GraphItem& d : dependents) {
      const auto patched = patchOwners({Rule::GcOrphanDependent, {{"object", d.object()}, {"owner", owner.name}}}, d,
                                       {withoutOwner(owner.uid)}, client);
      done &= patched.ok() || patched.isNotFound();
    }
    return done && removeFinalizer(owner, orphanFinalizer, Rule::GcOrphaned, client);
  }

  static bool removeFinalizer(const GraphItem& item, std::string_view finalizer, Rule rule, decision::Client& client) {
    const auto latest = getLive(item, client);
    if (!latest.ok()) return latest.isNotFound();
    const Value& meta = latest.body[key::metadata];
    if (meta[key::uid].asString() != item.uid || !hasFinalizer(latest.body, finalizer)) return true;
    std::vector<Value> kept;
    for (const Value& f : meta[key::finalizers].values()) {
      if (f.asString() != finalizer) kept.push_back(f);
    }
    const Value patch =
        Value::object({{key::metadata, Value::object({{key::resourceVersion, meta[key::resourceVersion]},
                                                      {key::uid, item.uid},
                                                      {key::finalizers, Value::array(std::move(kept))}})}});
    const auto patched = client.patch({rule, {{"object", item.object()}}}, item.resource, item.namespace_, item.name,
                                      apiserver::PatchType::merge, patch);
    return patched.ok() || patched.isNotFound();
  }

  DependencyGraph graph_;
};
}  // namespace

std::unique_ptr<decision::Controller> makeGarbageCollector(const Settings&) {
  return std::make_unique<GarbageCollector>();
}

}  // namespace controllers
