#pragma once
// The binder's index of volumes: those that a claim could take, by class, access modes and size, and those that name a
// claim already. A claim finds its volume without a walk over all of them. Models
// pkg/controller/volume/persistentvolume/index.go (v1.37).
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/volumes.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

class VolumeIndex {
 public:
  /// Puts the newest version in the place of any older one.
  void put(const api::PersistentVolume&);
  void remove(std::string_view name);

  /// The volume that the binder takes for an unbound claim: one that is kept for it, else the smallest that fits, of
  /// those with the fewest access modes beyond what it asks for; an empty view where there is none. With
  /// `delayBinding` only volumes that are kept for the claim count.
  api::PersistentVolume findBestMatchForClaim(const api::PersistentVolumeClaim&, bool delayBinding,
                                              const decision::View&) const;
  /// Up to four volumes that do not fit the claim, those that come closest first: for the reason.
  std::vector<api::PersistentVolume> nearestMisfits(const api::PersistentVolumeClaim&, const decision::View&) const;

 private:
  using Names = std::set<std::string, std::less<>>;
  struct Place {
    std::string class_, modes, claim;  ///< claim: "namespace/name" of its claimRef, or ""
    __int128 size = 0;
    bool available = false, idle = false;
    bool operator==(const Place&) const = default;
  };
  /// By (class, access modes) the sizes and names of the volumes in phase Available without a claimRef.
  std::map<std::pair<std::string, std::string>, std::set<std::pair<__int128, std::string>>> available_;
  std::map<std::string, Names, std::less<>> reserved_;  ///< by claim, the volumes whose claimRef names it
  Names idle_;  ///< not available, but without a bound claim: kept for a claim, Released, Failed
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace controllers
