// ReplicaSets and Deployments: never more Pods than allowed, never fewer than promised.
#include <charconv>

#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
int64_t active(const store::Objects& objects, std::string_view uid) {
  int64_t n = 0;
  for (const std::string& key : objects.controlledBy(Resource::pods, uid)) {
    const Value* pod = objects.getByKey(Resource::pods, key);
    n += pod && api::isPodActive({{*pod}});
  }
  return n;
}

std::string pod(const Seen& seen) {
  const Value& object = seen.creates() ? seen.change.after : seen.change.before;
  const api::ObjectMeta meta = api::Object{{object}}.metadata();
  const api::OwnerReference owner = api::controllerOf(meta);
  const Value* found =
      owner.kind() == "ReplicaSet" ? seen.view.get(Resource::replicasets, meta.namespace_(), owner.name()) : nullptr;
  if (seen.actor != "replicaset" || !found) return "";
  const int64_t wanted = api::ReplicaSet{{*found}}.spec().replicas();
  const int64_t n = active(seen.after, owner.uid());
  if (seen.creates() && n > wanted)
    return text({meta.name(), " was created, the ", std::to_string(n), "th of ", std::to_string(wanted), " Pods"});
  if (!seen.creates() && seen.beginsDeletion() && n < wanted && api::isPodActive({{object}}))
    return text(
        {meta.name(), " was deleted, which leaves ", std::to_string(n), " of ", std::to_string(wanted), " Pods"});
  return "";
}

int64_t scaled(const Value& v, int64_t total, bool up) {
  if (v.kind() == api::Kind::Int) return v.asInt();
  int64_t percent = 0;
  const std::string_view t = v.asString();
  std::from_chars(t.data(), t.data() + t.size(), percent);
  return (percent * total + (up ? 99 : 0)) / 100;
}

/// The Deployment makes a ReplicaSet larger: all together stay within maxSurge.
std::string replicaSet(const Seen& seen) {
  const api::ReplicaSet was{{seen.change.before}}, is{{seen.change.after}};
  const api::OwnerReference owner = api::controllerOf(is.metadata());
  const Value* found = seen.view.get(Resource::deployments, is.metadata().namespace_(), owner.name());
  if (seen.actor != "deployment" || seen.removes() || !found || seen.lags) return "";
  if (!seen.creates() && is.spec().replicas() <= was.spec().replicas()) return "";
  const api::Deployment deployment{{*found}};
  const Value& surge = found->get({api::key::spec, api::key::strategy, api::key::rollingUpdate, api::Key("maxSurge")});
  const int64_t most = deployment.spec().replicas() + scaled(surge, deployment.spec().replicas(), true);
  int64_t all = 0;
  for (const std::string& key : seen.after.controlledBy(Resource::replicasets, owner.uid()))
    all += api::ReplicaSet{{*seen.after.getByKey(Resource::replicasets, key)}}.spec().replicas();
  if (all <= most || is.spec().replicas() == 0) return "";
  return text({is.metadata().name(), " grows, and all ReplicaSets want ", std::to_string(all), " Pods of at most ",
               std::to_string(most)});
}

std::string write(const Seen& seen) { return seen.change.resource == Resource::pods ? pod(seen) : replicaSet(seen); }

std::string rest(const Cluster& cluster) {
  std::string how;
  cluster.objects().each(Resource::replicasets, "", [&](const Value& v) {
    const api::ReplicaSet rs{{v}};
    const int64_t n = active(cluster.objects(), rs.metadata().uid());
    if (n != rs.spec().replicas() && !rs.metadata().hasDeletionTimestamp())
      how = text({rs.metadata().name(), " rests with ", std::to_string(n), " of ", std::to_string(rs.spec().replicas()),
                  " Pods"});
  });
  cluster.objects().each(Resource::deployments, "", [&](const Value& v) {
    const api::Deployment d{{v}};
    const api::DeploymentStatus s = d.status();
    if (d.metadata().hasDeletionTimestamp() || d.spec().paused() || s.readyReplicas() != s.replicas()) return;
    if (s.updatedReplicas() != d.spec().replicas() || s.replicas() != d.spec().replicas())
      how = text({d.metadata().name(), " rests with ", std::to_string(s.updatedReplicas()), " updated of ",
                  std::to_string(d.spec().replicas()), " Pods, all Ready"});
  });
  return how;
}
}  // namespace

const Invariant replicas = {"replicas",
                            "ReplicaSets and Deployments have as many Pods as they want, and never more than they may.",
                            about({Resource::pods, Resource::replicasets}), write, rest};

}  // namespace sim
