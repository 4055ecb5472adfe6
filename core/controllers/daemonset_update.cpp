// How a DaemonSet replaces old Pods: by deleting them within maxUnavailable, or by new ones beside them within
// maxSurge. Models pkg/controller/daemon/update.go rollingUpdate (v1.37).
#include <algorithm>

#include "core/api/pods.hpp"
#include "core/controllers/daemonset_control.hpp"
#include "core/decision/rules.hpp"

namespace controllers::daemonset {
using namespace api;
using decision::Rule;

Error DaemonSetControl::rollingUpdate() {
  PodsByNode byNode;
  if (Error e = getNodesToDaemonPods(byNode, false)) return e;
  int64_t desired = 0;
  for (const Node& node : nodes_) {
    if (fit(node) != Fit::runs) continue;
    desired++;
    byNode.try_emplace(std::string(node.metadata().name()));
  }
  const int64_t maxSurge = surgeCount(ds_, desired);
  int64_t maxUnavailable = unavailableCount(ds_, desired);
  if (desired > 0 && maxUnavailable == 0 && maxSurge == 0) maxUnavailable = 1;
  return maxSurge == 0 ? updateWithoutSurge(byNode, maxUnavailable) : updateWithSurge(byNode, maxSurge, desired);
}

/// The node's Pods that are not being deleted; false where there are several new or several old ones.
bool DaemonSetControl::findUpdatedPodsOnNode(const std::vector<Pod>& pods, Pod& newPod, Pod& oldPod) const {
  for (const Pod& pod : pods) {
    if (isTerminating(pod)) continue;
    Pod& place = isPodUpdated(ds_, pod, hash_) ? newPod : oldPod;
    if (place) return false;
    place = pod;
  }
  return true;
}

Error DaemonSetControl::updateWithoutSurge(const PodsByNode& byNode, int64_t maxUnavailable) {
  int64_t unavailable = 0;
  std::vector<Deletion> doomed, candidates;
  for (const auto& [node, pods] : byNode) {
    Pod newPod, oldPod;
    if (!findUpdatedPodsOnNode(pods, newPod, oldPod) || bool(newPod) == bool(oldPod)) {
      unavailable++;  // manage() creates or deletes there
    } else if (newPod) {
      unavailable += !isAvailable(newPod);
    } else if (!isAvailable(oldPod)) {
      doomed.push_back({oldPod, Rule::DeleteUnavailableDaemonPodForUpdate});
      unavailable++;
    } else {
      candidates.push_back({oldPod, Rule::DeleteDaemonPodForUpdate});
    }
  }
  const size_t budget = size_t(std::max<int64_t>(maxUnavailable - unavailable, 0));
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i < budget) {
      doomed.push_back(candidates[i]);
    } else if (i == budget) {
      wait(Rule::WaitForDaemonMaxUnavailable, getTargetNodeName(candidates[i].pod), candidates[i].pod.metadata().name(),
           unavailable + int64_t(budget), maxUnavailable);
    }
  }
  return syncNodes(std::move(doomed), {}, Rule::CreateDaemonPod);
}

bool DaemonSetControl::shouldRunOn(std::string_view nodeName) const {
  for (const Node& node : nodes_) {
    if (node.metadata().name() == nodeName) return fit(node) == Fit::runs;
  }
  return false;
}

Error DaemonSetControl::updateWithSurge(const PodsByNode& byNode, int64_t maxSurge, int64_t desired) {
  std::vector<Deletion> doomed, leaving;
  std::vector<std::string> newNodes, candidates;
  int64_t surging = 0, available = 0;
  for (const auto& [node, pods] : byNode) {
    Pod newPod, oldPod;
    if (!findUpdatedPodsOnNode(pods, newPod, oldPod)) {
      surging++;
      continue;
    }
    const Pod& counted = oldPod ? oldPod : newPod;
    available += counted && isAvailable(counted);
    if (!oldPod) continue;
    if (newPod) {
      if (isAvailable(newPod))
        doomed.push_back({oldPod, Rule::DeleteDaemonPodAfterSurge});
      else
        surging++;
    } else if (!isAvailable(oldPod)) {
      if (shouldRunOn(node))
        newNodes.push_back(node);
      else
        doomed.push_back({oldPod, Rule::DeleteMisplacedDaemonPod});
    } else if (!shouldRunOn(node)) {
      leaving.push_back({oldPod, Rule::DeleteMisplacedDaemonPod});
    } else {
      candidates.push_back(node);
    }
  }
  // A node that should no longer run one keeps its Pod until another node's is available.
  const size_t deletable = size_t(std::clamp<int64_t>(available - desired, 0, int64_t(leaving.size())));
  doomed.insert(doomed.end(), leaving.begin(), leaving.begin() + ptrdiff_t(deletable));
  const size_t budget = size_t(std::max<int64_t>(maxSurge - surging, 0));
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i < budget)
      newNodes.push_back(candidates[i]);
    else if (i == budget)
      wait(Rule::WaitForDaemonMaxSurge, candidates[i], "", surging + int64_t(budget), maxSurge);
  }
  return syncNodes(std::move(doomed), std::move(newNodes), Rule::CreateDaemonPodForUpdate);
}

}  // namespace controllers::daemonset
