// Deletion: at once, gracefully (pods), or when the finalizers are gone. Models apiserver pkg/registry/rest/delete.go
// BeforeDelete, pkg/registry/generic/registry/store.go Delete and updateForGracefulDeletionAndFinalizers, and
// pkg/registry/core/namespace/storage/storage.go (v1.37).
#include "core/apiserver/serving.hpp"
#include "core/apiserver/strategy.hpp"
#include "core/apiserver/system_priority_classes.hpp"

namespace apiserver {
using namespace api;

namespace {
constexpr std::string_view orphanFinalizer = "orphan", foregroundFinalizer = "foregroundDeletion";

/// The finalizers that the propagation policy asks for; true where that changes them.
bool finalizersFor(const std::string& policy, const Value& object, Value& out) {
  const Value& present = object.get({key::metadata, key::finalizers});
  bool orphan = false, foreground = false;
  std::vector<Value> list;
  for (const Value& f : present.values()) {
    if (f.asString() == orphanFinalizer) {
      orphan = true;
    } else if (f.asString() == foregroundFinalizer) {
      foreground = true;
    } else {
      list.push_back(f);
    }
  }
  const bool wantOrphan = policy.empty() ? orphan : policy == "Orphan";
  const bool wantForeground = policy.empty() ? foreground && !orphan : policy == "Foreground";
  if (wantOrphan == orphan && wantForeground == foreground) return false;
  if (wantOrphan) list.emplace_back(orphanFinalizer);
  if (wantForeground) list.emplace_back(foregroundFinalizer);
  out = Value::array(std::move(list));
  return true;
}

void setFinalizers(Value& object, Value finalizers) {
  if (finalizers.size() == 0) {
    object.erase({key::metadata, key::finalizers});
  } else {
    object.set({key::metadata, key::finalizers}, std::move(finalizers));
  }
}

void bumpGeneration(Value& object) {
  const int64_t generation = object.get({key::metadata, key::generation}).asInt();
  if (generation > 0) object.set({key::metadata, key::generation}, generation + 1);
}

/// Models markAsDeleting: what waits for finalizers only has a grace period of 0.
void markAsDeleting(Value& object, const Value& now) {
  if (object.get({key::metadata, key::deletionTimestamp}).isNull()) {
    bumpGeneration(object);
    object.set({key::metadata, key::deletionTimestamp}, now);
  }
  object.set({key::metadata, key::deletionGracePeriodSeconds}, 0);
}

/// Models podStrategy.CheckGracefulDelete.
int64_t gracePeriod(const Pod& pod, const DeleteOptions& options) {
  int64_t period = options.gracePeriodSeconds.value_or(pod.spec().terminationGracePeriodSeconds());
  const std::string_view phase = pod.status().phase();
  if (pod.spec().nodeName().empty() || phase == "Failed" || phase == "Succeeded") period = 0;
  return period < 0 ? 1 : period;
}

enum class Graceful : uint8_t { no, pending, started };

/// Models BeforeDelete for pods; sets the times of a deletion that starts or is shortened.
Graceful beforeDelete(Value& object, const DeleteOptions& options, Millis now) {
  const Value& meta = object[key::metadata];
  if (!meta[key::deletionTimestamp].isNull()) {
    if (meta[key::deletionGracePeriodSeconds].isNull()) return Graceful::no;
    const int64_t present = meta[key::deletionGracePeriodSeconds].asInt();
    if (!options.gracePeriodSeconds) return Graceful::pending;
    int64_t period = *options.gracePeriodSeconds < 0 ? 1 : *options.gracePeriodSeconds;
    if (period >= present) return Graceful::pending;
    Millis at = parseTime(meta[key::deletionTimestamp].asString()) + (period - present) * 1000;
    if (at < now) {  // it would have to be gone already: the shortest grace there is
      at = now;
      period = std::min(period, int64_t(1));
    }
    object.set({key::metadata, key::deletionTimestamp}, formatTime(at));
    object.set({key::metadata, key::deletionGracePeriodSeconds}, period);
    return Graceful::started;
  }
  const int64_t period = gracePeriod(Pod{{object}}, options);
  object.set({key::metadata, key::deletionTimestamp}, formatTime(now + period * 1000));
  object.set({key::metadata, key::deletionGracePeriodSeconds}, period);
  bumpGeneration(object);
  return Graceful::started;
}

Response checkPreconditions(const ResourceInfo& info, const Value& meta, const DeleteOptions& options) {
  const std::string_view uid = meta[key::uid].asString(), version = meta[key::resourceVersion].asString();
  if (!options.uid.empty() && options.uid != uid)
    return conflict(info.group, info.kind, meta[key::name].asString(),
                    "the UID in the precondition (" + options.uid + ") does not match the UID in record (" +
                        std::string(uid) + "). The object might have been deleted and then recreated");
  if (!options.resourceVersion.empty() && options.resourceVersion != version)
    return conflict(info.group, info.kind, meta[key::name].asString(),
                    "the ResourceVersion in the precondition (" + options.resourceVersion +
                        ") does not match the ResourceVersion in record (" + std::string(version) +
                        "). The object might have been modified");
  return {};
}

Response checkPolicy(const DeleteOptions& options) {
  const std::string& p = options.propagationPolicy;
  if (p.empty() || p == "Background" || p == "Foreground" || p == "Orphan") return {};
  return refuse(invalid("meta.k8s.io", "DeleteOptions", "",
                        {{ErrorType::NotSupported, "propagationPolicy", "\"" + p + "\"",
                          "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""}}));
}

Response with(Value body) {
  Response r;
  r.body = std::move(body);
  return r;
}
}  // namespace

/// The first request only begins a namespace's end; the namespace controller empties it.
static bool beginNamespace(Value& space, const DeleteOptions& options, const Value& now) {
  if (!space.get({key::metadata, key::deletionTimestamp}).isNull()) return false;
  space.set({key::metadata, key::deletionTimestamp}, now);
  space.set({key::status, key::phase}, "Terminating");
  Value finalizers;
  if (finalizersFor(options.propagationPolicy, space, finalizers)) setFinalizers(space, std::move(finalizers));
  return true;
}

/// Models pkg/registry/scheduling/priorityclass/storage Delete; a collection's deletion goes past it.
static bool isProtected(const Request& r) {
  return r.resource == Resource::priorityclasses && r.verb == Verb::remove && findSystemPriorityClass(r.name);
}

Response Serving::remove(const DeleteOptions& options) {
  if (isProtected(request))
    return forbidden(info, request.name, "this is a system priority class and cannot be deleted");
  const Value before = current();
  if (before.isNull()) return notFound(info, request.name);
  if (Response refused = checkPolicy(options); !refused.ok()) return refused;
  if (Response refused = checkPreconditions(info, before[key::metadata], options); !refused.ok()) return refused;
  Value object = before;
  if (info.resource == Resource::namespaces) {
    if (Response refused = admitted(Verb::remove, object, before); !refused.ok()) return refused;
    if (beginNamespace(object, options, now())) return with(put(std::move(object)));
    if (object.get({key::spec, key::finalizers}).size() != 0) return with(before);
  }
  Graceful graceful = Graceful::no;
  if (info.resource == Resource::pods) graceful = beforeDelete(object, options, server.now_);
  if (graceful == Graceful::pending) return with(before);
  Value finalizers;
  if (finalizersFor(options.propagationPolicy, object, finalizers)) setFinalizers(object, std::move(finalizers));
  const bool pending = object.get({key::metadata, key::finalizers}).size() != 0;
  if (graceful == Graceful::no && pending) markAsDeleting(object, now());
  if (graceful == Graceful::started || pending) {
    const Value stored = object == before ? before : put(object);
    const int64_t period = object.get({key::metadata, key::deletionGracePeriodSeconds}).asInt();
    if (pending || period > 0) return with(stored);
    object = stored;
  }
  erase(object);
  if (returnsDeletedObject(info.resource)) return with(std::move(object));
  return removed(info, request.name, before.get({key::metadata, key::uid}).asString());
}

Response Serving::deleteCollection() {
  Request listing = request;
  listing.verb = Verb::list;
  listing.limit = 0;
  Response all = Serving{server, listing, info, history}.list();
  if (!all.ok()) return all;
  std::vector<Value> items;
  for (const Value& object : all.body[key::items].values()) {
    Request one = request;
    one.name = object.get({key::metadata, key::name}).asString();
    one.namespace_ = object.get({key::metadata, key::namespace_}).asString();
    Response r = Serving{server, one, info, history}.remove(request.deleteOptions);
    if (!r.ok() && !r.isNotFound()) return r;
    items.push_back(object);
  }
  all.body.set(key::items, Value::array(std::move(items)));
  return all;
}

}  // namespace apiserver
