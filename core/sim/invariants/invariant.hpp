#pragma once
// What must hold whatever the order of work items: statements about every write, and about a cluster that has come to
// rest. Used by exploration (core/sim/explore.hpp). They read objects only and share no code with the controllers, so
// that a bug cannot hide in both. One file a statement; a new one has a line in `invariants()`.
#include <span>
#include <string>
#include <string_view>

#include "core/api/pods.hpp"
#include "core/sim/cluster.hpp"

namespace sim {

/// One write, as a statement is asked about it.
struct Seen {
  const Cluster& cluster;      ///< after the work item that wrote it
  std::string_view actor;      ///< "statefulset", "kubelet node-1"; "you" for the user
  const store::Objects& view;  ///< what the actor knew when its work item began; of a lagging one what it knows
  const store::Objects &before, &after;
  bool lags;  ///< the actor's view stands still
  const store::Change& change;
  const Entry& entry;

  bool creates() const { return change.before.isNull(); }
  bool removes() const { return change.after.isNull(); }
  /// The write begins the object's deletion, or deletes it at once.
  bool beginsDeletion() const;
  bool byUser() const { return actor == "you"; }
};

struct Invariant {
  std::string_view id;
  std::string_view says;
  uint32_t resources;                   ///< a bit for each resource whose writes it is asked about
  std::string (*write)(const Seen&);    ///< "" or how the write breaks it; may be null
  std::string (*rest)(const Cluster&);  ///< the same for a cluster in which nothing is left to do; may be null
};
std::span<const Invariant> invariants();

constexpr uint32_t about(std::initializer_list<Resource> resources) {
  uint32_t bits = 0;
  for (Resource r : resources) bits |= 1u << unsigned(r);
  return bits;
}

// ---- the statements

extern const Invariant identity, order, claims, retained, statusTruth, generations, updateBudget, owners, revisions,
    protection, placement, dependents, replicas, daemons, budgets, containers, traffic, evictions, specReached;

// ---- reading objects, in words that the statements share

/// Texts and numbers, joined.
std::string text(std::initializer_list<std::string_view> parts);
/// "web-3" of the set "web" is 3; -1 where the name is not of that form.
int64_t ordinalOf(std::string_view set, std::string_view pod);
/// The set whose controller reference the object has; an empty view where there is none (any more).
api::StatefulSet setOf(const store::Objects&, const Value& object);
api::Pod podOf(const store::Objects&, std::string_view ns, std::string_view name);
template <class F>
void eachPodOf(const store::Objects& objects, const api::StatefulSet& set, F&& f) {
  for (const std::string& key : objects.controlledBy(Resource::pods, set.metadata().uid())) {
    if (const Value* pod = objects.getByKey(Resource::pods, key)) f(api::Pod{{*pod}});
  }
}
inline int64_t startOf(const api::StatefulSet& set) { return set.spec().ordinals().start(); }
inline bool isOrderedReady(const api::StatefulSet& set) { return set.spec().podManagementPolicy() != "Parallel"; }
inline bool isInRange(const api::StatefulSet& set, int64_t ordinal) {
  return ordinal >= startOf(set) && ordinal < startOf(set) + set.spec().replicas();
}
std::string_view revisionOf(const api::Pod&);
/// The newest ControllerRevision of a set: what it updates to.
std::string_view newestRevision(const store::Objects&, const api::StatefulSet&);
inline bool isAvailable(const api::Pod& pod, const api::StatefulSet& set, Millis now) {
  return api::isPodAvailable(pod, set.spec().minReadySeconds(), now) && !api::isTerminating(pod);
}

}  // namespace sim
