// Which changes wake a pod that fits nowhere: each plugin that turned it away says whether a change could change its
// mind. Models the QueueingHintFns of the plugins (v1.37).
#include <algorithm>

#include "core/api/nodes.hpp"
#include "core/api/pods.hpp"
#include "core/scheduler/scheduling.hpp"

namespace scheduler {
using namespace api;

namespace {
bool untolerated(const Pod& pod, const Node& node) {
  return bool(findUntoleratedTaint(node.spec().taints(), pod.spec().tolerations()));
}

bool fitsAlone(const Resources& wanted, const Resources& room) {
  if (room.pods < 1 || wanted.milliCPU > room.milliCPU || wanted.memory > room.memory ||
      wanted.ephemeralStorage > room.ephemeralStorage)
    return false;
  return std::all_of(wanted.scalar.begin(), wanted.scalar.end(),
                     [&](const auto& r) { return r.second <= room.get(r.first); });
}

bool grew(const Resources& wanted, const Resources& before, const Resources& after) {
  if (after.pods > before.pods) return true;
  if ((wanted.milliCPU > 0 && after.milliCPU > before.milliCPU) ||
      (wanted.memory > 0 && after.memory > before.memory) ||
      (wanted.ephemeralStorage > 0 && after.ephemeralStorage > before.ephemeralStorage))
    return true;
  return std::any_of(wanted.scalar.begin(), wanted.scalar.end(),
                     [&](const auto& r) { return r.second > 0 && after.get(r.first) > before.get(r.first); });
}

// The topology keys and values that matter to the pod, on the node.
bool sameTopology(const std::vector<std::string>& keys, const Node& a, const Node& b) {
  return std::all_of(keys.begin(), keys.end(), [&](const std::string& k) {
    const Value *x = labelOf(a, k), *y = labelOf(b, k);
    return x && y ? *x == *y : !x && !y;
  });
}

std::vector<std::string> spreadKeys(const Pod& pod) {
  std::vector<std::string> keys;
  for (const TopologySpreadConstraint& c : pod.spec().topologySpreadConstraints()) {
    if (c.whenUnsatisfiable() == "DoNotSchedule") keys.emplace_back(c.topologyKey());
  }
  return keys;
}

bool spreadMatches(const Pod& pod, const Pod& other) {
  if (pod.metadata().namespace_() != other.metadata().namespace_()) return false;
  for (const TopologySpreadConstraint& c : pod.spec().topologySpreadConstraints()) {
    if (c.whenUnsatisfiable() == "DoNotSchedule" &&
        labelSelectorMatches(c.doc[key::labelSelector], other.metadata().labels().doc))
      return true;
  }
  return false;
}

bool shareClaim(const Pod& a, const Pod& b) {
  if (a.metadata().namespace_() != b.metadata().namespace_()) return false;
  for (const Volume& v : a.spec().volumes()) {
    for (const Volume& w : b.spec().volumes()) {
      if (v.hasPersistentVolumeClaim() && w.hasPersistentVolumeClaim() &&
          v.persistentVolumeClaim().claimName() == w.persistentVolumeClaim().claimName())
        return true;
    }
  }
  return false;
}
}  // namespace

bool Scheduler::helpsAfterNodeChange(const Pod& pod, PluginSet plugins, const Node& before, const Node& after) const {
  const auto has = [&](Plugin p) { return (plugins & bit(p)) != 0; };
  const bool added = !before, labels = before && after && !(before.metadata().labels() == after.metadata().labels());
  if (has(Plugin::PodTopologySpread)) {
    const std::vector<std::string> keys = spreadKeys(pod);
    const auto hasAll = [&](const Node& n) {
      return n && std::all_of(keys.begin(), keys.end(), [&](const std::string& k) { return labelOf(n, k); });
    };
    if (!before || !after ? hasAll(before) || hasAll(after)
                          : hasAll(before) != hasAll(after) ||
                                (hasAll(after) && (!sameTopology(keys, before, after) ||
                                                   !(before.spec().taints() == after.spec().taints()))))
      return true;
  }
  if (!after) return false;
  if (added &&
      (has(Plugin::NoNodes) || has(Plugin::NodeName) || has(Plugin::NodePorts) || has(Plugin::VolumeRestrictions)))
    return true;
  if ((added || labels) && (has(Plugin::VolumeBinding) || has(Plugin::VolumeZone))) return true;
  if (has(Plugin::NodeUnschedulable) && !after.spec().unschedulable() && (added || before.spec().unschedulable()))
    return true;
  if (has(Plugin::TaintToleration) && (added || untolerated(pod, before)) && !untolerated(pod, after)) return true;
  if (has(Plugin::NodeAffinity) && (added || labels) && matchesNodeSelectorAndAffinity(pod.spec(), after) &&
      (added || !matchesNodeSelectorAndAffinity(pod.spec(), before)))
    return true;
  if (has(Plugin::NodeResourcesFit)) {
    const Resources wanted = podRequests(pod.spec()), room = resourcesOf(after.status().allocatable());
    if (fitsAlone(wanted, room) && (added || grew(wanted, resourcesOf(before.status().allocatable()), room)))
      return true;
  }
  if (has(Plugin::InterPodAffinity) && (added || labels)) {
    const Terms terms = termsOf(pod);
    for (const Term& t : terms.affinity) {
      const Value *old = added ? nullptr : labelOf(before, t.topologyKey), *now = labelOf(after, t.topologyKey);
      if (now && (!old || !(*old == *now))) return true;
    }
    for (const Term& t : terms.antiAffinity) {
      const Value *old = added ? nullptr : labelOf(before, t.topologyKey), *now = labelOf(after, t.topologyKey);
      if (added || (old && (!now || !(*old == *now)))) return true;
    }
  }
  return false;
}

bool Scheduler::helpsAfterPodChange(const Pod& pod, PluginSet plugins, const Pod& before, const Pod& after,
                                    const decision::View& view) const {
  const auto has = [&](Plugin p) { return (plugins & bit(p)) != 0; };
  const bool removed = before && !after;
  if (removed && has(Plugin::NodeResourcesFit)) return true;
  if (removed && has(Plugin::VolumeRestrictions) && shareClaim(pod, before)) return true;
  if (removed && has(Plugin::NodePorts)) {
    for (const HostPort& wanted : hostPorts(pod)) {
      for (const HostPort& used : hostPorts(before)) {
        if (conflict(wanted, used)) return true;
      }
    }
  }
  if (has(Plugin::PodTopologySpread)) {
    const bool was = before && spreadMatches(pod, before), is = after && spreadMatches(pod, after);
    if (before && after ? was != is : was || is) return true;
  }
  if (has(Plugin::InterPodAffinity)) {
    const Terms terms = termsOf(pod);
    if (after && matchesAll(terms.affinity, after, view) && !(before && matchesAll(terms.affinity, before, view)))
      return true;
    if (before && matchesAny(terms.antiAffinity, before, view) &&
        !(after && matchesAny(terms.antiAffinity, after, view)))
      return true;
    if (removed && matchesAny(termsOf(before).antiAffinity, pod, view)) return true;
  }
  return false;
}

}  // namespace scheduler
