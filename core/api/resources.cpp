#include "core/api/resources.hpp"

namespace api {

const std::array<ResourceInfo, resourceCount>& resources() {
  using enum Resource;
  static const std::array<ResourceInfo, resourceCount> table = {{
      {namespaces, "", "v1", "namespaces", "namespace", "Namespace", "ns", false, false, true, false},
      {nodes, "", "v1", "nodes", "node", "Node", "no", false, false, true, false},
      {pods, "", "v1", "pods", "pod", "Pod", "po", true, true, true, false},
      {services, "", "v1", "services", "service", "Service", "svc", true, true, true, false},
      {endpointslices, "discovery.k8s.io", "v1", "endpointslices", "endpointslice", "EndpointSlice", "", true, false,
       false, false},
      {persistentvolumeclaims, "", "v1", "persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim",
       "pvc", true, false, true, false},
      {persistentvolumes, "", "v1", "persistentvolumes", "persistentvolume", "PersistentVolume", "pv", false, false,
       true, false},
      {storageclasses, "storage.k8s.io", "v1", "storageclasses", "storageclass", "StorageClass", "sc", false, false,
       false, false},
      {statefulsets, "apps", "v1", "statefulsets", "statefulset", "StatefulSet", "sts", true, true, true, true},
      {deployments, "apps", "v1", "deployments", "deployment", "Deployment", "deploy", true, true, true, true},
      {replicasets, "apps", "v1", "replicasets", "replicaset", "ReplicaSet", "rs", true, true, true, true},
      {daemonsets, "apps", "v1", "daemonsets", "daemonset", "DaemonSet", "ds", true, true, true, false},
      {controllerrevisions, "apps", "v1", "controllerrevisions", "controllerrevision", "ControllerRevision", "", true,
       false, false, false},
      {poddisruptionbudgets, "policy", "v1", "poddisruptionbudgets", "poddisruptionbudget", "PodDisruptionBudget",
       "pdb", true, false, true, false},
      {configmaps, "", "v1", "configmaps", "configmap", "ConfigMap", "cm", true, false, false, false},
      {secrets, "", "v1", "secrets", "secret", "Secret", "", true, false, false, false},
      {serviceaccounts, "", "v1", "serviceaccounts", "serviceaccount", "ServiceAccount", "sa", true, false, false,
       false},
      {events, "", "v1", "events", "event", "Event", "ev", true, false, false, false},
      {priorityclasses, "scheduling.k8s.io", "v1", "priorityclasses", "priorityclass", "PriorityClass", "pc", false,
       false, false, false},
  }};
  return table;
}

const ResourceInfo* findResource(std::string_view group, std::string_view version, std::string_view plural) {
  for (const ResourceInfo& r : resources()) {
    if (r.plural == plural && r.group == group && r.version == version) return &r;
  }
  return nullptr;
}

const ResourceInfo* findKind(std::string_view apiVersion, std::string_view kind) {
  const ResourceInfo* r = findKind(kind);
  return r && r->apiVersion() == apiVersion ? r : nullptr;
}

const ResourceInfo* findKind(std::string_view kind) {
  for (const ResourceInfo& r : resources()) {
    if (r.kind == kind) return &r;
  }
  return nullptr;
}

}  // namespace api
