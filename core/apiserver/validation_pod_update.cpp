// What of a pod may change once it exists. Models pkg/apis/core/validation ValidatePodUpdate, ValidatePodStatusUpdate
// and ValidatePodResize.
#include <algorithm>

#include "core/api/qos.hpp"
#include "core/apiserver/internal_types.hpp"
#include "core/apiserver/validation_check.hpp"

namespace apiserver {
namespace {

using namespace api;

/// Whether as many containers are there as before; each needs an image.
bool containers(Check& c, const Value& now, const Value& before, Key k) {
  auto s = c.at(k);
  if (now[k].size() != before[k].size()) {
    c.forbidden("pod updates may not add or remove containers");
    return false;
  }
  for (size_t i = 0; i < now[k].size(); ++i) {
    const std::string_view image = textOf(now[k][i], key::image);
    if (image.empty()) {
      auto item = c.at(i);
      c.required(key::image, "");
      return false;
    }
  }
  return true;
}

bool deadline(Check& c, const Value& now, const Value& before) {
  const Value *seconds = now.find(key::activeDeadlineSeconds), *had = before.find(key::activeDeadlineSeconds);
  if (!seconds) {
    if (had) c.invalid(key::activeDeadlineSeconds, Value(), "must not update from a positive integer to nil value");
    return true;
  }
  if (seconds->asInt() < 0 || seconds->asInt() > INT32_MAX)
    c.invalid(key::activeDeadlineSeconds, *seconds, inclusiveRangeError(0, INT32_MAX));
  else if (had && had->asInt() < seconds->asInt())
    c.invalid(key::activeDeadlineSeconds, *seconds, "must be less than or equal to previous value");
  else
    return true;
  return false;
}

void onlyAddedTolerations(Check& c, const Value& now, const Value& before) {
  auto s = c.at(key::tolerations);
  for (const Value& old : before.values()) {
    bool found = false;
    for (const Value& t : now.values()) {
      Value same = old;
      if (t.find(key::tolerationSeconds))
        same.set(key::tolerationSeconds, t[key::tolerationSeconds]);
      else
        same.erase(key::tolerationSeconds);
      found |= same == t;
    }
    if (!found) return c.forbidden("existing toleration can not be modified except its tolerationSeconds");
  }
  checkTolerations(c, now);
}

void onlyDeletedGates(Check& c, const Value& now, const Value& before) {
  auto s = c.at(key::schedulingGates);
  for (size_t i = 0; i < now.size(); ++i) {
    bool had = false;
    for (const Value& old : before.values()) had |= old[key::name] == now[i][key::name];
    if (had) continue;
    auto item = c.at(i);
    c.forbidden(key::name, "only deletion is allowed, but found new scheduling gate '" +
                               std::string(textOf(now[i], key::name)) + "'");
  }
}

/// Whether the new list starts with the whole old one; an empty one stays empty.
bool onlyAdds(const Value& now, const Value& before) {
  if (now.size() < before.size()) return false;
  for (size_t i = 0; i < before.size(); ++i) {
    if (!(now[i] == before[i])) return false;
  }
  return true;
}

void onlyAddedRequirements(Check& c, const Value& now, const Value& before) {
  constexpr Key list = key::nodeSelectorTerms;
  const Value& terms = now.get({key::requiredDuringSchedulingIgnoredDuringExecution, list});
  const Value& had = before.get({key::requiredDuringSchedulingIgnoredDuringExecution, list});
  if (!had.size()) return;
  auto s = c.at("affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
  if (terms.size() != had.size())
    return c.invalidShown(terms.isNull() ? "null" : internalJsonList("NodeSelectorTerm", terms),
                          "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
  for (size_t i = 0; i < had.size(); ++i) {
    bool fine = had[i].size() || !terms[i].size();
    for (Key k : {Key(key::matchExpressions), Key(key::matchFields)}) fine &= onlyAdds(terms[i][k], had[i][k]);
    auto item = c.at(i);
    if (!fine)
      c.invalidShown(internalJson("NodeSelectorTerm", terms[i]),
                     "only additions are allowed (no mutations or deletions)");
  }
}

/// Where a pod that still has gates may go can be narrowed; `spec` gets its old places back.
void narrowed(Check& c, Value& spec, const Value& before) {
  const Value now = spec[key::nodeSelector], had = before[key::nodeSelector];
  bool kept = true;
  for (size_t i = 0; i < had.size(); ++i) kept &= now[had.keyAt(i)] == had.values()[i];
  if (!kept)
    c.invalid(key::nodeSelector, now, "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
  spec.erase(key::nodeSelector);
  if (had.size()) spec.set(key::nodeSelector, had);
  const Value affinity = spec.get({key::affinity, key::nodeAffinity}),
              old = before.get({key::affinity, key::nodeAffinity});
  if (affinity == old) return;
  onlyAddedRequirements(c, affinity, old);
  if (!old.isNull()) return spec.set({key::affinity, key::nodeAffinity}, old);
  spec.erase({key::affinity, key::nodeAffinity});
  if (!spec[key::affinity].size() && !before.find(key::affinity)) spec.erase(key::affinity);
}

/// The new spec with what may change put back.
Value munged(const Value& now, const Value& before) {
  Value spec = now;
  auto keep = [&](Key k) {
    if (before.find(k))
      spec.set(k, before[k]);
    else
      spec.erase(k);
  };
  for (Key k : {Key(key::containers), Key(key::initContainers)}) {
    for (size_t i = 0; i < spec[k].size(); ++i)
      spec.set({k, Step::index(i), key::image}, Value(before[k][i][key::image]));
  }
  keep(key::activeDeadlineSeconds);
  keep(key::schedulingGates);
  keep(key::tolerations);
  return spec;
}

void status(Check& c, const Value& pod, const Value& old) {
  auto s = c.at(key::status);
  if (!(pod.get({key::spec, key::nodeName}) == old.get({key::spec, key::nodeName})))
    c.forbidden(key::nodeName, "may not be changed directly");
  const Value &now = pod[key::status], &before = old[key::status];
  const std::string_view nominated = textOf(now, key::nominatedNodeName);
  if (!nominated.empty() && nominated != textOf(before, key::nominatedNodeName)) {
    {
      auto n = c.at(key::nominatedNodeName);
      c.dnsSubdomain(nominated);
    }
    if (!old.get({key::spec, key::nodeName}).asString().empty())
      c.forbidden(key::nominatedNodeName, "may not be set on pods that are already bound to a node");
  }
  auto q = c.at(key::qosClass);
  c.immutable(now[key::qosClass].isNull() ? Value("") : now[key::qosClass],
              before[key::qosClass].isNull() ? Value("") : before[key::qosClass]);
}

/// A container without what a resize may change.
Value notResizable(Value container) {
  for (Key k : {Key(key::requests), Key(key::limits)}) {
    for (Key amount : {Key(key::cpu), Key(key::memory)}) container.erase({key::resources, k, amount});
    if (!container.get({key::resources, k}).size()) container.erase({key::resources, k});
  }
  if (!container[key::resources].size()) container.erase(key::resources);
  return container;
}

/// Only a kubelet that can resize says what a running container has.
bool nodeResizes(const Value& pod) {
  for (const Value& one : pod.get({key::status, key::containerStatuses}).values()) {
    if (one.get({key::state, key::running}).kind() == Kind::Object) return one.find(key::resources);
  }
  return true;
}

/// Whether the containers are those that were there, in their order.
bool sameContainers(Check& c, const Value& now, const Value& before, Key k) {
  const std::string what(k.text());
  auto s = c.at(k);
  const size_t found = c.errors.size();
  if (now[k].size() != before[k].size()) c.forbidden(what + " may not be added or removed on resize");
  for (size_t i = 0; i < now[k].size() && now[k].size() == before[k].size(); ++i) {
    auto item = c.at(i);
    if (!(now[k][i][key::name] == before[k][i][key::name]))
      c.forbidden(key::name, what + " may not be renamed or reordered on resize");
  }
  return c.errors.size() == found;
}

void resize(Check& c, const Value& pod, const Value& old) {
  checkPod(c, pod);
  const Value& spec = pod[key::spec];
  const Value& before = old[key::spec];
  auto s = c.at(key::spec);
  const Value& had = old.get({key::status, key::qosClass});
  if (had.asString() != qosClass(Pod{{pod}}.spec()))
    c.invalid(had.isNull() ? Value("") : had, "Pod QOS Class may not change as a result of resizing");
  if (!nodeResizes(old)) c.forbidden("Pod running on node without support for resize");
  const bool same = sameContainers(c, spec, before, key::containers);
  if (!sameContainers(c, spec, before, key::initContainers) || !same) return;
  for (Key k : {Key(key::initContainers), Key(key::containers)}) {
    auto list = c.at(k);
    for (size_t i = 0; i < spec[k].size(); ++i) {
      auto item = c.at(i);
      auto r = c.at(key::resources);
      for (Key part : {Key(key::requests), Key(key::limits)}) {
        const Value &now = spec[k][i].get({key::resources, part}), &then = before[k][i].get({key::resources, part});
        bool removed = false;
        for (size_t j = 0; j < then.size(); ++j) removed |= !now.find(then.keyAt(j));
        if (removed) c.forbidden(part, "resource " + std::string(part.text()) + " cannot be removed");
      }
    }
  }
  for (Key k : {Key(key::containers), Key(key::initContainers)}) {
    for (size_t i = 0; i < spec[k].size(); ++i) {
      if (notResizable(spec[k][i]) == notResizable(before[k][i])) continue;
      if (k == Key(key::containers)) {
        c.forbidden("only cpu and memory resources are mutable");
        continue;
      }
      auto list = c.at(k);
      auto item = c.at(i);
      c.forbidden("only cpu and memory resources for init or sidecar containers are mutable");
    }
  }
}

/// Models ValidatePodEphemeralContainersUpdate: those that are there stay as they are.
void ephemeralContainers(Check& c, const Value& now, const Value& before) {
  auto s = c.at(key::spec);
  auto l = c.at(key::ephemeralContainers);
  const Value &all = now[key::ephemeralContainers], &old = before[key::ephemeralContainers];
  for (const Value& container : old.values()) {
    const Value* same = nullptr;
    for (const Value& candidate : all.values()) {
      if (candidate[key::name] == container[key::name]) same = &candidate;
    }
    if (same && *same == container) continue;
    const std::string what =
        "existing ephemeral containers \"" + std::string(container[key::name].asString()) + "\" may not be ";
    c.forbidden(same ? what + "changed\n" + internalDiff("EphemeralContainer", container, *same) : what + "removed\n");
  }
}
}  // namespace

void checkPodUpdate(Check& c, const Value& pod, const Value& old, std::string_view subresource) {
  if (subresource == "status") {
    checkMetadataUpdate(c, pod, old);
    return status(c, pod, old);
  }
  checkMetadataUpdate(c, pod, old);
  if (subresource == "resize") return resize(c, pod, old);
  const Value &now = pod[key::spec], &before = old[key::spec];
  if (now.same(before)) return;
  checkPod(c, pod);
  if (subresource == "ephemeralcontainers") return ephemeralContainers(c, now, before);
  auto s = c.at(key::spec);
  for (Key k : {Key(key::containers), Key(key::initContainers)}) {
    if (!containers(c, now, before, k)) return;
  }
  if (!deadline(c, now, before)) return;
  onlyAddedTolerations(c, now[key::tolerations], before[key::tolerations]);
  onlyDeletedGates(c, now[key::schedulingGates], before[key::schedulingGates]);
  if (now == before) return;
  Value spec = munged(now, before);
  if (before[key::schedulingGates].size()) narrowed(c, spec, before);
  if (spec == before) return;
  c.forbidden(
      "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
      "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
      "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n" +
      internalDiff("PodSpec", before, spec));
}

}  // namespace apiserver
