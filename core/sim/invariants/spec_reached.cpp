// A cluster at rest: what was asked for is there, or something that can be named holds it up.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
struct Count {
  int64_t inRange = 0, beyond = 0, ready = 0, updated = 0, oldBelow = 0;
};

Count count(const Cluster& cluster, const api::StatefulSet& set, std::string_view newest) {
  Count n;
  const int64_t partition = set.spec().updateStrategy().rollingUpdate().partition();
  eachPodOf(cluster.objects(), set, [&](const api::Pod& pod) {
    const int64_t ordinal = ordinalOf(set.metadata().name(), pod.metadata().name());
    isInRange(set, ordinal) ? ++n.inRange : ++n.beyond;
    n.ready += isAvailable(pod, set, cluster.now()) && api::isRunningAndReady(pod);
    n.updated += revisionOf(pod) == newest && !api::isTerminating(pod);
    n.oldBelow += revisionOf(pod) != newest && ordinal < startOf(set) + partition;
  });
  return n;
}

std::string statusIs(std::string_view name, std::string_view field, int64_t said, int64_t is) {
  return said == is ? ""
                    : text({name, " rests, and its status says ", field, ": ", std::to_string(said), ", but it is ",
                            std::to_string(is)});
}

/// A Pod that waited until the claim of its predecessor was collected. Upstream does not look at the set again when the
/// claim is gone (stateful_set.go has no handler for claims), so that it may wait until something else happens.
bool waitsForClaimThatIsGone(const Cluster& cluster, const api::StatefulSet& set) {
  if (set.spec().persistentVolumeClaimRetentionPolicy().whenScaled() != "Delete") return false;
  const std::string_view ns = set.metadata().namespace_(), name = set.metadata().name();
  for (int64_t i = startOf(set); i < startOf(set) + set.spec().replicas(); ++i) {
    const std::string pod = std::string(name) + "-" + std::to_string(i);
    if (podOf(cluster.objects(), ns, pod)) continue;
    for (const api::PersistentVolumeClaim& t : set.spec().volumeClaimTemplates()) {
      if (!cluster.objects().get(Resource::persistentvolumeclaims, ns, text({t.metadata().name(), "-", pod})))
        return true;
    }
  }
  return false;
}

/// A Pod that has failed is replaced, unless one below it is not Ready.
std::string failedPods(const Cluster& cluster, const api::StatefulSet& set) {
  const std::string name(set.metadata().name());
  for (int64_t i = startOf(set); i < startOf(set) + set.spec().replicas(); ++i) {
    const api::Pod pod = podOf(cluster.objects(), set.metadata().namespace_(), name + "-" + std::to_string(i));
    if (pod && api::isPodTerminal(pod)) return text({pod.metadata().name(), " rests in phase ", pod.status().phase()});
    if (isOrderedReady(set) && !(pod && isAvailable(pod, set, cluster.now()))) break;
  }
  return "";
}

std::string check(const Cluster& cluster, const api::StatefulSet& set) {
  const std::string_view name = set.metadata().name();
  if (set.metadata().hasDeletionTimestamp()) return "";
  const std::string_view newest = newestRevision(cluster.objects(), set);
  const Count n = count(cluster, set, newest);
  const api::StatefulSetStatus s = set.status();
  if (s.updateRevision() != newest) return text({name, " rests, and its updateRevision is not the newest revision"});
  std::string how = statusIs(name, "replicas", s.replicas(), n.inRange + n.beyond);
  if (how.empty()) how = statusIs(name, "readyReplicas", s.readyReplicas(), n.ready);
  if (how.empty()) how = statusIs(name, "updatedReplicas", s.updatedReplicas(), n.updated);
  if (how.empty()) how = failedPods(cluster, set);
  // A Pod that is not Ready may hold up the rest.
  if (!how.empty() || n.ready < n.inRange + n.beyond) return how;
  if (waitsForClaimThatIsGone(cluster, set)) return "";
  if (n.inRange != set.spec().replicas() || n.beyond)
    return text({name, " rests with ", std::to_string(n.inRange), " of ", std::to_string(set.spec().replicas()),
                 " Pods and ", std::to_string(n.beyond), " beyond, all Ready"});
  const bool rolling = set.spec().updateStrategy().type() == "RollingUpdate";
  if (rolling && n.updated + n.oldBelow != n.inRange)
    return text({name, " rests with Pods that are out of date, though all are Ready"});
  if (rolling && n.updated == n.inRange && s.currentRevision() != newest)
    return text({name, " rests, all Pods are up to date, and currentRevision is still ", s.currentRevision()});
  return "";
}

/// A claim whose volume could be there has it.
std::string claimsBound(const Cluster& cluster) {
  std::string how;
  cluster.objects().each(Resource::persistentvolumes, "", [&](const Value& v) {
    const api::PersistentVolume volume{{v}};
    const api::ObjectReference ref = volume.spec().claimRef();
    const Value* claim = cluster.objects().get(Resource::persistentvolumeclaims, ref.namespace_(), ref.name());
    const std::string_view name = volume.metadata().name(), phase = volume.status().phase();
    if (ref.uid().empty()) return;
    const bool there = claim && api::Object{{*claim}}.metadata().uid() == ref.uid();
    if (there && phase != "Bound") how = text({name, " rests ", phase, ", and its claim exists"});
    if (there && api::PersistentVolumeClaim{{*claim}}.status().phase() != "Bound")
      how = text({ref.name(), " rests unbound, and its volume ", name, " is there"});
    if (!there && phase == "Bound") how = text({name, " rests Bound, and its claim is gone"});
  });
  return how;
}

/// The retention policy has been carried out.
std::string claimsKept(const Cluster& cluster, const api::StatefulSet& set) {
  if (set.spec().persistentVolumeClaimRetentionPolicy().whenScaled() != "Delete") return "";
  std::string how;
  cluster.objects().each(Resource::persistentvolumeclaims, set.metadata().namespace_(), [&](const Value& v) {
    const std::string_view claim = api::Object{{v}}.metadata().name();
    for (const api::PersistentVolumeClaim& t : set.spec().volumeClaimTemplates()) {
      const std::string of = text({t.metadata().name(), "-", set.metadata().name()});
      const int64_t ordinal = ordinalOf(of, claim);
      const std::string pod = std::string(set.metadata().name()) + "-" + std::to_string(ordinal);
      if (ordinal < startOf(set) + set.spec().replicas()) {
        // A Pod that was to be scaled away, and is wanted again.
        const api::Pod owner = podOf(cluster.objects(), set.metadata().namespace_(), pod);
        for (const api::OwnerReference& o : api::Object{{v}}.metadata().ownerReferences()) {
          if (owner && o.uid() == owner.metadata().uid() && !api::isTerminating(owner))
            how = text({claim, " rests owned by ", pod, ", which is not condemned"});
        }
        continue;
      }
      if (!podOf(cluster.objects(), set.metadata().namespace_(), pod))
        how = text({claim, " is still there, though its Pod was scaled away and whenScaled is Delete"});
    }
  });
  return how;
}

std::string rest(const Cluster& cluster) {
  std::string how = claimsBound(cluster);
  cluster.objects().each(Resource::statefulsets, "", [&](const Value& v) {
    if (how.empty()) how = check(cluster, {{v}});
    if (how.empty()) how = claimsKept(cluster, {{v}});
  });
  return how;
}
}  // namespace

const Invariant specReached = {"rest", "At rest what was asked for is there, and the status is the truth.", 0, nullptr,
                               rest};

}  // namespace sim
