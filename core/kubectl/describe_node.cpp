// The description of a node: its state, and how much of it the pods on it ask for. Models kubectl pkg/describe.
#include <algorithm>

#include "core/api/quantity.hpp"
#include "core/api/sort.hpp"
#include "core/kubectl/describing.hpp"

namespace kubectl {
namespace {

using api::Quantity;

Quantity quantity(const Value& map, std::string_view name) {
  const Value& v = member(map, name);
  return v.isNull() ? Quantity() : Quantity(scalar(v));
}

/// What a pod asks for: the sum of its containers, or its largest init container.
Quantity podTotal(const Value& pod, std::string_view kind, std::string_view resource) {
  Quantity sum, init;
  for (const Value& c : at(pod, "spec.containers").values()) sum += quantity(at(at(c, "resources"), kind), resource);
  for (const Value& c : at(pod, "spec.initContainers").values()) {
    init = std::max(init, quantity(at(at(c, "resources"), kind), resource));
  }
  return std::max(sum, init);
}

std::string share(Quantity part, Quantity whole) {
  int64_t percent = whole.isZero() ? 0 : int64_t(double(part.nanos) / double(whole.nanos) * 100);
  return api::toString(part) + " (" + std::to_string(percent) + "%)";
}

void amounts(PrefixWriter& w, const char* title, const Value& map) {
  if (map.size() == 0) return;
  w.line(0, title);
  for (size_t i = 0; i < map.size(); ++i) w.field(1, map.keyAt(i).text(), scalar(map.values()[i]));
}

void podTable(Describing& d, const std::vector<Value>& pods, const Value& allocatable) {
  Quantity cpu = quantity(allocatable, "cpu"), memory = quantity(allocatable, "memory");
  d.w.field(0, "Non-terminated Pods", "(" + std::to_string(pods.size()) + " in total)");
  d.w.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
  d.w.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
  for (const Value& p : pods) {
    d.w.line(1, str(p, "metadata.namespace") + "\t" + str(p, "metadata.name") + "\t\t" +
                    share(podTotal(p, "requests", "cpu"), cpu) + "\t" + share(podTotal(p, "limits", "cpu"), cpu) +
                    "\t" + share(podTotal(p, "requests", "memory"), memory) + "\t" +
                    share(podTotal(p, "limits", "memory"), memory) + "\t" +
                    since(d.in.host.now(), str(p, "metadata.creationTimestamp")));
  }
  d.w.line(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)");
  d.w.line(1, "Resource\tRequests\tLimits");
  d.w.line(1, "--------\t--------\t------");
  for (std::string_view resource : {"cpu", "memory", "ephemeral-storage"}) {
    Quantity requests, limits, whole = quantity(allocatable, resource);
    for (const Value& p : pods) {
      requests += podTotal(p, "requests", resource);
      limits += podTotal(p, "limits", resource);
    }
    d.w.line(1, std::string(resource) + "\t" + share(requests, whole) + "\t" + share(limits, whole));
  }
}

void taints(PrefixWriter& w, const Value& list) {
  std::vector<Value> sorted(list.values().begin(), list.values().end());
  api::sort(sorted, [](const Value& a, const Value& b) {
    return str(a, "effect") + "," + str(a, "key") < str(b, "effect") + "," + str(b, "key");
  });
  if (sorted.empty()) return w.field(0, "Taints", "<none>");
  for (size_t i = 0; i < sorted.size(); ++i) {
    std::string value = str(sorted[i], "value");
    w.line(0, (i ? "\t" : "Taints:\t") + str(sorted[i], "key") + (value.empty() ? "" : "=" + value) + ":" +
                  str(sorted[i], "effect"));
  }
}

std::string roles(const Value& labels) {
  Strings out;
  for (size_t i = 0; i < labels.size(); ++i) {
    std::string key(labels.keyAt(i).text());
    if (startsWith(key, "node-role.kubernetes.io/") && key.size() > 24) out.push_back(key.substr(24));
    if (key == "kubernetes.io/role" && !scalar(labels.values()[i]).empty()) out.push_back(scalar(labels.values()[i]));
  }
  return orNone(join(out, ","));
}

}  // namespace

Error describeNode(Describing& d) {
  const Value& node = d.info.object;
  d.w.field(0, "Name", d.info.name);
  d.w.field(0, "Roles", roles(at(node, "metadata.labels")));
  printLabels(d.w, "", "Labels", "\t", at(node, "metadata.labels"));
  printAnnotations(d.w, at(node, "metadata.annotations"));
  d.w.field(0, "CreationTimestamp", rfc1123(str(node, "metadata.creationTimestamp")));
  taints(d.w, at(node, "spec.taints"));
  d.w.field(0, "Unschedulable", flag(node, "spec.unschedulable") ? "true" : "false");
  // Leases are no objects here: the heartbeat of the Ready condition is when the kubelet last renewed its own.
  std::string heartbeat;
  const Value& conditions = at(node, "status.conditions");
  for (const Value& c : conditions.values()) {
    if (str(c, "type") == "Ready") heartbeat = str(c, "lastHeartbeatTime");
  }
  d.w.line(0, "Lease:");
  d.w.field(1, "HolderIdentity", d.info.name);
  d.w.field(1, "AcquireTime", "<unset>");
  d.w.field(1, "RenewTime", heartbeat.empty() ? "<unset>" : rfc1123(heartbeat));
  if (conditions.size()) {
    d.w.line(0, "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    d.w.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
  }
  for (const Value& c : conditions.values()) {
    d.w.line(1, str(c, "type") + " \t" + str(c, "status") + " \t" + rfc1123(str(c, "lastHeartbeatTime")) + " \t" +
                    rfc1123(str(c, "lastTransitionTime")) + " \t" + str(c, "reason") + " \t" + str(c, "message"));
  }
  d.w.line(0, "Addresses:");
  for (const Value& a : at(node, "status.addresses").values()) d.w.field(1, str(a, "type"), str(a, "address"));
  amounts(d.w, "Capacity:", at(node, "status.capacity"));
  amounts(d.w, "Allocatable:", at(node, "status.allocatable"));
  d.w.line(0, "System Info:");
  struct Line {
    std::string_view title, field;
  };
  constexpr Line lines[] = {{"Machine ID", "machineID"},
                            {"System UUID", "systemUUID"},
                            {"Boot ID", "bootID"},
                            {"Kernel Version", "kernelVersion"},
                            {"OS Image", "osImage"},
                            {"Operating System", "operatingSystem"},
                            {"Architecture", "architecture"},
                            {"Container Runtime Version", "containerRuntimeVersion"},
                            {"Kubelet Version", "kubeletVersion"}};
  for (const Line& l : lines) d.w.field(1, l.title, str(at(node, "status.nodeInfo"), l.field));
  if (has(node, "spec.podCIDR")) d.w.field(0, "PodCIDR", str(node, "spec.podCIDR"));
  if (has(node, "spec.providerID")) d.w.field(0, "ProviderID", str(node, "spec.providerID"));
  std::vector<Value> pods;
  Error e = d.in.list(*findMapping("pods"), "", {}, "spec.nodeName=" + d.info.name, pods);
  if (e) return e;
  std::erase_if(pods, [](const Value& p) {
    std::string phase = str(p, "status.phase");
    return phase == "Succeeded" || phase == "Failed";
  });
  const Value& allocatable = at(node, "status.allocatable");
  podTable(d, pods, allocatable.size() ? allocatable : at(node, "status.capacity"));
  return {};
}

}  // namespace kubectl
