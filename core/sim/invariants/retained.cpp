// Data outlive what used them, unless somebody said otherwise.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
bool isOwnedByPod(const api::ObjectMeta& meta) {
  for (const api::OwnerReference& o : meta.ownerReferences()) {
    if (o.kind() == "Pod") return true;
  }
  return false;
}

std::string claim(const Seen& seen) {
  const api::ObjectMeta meta = api::Object{{seen.change.before}}.metadata();
  if (seen.byUser() || !seen.beginsDeletion() || seen.actor == "namespace") return "";
  if (meta.ownerReferences().empty())
    return text({meta.name(), " was deleted by ", seen.actor, ", and nobody asked for it: it has no owner"});
  for (const api::OwnerReference& o : meta.ownerReferences()) {
    if (o.kind() != "StatefulSet") continue;
    const Value* set = seen.before.get(Resource::statefulsets, meta.namespace_(), o.name());
    const bool lives = set && api::Object{{*set}}.metadata().uid() == o.uid() &&
                       !api::Object{{*set}}.metadata().hasDeletionTimestamp();
    if (lives && !isOwnedByPod(meta)) return text({meta.name(), " was deleted while its set ", o.name(), " exists"});
  }
  return "";
}

std::string volume(const Seen& seen) {
  if (seen.byUser() || !seen.beginsDeletion()) return "";
  const api::PersistentVolume was{{seen.change.before}};
  const std::string_view name = was.metadata().name();
  if (was.spec().persistentVolumeReclaimPolicy() != "Delete")
    return text({name, " was deleted by ", seen.actor, ", but its data are to be retained"});
  const api::ObjectReference ref = was.spec().claimRef();
  const Value* claim = seen.before.get(Resource::persistentvolumeclaims, ref.namespace_(), ref.name());
  if (claim && api::Object{{*claim}}.metadata().uid() == ref.uid())
    return text({name, " was deleted while its claim ", ref.name(), " exists"});
  return "";
}

std::string write(const Seen& seen) {
  if (seen.creates()) return "";
  return seen.change.resource == Resource::persistentvolumes ? volume(seen) : claim(seen);
}
}  // namespace

const Invariant retained = {"retained", "Data that are to be retained are never lost.",
                            about({Resource::persistentvolumeclaims, Resource::persistentvolumes}), write, nullptr};

}  // namespace sim
