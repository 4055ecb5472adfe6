#pragma once
// What a kubelet knows of one pod: which containers run, since when, what their probes said, when something is due
// next. A value; pod_worker.cpp moves it on in time, container_status.cpp says it to the API server. Models what
// matters of pkg/kubelet (pod_workers.go, kuberuntime, prober). NOT MODELLED: image pull failures, cgroups, container
// hooks other than a preStop sleep, ephemeral containers.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/decision/controller.hpp"
#include "core/decision/rules.hpp"
#include "core/node/kubelet.hpp"

namespace node {

using api::Millis;
inline constexpr Millis never = INT64_MAX;

struct ProbeRun {
  Millis next = never;
  int successes = 0, failures = 0;
};

struct ContainerRun {
  enum class State : uint8_t { waiting, running, exited } state = State::waiting;
  std::string reason = "ContainerCreating", message;  ///< of waiting
  int restarts = 0;
  int instance = 0;  ///< counts its starts: part of the containerID
  Millis startedAt = 0, finishedAt = 0;
  int exitCode = 0;
  bool hasLast = false;  ///< how the run before ended
  Millis lastStartedAt = 0, lastFinishedAt = 0;
  int lastExitCode = 0, lastInstance = 0;
  Millis backOff = 0, backOffSince = 0;  ///< client-go flowcontrol.Backoff's entry
  Millis restartAt = never, showBackOffAt = never;
  Millis endsAt = never;
  int endsWith = 0;
  bool ready = false, started = false;
  ProbeRun startup, readiness;
};

/// An Event that is recorded with the next write or wait, so that it is seen with what it is about.
struct PodEvent {
  api::Value about;
  std::string_view type, reason;
  std::string message;
};

struct PodWorker {
  enum class Step : uint8_t { accepted, mounting, pulling, initializing, running, terminating, ended };
  std::string uid, ip;
  Millis startTime = 0, due = 0;
  Step step = Step::accepted;
  std::vector<ContainerRun> init, containers;
  Millis killAt = never;  ///< the end of the grace period
  std::string pulling;    ///< the image that the node does not have yet
  int crashSerial = 0;    ///< the last injected crash that was carried out
  bool readinessFails = false;
  uint64_t revision = 0;                            ///< of its last own status write
  decision::Why why = decision::Rule::PodAccepted;  ///< of the next status write
  std::vector<PodEvent> events;

  bool isRunning() const;
  /// When something is due next.
  Millis nextDue() const;
};

/// What a worker needs of its kubelet.
struct Machine {
  std::string_view name;
  NodeState& addresses;
  std::set<std::string, std::less<>>& images;  ///< those it has pulled
};

/// Carries out all that is due. False: the pod waits for something that is not a time (a claim), which was recorded.
bool advance(PodWorker&, const api::Pod&, Machine&, decision::Client&);
/// The containers are asked to stop: at most `grace` from now on.
void terminate(PodWorker&, const api::Pod&, Millis grace, Millis now);
/// Records the Events that wait in the worker.
void flushEvents(PodWorker&, decision::Client&);

/// The status that the kubelet reports, built upon the pod's present one.
api::PodStatus reportedStatus(const PodWorker&, const api::Pod&, const api::Node&, Millis now);

}  // namespace node
