// How a Deployment gets from old Pods to new ones: step by step (RollingUpdate) or all at once (Recreate). Models
// pkg/controller/deployment/{rolling,recreate}.go (v1.37).
#include <algorithm>

#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/controllers/deployment_control.hpp"
#include "core/controllers/refs.hpp"
#include "core/decision/rules.hpp"

namespace controllers::deployment {
using namespace api;
using decision::Rule;
using decision::Why;

Error DeploymentControl::rolloutRolling() {
  Sets sets;
  if (Error e = getAllReplicaSetsAndSyncRevision(sets, true)) return e;
  bool scaled = false;
  const Sets before = sets;
  if (Error e = reconcileNewReplicaSet(sets, scaled)) return e;
  if (scaled) return syncRolloutStatus(before);
  if (Error e = reconcileOldReplicaSets(sets, scaled)) return e;
  if (scaled) return syncRolloutStatus(before);
  if (deploymentComplete(d_, d_.status())) {
    if (Error e = cleanupDeployment(sets.old)) return e;
  }
  waitForRollout(sets);
  return syncRolloutStatus(sets);
}

Error DeploymentControl::reconcileNewReplicaSet(Sets& sets, bool& scaled) {
  const int64_t have = sets.newRS.spec().replicas(), wanted = d_.spec().replicas();
  if (have == wanted) return {};
  const int64_t replicas = have > wanted ? wanted : newRSNewReplicas(d_, sets.all(), sets.newRS);
  const Rule rule = have > wanted ? Rule::ScaleReplicaSetWithDeployment : Rule::ScaleUpNewReplicaSet;
  return scaleReplicaSet(rule, sets.newRS, replicas, false, scaled);
}

// First old Pods that are unavailable anyway, then as many as are available beyond the minimum.
Error DeploymentControl::reconcileOldReplicaSets(Sets& sets, bool& scaled) {
  ReplicaSets active = filterActive(sets.old);
  if (active.empty()) return {};
  const int64_t minAvailable = d_.spec().replicas() - maxUnavailable(d_);
  const int64_t newUnavailable = sets.newRS.spec().replicas() - sets.newRS.status().availableReplicas();
  const int64_t maxScaledDown = replicaCount(sets.all()) - minAvailable - newUnavailable;
  if (maxScaledDown <= 0) return {};
  Error e;
  const int64_t cleaned = cleanupUnhealthyReplicas(active, maxScaledDown, e);
  if (e) return {};  // as upstream: the next sync sees it again
  const int64_t scaledDown = scaleDownOldReplicaSets(sets, active, e);
  if (e) return {};
  scaled = cleaned + scaledDown > 0;
  return {};
}

int64_t DeploymentControl::cleanupUnhealthyReplicas(ReplicaSets& active, int64_t max, Error& e) {
  api::sort(active, byCreationTimestamp);
  int64_t total = 0;
  for (ReplicaSet& rs : active) {
    if (total >= max) break;
    const int64_t size = rs.spec().replicas(), unavailable = size - rs.status().availableReplicas();
    if (size == 0 || unavailable == 0) continue;
    const int64_t count = std::min(max - total, unavailable);
    // More are available than wanted: it was scaled down just now, and its status does not know yet.
    if (count < 0) e = Error("invalid request to scale down");
    if (e) return total;
    bool scaled = false;
    e = scaleReplicaSet(Rule::ScaleDownUnhealthyReplicas, rs, size - count, false, scaled);
    if (e) return total;
    total += count;
  }
  return total;
}

int64_t DeploymentControl::scaleDownOldReplicaSets(const Sets& sets, ReplicaSets& active, Error& e) {
  const int64_t minAvailable = d_.spec().replicas() - maxUnavailable(d_);
  ReplicaSets all = active;
  all.push_back(sets.newRS);
  const int64_t surplus = availableReplicaCount(all) - minAvailable;
  int64_t total = 0;
  for (ReplicaSet& rs : active) {
    if (total >= surplus) break;
    if (rs.spec().replicas() == 0) continue;
    const int64_t count = std::min(rs.spec().replicas(), surplus - total);
    bool scaled = false;
    e = scaleReplicaSet(Rule::ScaleDownOldReplicaSet, rs, rs.spec().replicas() - count, false, scaled);
    if (e) return total;
    total += count;
  }
  return total;
}

Error DeploymentControl::rolloutRecreate() {
  Sets sets;
  if (Error e = getAllReplicaSetsAndSyncRevision(sets, false)) return e;
  bool scaledDown = false;
  for (ReplicaSet& rs : sets.old) {
    bool scaled = false;
    if (Error e = scaleReplicaSet(Rule::ScaleDownForRecreate, rs, 0, false, scaled)) return e;
    scaledDown |= scaled;
  }
  if (scaledDown) return syncRolloutStatus(sets);
  if (oldPodsRunning(sets)) {
    client_.wait(Why(Rule::WaitForOldPods, {{"deployment", name()}}), objectName("Deployment", ns(), name()));
    return syncRolloutStatus(sets);
  }
  if (!sets.newRS) {
    if (Error e = getAllReplicaSetsAndSyncRevision(sets, true)) return e;
  }
  bool scaled = false;
  if (Error e = scaleReplicaSet(Rule::ScaleUpForRecreate, sets.newRS, d_.spec().replicas(), false, scaled)) return e;
  if (deploymentComplete(d_, d_.status())) {
    if (Error e = cleanupDeployment(sets.old)) return e;
  }
  waitForRollout(sets);
  return syncRolloutStatus(sets);
}

bool DeploymentControl::oldPodsRunning(const Sets& sets) const {
  if (actualReplicaCount(sets.old) > 0) return true;
  for (const ReplicaSet& rs : rsList_) {
    if (sets.newRS && sets.newRS.metadata().uid() == rs.metadata().uid()) continue;
    for (const std::string& key : client_.view().objects().controlledBy(Resource::pods, rs.metadata().uid())) {
      if (!isPodTerminal(client_.view().getByKey<Pod>(key))) return true;
    }
  }
  return false;
}

// What holds the rollout back, when nothing could be scaled.
void DeploymentControl::waitForRollout(const Sets& sets) {
  const int64_t wanted = d_.spec().replicas(), available = availableReplicaCount(sets.all());
  const std::string_view newName = sets.newRS.metadata().name();
  const ReplicaSets active = filterActive(sets.old);
  if (sets.newRS.spec().replicas() < wanted) {
    client_.wait(Why(Rule::WaitForSurgeRoom,
                     {{"replicaset", newName}, {"pods", replicaCount(sets.all())}, {"max", wanted + maxSurge(d_)}}),
                 objectName("ReplicaSet", ns(), newName));
  }
  if (!active.empty()) {
    const std::string_view old = active.front().metadata().name();
    client_.wait(Why(Rule::WaitForAvailableBeforeScaleDown, {{"replicaset", old},
                                                             {"newReplicaset", newName},
                                                             {"available", available},
                                                             {"min", wanted - maxUnavailable(d_)}}),
                 objectName("ReplicaSet", ns(), old));
  } else if (sets.newRS.spec().replicas() == wanted && sets.newRS.status().availableReplicas() < wanted) {
    client_.wait(Why(Rule::WaitForAvailableReplicas, {{"deployment", name()},
                                                      {"replicaset", newName},
                                                      {"available", sets.newRS.status().availableReplicas()},
                                                      {"replicas", wanted}}),
                 objectName("Deployment", ns(), name()));
  }
}

}  // namespace controllers::deployment
