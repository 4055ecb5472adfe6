// OrderedReady: Pods come from the bottom, each after all below it are Running and Ready, and go from the top.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
std::string whenCreated(const Seen& seen, const api::StatefulSet& set, int64_t ordinal) {
  const std::string_view ns = set.metadata().namespace_(), name = set.metadata().name();
  for (int64_t below = startOf(set); below < ordinal; ++below) {
    const api::Pod pod = podOf(seen.view, ns, std::string(name) + "-" + std::to_string(below));
    if (pod && api::isRunningAndReady(pod) && isAvailable(pod, set, seen.cluster.now())) continue;
    return text({seen.change.name(), " was created while ", name, "-", std::to_string(below),
                 pod ? " was not Running and Ready" : " did not exist"});
  }
  return "";
}

/// The update goes on from the highest ordinal, and what is beyond the range goes first from the highest.
std::string whenDeleted(const Seen& seen, const api::StatefulSet& set, int64_t ordinal) {
  const bool condemned = !isInRange(set, ordinal);
  const std::string_view newest = newestRevision(seen.before, set);
  std::string how;
  eachPodOf(seen.view, set, [&](const api::Pod& pod) {
    const std::string_view name = pod.metadata().name();
    const int64_t other = ordinalOf(set.metadata().name(), name);
    if (condemned && !isInRange(set, other) && other > ordinal)
      how = text({seen.change.name(), " was deleted while ", name, " above it existed"});
    if (condemned && isInRange(set, other) && !isAvailable(pod, set, seen.cluster.now()))
      how = text({seen.change.name(), " was deleted by a scale-down while ", name, " was not Ready"});
    const api::Pod now = podOf(seen.before, seen.change.namespace_(), name);
    if (!condemned && isInRange(set, other) && other > ordinal && revisionOf(pod) != newest && now &&
        !api::isTerminating(now) && !api::isTerminating(pod))
      how = text({seen.change.name(), " was deleted for an update while ", name, " above it had the old revision"});
  });
  return how;
}

std::string write(const Seen& seen) {
  if (seen.actor != "statefulset") return "";
  const Value& object = seen.creates() ? seen.change.after : seen.change.before;
  const api::StatefulSet set = setOf(seen.view, object);
  const int64_t ordinal = set ? ordinalOf(set.metadata().name(), seen.change.name()) : -1;
  if (ordinal < 0 || !isOrderedReady(set)) return "";
  if (seen.creates()) return whenCreated(seen, set, ordinal);
  if (!seen.beginsDeletion() || api::isPodTerminal({{seen.change.before}})) return "";
  return whenDeleted(seen, set, ordinal);
}
}  // namespace

const Invariant order = {
    "order", "With OrderedReady a Pod comes after all below it are Running and Ready, and goes after all above it.",
    about({Resource::pods}), write, nullptr};

}  // namespace sim
