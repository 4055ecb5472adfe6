#pragma once
// Probes of containers: when they run and what follows from them. Models pkg/kubelet/prober/worker.go.
// NOT MODELLED: liveness probes, as nothing makes a simulated program hang.
#include <string>
#include <string_view>

#include "core/node/pod_worker.hpp"

namespace node {

void startProbes(ContainerRun&, const api::Container&, Millis now);
void stopProbes(ContainerRun&);
/// Runs the probes that are due. True where anything was done. `unhealthy` gets the message of the Event Unhealthy.
bool runProbes(ContainerRun&, const api::Container&, std::string_view ip, bool readinessFails, Millis now,
               std::string& unhealthy);
/// The readiness probe runs again at its next turn, although it had nothing to find.
void resumeReadiness(ContainerRun&, const api::Container&, Millis now);

}  // namespace node
