#pragma once
// What a kubelet knows of one pod: which containers run, since when, which programs run in them, what their probes
// said, when something is due next. A value; pod_worker.cpp moves it on in time, container_run.cpp starts and stops
// containers, container_status.cpp says it to the API server. Models what matters of pkg/kubelet (pod_workers.go,
// kuberuntime, prober). NOT MODELLED: cgroups, ephemeral containers.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/decision/rules.hpp"
#include "core/node/client.hpp"
#include "core/node/kubelet.hpp"
#include "core/node/reach.hpp"
#include "core/node/serving.hpp"
#include "core/shell/shell.hpp"

namespace node {

using api::Millis;
inline constexpr Millis never = INT64_MAX;

struct ProbeRun {
  Millis next = never;
  int successes = 0, failures = 0;
  bool rests = false;  ///< its answer cannot change until something is written or broken
};

/// How a container ended.
struct Ending {
  Millis startedAt = 0, finishedAt = 0;
  int code = 0, instance = 0;
  std::string_view reason;  ///< "" : Completed or Error, by the code
  std::string message;
};

struct ContainerRun {
  enum class State : uint8_t { waiting, running, exited } state = State::waiting;
  std::string reason = "ContainerCreating", message;  ///< of waiting
  int restarts = 0;
  int instance = 0;  ///< counts its starts: part of the containerID
  Millis startedAt = 0;
  Ending end;            ///< of this run, once exited
  bool hasLast = false;  ///< how the run before ended
  Ending last;
  Millis backOff = 0, backOffSince = 0;  ///< client-go flowcontrol.Backoff's entry
  Millis pullBackOff = 0;
  Millis restartAt = never, showBackOffAt = never;
  Millis endsAt = never;  ///< its program ends then, as `endsWith`
  int endsWith = 0;
  std::string_view endReason;
  bool ready = false, started = false;
  ProbeRun startup, readiness, liveness;

  std::optional<shell::Shell> shell;  ///< process 1, where that is no server of the image
  Millis wake = never;                ///< when it goes on
  int signal = 0;                     ///< sent to process 1 from within
  enum class Hook : uint8_t { none, postStart, preStop } hook = Hook::none;
  std::optional<shell::Shell> hookShell;
  Millis hookWake = never;
  bool stopping = false;
  Millis killAt = never;  ///< SIGKILL

  Millis nextDue() const;
};

/// A program started by exec. It ends with its container.
struct ExecSession {
  int64_t id = 0;
  std::string container;
  int instance = 0;
  shell::Shell shell;
  std::string out, err;  ///< not asked for yet
  Millis wake = never;
  bool ended = false;
  int exit = 0;
};

/// An Event that is recorded with the next write or wait, so that it is seen with what it is about.
struct PodEvent {
  api::Value about;
  std::string_view type, reason;
  std::string message;
};

struct PodWorker {
  enum class Step : uint8_t { accepted, mounting, pulling, initializing, starting, running, terminating, ended };
  std::string uid, ip;
  Millis startTime = 0, due = 0;
  Step step = Step::accepted;
  std::vector<ContainerRun> init, containers;
  std::vector<ExecSession> sessions;
  std::vector<std::string> volumes;  ///< the PersistentVolumes it has mounted
  Millis graceEnds = never;
  std::string pulling;    ///< the image that the node does not have yet
  std::string unmounted;  ///< why a volume cannot be mounted
  Millis mountBackOff = 0;
  int crashSerial = 0;  ///< the last injected crash that was carried out
  bool readinessFails = false, livenessFails = false, startupFails = false;
  api::Value hangs;                                 ///< what hangs by a fault, as in its fact (inputs.hpp)
  uint64_t revision = 0;                            ///< of its last own status write
  decision::Why why = decision::Rule::PodAccepted;  ///< of the next status write
  std::vector<PodEvent> events;

  bool isRunning() const;
  /// When something is due next.
  Millis nextDue() const;
  bool isHung(std::string_view container, const ContainerRun& c) const {
    return isHanging(hangs, container, c.restarts);
  }
};

/// What a worker needs of its kubelet.
struct Machine {
  std::string_view name;
  NodeState& addresses;
  std::set<std::string, std::less<>>& images;  ///< those it has pulled
  Turns& turns;
  int64_t& serial;  ///< of exec sessions
};

/// Carries out all that is due. False: the pod waits for something that is not a time (a claim), which was recorded.
bool advance(PodWorker&, const api::Pod&, Machine&, NodeClient&);
/// The containers are asked to stop: at most `grace` from now on. Once all have ended, the step is `ended`.
void terminate(PodWorker&, const api::Pod&, Millis grace, Machine&, NodeClient&);
/// What is written about this pod's files may change what its probes find.
void recheckProbes(PodWorker&, const api::Pod&, Millis now);
/// Records the Events that wait in the worker.
void flushEvents(PodWorker&, NodeClient&);
/// exec, attach, portforward (core/shell/connect.hpp has the members).
apiserver::Response connectTo(PodWorker&, const api::Pod&, std::string_view subresource, const api::Value& options,
                              Machine&, NodeClient&);

/// The status that the kubelet reports, built upon the pod's present one.
api::PodStatus reportedStatus(const PodWorker&, const api::Pod&, const api::Node&, Millis now);

}  // namespace node
