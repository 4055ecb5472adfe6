// One identity, one Pod: the Pod that had it before is gone, with its containers.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
constexpr std::string_view podNameLabel = "statefulset.kubernetes.io/pod-name";

bool isRunning(const api::Pod& pod) {
  for (const api::ContainerStatus& c : pod.status().containerStatuses()) {
    if (c.state().has(api::key::running)) return true;
  }
  return false;
}

std::string whenRemoved(const Seen& seen, const api::Pod& pod) {
  const std::string_view name = pod.metadata().name(), node = pod.spec().nodeName();
  if (seen.byUser() || node.empty() || !seen.before.get(Resource::nodes, "", node)) return "";
  if (seen.actor.substr(0, 7) != "kubelet" && seen.actor != "pod gc" && !api::isPodTerminal(pod))
    return text({name, " was removed by ", seen.actor, ", and not by the kubelet of its node ", node});
  if (seen.actor != "pod gc" && isRunning(pod))
    return text({name, " was removed while a container of it ran on ", node});
  return "";
}

std::string write(const Seen& seen) {
  if (seen.removes()) return whenRemoved(seen, {{seen.change.before}});
  const api::Pod pod{{seen.change.after}};
  const api::StatefulSet set = seen.creates() ? setOf(seen.after, pod.doc) : api::StatefulSet();
  if (!set) return "";
  const std::string_view identity = pod.metadata().labels().get(podNameLabel);
  std::string other;
  eachPodOf(seen.before, set, [&](const api::Pod& p) {
    if (p.metadata().labels().get(podNameLabel) == identity) other = p.metadata().name();
  });
  if (!other.empty())
    return text({pod.metadata().name(), " was created while ", other, " has the identity ", identity});
  return "";
}
}  // namespace

const Invariant identity = {"identity", "At most one Pod has an identity at any time.", about({Resource::pods}), write,
                            nullptr};

}  // namespace sim
