// observedGeneration: what a controller has acted upon.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
int64_t observed(const Value& object) { return object[api::key::status][api::key::observedGeneration].asInt(); }

std::string write(const Seen& seen) {
  if (seen.removes()) return "";
  const int64_t was = observed(seen.change.before), is = observed(seen.change.after);
  const int64_t generation = api::Object{{seen.change.after}}.metadata().generation();
  if (is > generation) return text({seen.change.name(), " has an observedGeneration that it has not reached"});
  if (is < was) return text({seen.change.name(), " has an observedGeneration that goes back"});
  return "";
}

std::string rest(const Cluster& cluster) {
  std::string how;
  for (Resource r : {Resource::statefulsets, Resource::deployments, Resource::replicasets, Resource::daemonsets}) {
    cluster.objects().each(r, "", [&](const Value& object) {
      const api::ObjectMeta meta = api::Object{{object}}.metadata();
      if (observed(object) != meta.generation() && !meta.hasDeletionTimestamp())
        how = text({meta.name(), " is at generation ", std::to_string(meta.generation()), ", of which only ",
                    std::to_string(observed(object)), " was ever observed"});
    });
  }
  return how;
}
}  // namespace

const Invariant generations = {
    "generation", "observedGeneration only grows, never beyond the generation, and reaches it.",
    about({Resource::statefulsets, Resource::deployments, Resource::replicasets, Resource::daemonsets}), write, rest};

}  // namespace sim
