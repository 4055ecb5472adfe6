#pragma once
// The volume binder's class, for its own sources only: persistentvolume.cpp (queue, binding),
// persistentvolume_claims.cpp and persistentvolume_volumes.cpp (what is decided about either). Models
// pkg/controller/volume/persistentvolume/pv_controller.go (v1.37). Upstream's cache of what it has just written is not
// needed: replies are carried on within one work item, and conflicts bring the item back.
// NOT MODELLED: counting up Events with each resync, in-tree provisioners, recycling, migration to CSI,
// pre-resize-capacity.
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/controllers/error.hpp"
#include "core/controllers/persistentvolume_index.hpp"
#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

class PersistentVolumeController : public decision::Cloned<PersistentVolumeController> {
 public:
  explicit PersistentVolumeController(const Settings& settings) : settings_(settings) {}
  std::string_view name() const override { return "persistentvolume-binder"; }
  std::string_view component() const override { return "persistentvolume-controller"; }
  bool watches(api::Resource r) const override {
    return r == api::Resource::persistentvolumeclaims || r == api::Resource::persistentvolumes;
  }
  void observe(const store::Change&, const decision::View&, api::Millis now) override;
  /// A key with a namespace is a claim, one without a volume.
  bool sync(const std::string& key, decision::Client&) override;
  void remember(decision::Digest& out) const override {
    out.all(unsettled_);
    for (const auto& [claim, version] : fresh_) out << claim;
  }
  void start(const decision::View&, api::Millis now) override;

 private:
  using Claim = api::PersistentVolumeClaim;
  using Volume = api::PersistentVolume;
  using Why = decision::Why;

  // What is decided about a claim: persistentvolume_claims.cpp. `fresh`: the version in which it was made, where it is
  // looked at for the first time.
  Error syncClaim(Claim, std::string_view fresh, decision::Client&);
  Error syncUnboundClaim(Claim, std::string_view fresh, decision::Client&);
  Error syncBoundClaim(Claim, decision::Client&);
  Error syncClaimThatNamesVolume(Claim, decision::Client&);
  Error provisionClaim(Claim, decision::Client&);
  Error assignDefaultStorageClass(Claim, decision::Client&, bool& assigned);
  void waitForConsumer(const Claim&, std::string_view fresh, decision::Client&);
  void waitForVolume(const Claim&, const Why& otherwise, decision::Client&);

  // What is decided about a volume: persistentvolume_volumes.cpp.
  Error syncVolume(Volume, decision::Client&);
  Error syncVolumeOfClaim(Volume, const Claim&, decision::Client&);
  Error reclaimVolume(Volume, decision::Client&);
  Error deleteVolume(Volume, decision::Client&);
  Error unbindVolume(Volume, const Why&, decision::Client&);

  // Binding: persistentvolume.cpp.
  Error bind(Volume, Claim, const Why&, decision::Client&);
  Error updateVolumePhase(Volume&, std::string_view phase, const Why&, decision::Client&);
  /// `volume` null: the claim has none, so capacity and access modes go.
  Error updateClaimStatus(Claim&, std::string_view phase, const Volume* volume, const Why&, decision::Client&);
  Error updateClaimStatusWithEvent(Claim, std::string_view phase, const Why&, std::string_view reason,
                                   std::string_view message, decision::Client&);
  /// Records an Event, unless it is the one that was recorded last. Upstream repeats it with every resync, which only
  /// counts it up: steps without news.
  void tell(const api::Value& object, std::string_view type, std::string_view reason, const std::string& message,
            decision::Client&);
  void resyncLater(const std::string& key, api::Millis now);

  Settings settings_;
  VolumeIndex volumes_;
  std::set<std::string> unsettled_;  ///< what the periodic resync has to look at again; upstream looks at everything
  std::map<std::string, std::string> fresh_;  ///< claims that were not looked at yet, with their first version
  std::map<std::string, std::string> told_;   ///< by claim or volume, the last Event about why it is not bound
};

std::string claimObject(const api::PersistentVolumeClaim&);  ///< "PersistentVolumeClaim/default/data"
std::string volumeObject(const api::PersistentVolume&);      ///< "PersistentVolume//data"
std::string_view nameOf(const api::PersistentVolumeClaim&);
std::string_view nameOf(const api::PersistentVolume&);

}  // namespace controllers
