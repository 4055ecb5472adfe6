#include "core/controllers/persistentvolume_index.hpp"

#include <tuple>

#include "core/api/sort.hpp"

namespace controllers {
namespace {
using namespace api;

// The modes in one fixed order, each once: volumes with the same set get the same text. Models
// pkg/apis/core/v1/helper GetAccessModesAsString.
std::string modesText(const StringList& modes) {
  std::string out;
  for (const auto& [mode, shortName] : {std::pair("ReadWriteOnce", "RWO"), std::pair("ReadOnlyMany", "ROX"),
                                        std::pair("ReadWriteMany", "RWX"), std::pair("ReadWriteOncePod", "RWOP")}) {
    if (modes.contains(mode)) out += (out.empty() ? "" : ",") + std::string(shortName);
  }
  return out;
}

int modeCount(std::string_view modes) {
  int n = modes.empty() ? 0 : 1;
  for (char c : modes) n += c == ',';
  return n;
}

std::string claimKey(const PersistentVolumeClaim& claim) {
  return store::keyOf(claim.metadata().namespace_(), claim.metadata().name());
}
}  // namespace

void VolumeIndex::put(const PersistentVolume& volume) {
  const std::string name(volume.metadata().name());
  Place p;
  p.class_ = classOf(volume);
  p.modes = modesText(volume.spec().accessModes());
  p.size = capacityOf(volume);
  const ObjectReference ref = volume.spec().claimRef();
  const std::string_view phase = volume.status().phase();
  if (volume.spec().hasClaimRef()) p.claim = store::keyOf(ref.namespace_(), ref.name());
  p.available = p.claim.empty() && phase == "Available";
  p.idle = !p.available && phase != "Bound" && (p.claim.empty() || ref.uid().empty() || phase != "Pending");
  if (const auto known = places_.find(name); known != places_.end() && known->second == p) return;
  remove(name);
  if (!p.claim.empty()) reserved_[p.claim].insert(name);
  if (p.available) available_[{p.class_, p.modes}].emplace(p.size, name);
  if (p.idle) idle_.insert(name);
  places_.emplace(name, std::move(p));
}

void VolumeIndex::remove(std::string_view name) {
  const auto it = places_.find(name);
  if (it == places_.end()) return;
  const Place& p = it->second;
  if (const auto at = reserved_.find(p.claim); at != reserved_.end()) {
    at->second.erase(it->first);
    if (at->second.empty()) reserved_.erase(at);
  }
  if (p.available) {
    const auto at = available_.find({p.class_, p.modes});
    at->second.erase({p.size, it->first});
    if (at->second.empty()) available_.erase(at);
  }
  if (p.idle) idle_.erase(it->first);
  places_.erase(it);
}

PersistentVolume VolumeIndex::findBestMatchForClaim(const PersistentVolumeClaim& claim, bool delayBinding,
                                                    const decision::View& view) const {
  PersistentVolume best;
  std::tuple<int, std::string_view, bool> bestRank;  // of the access modes; among equals a volume that is kept first
  const auto consider = [&](const std::string& name, std::string_view modes, bool kept) {
    const std::tuple rank(modeCount(modes), modes, !kept);
    const PersistentVolume volume = view.get<PersistentVolume>({}, name);
    if (!volume || misfit(volume, claim) != Misfit::none || (best && bestRank <= rank)) return false;
    best = volume;
    bestRank = rank;
    return true;
  };
  if (const auto kept = reserved_.find(claimKey(claim)); kept != reserved_.end()) {
    for (const std::string& name : kept->second) {
      const PersistentVolume volume = view.get<PersistentVolume>({}, name);
      if (volume && hasAccessModes(volume, claim)) consider(name, places_.find(name)->second.modes, true);
    }
  }
  if (delayBinding) return best;
  const std::string class_(classOf(claim));
  for (auto it = available_.lower_bound({class_, {}}); it != available_.end() && it->first.first == class_; ++it) {
    const auto& sizes = it->second;
    for (auto v = sizes.lower_bound({requestedStorage(claim), {}}); v != sizes.end(); ++v) {
      if (consider(v->second, it->first.second, false)) break;
    }
  }
  return best;
}

std::vector<PersistentVolume> VolumeIndex::nearestMisfits(const PersistentVolumeClaim& claim,
                                                          const decision::View& view) const {
  std::vector<std::pair<int, PersistentVolume>> found;
  int looked = 0;
  const auto consider = [&](const std::string& name) {
    const PersistentVolume volume = view.get<PersistentVolume>({}, name);
    const Misfit why = volume ? misfit(volume, claim) : Misfit::none;
    if (why == Misfit::none) return;
    const bool blocked = why == Misfit::reserved || why == Misfit::notAvailable || why == Misfit::beingDeleted;
    found.emplace_back(classOf(volume) != classOf(claim) ? 2 : blocked ? 1 : 0, volume);
  };
  // The largest of each kind, and a few that are not free: enough for a reason, at a cost that does not grow.
  for (const auto& [kind, sizes] : available_) {
    if (++looked <= 16) consider(sizes.rbegin()->second);
  }
  looked = 0;
  for (const std::string& name : idle_) {
    if (++looked <= 16) consider(name);
  }
  api::sort(found, [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<PersistentVolume> out;
  for (auto& [rank, volume] : found) {
    if (out.size() < 4) out.push_back(std::move(volume));
  }
  return out;
}

}  // namespace controllers
