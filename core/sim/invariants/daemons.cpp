// DaemonSets: one Pod a node.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
std::string_view nodeOf(const api::Pod& pod) {
  if (!pod.spec().nodeName().empty()) return pod.spec().nodeName();
  const Value& terms =
      pod.doc.get({api::key::spec, api::Key("affinity"), api::Key("nodeAffinity"),
                   api::Key("requiredDuringSchedulingIgnoredDuringExecution"), api::Key("nodeSelectorTerms")});
  for (const Value& field : terms[0][api::Key("matchFields")].values()) {
    if (field[api::key::key].asString() == "metadata.name") return field[api::key::values][0].asString();
  }
  return {};
}

std::string write(const Seen& seen) {
  if (seen.actor != "daemonset" || !seen.creates() || seen.change.resource != Resource::pods) return "";
  const api::Pod pod{{seen.change.after}};
  std::string other;
  for (const std::string& key : seen.before.controlledBy(Resource::pods, api::controllerOf(pod.metadata()).uid())) {
    const api::Pod p{{*seen.before.getByKey(Resource::pods, key)}};
    if (api::isPodActive(p) && nodeOf(p) == nodeOf(pod)) other = key;
  }
  return other.empty() ? "" : text({pod.metadata().name(), " was created for ", nodeOf(pod), ", where ", other, " is"});
}

std::string rest(const Cluster& cluster) {
  std::string how;
  cluster.objects().each(Resource::daemonsets, "", [&](const Value& v) {
    const api::DaemonSet ds{{v}};
    const api::DaemonSetStatus s = ds.status();
    if (!ds.metadata().hasDeletionTimestamp() && s.currentNumberScheduled() != s.desiredNumberScheduled())
      how = text({ds.metadata().name(), " rests on ", std::to_string(s.currentNumberScheduled()), " of ",
                  std::to_string(s.desiredNumberScheduled()), " nodes"});
    if (s.numberReady() == s.desiredNumberScheduled() && s.updatedNumberScheduled() != s.desiredNumberScheduled() &&
        ds.spec().updateStrategy().type() == "RollingUpdate")
      how = text({ds.metadata().name(), " rests with Pods that are out of date, though all are Ready"});
  });
  return how;
}
}  // namespace

const Invariant daemons = {"daemons", "A DaemonSet has one Pod on each node that takes it.", about({Resource::pods}),
                           write, rest};

}  // namespace sim
