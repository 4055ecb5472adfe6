#pragma once
// What reaches a cluster from outside its control plane: a scenario's steps, a user's faults. Each is plain data, so
// that a session can be saved and replayed.
#include <string>
#include <string_view>

#include "core/api/value.hpp"

namespace sim {

/// {type, …} as in JavaScript's fault() and in saved sessions. Types and their members:
///   kubelet {pod, namespace?, event}: a manual kubelet's pod is running, ready, unready, crash, restart, failed,
///     succeeded or terminated
///   node {name, event}: add, unreachable, recovered
///   provision {claim, namespace?}: with the provisioner on manual
///   containerCrash {pod, namespace?, container?, exitCode?}
///   outOfMemory {pod, namespace?, container?}: the kernel kills it, reason OOMKilled
///   containerHang {pod, namespace?, container?, on?}: this run of it answers no more, not even to signals
///   readiness {pod, namespace?, ready}: its readiness probe fails (false) or succeeds again (true)
///   probe {pod, namespace?, probe, ok?}: the same for liveness, readiness or startup
///   podDelete {pod, namespace?, force?}
///   nodeLost {node}, nodeBack {node}
///   failWrite {actor?, times?}: the next API writes of an actor ("" or absent: any controller's) fail
///   lag {actor, on}: the actor's view stands still, or catches up
///   stop {actor, on}: the actor does no work, or works again
///   write {pod, namespace?, text}: a client writes a record to the program in a pod
///   diskFull {volume, full?}: a PersistentVolume has no space left, or has it again
struct Input {
  api::Value what;
};

}  // namespace sim
