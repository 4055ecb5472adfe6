#pragma once
// The vocabulary of the DaemonSet controller: which nodes run a Pod, how such Pods look, how many may be replaced. Pure
// functions. Models pkg/controller/daemon/util/daemonset_util.go and parts of daemon_controller.go (v1.37).
#include <string>
#include <string_view>
#include <vector>

#include "core/api/resources.hpp"

namespace controllers::daemonset {

using api::DaemonSet;
using api::Node;
using api::Pod;

/// With what every daemon Pod tolerates: problems and cordons of its node.
api::PodSpec withDaemonTolerations(api::PodSpec);

enum class Fit : uint8_t {
  runs,       ///< a Pod belongs there
  continues,  ///< none would be started, but one that runs there stays
  none,       ///< a Pod that runs there goes
};
/// `spec`: the template's, with the daemon tolerations. Models NodeShouldRunDaemonPod.
Fit nodeShouldRunDaemonPod(const Node&, const api::PodSpec& spec);

/// spec.nodeName, or the node that the affinity of a Pod not yet scheduled names; "" where there is none.
std::string_view getTargetNodeName(const Pod&);
/// The Pod for one node, of the revision with this hash. Models CreatePodTemplate and
/// ReplaceDaemonSetPodNodeNameNodeAffinity.
Pod newDaemonPod(const DaemonSet&, std::string_view hash, std::string_view node);
bool isPodUpdated(const DaemonSet&, const Pod&, std::string_view hash);
/// Scheduled ones first, then the oldest.
bool byCreationTimestampAndPhase(const Pod&, const Pod&);

bool allowsSurge(const DaemonSet&);
int64_t surgeCount(const DaemonSet&, int64_t numberToSchedule);
int64_t unavailableCount(const DaemonSet&, int64_t numberToSchedule);

}  // namespace controllers::daemonset
