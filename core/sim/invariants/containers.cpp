// What a kubelet says of a Pod is true of its containers.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
std::string write(const Seen& seen) {
  if (seen.removes() || seen.actor.substr(0, 7) != "kubelet" || seen.entry.subresource != "status") return "";
  const api::Pod pod{{seen.change.after}};
  const std::string_view name = pod.metadata().name();
  if (pod.spec().nodeName().empty()) return text({name, " has a status from a kubelet, but no node"});
  if (api::isPodReady(pod) && pod.status().phase() != "Running")
    return text({name, " is Ready in phase ", pod.status().phase()});
  for (const api::ContainerStatus& c : pod.status().containerStatuses()) {
    if (api::isPodReady(pod) && (!c.ready() || !c.state().has(api::key::running)))
      return text({name, " is Ready, but its container ", c.name(), " is not"});
  }
  if (pod.status().phase() != "Running" || api::Pod{{seen.change.before}}.status().phase() == "Running") return "";
  for (const api::Volume& v : pod.spec().volumes()) {
    const std::string_view claim = v.persistentVolumeClaim().claimName();
    const Value* found = seen.before.get(Resource::persistentvolumeclaims, pod.metadata().namespace_(), claim);
    if (found && api::PersistentVolumeClaim{{*found}}.status().phase() != "Bound")
      return text({name, " runs before its claim ", claim, " is Bound"});
  }
  return "";
}
}  // namespace

const Invariant containers = {"containers", "A Pod runs with its volumes, and is Ready with its containers.",
                              about({Resource::pods}), write, nullptr};

}  // namespace sim
