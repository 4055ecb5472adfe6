// The garbage collector takes what has lost its owners, and nothing else.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
bool isGoing(const Value& owner) {
  const api::ObjectMeta meta = api::Object{{owner}}.metadata();
  if (!meta.hasDeletionTimestamp()) return false;
  for (std::string_view f : meta.finalizers()) {
    if (f == "foregroundDeletion") return true;
  }
  return false;
}

std::string write(const Seen& seen) {
  if (seen.actor != "garbage collector" || !seen.beginsDeletion()) return "";
  const api::ObjectMeta meta = api::Object{{seen.change.before}}.metadata();
  if (meta.ownerReferences().empty()) return text({meta.name(), " was collected, but had no owner to lose"});
  for (const api::OwnerReference& o : meta.ownerReferences()) {
    const api::ResourceInfo* info = api::findKind(o.apiVersion(), o.kind());
    if (!info) continue;
    const Value* owner = seen.before.get(info->resource, info->namespaced ? meta.namespace_() : "", o.name());
    if (owner && api::Object{{*owner}}.metadata().uid() == o.uid() && !isGoing(*owner))
      return text({meta.name(), " was collected while its owner ", o.name(), " exists"});
  }
  return "";
}

/// What has lost all its owners is gone in the end.
std::string rest(const Cluster& cluster) {
  std::string how;
  for (Resource r : {Resource::pods, Resource::persistentvolumeclaims, Resource::controllerrevisions,
                     Resource::replicasets, Resource::configmaps}) {
    cluster.objects().each(r, "", [&](const Value& object) {
      const api::ObjectMeta meta = api::Object{{object}}.metadata();
      bool lost = !meta.ownerReferences().empty() && !meta.hasDeletionTimestamp();
      for (const api::OwnerReference& o : meta.ownerReferences()) {
        const api::ResourceInfo* info = api::findKind(o.apiVersion(), o.kind());
        const Value* owner =
            info ? cluster.objects().get(info->resource, info->namespaced ? meta.namespace_() : "", o.name()) : nullptr;
        lost &= info && (!owner || api::Object{{*owner}}.metadata().uid() != o.uid());
      }
      if (lost) how = text({meta.name(), " has lost its owners and was never collected"});
    });
  }
  return how;
}
}  // namespace

const Invariant dependents = {"dependents", "What has lost its owners is collected, and nothing else.",
                              about({Resource::pods, Resource::persistentvolumeclaims, Resource::controllerrevisions,
                                     Resource::replicasets, Resource::configmaps}),
                              write, rest};

}  // namespace sim
