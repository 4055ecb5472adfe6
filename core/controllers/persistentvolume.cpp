#include "core/controllers/persistentvolume.hpp"

#include "core/controllers/persistentvolume_binder.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
using namespace api;
using decision::Client;
using decision::Rule;

namespace {
constexpr std::string_view resync = "/resync";  // no object's key: there is no namespace without a name

/// Whether something changed that decides where the index has a volume.
bool placedAnew(const store::Change& c) {
  return !c.before[key::spec].same(c.after[key::spec]) ||
         !c.before[key::metadata][key::annotations].same(c.after[key::metadata][key::annotations]) ||
         c.before[key::status][key::phase] != c.after[key::status][key::phase];
}
}  // namespace

std::unique_ptr<decision::Controller> makePersistentVolumeController(const Settings& settings) {
  return std::make_unique<PersistentVolumeController>(settings);
}

void PersistentVolumeController::start(const decision::View& view, Millis) {
  view.each<Volume>({}, [&](const Volume& v) {
    volumes_.put(v);
    queue.add(nameOf(v));
  });
  view.each<Claim>({}, [&](const Claim& c) { queue.add(store::keyOf(c.doc)); });
}

void PersistentVolumeController::observe(const store::Change& change, const decision::View&, Millis now) {
  const std::string key = store::keyOf(change.namespace_(), change.name());
  if (!change.after.isNull()) {
    if (change.resource == Resource::persistentvolumes && placedAnew(change)) {
      volumes_.put(as<Volume>(change.after));
      // Nobody tells the claim that somebody took its volume away; upstream looks at all claims from time to time.
      const ObjectReference was = as<Volume>(change.before).spec().claimRef();
      if (was && was.uid() != as<Volume>(change.after).spec().claimRef().uid())
        resyncLater(store::keyOf(was.namespace_(), was.name()), now);
    }
    if (change.resource == Resource::persistentvolumeclaims && change.before.isNull())
      fresh_[key] = as<Claim>(change.after).metadata().resourceVersion();
    queue.add(key);
    return;
  }
  // The other half is looked at right away, so that a claim is Lost and a volume Released without waiting for a resync.
  unsettled_.erase(key);
  fresh_.erase(key);
  told_.erase(key);
  if (change.resource == Resource::persistentvolumes) {
    volumes_.remove(change.name());
    const ObjectReference ref = as<Volume>(change.before).spec().claimRef();
    if (ref) queue.add(store::keyOf(ref.namespace_(), ref.name()));
  } else if (const std::string_view volume = as<Claim>(change.before).spec().volumeName(); !volume.empty()) {
    queue.add(volume);
  }
}

bool PersistentVolumeController::sync(const std::string& key, Client& client) {
  if (key == resync) {
    for (const std::string& k : std::exchange(unsettled_, {})) queue.add(k);
    return true;
  }
  unsettled_.erase(key);
  if (key.find('/') == key.npos) {
    const Volume volume = client.view().getByKey<Volume>(key);
    return !volume || !syncVolume(volume, client);
  }
  const Claim claim = client.view().getByKey<Claim>(key);
  std::string fresh;
  if (const auto it = fresh_.find(key); it != fresh_.end()) {
    fresh = it->second;
    fresh_.erase(it);
  }
  return !claim || !syncClaim(claim, fresh, client);
}

void PersistentVolumeController::tell(const Value& object, std::string_view type, std::string_view reason,
                                      const std::string& message, Client& client) {
  std::string& last = told_[store::keyOf(object)];
  if (last == message) return;
  last = message;
  client.event(object, type, reason, message);
}

void PersistentVolumeController::resyncLater(const std::string& key, Millis now) {
  unsettled_.insert(key);
  queue.addAfter(resync, settings_.volumeResyncMillis, now);
}

// Models bind: the volume first, then the claim. It stops at the first write that fails; a later sync goes on there.
Error PersistentVolumeController::bind(Volume volume, Claim claim, const Why& why, Client& client) {
  told_.erase(store::keyOf(claim.doc));
  const decision::Inputs both = {{"claim", nameOf(claim)}, {"volume", nameOf(volume)}};
  const auto because = [&](Rule rule) {
    Why w(rule);
    w.inputs = both;
    return w;
  };
  bool changed;
  volume = boundTo(volume, claim, changed);
  if (changed) {
    const apiserver::Response reply = client.update(why, volume);
    if (!reply.ok()) return Error(reply);
    volume = as<Volume>(reply.body);
  }
  if (Error e = updateVolumePhase(volume, "Bound", because(Rule::VolumeBecomesBound), client)) return e;

  ObjectMeta meta = claim.metadata();
  changed = claim.spec().volumeName() != nameOf(volume);
  if (changed) {
    claim.doc.set({key::spec, key::volumeName}, nameOf(volume));
    if (!hasAnnotation(meta, annotation::boundByController)) setAnnotation(meta, annotation::boundByController, "yes");
  }
  if (!hasAnnotation(meta, annotation::bindCompleted)) {
    setAnnotation(meta, annotation::bindCompleted, "yes");
    changed = true;
  }
  if (changed) {
    claim.metadata(std::move(meta));
    const apiserver::Response reply = client.update(because(Rule::ClaimGetsVolume), claim);
    if (!reply.ok()) return Error(reply);
    claim = as<Claim>(reply.body);
  }
  return updateClaimStatus(claim, "Bound", &volume, because(Rule::ClaimBecomesBound), client);
}

Error PersistentVolumeController::updateVolumePhase(Volume& volume, std::string_view phase, const Why& why,
                                                    Client& client) {
  if (volume.status().phase() == phase) return {};
  Volume next = volume;
  next.doc.set({key::status, key::phase}, phase);
  next.doc.erase({key::status, key::message});
  const apiserver::Response reply = client.updateStatus(why, next);
  if (!reply.ok()) return Error(reply);
  volume = as<Volume>(reply.body);
  return {};
}

Error PersistentVolumeController::updateClaimStatus(Claim& claim, std::string_view phase, const Volume* volume,
                                                    const Why& why, Client& client) {
  PersistentVolumeClaimStatus status = claim.status();
  const bool phaseChanges = status.phase() != phase;
  bool changed = phaseChanges;
  if (phaseChanges) status.phase(phase);
  if (!volume) {
    changed |= status.doc.erase(key::accessModes);
    changed |= status.doc.erase(key::capacity);
    changed |= status.doc.erase(key::currentVolumeAttributesClassName);
  } else {
    if (!(status.accessModes() == volume->spec().accessModes())) {
      status.accessModes(volume->spec().accessModes());
      changed = true;
    }
    // Only while it becomes Bound: later a difference may mean a file system that has yet to grow.
    if (phaseChanges && !(status.capacity() == volume->spec().capacity())) status.capacity(volume->spec().capacity());
    if (phaseChanges && volume->spec().hasVolumeAttributesClassName())
      status.currentVolumeAttributesClassName(volume->spec().volumeAttributesClassName());
  }
  if (!changed) return {};
  Claim next = claim;
  next.status(std::move(status));
  const apiserver::Response reply = client.updateStatus(why, next);
  if (!reply.ok()) return Error(reply);
  claim = as<Claim>(reply.body);
  return {};
}

Error PersistentVolumeController::updateClaimStatusWithEvent(Claim claim, std::string_view phase, const Why& why,
                                                             std::string_view reason, std::string_view message,
                                                             Client& client) {
  if (claim.status().phase() == phase) return {};
  if (Error e = updateClaimStatus(claim, phase, nullptr, why, client)) return e;
  client.event(claim.doc, "Warning", reason, message);
  return {};
}

std::string claimObject(const PersistentVolumeClaim& c) {
  return "PersistentVolumeClaim/" + store::keyOf(c.metadata().namespace_(), c.metadata().name());
}
std::string volumeObject(const PersistentVolume& v) { return "PersistentVolume//" + std::string(nameOf(v)); }
std::string_view nameOf(const PersistentVolumeClaim& c) { return c.doc.get({key::metadata, key::name}).asString(); }
std::string_view nameOf(const PersistentVolume& v) { return v.doc.get({key::metadata, key::name}).asString(); }

}  // namespace controllers
