#pragma once
// The volumes of a pod that is being placed: are its claims bound, can their volumes be reached from a node, and which
// volumes would serve the claims that wait for a first consumer? Models
// pkg/scheduler/framework/plugins/volumebinding (v1.37). NOT MODELLED: storage capacity tracking, generic ephemeral
// volumes.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/volumes.hpp"
#include "core/decision/controller.hpp"
#include "core/decision/rule.hpp"

namespace scheduler {

/// Names of the volumes that are not Bound, by class: those that a claim could still take.
using FreeVolumes = std::map<std::string, std::set<std::string>, std::less<>>;

struct PodVolumeClaims {
  std::vector<api::PersistentVolumeClaim> bound, unboundImmediate, unboundDelayed;
  std::vector<api::PersistentVolume> limited;  ///< of the bound claims, those that not every node can reach
  api::PersistentVolumeClaim withoutVolume;    ///< bound to a volume that is not there
};
PodVolumeClaims podVolumeClaims(const api::Pod&, const decision::View&);

/// What would have to be written to run the pod on one node.
struct PodVolumes {
  struct Binding {
    api::PersistentVolumeClaim claim;
    api::PersistentVolume volume;
  };
  std::vector<Binding> bindings;
  std::vector<api::PersistentVolumeClaim> provisions;
};

/// Why the node cannot serve the claims; empty where it can.
struct VolumeConflict {
  std::vector<std::string> reasons;  ///< Kubernetes' words
  decision::Rule rule = decision::Rule{};
  std::string claim, volume;
};
VolumeConflict findPodVolumes(const PodVolumeClaims&, const api::Node&, const decision::View&, const FreeVolumes&,
                              PodVolumes& out);
/// 0 to 100: the less of the chosen volumes' capacity is asked for, the better. Models volumebinding/scorer.go.
int64_t volumeScore(const PodVolumes&);

}  // namespace scheduler
