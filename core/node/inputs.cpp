#include "core/node/inputs.hpp"

#include <charconv>

#include "core/decision/rules.hpp"
#include "core/node/disk.hpp"
#include "core/node/machine.hpp"
#include "core/node/played_kubelet.hpp"
#include "core/node/records.hpp"

namespace node {
namespace {
using api::Key;
using api::Value;
using decision::Rule;
namespace key = api::key;

std::string_view text(const Value& what, std::string_view member) {
  const Value* v = what.find(member);
  return v ? v->asString() : std::string_view();
}

std::string_view namespaceOf(const Value& what) {
  const std::string_view ns = text(what, "namespace");
  return ns.empty() ? "default" : ns;
}

int indexIn(std::string_view name) {
  int index = 1;
  const size_t digits = name.find_last_not_of("0123456789") + 1;
  if (digits < name.size()) std::from_chars(name.data() + digits, name.data() + name.size(), index);
  return index;
}

std::string nodeInput(decision::Client& client, const Value& what) {
  const std::string_view event = text(what, "event"), name = text(what, "name");
  if (event == "add") return addNode(client, name, indexIn(name));
  if (event == "unreachable") return nodeUnreachable(client, name);
  if (event == "recovered") return nodeRecovered(client, name);
  return "unknown node event \"" + std::string(event) + "\"";
}

std::string played(decision::Client& client, NodeState& state, const Value& what, std::string_view event) {
  std::string error;
  const std::string_view name = text(what, "pod");
  const auto pod = client.view().get<api::Pod>(namespaceOf(what), name);
  if (!kubeletEvent(client, state, namespaceOf(what), name, event, error)) return error;
  if (event == "terminated") {
    const std::string podKey = store::keyOf(namespaceOf(what), name);
    client.setFact({Rule::PodStopped, {{"pod", name}, {"node", pod.spec().nodeName()}, {"object", "Pod/" + podKey}}},
                   endedKey(pod.metadata().uid()), podKey, "Pod/" + podKey);
  }
  return {};
}

bool hasContainer(const api::Pod& pod, std::string_view name) {
  for (const auto& specs : {pod.spec().containers(), pod.spec().initContainers()})
    for (const api::Container& c : specs)
      if (c.name() == name) return true;
  return false;
}

/// Leaves word for the kubelet of a pod in its fact.
std::string breakPod(decision::Client& client, const Value& what, std::string_view member, Value value) {
  const std::string_view name = text(what, "pod");
  const auto pod = client.view().get<api::Pod>(namespaceOf(what), name);
  if (!pod) return "pods \"" + std::string(name) + "\" not found";
  if (pod.spec().nodeName().empty()) return "pod " + std::string(name) + " is not bound to a node";
  const std::string_view container = text(what, "container");
  if (!container.empty() && !hasContainer(pod, container))
    return "container " + std::string(container) + " is not valid for pod " + std::string(name);
  const std::string factKey = podFaultKey(pod.metadata().uid());
  Value fact = client.facts().get(factKey);
  if (value.isNull()) {
    if (fact.find(member)) fact.erase(Key(member));
  } else {
    fact.set(Key(member), std::move(value));
  }
  if (fact.size() == 0) fact = Value();
  client.setFact({Rule::FaultInjected, {{"fault", what}}}, factKey, std::move(fact),
                 "Pod/" + store::keyOf(namespaceOf(what), name));
  return {};
}

/// The container that is meant (all, where none is) and how often it had been restarted: it is this run of it that
/// hangs, and the next one is a new process.
Value runs(const decision::Client& client, const Value& what) {
  const std::string_view wanted = text(what, "container");
  const auto pod = client.view().get<api::Pod>(namespaceOf(what), text(what, "pod"));
  Value out = Value::object({});
  for (auto [specs, statuses] : {std::pair(pod.spec().containers(), pod.status().containerStatuses()),
                                 std::pair(pod.spec().initContainers(), pod.status().initContainerStatuses())}) {
    for (const api::Container& c : specs)
      if (wanted.empty() || c.name() == wanted) out.set(Key(c.name()), 0);
    for (const api::ContainerStatus& s : statuses)
      if (out.find(s.name())) out.set(Key(s.name()), s.restartCount());
  }
  return out;
}

std::string crash(decision::Client& client, const Value& what, bool outOfMemory) {
  const Value* code = what.find("exitCode");
  const auto pod = client.view().get<api::Pod>(namespaceOf(what), text(what, "pod"));
  const Value before = pod ? client.facts().get(podFaultKey(pod.metadata().uid())) : Value();
  const Value* last = before.find("crash");
  return breakPod(client, what, "crash",
                  Value::object({{Key("container"), text(what, "container")},
                                 {key::exitCode, outOfMemory ? 137
                                                 : code      ? code->asInt()
                                                             : 1},
                                 {key::reason, outOfMemory ? "OOMKilled" : ""},
                                 {Key("serial"), last ? (*last)[Key("serial")].asInt() + 1 : 1}}));
}
}  // namespace

std::string podFaultKey(std::string_view uid) { return "pod/" + std::string(uid); }

bool handlesInput(std::string_view type) {
  for (std::string_view left = inputTypes; !type.empty();) {
    const size_t end = left.find(", ");
    if (left.substr(0, end) == type) return true;
    if (end == left.npos) break;
    left.remove_prefix(end + 2);
  }
  return false;
}

std::string inputNode(const store::Objects& objects, const Value& what) {
  const std::string_view type = text(what, "type");
  if (type == "node") return std::string(text(what, "name"));
  if (type == "nodeLost" || type == "nodeBack") return std::string(text(what, "node"));
  const Value* pod = objects.get(api::Resource::pods, namespaceOf(what), text(what, "pod"));
  return pod ? std::string(pod->get({key::spec, key::nodeName}).asString()) : std::string();
}

std::string performInput(NodeClient& client, NodeState& state, KubeletMode mode, const Value& what) {
  const std::string_view type = text(what, "type");
  const bool real = mode == KubeletMode::real;
  if (type == "kubelet") return played(client, state, what, text(what, "event"));
  if (type == "node") return nodeInput(client, what);
  if (type == "nodeLost") return nodeUnreachable(client, text(what, "node"));
  if (type == "nodeBack") return nodeRecovered(client, text(what, "node"));
  if (type == "containerCrash" || type == "outOfMemory")
    return real ? crash(client, what, type == "outOfMemory") : played(client, state, what, "crash");
  if (type == "containerHang" || type == "probe") {
    if (!real) return "only kubelets that act by themselves have containers that do so";
    const Value *on = what.find("on"), *ok = what.find("ok");
    if (type == "containerHang")
      return breakPod(client, what, "hangs", !on || on->asBool() ? runs(client, what) : Value());
    const std::string probe(text(what, "probe"));
    if (probe != "liveness" && probe != "readiness" && probe != "startup")
      return "probe must be \"liveness\", \"readiness\" or \"startup\"";
    return breakPod(client, what, probe + "Fails", ok && ok->asBool() ? Value() : Value(true));
  }
  if (type == "readiness") {
    const Value* ready = what.find("ready");
    const bool ok = ready && ready->asBool();
    if (!real) return played(client, state, what, ok ? "ready" : "unready");
    return breakPod(client, what, "readinessFails", ok ? Value() : Value(true));
  }
  if (type == "write") return writeRecord(client, namespaceOf(what), text(what, "pod"), text(what, "text"));
  if (type == "diskFull") {
    const Value* full = what.find("full");
    return fillDisk(client, text(what, "volume"), !full || full->asBool());
  }
  return "unknown input";
}

}  // namespace node
