// Who owns Pods and claims, and that a Pod is what its set says.
#include "core/api/labels.hpp"
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
bool names(const api::ObjectMeta& meta, std::string_view kind) {
  for (const api::OwnerReference& o : meta.ownerReferences()) {
    if (o.kind() == kind) return true;
  }
  return false;
}

std::string pod(const Seen& seen) {
  const api::Pod pod{{seen.change.after}};
  const api::ObjectMeta meta = pod.metadata();
  if (!seen.creates()) return "";
  const api::StatefulSet set = setOf(seen.view, pod.doc);
  if (!set) return text({meta.name(), " was created without its set as controller"});
  if (!api::matches(set.spec().selector(), meta.labels()))
    return text({meta.name(), " does not match the selector of ", set.metadata().name()});
  if (meta.labels().get("statefulset.kubernetes.io/pod-name") != meta.name() || pod.spec().hostname() != meta.name())
    return text({meta.name(), " was created with another identity"});
  if (!isInRange(set, ordinalOf(set.metadata().name(), meta.name())))
    return text({meta.name(), " was created outside the range of its set"});
  for (const api::PersistentVolumeClaim& t : set.spec().volumeClaimTemplates()) {
    const std::string claim = text({t.metadata().name(), "-", meta.name()});
    bool mounts = false;
    for (const api::Volume& v : pod.spec().volumes()) mounts |= v.persistentVolumeClaim().claimName() == claim;
    if (!mounts) return text({meta.name(), " was created without its claim ", claim});
    if (!seen.before.get(Resource::persistentvolumeclaims, meta.namespace_(), claim))
      return text({meta.name(), " was created before its claim ", claim});
    // One that was made in this work item is not in the view.
    const Value* known = seen.view.get(Resource::persistentvolumeclaims, meta.namespace_(), claim);
    if (!known) continue;
    const api::ObjectMeta of = api::Object{{*known}}.metadata();
    if (of.hasDeletionTimestamp()) return text({meta.name(), " was created with its claim ", claim, " being deleted"});
    if (names(of, "Pod")) return text({meta.name(), " was created with its claim ", claim, " of the Pod before it"});
  }
  return "";
}

/// Which owners the retention policy gives a claim: its set if that takes the data with it, its Pod once condemned.
std::string claim(const Seen& seen) {
  const api::ObjectMeta meta = api::Object{{seen.change.after}}.metadata();
  std::string how;
  seen.view.each(Resource::statefulsets, meta.namespace_(), [&](const Value& v) {
    const api::StatefulSet set{{v}};
    for (const api::PersistentVolumeClaim& t : set.spec().volumeClaimTemplates()) {
      const std::string of = text({t.metadata().name(), "-", set.metadata().name()});
      const int64_t ordinal = ordinalOf(of, meta.name());
      if (ordinal < 0) continue;
      const auto policy = set.spec().persistentVolumeClaimRetentionPolicy();
      if (policy.whenScaled() != "Delete" && names(meta, "Pod")) how = text({meta.name(), " is given to its Pod"});
      if (policy.whenDeleted() != "Delete" && names(meta, "StatefulSet"))
        how = text({meta.name(), " is given to its set"});
      if (isInRange(set, ordinal) && !set.metadata().hasDeletionTimestamp() && names(meta, "Pod"))
        how = text({meta.name(), " is given to its Pod, which is not condemned"});
    }
  });
  return how.empty() ? how : how + ", against the retention policy";
}

std::string write(const Seen& seen) {
  if (seen.actor != "statefulset" || seen.removes()) return "";
  return seen.change.resource == Resource::pods ? pod(seen) : claim(seen);
}
}  // namespace

const Invariant owners = {"owners", "Pods and claims have the owners that their set says, and its identity.",
                          about({Resource::pods, Resource::persistentvolumeclaims}), write, nullptr};

}  // namespace sim
