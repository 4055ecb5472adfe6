#include "core/apiserver/admission.hpp"

#include <algorithm>

#include "core/api/names.hpp"
#include "core/api/quantity.hpp"

namespace apiserver {
namespace {

using namespace api;

// Models apiserver pkg/admission/errors.go NewForbidden.
Refusal forbidden(const Admission& a, const Value& object, std::string_view why) {
  const ResourceInfo& info = api::info(a.resource);
  std::string name(a.name);
  if (name.empty()) name = std::string(object.get({key::metadata, key::name}).asString());
  std::vector<std::pair<Key, Value>> details{{key::kind, info.plural}};
  if (!info.group.empty()) details.emplace_back(key::group, info.group);
  if (!name.empty()) details.emplace_back(key::name, name);
  std::string resource(info.plural);
  if (!info.group.empty()) resource += "." + std::string(info.group);
  return {403, "Forbidden", resource + " \"" + name + "\" is forbidden: " + std::string(why),
          Value::object(std::move(details))};
}

// Models apiserver pkg/admission/plugin/namespace/lifecycle.
Refusal namespaceLifecycle(const Admission& a, const Value& object) {
  const bool creating = a.verb == Verb::create && a.subresource.empty();
  if (a.verb == Verb::remove) {
    const bool immortal = a.name == "default" || a.name == "kube-system" || a.name == "kube-public";
    if (a.resource == Resource::namespaces && immortal)
      return forbidden(a, object, "this namespace may not be deleted");
    return {};
  }
  if (!api::info(a.resource).namespaced) return {};
  const Value* ns = a.objects.get(Resource::namespaces, "", a.namespace_);
  if (!ns) {
    const std::string name(a.namespace_);
    return {404, "NotFound", "namespaces \"" + name + "\" not found",
            Value::object({{key::kind, "namespaces"}, {key::name, name}})};
  }
  if (!creating || ns->get({key::status, key::phase}).asString() != "Terminating") return {};
  const std::string name(a.namespace_);
  Refusal r =
      forbidden(a, object, "unable to create new content in namespace " + name + " because it is being terminated");
  const Value cause = Value::object({{key::field, "metadata.namespace"},
                                     {key::message, "namespace " + name + " is being terminated"},
                                     {key::reason, "NamespaceTerminating"}});
  r.details.set(key::causes, Value::array({cause}));
  return r;
}

/// Whether a toleration stands for a taint of NoExecute with this key.
bool tolerates(const Value& tolerations, std::string_view taint) {
  for (const Value& t : tolerations.values()) {
    const std::string_view k = t[key::key].asString(), effect = t[key::effect].asString();
    if ((k.empty() || k == taint) && (effect.empty() || effect == "NoExecute")) return true;
  }
  return false;
}
Value toleration(std::string_view taint, int64_t seconds) {
  return Value::object(
      {{key::effect, "NoExecute"}, {key::key, taint}, {key::operator_, "Exists"}, {key::tolerationSeconds, seconds}});
}

// Models plugin/pkg/admission/defaulttolerationseconds.
void defaultTolerations(const AdmissionSettings& settings, Value& pod) {
  constexpr std::string_view notReady = "node.kubernetes.io/not-ready", unreachable = "node.kubernetes.io/unreachable";
  const Value& have = pod.get({key::spec, key::tolerations});
  const bool first = tolerates(have, notReady), second = tolerates(have, unreachable);
  if (first && second) return;
  Value all = have;
  if (!first) all.append(toleration(notReady, settings.notReadyTolerationSeconds));
  if (!second) all.append(toleration(unreachable, settings.unreachableTolerationSeconds));
  pod.set({key::spec, key::tolerations}, std::move(all));
}

// Models plugin/pkg/admission/runtimeclass; there are no RuntimeClasses.
Refusal runtimeClass(const Admission& a, const Value& pod) {
  if (const Value* name = pod[key::spec].find(key::runtimeClassName))
    return forbidden(a, pod, "pod rejected: RuntimeClass " + api::quote(name->asString()) + " not found");
  if (!pod[key::spec].find(key::overhead)) return {};
  return forbidden(a, pod, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
}

/// The class that pods without one get: of several the one of the smallest value.
const Value* defaultPriorityClass(const store::Objects& objects) {
  const Value* best = nullptr;
  objects.each(Resource::priorityclasses, "", [&](const Value& c) {
    if (!c[key::globalDefault].asBool()) return;
    if (!best || c[key::value].asInt() < (*best)[key::value].asInt()) best = &c;
  });
  return best;
}

// Models plugin/pkg/admission/priority admitPod.
Refusal priority(const Admission& a, Value& pod) {
  const Value& spec = pod[key::spec];
  const std::string_view name = spec[key::priorityClassName].asString();
  const Value* found =
      name.empty() ? defaultPriorityClass(a.objects) : a.objects.get(Resource::priorityclasses, "", name);
  if (!found && !name.empty())
    return forbidden(a, pod, "no PriorityClass with name " + std::string(name) + " was found");
  constexpr std::string_view computed = ") must not be provided in pod spec; priority admission controller computed ";
  const int64_t value = found ? (*found)[key::value].asInt() : 0;
  const Value& given = spec[key::priority];
  if (!given.isNull() && given.asInt() != value)
    return forbidden(a, pod,
                     "the integer value of priority (" + std::to_string(given.asInt()) + std::string(computed) +
                         std::to_string(value) + " from the given PriorityClass name");
  const std::string policy(found ? (*found)[key::preemptionPolicy].asString() : "PreemptLowerPriority");
  const std::string_view wish = spec[key::preemptionPolicy].asString();
  if (!wish.empty() && wish != policy)
    return forbidden(a, pod,
                     "the string value of PreemptionPolicy (" + std::string(wish) + std::string(computed) + policy +
                         " from the given PriorityClass name");
  if (found && name.empty()) pod.set({key::spec, key::priorityClassName}, found->get({key::metadata, key::name}));
  pod.set({key::spec, key::priority}, value);
  pod.set({key::spec, key::preemptionPolicy}, policy);
  return {};
}

// Models plugin/pkg/admission/priority validatePriorityClass.
Refusal onlyDefaultClass(const Admission& a, const Value& object) {
  const Value* other = object[key::globalDefault].asBool() ? defaultPriorityClass(a.objects) : nullptr;
  if (!other) return {};
  const std::string name(other->get({key::metadata, key::name}).asString());
  if (a.verb == Verb::update && name == object.get({key::metadata, key::name}).asString()) return {};
  return forbidden(a, object, "PriorityClass " + name + " is already marked as default. Only one default can exist");
}

}  // namespace

void topologyLabels(const store::Objects& objects, Value& pod) {
  const std::string_view nodeName = pod.get({key::spec, key::nodeName}).asString();
  const Value* node = nodeName.empty() ? nullptr : objects.get(Resource::nodes, "", nodeName);
  if (!node) return;
  for (std::string_view label : {"topology.kubernetes.io/region", "topology.kubernetes.io/zone"}) {
    if (const Value* v = node->get({key::metadata, key::labels}).find(label))
      pod.set({key::metadata, key::labels, Key(label)}, *v);
  }
}

namespace {

void addFinalizer(Value& object, std::string_view finalizer) {
  Value all = object.get({key::metadata, key::finalizers});
  for (const Value& f : all.values()) {
    if (f.asString() == finalizer) return;
  }
  all.append(finalizer);
  object.set({key::metadata, key::finalizers}, std::move(all));
}

// Models pkg/volume/util/storageclass.go GetDefaultClass: the newest of those marked, of equally old ones the first.
const Value* defaultClass(const store::Objects& objects) {
  const Value* best = nullptr;
  objects.each(Resource::storageclasses, "", [&](const Value& c) {
    const Value& annotations = c.get({key::metadata, key::annotations});
    const Value* beta = annotations.find("storageclass.beta.kubernetes.io/is-default-class");
    if (annotations[key::isDefaultClass].asString() != "true" && !(beta && beta->asString() == "true")) return;
    auto made = [](const Value& v) { return v.get({key::metadata, key::creationTimestamp}).asString(); };
    if (!best || made(*best) < made(c)) best = &c;
  });
  return best;
}

void defaultStorageClass(const Admission& a, Value& claim) {
  if (claim.get({key::metadata, key::annotations}).find(key::betaStorageClass)) return;
  if (claim[key::spec].find(key::storageClassName)) return;
  if (const Value* c = defaultClass(a.objects))
    claim.set({key::spec, key::storageClassName}, c->get({key::metadata, key::name}));
}

std::string_view classOf(const Value& claim) {
  if (const Value* beta = claim.get({key::metadata, key::annotations}).find(key::betaStorageClass))
    return beta->asString();
  return claim.get({key::spec, key::storageClassName}).asString();
}

// Models plugin/pkg/admission/storage/persistentvolume/resize.
Refusal claimResize(const Admission& a, const Value& claim, const Value& old) {
  auto size = [](const Value& c) {
    return Quantity(c.get({key::spec, key::resources, key::requests, key::storage}).asString());
  };
  if (size(claim) <= size(old)) return {};
  const std::string_view name = classOf(claim);
  const Value* c = name.empty() || name != classOf(old) ? nullptr : a.objects.get(Resource::storageclasses, "", name);
  if (c && (*c)[key::allowVolumeExpansion].asBool()) return {};
  return forbidden(a, claim,
                   "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must "
                   "support resize");
}

// Models plugin/pkg/admission/nodedeclaredfeatures: what a running pod's update asks of its node, the node must have
// declared.
Refusal declaredFeatures(const Admission& a, const Value& pod, const Value& old) {
  const std::string_view nodeName = pod.get({key::spec, key::nodeName}).asString();
  if (nodeName.empty() || pod[key::metadata][key::generation] == old[key::metadata][key::generation]) return {};
  const Value* node = a.objects.get(Resource::nodes, "", nodeName);
  std::string missing;
  const auto need = [&](std::string_view feature) {
    if (node) {
      for (const Value& declared : node->get({key::status, key::declaredFeatures}).values()) {
        if (declared.asString() == feature) return;
      }
    }
    missing += (missing.empty() ? "" : ", ") + std::string(feature);
  };
  if (!(pod.get({key::spec, key::resources}) == old.get({key::spec, key::resources})))
    need("InPlacePodLevelResourcesVerticalScaling");
  const Value &now = pod.get({key::spec, key::initContainers}), &before = old.get({key::spec, key::initContainers});
  for (size_t i = 0; i < std::min(now.size(), before.size()); ++i) {
    if (before[i][key::restartPolicy].asString() == "Always" || now[i][key::resources] == before[i][key::resources])
      continue;
    need("InPlacePodVerticalScalingInitContainers");
    break;
  }
  if (missing.empty()) return {};
  const std::string name(nodeName);
  if (!node) return forbidden(a, pod, "node \"" + name + "\" not found");
  return forbidden(a, pod,
                   "pod update requires features " + missing + " which are not available on node \"" + name + "\"");
}

// Models plugin/pkg/admission/nodetaint: a new node takes no pods before it is Ready.
void notReadyTaint(Value& node) {
  constexpr std::string_view taint = "node.kubernetes.io/not-ready";
  Value all = node.get({key::spec, key::taints});
  for (const Value& t : all.values()) {
    if (t[key::key].asString() == taint && t[key::effect].asString() == "NoSchedule") return;
  }
  all.append(Value::object({{key::effect, "NoSchedule"}, {key::key, taint}}));
  node.set({key::spec, key::taints}, std::move(all));
}

Refusal admitCreate(const Admission& a, Value& object) {
  switch (a.resource) {
    case Resource::pods:
      defaultTolerations(a.settings, object);
      topologyLabels(a.objects, object);
      if (Refusal refused = runtimeClass(a, object); refused.code) return refused;
      return priority(a, object);
    case Resource::persistentvolumeclaims:
      defaultStorageClass(a, object);
      addFinalizer(object, "kubernetes.io/pvc-protection");
      return {};
    case Resource::persistentvolumes: addFinalizer(object, "kubernetes.io/pv-protection"); return {};
    case Resource::nodes:
      if (a.settings.taintNewNodes) notReadyTaint(object);
      return {};
    default: return {};
  }
}

Refusal admitUpdate(const Admission& a, Value& object, const Value& old) {
  if (a.resource == Resource::pods) {
    defaultTolerations(a.settings, object);
    topologyLabels(a.objects, object);
    if (object.get({key::spec, key::overhead}).size() == 0) object.erase({key::spec, key::overhead});
    for (Key k : {Key(key::priority), Key(key::preemptionPolicy)}) {
      const Value& before = old.get({key::spec, k});
      if (object.get({key::spec, k}).isNull() && !before.isNull()) object.set({key::spec, k}, before);
    }
  }
  return {};
}
}  // namespace

Refusal admitValid(const Admission& a, const Value& object, const Value& old) {
  const bool pod = a.resource == Resource::pods && (a.subresource.empty() || a.subresource == "resize");
  if (pod && a.verb == Verb::update) return declaredFeatures(a, object, old);
  if (a.resource == Resource::priorityclasses && (a.verb == Verb::create || a.verb == Verb::update))
    return onlyDefaultClass(a, object);
  const bool claim = a.resource == Resource::persistentvolumeclaims && a.subresource.empty();
  return claim && a.verb == Verb::update ? claimResize(a, object, old) : Refusal();
}

Refusal admit(const Admission& a, Value& object, const Value& old) {
  if (Refusal r = namespaceLifecycle(a, object)) return r;
  if (!a.subresource.empty()) return {};
  if (a.verb == Verb::create) return admitCreate(a, object);
  if (a.verb == Verb::update) return admitUpdate(a, object, old);
  return {};
}

}  // namespace apiserver
