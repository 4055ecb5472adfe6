#include "core/controllers/statefulset_utils.hpp"

#include <algorithm>
#include <charconv>

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/controllers/percent.hpp"
#include "core/controllers/revisions.hpp"

namespace controllers::statefulset {
using namespace api;

// Models the regular expression "(.*)-([0-9]+)$" and an ordinal of 32 bits.
ParentAndOrdinal getParentNameAndOrdinal(std::string_view name) {
  size_t digits = name.size();
  while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9') digits--;
  if (digits == name.size() || digits == 0 || name[digits - 1] != '-') return {};
  int32_t ordinal = -1;
  const auto parsed = std::from_chars(name.data() + digits, name.data() + name.size(), ordinal);
  return {name.substr(0, digits - 1), parsed.ec == std::errc() ? ordinal : -1};
}

int64_t getStartOrdinal(const StatefulSet& set) { return set.spec().ordinals().start(); }
int64_t getEndOrdinal(const StatefulSet& set) { return getStartOrdinal(set) + set.spec().replicas() - 1; }

static void addPodName(const StatefulSet& set, int64_t ordinal, std::string& out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, ordinal).ptr;
  out += set.metadata().name();
  out += '-';
  out.append(digits, end);
}
std::string getPodName(const StatefulSet& set, int64_t ordinal) {
  std::string name;
  addPodName(set, ordinal, name);
  return name;
}
std::string getPersistentVolumeClaimName(const StatefulSet& set, const PersistentVolumeClaim& claim, int64_t ordinal) {
  std::string name;
  const std::string_view start = claim.metadata().name();
  name.reserve(start.size() + set.metadata().name().size() + 22);
  (name += start) += '-';
  addPodName(set, ordinal, name);
  return name;
}

bool isMemberOf(const StatefulSet& set, const Pod& pod) {
  return getParentNameAndOrdinal(pod.metadata().name()).parent == set.metadata().name();
}
bool allowsBurst(const StatefulSet& set) { return set.spec().podManagementPolicy() == "Parallel"; }

int64_t getStatefulSetMaxUnavailable(const StatefulSet& set) {
  const Value wanted = set.spec().updateStrategy().rollingUpdate().maxUnavailable();
  return std::max<int64_t>(wanted.isNull() ? 1 : scaledValue(wanted, set.spec().replicas(), Rounding::down), 1);
}
int64_t getPartition(const StatefulSet& set) { return set.spec().updateStrategy().rollingUpdate().partition(); }
bool whenScaledDeletes(const StatefulSet& set) {
  return set.spec().persistentVolumeClaimRetentionPolicy().whenScaled() == "Delete";
}
bool whenDeletedDeletes(const StatefulSet& set) {
  return set.spec().persistentVolumeClaimRetentionPolicy().whenDeleted() == "Delete";
}

namespace {
Replica::Phase phaseOf(std::string_view text) {
  using enum Replica::Phase;
  return text.empty()          ? none
         : text == "Pending"   ? Pending
         : text == "Running"   ? Running
         : text == "Succeeded" ? Succeeded
         : text == "Failed"    ? Failed
                               : Unknown;
}
bool inRange(const StatefulSet& set, const Pod& pod) {
  const int64_t ordinal = getParentNameAndOrdinal(pod.metadata().name()).ordinal;
  return ordinal >= getStartOrdinal(set) && ordinal <= getEndOrdinal(set);
}
}  // namespace

Replica replicaOf(const StatefulSet& set, const Pod& pod) {
  Replica r;
  const ObjectMeta meta = pod.metadata();
  const ParentAndOrdinal name = getParentNameAndOrdinal(meta.name());
  r.ordinal = name.ordinal;
  r.revision = Key(meta.labels()[key::revisionHashLabel]);
  r.readySince = podReadySince(pod);
  r.phase = phaseOf(pod.status().phase());
  r.terminating = api::isTerminating(pod);
  r.member = name.parent == set.metadata().name() && matches(set.spec().selector(), meta.labels());
  const std::string_view digits = meta.name().substr(std::min(name.parent.size() + 1, meta.name().size()));
  r.regular = r.member && r.ordinal >= 0 && (digits.size() == 1 || (!digits.empty() && digits[0] != '0'));
  r.pod = pod;
  return r;
}

bool identityMatches(const StatefulSet& set, const Pod& pod) {
  const ObjectMeta meta = pod.metadata();
  const auto [parent, ordinal] = getParentNameAndOrdinal(meta.name());
  return ordinal >= 0 && parent == set.metadata().name() && meta.name() == getPodName(set, ordinal) &&
         meta.namespace_() == set.metadata().namespace_() && meta.labels()[key::podNameLabel] == meta.name();
}

bool storageMatches(const StatefulSet& set, const Pod& pod) {
  const int64_t ordinal = getParentNameAndOrdinal(pod.metadata().name()).ordinal;
  if (ordinal < 0) return false;
  const List<Volume> volumes = pod.spec().volumes();
  for (const PersistentVolumeClaim& claim : set.spec().volumeClaimTemplates()) {
    Volume volume;
    for (const Volume& v : volumes) {
      if (v.name() == claim.metadata().name()) volume = v;
    }
    if (volume.persistentVolumeClaim().claimName() != getPersistentVolumeClaimName(set, claim, ordinal)) return false;
  }
  return true;
}

void updateIdentity(const StatefulSet& set, Pod& pod) {
  ObjectMeta meta = pod.metadata();
  const int64_t ordinal = getParentNameAndOrdinal(meta.name()).ordinal;
  const std::string name = getPodName(set, ordinal);
  StringMap labels = meta.labels();
  labels.set(key::podNameLabel, name);
  labels.set(key::podIndexLabel, std::to_string(ordinal));
  meta.name(name);
  meta.namespace_(set.metadata().namespace_());
  meta.labels(std::move(labels));
  pod.metadata(std::move(meta));
}

/// Claims are kept by their templates' names, so of several with one name the last counts.
static bool isOverridden(const List<PersistentVolumeClaim>& templates, const PersistentVolumeClaim& claim) {
  bool later = false, overridden = false;
  for (const PersistentVolumeClaim& other : templates) {
    overridden |= later && other.metadata().name() == claim.metadata().name();
    later |= other.doc.same(claim.doc);
  }
  return overridden;
}

void updateStorage(const StatefulSet& set, Pod& pod) {
  const int64_t ordinal = getParentNameAndOrdinal(pod.metadata().name()).ordinal;
  PodSpec spec = pod.spec();
  std::vector<Value> volumes;
  const List<PersistentVolumeClaim> templates = set.spec().volumeClaimTemplates();
  for (const PersistentVolumeClaim& claim : templates) {
    if (isOverridden(templates, claim)) continue;
    const Value source = Value::object({{key::claimName, getPersistentVolumeClaimName(set, claim, ordinal)}});
    volumes.push_back(Value::object({{key::name, claim.metadata().name()}, {key::persistentVolumeClaim, source}}));
  }
  for (const Volume& v : spec.volumes()) {
    bool replaced = false;
    for (const PersistentVolumeClaim& claim : templates) replaced |= claim.metadata().name() == v.name();
    if (!replaced) volumes.push_back(v.doc);
  }
  if (volumes.empty()) return;
  spec.volumes({{Value::array(std::move(volumes))}});
  pod.spec(std::move(spec));
}

std::vector<PersistentVolumeClaim> getPersistentVolumeClaims(const StatefulSet& set, int64_t ordinal) {
  std::vector<PersistentVolumeClaim> out;
  const StringMap selected = set.spec().selector().matchLabels();
  const List<PersistentVolumeClaim> templates = set.spec().volumeClaimTemplates();
  for (PersistentVolumeClaim claim : templates) {
    if (isOverridden(templates, claim)) continue;
    Value meta = claim.metadata().doc;
    StringMap labels = claim.metadata().labels();
    for (size_t i = 0; i < selected.size(); ++i) labels.set(selected.doc.keyAt(i), selected.at(i));
    meta.setAll({{key::name, getPersistentVolumeClaimName(set, claim, ordinal)},
                 {key::namespace_, set.metadata().doc[key::namespace_]}});
    if (!labels.empty()) meta.set(key::labels, labels.doc);
    claim.doc.setAll({{key::apiVersion, "v1"}, {key::kind, "PersistentVolumeClaim"}, {key::metadata, std::move(meta)}});
    out.push_back(std::move(claim));
  }
  return out;
}

// Models newStatefulSetPod and setPodRevision.
Pod newStatefulSetPod(const StatefulSet& set, const PodTemplateSpec& podTemplate, std::string_view revision,
                      int64_t ordinal) {
  const ObjectMeta own = set.metadata(), wanted = podTemplate.metadata();
  const std::string name = getPodName(set, ordinal);
  Value labels = wanted.labels().doc;
  labels.setAll(
      {{key::podNameLabel, name}, {key::podIndexLabel, std::to_string(ordinal)}, {key::revisionHashLabel, revision}});
  Value meta =
      Value::object({{key::generateName, std::string(own.name()) + "-"},
                     {key::labels, std::move(labels)},
                     {key::name, name},
                     {key::namespace_, own.namespace_()},
                     {key::ownerReferences, Value::array({newControllerRef("apps/v1", "StatefulSet", own).doc})}});
  if (wanted.hasAnnotations()) meta.set(key::annotations, wanted.annotations().doc);
  if (wanted.hasFinalizers()) meta.set(key::finalizers, wanted.finalizers().doc);
  Value spec = podTemplate.spec().doc;
  const std::string_view subdomain = set.spec().serviceName();
  if (subdomain.empty()) {
    spec.set(key::hostname, name);
  } else {
    spec.setAll({{key::hostname, name}, {key::subdomain, subdomain}});
  }
  Pod pod{{Value::object(
      {{key::apiVersion, "v1"}, {key::kind, "Pod"}, {key::metadata, std::move(meta)}, {key::spec, std::move(spec)}})}};
  updateStorage(set, pod);
  return pod;
}

ControllerRevision newRevision(const StatefulSet& set, const Value& data, int64_t number, int64_t collisionCount) {
  const ObjectMeta own = set.metadata();
  const std::string hash = hashControllerRevision(toJson(data), &collisionCount);
  StringMap labels = set.spec().template_().metadata().labels();
  labels.set("controller.kubernetes.io/hash", hash);
  ObjectMeta meta;
  if (own.hasAnnotations()) meta.annotations(own.annotations());
  meta.labels(std::move(labels));
  meta.name(controllerRevisionName(own.name(), hash));
  meta.namespace_(own.namespace_());
  meta.ownerReferences({{Value::array({newControllerRef("apps/v1", "StatefulSet", own).doc})}});
  return {{Value::object({{key::apiVersion, "apps/v1"},
                          {key::kind, "ControllerRevision"},
                          {key::metadata, meta.doc},
                          {key::data, data},
                          {key::revision, number}})}};
}

// Models newVersionedStatefulSetPod's choice.
bool usesCurrentRevision(const StatefulSet& set, int64_t ordinal) {
  const StatefulSetUpdateStrategy strategy = set.spec().updateStrategy();
  const int64_t start = getStartOrdinal(set);
  if (strategy.hasRollingUpdate()) return ordinal < start + strategy.rollingUpdate().partition();
  return strategy.type() == "RollingUpdate" && ordinal < start + set.status().currentReplicas();
}

namespace {
bool matchesRef(const OwnerReference& ref, std::string_view apiVersion, std::string_view kind, std::string_view name) {
  return ref.apiVersion() == apiVersion && ref.kind() == kind && ref.name() == name;
}
bool isOf(const OwnerReference& ref, const StatefulSet& set) {
  return matchesRef(ref, "apps/v1", "StatefulSet", set.metadata().name());
}
bool isOf(const OwnerReference& ref, const Pod& pod) { return matchesRef(ref, "v1", "Pod", pod.metadata().name()); }

// An owner that is not its controller has to become it.
bool hasNonControllerOwner(const PersistentVolumeClaim& claim, const StatefulSet& set, const Pod& pod) {
  for (const OwnerReference& ref : claim.metadata().ownerReferences()) {
    const bool ours = ref.uid() == set.metadata().uid() || ref.uid() == pod.metadata().uid();
    if (ours && !ref.controller()) return true;
  }
  return false;
}
}  // namespace

bool hasOwnerRef(const PersistentVolumeClaim& claim, std::string_view uid) {
  for (const OwnerReference& ref : claim.metadata().ownerReferences()) {
    if (ref.uid() == uid) return true;
  }
  return false;
}

bool hasStaleOwnerRef(const PersistentVolumeClaim& claim, const StatefulSet& set) {
  for (const OwnerReference& ref : claim.metadata().ownerReferences()) {
    if (isOf(ref, set)) return ref.uid() != set.metadata().uid();
  }
  return false;
}
bool hasStaleOwnerRef(const PersistentVolumeClaim& claim, std::string_view podName, std::string_view podUid) {
  for (const OwnerReference& ref : claim.metadata().ownerReferences()) {
    if (matchesRef(ref, "v1", "Pod", podName)) return ref.uid() != podUid;
  }
  return false;
}

bool hasUnexpectedController(const PersistentVolumeClaim& claim, const StatefulSet& set, const Pod& pod) {
  if (!whenScaledDeletes(set) && !whenDeletedDeletes(set)) return false;
  for (const OwnerReference& ref : claim.metadata().ownerReferences()) {
    if (isOf(ref, set)) {
      if (ref.uid() != set.metadata().uid()) return true;
    } else if (isOf(ref, pod)) {
      if (ref.uid() != pod.metadata().uid()) return true;
    } else if (ref.controller()) {
      return true;
    }
  }
  return false;
}

// Who owns the claim: the set while deletion of the set shall delete it, the Pod once the Pod is scaled away and
// scaling shall delete it. References to a former set or Pod of the name are left to garbage collection.
bool isClaimOwnerUpToDate(const PersistentVolumeClaim& claim, const StatefulSet& set, const Pod& pod) {
  const bool scaledDown = whenScaledDeletes(set) && !inRange(set, pod);
  const bool setOwns = whenDeletedDeletes(set) && !scaledDown;
  if (!claim.metadata().doc.find(key::ownerReferences)) return !setOwns && !scaledDown;
  const std::string_view setUid = set.metadata().uid(), podUid = pod.metadata().uid();
  if (hasStaleOwnerRef(claim, set) || hasStaleOwnerRef(claim, pod.metadata().name(), podUid)) return true;
  if (hasUnexpectedController(claim, set, pod)) return !hasOwnerRef(claim, setUid) && !hasOwnerRef(claim, podUid);
  if (hasNonControllerOwner(claim, set, pod)) return false;
  return hasOwnerRef(claim, setUid) == setOwns && hasOwnerRef(claim, podUid) == scaledDown;
}

void updateClaimOwnerRefForSetAndPod(PersistentVolumeClaim& claim, const StatefulSet& set, const Pod& pod) {
  const bool unexpectedController = hasUnexpectedController(claim, set, pod);
  ObjectMeta meta = claim.metadata();
  std::vector<Value> refs;
  for (const OwnerReference& ref : meta.ownerReferences()) {
    if (!isOf(ref, set) && !isOf(ref, pod)) refs.push_back(ref.doc);
  }
  const bool scaledDown = whenScaledDeletes(set) && !inRange(set, pod);
  if (!unexpectedController) {
    if (scaledDown) refs.push_back(newControllerRef("v1", "Pod", pod.metadata()).doc);
    if (whenDeletedDeletes(set) && !scaledDown)
      refs.push_back(newControllerRef("apps/v1", "StatefulSet", set.metadata()).doc);
  }
  if (refs.empty()) {
    meta.doc.erase(key::ownerReferences);
  } else {
    meta.ownerReferences({{Value::array(std::move(refs))}});
  }
  claim.metadata(std::move(meta));
}

}  // namespace controllers::statefulset
