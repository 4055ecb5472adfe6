// Filters about what a pod needs near it or away from it: its volumes, its peers. Each models the plugin of its name.
#include <algorithm>

#include "core/api/pods.hpp"
#include "core/decision/rules.hpp"
#include "core/scheduler/cycle.hpp"

namespace scheduler {
using namespace api;
using decision::Rule;
using decision::Why;

// Models the PreFilters of volumerestrictions and volumebinding: claims that must be there, and bound if they do not
// wait for a pod; and a claim that serves one pod at a time.
std::optional<Rejection> Cycle::preFilterClaims() {
  const std::string_view ns = pod_.metadata().namespace_();
  std::vector<PersistentVolumeClaim> found;
  const auto reject = [&](Plugin plugin, std::string reason, Rule rule, std::string_view claim) {
    Rejection r;
    r.plugin = plugin;
    r.reasons = {std::move(reason)};
    r.why = Why(rule, {{"pod", pod_.metadata().name()}, {"claim", claim}});
    return r;
  };
  for (const Volume& v : pod_.spec().volumes()) {
    if (!v.hasPersistentVolumeClaim()) continue;
    const std::string name(v.persistentVolumeClaim().claimName());
    const PersistentVolumeClaim claim = view_.get<PersistentVolumeClaim>(ns, name);
    if (!claim) {
      return reject(Plugin::VolumeRestrictions, "persistentvolumeclaim \"" + name + "\" not found",
                    Rule::PodClaimIsMissing, name);
    }
    found.push_back(claim);
    if (!claim.spec().accessModes().contains("ReadWriteOncePod")) continue;
    const auto uses = [&](const Pod& p) {
      if (!p || p.metadata().uid() == pod_.metadata().uid()) return false;
      return isPlaced(p) || nodes_.isAssumed(store::keyOf(p.doc));
    };
    for (const std::string& user : view_.objects().podsOfClaim(ns, name)) {
      const Pod other = view_.getByKey<Pod>(user);
      if (!uses(other)) continue;
      claimInUse_ = true;
      usedClaim_ = name;
      claimUser_ = other.metadata().name();
    }
  }
  for (const PersistentVolumeClaim& claim : found) {
    const std::string name(claim.metadata().name());
    if (claim.status().phase() == "Lost") {
      return reject(Plugin::VolumeBinding,
                    "persistentvolumeclaim \"" + name + "\" bound to non-existent persistentvolume \"" +
                        std::string(claim.spec().volumeName()) + "\"",
                    Rule::PodClaimIsLost, name);
    }
    if (claim.metadata().hasDeletionTimestamp()) {
      return reject(Plugin::VolumeBinding, "persistentvolumeclaim \"" + name + "\" is being deleted",
                    Rule::PodClaimIsBeingDeleted, name);
    }
  }
  if (found.empty()) return std::nullopt;
  claims_ = podVolumeClaims(pod_, view_);
  if (!claims_.unboundImmediate.empty()) {
    return reject(Plugin::VolumeBinding, "pod has unbound immediate PersistentVolumeClaims", Rule::PodClaimIsUnbound,
                  claims_.unboundImmediate[0].metadata().name());
  }
  for (const PersistentVolumeClaim& claim : claims_.bound) {
    const StringMap labels = view_.get<PersistentVolume>({}, claim.spec().volumeName()).metadata().labels();
    for (std::string_view label : {"failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
                                   "topology.kubernetes.io/zone", "topology.kubernetes.io/region"}) {
      if (!labels.contains(label)) continue;
      std::vector<std::string> values(1);
      const std::string text(labels.get(label));
      for (size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "__") == 0) {
          values.emplace_back();
          ++i;
        } else {
          values.back() += text[i];
        }
      }
      zones_.emplace_back(label, std::move(values));
    }
  }
  return std::nullopt;
}

bool Cycle::rejectVolumeRestrictions(const NodeInfo& node, Rejection& out) {
  if (!claimInUse_) return false;
  out = {Plugin::VolumeRestrictions,
         true,
         {"node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by "
          "another pod"},
         why(Rule::ClaimServesAnotherPod, node, {{"claim", Value(usedClaim_)}, {"other", Value(claimUser_)}})};
  return true;
}

bool Cycle::rejectVolumes(size_t slot, const NodeInfo& node, Rejection& out) {
  if (claims_.limited.empty() && claims_.unboundDelayed.empty() && !claims_.withoutVolume) return false;
  PodVolumes volumes;
  VolumeConflict conflict = findPodVolumes(claims_, node.node, view_, free_, volumes);
  if (conflict.reasons.empty()) {
    if (!claims_.unboundDelayed.empty()) volumes_[slot] = std::move(volumes);
    return false;
  }
  out.plugin = Plugin::VolumeBinding;
  out.resolvable = false;
  out.reasons = std::move(conflict.reasons);
  out.why = why(conflict.rule, node, {{"claim", Value(conflict.claim)}, {"volume", Value(conflict.volume)}});
  return true;
}

bool Cycle::rejectZone(const NodeInfo& node, Rejection& out) {
  if (zones_.empty()) return false;
  const auto ga = [](std::string_view label) -> std::string_view {
    if (label == "failure-domain.beta.kubernetes.io/zone") return "topology.kubernetes.io/zone";
    if (label == "failure-domain.beta.kubernetes.io/region") return "topology.kubernetes.io/region";
    return label;
  };
  const bool constrained = labelOf(node.node, "topology.kubernetes.io/zone") ||
                           labelOf(node.node, "topology.kubernetes.io/region") ||
                           labelOf(node.node, "failure-domain.beta.kubernetes.io/zone") ||
                           labelOf(node.node, "failure-domain.beta.kubernetes.io/region");
  if (!constrained) return false;
  for (const auto& [label, values] : zones_) {
    const Value* value = labelOf(node.node, label);
    if (!value) value = labelOf(node.node, ga(label));
    if (value && std::find(values.begin(), values.end(), value->asString()) != values.end()) continue;
    out = {Plugin::VolumeZone,
           false,
           {"node(s) had no available volume zone"},
           why(Rule::NodeIsInOtherZone, node, {{"label", Value(label)}})};
    return true;
  }
  return false;
}

// Models interpodaffinity PreFilter, with counts by node in place of upstream's walk over all pods.
void Cycle::preFilterInterPod() {
  const auto addTopology = [&](std::map<Pair, int64_t>& counts, const std::string& topologyKey,
                               const std::vector<int>& bySlot) {
    for (size_t slot = 0; slot < bySlot.size(); ++slot) {
      if (bySlot[slot] <= 0 || !nodes_.at(slot).exists()) continue;
      if (const Value* value = labelOf(nodes_.at(slot).node, topologyKey))
        counts[{topologyKey, std::string(value->asString())}] += bySlot[slot];
    }
  };
  for (const auto& [name, placed] : nodes_.antiAffinity()) {
    if (placed.term.pods.matches(pod_, view_)) addTopology(repelling_, placed.term.topologyKey, placed.bySlot);
  }
  if (!terms_.affinity.empty()) {
    std::vector<PodSelector> all;
    for (const Term& t : terms_.affinity) all.push_back(t.pods);
    const std::vector<int> bySlot = nodes_.count(all, false, view_);
    for (const Term& t : terms_.affinity) addTopology(affinityCounts_, t.topologyKey, bySlot);
  }
  for (const Term& t : terms_.antiAffinity)
    addTopology(antiAffinityCounts_, t.topologyKey, nodes_.count({t.pods}, false, view_));
}

bool Cycle::rejectInterPod(const NodeInfo& node, Rejection& out) {
  bool podsExist = true, labelled = true;
  std::string key;
  for (const Term& t : terms_.affinity) {
    const Value* value = labelOf(node.node, t.topologyKey);
    labelled = labelled && value;
    const auto count =
        value ? affinityCounts_.find({t.topologyKey, std::string(value->asString())}) : affinityCounts_.end();
    if (count == affinityCounts_.end()) podsExist = false, key = t.topologyKey;
  }
  // The first of a group that wants to be together has nobody to join: it may go anywhere.
  const bool first = affinityCounts_.empty() && matchesAll(terms_.affinity, pod_, view_);
  if (!labelled || (!podsExist && !first)) {
    out = {Plugin::InterPodAffinity,
           false,
           {"node(s) didn't match pod affinity rules"},
           why(Rule::NodeLacksPeers, node, {{"topology", Value(key)}})};
    return true;
  }
  for (const Term& t : terms_.antiAffinity) {
    const Value* value = labelOf(node.node, t.topologyKey);
    if (!value || !antiAffinityCounts_.count({t.topologyKey, std::string(value->asString())})) continue;
    out = {Plugin::InterPodAffinity,
           true,
           {"node(s) didn't match pod anti-affinity rules"},
           why(Rule::NodeHasPeers, node, {{"topology", Value(t.topologyKey)}})};
    return true;
  }
  for (const auto& [pair, count] : repelling_) {
    const Value* value = labelOf(node.node, pair.first);
    if (!value || value->asString() != pair.second) continue;
    out = {Plugin::InterPodAffinity,
           true,
           {"node(s) didn't satisfy existing pods anti-affinity rules"},
           why(Rule::NodeHasPodsThatRepel, node, {{"topology", Value(pair.first)}})};
    return true;
  }
  return false;
}

}  // namespace scheduler
