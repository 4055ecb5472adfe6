// A claim has one volume, a volume one claim, and both say so.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
std::string claim(const Seen& seen) {
  const api::PersistentVolumeClaim was{{seen.change.before}}, is{{seen.change.after}};
  const std::string_view volume = is.spec().volumeName(), name = is.metadata().name();
  if (was && !was.spec().volumeName().empty() && was.spec().volumeName() != volume)
    return text({name, " was bound to ", was.spec().volumeName(), " and is now bound to ", volume});
  if (volume.empty()) return is.status().phase() == "Bound" ? text({name, " is Bound to nothing"}) : "";
  std::string other;
  seen.after.each(Resource::persistentvolumeclaims, "", [&](const Value& v) {
    const api::PersistentVolumeClaim c{{v}};
    // What a user only says of a claim does not count: a volume that it names, or that it is bound.
    if (c.spec().volumeName() == volume && c.metadata().uid() != is.metadata().uid() && c.status().phase() == "Bound")
      other = c.metadata().name();
  });
  if (!other.empty() && is.status().phase() == "Bound")
    return text({name, " and ", other, " are both bound to ", volume});
  const bool becomesBound = is.status().phase() == "Bound" && was.status().phase() != "Bound";
  const Value* found = seen.after.get(Resource::persistentvolumes, "", volume);
  if (!becomesBound) return "";
  if (!found) return text({name, " becomes Bound to ", volume, ", which does not exist"});
  if (api::PersistentVolume{{*found}}.spec().claimRef().uid() != is.metadata().uid())
    return text({name, " becomes Bound to ", volume, ", which is not bound to it"});
  return "";
}

std::string volume(const Seen& seen) {
  const api::PersistentVolume is{{seen.change.after}};
  const std::string_view uid = is.spec().claimRef().uid();
  if (uid.empty() || is.status().phase() != "Bound") return "";
  std::string other;
  seen.after.each(Resource::persistentvolumes, "", [&](const Value& v) {
    const api::PersistentVolume p{{v}};
    if (p.metadata().uid() != is.metadata().uid() && p.spec().claimRef().uid() == uid && p.status().phase() == "Bound")
      other = p.metadata().name();
  });
  return other.empty() ? "" : text({is.metadata().name(), " and ", other, " are both bound to one claim"});
}

std::string write(const Seen& seen) {
  if (seen.removes()) return "";
  return seen.change.resource == Resource::persistentvolumes ? volume(seen) : claim(seen);
}
}  // namespace

const Invariant claims = {"claims", "No claim is bound twice, and no volume to two claims.",
                          about({Resource::persistentvolumeclaims, Resource::persistentvolumes}), write, nullptr};

}  // namespace sim
