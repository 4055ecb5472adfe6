// What the scheduler hears, and which pods it therefore looks at. Models pkg/scheduler/eventhandlers.go and
// backend/queue/scheduling_queue.go (v1.37).
#include "core/scheduler/scheduler.hpp"

#include <algorithm>

#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/decision/rules.hpp"
#include "core/scheduler/scheduling.hpp"

namespace scheduler {
using namespace api;
using decision::Client;
using decision::Rule;
using decision::View;

std::unique_ptr<decision::Controller> makeScheduler() { return std::make_unique<Scheduler>(); }

bool isOursToPlace(const Pod& pod) {
  const std::string_view name = pod.spec().schedulerName();
  return pod && !isScheduled(pod) && !isPodTerminal(pod) && (name.empty() || name == "default-scheduler");
}

bool Scheduler::watches(Resource r) const {
  return r == Resource::nodes || r == Resource::pods || r == Resource::persistentvolumeclaims ||
         r == Resource::persistentvolumes || r == Resource::storageclasses;
}

void Scheduler::start(const View& view, Millis) {
  view.each<Node>({}, [&](const Node& n) { nodes_.putNode(n); });
  view.each<PersistentVolume>({}, [&](const PersistentVolume& v) { indexVolume(v, true); });
  view.each<Pod>({}, [&](const Pod& p) {
    nodes_.observePod({}, p, view);
    observeNomination(store::keyOf(p.doc), {}, p, view);
    if (isOursToPlace(p)) queue.add(store::keyOf(p.doc));
  });
}

void Scheduler::observe(const store::Change& change, const View& view, Millis) {
  heard_ = change.revision;
  switch (change.resource) {
    case Resource::nodes: return observeNode(change, view);
    case Resource::pods: return observePod(change, view);
    case Resource::persistentvolumeclaims: return observeClaim(change, view);
    case Resource::persistentvolumes:
      observeVolume(change, view);
      // A volume may now serve a claim; but a claim that binds immediately is the binder's affair.
      if (!change.after.isNull()) {
        wakeWhere(bit(Plugin::VolumeBinding), view, [](const Pod&, const Unschedulable&) { return true; });
      }
      return;
    case Resource::storageclasses:
      if (change.after.isNull()) return;
      if (!change.before.isNull() && change.before[key::allowedTopologies] == change.after[key::allowedTopologies])
        return;
      wakeWhere(bit(Plugin::VolumeBinding), view, [](const Pod&, const Unschedulable&) { return true; });
      wakeUnbound();
      return;
    default: return;
  }
}

/// The tables without an order are summed up.
void Scheduler::remember(decision::Digest& out) const {
  uint64_t parked = 0, placed = 0;
  for (const auto& [pod, u] : unschedulable_)
    parked += (decision::Digest() << pod << u.plugins << u.claimsUnbound).value();
  for (const auto& [pod, p] : placements_) {
    decision::Digest one;
    one << pod << p.uid << p.node << p.deadline;
    placed += one.pairs(p.bindings).all(p.provisions).value();
  }
  out << parked << placed << nextStartNode_;
  out.pairs(nominator_.all());
  for (const auto& [pod, assumed] : nodes_.assumed()) out << pod << assumed.second;
}

template <class F>
void Scheduler::wakeWhere(PluginSet plugins, const View& view, F&& helps) {
  std::vector<std::string> keys;
  for (size_t p = 0; p < pluginCount; ++p) {
    if (!(plugins & bit(Plugin(p)))) continue;
    for (const std::string& key : byPlugin_[p]) {
      const Pod pod = view.getByKey<Pod>(key);
      if (pod && helps(pod, unschedulable_.find(key)->second)) keys.push_back(key);
    }
  }
  wakeAll(std::move(keys));
}

/// Those that failed first are tried first.
void Scheduler::wakeAll(std::vector<std::string> keys) {
  const auto number = [&](const std::string& key) { return unschedulable_.find(key)->second.number; };
  api::sort(keys, [&](const std::string& a, const std::string& b) { return number(a) < number(b); });
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const std::string& key : keys) wake(key);
}

void Scheduler::wakeUnbound() {
  std::vector<std::string> keys;
  for (const auto& [key, u] : unschedulable_) {
    if (u.claimsUnbound) keys.push_back(key);
  }
  wakeAll(std::move(keys));
}

void Scheduler::observeNode(const store::Change& change, const View& view) {
  const Node before = as<Node>(change.before), after = as<Node>(change.after);
  if (after) {
    nodes_.putNode(after);
  } else {
    nodes_.removeNode(change.name());
  }
  if (unschedulable_.empty()) return;
  wakeWhere(PluginSet(~0u), view, [&](const Pod& pod, const Unschedulable& u) {
    return helpsAfterNodeChange(pod, u.plugins, before, after);
  });
}

namespace {
// Whether a pod asks for less of something than before.
bool shrinks(const Resources& before, const Resources& after) {
  if (after.milliCPU < before.milliCPU || after.memory < before.memory ||
      after.ephemeralStorage < before.ephemeralStorage)
    return true;
  return std::any_of(before.scalar.begin(), before.scalar.end(),
                     [&](const auto& r) { return after.get(r.first) < r.second; });
}
}  // namespace

void Scheduler::observePod(const store::Change& change, const View& view) {
  const Pod before = as<Pod>(change.before), after = as<Pod>(change.after);
  const std::string key = store::keyOf(change.namespace_(), change.name());
  nodes_.observePod(before, after, view);
  observeNomination(key, before, after, view);
  if (isOursToPlace(after)) {
    const bool sameSpec =
        before && before.spec().doc.same(after.spec().doc) && before.metadata().labels() == after.metadata().labels();
    const bool replaced = before && before.metadata().uid() != after.metadata().uid();
    if (!before || replaced || !sameSpec) {
      unpark(key);
      queue.add(key);
    }
  } else {
    if (!after && wokenBeforeItWent(key, before, view)) {
      gone_.insert_or_assign(key, before);
      queue.add(key);
    }
    unpark(key);
    if (const auto it = placements_.find(key); it != placements_.end()) {
      for (const auto& [claim, volume] : it->second.bindings) placementOfVolume_.erase(volume);
      placements_.erase(it);
    }
  }
  const bool was = before && isPlaced(before), is = after && isPlaced(after);
  if (unschedulable_.empty() || (!was && !is)) return;
  const bool shrank = was && is && !before.spec().doc.same(after.spec().doc) &&
                      shrinks(podRequests(before.spec()), podRequests(after.spec()));
  if (was && is && !shrank && before.metadata().labels() == after.metadata().labels()) return;
  constexpr PluginSet minded = bit(Plugin::NodePorts) | bit(Plugin::NodeResourcesFit) |
                               bit(Plugin::VolumeRestrictions) | bit(Plugin::PodTopologySpread) |
                               bit(Plugin::InterPodAffinity);
  wakeWhere(minded, view, [&](const Pod& pod, const Unschedulable& u) {
    return (shrank && (u.plugins & bit(Plugin::NodeResourcesFit))) ||
           helpsAfterPodChange(pod, u.plugins, was ? before : Pod{}, is ? after : Pod{}, view);
  });
}

namespace {
uint64_t revisionOf(const PersistentVolumeClaim& claim) {
  uint64_t revision = 0;
  for (char c : claim.metadata().resourceVersion()) revision = revision * 10 + uint64_t(c - '0');
  return revision;
}
}  // namespace

// One sync may write a claim and then delete its pod. The claim wakes the pod, and to look at it takes less time than
// the controller's next write: upstream has tried the pod, and its failure handler records the Event although the pod
// is gone by then.
bool Scheduler::wokenBeforeItWent(const std::string& key, const Pod& pod, const View& view) const {
  const auto it = unschedulable_.find(key);
  if (it == unschedulable_.end() || !(it->second.plugins & bit(Plugin::VolumeBinding))) return false;
  for (const Volume& v : pod.spec().volumes()) {
    if (!v.persistentVolumeClaim()) continue;
    const auto claim =
        view.get<PersistentVolumeClaim>(pod.metadata().namespace_(), v.persistentVolumeClaim().claimName());
    if (claim && revisionOf(claim) > it->second.heard) return true;
  }
  return false;
}

void Scheduler::observeClaim(const store::Change& change, const View& view) {
  const auto claim = as<PersistentVolumeClaim>(change.after);
  for (const std::string& key : view.objects().podsOfClaim(change.namespace_(), change.name())) {
    if (placements_.find(key) != placements_.end()) queue.add(key);
    const auto it = unschedulable_.find(key);
    if (it == unschedulable_.end() || !claim) continue;
    const bool created = change.before.isNull() && (it->second.plugins & bit(Plugin::VolumeRestrictions));
    const bool changed = it->second.plugins & bit(Plugin::VolumeBinding);
    if (created || changed) wake(key);
  }
}

void Scheduler::observeVolume(const store::Change& change, const View& view) {
  if (!change.before.isNull()) indexVolume(as<PersistentVolume>(change.before), false);
  if (!change.after.isNull()) indexVolume(as<PersistentVolume>(change.after), true);
  const auto it = placementOfVolume_.find(change.name());
  if (it != placementOfVolume_.end()) queue.add(it->second);
  // Upstream wakes all pods with unbound claims. Only those of the volume's own claim could get another answer soon.
  const ObjectReference ref = as<PersistentVolume>(change.after).spec().claimRef();
  if (!change.before.isNull() || !ref) return;
  for (const std::string& key : view.objects().podsOfClaim(ref.namespace_(), ref.name())) {
    const auto pod = unschedulable_.find(key);
    if (pod != unschedulable_.end() && pod->second.claimsUnbound) wake(key);
  }
}

void Scheduler::indexVolume(const PersistentVolume& volume, bool add) {
  if (volume.status().phase() == "Bound") return;
  const std::string name(volume.metadata().name()), class_(classOf(volume));
  if (add) {
    free_[class_].insert(name);
  } else if (const auto it = free_.find(class_); it != free_.end()) {
    it->second.erase(name);
    if (it->second.empty()) free_.erase(it);
  }
}

void Scheduler::park(const std::string& key, const Unschedulable& why) {
  unpark(key);
  Unschedulable& kept = unschedulable_.emplace(key, why).first->second;
  kept.heard = heard_;
  kept.number = ++parked_;
  if (why.claimsUnbound) return;
  for (size_t p = 0; p < pluginCount; ++p) {
    if (why.plugins & bit(Plugin(p))) byPlugin_[p].insert(key);
  }
}

void Scheduler::unpark(const std::string& key) {
  const auto it = unschedulable_.find(key);
  if (it == unschedulable_.end()) return;
  for (size_t p = 0; p < pluginCount; ++p) {
    if (!it->second.claimsUnbound && (it->second.plugins & bit(Plugin(p)))) byPlugin_[p].erase(key);
  }
  unschedulable_.erase(it);
}

void Scheduler::wake(const std::string& key) {
  unpark(key);
  queue.add(key);
}

// A pod that no longer is nominated for a node frees its room there, as if it had run: less important ones and itself
// are looked at again. Where it is bound to the node instead, nothing is freed.
void Scheduler::observeNomination(const std::string& key, const Pod& before, const Pod& after, const View& view) {
  const Pod& pod = after ? after : before;
  highest_ = std::max(highest_, pod.spec().priority());
  const std::string_view was = before ? before.status().nominatedNodeName() : std::string_view(),
                         is = isOursToPlace(after) ? after.status().nominatedNodeName() : std::string_view();
  if (nodes_.isAssumed(key)) return nominator_.set(key, {});
  if (was != is || !isOursToPlace(after)) nominator_.set(key, is);
  if (was.empty() || was == is || (after && isScheduled(after)) || unschedulable_.empty()) return;
  wakeWhere(PluginSet(~0u), view, [&](const Pod& other, const Unschedulable& u) {
    return other.spec().priority() <= before.spec().priority() &&
           helpsAfterPodChange(other, u.plugins, before, {}, view);
  });
}

// Models the queue's order, plugins/queuesort PrioritySort: of the pods that are ready the most important is next, of
// equal ones the first. The others keep their places.
std::string Scheduler::mostUrgent(const std::string& key, const View& view) {
  if (queue.empty()) return key;
  const auto priority = [&](const std::string& k) { return view.getByKey<Pod>(k).spec().priority(); };
  std::string best = key;
  int64_t highest = priority(key);
  if (highest >= highest_) return key;
  for (const std::string& other : queue.ready()) {
    if (const int64_t p = priority(other); p > highest) best = other, highest = p;
  }
  if (best == key) return key;
  std::vector<std::string> rest{key};
  while (!queue.empty()) rest.push_back(queue.pop());
  for (const std::string& other : rest) {
    if (other != best) queue.add(other);
  }
  return best;
}

bool Scheduler::sync(const std::string& item, Client& client) {
  const std::string key = mostUrgent(item, client.view());
  const bool done = syncPod(key, client);
  if (key == item) return done;
  done ? queue.forget(key) : queue.addRateLimited(key, client.now());
  return true;
}

bool Scheduler::syncPod(const std::string& key, Client& client) {
  if (placements_.find(key) != placements_.end()) return continuePlacement(key, client);
  if (const auto it = gone_.find(key); it != gone_.end()) {
    const Pod before = it->second;
    gone_.erase(it);
    schedule(before, client);
  }
  const Pod pod = client.view().getByKey<Pod>(key);
  if (!pod || !isOursToPlace(pod) || nodes_.isAssumed(key)) return true;
  const std::string object = "Pod/" + key;
  const Value name = pod.metadata().name();
  if (pod.spec().doc[key::schedulingGates].size() > 0) {
    client.wait({Rule::PodHasSchedulingGates, {{"pod", name}}}, object);
    return true;
  }
  if (isTerminating(pod)) {
    client.event(pod.doc, "Warning", "FailedScheduling", "skip schedule deleting pod: " + key);
    client.wait({Rule::PodIsBeingDeleted, {{"pod", name}}}, object);
    return true;
  }
  return schedule(pod, client);
}

}  // namespace scheduler
