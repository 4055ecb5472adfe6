// A status says what is, or was when its writer looked; never more.
#include <algorithm>

#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
struct Truth {
  int64_t all = 0, ready = 0, current = 0, updated = 0;
  void most(const Truth& o) {
    all = std::max(all, o.all), ready = std::max(ready, o.ready);
    current = std::max(current, o.current), updated = std::max(updated, o.updated);
  }
};

Truth countSet(const store::Objects& objects, const api::StatefulSet& set, const api::StatefulSetStatus& status) {
  Truth t;
  eachPodOf(objects, set, [&](const api::Pod& pod) {
    ++t.all;
    t.ready += api::isRunningAndReady(pod);
    t.current += revisionOf(pod) == status.currentRevision();
    t.updated += revisionOf(pod) == status.updateRevision();
  });
  return t;
}

std::string ahead(std::string_view name, std::string_view field, int64_t said, int64_t is) {
  if (said <= is) return "";
  return text(
      {"the status of ", name, " says ", field, ": ", std::to_string(said), ", but it is ", std::to_string(is)});
}

std::string set(const Seen& seen) {
  const api::StatefulSet set{{seen.change.after}};
  const api::StatefulSetStatus status = set.status();
  const std::string_view name = seen.change.name();
  Truth truth = countSet(seen.view, set, status);
  truth.most(countSet(seen.before, set, status));
  std::string how = ahead(name, "replicas", status.replicas(), truth.all);
  if (how.empty()) how = ahead(name, "readyReplicas", status.readyReplicas(), truth.ready);
  if (how.empty()) how = ahead(name, "availableReplicas", status.availableReplicas(), status.readyReplicas());
  if (how.empty()) how = ahead(name, "currentReplicas", status.currentReplicas(), truth.current);
  if (how.empty()) how = ahead(name, "updatedReplicas", status.updatedReplicas(), truth.updated);
  return how;
}

Truth countReplicaSet(const store::Objects& objects, std::string_view uid) {
  Truth t;
  for (const std::string& key : objects.controlledBy(Resource::pods, uid)) {
    const Value* pod = objects.getByKey(Resource::pods, key);
    ++t.all;
    t.ready += pod && api::isPodReady({{*pod}});
  }
  return t;
}

std::string replicaSet(const Seen& seen) {
  const api::ReplicaSet rs{{seen.change.after}};
  Truth truth = countReplicaSet(seen.view, rs.metadata().uid());
  truth.most(countReplicaSet(seen.before, rs.metadata().uid()));
  std::string how = ahead(seen.change.name(), "replicas", rs.status().replicas(), truth.all);
  if (how.empty()) how = ahead(seen.change.name(), "readyReplicas", rs.status().readyReplicas(), truth.ready);
  return how;
}

std::string write(const Seen& seen) {
  if (seen.removes() || seen.byUser() || seen.entry.subresource != "status") return "";
  return seen.change.resource == Resource::statefulsets ? set(seen) : replicaSet(seen);
}
}  // namespace

const Invariant statusTruth = {"status", "A status is never ahead of the truth.",
                               about({Resource::statefulsets, Resource::replicasets}), write, nullptr};

}  // namespace sim
