#include "core/controllers/deployment_control.hpp"

#include <algorithm>

#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/controllers/pod_control.hpp"
#include "core/controllers/pod_template_hash.hpp"
#include "core/controllers/refs.hpp"
#include "core/decision/rules.hpp"

namespace controllers::deployment {
using namespace api;
using decision::Rule;
using decision::Why;

// Models syncDeployment.
Error DeploymentControl::sync() {
  if (d_.metadata().hasDeletionTimestamp()) {
    Sets sets;
    if (Error e = getAllReplicaSetsAndSyncRevision(sets, false)) return e;
    return syncDeploymentStatus(sets);
  }
  if (Error e = checkPausedConditions()) return e;
  if (d_.spec().paused()) return syncScaling();
  bool scaling = false;
  if (Error e = isScalingEvent(scaling)) return e;
  if (scaling) return syncScaling();
  return isRollingUpdate(d_) ? rolloutRolling() : rolloutRecreate();
}

ReplicaSets DeploymentControl::Sets::all() const {
  ReplicaSets out = old;
  if (newRS) out.push_back(newRS);
  return out;
}

// ---- the new ReplicaSet

Error DeploymentControl::getAllReplicaSetsAndSyncRevision(Sets& sets, bool createIfNotExisted) {
  sets.old = findOldReplicaSets(d_, rsList_);
  return getNewReplicaSet(sets, createIfNotExisted);
}

Error DeploymentControl::getNewReplicaSet(Sets& sets, bool createIfNotExisted) {
  sets.newRS = findNewReplicaSet(d_, rsList_);
  const int64_t newRevision = maxRevision(sets.old) + 1;
  if (sets.newRS) return syncExisting(sets.newRS, newRevision);
  return createIfNotExisted ? createNewReplicaSet(sets, newRevision) : Error();
}

namespace {
bool setDeploymentRevision(Deployment& d, std::string_view revision) {
  ObjectMeta meta = d.metadata();
  StringMap annotations = meta.annotations();
  if (annotations[key::deploymentRevision] == revision) return false;
  annotations.set(key::deploymentRevision, revision);
  meta.annotations(std::move(annotations));
  d.metadata(std::move(meta));
  return true;
}

std::string replicaSetName(std::string_view deployment, std::string_view hash) {
  return std::string(deployment.substr(0, 253 - 1 - hash.size())) + "-" + std::string(hash);
}
}  // namespace

Error DeploymentControl::syncExisting(ReplicaSet& rs, int64_t newRevision) {
  const bool annotated = setNewReplicaSetAnnotations(d_, rs, newRevision, true);
  if (annotated || rs.spec().minReadySeconds() != d_.spec().minReadySeconds()) {
    if (d_.spec().minReadySeconds() == 0) {
      rs.doc.erase({key::spec, key::minReadySeconds});
    } else {
      rs.doc.set({key::spec, key::minReadySeconds}, d_.spec().minReadySeconds());
    }
    const auto reply =
        client_.update(Why(Rule::AnnotateReplicaSet,
                           {{"replicaset", rs.metadata().name()}, {"deployment", name()}, {"revision", revision(rs)}}),
                       rs);
    if (reply.ok()) rs.doc = reply.body;
    return Error(reply);
  }
  bool needsUpdate = setDeploymentRevision(d_, rs.metadata().annotations()[key::deploymentRevision]);
  if (hasProgressDeadline(d_) && !findCondition(d_.status(), "Progressing")) {
    DeploymentStatus status = d_.status();
    setCondition(status,
                 newCondition("Progressing", "True", "FoundNewReplicaSet",
                              "Found new replica set \"" + std::string(rs.metadata().name()) + "\"", client_.now()));
    d_.status(std::move(status));
    needsUpdate = true;
  }
  return needsUpdate ? updateStatus(Rule::SetDeploymentRevision) : Error();
}

Error DeploymentControl::createNewReplicaSet(Sets& sets, int64_t newRevision) {
  const int64_t collisions = d_.status().collisionCount();
  const std::string hash = computeHash(d_.spec().template_(), d_.status().hasCollisionCount() ? &collisions : nullptr);
  PodTemplateSpec podTemplate = d_.spec().template_();
  podTemplate.doc.set({key::metadata, key::labels, key::podTemplateHashLabel}, hash);
  LabelSelector selector = d_.spec().selector();
  selector.doc.set({key::matchLabels, key::podTemplateHashLabel}, hash);
  ReplicaSet rs;
  rs.apiVersion("apps/v1");
  rs.kind("ReplicaSet");
  rs.doc.set({key::metadata, key::name}, replicaSetName(name(), hash));
  rs.doc.set({key::metadata, key::namespace_}, ns());
  rs.doc.set({key::metadata, key::labels}, podTemplate.metadata().labels().doc);
  rs.doc.set({key::metadata, key::ownerReferences},
             Value::array({newControllerRef("apps/v1", "Deployment", d_.metadata()).doc}));
  rs.doc.set({key::spec, key::replicas}, 0);
  if (d_.spec().minReadySeconds()) rs.doc.set({key::spec, key::minReadySeconds}, d_.spec().minReadySeconds());
  rs.doc.set({key::spec, key::selector}, selector.doc);
  rs.doc.set({key::spec, key::template_}, podTemplate.doc);
  const int64_t replicas = newRSNewReplicas(d_, sets.old, rs);
  rs.doc.set({key::spec, key::replicas}, replicas);
  setNewReplicaSetAnnotations(d_, rs, newRevision, false);

  const auto reply = client_.create(Why(Rule::CreateReplicaSet, {{"replicaset", rs.metadata().name()},
                                                                 {"deployment", name()},
                                                                 {"replicas", replicas},
                                                                 {"revision", newRevision}}),
                                    rs);
  if (reply.isAlreadyExists()) {
    if (Error e = nameIsTaken(rs, reply, sets.newRS)) return e;
  } else if (isNamespaceTerminating(reply)) {
    return Error(reply);
  } else if (!reply.ok()) {
    const std::string message = "Failed to create new replica set \"" + std::string(rs.metadata().name()) +
                                "\": " + std::string(reply.message());
    if (hasProgressDeadline(d_)) {
      DeploymentStatus status = d_.status();
      setCondition(status, newCondition("Progressing", "False", "ReplicaSetCreateError", message, client_.now()));
      d_.status(std::move(status));
      updateStatus(Rule::UpdateDeploymentStatus);
    }
    client_.event(d_.doc, "Warning", "ReplicaSetCreateError", message);
    return Error(reply);
  } else {
    sets.newRS.doc = reply.body;
    if (replicas > 0) {
      client_.event(
          d_.doc, "Normal", "ScalingReplicaSet",
          "Scaled up replica set " + std::string(rs.metadata().name()) + " from 0 to " + std::to_string(replicas));
    }
  }
  bool needsUpdate = setDeploymentRevision(d_, std::to_string(newRevision));
  if (reply.ok() && hasProgressDeadline(d_)) {
    DeploymentStatus status = d_.status();
    setCondition(status,
                 newCondition("Progressing", "True", "NewReplicaSetCreated",
                              "Created new replica set \"" + std::string(rs.metadata().name()) + "\"", client_.now()));
    d_.status(std::move(status));
    needsUpdate = true;
  }
  return needsUpdate ? updateStatus(Rule::SetDeploymentRevision) : Error();
}

// A ReplicaSet of that name: the wanted one already, or another template with the same hash.
Error DeploymentControl::nameIsTaken(const ReplicaSet& wanted, const apiserver::Response& reply, ReplicaSet& created) {
  const ReplicaSet present = client_.view().get<ReplicaSet>(ns(), wanted.metadata().name());
  if (!present) return Error("replicaset.apps \"" + std::string(wanted.metadata().name()) + "\" not found");
  if (controllerOf(present.metadata()).uid() == d_.metadata().uid() &&
      equalIgnoreHash(d_.spec().template_(), present.spec().template_())) {
    created = present;
    return {};
  }
  DeploymentStatus status = d_.status();
  status.collisionCount(status.collisionCount() + 1);
  d_.status(std::move(status));
  updateStatus(Rule::CountHashCollision);
  return Error(reply);
}

// ---- pausing and scaling

Error DeploymentControl::checkPausedConditions() {
  if (!hasProgressDeadline(d_)) return {};
  const DeploymentCondition c = findCondition(d_.status(), "Progressing");
  if (c && c.reason() == "ProgressDeadlineExceeded") return {};
  const bool paused = c && c.reason() == "DeploymentPaused";
  if (d_.spec().paused() == paused) return {};
  DeploymentStatus status = d_.status();
  setCondition(status, newCondition("Progressing", "Unknown", paused ? "DeploymentResumed" : "DeploymentPaused",
                                    paused ? "Deployment is resumed" : "Deployment is paused", client_.now()));
  d_.status(std::move(status));
  return updateStatus(Rule::UpdateDeploymentStatus);
}

// Models sync.go sync: the Deployment is paused or was scaled.
Error DeploymentControl::syncScaling() {
  Sets sets;
  if (Error e = getAllReplicaSetsAndSyncRevision(sets, false)) return e;
  if (Error e = scale(sets)) return e;
  if (d_.spec().paused()) {
    if (Error e = cleanupDeployment(sets.old)) return e;
    client_.wait(Why(Rule::WaitWhilePaused, {{"deployment", name()}}), objectName("Deployment", ns(), name()));
  }
  return syncDeploymentStatus(sets);
}

Error DeploymentControl::isScalingEvent(bool& scaling) {
  Sets sets;
  if (Error e = getAllReplicaSetsAndSyncRevision(sets, false)) return e;
  for (const ReplicaSet& rs : filterActive(sets.all())) {
    const int64_t desired = replicasAnnotation(rs, key::deploymentDesiredReplicas);
    scaling |= desired >= 0 && desired != d_.spec().replicas();
  }
  return {};
}

Error DeploymentControl::scale(Sets& sets) {
  bool scaled = false;
  if (ReplicaSet rs = findActiveOrLatest(sets.newRS, sets.old))
    return scaleReplicaSet(Rule::ScaleReplicaSetWithDeployment, rs, d_.spec().replicas(), false, scaled);
  if (isSaturated(d_, sets.newRS)) {
    for (ReplicaSet& rs : sets.old) {
      if (rs.spec().replicas() == 0) continue;
      if (Error e = scaleReplicaSet(Rule::ScaleDownOldReplicaSet, rs, 0, false, scaled)) return e;
    }
    return {};
  }
  return isRollingUpdate(d_) ? scaleProportionally(sets) : Error();
}

// In the middle of a rollout all ReplicaSets grow or shrink by their share, so that scaling does not hasten it.
Error DeploymentControl::scaleProportionally(Sets& sets) {
  ReplicaSets active = filterActive(sets.all());
  const int64_t allowed = d_.spec().replicas() > 0 ? d_.spec().replicas() + maxSurge(d_) : 0;
  const int64_t toAdd = allowed - replicaCount(active);
  api::sort(active, [&](const ReplicaSet& a, const ReplicaSet& b) {
    if (toAdd == 0 || a.spec().replicas() != b.spec().replicas())
      return toAdd != 0 && a.spec().replicas() > b.spec().replicas();
    return toAdd > 0 ? byCreationTimestamp(b, a) : byCreationTimestamp(a, b);
  });
  std::vector<int64_t> sizes;
  int64_t added = 0;
  for (const ReplicaSet& rs : active) {
    const int64_t proportion = replicaSetProportion(rs, d_, toAdd, added);
    sizes.push_back(rs.spec().replicas() + proportion);
    added += proportion;
  }
  if (!sizes.empty() && toAdd != 0) sizes[0] = std::max<int64_t>(sizes[0] + toAdd - added, 0);
  for (size_t i = 0; i < active.size(); ++i) {
    bool scaled = false;
    if (Error e = scaleReplicaSet(Rule::ScaleReplicaSetByShare, active[i], sizes[i], true, scaled)) return e;
  }
  return {};
}

Error DeploymentControl::scaleReplicaSet(Rule rule, ReplicaSet& rs, int64_t replicas, bool force, bool& scaled) {
  const int64_t before = rs.spec().replicas();
  scaled = false;
  if (!force && before == replicas) return {};
  ReplicaSet copy = rs;
  copy.doc.set({key::spec, key::replicas}, replicas);
  setReplicasAnnotations(copy, d_.spec().replicas(), d_.spec().replicas() + maxSurge(d_));
  if (copy == rs) return {};
  const std::string rsName(rs.metadata().name());
  const auto reply = client_.update(Why(rule, {{"replicaset", rsName},
                                               {"deployment", name()},
                                               {"from", before},
                                               {"to", replicas},
                                               {"replicas", d_.spec().replicas()},
                                               {"maxSurge", maxSurge(d_)},
                                               {"maxUnavailable", maxUnavailable(d_)}}),
                                    copy);
  if (!reply.ok()) return Error(reply);
  rs.doc = reply.body;
  if (before == replicas) return {};
  scaled = true;
  client_.event(d_.doc, "Normal", "ScalingReplicaSet",
                std::string("Scaled ") + (before < replicas ? "up" : "down") + " replica set " + rsName + " from " +
                    std::to_string(before) + " to " + std::to_string(replicas));
  return {};
}

// Keeps the newest revisionHistoryLimit of the old ReplicaSets that run nothing.
Error DeploymentControl::cleanupDeployment(ReplicaSets old) {
  if (!hasRevisionHistoryLimit(d_)) return {};
  std::erase_if(old, [](const ReplicaSet& rs) { return rs.metadata().hasDeletionTimestamp(); });
  const int64_t limit = d_.spec().revisionHistoryLimit();
  api::sort(old, byRevision);
  for (int64_t i = 0; i < int64_t(old.size()) - limit; ++i) {
    const ReplicaSet& rs = old[size_t(i)];
    if (rs.status().replicas() != 0 || rs.spec().replicas() != 0) continue;
    if (rs.metadata().generation() > rs.status().observedGeneration()) continue;
    const auto reply =
        client_.remove(Why(Rule::DeleteOldReplicaSet,
                           {{"replicaset", rs.metadata().name()}, {"deployment", name()}, {"limit", limit}}),
                       rs);
    if (!reply.ok() && !reply.isNotFound()) return Error(reply);
  }
  return {};
}

}  // namespace controllers::deployment
