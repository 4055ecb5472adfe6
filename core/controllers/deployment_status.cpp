// A Deployment's status and its three conditions. Models pkg/controller/deployment/{sync,progress}.go (v1.37).
#include "core/controllers/deployment_control.hpp"
#include "core/decision/rules.hpp"

namespace controllers::deployment {
using namespace api;
using decision::Rule;
using decision::Why;

DeploymentStatus DeploymentControl::calculateStatus(const Sets& sets) const {
  const ReplicaSets all = sets.all();
  const int64_t available = availableReplicaCount(all), terminating = terminatingReplicaCount(all);
  DeploymentStatus status;
  status.doc = Value::object({});
  auto set = [&](Key k, int64_t n) {
    if (n) status.doc.set(k, n);
  };
  set(key::observedGeneration, d_.metadata().generation());
  set(key::replicas, actualReplicaCount(all));
  set(key::updatedReplicas, sets.newRS ? sets.newRS.status().replicas() : 0);
  set(key::readyReplicas, readyReplicaCount(all));
  set(key::availableReplicas, available);
  set(key::unavailableReplicas, std::max<int64_t>(replicaCount(all) - available, 0));
  if (terminating >= 0) status.terminatingReplicas(terminating);
  if (d_.status().hasCollisionCount()) status.collisionCount(d_.status().collisionCount());
  if (d_.status().conditions().size()) status.conditions(d_.status().conditions());
  if (available >= d_.spec().replicas() - maxUnavailable(d_)) {
    setCondition(status, newCondition("Available", "True", "MinimumReplicasAvailable",
                                      "Deployment has minimum availability.", client_.now()));
  } else {
    setCondition(status, newCondition("Available", "False", "MinimumReplicasUnavailable",
                                      "Deployment does not have minimum availability.", client_.now()));
  }
  return status;
}

Error DeploymentControl::syncDeploymentStatus(const Sets& sets) {
  const DeploymentStatus status = calculateStatus(sets);
  if (status == d_.status()) return {};
  d_.status(status);
  return updateStatus(Rule::UpdateDeploymentStatus);
}

Error DeploymentControl::syncRolloutStatus(const Sets& sets) {
  DeploymentStatus status = calculateStatus(sets);
  if (!hasProgressDeadline(d_)) removeCondition(status, "Progressing");
  const DeploymentCondition current = findCondition(d_.status(), "Progressing");
  const bool isComplete =
      status.replicas() == status.updatedReplicas() && current && current.reason() == "NewReplicaSetAvailable";
  if (hasProgressDeadline(d_) && !isComplete) setProgress(status, sets.newRS);
  setReplicaFailure(status, sets);
  if (status == d_.status()) {
    requeueStuckDeployment(status);
    return {};
  }
  d_.status(status);
  return updateStatus(Rule::UpdateDeploymentStatus);
}

void DeploymentControl::setProgress(DeploymentStatus& status, const ReplicaSet& newRS) const {
  const std::string who =
      (newRS ? "ReplicaSet \"" + std::string(newRS.metadata().name()) : "Deployment \"" + std::string(name())) + "\" ";
  if (deploymentComplete(d_, status)) {
    setCondition(status, newCondition("Progressing", "True", "NewReplicaSetAvailable",
                                      who + "has successfully progressed.", client_.now()));
  } else if (deploymentProgressing(d_, status)) {
    // Progress is written even where status and reason stay: lastUpdateTime is what the deadline counts from.
    DeploymentCondition c =
        newCondition("Progressing", "True", "ReplicaSetUpdated", who + "is progressing.", client_.now());
    const DeploymentCondition current = findCondition(d_.status(), "Progressing");
    if (current && current.status() == "True") c.lastTransitionTime(current.lastTransitionTime());
    removeCondition(status, "Progressing");
    setCondition(status, std::move(c));
  } else if (deploymentTimedOut(d_, status, client_.now())) {
    setCondition(status, newCondition("Progressing", "False", "ProgressDeadlineExceeded",
                                      who + "has timed out progressing.", client_.now()));
  }
}

// The first failure of a ReplicaSet, the new one's before others'.
void DeploymentControl::setReplicaFailure(DeploymentStatus& status, const Sets& sets) const {
  ReplicaSets order{sets.newRS};
  order.insert(order.end(), sets.old.begin(), sets.old.end());
  for (const ReplicaSet& rs : order) {
    for (const ReplicaSetCondition& c : rs.status().conditions()) {
      if (c.type() != "ReplicaFailure") continue;
      DeploymentCondition mine{{c.doc}};
      mine.lastUpdateTime(c.lastTransitionTime());
      return setCondition(status, std::move(mine));
    }
  }
  removeCondition(status, "ReplicaFailure");
}

// Looks again when the progress deadline has passed.
void DeploymentControl::requeueStuckDeployment(const DeploymentStatus& status) {
  const DeploymentCondition c = findCondition(d_.status(), "Progressing");
  if (!hasProgressDeadline(d_) || !c || deploymentComplete(d_, status)) return;
  if (c.reason() == "ProgressDeadlineExceeded") return;
  const Millis after = parseTime(c.lastUpdateTime()) + d_.spec().progressDeadlineSeconds() * 1000 - client_.now();
  if (after < 1000) {
    queue_.addRateLimited(key_, client_.now());
  } else {
    queue_.addAfter(key_, after + 1000, client_.now());
  }
}

Error DeploymentControl::updateStatus(Rule rule) {
  const DeploymentStatus s = d_.status();
  return Error(client_.updateStatus(Why(rule, {{"deployment", name()},
                                               {"updated", s.updatedReplicas()},
                                               {"available", s.availableReplicas()},
                                               {"replicas", d_.spec().replicas()},
                                               {"revision", d_.metadata().annotations()[key::deploymentRevision]}}),
                                    d_));
}

}  // namespace controllers::deployment
