#pragma once
// The vocabulary of the StatefulSet controller: ordinals, names, identity, storage, revisions, the owners of claims,
// and the facts of one Pod that decisions are made from. Pure functions. Models
// pkg/controller/statefulset/stateful_set_utils.go (v1.37).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/resources.hpp"
#include "core/api/time.hpp"

namespace controllers::statefulset {

using api::Millis;
using api::PersistentVolumeClaim;
using api::Pod;
using api::StatefulSet;

struct ParentAndOrdinal {
  std::string_view parent;  ///< "" where the name has no such form
  int64_t ordinal = -1;
};
/// Splits "web-3" into "web" and 3. The view is into `podName`.
ParentAndOrdinal getParentNameAndOrdinal(std::string_view podName);
int64_t getStartOrdinal(const StatefulSet&);
int64_t getEndOrdinal(const StatefulSet&);
std::string getPodName(const StatefulSet&, int64_t ordinal);
std::string getPersistentVolumeClaimName(const StatefulSet&, const PersistentVolumeClaim& claimTemplate,
                                         int64_t ordinal);
bool isMemberOf(const StatefulSet&, const Pod&);
bool allowsBurst(const StatefulSet&);
/// spec.updateStrategy.rollingUpdate.maxUnavailable as a number of Pods: at least 1, percentages rounded down.
int64_t getStatefulSetMaxUnavailable(const StatefulSet&);
int64_t getPartition(const StatefulSet&);
bool whenScaledDeletes(const StatefulSet&);
bool whenDeletedDeletes(const StatefulSet&);

/// A Pod of a set as decisions see it: read once for each version of the Pod, or a Pod that is still to be created.
struct Replica {
  enum class Phase : uint8_t { none, Pending, Running, Succeeded, Failed, Unknown };

  Pod pod;  ///< an empty view where it is still to be created
  int64_t ordinal = -1;
  api::Key revision{api::Key(api::key::Id(0))};  ///< label controller-revision-hash
  Millis readySince = -1;                        ///< -1 where it is not Ready
  Phase phase = Phase::none;
  bool terminating = false;
  bool member = false;   ///< the set's selector and name match it
  bool regular = false;  ///< a member whose name is as the set writes it: "web-1", not "web-01"
  bool doomed = false;   ///< deleted for an update by the present sync
  bool settled = false;  ///< identity, storage and claims were found in order and nothing of that changed since

  std::string_view name() const { return pod.doc[api::key::metadata][api::key::name].asString(); }
};
Replica replicaOf(const StatefulSet&, const Pod&);

inline bool isCreated(const Replica& r) { return r.phase != Replica::Phase::none; }
inline bool isPending(const Replica& r) { return r.phase == Replica::Phase::Pending; }
inline bool isTerminalPhase(const Replica& r) {
  return r.phase == Replica::Phase::Failed || r.phase == Replica::Phase::Succeeded;
}
inline bool isTerminating(const Replica& r) { return r.terminating; }
inline bool isPodReady(const Replica& r) { return r.readySince >= 0; }
inline bool isRunningAndReady(const Replica& r) { return r.phase == Replica::Phase::Running && isPodReady(r); }
/// Ready for minReadySeconds. Upstream asks for the condition only, not for the phase.
inline bool isRunningAndAvailable(const Replica& r, int64_t minReadySeconds, Millis now) {
  return isPodReady(r) && (minReadySeconds == 0 || r.readySince + minReadySeconds * 1000 <= now);
}
inline bool isUnavailable(const Replica& r, int64_t minReadySeconds, Millis now) {
  return !isRunningAndAvailable(r, minReadySeconds, now) || isTerminating(r);
}

bool identityMatches(const StatefulSet&, const Pod&);
bool storageMatches(const StatefulSet&, const Pod&);
void updateIdentity(const StatefulSet&, Pod&);
void updateStorage(const StatefulSet&, Pod&);
/// The claims that the Pod with this ordinal needs, in the order of the templates.
std::vector<PersistentVolumeClaim> getPersistentVolumeClaims(const StatefulSet&, int64_t ordinal);
/// A new Pod of the set from `podTemplate`, with the identity of `ordinal`.
Pod newStatefulSetPod(const StatefulSet&, const api::PodTemplateSpec&, std::string_view revision, int64_t ordinal);
/// A revision that keeps `data` (templatePatch) of the set, not yet stored.
api::ControllerRevision newRevision(const StatefulSet&, const api::Value& data, int64_t number, int64_t collisionCount);
/// Whether a new Pod with this ordinal is made from the current revision: it lies below the partition.
bool usesCurrentRevision(const StatefulSet&, int64_t ordinal);

// The owners of claims under spec.persistentVolumeClaimRetentionPolicy.
bool hasOwnerRef(const PersistentVolumeClaim&, std::string_view uid);
bool hasStaleOwnerRef(const PersistentVolumeClaim&, const StatefulSet&);
bool hasStaleOwnerRef(const PersistentVolumeClaim&, std::string_view podName, std::string_view podUid);
bool hasUnexpectedController(const PersistentVolumeClaim&, const StatefulSet&, const Pod&);
bool isClaimOwnerUpToDate(const PersistentVolumeClaim&, const StatefulSet&, const Pod&);
void updateClaimOwnerRefForSetAndPod(PersistentVolumeClaim&, const StatefulSet&, const Pod&);

}  // namespace controllers::statefulset
