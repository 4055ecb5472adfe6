// The Deployment controller's arithmetic.
#include <catch_amalgamated.hpp>

#include "core/controllers/deployment_utils.hpp"

using namespace controllers::deployment;
namespace key = api::key;

namespace {
Deployment deployment(int replicas, api::Value maxSurge, api::Value maxUnavailable) {
  Deployment d;
  d.doc.set({key::spec, key::replicas}, replicas);
  d.doc.set({key::spec, key::strategy, key::type}, "RollingUpdate");
  d.doc.set({key::spec, key::strategy, key::rollingUpdate, key::maxSurge}, std::move(maxSurge));
  d.doc.set({key::spec, key::strategy, key::rollingUpdate, key::maxUnavailable}, std::move(maxUnavailable));
  return d;
}
ReplicaSet replicaSet(std::string_view name, int replicas, std::string_view revision = "") {
  ReplicaSet rs;
  rs.doc.set({key::metadata, key::name}, name);
  rs.doc.set({key::spec, key::replicas}, replicas);
  if (!revision.empty()) rs.doc.set({key::metadata, key::annotations, key::deploymentRevision}, revision);
  return rs;
}
}  // namespace

TEST_CASE("surge is rounded up, unavailability down, and both are never 0") {
  CHECK(maxSurge(deployment(3, "25%", "25%")) == 1);
  CHECK(maxUnavailable(deployment(3, "25%", "25%")) == 0);
  CHECK(maxUnavailable(deployment(2, 0, "1%")) == 1);
  CHECK(maxUnavailable(deployment(2, 0, 5)) == 2);
}

TEST_CASE("the new ReplicaSet grows as far as the surge allows") {
  const Deployment d = deployment(4, 1, 1);
  CHECK(newRSNewReplicas(d, {replicaSet("old", 4), replicaSet("new", 0)}, replicaSet("new", 0)) == 1);
  CHECK(newRSNewReplicas(d, {replicaSet("old", 4), replicaSet("new", 1)}, replicaSet("new", 1)) == 1);
  CHECK(newRSNewReplicas(d, {replicaSet("old", 2), replicaSet("new", 1)}, replicaSet("new", 1)) == 3);
}

TEST_CASE("undoing keeps the history of a ReplicaSet's revisions") {
  const Deployment d = deployment(1, 1, 1);
  ReplicaSet rs = replicaSet("web", 1, "1");
  CHECK(setNewReplicaSetAnnotations(d, rs, 3, true));
  CHECK(revision(rs) == 3);
  CHECK(rs.metadata().annotations()[key::deploymentRevisionHistory] == "1");
  CHECK(setNewReplicaSetAnnotations(d, rs, 5, true));
  CHECK(rs.metadata().annotations()[key::deploymentRevisionHistory] == "1,3");
  CHECK_FALSE(setNewReplicaSetAnnotations(d, rs, 5, true));
}

TEST_CASE("scaling in the middle of a rollout keeps proportions") {
  const Deployment d = deployment(20, 0, 1);
  ReplicaSet rs = replicaSet("web", 8);
  rs.doc.set({key::metadata, key::annotations, key::deploymentMaxReplicas}, "10");
  CHECK(replicaSetProportion(rs, d, 10, 0) == 8);
  CHECK(replicaSetProportion(rs, d, 10, 6) == 4);
}

TEST_CASE("a condition with the same status keeps its time of transition") {
  api::DeploymentStatus s;
  setCondition(s, newCondition("Available", "False", "A", "", api::clusterEpoch));
  setCondition(s, newCondition("Available", "False", "B", "", api::clusterEpoch + 5000));
  CHECK(findCondition(s, "Available").reason() == "B");
  CHECK(findCondition(s, "Available").lastTransitionTime() == api::formatTime(api::clusterEpoch));
  removeCondition(s, "Available");
  CHECK_FALSE(s.hasConditions());
}
