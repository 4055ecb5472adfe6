#pragma once
// What the StatefulSet controller writes about one Pod: the Pod itself, its claims, the owners of its claims, and the
// Events that tell of it. Models pkg/controller/statefulset/stateful_pod_control.go (v1.37).
#include <string>
#include <string_view>

#include "core/controllers/error.hpp"
#include "core/controllers/refs.hpp"
#include "core/controllers/statefulset_utils.hpp"

namespace controllers::statefulset {

class StatefulPodControl {
 public:
  StatefulPodControl(decision::Client& client, ConsistencyStore& consistency, const StatefulSet& set, std::string key)
      : client_(client), consistency_(consistency), set_(set), key_(std::move(key)) {}

  /// Creates the missing claims, then the Pod. AlreadyExists is an error without an Event.
  Error createStatefulPod(const decision::Why&, const Pod&);
  /// Puts identity, storage and the owners of the claims in order again.
  Error updateStatefulPod(Pod);
  /// A Pod that is gone already is as good as deleted.
  Error deleteStatefulPod(const decision::Why&, const Pod&);
  Error createMissingPersistentVolumeClaims(const Pod&);
  /// False where a claim's owners are not what the retention policy wants.
  bool claimsMatchRetentionPolicy(const Pod&) const;
  Error updatePodClaimForRetentionPolicy(const Pod&);
  /// The claim that still belongs to a former Pod of that name and will go with it; "" where there is none.
  std::string staleClaim(int64_t ordinal) const;

 private:
  Error createPersistentVolumeClaims(std::string_view podName);
  PersistentVolumeClaim claimOf(const PersistentVolumeClaim& claimTemplate, int64_t ordinal) const;
  void recordPodEvent(std::string_view verb, std::string_view podName, const Error&);
  void recordClaimEvent(std::string_view podName, std::string_view claimName, const Error&);

  decision::Client& client_;
  ConsistencyStore& consistency_;
  StatefulSet set_;
  std::string key_;
};

}  // namespace controllers::statefulset
