#pragma once
// One sync of one StatefulSet: from its Pods and revisions follow the writes, the waits and the status. Models
// pkg/controller/statefulset/stateful_set_control.go (v1.37). NOT MODELLED: the update strategy Recreate (alpha, off).
#include <string>
#include <vector>

#include "core/controllers/revisions.hpp"
#include "core/controllers/settings.hpp"
#include "core/controllers/statefulset_pod_control.hpp"
#include "core/controllers/statefulset_pods.hpp"

namespace controllers::statefulset {

/// The revision data of a template, remembered because its JSON is costly.
struct RevisionCache {
  api::Value podTemplate, data;
};

class StatefulSetControl {
 public:
  /// `pods`: the set's own.
  StatefulSetControl(decision::Client&, const Settings&, ConsistencyStore&, RevisionCache&, const StatefulSet&,
                     SetPods& pods);
  /// Makes the cluster conform to the set as far as it can now, then writes the status.
  Error updateStatefulSet();
  /// When some Pod becomes available, in milliseconds from now; -1 where no sync is needed for that.
  Millis nextAvailabilityCheck() const;

 private:
  struct Counts {
    int64_t replicas = 0, ready = 0, available = 0, current = 0, updated = 0;
  };

  Error getStatefulSetRevisions();
  void partitionPods();
  Error processPods();
  Error processReplicas(bool& exited);
  Error processCondemned(bool& exited);
  template <class F>
  Error slowStartBatch(size_t count, F&& process);
  Error processReplica(Replica&, bool& shouldExit);
  Error createReplica(int64_t ordinal, bool& shouldExit);
  Error fixPodClaim(Replica&, bool& shouldExit);
  Error processCondemnedPod(Replica&, bool& shouldExit);
  Error rollingUpdate();
  Error updateParallel(int64_t unavailable, int64_t maxUnavailable);
  Error updateOneByOne();
  Error deleteForUpdate(Replica&);
  bool needsUpdate(const Replica& r) const { return !(r.revision == updateKey_); }
  bool needsUpdate(const Replica* r) const { return r && needsUpdate(*r); }
  bool unavailable(const Replica* r) const { return !r || isUnavailable(*r, minReadySeconds_, now_); }
  /// The Pod in the place of an ordinal, counted from the first; null where it is still to be created.
  Replica* replica(size_t i) const {
    return !sparse_.empty() ? sparse_[i] : i < present_ ? &pods_.all()[first_ + i] : nullptr;
  }
  Counts computeReplicaStatus() const;
  Error updateStatefulSetStatus(Counts);
  Error truncateHistory();

  // Why nothing happens (statefulset_waits.cpp).
  void waitForReplica(const Replica&);
  void waitForTermination(const Replica&);
  void waitForCondemned(const Replica&);
  void waitForUpdate(int64_t unavailable, int64_t maxUnavailable);
  void waitWith(decision::Rule, const Replica& blocker, std::string_view held);
  int64_t firstMissing() const;
  const Replica* nextToUpdate() const;

  decision::Client& client_;
  const Settings& settings_;
  ConsistencyStore& consistency_;
  RevisionCache& cache_;
  StatefulSet set_;
  std::string key_;
  SetPods& pods_;
  StatefulPodControl podControl_;
  History history_;
  const Millis now_;
  const int64_t minReadySeconds_;
  const bool monotonic_;

  std::vector<api::ControllerRevision> revisions_;
  api::ControllerRevision currentRevision_, updateRevision_;
  api::Key currentKey_{api::Key(api::key::Id(0))}, updateKey_{api::Key(api::key::Id(0))};
  int64_t collisionCount_ = 0;
  size_t count_ = 0;                 ///< spec.replicas
  size_t first_ = 0, present_ = 0;   ///< the Pods in range within pods_, where they lie there without a gap
  std::vector<Replica*> sparse_;     ///< one place for each ordinal, where they do not
  std::vector<Replica*> condemned_;  ///< the Pods outside the range, highest first
  const Replica* firstUnavailablePod_ = nullptr;
  Counts counts_;
  int64_t deletedForUpdate_ = 0;
};

}  // namespace controllers::statefulset
