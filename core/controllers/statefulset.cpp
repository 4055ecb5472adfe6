#include "core/controllers/statefulset.hpp"

#include <algorithm>
#include <map>

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/controllers/statefulset_control.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using namespace api;
using decision::Client;
using decision::Rule;
using decision::View;
using decision::Why;
using statefulset::Replica;
using statefulset::replicaOf;

/// What is remembered of a set between syncs: the facts of its Pods, read again only where something changed. It only
/// mirrors the view, so a copy of the controller starts with nothing.
struct Memory {
  Value spec;  ///< for which the facts were found
  bool complete = false;
  statefulset::SetPods pods;
  std::vector<std::string> changed;  ///< names of Pods to read again
  statefulset::RevisionCache revision;
};
struct Memories {
  std::map<std::string, Memory, std::less<>> byUid;
  Memories() = default;
  Memories(const Memories&) {}
  Memories& operator=(const Memories&) {
    byUid.clear();
    return *this;
  }
};

class StatefulSetController : public decision::Cloned<StatefulSetController> {
 public:
  explicit StatefulSetController(const Settings& settings) : settings_(settings) {}
  std::string_view name() const override { return "statefulset"; }
  std::string_view component() const override { return "statefulset-controller"; }
  bool watches(Resource r) const override {
    return r == Resource::statefulsets || r == Resource::pods || r == Resource::persistentvolumeclaims;
  }
  void start(const View&, Millis now) override;
  void observe(const store::Change&, const View&, Millis now) override;
  bool sync(const std::string& key, Client&) override;
  /// The memories mirror the view.
  void remember(decision::Digest& out) const override { consistency_.remember(out); }

 private:
  void observePod(const store::Change&, const View&, Millis now);
  void observeClaim(const store::Change&, const View&);
  StatefulSet setOf(const View&, const Value& pod) const;
  void enqueueMatching(const View&, const Value& pod);
  void enqueue(const StatefulSet& set) { queue.add(store::keyOf(set.doc)); }
  void forget(const StatefulSet&, std::string_view podName);

  bool adoptOrphanRevisions(const StatefulSet&, Client&);
  void refresh(Memory&, const StatefulSet&, const View&) const;
  bool claimPods(Memory&, const StatefulSet&, Client&);

  Settings settings_;
  ConsistencyStore consistency_;
  Memories memories_;
};

void StatefulSetController::start(const View& view, Millis) {
  memories_ = {};
  consistency_ = {};
  view.each<StatefulSet>("", [&](const StatefulSet& set) { enqueue(set); });
}

void StatefulSetController::observe(const store::Change& c, const View& view, Millis now) {
  consistency_.observe(c);
  if (c.resource == Resource::statefulsets) {
    queue.add(store::keyOf(c.namespace_(), c.name()));
    if (c.after.isNull()) memories_.byUid.erase(std::string(Object{{c.before}}.metadata().uid()));
  } else if (c.resource == Resource::pods) {
    observePod(c, view, now);
  } else if (c.resource == Resource::persistentvolumeclaims) {
    observeClaim(c, view);
  }
}

// Models addPod, updatePod and deletePod.
void StatefulSetController::observePod(const store::Change& c, const View& view, Millis now) {
  const Value &before = c.before[key::metadata], &after = c.after[key::metadata];
  const bool refsChanged = !(before[key::ownerReferences] == after[key::ownerReferences]);
  if (!c.before.isNull() && (refsChanged || c.after.isNull())) {
    if (const StatefulSet set = setOf(view, c.before)) {
      forget(set, c.name());
      enqueue(set);
    }
  }
  if (c.after.isNull()) return;
  const Pod pod{{c.after}};
  if (const StatefulSet set = setOf(view, c.after)) {
    forget(set, c.name());
    enqueue(set);
    const int64_t minReadySeconds = set.spec().minReadySeconds();
    if (minReadySeconds > 0 && isPodReady(pod) && !isPodReady({{c.before}}))
      queue.addAfter(store::keyOf(set.doc), minReadySeconds * 1000, now);
  } else if (!controllerOf(pod.metadata()) && !isTerminating(pod)) {
    if (c.before.isNull() || refsChanged || !(before[key::labels] == after[key::labels]))
      enqueueMatching(view, c.after);
  }
}

// Upstream has no handler for claims (a change wakes no set); this only reads the facts of their Pods again.
void StatefulSetController::observeClaim(const store::Change& c, const View& view) {
  for (const std::string& key : view.objects().podsOfClaim(c.namespace_(), c.name())) {
    const Value* pod = view.objects().getByKey(Resource::pods, key);
    const StatefulSet set = pod ? setOf(view, *pod) : StatefulSet();
    if (set) forget(set, store::splitKey(key).second);
  }
}

StatefulSet StatefulSetController::setOf(const View& view, const Value& pod) const {
  const ObjectMeta meta = Object{{pod}}.metadata();
  return resolveControllerRef<StatefulSet>(view, meta.namespace_(), controllerOf(meta));
}

// Models getStatefulSetsForPod: every set whose selector matches may want to adopt the Pod.
void StatefulSetController::enqueueMatching(const View& view, const Value& pod) {
  const ObjectMeta meta = Object{{pod}}.metadata();
  view.each<StatefulSet>(meta.namespace_(), [&](const StatefulSet& set) {
    const LabelSelector selector = set.spec().selector();
    if (!isEmpty(selector) && matches(selector, meta.labels())) enqueue(set);
  });
}

void StatefulSetController::forget(const StatefulSet& set, std::string_view podName) {
  auto it = memories_.byUid.find(set.metadata().uid());
  if (it != memories_.byUid.end()) it->second.changed.emplace_back(podName);
}

bool StatefulSetController::sync(const std::string& key, Client& client) {
  if (!consistency_.ensureReady(key)) {
    client.wait(Why(Rule::WaitForOwnWrites, {{"owner", store::splitKey(key).second}}), "StatefulSet/" + key);
    return false;
  }
  const StatefulSet set = client.view().getByKey<StatefulSet>(key);
  if (!set) {
    consistency_.clear(key);
    return true;
  }
  if (!adoptOrphanRevisions(set, client)) return false;
  Memory& memory = memories_.byUid[std::string(set.metadata().uid())];
  refresh(memory, set, client.view());
  if (!claimPods(memory, set, client)) return false;

  statefulset::StatefulSetControl control(client, settings_, consistency_, memory.revision, set, memory.pods);
  if (control.updateStatefulSet()) return false;
  if (const Millis next = control.nextAvailabilityCheck(); next >= 0) queue.addAfter(key, next, client.now());
  return true;
}

bool StatefulSetController::adoptOrphanRevisions(const StatefulSet& set, Client& client) {
  if (client.view().objects().controlledBy(Resource::controllerrevisions, "").empty()) return true;
  ControllerRefManager manager(client, Resource::statefulsets, {{set.doc}});
  for (const ControllerRevision& r : History(client, {{set.doc}}).list(set.spec().selector())) {
    if (controllerOf(r.metadata())) continue;
    if (!manager.adopt(Resource::controllerrevisions, {{r.doc}}, Rule::AdoptControllerRevision)) return false;
  }
  return true;
}

// Brings the facts of the set's own Pods up to date with the view.
void StatefulSetController::refresh(Memory& memory, const StatefulSet& set, const View& view) const {
  const std::string_view uid = set.metadata().uid();
  if (!memory.complete || memory.changed.size() > 16 + memory.pods.all().size() / 4) {
    std::vector<Replica> pods;
    for (const std::string& key : view.objects().controlledBy(Resource::pods, uid)) {
      if (const Pod pod = view.getByKey<Pod>(key)) pods.push_back(replicaOf(set, pod));
    }
    memory.pods.assign(std::move(pods));
    memory.complete = true;
  } else {
    for (const std::string& name : memory.changed) {
      const Pod pod = view.get<Pod>(set.metadata().namespace_(), name);
      if (pod && controllerOf(pod.metadata()).uid() == uid)
        memory.pods.put(replicaOf(set, pod));
      else
        memory.pods.remove(name);
    }
  }
  memory.changed.clear();
  if (!memory.spec.same(set.doc[key::spec])) {
    for (Replica& r : memory.pods.all()) r.settled = false;
    memory.pods.inOrder = 0;
    memory.spec = set.doc[key::spec];
  }
}

// Models getPodsForStatefulSet: releases own Pods that no longer match and adopts orphans that do.
bool StatefulSetController::claimPods(Memory& memory, const StatefulSet& set, Client& client) {
  ControllerRefManager manager(client, Resource::statefulsets, {{set.doc}});
  using enum ControllerRefManager::Claimed;
  bool fine = true;
  for (const Replica& r : memory.pods.all()) {
    if (memory.pods.regular()) break;
    if (r.member) continue;
    fine &= manager.claimObject(Resource::pods, {{r.pod.doc}}, false, Rule::AdoptPod, Rule::ReleasePod) != failed;
  }
  const auto& orphans = client.view().objects().controlledBy(Resource::pods, "");
  const std::string inNamespace = std::string(set.metadata().namespace_()) + "/";
  std::vector<Pod> candidates;
  for (auto it = orphans.lower_bound(inNamespace); it != orphans.end() && it->starts_with(inNamespace); ++it)
    candidates.push_back(client.view().getByKey<Pod>(*it));
  for (const Pod& pod : candidates) {
    Replica r = replicaOf(set, pod);
    if (!r.member) continue;
    const auto claimed = manager.claimObject(Resource::pods, {{pod.doc}}, true, Rule::AdoptPod, Rule::ReleasePod);
    fine &= claimed != failed;
    if (claimed != yes) continue;
    memory.changed.emplace_back(pod.metadata().name());
    memory.pods.put(std::move(r));
  }
  return fine;
}

}  // namespace

std::unique_ptr<decision::Controller> makeStatefulSetController(const Settings& settings) {
  return std::make_unique<StatefulSetController>(settings);
}

}  // namespace controllers
