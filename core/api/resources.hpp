#pragma once
// The resources that the API server serves: group, version, names and kind of each, in one table. Everything that is
// the same for all kinds (routing, discovery, printing, completion) reads it.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "generated/api/types.hpp"

namespace api {

enum class Resource : uint8_t {
  namespaces,
  nodes,
  pods,
  services,
  endpointslices,
  persistentvolumeclaims,
  persistentvolumes,
  storageclasses,
  statefulsets,
  deployments,
  replicasets,
  daemonsets,
  controllerrevisions,
  poddisruptionbudgets,
  configmaps,
  secrets,
  serviceaccounts,
  events,
  priorityclasses,
};
inline constexpr size_t resourceCount = 19;

struct ResourceInfo {
  Resource resource;
  std::string_view group;  ///< "" for the core group
  std::string_view version;
  std::string_view plural, singular, kind;
  std::string_view shortName;  ///< "" where there is none
  bool namespaced;
  bool inAll;   ///< of the category "all"
  bool status;  ///< has a status subresource
  bool scale;   ///< has a scale subresource
  /// "apps/v1", or "v1" in the core group
  std::string apiVersion() const {
    return group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
  }
};

const std::array<ResourceInfo, resourceCount>& resources();
inline const ResourceInfo& info(Resource r) { return resources()[size_t(r)]; }
/// Null where no resource is served under that name; `group` and `version` as in a path ("" is the core group).
const ResourceInfo* findResource(std::string_view group, std::string_view version, std::string_view plural);
/// By kind and apiVersion, as objects carry them.
const ResourceInfo* findKind(std::string_view apiVersion, std::string_view kind);
/// By kind alone: kinds are unique among those served.
const ResourceInfo* findKind(std::string_view kind);

/// Which resource a type's objects are: resourceOf<Pod>.
template <class T>
inline constexpr Resource resourceOf = Resource(255);
template <>
inline constexpr Resource resourceOf<Namespace> = Resource::namespaces;
template <>
inline constexpr Resource resourceOf<Node> = Resource::nodes;
template <>
inline constexpr Resource resourceOf<Pod> = Resource::pods;
template <>
inline constexpr Resource resourceOf<Service> = Resource::services;
template <>
inline constexpr Resource resourceOf<EndpointSlice> = Resource::endpointslices;
template <>
inline constexpr Resource resourceOf<PersistentVolumeClaim> = Resource::persistentvolumeclaims;
template <>
inline constexpr Resource resourceOf<PersistentVolume> = Resource::persistentvolumes;
template <>
inline constexpr Resource resourceOf<StorageClass> = Resource::storageclasses;
template <>
inline constexpr Resource resourceOf<StatefulSet> = Resource::statefulsets;
template <>
inline constexpr Resource resourceOf<Deployment> = Resource::deployments;
template <>
inline constexpr Resource resourceOf<ReplicaSet> = Resource::replicasets;
template <>
inline constexpr Resource resourceOf<DaemonSet> = Resource::daemonsets;
template <>
inline constexpr Resource resourceOf<ControllerRevision> = Resource::controllerrevisions;
template <>
inline constexpr Resource resourceOf<PodDisruptionBudget> = Resource::poddisruptionbudgets;
template <>
inline constexpr Resource resourceOf<ConfigMap> = Resource::configmaps;
template <>
inline constexpr Resource resourceOf<Secret> = Resource::secrets;
template <>
inline constexpr Resource resourceOf<ServiceAccount> = Resource::serviceaccounts;
template <>
inline constexpr Resource resourceOf<Event> = Resource::events;
template <>
inline constexpr Resource resourceOf<PriorityClass> = Resource::priorityclasses;

/// What every object has, whatever its kind.
struct Object : Typed {
  std::string_view apiVersion() const { return doc[key::apiVersion].asString(); }
  std::string_view kind() const { return doc[key::kind].asString(); }
  ObjectMeta metadata() const { return ObjectMeta{{doc[key::metadata]}}; }
  void metadata(ObjectMeta m) { doc.set(key::metadata, std::move(m.doc)); }
};

}  // namespace api
