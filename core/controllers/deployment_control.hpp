#pragma once
// One sync of one Deployment: which ReplicaSet grows, which shrinks, and what the status says. Models
// pkg/controller/deployment/{sync,rolling,recreate,progress}.go (v1.37). NOT MODELLED: the rollback annotation of
// extensions/v1beta1.
#include <string>
#include <string_view>

#include "core/controllers/deployment_utils.hpp"
#include "core/controllers/error.hpp"
#include "core/decision/controller.hpp"

namespace controllers::deployment {

class DeploymentControl {
 public:
  /// `replicaSets`: the Deployment's own.
  DeploymentControl(decision::Client& client, decision::WorkQueue& queue, const Deployment& d, ReplicaSets replicaSets)
      : client_(client), queue_(queue), d_(d), rsList_(std::move(replicaSets)), key_(store::keyOf(d.doc)) {}
  Error sync();

 private:
  struct Sets {
    ReplicaSet newRS;
    ReplicaSets old;
    ReplicaSets all() const;
  };
  Error getAllReplicaSetsAndSyncRevision(Sets&, bool createIfNotExisted);
  Error getNewReplicaSet(Sets&, bool createIfNotExisted);
  Error syncExisting(ReplicaSet&, int64_t newRevision);
  Error createNewReplicaSet(Sets&, int64_t newRevision);
  Error nameIsTaken(const ReplicaSet& wanted, const apiserver::Response&, ReplicaSet& created);

  Error checkPausedConditions();
  Error syncScaling();
  Error isScalingEvent(bool&);
  Error scale(Sets&);
  Error scaleProportionally(Sets&);
  Error rolloutRolling();
  Error rolloutRecreate();
  Error reconcileNewReplicaSet(Sets&, bool& scaled);
  Error reconcileOldReplicaSets(Sets&, bool& scaled);
  int64_t cleanupUnhealthyReplicas(ReplicaSets& active, int64_t max, Error&);
  int64_t scaleDownOldReplicaSets(const Sets&, ReplicaSets& active, Error&);
  bool oldPodsRunning(const Sets&) const;
  /// `rs` becomes what is stored.
  Error scaleReplicaSet(decision::Rule, ReplicaSet& rs, int64_t replicas, bool force, bool& scaled);
  Error cleanupDeployment(ReplicaSets old);

  api::DeploymentStatus calculateStatus(const Sets&) const;
  Error syncDeploymentStatus(const Sets&);
  Error syncRolloutStatus(const Sets&);
  void setProgress(api::DeploymentStatus&, const ReplicaSet& newRS) const;
  void setReplicaFailure(api::DeploymentStatus&, const Sets&) const;
  void requeueStuckDeployment(const api::DeploymentStatus&);
  Error updateStatus(decision::Rule);

  void waitForRollout(const Sets&);

  std::string_view name() const { return d_.doc[api::key::metadata][api::key::name].asString(); }
  std::string_view ns() const { return d_.doc[api::key::metadata][api::key::namespace_].asString(); }

  decision::Client& client_;
  decision::WorkQueue& queue_;
  Deployment d_;  ///< with what this sync has changed of its status
  ReplicaSets rsList_;
  std::string key_;
};

}  // namespace controllers::deployment
