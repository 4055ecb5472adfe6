#include "core/apiserver/strategy.hpp"

#include "core/api/qos.hpp"

namespace apiserver {
namespace {
using namespace api;
using enum api::Resource;

/// The zero values that Go prints although they are empty.
Value emptyStatus(Resource r) {
  switch (r) {
    case services: return Value::object({{key::loadBalancer, Value::object({})}});
    case persistentvolumeclaims: return Value::object({{key::phase, "Pending"}});
    case namespaces: return Value::object({{key::phase, "Active"}});
    case statefulsets: return Value::object({{key::replicas, 0}, {key::availableReplicas, 0}});
    case replicasets: return Value::object({{key::replicas, 0}});
    case daemonsets:
      return Value::object({{key::currentNumberScheduled, 0},
                            {key::numberMisscheduled, 0},
                            {key::desiredNumberScheduled, 0},
                            {key::numberReady, 0}});
    case poddisruptionbudgets:
      return Value::object(
          {{key::disruptionsAllowed, 0}, {key::currentHealthy, 0}, {key::desiredHealthy, 0}, {key::expectedPods, 0}});
    default: return Value::object({});
  }
}

bool hasGeneration(Resource r) {
  switch (r) {
    case pods:
    case statefulsets:
    case deployments:
    case replicasets:
    case daemonsets:
    case poddisruptionbudgets:
    case priorityclasses:
    case endpointslices: return true;
    default: return false;
  }
}

void bumpGeneration(Value& object, const Value& old) {
  object.set({key::metadata, key::generation}, old.get({key::metadata, key::generation}).asInt() + 1);
}

bool differs(const Value& a, const Value& b, Key k) { return !(a[k] == b[k]); }

void setTemplateGeneration(Value& set, int64_t generation) {
  set.set({key::metadata, key::annotations, key::templateGeneration}, std::to_string(generation));
}

/// A DaemonSet's template generation lives in an annotation of apps/v1.
void prepareDaemonSet(Value& object, const Value& old) {
  const std::string_view text = old.get({key::metadata, key::annotations, key::templateGeneration}).asString();
  int64_t generation = 0;
  for (char c : text) generation = generation * 10 + (c - '0');
  if (!(object.get({key::spec, key::template_}) == old.get({key::spec, key::template_}))) generation++;
  setTemplateGeneration(object, generation);
}

/// Models pkg/registry/core/pod/strategy.go preserveOldObservedGeneration.
void preserveObservedGeneration(Value& object, const Value& old) {
  const Value& before = old[key::status];
  if (object.get({key::status, key::observedGeneration}).asInt() == 0 && before[key::observedGeneration].asInt() != 0)
    object.set({key::status, key::observedGeneration}, before[key::observedGeneration]);
  const Value conditions = object.get({key::status, key::conditions});
  for (size_t i = 0; i < conditions.size(); ++i) {
    if (conditions[i][key::observedGeneration].asInt() != 0) continue;
    for (const Value& c : before[key::conditions].values()) {
      if (!(c[key::type] == conditions[i][key::type])) continue;
      if (c[key::observedGeneration].asInt() != 0)
        object.set({key::status, key::conditions, Step::index(i), key::observedGeneration}, c[key::observedGeneration]);
      break;
    }
  }
}

void preparePodStatus(Value& object, const Value& old) {
  Value meta = object[key::metadata];
  keep(meta, key::ownerReferences, old[key::metadata]);
  object.set(key::metadata, std::move(meta));
  if (object.get({key::status, key::qosClass}).asString().empty())
    object.set({key::status, key::qosClass}, old.get({key::status, key::qosClass}));
  preserveObservedGeneration(object, old);
}

void prepareVolumeStatus(Value& object, const Value& old, const Value& now) {
  const Value &before = old[key::status], &after = object[key::status];
  const bool changed = differs(before, after, key::phase);
  const bool same = !differs(before, after, key::lastPhaseTransitionTime);
  if (changed && (same || after[key::lastPhaseTransitionTime].isNull())) {
    object.set({key::status, key::lastPhaseTransitionTime}, now);
  } else if (!changed && after[key::lastPhaseTransitionTime].isNull() &&
             !before[key::lastPhaseTransitionTime].isNull()) {
    object.set({key::status, key::lastPhaseTransitionTime}, before[key::lastPhaseTransitionTime]);
  }
}

bool hasStatus(Resource r) { return info(r).status; }

void prepareStatusUpdate(Resource r, Value& object, const Value& old, const Value& now) {
  keep(object, key::spec, old);
  if (r == pods) preparePodStatus(object, old);
  if (r == persistentvolumes) prepareVolumeStatus(object, old, now);
  if (r == deployments) {
    Value meta = object[key::metadata];
    keep(meta, key::labels, old[key::metadata]);
    object.set(key::metadata, std::move(meta));
  }
  if (r == daemonsets) {
    const Value& generation = old.get({key::metadata, key::annotations, key::templateGeneration});
    object.set({key::metadata, key::annotations, key::templateGeneration}, generation);
  }
}

bool changesGeneration(Resource r, const Value& object, const Value& old) {
  if (r == endpointslices) {
    return differs(object, old, key::endpoints) || differs(object, old, key::ports) ||
           differs(object, old, key::addressType) || differs(object[key::metadata], old[key::metadata], key::labels);
  }
  // A class has a generation and no spec: it stays at 1.
  return differs(object, old, key::spec) ||
         (r == deployments && differs(object[key::metadata], old[key::metadata], key::annotations));
}
}  // namespace

void keep(Value& object, Key k, const Value& old) {
  if (const Value* v = old.find(k)) {
    if (const Value* present = object.find(k); !present || !present->same(*v)) object.set(k, *v);
  } else {
    object.erase(k);
  }
}

/// A claim's source may be another claim or a snapshot; anything else is dropped. Models
/// pkg/api/persistentvolumeclaim/util.go DropDisabledFields and NormalizeDataSources.
static void dataSources(Value& claim) {
  if (!claim.get({key::spec, key::dataSourceRef})[key::namespace_].asString().empty())
    claim.erase({key::spec, key::dataSourceRef});
  const Value& source = claim.get({key::spec, key::dataSource});
  const std::string_view kind = source[key::kind].asString(), group = source[key::apiGroup].asString();
  const bool known = (kind == "PersistentVolumeClaim" && group.empty()) ||
                     (kind == "VolumeSnapshot" && group == "snapshot.storage.k8s.io");
  if (!source.isNull() && !known && claim.get({key::spec, key::dataSourceRef}).isNull())
    claim.erase({key::spec, key::dataSource});
  const Value from = claim.get({key::spec, key::dataSource}), ref = claim.get({key::spec, key::dataSourceRef});
  if (!from.isNull() && ref.isNull()) claim.set({key::spec, key::dataSourceRef}, from);
  if (from.isNull() && !ref.isNull() && ref[key::namespace_].isNull()) claim.set({key::spec, key::dataSource}, ref);
}

/// A resize changes resources only. Where containers are others, validation says so. Models
/// pkg/registry/core/pod/strategy.go dropNonResizeUpdates.
static void keepButResources(Value& pod, const Value& old) {
  Value spec = old[key::spec];
  if (const Value* whole = pod[key::spec].find(key::resources)) spec.set(key::resources, *whole);
  for (Key list : {Key(key::containers), Key(key::initContainers)}) {
    const Value now = pod.get({key::spec, list}), before = spec[list];
    if (now.size() != before.size()) return;
    bool renamed = false;
    for (size_t i = 0; i < now.size(); ++i) renamed |= differs(now[i], before[i], key::name);
    for (size_t i = 0; i < now.size() && !renamed; ++i) {
      Value container = before[i];
      keep(container, key::resources, now[i]);
      keep(container, key::resizePolicy, now[i]);
      spec.set({list, Step::index(i)}, std::move(container));
    }
    if (renamed) spec.set(list, now);
  }
  Value meta = pod[key::metadata];
  for (Key k : {Key(key::labels), Key(key::annotations), Key(key::finalizers), Key(key::ownerReferences)})
    keep(meta, k, old[key::metadata]);
  pod.set(key::spec, std::move(spec));
  pod.set(key::metadata, std::move(meta));
}

/// Endpoints that an update changes lose the topology of old. Models
/// pkg/registry/discovery/endpointslice/strategy.go dropTopologyOnV1.
static void dropTopology(Value& slice, const Value& old) {
  if (slice[key::endpoints] == old[key::endpoints]) return;
  for (size_t i = 0; i < slice[key::endpoints].size(); ++i)
    slice.erase({key::endpoints, Step::index(i), key::deprecatedTopology});
}

void prepareForCreate(Resource r, Value& object, const Value& now) {
  if (r == persistentvolumeclaims) dataSources(object);
  if (r == endpointslices) dropTopology(object, Value());
  if (hasGeneration(r)) object.set({key::metadata, key::generation}, 1);
  if (r == nodes) return;
  if (hasStatus(r) && r != pods && r != persistentvolumes) object.set(key::status, emptyStatus(r));
  if (r == pods)
    object.set(key::status, Value::object({{key::phase, "Pending"}, {key::qosClass, qosClass(Pod{{object}}.spec())}}));
  if (r == pods && object.get({key::spec, key::schedulingGates}).size() != 0) {  // Models applySchedulingGatedCondition
    const Value gated = Value::object({{key::type, "PodScheduled"},
                                       {key::status, "False"},
                                       {key::lastProbeTime, Value()},
                                       {key::lastTransitionTime, now},
                                       {key::reason, "SchedulingGated"},
                                       {key::message, "Scheduling is blocked due to non-empty scheduling gates"}});
    object.set({key::status, key::conditions}, Value::array({gated}));
  }
  if (r == persistentvolumes)
    object.set(key::status, Value::object({{key::phase, "Pending"}, {key::lastPhaseTransitionTime, now}}));
  if (r == daemonsets) setTemplateGeneration(object, 1);
  if (r == namespaces) {
    Value finalizers = object.get({key::spec, key::finalizers});
    if (!StringList{{finalizers}}.contains("kubernetes")) finalizers.append("kubernetes");
    object.set({key::spec, key::finalizers}, std::move(finalizers));
    static const Key nameLabel("kubernetes.io/metadata.name");
    object.set({key::metadata, key::labels, nameLabel}, object.get({key::metadata, key::name}));
  }
}

void prepareForUpdate(Resource r, std::string_view subresource, Value& object, const Value& old, const Value& now) {
  if (subresource == "status") return prepareStatusUpdate(r, object, old, now);
  if (hasStatus(r)) keep(object, key::status, old);
  if (r == namespaces && subresource != "finalize") keep(object, key::spec, old);
  if (r == namespaces) {
    static const Key nameLabel("kubernetes.io/metadata.name");
    object.set({key::metadata, key::labels, nameLabel}, object.get({key::metadata, key::name}));
  }
  if (r == pods && subresource == "resize") keepButResources(object, old);
  if (r == persistentvolumeclaims && old.get({key::spec, key::dataSource}).isNull() &&
      old.get({key::spec, key::dataSourceRef}).isNull())
    dataSources(object);
  if (r == services && !object.same(old)) dropTypeDependentFields(object, old);
  if (r == daemonsets) prepareDaemonSet(object, old);
  if (hasGeneration(r) && changesGeneration(r, object, old)) bumpGeneration(object, old);
  if (r == endpointslices) dropTopology(object, old);  // what is dropped counts as a change
}

bool allowCreateOnUpdate(Resource r) { return r == services || r == events; }
bool allowUnconditionalUpdate(Resource r) { return r != poddisruptionbudgets; }
bool returnsDeletedObject(Resource r) {
  switch (r) {
    case namespaces:
    case pods:
    case services:
    case serviceaccounts:
    case persistentvolumes:
    case persistentvolumeclaims:
    case storageclasses: return true;
    default: return false;
  }
}

}  // namespace apiserver
