#include "core/scheduler/volume_binding.hpp"

#include <algorithm>
#include <cmath>

#include "core/api/quantity.hpp"
#include "core/api/sort.hpp"
#include "core/decision/rules.hpp"

namespace scheduler {
using namespace api;
using decision::Rule;
using decision::View;
using Claim = PersistentVolumeClaim;
using PV = PersistentVolume;

PodVolumeClaims podVolumeClaims(const Pod& pod, const View& view) {
  PodVolumeClaims out;
  const std::string_view ns = pod.metadata().namespace_();
  for (const Volume& v : pod.spec().volumes()) {
    if (!v.hasPersistentVolumeClaim()) continue;
    const Claim claim = view.get<Claim>(ns, v.persistentVolumeClaim().claimName());
    if (!claim) continue;
    if (isFullyBound(claim)) {
      out.bound.push_back(claim);
      const PV volume = view.get<PV>({}, claim.spec().volumeName());
      if (!volume) {
        out.withoutVolume = claim;
      } else if (volume.spec().hasNodeAffinity()) {
        out.limited.push_back(volume);
      }
      continue;
    }
    const StorageClass class_ = view.get<StorageClass>({}, classOf(claim));
    const bool delayed = class_ && waitsForFirstConsumer(class_) && claim.spec().volumeName().empty();
    (delayed ? out.unboundDelayed : out.unboundImmediate).push_back(claim);
  }
  return out;
}

namespace {
// Models FindMatchingVolume as the scheduler calls it: a volume that is kept for the claim, else the smallest that
// fits.
PV findMatchingVolume(const Claim& claim, const Node& node, const View& view, const FreeVolumes& free,
                      const std::vector<PodVolumes::Binding>& chosen) {
  PV smallest;
  const auto names = free.find(classOf(claim));
  if (names == free.end()) return smallest;
  for (const std::string& name : names->second) {
    const bool taken =
        std::any_of(chosen.begin(), chosen.end(), [&](const auto& b) { return b.volume.metadata().name() == name; });
    const PV volume = taken ? PV{} : view.get<PV>({}, name);
    if (!volume) continue;
    const Misfit why = misfit(volume, claim, &node);
    if (isVolumeBoundToClaim(volume, claim) && (why == Misfit::none || why == Misfit::node))
      return why == Misfit::none ? volume : PV{};
    if (why == Misfit::none && (!smallest || capacityOf(volume) < capacityOf(smallest))) smallest = volume;
  }
  return smallest;
}

// Models pkg/apis/core/v1/helper MatchTopologySelectorTerms.
bool matchesTopology(const StorageClass& class_, const Node& node) {
  const List<TopologySelectorTerm> terms = class_.allowedTopologies();
  if (terms.empty()) return true;
  const StringMap labels = node.metadata().labels();
  for (const TopologySelectorTerm& term : terms) {
    bool all = !term.matchLabelExpressions().empty();
    for (const TopologySelectorLabelRequirement& r : term.matchLabelExpressions())
      all = all && labels.contains(r.key()) && r.values().contains(labels.get(r.key()));
    if (all) return true;
  }
  return false;
}

// Models checkVolumeProvisions for one claim.
bool canProvision(const Claim& claim, const Node& node, const View& view) {
  const StorageClass class_ = view.get<StorageClass>({}, classOf(claim));
  if (!class_ || class_.provisioner().empty() || class_.provisioner() == "kubernetes.io/no-provisioner") return false;
  return matchesTopology(class_, node);
}
}  // namespace

VolumeConflict findPodVolumes(const PodVolumeClaims& claims, const Node& node, const View& view,
                              const FreeVolumes& free, PodVolumes& out) {
  VolumeConflict conflict;
  for (const PV& volume : claims.limited) {
    if (matchesNodeAffinity(volume, node)) continue;
    conflict.reasons.emplace_back("node(s) didn't match PersistentVolume's node affinity");
    conflict.rule = Rule::NodeCannotReachVolume;
    conflict.volume = volume.metadata().name();
    break;
  }
  std::vector<Claim> toMatch = claims.unboundDelayed, toProvision;
  const auto cannotBind = [&](const Claim& claim) {
    conflict.reasons.emplace_back("node(s) didn't find available persistent volumes to bind");
    if (conflict.claim.empty() && conflict.volume.empty()) conflict.rule = Rule::NodeHasNoVolumeForClaim;
    conflict.claim = claim.metadata().name();
  };
  api::sort(toMatch, [](const Claim& a, const Claim& b) { return requestedStorage(a) < requestedStorage(b); });
  bool satisfied = true;
  for (const Claim& claim : toMatch) {
    const std::string_view selected = claim.metadata().annotations().get(annotation::selectedNode);
    if (!selected.empty() && selected != node.metadata().name()) {
      cannotBind(claim);
      satisfied = false;
      break;
    }
    const PV volume = selected.empty() ? findMatchingVolume(claim, node, view, free, out.bindings) : PV{};
    if (volume) {
      out.bindings.push_back({claim, volume});
    } else {
      toProvision.push_back(claim);
    }
  }
  for (size_t i = 0; satisfied && i < toProvision.size(); ++i) {
    satisfied = canProvision(toProvision[i], node, view);
    if (!satisfied) cannotBind(toProvision[i]);
  }
  if (satisfied) out.provisions = std::move(toProvision);
  if (claims.withoutVolume) {
    conflict.reasons.emplace_back("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
    conflict.rule = Rule::ClaimVolumeIsMissing;
    conflict.claim = claims.withoutVolume.metadata().name();
  }
  return conflict;
}

int64_t volumeScore(const PodVolumes& volumes) {
  std::map<std::string, std::pair<int64_t, int64_t>, std::less<>> byClass;
  for (const PodVolumes::Binding& b : volumes.bindings) {
    auto& [requested, capacity] = byClass[std::string(b.volume.spec().storageClassName())];
    requested += int64_t(requestedStorage(b.claim) / 1000000000);
    capacity += int64_t(capacityOf(b.volume) / 1000000000);
  }
  if (byClass.empty()) return 0;
  int64_t sum = 0;
  for (const auto& [name, use] : byClass) {
    const auto [requested, capacity] = use;
    sum += capacity == 0 || requested > capacity ? 0 : 100 - requested * 100 / capacity;
  }
  return int64_t(std::round(double(sum) / double(byClass.size())));
}

}  // namespace scheduler
