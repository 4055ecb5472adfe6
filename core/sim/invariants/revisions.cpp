// The history of templates: when an update is complete, and which revisions are kept.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
/// currentRevision moves only when the controller saw no Pod with another revision, and as many Ready ones as are
/// wanted. Upstream counts condemned Pods too.
std::string completion(const Seen& seen) {
  const api::StatefulSet was{{seen.change.before}}, is{{seen.change.after}};
  const std::string_view from = was.status().currentRevision(), to = is.status().currentRevision();
  if (from.empty() || from == to || seen.lags) return "";
  std::string how;
  if (to != is.status().updateRevision())
    how = text({"currentRevision of ", seen.change.name(), " is now ", to, ", but the update goes to ",
                is.status().updateRevision()});
  int64_t ready = 0;
  eachPodOf(seen.view, is, [&](const api::Pod& pod) {
    ready += api::isRunningAndReady(pod);
    if (revisionOf(pod) != to)
      how = text({"currentRevision of ", seen.change.name(), " is now ", to, ", but ", pod.metadata().name(),
                  " has another revision"});
  });
  if (how.empty() && ready < is.spec().replicas())
    how = text({"currentRevision of ", seen.change.name(), " is now ", to, ", but only ", std::to_string(ready),
                " Pods are Ready"});
  return how;
}

std::string removal(const Seen& seen) {
  if (!seen.removes() || seen.actor != "statefulset") return "";
  const api::StatefulSet set = setOf(seen.before, seen.change.before);
  if (!set) return "";
  const std::string_view name = seen.change.name();
  std::string user;
  eachPodOf(seen.before, set, [&](const api::Pod& pod) {
    if (revisionOf(pod) == name) user = pod.metadata().name();
  });
  if (!user.empty()) return text({"revision ", name, " was deleted while ", user, " uses it"});
  if (name == set.status().currentRevision() || name == newestRevision(seen.before, set))
    return text({"revision ", name, " was deleted while the set uses it"});
  return "";
}

/// A new revision comes after all others of its owner.
std::string creation(const Seen& seen) {
  if (!seen.creates() || seen.byUser()) return "";
  const Value& is = seen.change.after;
  std::string how;
  for (const std::string& key :
       seen.before.controlledBy(Resource::controllerrevisions, api::controllerOf(api::Object{{is}}.metadata()).uid())) {
    const Value* other = seen.before.getByKey(Resource::controllerrevisions, key);
    if (seen.lags || (*other)[api::Key("revision")].asInt() < is[api::Key("revision")].asInt()) continue;
    how = text({"revision ", seen.change.name(), " was created with a number that is not above that of ", key});
  }
  return how;
}

std::string rest(const Cluster& cluster) {
  std::string how;
  cluster.objects().each(Resource::statefulsets, "", [&](const Value& v) {
    const api::StatefulSet set{{v}};
    const int64_t limit = set.spec().revisionHistoryLimit();
    const auto& names = cluster.objects().controlledBy(Resource::controllerrevisions, set.metadata().uid());
    if (int64_t(names.size()) > limit + 2 + set.spec().replicas())
      how = text({set.metadata().name(), " keeps ", std::to_string(names.size()), " revisions"});
  });
  return how;
}

std::string write(const Seen& seen) {
  if (seen.change.resource == Resource::statefulsets) return completion(seen);
  const std::string how = creation(seen);
  return how.empty() ? removal(seen) : how;
}
}  // namespace

const Invariant revisions = {"revisions",
                             "currentRevision moves when an update is complete, and revisions in use are kept.",
                             about({Resource::statefulsets, Resource::controllerrevisions}), write, rest};

}  // namespace sim
