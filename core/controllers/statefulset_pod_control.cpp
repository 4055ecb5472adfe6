#include "core/controllers/statefulset_pod_control.hpp"
#include "core/decision/rules.hpp"

namespace controllers::statefulset {
using namespace api;
using decision::Rule;
using decision::Why;

Error StatefulPodControl::createStatefulPod(const Why& why, const Pod& pod) {
  const std::string name(pod.metadata().name());
  if (const Error e = createPersistentVolumeClaims(name)) return recordPodEvent("create", name, e), e;
  const auto reply = client_.create(why, pod);
  if (reply.isAlreadyExists()) return Error(reply);
  if (reply.ok()) consistency_.wroteAt(key_, Resource::pods, reply.body);
  if (const Error e = updatePodClaimForRetentionPolicy(pod)) return recordPodEvent("update", name, e), e;
  recordPodEvent("create", name, Error(reply));
  return Error(reply);
}

// After a conflict it tries again with what the view has, if that is newer.
Error StatefulPodControl::updateStatefulPod(Pod pod) {
  const std::string name(pod.metadata().name());
  Error result;
  bool attempted = false;
  while (true) {
    const uint64_t tried = revisionOf(pod.doc);
    bool consistent = true;
    if (!identityMatches(set_, pod)) {
      updateIdentity(set_, pod);
      consistent = false;
    }
    if (!storageMatches(set_, pod)) {
      updateStorage(set_, pod);
      consistent = false;
      result = createPersistentVolumeClaims(pod.metadata().name());
    }
    if (!result && !claimsMatchRetentionPolicy(pod)) {
      result = updatePodClaimForRetentionPolicy(pod);
      consistent = false;
    }
    if (result) recordPodEvent("update", name, result);
    if (consistent || result) break;
    attempted = true;
    const Why why(Rule::RestoreReplica, {{"pod", name}, {"set", set_.metadata().name()}});
    const auto reply = client_.update(why, pod);
    if (reply.ok()) consistency_.wroteAt(key_, Resource::pods, reply.body);
    result = Error(reply);
    const Pod fresh = client_.view().get<Pod>(set_.metadata().namespace_(), name);
    if (!reply.isConflict() || !fresh || revisionOf(fresh.doc) <= tried) break;
    result = {};
    pod = fresh;
  }
  if (attempted) recordPodEvent("update", name, result);
  return result;
}

Error StatefulPodControl::deleteStatefulPod(const Why& why, const Pod& pod) {
  const auto reply = client_.remove(why, pod);
  const Error e = reply.isNotFound() ? Error() : Error(reply);
  recordPodEvent("delete", pod.metadata().name(), e);
  return e;
}

Error StatefulPodControl::createMissingPersistentVolumeClaims(const Pod& pod) {
  if (Error e = createPersistentVolumeClaims(pod.metadata().name())) return e;
  const Error e = updatePodClaimForRetentionPolicy(pod);
  if (e) recordPodEvent("update", pod.metadata().name(), e);
  return e;
}

bool StatefulPodControl::claimsMatchRetentionPolicy(const Pod& pod) const {
  const int64_t ordinal = getParentNameAndOrdinal(pod.metadata().name()).ordinal;
  for (const PersistentVolumeClaim& t : set_.spec().volumeClaimTemplates()) {
    const PersistentVolumeClaim claim = claimOf(t, ordinal);
    if (claim && !isClaimOwnerUpToDate(claim, set_, pod)) return false;
  }
  return true;
}

Error StatefulPodControl::updatePodClaimForRetentionPolicy(const Pod& pod) {
  const int64_t ordinal = getParentNameAndOrdinal(pod.metadata().name()).ordinal;
  for (const PersistentVolumeClaim& t : set_.spec().volumeClaimTemplates()) {
    PersistentVolumeClaim claim = claimOf(t, ordinal);
    if (!claim) continue;
    const std::string name(claim.metadata().name());
    if (hasUnexpectedController(claim, set_, pod)) {
      client_.event(set_.doc, "Warning", "ConflictingController",
                    "PersistentVolumeClaim " + name +
                        " has a conflicting OwnerReference that acts as a manging controller, the retention policy is "
                        "ignored for this claim");
    }
    if (isClaimOwnerUpToDate(claim, set_, pod)) continue;
    updateClaimOwnerRefForSetAndPod(claim, set_, pod);
    const StatefulSetPersistentVolumeClaimRetentionPolicy policy = set_.spec().persistentVolumeClaimRetentionPolicy();
    const auto reply = client_.update(Why(Rule::SetClaimOwners, {{"claim", name},
                                                                 {"set", set_.metadata().name()},
                                                                 {"whenScaled", policy.whenScaled()},
                                                                 {"whenDeleted", policy.whenDeleted()}}),
                                      claim);
    if (!reply.ok())
      return Error("could not update claim " + name + " for delete policy ownerRefs: " + std::string(reply.message()));
    consistency_.wroteAt(key_, Resource::persistentvolumeclaims, reply.body);
  }
  return {};
}

// Models PodClaimIsStale, for a Pod that does not exist yet: any owner Pod of its name is a former one.
std::string StatefulPodControl::staleClaim(int64_t ordinal) const {
  if (!whenScaledDeletes(set_)) return {};
  for (const PersistentVolumeClaim& t : set_.spec().volumeClaimTemplates()) {
    const PersistentVolumeClaim claim = claimOf(t, ordinal);
    if (claim && hasStaleOwnerRef(claim, getPodName(set_, ordinal), "")) return std::string(claim.metadata().name());
  }
  return {};
}

Error StatefulPodControl::createPersistentVolumeClaims(std::string_view podName) {
  const std::string_view ns = set_.metadata().namespace_();
  const int64_t ordinal = getParentNameAndOrdinal(podName).ordinal;
  std::vector<std::string> errors;
  std::vector<PersistentVolumeClaim> claims;  // made when the first is missing: mostly all are there
  const List<PersistentVolumeClaim> templates = set_.spec().volumeClaimTemplates();
  for (size_t i = 0; i < templates.size(); ++i) {
    const std::string name = getPersistentVolumeClaimName(set_, templates[i], ordinal);
    if (const PersistentVolumeClaim present = client_.view().get<PersistentVolumeClaim>(ns, name)) {
      if (!present.metadata().hasDeletionTimestamp()) continue;
      errors.push_back("pvc " + name + " is being deleted");
      client_.wait(Why(Rule::WaitForClaimDeletion, {{"pod", podName}, {"claim", name}}),
                   objectName("Pod", ns, podName));
      continue;
    }
    if (claims.empty()) claims = getPersistentVolumeClaims(set_, ordinal);
    const auto reply = client_.create(
        Why(Rule::CreateClaim, {{"claim", name}, {"pod", podName}, {"set", set_.metadata().name()}}), claims[i]);
    if (reply.ok()) {
      consistency_.wroteAt(key_, Resource::persistentvolumeclaims, reply.body);
    } else {
      errors.push_back("failed to create PVC " + name + ": " + std::string(reply.message()));
    }
    if (!reply.isAlreadyExists()) recordClaimEvent(podName, name, Error(reply));
  }
  return aggregate(errors);
}

PersistentVolumeClaim StatefulPodControl::claimOf(const PersistentVolumeClaim& claimTemplate, int64_t ordinal) const {
  return client_.view().get<PersistentVolumeClaim>(set_.metadata().namespace_(),
                                                   getPersistentVolumeClaimName(set_, claimTemplate, ordinal));
}

void StatefulPodControl::recordPodEvent(std::string_view verb, std::string_view podName, const Error& e) {
  std::string title(verb);
  title[0] = char(title[0] - 'a' + 'A');
  std::string message = title + " Pod ";
  message.append(podName).append(" in StatefulSet ").append(set_.metadata().name());
  if (e) {
    client_.event(set_.doc, "Warning", "Failed" + title, message + " failed error: " + e.message);
  } else {
    client_.event(set_.doc, "Normal", "Successful" + title, message + " successful");
  }
}

void StatefulPodControl::recordClaimEvent(std::string_view podName, std::string_view claimName, const Error& e) {
  std::string message = "Create Claim ";
  message.append(claimName).append(e ? " for Pod " : " Pod ").append(podName);
  message.append(" in StatefulSet ").append(set_.metadata().name());
  if (e) {
    client_.event(set_.doc, "Warning", "FailedCreate", message + " failed error: " + e.message);
  } else {
    client_.event(set_.doc, "Normal", "SuccessfulCreate", message + " success");
  }
}

}  // namespace controllers::statefulset
