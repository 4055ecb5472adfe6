#pragma once
// One sync of one StatefulSet: from its Pods and revisions follow the writes, the waits and the status. Models
// pkg/controller/statefulset/stateful_set_control.go (v1.37). NOT MODELLED: the update strategy Recreate (alpha, off).
#include <span>
#include <string>
#include <vector>

#include "core/controllers/revisions.hpp"
#include "core/controllers/settings.hpp"
#include "core/controllers/statefulset_pod_control.hpp"

namespace controllers::statefulset {

/// The revision data of a template, remembered because its JSON is costly.
struct RevisionCache {
  api::Value podTemplate, data;
};

class StatefulSetControl {
 public:
  /// `pods`: the set's own Pods, by ordinal.
  StatefulSetControl(decision::Client&, const Settings&, ConsistencyStore&, RevisionCache&, const StatefulSet&,
                     std::vector<Replica>& pods);
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
  Error runForAll(std::span<Replica* const>, Error (StatefulSetControl::*)(Replica&, bool& shouldExit), bool& exited);
  Error processReplica(Replica&, bool& shouldExit);
  Error createReplica(Replica&, bool& shouldExit);
  Error fixPodClaim(Replica&, bool& shouldExit);
  Error processCondemned(Replica&, bool& shouldExit);
  Error rollingUpdate();
  Error updateParallel(int64_t unavailable, int64_t maxUnavailable);
  Error updateOneByOne();
  Error deleteForUpdate(Replica&);
  bool needsUpdate(const Replica& r) const { return !(r.revision == updateKey_); }
  Counts computeReplicaStatus() const;
  Error updateStatefulSetStatus(Counts);
  Error truncateHistory();

  // Why nothing happens (statefulset_waits.cpp).
  void waitForReplica(const Replica&);
  void waitForTermination(const Replica&);
  void waitForCondemned(const Replica&);
  void waitForUpdate(int64_t unavailable, int64_t maxUnavailable);
  void waitWith(decision::Rule, const Replica& blocker, std::string_view held);
  const Replica* firstMissing() const;
  const Replica* nextToUpdate() const;

  decision::Client& client_;
  const Settings& settings_;
  ConsistencyStore& consistency_;
  RevisionCache& cache_;
  StatefulSet set_;
  std::string key_;
  std::vector<Replica>& pods_;
  StatefulPodControl podControl_;
  History history_;
  const Millis now_;
  const int64_t minReadySeconds_;
  const bool monotonic_;

  std::vector<api::ControllerRevision> revisions_;
  api::ControllerRevision currentRevision_, updateRevision_;
  api::Key currentKey_{api::Key(api::key::Id(0))}, updateKey_{api::Key(api::key::Id(0))};
  int64_t collisionCount_ = 0;
  std::vector<Replica> missing_;  ///< the Pods still to be created
  std::vector<Replica*> replicas_, condemned_;
  const Replica* firstUnavailablePod_ = nullptr;
  Counts counts_;
  int64_t deletedForUpdate_ = 0;
};

}  // namespace controllers::statefulset
