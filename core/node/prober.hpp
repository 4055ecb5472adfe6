#pragma once
// Probes of containers: when they run and what follows from them. Models pkg/kubelet/prober (worker.go, prober.go) and
// pkg/probe. A probe whose answer cannot change by itself rests until something is written or broken, so that a quiet
// cluster has nothing to do: web servers' access logs therefore do not show every probe.
#include <string>
#include <string_view>

#include "core/node/pod_worker.hpp"

namespace node {

/// One attempt. `output` is what the Event says after "failed: "; `lasting`: the same comes out until something is
/// written or broken.
struct ProbeAnswer {
  bool ok = true, lasting = true;
  std::string output;
};
ProbeAnswer askProbe(NodeClient&, const api::Pod&, const api::Container&, ContainerRun&, PodWorker&, Turns&,
                     const api::Probe&);

void startProbes(ContainerRun&, const api::Container&, Millis now);
void stopProbes(ContainerRun&);

/// What is found when the probes that are due have run.
struct ProbeFindings {
  bool changed = false;                ///< anything was done
  std::vector<std::string> unhealthy;  ///< messages of the Event Unhealthy
  std::string_view killedBy;           ///< "liveness" or "startup": the container is to be restarted
};
ProbeFindings runProbes(NodeClient&, const api::Pod&, const api::Container&, ContainerRun&, PodWorker&, Turns&);
/// Probes that rest run again at their next turn.
void resumeProbes(ContainerRun&, const api::Container&, Millis now);

}  // namespace node
