#include "core/kubectl/mapping.hpp"

#include <algorithm>

namespace kubectl {
namespace {

constexpr Mapping table[] = {
    {"bindings", "", "", "v1", "Binding", true, false},
    {"componentstatuses", "cs", "", "v1", "ComponentStatus", false, false},
    {"configmaps", "cm", "", "v1", "ConfigMap", true, false},
    {"endpoints", "ep", "", "v1", "Endpoints", true, false},
    {"events", "ev", "", "v1", "Event", true, false},
    {"limitranges", "limits", "", "v1", "LimitRange", true, false},
    {"namespaces", "ns", "", "v1", "Namespace", false, false},
    {"nodes", "no", "", "v1", "Node", false, false},
    {"persistentvolumeclaims", "pvc", "", "v1", "PersistentVolumeClaim", true, false},
    {"persistentvolumes", "pv", "", "v1", "PersistentVolume", false, false},
    {"pods", "po", "", "v1", "Pod", true, true},
    {"podtemplates", "", "", "v1", "PodTemplate", true, false},
    {"replicationcontrollers", "rc", "", "v1", "ReplicationController", true, true},
    {"resourcequotas", "quota", "", "v1", "ResourceQuota", true, false},
    {"secrets", "", "", "v1", "Secret", true, false},
    {"serviceaccounts", "sa", "", "v1", "ServiceAccount", true, false},
    {"services", "svc", "", "v1", "Service", true, true},
    {"mutatingadmissionpolicies", "", "admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicy", false, false},
    {"mutatingadmissionpolicybindings", "", "admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicyBinding",
     false, false},
    {"mutatingwebhookconfigurations", "", "admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", false,
     false},
    {"validatingadmissionpolicies", "", "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", false,
     false},
    {"validatingadmissionpolicybindings", "", "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding",
     false, false},
    {"validatingwebhookconfigurations", "", "admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration",
     false, false},
    {"customresourcedefinitions", "crd,crds", "apiextensions.k8s.io", "v1", "CustomResourceDefinition", false, false},
    {"apiservices", "", "apiregistration.k8s.io", "v1", "APIService", false, false},
    {"controllerrevisions", "", "apps", "v1", "ControllerRevision", true, false},
    {"daemonsets", "ds", "apps", "v1", "DaemonSet", true, true},
    {"deployments", "deploy", "apps", "v1", "Deployment", true, true},
    {"replicasets", "rs", "apps", "v1", "ReplicaSet", true, true},
    {"statefulsets", "sts", "apps", "v1", "StatefulSet", true, true},
    {"selfsubjectreviews", "", "authentication.k8s.io", "v1", "SelfSubjectReview", false, false},
    {"tokenreviews", "", "authentication.k8s.io", "v1", "TokenReview", false, false},
    {"localsubjectaccessreviews", "", "authorization.k8s.io", "v1", "LocalSubjectAccessReview", true, false},
    {"selfsubjectaccessreviews", "", "authorization.k8s.io", "v1", "SelfSubjectAccessReview", false, false},
    {"selfsubjectrulesreviews", "", "authorization.k8s.io", "v1", "SelfSubjectRulesReview", false, false},
    {"subjectaccessreviews", "", "authorization.k8s.io", "v1", "SubjectAccessReview", false, false},
    {"horizontalpodautoscalers", "hpa", "autoscaling", "v2", "HorizontalPodAutoscaler", true, true},
    {"cronjobs", "cj", "batch", "v1", "CronJob", true, true},
    {"jobs", "", "batch", "v1", "Job", true, true},
    {"certificatesigningrequests", "csr", "certificates.k8s.io", "v1", "CertificateSigningRequest", false, false},
    {"clustertrustbundles", "", "certificates.k8s.io", "v1", "ClusterTrustBundle", false, false},
    {"podcertificaterequests", "", "certificates.k8s.io", "v1", "PodCertificateRequest", true, false},
    {"leases", "", "coordination.k8s.io", "v1", "Lease", true, false},
    {"endpointslices", "", "discovery.k8s.io", "v1", "EndpointSlice", true, false},
    {"events", "ev", "events.k8s.io", "v1", "Event", true, false},
    {"flowschemas", "", "flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", false, false},
    {"prioritylevelconfigurations", "", "flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration", false,
     false},
    {"ingressclasses", "", "networking.k8s.io", "v1", "IngressClass", false, false},
    {"ingresses", "ing", "networking.k8s.io", "v1", "Ingress", true, false},
    {"ipaddresses", "ip", "networking.k8s.io", "v1", "IPAddress", false, false},
    {"networkpolicies", "netpol", "networking.k8s.io", "v1", "NetworkPolicy", true, false},
    {"servicecidrs", "", "networking.k8s.io", "v1", "ServiceCIDR", false, false},
    {"runtimeclasses", "", "node.k8s.io", "v1", "RuntimeClass", false, false},
    {"poddisruptionbudgets", "pdb", "policy", "v1", "PodDisruptionBudget", true, false},
    {"clusterrolebindings", "", "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", false, false},
    {"clusterroles", "", "rbac.authorization.k8s.io", "v1", "ClusterRole", false, false},
    {"rolebindings", "", "rbac.authorization.k8s.io", "v1", "RoleBinding", true, false},
    {"roles", "", "rbac.authorization.k8s.io", "v1", "Role", true, false},
    {"deviceclasses", "", "resource.k8s.io", "v1", "DeviceClass", false, false},
    {"devicetaintrules", "", "resource.k8s.io", "v1", "DeviceTaintRule", false, false},
    {"resourceclaims", "", "resource.k8s.io", "v1", "ResourceClaim", true, false},
    {"resourceclaimtemplates", "", "resource.k8s.io", "v1", "ResourceClaimTemplate", true, false},
    {"resourceslices", "", "resource.k8s.io", "v1", "ResourceSlice", false, false},
    {"priorityclasses", "pc", "scheduling.k8s.io", "v1", "PriorityClass", false, false},
    {"csidrivers", "", "storage.k8s.io", "v1", "CSIDriver", false, false},
    {"csinodes", "", "storage.k8s.io", "v1", "CSINode", false, false},
    {"csistoragecapacities", "", "storage.k8s.io", "v1", "CSIStorageCapacity", true, false},
    {"storageclasses", "sc", "storage.k8s.io", "v1", "StorageClass", false, false},
    {"volumeattachments", "", "storage.k8s.io", "v1", "VolumeAttachment", false, false},
    {"volumeattributesclasses", "vac", "storage.k8s.io", "v1", "VolumeAttributesClass", false, false},
    {"storageversionmigrations", "", "storagemigration.k8s.io", "v1", "StorageVersionMigration", false, false},
};

bool isSameWord(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char l, char r) { return small(l) == small(r); });
}

/// Names of types may be written in capitals, short names may not.
bool named(const Mapping& m, std::string_view name) {
  if (isSameWord(m.plural, name) || isSameWord(m.kind, name)) return true;
  for (std::string_view rest = m.shortNames; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (rest.substr(0, comma) == name) return true;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return false;
}

const Mapping* findRow(std::string_view name, std::string_view group, std::string_view version) {
  for (bool exact : {true, false}) {
    for (const Mapping& m : table) {
      if (!named(m, name) || (!version.empty() && m.version != version)) continue;
      if (group.empty() || (exact ? m.group == group : startsWith(m.group, group))) return &m;
    }
  }
  return nullptr;
}

}  // namespace

std::span<const Mapping> mappings() { return table; }

std::string Mapping::object(std::string_view name) const {
  std::string out = singular();
  if (!group.empty()) out += "." + std::string(group);
  return out + "/" + std::string(name);
}

const Mapping* findMapping(std::string_view argument) {
  size_t dot = argument.find('.');
  if (dot == std::string::npos) return findRow(argument, {}, {});
  std::string name(argument.substr(0, dot)), rest = lower(argument.substr(dot + 1));
  size_t second = rest.find('.');
  if (second != std::string::npos) {
    if (const Mapping* m = findRow(name, rest.substr(second + 1), rest.substr(0, second))) return m;
  }
  return findRow(name, rest, {});
}

const Mapping* mappingFor(std::string_view argument, Error& error) {
  const Mapping* m = findMapping(argument);
  if (m) return m;
  size_t dot = argument.find('.');
  std::string text = "the server doesn't have a resource type " + quote(argument.substr(0, dot));
  if (dot != std::string_view::npos) text += " in group " + quote(argument.substr(dot + 1));
  error = plain(std::move(text));
  return nullptr;
}

const Mapping* mappingForKind(std::string_view apiVersion, std::string_view kind) {
  const size_t slash = apiVersion.find('/');
  const std::string_view group = slash == apiVersion.npos ? "" : apiVersion.substr(0, slash);
  const std::string_view version = slash == apiVersion.npos ? apiVersion : apiVersion.substr(slash + 1);
  if (slash == 0) return nullptr;
  for (const Mapping& m : table) {
    if (m.kind == kind && m.group == group && m.version == version) return &m;
  }
  return nullptr;
}

const Mapping* mappingOf(api::Resource r) {
  const api::ResourceInfo& i = api::info(r);
  return mappingForKind(i.apiVersion(), i.kind);
}

}  // namespace kubectl
