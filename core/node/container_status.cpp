// What a kubelet reports of a pod. Models pkg/kubelet/kubelet_pods.go generateAPIPodStatus and status/generate.go.
#include <algorithm>

#include "core/node/pod_status.hpp"
#include "core/node/pod_worker.hpp"

namespace node {
namespace {
using api::Key;
using api::Value;
using State = ContainerRun::State;
using Step = PodWorker::Step;
namespace key = api::key;

std::string hexOf(std::string_view a, std::string_view b, int n) {
  std::string out;
  uint64_t h = 14695981039346656037u + uint64_t(n);
  for (int word = 0; word < 4; ++word) {
    for (std::string_view part : {a, b}) {
      for (unsigned char c : part) h = (h ^ c) * 1099511628211u;
    }
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(h >> shift) & 15];
  }
  return out;
}

Value ended(const Ending& e, const std::string& id) {
  const std::string_view reason = !e.reason.empty() ? e.reason : e.code == 0 ? "Completed" : "Error";
  Value s = exitedState(e.code, reason, e.startedAt, e.finishedAt).doc;
  s.set({key::terminated, key::containerID}, id);
  if (!e.message.empty()) s.set({key::terminated, key::message}, e.message);
  return s;
}

Value containerStatus(const PodWorker& w, const ContainerRun& c, const api::Container& spec, bool init) {
  const auto id = [&](int instance) { return "containerd://" + hexOf(w.uid, spec.name(), instance); };
  Value state;
  switch (c.state) {
    case State::waiting: state = waitingState(c.reason, c.message).doc; break;
    case State::running: state = runningState(c.startedAt).doc; break;
    case State::exited: state = ended(c.end, id(c.instance)); break;
  }
  const bool completed = init && c.state == State::exited && c.end.code == 0;
  return Value::object(
      {{key::name, spec.name()},
       {key::image, spec.image()},
       {key::imageID, c.instance ? std::string(spec.image()) + "@sha256:" + hexOf(spec.image(), "", 0) : std::string()},
       {key::containerID, c.instance ? Value(id(c.instance)) : Value()},
       {key::ready, c.ready || completed},
       {key::started, c.started},
       {key::restartCount, c.restarts},
       {key::state, std::move(state)},
       {key::lastState, c.hasLast ? ended(c.last, id(c.last.instance)) : Value::object({})}});
}

Value containerStatuses(const PodWorker& w, const std::vector<ContainerRun>& runs,
                        const api::List<api::Container>& specs, bool init) {
  std::vector<Value> out;
  for (size_t i = 0; i < runs.size(); ++i) {
    Value status = containerStatus(w, runs[i], specs[i], init);
    if (status[key::containerID].isNull()) status.erase(key::containerID);
    out.push_back(std::move(status));
  }
  return Value::array(std::move(out));
}

bool restarts(std::string_view policy, int code) { return policy == "Always" || (policy == "OnFailure" && code != 0); }

/// Models pkg/kubelet/kubelet_pods.go getPhase.
std::string_view getPhase(const PodWorker& w, const api::Pod& pod) {
  const std::string_view policy = pod.spec().restartPolicy();
  const auto inits = pod.spec().initContainers();
  for (size_t i = 0; i < w.init.size(); ++i) {
    const ContainerRun& c = w.init[i];
    const bool sidecar = inits[i].restartPolicy() == "Always";
    if (c.state == State::exited && c.end.code != 0 && policy == "Never" && !sidecar) return "Failed";
    if (!sidecar && (c.state != State::exited || c.end.code != 0)) return "Pending";
  }
  int waiting = 0, running = 0, stopped = 0, restartable = 0, succeeded = 0;
  for (const ContainerRun& c : w.containers) {
    if (c.state == State::running) {
      ++running;
    } else if (c.state == State::waiting && !c.hasLast) {
      ++waiting;
    } else {
      const int code = c.state == State::exited ? c.end.code : c.last.code;
      ++stopped;
      restartable += restarts(policy, code);
      succeeded += c.state == State::exited && code == 0;
    }
  }
  if (waiting > 0) return "Pending";
  if (running > 0 || stopped == 0) return running > 0 ? "Running" : "Pending";
  if (w.step != Step::ended && restartable > 0) return "Running";
  return stopped == succeeded ? "Succeeded" : "Failed";
}

/// The names of what is not ready, as Go prints a list of strings.
template <class Ok>
std::string namesOf(const std::vector<ContainerRun>& runs, const api::List<api::Container>& specs, Ok&& ok) {
  std::string out;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (!ok(runs[i])) (out += out.empty() ? "" : " ") += specs[i].name();
  }
  return out;
}

/// Models status/generate.go GeneratePodReadyCondition; "" where all gates are open.
std::string closedGates(const api::Pod& pod, const api::PodStatus& status) {
  std::string out;
  for (const api::PodReadinessGate& gate : pod.spec().readinessGates()) {
    const std::string type(gate.conditionType());
    std::string_view found;
    for (const api::PodCondition& c : status.conditions()) {
      if (c.type() == type) found = c.status();
    }
    if (found == "True") continue;
    if (!out.empty()) out += ", ";
    out += found.empty()
               ? "corresponding condition of pod readiness gate \"" + type + "\" does not exist."
               : "the status of pod readiness gate \"" + type + "\" is not \"True\", but " + std::string(found);
  }
  return out;
}

void setConditions(api::PodStatus& status, const PodWorker& w, const api::Pod& pod, Millis now) {
  const int64_t generation = pod.metadata().generation();
  const auto set = [&](std::string_view type, bool ok, std::string_view reason, const std::string& message) {
    setCondition(status, type, ok, reason, message, generation, now);
  };
  const std::string_view phase = status.phase();
  const bool sandbox = !w.ip.empty() && w.step != Step::ended;
  set("PodReadyToStartContainers", sandbox, {}, {});
  const std::string incomplete = w.step >= Step::starting
                                     ? std::string()
                                     : namesOf(w.init, pod.spec().initContainers(), [](const ContainerRun& c) {
                                         return c.state == State::exited && c.end.code == 0;
                                       });
  const bool succeeded = phase == "Succeeded";
  set("Initialized", incomplete.empty(),
      succeeded            ? "PodCompleted"
      : incomplete.empty() ? ""
                           : "ContainersNotInitialized",
      incomplete.empty() ? std::string() : "containers with incomplete status: [" + incomplete + "]");
  const std::string unready =
      namesOf(w.containers, pod.spec().containers(), [](const ContainerRun& c) { return c.ready; });
  std::string_view reason = succeeded ? "PodCompleted" : phase == "Failed" ? "PodFailed" : "ContainersNotReady";
  std::string message = succeeded || phase == "Failed" ? "" : "containers with unready status: [" + unready + "]";
  const bool ready = unready.empty() && !succeeded && phase != "Failed";
  if (ready) reason = {}, message.clear();
  set("ContainersReady", ready, reason, message);
  const std::string closed = ready ? closedGates(pod, status) : std::string();
  if (!closed.empty()) reason = "ReadinessGatesNotReady", message = closed;
  set("Ready", ready && closed.empty(), reason, message);
}
}  // namespace

api::PodStatus reportedStatus(const PodWorker& w, const api::Pod& pod, const api::Node& host, Millis now) {
  api::PodStatus status = pod.status();
  status.observedGeneration(pod.metadata().generation());
  if (status.startTime().empty()) status.startTime(api::formatTime(w.startTime));
  if (status.hostIP().empty()) setHost(status, host);
  if (!w.ip.empty() && status.podIP() != w.ip) setAddress(status, w.ip);
  const std::string_view phase = status.phase();
  if (phase != "Failed" && phase != "Succeeded") status.phase(getPhase(w, pod));
  if (!w.init.empty()) {
    status.doc.set(key::initContainerStatuses, containerStatuses(w, w.init, pod.spec().initContainers(), true));
  }
  status.doc.set(key::containerStatuses, containerStatuses(w, w.containers, pod.spec().containers(), false));
  setConditions(status, w, pod, now);
  return status;
}

}  // namespace node
