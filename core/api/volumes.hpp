#pragma once
// What the volume binder, the scheduler, the provisioner and views ask about claims and volumes. Models
// component-helpers/storage/volume (v1.37). NOT MODELLED: migration of in-tree plugins to CSI, generic ephemeral
// volumes.
#include <cstdint>
#include <string>
#include <string_view>

#include "generated/api/types.hpp"

namespace api {

namespace annotation {
inline constexpr std::string_view bindCompleted = "pv.kubernetes.io/bind-completed";
inline constexpr std::string_view boundByController = "pv.kubernetes.io/bound-by-controller";
inline constexpr std::string_view provisionedBy = "pv.kubernetes.io/provisioned-by";
inline constexpr std::string_view selectedNode = "volume.kubernetes.io/selected-node";
inline constexpr std::string_view storageProvisioner = "volume.kubernetes.io/storage-provisioner";
inline constexpr std::string_view betaStorageProvisioner = "volume.beta.kubernetes.io/storage-provisioner";
inline constexpr std::string_view betaStorageClass = "volume.beta.kubernetes.io/storage-class";
inline constexpr std::string_view isDefaultClass = "storageclass.kubernetes.io/is-default-class";
inline constexpr std::string_view betaIsDefaultClass = "storageclass.beta.kubernetes.io/is-default-class";
}  // namespace annotation

bool hasAnnotation(const ObjectMeta&, std::string_view name);
void setAnnotation(ObjectMeta&, std::string_view name, std::string_view value);

/// The StorageClass a claim or a volume names; "" where none.
std::string_view classOf(const PersistentVolumeClaim&);
std::string_view classOf(const PersistentVolume&);
/// Whether the claim says anything about its class, "" included.
bool hasClass(const PersistentVolumeClaim&);
bool isDefaultClass(const StorageClass&);
bool waitsForFirstConsumer(const StorageClass&);

/// What the claim asks for and what the volume has, in billionths of a byte.
__int128 requestedStorage(const PersistentVolumeClaim&);
__int128 capacityOf(const PersistentVolume&);

bool isVolumeBoundToClaim(const PersistentVolume&, const PersistentVolumeClaim&);
/// Bound as far as the API objects say: it names a volume and the binder has finished.
bool isFullyBound(const PersistentVolumeClaim&);
bool volumeModesDiffer(const PersistentVolumeClaim&, const PersistentVolume&);
bool hasAccessModes(const PersistentVolume&, const PersistentVolumeClaim& wanted);
/// Whether the volume can be reached from the node.
bool matchesNodeAffinity(const PersistentVolume&, const Node&);

/// Why a volume cannot serve a claim, as a test of one pair.
enum class Misfit : uint8_t {
  none,
  beingDeleted,
  reserved,  ///< its claimRef names another claim
  otherClass,
  tooSmall,
  otherVolumeMode,
  otherAccessModes,
  otherAttributesClass,
  labels,  ///< the claim's selector does not match
  notAvailable,
  node,  ///< its node affinity leaves the node out
};
/// In the order in which the checks of the binder come. `node` null: any.
Misfit misfit(const PersistentVolume&, const PersistentVolumeClaim&, const Node* node = nullptr);

/// A reference to the claim as volumes carry it.
ObjectReference referenceTo(const PersistentVolumeClaim&);
/// The volume as bound to the claim; `changed` says whether that differs. Models GetBindVolumeToClaim.
PersistentVolume boundTo(PersistentVolume, const PersistentVolumeClaim&, bool& changed);

}  // namespace api
