#pragma once
// The vocabulary of the Deployment controller: counts, budgets, revisions and conditions. Pure functions. Models
// pkg/controller/deployment/util/deployment_util.go (v1.37).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/resources.hpp"
#include "core/api/time.hpp"

namespace controllers::deployment {

using api::Deployment;
using api::Millis;
using api::ReplicaSet;
using ReplicaSets = std::vector<ReplicaSet>;

bool isRollingUpdate(const Deployment&);
/// Pods that may be unavailable, and Pods beyond spec.replicas, during a rolling update. If both come to 0, one Pod may
/// be unavailable.
int64_t maxUnavailable(const Deployment&);
int64_t maxSurge(const Deployment&);
bool hasProgressDeadline(const Deployment&);
bool hasRevisionHistoryLimit(const Deployment&);

bool equalIgnoreHash(const api::PodTemplateSpec&, const api::PodTemplateSpec&);
bool byCreationTimestamp(const ReplicaSet&, const ReplicaSet&);
bool byRevision(const ReplicaSet&, const ReplicaSet&);
/// The oldest whose template is the Deployment's; empty where there is none.
ReplicaSet findNewReplicaSet(const Deployment&, ReplicaSets);
/// All others, oldest first.
ReplicaSets findOldReplicaSets(const Deployment&, ReplicaSets);
/// The only active one, or the newest where none is active; empty where several are.
ReplicaSet findActiveOrLatest(const ReplicaSet& newRS, ReplicaSets oldRSs);
ReplicaSets filterActive(const ReplicaSets&);

int64_t revision(const ReplicaSet&);  ///< of its annotation; 0 where there is none
int64_t maxRevision(const ReplicaSets&);
/// Copies the Deployment's annotations, raises the revision and keeps its history. True where something changed.
bool setNewReplicaSetAnnotations(const Deployment&, ReplicaSet&, int64_t newRevision, bool exists);
bool setReplicasAnnotations(ReplicaSet&, int64_t desired, int64_t max);
/// -1 where the annotation is missing or no number.
int64_t replicasAnnotation(const ReplicaSet&, api::Key);

int64_t replicaCount(const ReplicaSets&);           ///< spec.replicas
int64_t actualReplicaCount(const ReplicaSets&);     ///< status.replicas
int64_t readyReplicaCount(const ReplicaSets&);      ///< status.readyReplicas
int64_t availableReplicaCount(const ReplicaSets&);  ///< status.availableReplicas
/// -1 where one that was synced does not report it.
int64_t terminatingReplicaCount(const ReplicaSets&);

/// How many replicas the new ReplicaSet may have now.
int64_t newRSNewReplicas(const Deployment&, const ReplicaSets& all, const ReplicaSet& newRS);
/// The share of `toAdd` (negative: to remove) that a ReplicaSet gets by its size.
int64_t replicaSetProportion(const ReplicaSet&, const Deployment&, int64_t toAdd, int64_t added);
bool isSaturated(const Deployment&, const ReplicaSet&);

bool deploymentComplete(const Deployment&, const api::DeploymentStatus&);
bool deploymentProgressing(const Deployment&, const api::DeploymentStatus&);
bool deploymentTimedOut(const Deployment&, const api::DeploymentStatus&, Millis now);

api::DeploymentCondition findCondition(const api::DeploymentStatus&, std::string_view type);
api::DeploymentCondition newCondition(std::string_view type, std::string_view status, std::string_view reason,
                                      std::string_view message, Millis now);
/// Nothing changes where status and reason are the same.
void setCondition(api::DeploymentStatus&, api::DeploymentCondition);
void removeCondition(api::DeploymentStatus&, std::string_view type);

}  // namespace controllers::deployment
