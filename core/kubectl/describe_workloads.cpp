// Descriptions of pods and of what makes them. Models kubectl pkg/describe.
#include <algorithm>

#include "core/api/pods.hpp"
#include "core/api/qos.hpp"
#include "core/api/sort.hpp"
#include "core/kubectl/describing.hpp"

namespace kubectl {
namespace {

std::string n(const Value& o, std::string_view path, int64_t otherwise = 0) {
  return std::to_string(num(o, path, otherwise));
}

/// Name and namespace.
void head(Describing& d) {
  d.w.field(0, "Name", str(d.info.object, "metadata.name"));
  d.w.field(0, "Namespace", str(d.info.object, "metadata.namespace"));
}

void labelsAndAnnotations(Describing& d) {
  printLabels(d.w, "", "Labels", "\t", at(d.info.object, "metadata.labels"));
  printAnnotations(d.w, at(d.info.object, "metadata.annotations"));
}

std::string created(const Value& o) { return rfc1123(str(o, "metadata.creationTimestamp")); }

std::string selector(const Value& o) {
  std::string text = formatSelector(at(o, "spec.selector"));
  return text == "<none>" ? "" : text;
}

bool controls(const Value& owner, const Value& object) {
  for (const Value& ref : at(object, "metadata.ownerReferences").values()) {
    if (flag(ref, "controller")) return str(ref, "uid") == str(owner, "metadata.uid");
  }
  return false;
}

std::string podsStatus(Describing& d) {
  std::vector<Value> pods;
  d.in.list(*findMapping("pods"), d.info.ns, selector(d.info.object), {}, pods);
  int running = 0, waiting = 0, succeeded = 0, failed = 0;
  for (const Value& p : pods) {
    if (!controls(d.info.object, p)) continue;
    std::string phase = str(p, "status.phase");
    running += phase == "Running";
    waiting += phase == "Pending";
    succeeded += phase == "Succeeded";
    failed += phase == "Failed";
  }
  auto t = [](int i) { return std::to_string(i); };
  return t(running) + " Running / " + t(waiting) + " Waiting / " + t(succeeded) + " Succeeded / " + t(failed) +
         " Failed";
}

void conditionsWithReason(Describing& d) {
  const Value& conditions = at(d.info.object, "status.conditions");
  if (conditions.size() == 0) return;
  d.w.line(0, "Conditions:\n  Type\tStatus\tReason");
  d.w.line(1, "----\t------\t------");
  for (const Value& c : conditions.values()) {
    d.w.line(1, str(c, "type") + " \t" + str(c, "status") + "\t" + str(c, "reason"));
  }
}

void podStatus(Describing& d) {
  const Value& p = d.info.object;
  std::string phase = str(p, "status.phase");
  if (has(p, "metadata.deletionTimestamp") && phase != "Failed" && phase != "Succeeded") {
    d.w.field(0, "Status", "Terminating (lasts " + since(d.in.host.now(), str(p, "metadata.deletionTimestamp")) + ")");
    d.w.field(0, "Termination Grace Period", n(p, "metadata.deletionGracePeriodSeconds") + "s");
  } else {
    d.w.field(0, "Status", phase);
  }
  if (!str(p, "status.reason").empty()) d.w.field(0, "Reason", str(p, "status.reason"));
  if (!str(p, "status.message").empty()) d.w.field(0, "Message", str(p, "status.message"));
  d.w.field(0, "IP", str(p, "status.podIP"));
  const Value& ips = at(p, "status.podIPs");
  d.w.line(0, ips.size() ? "IPs:" : "IPs:\t<none>");
  for (const Value& ip : ips.values()) d.w.field(1, "IP", str(ip, "ip"));
}

void claimTemplates(Describing& d) {
  const Value& templates = at(d.info.object, "spec.volumeClaimTemplates");
  d.w.line(0, templates.size() ? "Volume Claims:" : "Volume Claims:\t<none>");
  for (const Value& t : templates.values()) {
    d.w.field(1, "Name", str(t, "metadata.name"));
    d.w.field(1, "StorageClass", str(t, "spec.storageClassName"));
    printLabels(d.w, "  ", "Labels", "\t", at(t, "metadata.labels"));
    printLabels(d.w, "  ", "Annotations", "\t", at(t, "metadata.annotations"));
    std::string capacity = str(t, "spec.resources.requests.storage");
    d.w.field(1, "Capacity", capacity.empty() ? "<default>" : capacity);
    d.w.field(1, "Access Modes", goText(at(t, "spec.accessModes")));
  }
}

}  // namespace

Error describePod(Describing& d) {
  const Value& p = d.info.object;
  head(d);
  if (has(p, "spec.priority")) d.w.field(0, "Priority", n(p, "spec.priority"));
  if (!str(p, "spec.priorityClassName").empty()) {
    d.w.field(0, "Priority Class Name", str(p, "spec.priorityClassName"));
  }
  std::string account = str(p, "spec.serviceAccountName"), node = str(p, "spec.nodeName");
  if (!account.empty()) d.w.field(0, "Service Account", account);
  d.w.field(0, "Node", node.empty() ? "<none>" : node + "/" + str(p, "status.hostIP"));
  if (has(p, "status.startTime")) d.w.field(0, "Start Time", rfc1123(str(p, "status.startTime")));
  labelsAndAnnotations(d);
  podStatus(d);
  std::string owner = controllerName(p), nominated = str(p, "status.nominatedNodeName");
  if (!owner.empty()) d.w.field(0, "Controlled By", owner);
  if (!nominated.empty()) d.w.field(0, "NominatedNodeName", nominated);
  if (at(p, "spec.initContainers").size()) {
    describeContainers(d.w, "Init Containers", at(p, "spec.initContainers"), at(p, "status.initContainerStatuses"), p,
                       "");
  }
  describeContainers(d.w, "Containers", at(p, "spec.containers"), at(p, "status.containerStatuses"), p, "");
  const Value& gates = at(p, "spec.readinessGates");
  if (gates.size()) d.w.line(0, "Readiness Gates:\n  Type\tStatus");
  for (const Value& g : gates.values()) {
    std::string state = "<none>";
    for (const Value& c : at(p, "status.conditions").values()) {
      if (str(c, "type") == str(g, "conditionType")) state = str(c, "status");
    }
    d.w.line(1, str(g, "conditionType") + " \t" + state + " ");
  }
  const Value& conditions = at(p, "status.conditions");
  if (conditions.size()) d.w.line(0, "Conditions:\n  Type\tStatus");
  for (const Value& c : conditions.values()) d.w.line(1, str(c, "type") + " \t" + str(c, "status") + " ");
  describeVolumes(d.w, at(p, "spec.volumes"), "");
  std::string qos = str(p, "status.qosClass");
  d.w.field(0, "QoS Class", qos.empty() ? std::string(api::qosClass(api::as<api::Pod>(p).spec())) : qos);
  printLabels(d.w, "", "Node-Selectors", "\t", at(p, "spec.nodeSelector"));
  printTolerations(d.w, "", "\t", at(p, "spec.tolerations"));
  describeSpread(d.w, at(p, "spec.topologySpreadConstraints"), "");
  return {};
}

Error describeStatefulSet(Describing& d) {
  const Value& s = d.info.object;
  head(d);
  d.w.field(0, "CreationTimestamp", created(s));
  d.w.field(0, "Selector", selector(s));
  labelsAndAnnotations(d);
  if (!str(s, "spec.serviceName").empty()) d.w.field(0, "Service Name", str(s, "spec.serviceName"));
  if (!str(s, "spec.podManagementPolicy").empty()) {
    d.w.field(0, "Pod Management Policy", str(s, "spec.podManagementPolicy"));
  }
  d.w.field(0, "Replicas", n(s, "spec.replicas") + " desired | " + n(s, "status.replicas") + " total");
  d.w.field(0, "Update Strategy", str(s, "spec.updateStrategy.type"));
  const Value& rolling = at(s, "spec.updateStrategy.rollingUpdate");
  if (has(rolling, "partition")) {
    d.w.field(1, "Partition", n(rolling, "partition"));
    if (has(rolling, "maxUnavailable")) d.w.field(1, "MaxUnavailable", scalar(at(rolling, "maxUnavailable")));
  }
  const Value& retention = at(s, "spec.persistentVolumeClaimRetentionPolicy");
  if (!retention.isNull()) {
    d.w.line(0, "Persistent Volume Claim Retention Policy:");
    d.w.field(1, "WhenDeleted", str(retention, "whenDeleted"));
    d.w.field(1, "WhenScaled", str(retention, "whenScaled"));
  }
  d.w.field(0, "Pods Status", podsStatus(d));
  describePodTemplate(d.w, at(s, "spec.template"));
  claimTemplates(d);
  return {};
}

Error describeDaemonSet(Describing& d) {
  const Value& s = d.info.object;
  head(d);
  d.w.field(0, "Selector", selector(s));
  d.w.field(0, "Node-Selector", formatLabels(at(s, "spec.template.spec.nodeSelector")));
  labelsAndAnnotations(d);
  d.w.line(0, "Desired Number of Nodes Scheduled: " + n(s, "status.desiredNumberScheduled"));
  d.w.line(0, "Current Number of Nodes Scheduled: " + n(s, "status.currentNumberScheduled"));
  d.w.line(0, "Number of Nodes Scheduled with Up-to-date Pods: " + n(s, "status.updatedNumberScheduled"));
  d.w.line(0, "Number of Nodes Scheduled with Available Pods: " + n(s, "status.numberAvailable"));
  d.w.line(0, "Number of Nodes Misscheduled: " + n(s, "status.numberMisscheduled"));
  d.w.field(0, "Pods Status", podsStatus(d));
  describePodTemplate(d.w, at(s, "spec.template"));
  return {};
}

Error describeReplicaSet(Describing& d) {
  const Value& s = d.info.object;
  head(d);
  d.w.field(0, "Selector", formatSelector(at(s, "spec.selector")));
  labelsAndAnnotations(d);
  std::string owner = controllerName(s);
  if (!owner.empty()) d.w.field(0, "Controlled By", owner);
  d.w.field(0, "Replicas", n(s, "status.replicas") + " current / " + n(s, "spec.replicas") + " desired");
  d.w.field(0, "Pods Status", podsStatus(d));
  describePodTemplate(d.w, at(s, "spec.template"));
  conditionsWithReason(d);
  return {};
}

namespace {

Value templateWithoutHash(const Value& set) {
  Value t = at(set, "spec.template");
  t.erase({api::key::metadata, api::key::labels, api::key::podTemplateHashLabel});
  return t;
}

void replicaSets(Describing& d) {
  const Value& deployment = d.info.object;
  std::vector<Value> all;
  d.in.list(*findMapping("rs"), d.info.ns, selector(deployment), {}, all);
  std::erase_if(all, [&](const Value& rs) { return !controls(deployment, rs); });
  if (all.empty()) return;
  api::sort(all, [](const Value& a, const Value& b) {
    return str(a, "metadata.creationTimestamp") < str(b, "metadata.creationTimestamp");
  });
  Value wanted = templateWithoutHash(deployment);
  Strings old, now;
  for (const Value& rs : all) {
    std::string text = str(rs, "metadata.name") + " (" + n(rs, "status.replicas") + "/" + n(rs, "spec.replicas") +
                       " replicas created)";
    bool isNew = now.empty() && templateWithoutHash(rs) == wanted;
    (isNew ? now : old).push_back(text);
  }
  d.w.field(0, "OldReplicaSets", orNone(join(old, ", ")));
  d.w.field(0, "NewReplicaSet", orNone(join(now, ", ")));
}

}  // namespace

Error describeDeployment(Describing& d) {
  const Value& s = d.info.object;
  head(d);
  d.w.field(0, "CreationTimestamp", created(s));
  labelsAndAnnotations(d);
  d.w.field(0, "Selector", selector(s));
  d.w.field(0, "Replicas",
            n(s, "spec.replicas") + " desired | " + n(s, "status.updatedReplicas") + " updated | " +
                n(s, "status.replicas") + " total | " + n(s, "status.availableReplicas") + " available | " +
                n(s, "status.unavailableReplicas") + " unavailable");
  d.w.field(0, "StrategyType", str(s, "spec.strategy.type"));
  d.w.field(0, "MinReadySeconds", n(s, "spec.minReadySeconds"));
  const Value& rolling = at(s, "spec.strategy.rollingUpdate");
  if (!rolling.isNull()) {
    d.w.field(
        0, "RollingUpdateStrategy",
        scalar(at(rolling, "maxUnavailable")) + " max unavailable, " + scalar(at(rolling, "maxSurge")) + " max surge");
  }
  describePodTemplate(d.w, at(s, "spec.template"));
  conditionsWithReason(d);
  replicaSets(d);
  return {};
}

}  // namespace kubectl
