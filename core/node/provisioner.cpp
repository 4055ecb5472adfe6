#include "core/node/provisioner.hpp"

#include <set>

#include "core/api/volumes.hpp"
#include "core/decision/rules.hpp"
#include "core/node/disk.hpp"

namespace node {
using namespace api;
using decision::Client;
using decision::Rule;

namespace {
// What the claim asks for, as a volume: one name for one claim, so that it is made once however often it is tried.
PersistentVolume volumeFor(const PersistentVolumeClaim& claim, const StorageClass& class_) {
  const std::string uid(claim.metadata().uid());
  const std::string_view driver = provisionerName.substr(0, provisionerName.find('/'));
  const std::string_view storage = claim.spec().resources().requests().get("storage");
  Value spec = Value::object({{key::accessModes, claim.spec().accessModes().doc},
                              {key::capacity, Value::object({{key::storage, storage}})},
                              {key::claimRef, referenceTo(claim).doc},
                              {key::csi, Value::object({{key::driver, driver}, {key::volumeHandle, "disk-" + uid}})},
                              {key::persistentVolumeReclaimPolicy, class_.reclaimPolicy()},
                              {key::storageClassName, class_.metadata().name()},
                              // DEVIATION from the recorder's provisioner, which always says Filesystem: a claim for a
                              // raw block device gets one.
                              {key::volumeMode, claim.spec().volumeMode() == "Block" ? "Block" : "Filesystem"}});
  if (class_.hasMountOptions()) spec.set(key::mountOptions, class_.mountOptions().doc);
  const Value annotations = Value::object({{Key(annotation::provisionedBy), provisionerName}});
  return as<PersistentVolume>(
      Value::object({{key::apiVersion, "v1"},
                     {key::kind, "PersistentVolume"},
                     {key::metadata, Value::object({{key::annotations, annotations}, {key::name, "pvc-" + uid}})},
                     {key::spec, std::move(spec)}}));
}

bool asksForVolume(const PersistentVolumeClaim& claim) {
  return claim && claim.spec().volumeName().empty() && !claim.metadata().hasDeletionTimestamp() &&
         claim.metadata().annotations().get(annotation::storageProvisioner) == provisionerName &&
         claim.spec().hasStorageClassName();
}

class Provisioner : public decision::Cloned<Provisioner> {
 public:
  explicit Provisioner(bool automatic) : automatic_(automatic) {}
  std::string_view name() const override { return "provisioner"; }
  std::string_view component() const override { return provisionerName; }
  bool watches(Resource r) const override {
    return r == Resource::persistentvolumeclaims || r == Resource::persistentvolumes || r == Resource::storageclasses;
  }

  void observe(const store::Change& change, const decision::View&, Millis) override {
    if (!automatic_ || change.after.isNull()) return;
    const std::string key = store::keyOf(change.namespace_(), change.name());
    if (change.resource == Resource::persistentvolumeclaims) {
      if (asksForVolume(as<PersistentVolumeClaim>(change.after))) queue.add(key);
    } else if (change.resource == Resource::persistentvolumes) {
      if (mayDelete(as<PersistentVolume>(change.after))) queue.add(key);
    } else {
      for (const std::string& claim : std::exchange(waiting_, {})) queue.add(claim);
    }
  }

  void remember(decision::Digest& out) const override { out.all(waiting_); }
  /// A key with a namespace is a claim, one without a volume.
  bool sync(const std::string& key, Client& client) override {
    const auto [ns, name] = store::splitKey(key);
    if (!ns.empty()) {
      if (provision(client, ns, name).empty()) return true;
      const PersistentVolumeClaim claim = client.view().get<PersistentVolumeClaim>(ns, name);
      if (!claim) return true;
      if (client.view().get<StorageClass>({}, claim.spec().storageClassName())) return false;
      waiting_.insert(key);
      return true;
    }
    const PersistentVolume volume = client.view().getByKey<PersistentVolume>(key);
    if (!volume || !mayDelete(volume)) return true;
    const decision::Why why(Rule::DeleteReleasedVolume, {{"provisioner", provisionerName}, {"volume", name}});
    const apiserver::Response reply = client.remove(why, volume);
    if (reply.ok()) eraseDisk(client, name);
    return reply.ok() || reply.isNotFound();
  }

  void start(const decision::View& view, Millis) override {
    if (!automatic_) return;
    view.each<PersistentVolumeClaim>({}, [&](const PersistentVolumeClaim& c) {
      if (asksForVolume(c)) queue.add(store::keyOf(c.doc));
    });
    view.each<PersistentVolume>({}, [&](const PersistentVolume& v) {
      if (mayDelete(v)) queue.add(store::keyOf(v.doc));
    });
  }

 private:
  static bool mayDelete(const PersistentVolume& v) {
    return v.status().phase() == "Released" && v.spec().persistentVolumeReclaimPolicy() == "Delete" &&
           v.metadata().annotations().get(annotation::provisionedBy) == provisionerName &&
           !v.metadata().hasDeletionTimestamp();
  }

  bool automatic_;
  std::set<std::string> waiting_;  ///< claims whose class is not there
};
}  // namespace

std::unique_ptr<decision::Controller> makeProvisioner(bool automatic) {
  return std::make_unique<Provisioner>(automatic);
}

std::string provision(Client& client, std::string_view ns, std::string_view name) {
  const PersistentVolumeClaim claim = client.view().get<PersistentVolumeClaim>(ns, name);
  if (!claim) return "persistentvolumeclaims \"" + std::string(name) + "\" not found";
  if (!asksForVolume(claim)) return {};
  const Value className = claim.spec().storageClassName();
  const StorageClass class_ = client.view().get<StorageClass>({}, className.asString());
  if (!class_) return "storageclasses.storage.k8s.io \"" + std::string(className.asString()) + "\" not found";
  if (waitsForFirstConsumer(class_) && !hasAnnotation(claim.metadata(), annotation::selectedNode)) return {};
  const PersistentVolume volume = volumeFor(claim, class_);
  const decision::Why why(Rule::ProvisionVolume, {{"provisioner", provisionerName},
                                                  {"volume", volume.metadata().name()},
                                                  {"claim", name},
                                                  {"class", className},
                                                  {"requested", volume.spec().capacity().get("storage")}});
  const apiserver::Response reply = client.create(why, volume);
  return reply.ok() || reply.isAlreadyExists() ? std::string() : std::string(reply.message());
}

}  // namespace node
