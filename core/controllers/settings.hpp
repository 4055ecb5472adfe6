#pragma once
// What differs between modelled versions of Kubernetes, and the few numbers of the controller manager's flags. Every
// controller gets it when it is made.
#include <cstdint>

namespace controllers {

struct Settings {
  /// Gate MaxUnavailableStatefulSet: on in 1.35.0, off in 1.35.4 and 1.36, on in 1.37.
  bool maxUnavailableStatefulSet = true;
  /// Gate PersistentVolumeClaimUnusedSinceTime: claims have the condition Unused from 1.37 on.
  bool claimUnusedCondition = true;
  /// Gate StatefulSetRecreateStrategy: alpha in 1.37.
  bool statefulSetRecreateStrategy = false;
  /// How often the volume binder looks again at claims and volumes that are not settled (--pvclaimbinder-sync-period).
  int64_t volumeResyncMillis = 15000;
  /// The node lifecycle controller: how often it looks (--node-monitor-period) and how long a node may be silent
  /// (--node-monitor-grace-period). The recordings were made with 1 s and 6 s.
  int64_t nodeMonitorPeriodMillis = 5000;
  int64_t nodeMonitorGracePeriodMillis = 50000;
};

}  // namespace controllers
