// Models pkg/controller/volume/pvprotection/pv_protection_controller.go (v1.37).
#include "core/controllers/pvprotection.hpp"

#include "core/controllers/protection.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
using namespace api;
using decision::Client;
using decision::Rule;

namespace {
constexpr std::string_view finalizer = "kubernetes.io/pv-protection";

class PVProtectionController : public decision::Cloned<PVProtectionController> {
 public:
  std::string_view name() const override { return "pv-protection"; }
  std::string_view component() const override { return "pv-protection-controller"; }
  bool watches(Resource r) const override { return r == Resource::persistentvolumes; }

  void observe(const store::Change& change, const decision::View&, Millis) override {
    if (!change.after.isNull()) enqueue(as<PersistentVolume>(change.after));
  }

  bool sync(const std::string& key, Client& client) override {
    const PersistentVolume volume = client.view().getByKey<PersistentVolume>(key);
    if (!volume) return true;
    const ObjectMeta meta = volume.metadata();
    const Value name = meta.name();
    if (isDeletionCandidate(meta, finalizer)) {
      if (volume.status().phase() != "Bound")
        return client.update({Rule::UnprotectVolume, {{"volume", name}}}, withoutFinalizer(volume, finalizer)).ok();
      client.wait({Rule::VolumeIsInUse, {{"volume", name}, {"claim", volume.spec().claimRef().name()}}},
                  "PersistentVolume//" + key);
    }
    if (needToAddFinalizer(meta, finalizer))
      return client.update({Rule::ProtectVolume, {{"volume", name}}}, withFinalizer(volume, finalizer)).ok();
    return true;
  }

  void start(const decision::View& view, Millis) override {
    view.each<PersistentVolume>({}, [&](const PersistentVolume& v) { enqueue(v); });
  }

 private:
  void enqueue(const PersistentVolume& volume) {
    const ObjectMeta meta = volume.metadata();
    if (needToAddFinalizer(meta, finalizer) || isDeletionCandidate(meta, finalizer))
      queue.add(store::keyOf(volume.doc));
  }
};
}  // namespace

std::unique_ptr<decision::Controller> makePVProtectionController(const Settings&) {
  return std::make_unique<PVProtectionController>();
}

}  // namespace controllers
