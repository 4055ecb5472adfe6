#include "core/api/volumes.hpp"

#include "core/api/labels.hpp"
#include "core/api/nodes.hpp"
#include "core/api/quantity.hpp"

namespace api {

bool hasAnnotation(const ObjectMeta& meta, std::string_view name) { return meta.annotations().contains(name); }

void setAnnotation(ObjectMeta& meta, std::string_view name, std::string_view value) {
  meta.doc.set({key::annotations, Key(name)}, value);
}

std::string_view classOf(const PersistentVolumeClaim& claim) {
  const StringMap annotations = claim.metadata().annotations();
  if (annotations.contains(annotation::betaStorageClass)) return annotations.get(annotation::betaStorageClass);
  return claim.doc.get({key::spec, key::storageClassName}).asString();
}

std::string_view classOf(const PersistentVolume& volume) {
  const StringMap annotations = volume.metadata().annotations();
  if (annotations.contains(annotation::betaStorageClass)) return annotations.get(annotation::betaStorageClass);
  return volume.doc.get({key::spec, key::storageClassName}).asString();
}

bool hasClass(const PersistentVolumeClaim& claim) {
  return hasAnnotation(claim.metadata(), annotation::betaStorageClass) || claim.spec().hasStorageClassName();
}

bool isDefaultClass(const StorageClass& c) {
  const StringMap annotations = c.metadata().annotations();
  return annotations.get(annotation::isDefaultClass) == "true" ||
         annotations.get(annotation::betaIsDefaultClass) == "true";
}

bool waitsForFirstConsumer(const StorageClass& c) { return c.volumeBindingMode() == "WaitForFirstConsumer"; }

__int128 requestedStorage(const PersistentVolumeClaim& claim) {
  return Quantity(claim.doc.get({key::spec, key::resources, key::requests, key::storage}).asString()).nanos;
}

__int128 capacityOf(const PersistentVolume& volume) {
  return Quantity(volume.doc.get({key::spec, key::capacity, key::storage}).asString()).nanos;
}

bool isVolumeBoundToClaim(const PersistentVolume& volume, const PersistentVolumeClaim& claim) {
  if (!volume.spec().hasClaimRef()) return false;
  const ObjectReference ref = volume.spec().claimRef();
  const ObjectMeta meta = claim.metadata();
  return ref.name() == meta.name() && ref.namespace_() == meta.namespace_() &&
         (ref.uid().empty() || ref.uid() == meta.uid());
}

bool isFullyBound(const PersistentVolumeClaim& claim) {
  return !claim.spec().volumeName().empty() && hasAnnotation(claim.metadata(), annotation::bindCompleted);
}

bool volumeModesDiffer(const PersistentVolumeClaim& claim, const PersistentVolume& volume) {
  const bool wanted = claim.spec().volumeMode() == "Block", given = volume.spec().volumeMode() == "Block";
  return wanted != given;
}

bool hasAccessModes(const PersistentVolume& volume, const PersistentVolumeClaim& wanted) {
  const StringList modes = volume.spec().accessModes();
  for (std::string_view mode : wanted.spec().accessModes()) {
    if (!modes.contains(mode)) return false;
  }
  return true;
}

bool matchesNodeAffinity(const PersistentVolume& volume, const Node& node) {
  const Value& required = volume.doc.get({key::spec, key::nodeAffinity, key::required});
  // The volume's terms see the node's labels only, no fields.
  return required.isNull() || matchesNodeSelector(as<NodeSelector>(required), {}, node.metadata().labels());
}

Misfit misfit(const PersistentVolume& volume, const PersistentVolumeClaim& claim, const Node* node) {
  const PersistentVolumeSpec given = volume.spec();
  const PersistentVolumeClaimSpec wanted = claim.spec();
  const bool bound = isVolumeBoundToClaim(volume, claim);
  if (given.hasClaimRef() && !bound) return Misfit::reserved;
  if (capacityOf(volume) < requestedStorage(claim)) return Misfit::tooSmall;
  if (volumeModesDiffer(claim, volume)) return Misfit::otherVolumeMode;
  if (wanted.volumeAttributesClassName() != given.volumeAttributesClassName()) return Misfit::otherAttributesClass;
  if (volume.metadata().hasDeletionTimestamp()) return Misfit::beingDeleted;
  if (node && !matchesNodeAffinity(volume, *node)) return Misfit::node;
  if (bound) return Misfit::none;
  if (volume.status().phase() != "Available") return Misfit::notAvailable;
  if (wanted.hasSelector() && !matches(wanted.selector(), volume.metadata().labels())) return Misfit::labels;
  if (classOf(volume) != classOf(claim)) return Misfit::otherClass;
  return hasAccessModes(volume, claim) ? Misfit::none : Misfit::otherAccessModes;
}

ObjectReference referenceTo(const PersistentVolumeClaim& claim) {
  const Value& meta = claim.doc[key::metadata];
  return as<ObjectReference>(Value::object({{key::apiVersion, "v1"},
                                            {key::kind, "PersistentVolumeClaim"},
                                            {key::name, meta[key::name]},
                                            {key::namespace_, meta[key::namespace_]},
                                            {key::resourceVersion, meta[key::resourceVersion]},
                                            {key::uid, meta[key::uid]}}));
}

PersistentVolume boundTo(PersistentVolume volume, const PersistentVolumeClaim& claim, bool& changed) {
  changed = false;
  const ObjectReference ref = volume.spec().claimRef();
  const bool byController = !isVolumeBoundToClaim(volume, claim);
  if (ref.name() != claim.metadata().name() || ref.namespace_() != claim.metadata().namespace_() ||
      ref.uid() != claim.metadata().uid()) {
    volume.doc.set({key::spec, key::claimRef}, referenceTo(claim).doc);
    changed = true;
  }
  if (byController && !hasAnnotation(volume.metadata(), annotation::boundByController)) {
    ObjectMeta meta = volume.metadata();
    setAnnotation(meta, annotation::boundByController, "yes");
    volume.metadata(std::move(meta));
    changed = true;
  }
  return volume;
}

}  // namespace api
