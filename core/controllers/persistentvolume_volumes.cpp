// What the volume binder decides about a volume. Models pkg/controller/volume/persistentvolume/pv_controller.go
// syncVolume and what it calls (v1.37).
#include "core/controllers/persistentvolume_binder.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
using namespace api;
using decision::Client;
using decision::Rule;

Error PersistentVolumeController::syncVolume(Volume volume, Client& client) {
  const ObjectReference ref = volume.spec().claimRef();
  if (!ref) {
    return updateVolumePhase(volume, "Available", {Rule::VolumeBecomesAvailable, {{"volume", nameOf(volume)}}}, client);
  }
  const Why reserved(Rule::VolumeIsReserved, {{"volume", nameOf(volume)}, {"claim", ref.name()}});
  if (ref.uid().empty()) return updateVolumePhase(volume, "Available", reserved, client);

  const std::string_view phase = volume.status().phase();
  const bool settled = phase == "Released" || phase == "Failed";
  Claim claim = client.view().get<Claim>(ref.namespace_(), ref.name());
  // Before a volume is given up the claim is asked for past the view, which may be older than the binding.
  if ((!claim && !settled) || (claim && claim.metadata().uid() != ref.uid())) {
    const apiserver::Response reply = client.get(Resource::persistentvolumeclaims, ref.namespace_(), ref.name());
    if (!reply.ok() && !reply.isNotFound()) return Error(reply);
    claim = reply.ok() ? as<Claim>(reply.body) : Claim{};
    if (claim && claim.metadata().uid() != ref.uid()) claim = {};
  }
  if (claim) return syncVolumeOfClaim(std::move(volume), claim, client);

  if (!settled) {
    const Why gone(Rule::VolumeBecomesReleased, {{"volume", nameOf(volume)}, {"claim", ref.name()}});
    if (Error e = updateVolumePhase(volume, "Released", gone, client)) return e;
  }
  return reclaimVolume(std::move(volume), client);
}

// Models the rest of syncVolume: the claim that the volume names is there.
Error PersistentVolumeController::syncVolumeOfClaim(Volume volume, const Claim& claim, Client& client) {
  const decision::Inputs both = {{"volume", nameOf(volume)}, {"claim", nameOf(claim)}};
  const auto because = [&](Rule rule) {
    Why w(rule);
    w.inputs = both;
    return w;
  };
  if (claim.spec().volumeName().empty()) {
    if (volumeModesDiffer(claim, volume)) {
      const std::string v(nameOf(volume)), c(nameOf(claim));
      tell(volume.doc, "Warning", "VolumeMismatch",
           "Cannot bind PersistentVolume to requested PersistentVolumeClaim \"" + c +
               "\" due to incompatible volumeMode.",
           client);
      tell(claim.doc, "Warning", "VolumeMismatch",
           "Cannot bind PersistentVolume \"" + v +
               "\" to requested PersistentVolumeClaim due to incompatible volumeMode.",
           client);
      client.wait(because(Rule::VolumeHasOtherMode), volumeObject(volume));
      resyncLater(v, client.now());
      return {};
    }
    queue.add(store::keyOf(claim.doc));  // the claim's sync finishes the binding
    return {};
  }
  if (claim.spec().volumeName() == nameOf(volume))
    return updateVolumePhase(volume, "Bound", because(Rule::VolumeBecomesBound), client);

  // The claim is bound elsewhere.
  const bool provisioned = hasAnnotation(volume.metadata(), annotation::provisionedBy);
  if (!provisioned || volume.spec().persistentVolumeReclaimPolicy() != "Delete")
    return unbindVolume(std::move(volume), because(Rule::UnbindVolume), client);
  const std::string_view phase = volume.status().phase();
  if (phase != "Released" && phase != "Failed") {
    if (Error e = updateVolumePhase(volume, "Released", because(Rule::VolumeNotNeeded), client)) return e;
  }
  return reclaimVolume(std::move(volume), client);
}

Error PersistentVolumeController::unbindVolume(Volume volume, const Why& why, Client& client) {
  if (hasAnnotation(volume.metadata(), annotation::boundByController)) {
    volume.doc.erase({key::spec, key::claimRef});
    ObjectMeta meta = volume.metadata();
    StringMap annotations = meta.annotations();
    annotations.erase(annotation::boundByController);
    if (annotations.empty()) {
      meta.doc.erase(key::annotations);
    } else {
      meta.annotations(std::move(annotations));
    }
    volume.metadata(std::move(meta));
  } else {
    volume.doc.erase({key::spec, key::claimRef, key::uid});
  }
  const apiserver::Response reply = client.update(why, volume);
  if (!reply.ok()) return Error(reply);
  volume = as<Volume>(reply.body);
  return updateVolumePhase(volume, "Available", {Rule::VolumeBecomesAvailable, {{"volume", nameOf(volume)}}}, client);
}

Error PersistentVolumeController::reclaimVolume(Volume volume, Client& client) {
  const std::string_view policy = volume.spec().persistentVolumeReclaimPolicy();
  if (policy == "Retain") {
    client.wait({Rule::VolumeIsRetained, {{"volume", nameOf(volume)}}}, volumeObject(volume));
    return {};
  }
  if (policy == "Delete") return deleteVolume(std::move(volume), client);
  // Recycle. The pod that empties a hostPath or nfs volume is not modelled; other kinds have no recycler.
  if (volume.spec().hasHostPath() || volume.spec().hasNfs() || volume.status().phase() == "Failed") return {};
  Volume next = volume;
  const Why why(Rule::VolumeCannotBeRecycled, {{"volume", nameOf(volume)}});
  if (Error e = updateVolumePhase(next, "Failed", why, client)) return e;
  client.event(next.doc, "Warning", "VolumeFailedRecycle", "No recycler plugin found for the volume!");
  return {};
}

// Models deleteVolumeOperation: an external provisioner deletes its own volumes; of the others only a hostPath below
// /tmp can be deleted.
Error PersistentVolumeController::deleteVolume(Volume volume, Client& client) {
  const PersistentVolumeSpec spec = volume.spec();
  const std::string_view provisioner = volume.metadata().annotations().get(annotation::provisionedBy);
  const bool inTree = provisioner.substr(0, 14) == "kubernetes.io/";
  if (spec.hasCsi() || (!provisioner.empty() && !inTree)) {
    client.wait({Rule::VolumeWaitsForDeleter, {{"volume", nameOf(volume)}}}, volumeObject(volume));
    return {};
  }
  const std::string path(spec.hostPath().path());
  const size_t tmp = path.find("/tmp/");
  if (spec.hasHostPath() && tmp != path.npos && path.size() > tmp + 5)
    return Error(client.remove({Rule::DeleteVolume, {{"volume", nameOf(volume)}}}, volume));
  if (volume.status().phase() == "Failed") return {};
  std::string message;
  if (spec.hasHostPath()) {
    message = "host_path deleter only supports /tmp/.+ but received provided " + path;
  } else {
    message = "error getting deleter volume plugin for volume \"" + std::string(nameOf(volume)) + "\": " +
              (spec.hasNfs() || spec.hasLocal() ? "no deletable volume plugin matched" : "no volume plugin matched");
  }
  Volume next = volume;
  next.doc.set({key::status, key::phase}, "Failed");
  next.doc.set({key::status, key::message}, message);
  const apiserver::Response reply =
      client.updateStatus({Rule::VolumeCannotBeDeleted, {{"volume", nameOf(volume)}}}, next);
  if (!reply.ok()) return Error(reply);
  client.event(reply.body, "Warning", "VolumeFailedDelete", message);
  return {};
}

}  // namespace controllers
