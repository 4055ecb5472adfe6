// A rolling update: which Pods may go for it, and which revision a new Pod gets.
#include <algorithm>
#include <charconv>

#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
int64_t partitionOf(const api::StatefulSet& set) { return set.spec().updateStrategy().rollingUpdate().partition(); }
bool isRolling(const api::StatefulSet& set) { return set.spec().updateStrategy().type() == "RollingUpdate"; }

/// A number of Pods or a percentage of them, rounded down, but at least 1. Where the gate is off it is 1.
int64_t budgetOf(const Cluster& cluster, const api::StatefulSet& set) {
  const Value& v =
      set.doc.get({api::key::spec, api::key::updateStrategy, api::key::rollingUpdate, api::Key("maxUnavailable")});
  const Setup::Version version = cluster.setup().version;
  if (v.isNull() || version == Setup::Version::v1_35_4 || version == Setup::Version::v1_36) return 1;
  if (v.kind() == api::Kind::Int) return std::max<int64_t>(v.asInt(), 1);
  int64_t percent = 0;
  const std::string_view t = v.asString();
  std::from_chars(t.data(), t.data() + t.size(), percent);
  return std::max<int64_t>(percent * set.spec().replicas() / 100, 1);
}

std::string whenCreated(const Seen& seen, const api::StatefulSet& set, int64_t ordinal) {
  const std::string_view newest = newestRevision(seen.before, set);
  const std::string_view revision = revisionOf({{seen.change.after}});
  const bool below = isRolling(set) && ordinal < startOf(set) + partitionOf(set);
  // Below the partition it gets what the others there have; before the first status is written that is the newest.
  const std::string_view current = set.status().currentRevision();
  const std::string_view wanted = below && !current.empty() ? current : newest;
  if (revision == wanted) return "";
  return text({seen.change.name(), " was created with revision ", revision, ", not ", wanted});
}

std::string whenDeleted(const Seen& seen, const api::StatefulSet& set, int64_t ordinal) {
  const api::Pod pod{{seen.change.before}};
  const std::string_view name = pod.metadata().name();
  if (!isRolling(set)) return text({name, " was deleted for an update that is left to the user"});
  if (ordinal < partitionOf(set)) return text({name, " was deleted for an update, but lies below the partition"});
  if (revisionOf(pod) == newestRevision(seen.before, set)) return text({name, " was deleted, though it is up to date"});
  const Millis now = seen.cluster.now();
  if (!isAvailable(pod, set, now)) return "";
  int64_t unavailable = 1;
  for (int64_t i = startOf(set); i < startOf(set) + set.spec().replicas(); ++i) {
    if (i == ordinal) continue;
    const api::Pod other =
        podOf(seen.before, set.metadata().namespace_(), std::string(set.metadata().name()) + "-" + std::to_string(i));
    unavailable += !other || !isAvailable(other, set, now);
  }
  const int64_t budget = budgetOf(seen.cluster, set);
  if (unavailable <= budget) return "";
  return text({name, " was deleted for an update, which makes ", std::to_string(unavailable),
               " Pods unavailable of at most ", std::to_string(budget)});
}

std::string write(const Seen& seen) {
  if (seen.actor != "statefulset" || seen.lags) return "";
  const Value& object = seen.creates() ? seen.change.after : seen.change.before;
  const api::StatefulSet set = setOf(seen.view, object);
  const int64_t ordinal = set ? ordinalOf(set.metadata().name(), seen.change.name()) : -1;
  if (ordinal < 0 || !isInRange(set, ordinal)) return "";
  if (seen.creates()) return whenCreated(seen, set, ordinal);
  if (!seen.beginsDeletion() || api::isPodTerminal({{seen.change.before}})) return "";
  return whenDeleted(seen, set, ordinal);
}
}  // namespace

const Invariant updateBudget = {
    "update", "An update keeps to the partition, to maxUnavailable, and to Pods that are out of date.",
    about({Resource::pods}), write, nullptr};

}  // namespace sim
