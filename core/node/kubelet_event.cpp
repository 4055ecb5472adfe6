// The kubelets that scenarios play. Models the oracle's kubelet.go event, on which all recordings rest.
#include "core/decision/rules.hpp"
#include "core/node/kubelet.hpp"
#include "core/node/pod_status.hpp"

namespace node {
namespace {
using api::Millis;
using api::Value;
using decision::Rule;
namespace key = api::key;

struct Outcome {
  std::string_view event, phase;  ///< phase "" keeps it, but for Pending, which becomes Running
  bool ready;
  Rule rule;
};
constexpr Outcome outcomes[] = {
    {"running", "Running", false, Rule::PodStarted},       {"ready", "Running", true, Rule::PodBecameReady},
    {"unready", "", false, Rule::PodBecameUnready},        {"crash", "", false, Rule::ContainerCrashed},
    {"restart", "", true, Rule::ContainerRestarted},       {"failed", "Failed", false, Rule::PodFailed},
    {"succeeded", "Succeeded", false, Rule::PodSucceeded}, {"terminated", "Succeeded", false, Rule::PodStopped},
};

api::ContainerState stateAfter(std::string_view event, Millis now) {
  if (event == "crash") return waitingState("CrashLoopBackOff", {});
  if (event == "failed") return exitedState(1, "Error", now, now);
  if (event == "succeeded" || event == "terminated") return exitedState(0, "Completed", now, now);
  return runningState(now);
}

/// The first event gives the pod its start time, addresses and container statuses.
void begin(decision::Client& client, NodeState& state, const api::Pod& pod, api::PodStatus& status) {
  status.startTime(api::formatTime(client.now()));
  setAddress(status, state.nextAddress());
  const apiserver::Response n = client.get(api::Resource::nodes, "", pod.spec().nodeName());
  if (n.ok()) setHost(status, api::as<api::Node>(n.body));
  std::vector<Value> containers;
  for (const api::Container& c : pod.spec().containers()) {
    containers.push_back(Value::object({{key::name, c.name()},
                                        {key::image, c.image()},
                                        {key::imageID, "sha256:" + std::string(c.image())},
                                        {key::containerID, "sim://" + std::string(c.name())},
                                        {key::lastState, Value::object({})},
                                        {key::ready, false},
                                        {key::restartCount, 0},
                                        {key::started, false},
                                        {key::state, Value::object({})}}));
  }
  status.doc.set(key::containerStatuses, Value::array(std::move(containers)));
}

void setContainers(api::PodStatus& status, bool ready, const api::ContainerState& state, int restarts, Millis now) {
  auto containers = status.containerStatuses();
  for (size_t i = 0; i < containers.size(); ++i) {
    api::ContainerStatus c = containers[i];
    c.doc.setAll({{key::ready, ready},
                  {key::restartCount, c.restartCount() + restarts},
                  {key::started, state.has(key::running)},
                  {key::state, state.doc}});
    containers.set(i, c);
  }
  if (!containers.empty()) status.containerStatuses(std::move(containers));
  if (status.phase() == "Pending") status.phase("Running");
  setCondition(status, "PodReadyToStartContainers", true, {}, {}, now);
  setCondition(status, "Initialized", true, {}, {}, now);
  const std::string_view reason = ready                           ? ""
                                  : status.phase() == "Succeeded" ? "PodCompleted"
                                  : status.phase() == "Failed"    ? "PodFailed"
                                                                  : "ContainersNotReady";
  setCondition(status, "ContainersReady", ready, reason, {}, now);
  setCondition(status, "Ready", ready, reason, {}, now);
}
}  // namespace

std::string NodeState::nextAddress() {
  const int64_t n = lastAddress++;
  return "10." + std::to_string(244 + n / 254) + "." + std::to_string(index) + "." + std::to_string(1 + n % 254);
}

bool kubeletEvent(decision::Client& client, NodeState& state, std::string_view ns, std::string_view name,
                  std::string_view event, std::string& error) {
  const apiserver::Response found = client.get(api::Resource::pods, ns, name);
  if (!found.ok()) return error = found.message(), false;
  api::Pod pod = api::as<api::Pod>(found.body);
  const std::string node(pod.spec().nodeName());
  if (node.empty()) return error = "pod " + std::string(name) + " is not bound to a node", false;
  const Outcome* outcome = nullptr;
  for (const Outcome& o : outcomes) {
    if (o.event == event) outcome = &o;
  }
  if (!outcome) return error = "unknown kubelet event \"" + std::string(event) + "\"", false;
  const bool terminated = event == "terminated";
  if (terminated && pod.metadata().deletionTimestamp().empty()) {
    return error = "pod " + std::string(name) + " is not being deleted", false;
  }

  const Millis now = client.now();
  api::PodStatus status = pod.status();
  if (status.startTime().empty()) begin(client, state, pod, status);
  status.observedGeneration(pod.metadata().generation());
  const bool ended = status.phase() == "Failed" || status.phase() == "Succeeded";
  if (!outcome->phase.empty() && !(terminated && ended)) status.phase(outcome->phase);
  setContainers(status, outcome->ready, stateAfter(event, now), event == "restart" ? 1 : 0, now);
  pod.status(std::move(status));

  const std::string object = store::objectName("Pod", ns, name);
  const auto written = client.updateStatus({outcome->rule, {{"pod", name}, {"node", node}, {"object", object}}}, pod);
  if (!written.ok()) return error = written.message(), false;
  return true;
}

bool removeEndedPod(decision::Client& client, std::string_view ns, std::string_view name, std::string& error) {
  const apiserver::Response found = client.get(api::Resource::pods, ns, name);
  if (!found.ok()) return error = found.message(), false;
  const api::Pod pod = api::as<api::Pod>(found.body);
  apiserver::DeleteOptions options;
  options.gracePeriodSeconds = 0;
  options.uid = pod.metadata().uid();
  const std::string object = store::objectName("Pod", ns, name);
  const auto removed = client.remove(
      {Rule::PodRemoved, {{"pod", name}, {"node", pod.spec().nodeName()}, {"object", object}}}, pod, options);
  if (!removed.ok()) return error = removed.message(), false;
  return true;
}

}  // namespace node
