// Descriptions of Services, storage, configuration, budgets, namespaces; of other kinds as they come.
// Models kubectl pkg/describe.

#include "core/api/sort.hpp"
#include "core/kubectl/describing.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {
namespace {

std::string n(const Value& o, std::string_view path) { return std::to_string(num(o, path)); }

void head(Describing& d) {
  d.w.field(0, "Name", str(d.info.object, "metadata.name"));
  if (d.info.mapping->namespaced) d.w.field(0, "Namespace", str(d.info.object, "metadata.namespace"));
}

void labelsAndAnnotations(Describing& d) {
  printLabels(d.w, "", "Labels", "\t", at(d.info.object, "metadata.labels"));
  printAnnotations(d.w, at(d.info.object, "metadata.annotations"));
}

std::string texts(const Value& list) {
  Strings out;
  for (const Value& v : list.values()) out.push_back(scalar(v));
  return join(out, ",");
}

bool ready(const Value& endpoint) {
  const Value& r = at(endpoint, "conditions.ready");
  return r.isNull() || r.asBool();
}

/// Up to three ready addresses of a port, and how many more there are.
std::string endpoints(const std::vector<Value>& slices, const std::string& portName) {
  if (slices.empty()) return "<none>";
  Strings list;
  size_t count = 0;
  bool more = false;
  auto add = [&](const Value& slice, const std::string& port) {
    for (const Value& e : at(slice, "endpoints").values()) {
      if (list.size() == 3) more = true;
      if (!ready(e)) continue;
      std::string address = scalar(at(e, "addresses")[0]);
      if (!more) list.push_back(contains(address, ":") ? "[" + address + "]" + port : address + port);
      ++count;
    }
  };
  for (const Value& slice : slices) {
    if (at(slice, "ports").size() == 0) add(slice, "");
    for (const Value& p : at(slice, "ports").values()) {
      if (str(p, "name") == portName) add(slice, ":" + n(p, "port"));
    }
  }
  std::string text = join(list, ",");
  return more ? text + " + " + std::to_string(count - 3) + " more..." : text;
}

}  // namespace

Error describeService(Describing& d) {
  const Value& s = d.info.object;
  std::vector<Value> slices;
  d.in.list(*findMapping("endpointslices"), d.info.ns, "kubernetes.io/service-name=" + d.info.name, {}, slices);
  head(d);
  labelsAndAnnotations(d);
  d.w.field(0, "Selector", formatLabels(at(s, "spec.selector")));
  d.w.field(0, "Type", str(s, "spec.type"));
  if (has(s, "spec.ipFamilyPolicy")) d.w.field(0, "IP Family Policy", str(s, "spec.ipFamilyPolicy"));
  d.w.field(0, "IP Families", orNone(texts(at(s, "spec.ipFamilies"))));
  d.w.field(0, "IP", str(s, "spec.clusterIP"));
  d.w.field(0, "IPs", orNone(texts(at(s, "spec.clusterIPs"))));
  if (at(s, "spec.externalIPs").size()) d.w.field(0, "External IPs", texts(at(s, "spec.externalIPs")));
  if (has(s, "spec.loadBalancerIP")) d.w.field(0, "Desired LoadBalancer IP", str(s, "spec.loadBalancerIP"));
  if (has(s, "spec.externalName")) d.w.field(0, "External Name", str(s, "spec.externalName"));
  Strings balancers;
  for (const Value& b : at(s, "status.loadBalancer.ingress").values()) {
    const std::string ip = str(b, "ip"), mode = str(b, "ipMode");
    balancers.push_back(ip.empty() ? str(b, "hostname") : ip + (mode.empty() ? "" : " (" + mode + ")"));
  }
  if (!balancers.empty()) d.w.field(0, "LoadBalancer Ingress", join(balancers, ", "));
  for (const Value& p : at(s, "spec.ports").values()) {
    std::string name = str(p, "name").empty() ? "<unset>" : str(p, "name"), protocol = str(p, "protocol");
    d.w.field(0, "Port", name + "\t" + n(p, "port") + "/" + protocol);
    d.w.field(0, "TargetPort", scalar(at(p, "targetPort")) + "/" + protocol);
    if (has(p, "appProtocol")) d.w.field(0, "AppProtocol", str(p, "appProtocol"));
    if (num(p, "nodePort")) d.w.field(0, "NodePort", name + "\t" + n(p, "nodePort") + "/" + protocol);
    d.w.field(0, "Endpoints", endpoints(slices, str(p, "name")));
  }
  d.w.field(0, "Session Affinity", str(s, "spec.sessionAffinity"));
  if (has(s, "spec.externalTrafficPolicy")) {
    d.w.field(0, "External Traffic Policy", str(s, "spec.externalTrafficPolicy"));
  }
  if (has(s, "spec.internalTrafficPolicy")) {
    d.w.field(0, "Internal Traffic Policy", str(s, "spec.internalTrafficPolicy"));
  }
  if (num(s, "spec.healthCheckNodePort")) d.w.field(0, "HealthCheck NodePort", n(s, "spec.healthCheckNodePort"));
  const Value& ranges = at(s, "spec.loadBalancerSourceRanges");
  if (ranges.size()) d.w.field(0, "LoadBalancer Source Ranges", texts(ranges));
  if (has(s, "spec.trafficDistribution")) d.w.field(0, "Traffic Distribution", str(s, "spec.trafficDistribution"));
  return {};
}

Error describeEndpointSlice(Describing& d) {
  const Value& s = d.info.object;
  head(d);
  labelsAndAnnotations(d);
  d.w.field(0, "AddressType", str(s, "addressType"));
  const Value &ports = at(s, "ports"), &endpointList = at(s, "endpoints");
  d.w.line(0, ports.size() ? "Ports:" : "Ports: <unset>");
  if (ports.size()) d.w.line(1, "Name\tPort\tProtocol\n  ----\t----\t--------");
  for (const Value& p : ports.values()) {
    std::string name = str(p, "name");
    d.w.line(1, (name.empty() ? "<unset>" : name) + "\t" + (has(p, "port") ? n(p, "port") : "<unset>") + "\t" +
                    str(p, "protocol"));
  }
  d.w.line(0, endpointList.size() ? "Endpoints:" : "Endpoints: <none>");
  for (const Value& e : endpointList.values()) {
    auto text = [&](const char* path) { return has(e, path) ? scalar(at(e, path)) : std::string("<unset>"); };
    d.w.field(1, "- Addresses", orNone(replaceAll(texts(at(e, "addresses")), ",", ", ")));
    d.w.line(2, "Conditions:");
    d.w.field(3, "Ready", text("conditions.ready"));
    d.w.field(2, "Hostname", text("hostname"));
    if (has(e, "targetRef")) d.w.field(2, "TargetRef", str(e, "targetRef.kind") + "/" + str(e, "targetRef.name"));
    d.w.field(2, "NodeName", text("nodeName"));
    d.w.field(2, "Zone", text("zone"));
  }
  return {};
}

namespace {

std::string storageStatus(Describing& d) {
  const Value& o = d.info.object;
  if (!has(o, "metadata.deletionTimestamp")) return str(o, "status.phase");
  return "Terminating (lasts " + since(d.in.host.now(), str(o, "metadata.deletionTimestamp")) + ")";
}

void usedBy(Describing& d) {
  std::vector<Value> pods;
  d.in.list(*findMapping("pods"), d.info.ns, {}, {}, pods);
  Strings names;
  for (const Value& p : pods) {
    for (const Value& v : at(p, "spec.volumes").values()) {
      if (str(v, "persistentVolumeClaim.claimName") == d.info.name) names.push_back(str(p, "metadata.name"));
    }
  }
  api::sort(names);
  if (names.empty()) return d.w.field(0, "Used By", "<none>");
  for (size_t i = 0; i < names.size(); ++i) d.w.line(0, (i ? "\t" : "Used By:\t") + names[i]);
}

std::string quantityOrZero(const Value& o, std::string_view path) {
  std::string text = str(o, path);
  return text.empty() ? "0" : text;
}

}  // namespace

Error describeClaim(Describing& d) {
  const Value& c = d.info.object;
  head(d);
  const Value& beta = member(at(c, "metadata.annotations"), "volume.beta.kubernetes.io/storage-class");
  d.w.field(0, "StorageClass", beta.isNull() ? str(c, "spec.storageClassName") : scalar(beta));
  d.w.field(0, "Status", storageStatus(d));
  d.w.field(0, "Volume", str(c, "spec.volumeName"));
  labelsAndAnnotations(d);
  d.w.field(0, "Finalizers", has(c, "metadata.finalizers") ? goText(at(c, "metadata.finalizers")) : "[]");
  bool bound = !str(c, "spec.volumeName").empty();
  d.w.field(0, "Capacity", bound ? quantityOrZero(c, "status.capacity.storage") : "");
  d.w.field(0, "Access Modes", bound ? accessModes(at(c, "status.accessModes")) : "");
  if (has(c, "spec.volumeMode")) d.w.field(0, "VolumeMode", str(c, "spec.volumeMode"));
  if (has(c, "spec.dataSource")) {
    d.w.line(0, "DataSource:");
    if (has(c, "spec.dataSource.apiGroup")) d.w.field(1, "APIGroup", str(c, "spec.dataSource.apiGroup"));
    d.w.field(1, "Kind", str(c, "spec.dataSource.kind"));
    d.w.field(1, "Name", str(c, "spec.dataSource.name"));
  }
  usedBy(d);
  const Value& conditions = at(c, "status.conditions");
  if (conditions.size()) {
    d.w.line(0, "Conditions:");
    d.w.line(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage");
    d.w.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
  }
  for (const Value& k : conditions.values()) {
    d.w.line(1, str(k, "type") + " \t" + str(k, "status") + " \t" + rfc1123(str(k, "lastProbeTime")) + " \t" +
                    rfc1123(str(k, "lastTransitionTime")) + " \t" + str(k, "reason") + " \t" + str(k, "message"));
  }
  return {};
}

Error describeVolume(Describing& d) {
  const Value& v = d.info.object;
  head(d);
  labelsAndAnnotations(d);
  d.w.field(0, "Finalizers", has(v, "metadata.finalizers") ? goText(at(v, "metadata.finalizers")) : "[]");
  d.w.field(0, "StorageClass", str(v, "spec.storageClassName"));
  d.w.field(0, "Status", storageStatus(d));
  d.w.field(0, "Claim",
            has(v, "spec.claimRef") ? str(v, "spec.claimRef.namespace") + "/" + str(v, "spec.claimRef.name") : "");
  d.w.field(0, "Reclaim Policy", str(v, "spec.persistentVolumeReclaimPolicy"));
  d.w.field(0, "Access Modes", accessModes(at(v, "spec.accessModes")));
  if (has(v, "spec.volumeMode")) d.w.field(0, "VolumeMode", str(v, "spec.volumeMode"));
  d.w.field(0, "Capacity", quantityOrZero(v, "spec.capacity.storage"));
  const Value& required = at(v, "spec.nodeAffinity.required");
  if (required.isNull()) {
    d.w.field(0, "Node Affinity", "<none>");
  } else {
    d.w.field(0, "Node Affinity", "");
    const Value& terms = at(required, "nodeSelectorTerms");
    d.w.field(1, "Required Terms", terms.size() ? "" : "<none>");
    for (size_t i = 0; i < terms.size(); ++i) {
      std::string start = "Term " + std::to_string(i) + ":\t";
      const Value& expressions = at(terms[i], "matchExpressions");
      if (expressions.size() == 0) d.w.line(2, start + "<none>");
      for (const Value& e : expressions.values()) {
        std::string text = start + str(e, "key") + " " + lower(str(e, "operator"));
        if (at(e, "values").size()) text += " [" + replaceAll(texts(at(e, "values")), ",", ", ") + "]";
        d.w.line(2, text);
        start = "\t";
      }
    }
  }
  d.w.field(0, "Message", str(v, "status.message"));
  d.w.line(0, "Source:");
  describeVolumeSource(d.w, at(v, "spec"));
  return {};
}

Error describeStorageClass(Describing& d) {
  const Value& c = d.info.object;
  const Value& annotations = at(c, "metadata.annotations");
  d.w.field(0, "Name", d.info.name);
  bool isDefault = scalar(member(annotations, "storageclass.kubernetes.io/is-default-class")) == "true";
  d.w.field(0, "IsDefaultClass", isDefault ? "Yes" : "No");
  d.w.field(0, "Annotations", formatLabels(annotations));
  d.w.field(0, "Provisioner", str(c, "provisioner"));
  d.w.field(0, "Parameters", formatLabels(at(c, "parameters")));
  d.w.field(0, "AllowVolumeExpansion",
            has(c, "allowVolumeExpansion") ? (flag(c, "allowVolumeExpansion") ? "True" : "False") : "<unset>");
  const Value& options = at(c, "mountOptions");
  d.w.line(0, options.size() ? "MountOptions:" : "MountOptions:\t<none>");
  for (const Value& o : options.values()) d.w.line(1, scalar(o));
  if (has(c, "reclaimPolicy")) d.w.field(0, "ReclaimPolicy", str(c, "reclaimPolicy"));
  if (has(c, "volumeBindingMode")) d.w.field(0, "VolumeBindingMode", str(c, "volumeBindingMode"));
  return {};
}

Error describePriorityClass(Describing& d) {
  const Value& c = d.info.object;
  d.w.field(0, "Name", d.info.name);
  d.w.field(0, "Value", std::to_string(num(c, "value")));
  d.w.field(0, "GlobalDefault", flag(c, "globalDefault") ? "true" : "false");
  d.w.field(0, "PreemptionPolicy", str(c, "preemptionPolicy"));
  d.w.field(0, "Description", str(c, "description"));
  d.w.field(0, "Annotations", formatLabels(at(c, "metadata.annotations")));
  return {};
}

Error describeConfigMap(Describing& d) {
  const Value &c = d.info.object, &data = at(c, "data"), &binary = at(c, "binaryData");
  head(d);
  labelsAndAnnotations(d);
  d.w.raw("\nData\n====\n");
  for (size_t i = 0; i < data.size(); ++i) {
    d.w.raw(std::string(data.keyAt(i).text()) + ":\n----\n" + scalar(data.values()[i]) + "\n\n");
  }
  d.w.raw("\nBinaryData\n====\n");
  for (size_t i = 0; i < binary.size(); ++i) {
    d.w.raw(std::string(binary.keyAt(i).text()) + ": " + std::to_string(unbase64(scalar(binary.values()[i])).size()) +
            " bytes\n");
  }
  d.w.raw("\n");
  return {};
}

Error describeSecret(Describing& d) {
  const Value &s = d.info.object, &data = at(s, "data");
  d.noEvents = true;
  head(d);
  labelsAndAnnotations(d);
  d.w.raw("\n");
  d.w.field(0, "Type", str(s, "type"));
  d.w.raw("\nData\n====\n");
  for (size_t i = 0; i < data.size(); ++i) {
    d.w.field(0, data.keyAt(i).text(), std::to_string(unbase64(scalar(data.values()[i])).size()) + " bytes");
  }
  return {};
}

Error describeServiceAccount(Describing& d) {
  head(d);
  labelsAndAnnotations(d);
  const Value& secrets = at(d.info.object, "imagePullSecrets");
  if (secrets.size() == 0) d.w.line(0, "Image pull secrets:\t<none>");
  std::string title = "Image pull secrets:";
  for (const Value& s : secrets.values()) {
    d.w.line(0, title + "\t" + str(s, "name"));
    title = "                   ";
  }
  return {};
}

Error describeNamespace(Describing& d) {
  d.noEvents = true;
  d.w.field(0, "Name", d.info.name);
  labelsAndAnnotations(d);
  d.w.field(0, "Status", str(d.info.object, "status.phase"));
  const Value& conditions = at(d.info.object, "status.conditions");
  if (conditions.size()) {
    d.w.line(0, "Conditions:\n  Type\tStatus\tLastTransitionTime\tReason\tMessage");
    d.w.line(1, "----\t------\t------------------\t------\t-------");
  }
  for (const Value& c : conditions.values()) {
    d.w.line(1, str(c, "type") + "\t" + str(c, "status") + "\t" + rfc1123(str(c, "lastTransitionTime")) + "\t" +
                    str(c, "reason") + "\t" + str(c, "message"));
  }
  d.w.raw("\nNo resource quota.\n\nNo LimitRange resource.\n");
  return {};
}

Error describeBudget(Describing& d) {
  const Value& b = d.info.object;
  head(d);
  if (has(b, "spec.minAvailable")) {
    d.w.field(0, "Min available", scalar(at(b, "spec.minAvailable")));
  } else if (has(b, "spec.maxUnavailable")) {
    d.w.field(0, "Max unavailable", scalar(at(b, "spec.maxUnavailable")));
  }
  d.w.field(0, "Selector", has(b, "spec.selector") ? formatSelector(at(b, "spec.selector")) : "<unset>");
  d.w.line(0, "Status:");
  d.w.field(2, "Allowed disruptions", n(b, "status.disruptionsAllowed"));
  d.w.field(2, "Current", n(b, "status.currentHealthy"));
  d.w.field(2, "Desired", n(b, "status.desiredHealthy"));
  d.w.field(2, "Total", n(b, "status.expectedPods"));
  return {};
}

namespace {

/// "lastTransitionTime" → "Last Transition Time".
std::string smartLabel(std::string_view field) {
  std::string out;
  for (size_t i = 0; i < field.size(); ++i) {
    bool upperCase = field[i] >= 'A' && field[i] <= 'Z';
    if (upperCase && i && !(field[i - 1] >= 'A' && field[i - 1] <= 'Z')) out += ' ';
    out += i ? field[i] : upper(field.substr(0, 1))[0];
  }
  return replaceAll(replaceAll(out, "Api ", "API "), "Uid", "UID");
}

void content(PrefixWriter& w, int level, const Value& map, bool top) {
  for (size_t i = 0; i < map.size(); ++i) {
    std::string name(map.keyAt(i).text());
    const Value& v = map.values()[i];
    bool skipped = top && (name == "managedFields" || name == "name" || name == "namespace" || name == "labels" ||
                           name == "annotations");
    if (skipped) continue;
    if (v.kind() == api::Kind::Object) {
      w.line(level, smartLabel(name) + ":");
      content(w, level + 1, v, false);
    } else if (v.kind() == api::Kind::Array) {
      w.line(level, smartLabel(name) + ":");
      for (const Value& item : v.values()) {
        if (item.kind() == api::Kind::Object) {
          content(w, level + 1, item, false);
        } else {
          w.line(level + 1, scalar(item));
        }
      }
    } else {
      w.field(level, smartLabel(name), v.isNull() ? "<nil>" : scalar(v));
    }
  }
}

}  // namespace

Error describeAnything(Describing& d) {
  const Value& o = d.info.object;
  d.w.field(0, "Name", d.info.name);
  d.w.field(0, "Namespace", str(o, "metadata.namespace"));
  labelsAndAnnotations(d);
  for (size_t i = 0; i < o.size(); ++i) {
    std::string name(o.keyAt(i).text());
    const Value& v = o.values()[i];
    if (v.kind() == api::Kind::Object) {
      d.w.line(0, smartLabel(name) + ":");
      content(d.w, 1, v, name == "metadata");
    } else {
      d.w.field(0, smartLabel(name), v.isNull() ? "<nil>" : scalar(v));
    }
  }
  return {};
}

}  // namespace kubectl
