// What is in use stays: claims that Pods use, volumes that claims use.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
std::string write(const Seen& seen) {
  if (!seen.removes()) return "";
  const std::string_view name = seen.change.name();
  if (seen.change.resource == Resource::persistentvolumes) {
    const api::PersistentVolume was{{seen.change.before}};
    return was.status().phase() == "Bound" ? text({name, " is gone while it is Bound"}) : "";
  }
  for (const std::string& key : seen.before.podsOfClaim(seen.change.namespace_(), name)) {
    const Value* pod = seen.before.getByKey(Resource::pods, key);
    if (pod && api::isScheduled({{*pod}}) && !api::isPodTerminal({{*pod}}))
      return text({"claim ", name, " is gone while the Pod ", key, " uses it"});
  }
  return "";
}
}  // namespace

const Invariant protection = {"protection", "What is in use is not removed.",
                              about({Resource::persistentvolumeclaims, Resource::persistentvolumes}), write, nullptr};

}  // namespace sim
