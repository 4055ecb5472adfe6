#pragma once
// One pod against the nodes: which nodes fit, and how well. The filters and scores of the default profile that the
// modelled kinds can express. Models pkg/scheduler/framework/plugins (v1.37). NOT MODELLED: node volume limits (they
// need CSINode objects, and without one upstream counts no limit either), image locality, dynamic resources, pod
// groups.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/decision/rule.hpp"
#include "core/scheduler/node_cache.hpp"
#include "core/scheduler/volume_binding.hpp"

namespace scheduler {

enum class Plugin : uint8_t {
  NoNodes,  ///< stands for the lack of any node
  NodeName,
  NodeUnschedulable,
  TaintToleration,
  NodeAffinity,
  NodePorts,
  NodeResourcesFit,
  VolumeRestrictions,
  VolumeBinding,
  VolumeZone,
  PodTopologySpread,
  InterPodAffinity,
};
inline constexpr size_t pluginCount = 12;

/// Why a pod does not fit on a node, or (before any node is looked at) on none.
struct Rejection {
  Plugin plugin = Plugin::NoNodes;
  bool resolvable = false;           ///< deleting pods of the node could help
  std::vector<std::string> reasons;  ///< Kubernetes' words
  decision::Why why = decision::Rule{};
};

class Cycle {
 public:
  Cycle(const api::Pod& pod, NodeCache& nodes, const decision::View& view, const FreeVolumes& free)
      : pod_(pod), nodes_(nodes), view_(view), free_(free) {}

  /// What rules out all nodes at once, if anything does. Comes first.
  std::optional<Rejection> preFilter();
  /// Empty: any node may do. Otherwise only those with these names are looked at.
  const std::vector<std::string>& candidates() const { return candidates_; }
  /// False: the pod does not fit there, and why.
  bool filter(size_t slot, Rejection&);
  /// One total for each of the nodes, in their order.
  std::vector<int64_t> score(const std::vector<size_t>& feasible);
  /// What the pod's claims need on a node that passed the filter.
  PodVolumes& volumes(size_t slot) { return volumes_[slot]; }
  bool hasUnboundClaims() const { return !claims_.unboundDelayed.empty(); }

 private:
  using Pair = std::pair<std::string, std::string>;  ///< a topology's key and value
  struct Constraint {
    int64_t maxSkew = 1, minDomains = 1;
    std::string topologyKey;
    api::Key label{api::key::Id(0)};  ///< topologyKey, looked up
    bool perNode = false;             ///< over kubernetes.io/hostname
    api::Selector selector;
    bool honorAffinity = true, honorTaints = false;
    std::vector<int> counts;  ///< matching pods by slot
    std::map<std::string, int64_t, std::less<>> byValue;
    int64_t fewest = 0;
    bool self = false;
    double weight = 0;
  };

  // Filters: filters.cpp, filters_placement.cpp.
  bool rejectUnschedulable(const NodeInfo&, Rejection&);
  bool rejectTaint(const NodeInfo&, Rejection&);
  bool rejectNodeAffinity(const NodeInfo&, Rejection&);
  bool rejectPorts(const NodeInfo&, Rejection&);
  bool rejectResources(const NodeInfo&, Rejection&);
  bool rejectVolumeRestrictions(const NodeInfo&, Rejection&);
  bool rejectVolumes(size_t slot, const NodeInfo&, Rejection&);
  bool rejectZone(const NodeInfo&, Rejection&);
  bool rejectSpread(const NodeInfo&, Rejection&);
  bool rejectInterPod(const NodeInfo&, Rejection&);
  std::optional<Rejection> preFilterAffinity();
  std::optional<Rejection> preFilterClaims();
  void preFilterSpread();
  void preFilterInterPod();
  decision::Why why(decision::Rule, const NodeInfo&, const decision::Inputs& = {}) const;

  // Scores: scores.cpp.
  int64_t resourceScore(const NodeInfo&) const;
  int64_t balancedScore(const NodeInfo&) const;
  void addSpreadScores(const std::vector<size_t>& feasible, std::vector<int64_t>& total);
  void addInterPodScores(const std::vector<size_t>& feasible, std::vector<int64_t>& total);

  // Spreading: spread.cpp.
  std::vector<Constraint> constraints(std::string_view action) const;
  std::vector<Constraint> defaultConstraints() const;
  bool included(const Constraint&, const api::Node&) const;
  void countPods(Constraint&);

  const api::Pod pod_;
  NodeCache& nodes_;
  const decision::View& view_;
  const FreeVolumes& free_;
  std::vector<std::string> candidates_;
  Resources requests_, nonZero_;
  std::vector<HostPort> ports_;
  bool selectsNodes_ = false, claimInUse_ = false;
  std::string claimUser_, usedClaim_;
  PodVolumeClaims claims_;
  std::vector<std::pair<std::string, std::vector<std::string>>> zones_;  ///< labels that the pod's volumes ask for
  std::map<size_t, PodVolumes> volumes_;
  std::vector<Constraint> spread_;
  Terms terms_;
  std::map<Pair, int64_t> affinityCounts_, antiAffinityCounts_, repelling_;
};

}  // namespace scheduler
