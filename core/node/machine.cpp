#include "core/node/machine.hpp"
#include "core/decision/rules.hpp"

namespace node {
namespace {
using api::Value;
using decision::Rule;
namespace key = api::key;

struct Good {
  std::string_view type, status, reason, message;
};
constexpr Good good[] = {
    {"Ready", "True", "KubeletReady", "kubelet is posting ready status"},
    {"MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"},
    {"DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"},
    {"PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"},
};

Value capacity() {
  return Value::object({{key::cpu, "4"}, {key::memory, "8Gi"}, {key::pods, "110"}, {key::ephemeralStorage, "100Gi"}});
}

Value nodeInfo() {
  api::NodeSystemInfo i;
  i.machineID("");
  i.systemUUID("");
  i.bootID("");
  i.kernelVersion("");
  i.osImage("");
  i.containerRuntimeVersion("");
  i.kubeletVersion(kubernetesVersion);
  i.kubeProxyVersion("");
  i.operatingSystem("linux");
  i.architecture("amd64");
  return i.doc;
}
}  // namespace

api::Node newNode(std::string_view name, int index, api::Millis now) {
  const std::string time = api::formatTime(now);
  const auto address = [](std::string_view type, std::string_view value) {
    return Value::object({{key::type, type}, {key::address, value}});
  };
  Value condition = Value::object({{key::type, good[0].type},
                                   {key::status, good[0].status},
                                   {key::lastHeartbeatTime, time},
                                   {key::lastTransitionTime, time},
                                   {key::reason, good[0].reason},
                                   {key::message, good[0].message}});
  Value labels = Value::object(
      {{key::hostnameLabel, name}, {api::Key("kubernetes.io/os"), "linux"}, {api::Key("kubernetes.io/arch"), "amd64"}});
  api::NodeStatus status;
  status.doc = Value::object(
      {{key::capacity, capacity()},
       {key::allocatable, capacity()},
       {key::conditions, Value::array({std::move(condition)})},
       {key::addresses,
        Value::array({address("InternalIP", "192.0.2." + std::to_string(index)), address("Hostname", name)})},
       {key::daemonEndpoints, Value::object({{key::kubeletEndpoint, Value::object({{key::Port, 0}})}})},
       {key::nodeInfo, nodeInfo()}});
  return api::as<api::Node>(
      Value::object({{key::apiVersion, "v1"},
                     {key::kind, "Node"},
                     {key::metadata, Value::object({{key::name, name}, {key::labels, std::move(labels)}})},
                     {key::spec, Value::object({})},
                     {key::status, std::move(status.doc)}}));
}

std::string addNode(decision::Client& client, std::string_view name, int index) {
  const apiserver::Response r =
      client.create({Rule::NodeAdded, {{"node", name}, {"object", "Node//" + std::string(name)}}},
                    newNode(name, index, client.now()));
  return r.ok() ? std::string() : std::string(r.message());
}

std::string nodeUnreachable(decision::Client& client, std::string_view name) {
  if (!client.view().get<api::Node>("", name)) return "nodes \"" + std::string(name) + "\" not found";
  if (isSilent(client.facts(), name)) return {};
  client.setFact({Rule::NodeSilent, {{"node", name}}}, machineKey(name),
                 Value::object({{api::Key("silentSince"), client.now()}}), "Node//" + std::string(name));
  return {};
}

std::string nodeRecovered(decision::Client& client, std::string_view name) {
  const decision::Why why(Rule::NodeRecovered, {{"node", name}, {"object", "Node//" + std::string(name)}});
  if (isSilent(client.facts(), name)) client.setFact(why, machineKey(name), Value(), "Node//" + std::string(name));
  const apiserver::Response found = client.get(api::Resource::nodes, "", name);
  if (!found.ok()) return {};
  const std::string now = api::formatTime(client.now());
  api::Node n = api::as<api::Node>(found.body);
  api::NodeStatus status = n.status();
  auto conditions = status.conditions();
  for (size_t i = 0; i < conditions.size(); ++i) {
    api::NodeCondition c = conditions[i];
    for (const Good& g : good) {
      if (c.type() != g.type) continue;
      if (c.status() != g.status) c.lastTransitionTime(now);
      c.status(g.status);
      c.reason(g.reason);
      c.message(g.message);
      c.lastHeartbeatTime(now);
      conditions.set(i, c);
    }
  }
  status.conditions(std::move(conditions));
  n.status(std::move(status));
  const apiserver::Response written = client.updateStatus(why, n);
  return written.ok() ? std::string() : std::string(written.message());
}

}  // namespace node
