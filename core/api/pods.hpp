#pragma once
// What controllers, kubelets and views ask about a pod: is it Ready, available, ending? One place, so that all mean the
// same. Models pkg/api/v1/pod/util.go and pkg/controller/controller_utils.go (v1.37).
#include <cstdint>
#include <string_view>

#include "core/api/time.hpp"
#include "generated/api/types.hpp"

namespace api {

/// The condition of that type; an empty view where there is none.
PodCondition podCondition(const Pod&, std::string_view type);

/// Condition Ready is True.
bool isPodReady(const Pod&);
/// Since when the condition Ready is True; -1 where it is not.
Millis podReadySince(const Pod&);
/// Ready for at least minReadySeconds.
bool isPodAvailable(const Pod&, int64_t minReadySeconds, Millis now);

/// The API server keeps it: it has a phase.
bool isCreated(const Pod&);
bool isPending(const Pod&);
/// Phase Running and condition Ready.
bool isRunningAndReady(const Pod&);
/// Phase Failed or Succeeded: no container runs or will run again.
bool isPodTerminal(const Pod&);
/// Its deletion has begun (metadata.deletionTimestamp).
bool isTerminating(const Pod&);
/// Neither terminal nor being deleted.
bool isPodActive(const Pod&);
/// Bound to a node.
bool isScheduled(const Pod&);

/// The owner that is its controller; an empty view where there is none.
OwnerReference controllerOf(const ObjectMeta&);
/// An owner reference that makes `owner` the controller. Models apimachinery meta/v1 NewControllerRef.
OwnerReference newControllerRef(std::string_view apiVersion, std::string_view kind, const ObjectMeta& owner);

}  // namespace api
