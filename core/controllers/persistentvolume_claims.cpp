// What the volume binder decides about a claim. Models pkg/controller/volume/persistentvolume/pv_controller.go
// syncClaim and what it calls (v1.37).
#include <vector>

#include "core/api/pods.hpp"
#include "core/controllers/persistentvolume_binder.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
using namespace api;
using decision::Client;
using decision::Rule;

namespace {
std::string keyOf(const PersistentVolumeClaim& claim) {
  return store::keyOf(claim.metadata().namespace_(), claim.metadata().name());
}

std::string_view sizeText(const Value& resources) { return resources[key::storage].asString(); }

// Why one volume does not serve the claim, as a sentence's rule and inputs.
decision::Why misfitReason(const PersistentVolume& volume, const PersistentVolumeClaim& claim) {
  const Value v = nameOf(volume), c = nameOf(claim);
  const ObjectReference ref = volume.spec().claimRef();
  switch (misfit(volume, claim)) {
    case Misfit::tooSmall:
      return {Rule::VolumeIsTooSmall,
              {{"claim", c},
               {"volume", v},
               {"requested", sizeText(claim.spec().resources().requests().doc)},
               {"capacity", sizeText(volume.spec().capacity().doc)}}};
    case Misfit::otherClass:
      return {Rule::VolumeHasOtherClass,
              {{"claim", c}, {"volume", v}, {"class", classOf(claim)}, {"volumeClass", classOf(volume)}}};
    case Misfit::reserved: return {Rule::VolumeIsKeptForAnother, {{"claim", c}, {"volume", v}, {"other", ref.name()}}};
    case Misfit::otherVolumeMode: return {Rule::VolumeHasOtherMode, {{"claim", c}, {"volume", v}}};
    case Misfit::otherAccessModes: return {Rule::VolumeLacksAccessMode, {{"claim", c}, {"volume", v}}};
    case Misfit::otherAttributesClass: return {Rule::VolumeHasOtherAttributesClass, {{"claim", c}, {"volume", v}}};
    case Misfit::labels: return {Rule::VolumeLabelsDoNotMatch, {{"claim", c}, {"volume", v}}};
    case Misfit::beingDeleted: return {Rule::VolumeIsBeingDeleted, {{"claim", c}, {"volume", v}}};
    default: return {Rule::VolumeIsNotAvailable, {{"claim", c}, {"volume", v}, {"phase", volume.status().phase()}}};
  }
}

// Models checkVolumeSatisfyClaim: "" or why a volume that the claim names cannot be bound to it.
std::string checkVolumeSatisfyClaim(const PersistentVolume& volume, const PersistentVolumeClaim& claim) {
  if (volume.metadata().hasDeletionTimestamp())
    return "the volume is marked for deletion \"" + std::string(nameOf(volume)) + "\"";
  // Compared in whole bytes, as upstream does here.
  constexpr __int128 unit = 1000000000;
  if ((capacityOf(volume) + unit - 1) / unit < (requestedStorage(claim) + unit - 1) / unit)
    return "requested PV is too small";
  if (classOf(volume) != classOf(claim)) return "storageClassName does not match";
  if (claim.spec().volumeAttributesClassName() != volume.spec().volumeAttributesClassName())
    return "volumeAttributesClassName does not match";
  if (volumeModesDiffer(claim, volume)) return "incompatible volumeMode";
  return hasAccessModes(volume, claim) ? "" : "incompatible accessMode";
}

// Provisioners whose volumes an external driver makes since they were moved out of Kubernetes.
bool isMigrated(std::string_view provisioner) {
  for (const char* name :
       {"kubernetes.io/aws-ebs", "kubernetes.io/gce-pd", "kubernetes.io/azure-disk", "kubernetes.io/cinder",
        "kubernetes.io/azure-file", "kubernetes.io/vsphere-volume", "kubernetes.io/portworx-volume"}) {
    if (provisioner == name) return true;
  }
  return false;
}
}  // namespace

Error PersistentVolumeController::syncClaim(Claim claim, std::string_view fresh, Client& client) {
  if (hasAnnotation(claim.metadata(), annotation::bindCompleted)) return syncBoundClaim(std::move(claim), client);
  if (!claim.spec().volumeName().empty()) return syncClaimThatNamesVolume(std::move(claim), client);
  return syncUnboundClaim(std::move(claim), fresh, client);
}

// An unbound claim that takes any volume: one that is there, else one that a provisioner makes.
Error PersistentVolumeController::syncUnboundClaim(Claim claim, std::string_view fresh, Client& client) {
  const StorageClass class_ = client.view().get<StorageClass>({}, classOf(claim));
  const bool delayBinding = class_ && waitsForFirstConsumer(class_);
  const Volume volume = volumes_.findBestMatchForClaim(claim, delayBinding, client.view());
  if (volume) {
    const bool kept = isVolumeBoundToClaim(volume, claim);
    // The scheduler may have reserved a volume before the first look; upstream's binder is quicker than that.
    if (delayBinding && !fresh.empty() && volume.spec().claimRef().uid() == claim.metadata().uid())
      waitForConsumer(claim, fresh, client);
    return bind(volume, claim,
                {kept ? Rule::BindReservedVolume : Rule::BindSmallestVolume,
                 {{"claim", nameOf(claim)}, {"volume", nameOf(volume)}}},
                client);
  }
  bool assigned = false;
  if (Error e = assignDefaultStorageClass(claim, client, assigned); e || assigned) return e;

  resyncLater(keyOf(claim), client.now());
  const bool selected = hasAnnotation(claim.metadata(), annotation::selectedNode);
  // A node may have been chosen before the first look; upstream's binder is quicker than that.
  if (delayBinding && selected && !fresh.empty()) waitForConsumer(claim, fresh, client);
  if (delayBinding && !selected) {
    waitForConsumer(claim, fresh, client);
  } else if (!classOf(claim).empty()) {
    return provisionClaim(std::move(claim), client);
  } else {
    waitForVolume(claim, {Rule::ClaimHasNoVolume, {{"claim", nameOf(claim)}}}, client);
    tell(claim.doc, "Normal", "FailedBinding",
         "no persistent volumes available for this claim and no storage class is set", client);
  }
  return updateClaimStatus(claim, "Pending", nullptr, {Rule::ClaimBecomesPending, {{"claim", nameOf(claim)}}}, client);
}

// Models the second half of syncUnboundClaim: an unbound claim that names its volume.
Error PersistentVolumeController::syncClaimThatNamesVolume(Claim claim, Client& client) {
  const Value name = claim.spec().volumeName();
  const Why pending(Rule::ClaimBecomesPending, {{"claim", nameOf(claim)}});
  const Volume volume = client.view().get<Volume>({}, name.asString());
  if (!volume) {
    resyncLater(keyOf(claim), client.now());
    client.wait({Rule::RequestedVolumeIsMissing, {{"claim", nameOf(claim)}, {"volume", name}}}, claimObject(claim));
    return updateClaimStatus(claim, "Pending", nullptr, pending, client);
  }
  if (!volume.spec().hasClaimRef()) {
    const std::string problem = checkVolumeSatisfyClaim(volume, claim);
    const Why why(Rule::BindRequestedVolume, {{"claim", nameOf(claim)}, {"volume", name}});
    if (problem.empty()) return bind(volume, claim, why, client);
    resyncLater(keyOf(claim), client.now());
    client.wait(misfitReason(volume, claim), claimObject(claim));
    tell(claim.doc, "Warning", "VolumeMismatch",
         "Cannot bind to requested volume \"" + std::string(name.asString()) + "\": " + problem, client);
    return updateClaimStatus(claim, "Pending", nullptr, pending, client);
  }
  if (isVolumeBoundToClaim(volume, claim)) {
    return bind(volume, claim, {Rule::BindReservedVolume, {{"claim", nameOf(claim)}, {"volume", name}}}, client);
  }
  resyncLater(keyOf(claim), client.now());
  client.wait({Rule::RequestedVolumeIsTaken, {{"claim", nameOf(claim)}, {"volume", name}}}, claimObject(claim));
  tell(claim.doc, "Warning", "FailedBinding",
       "volume \"" + std::string(name.asString()) + "\" already bound to a different claim.", client);
  if (hasAnnotation(claim.metadata(), annotation::boundByController)) {
    const ObjectReference other = volume.spec().claimRef();
    return Error("invalid binding of claim \"" + keyOf(claim) + "\" to volume \"" + std::string(name.asString()) +
                 "\": volume already claimed by \"" + store::keyOf(other.namespace_(), other.name()) + "\"");
  }
  return updateClaimStatus(claim, "Pending", nullptr, pending, client);
}

// A claim that was bound once: it stays so, or it is Lost for good.
Error PersistentVolumeController::syncBoundClaim(Claim claim, Client& client) {
  const Value name = claim.spec().volumeName();
  if (name.asString().empty()) {
    return updateClaimStatusWithEvent(
        claim, "Lost", {Rule::ClaimLosesReference, {{"claim", nameOf(claim)}}}, "ClaimLost",
        "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!", client);
  }
  const Volume volume = client.view().get<Volume>({}, name.asString());
  if (!volume) {
    return updateClaimStatusWithEvent(
        claim, "Lost", {Rule::ClaimLosesVolume, {{"claim", nameOf(claim)}, {"volume", name}}}, "ClaimLost",
        "Bound claim has lost its PersistentVolume. Data on the volume is lost!", client);
  }
  if (!volume.spec().hasClaimRef() || volume.spec().claimRef().uid() == claim.metadata().uid()) {
    return bind(volume, claim, {Rule::BindVolumeAgain, {{"claim", nameOf(claim)}, {"volume", name}}}, client);
  }
  return updateClaimStatusWithEvent(
      claim, "Lost", {Rule::ClaimIsMisbound, {{"claim", nameOf(claim)}, {"volume", name}}}, "ClaimMisbound",
      "Two claims are bound to the same volume, this one is bound incorrectly", client);
}

// Models emitEventForUnboundDelayBindingClaim. The Event about a claim that has just been made says how things were
// then: a controller makes the pod right after it, in the same work item.
void PersistentVolumeController::waitForConsumer(const Claim& claim, std::string_view fresh, Client& client) {
  std::string now, then;
  bool several = false;
  const auto later = [&](const Pod& pod) {
    const std::string_view born = pod.metadata().creationTimestamp(), mine = claim.metadata().creationTimestamp();
    if (born != mine) return born > mine;
    const std::string_view version = pod.metadata().resourceVersion();
    return version.size() != fresh.size() ? version.size() > fresh.size() : version > fresh;
  };
  for (const std::string& key : client.view().objects().podsOfClaim(claim.metadata().namespace_(), nameOf(claim))) {
    const Pod pod = client.view().getByKey<Pod>(key);
    if (!pod || isPodTerminal(pod) || isScheduled(pod)) continue;
    now += (now.empty() ? "" : ",") + std::string(pod.metadata().name());
    if (!fresh.empty() && later(pod)) continue;
    several = several || !then.empty();
    then += (then.empty() ? "" : ",") + std::string(pod.metadata().name());
  }
  if (!hasAnnotation(claim.metadata(), annotation::selectedNode)) {
    const Value name = nameOf(claim);
    client.wait(now.empty() ? Why(Rule::ClaimWaitsForFirstConsumer, {{"claim", name}, {"class", classOf(claim)}})
                            : Why(Rule::ClaimWaitsForPodScheduled, {{"claim", name}, {"pod", now}}),
                claimObject(claim));
  }
  if (then.empty()) {
    tell(claim.doc, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding",
         client);
  } else {
    tell(claim.doc, "Normal", "WaitForPodScheduled",
         (several ? "waiting for pods " : "waiting for pod ") + then + " to be scheduled", client);
  }
}

// A claim without a volume waits: because of the volume that comes closest, or else for the given reason.
void PersistentVolumeController::waitForVolume(const Claim& claim, const Why& otherwise, Client& client) {
  const std::vector<Volume> nearest = volumes_.nearestMisfits(claim, client.view());
  const bool helps = !nearest.empty() && (classOf(nearest[0]) == classOf(claim) || classOf(claim).empty());
  Why why = helps ? misfitReason(nearest[0], claim) : otherwise;
  std::vector<Value> each;
  for (const Volume& volume : nearest) {
    Value one;
    one.set(Key("rule"), decision::info(misfitReason(volume, claim).rule).id);
    one.set(key::volume, nameOf(volume));
    each.push_back(std::move(one));
  }
  if (each.size() > 1) why.inputs.add({"perVolume", Value::array(std::move(each))});
  client.wait(why, claimObject(claim));
}

// Models provisionClaim with an external provisioner: the annotation asks it for a volume.
Error PersistentVolumeController::provisionClaim(Claim claim, Client& client) {
  const Value className = classOf(claim);
  const StorageClass class_ = client.view().get<StorageClass>({}, className.asString());
  if (!class_) {
    waitForVolume(claim, {Rule::ClaimClassIsMissing, {{"claim", nameOf(claim)}, {"class", className}}}, client);
    tell(claim.doc, "Warning", "ProvisioningFailed",
         "storageclass.storage.k8s.io \"" + std::string(className.asString()) + "\" not found", client);
    return {};
  }
  const std::string provisioner(class_.provisioner());
  if (provisioner.rfind("kubernetes.io/", 0) == 0 && !isMigrated(provisioner)) {
    waitForVolume(claim,
                  {Rule::ClaimClassCannotProvision,
                   {{"claim", nameOf(claim)}, {"class", className}, {"provisioner", provisioner}}},
                  client);
    tell(claim.doc, "Warning", "ProvisioningFailed", "no volume plugin matched name: " + provisioner, client);
    return {};
  }
  ObjectMeta meta = claim.metadata();
  if (meta.annotations().get(annotation::storageProvisioner) != provisioner) {
    setAnnotation(meta, annotation::betaStorageProvisioner, provisioner);
    setAnnotation(meta, annotation::storageProvisioner, provisioner);
    Claim next = claim;
    next.metadata(std::move(meta));
    const apiserver::Response reply =
        client.update({Rule::AskProvisioner, {{"claim", nameOf(claim)}, {"provisioner", provisioner}}}, next);
    if (!reply.ok()) {
      tell(claim.doc, "Warning", "ProvisioningFailed", "Error saving claim: " + std::string(reply.message()), client);
      return {};  // upstream tries again with the next resync
    }
    claim = as<Claim>(reply.body);
  }
  client.wait({Rule::ClaimWaitsForProvisioner, {{"claim", nameOf(claim)}, {"provisioner", provisioner}}},
              claimObject(claim));
  tell(claim.doc, "Normal", "ExternalProvisioning",
       "Waiting for a volume to be created either by the external provisioner '" + provisioner +
           "' or manually by the system administrator. If volume creation is delayed, please verify that the "
           "provisioner is running and correctly registered.",
       client);
  return {};
}

// Models assignDefaultStorageClass: of several default classes the newest, then the first by name.
Error PersistentVolumeController::assignDefaultStorageClass(Claim claim, Client& client, bool& assigned) {
  if (hasClass(claim)) return {};
  StorageClass newest;
  client.view().each<StorageClass>({}, [&](const StorageClass& c) {
    if (!isDefaultClass(c)) return;
    if (!newest || c.metadata().creationTimestamp() > newest.metadata().creationTimestamp()) newest = c;
  });
  if (!newest) return {};
  const Value name = newest.metadata().name();
  claim.doc.set({key::spec, key::storageClassName}, name);
  const apiserver::Response reply =
      client.update({Rule::AssignDefaultClass, {{"claim", nameOf(claim)}, {"class", name}}}, claim);
  assigned = reply.ok();
  return Error(reply);
}

}  // namespace controllers
