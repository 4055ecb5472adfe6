// DaemonSets: one Pod a node.
#include <set>

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

bool isBefore(const api::Pod& a, const api::Pod& b) {
  if (api::isScheduled(a) != api::isScheduled(b)) return api::isScheduled(a);
  return a.metadata().creationTimestamp() < b.metadata().creationTimestamp();
}

bool takesEveryNode(const api::DaemonSet& ds) {
  const api::PodSpec spec = ds.spec().template_().spec();
  return !spec.hasNodeSelector() && !spec.hasAffinity();
}

/// Of several on a node the oldest stays. Where the user updates, nothing else deletes a Pod of a node that takes it.
std::string deletion(const Seen& seen) {
  const api::Pod pod{{seen.change.before}};
  const api::OwnerReference owner = api::controllerOf(pod.metadata());
  const Value* found = seen.view.get(Resource::daemonsets, pod.metadata().namespace_(), owner.name());
  if (!found || !seen.beginsDeletion() || !api::isPodActive(pod)) return "";
  const api::DaemonSet ds{{*found}};
  if (ds.spec().updateStrategy().type() != "OnDelete" || !takesEveryNode(ds)) return "";
  bool older = false;
  for (const std::string& key : seen.before.controlledBy(Resource::pods, owner.uid())) {
    const Value* known = seen.view.getByKey(Resource::pods, key);
    const api::Pod p{{known ? *known : *seen.before.getByKey(Resource::pods, key)}};
    older |= nodeOf(p) == nodeOf(pod) && isBefore(p, pod) && api::isPodActive(p);
  }
  return older ? "" : text({pod.metadata().name(), " was deleted, and is the oldest on ", nodeOf(pod)});
}

std::string write(const Seen& seen) {
  if (seen.actor != "daemonset") return "";
  if (!seen.creates()) return deletion(seen);
  const api::Pod pod{{seen.change.after}};
  std::string other;
  for (const std::string& key : seen.before.controlledBy(Resource::pods, api::controllerOf(pod.metadata()).uid())) {
    const api::Pod p{{*seen.before.getByKey(Resource::pods, key)}};
    if (api::isPodActive(p) && nodeOf(p) == nodeOf(pod)) other = key;
  }
  return other.empty() ? "" : text({pod.metadata().name(), " was created for ", nodeOf(pod), ", where ", other, " is"});
}

/// A node that has more than one; "" where none has.
std::string crowded(const Cluster& cluster, const api::DaemonSet& ds) {
  std::set<std::string_view> nodes;
  for (const std::string& key : cluster.objects().controlledBy(Resource::pods, ds.metadata().uid())) {
    const api::Pod pod{{*cluster.objects().getByKey(Resource::pods, key)}};
    if (api::isPodActive(pod) && !nodes.insert(nodeOf(pod)).second) return std::string(nodeOf(pod));
  }
  return "";
}

std::string rest(const Cluster& cluster) {
  std::string how;
  cluster.objects().each(Resource::daemonsets, "", [&](const Value& v) {
    const api::DaemonSet ds{{v}};
    const api::DaemonSetStatus s = ds.status();
    if (!ds.metadata().hasDeletionTimestamp() && s.currentNumberScheduled() != s.desiredNumberScheduled())
      how = text({ds.metadata().name(), " rests on ", std::to_string(s.currentNumberScheduled()), " of ",
                  std::to_string(s.desiredNumberScheduled()), " nodes"});
    if (const std::string node = crowded(cluster, ds); !node.empty())
      how = text({ds.metadata().name(), " rests with several Pods on ", node});
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
