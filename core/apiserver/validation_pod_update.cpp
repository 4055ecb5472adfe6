// What of a pod may change once it exists. Models pkg/apis/core/validation ValidatePodUpdate, ValidatePodStatusUpdate
// and ValidatePodResize.
#include <algorithm>

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

void resize(Check& c, const Value& pod, const Value& old) {
  checkPod(c, pod);
  Value spec = pod[key::spec];
  const Value& before = old[key::spec];
  auto s = c.at(key::spec);
  for (Key k : {Key(key::containers), Key(key::initContainers)}) {
    if (!containers(c, spec, before, k)) return;
    for (size_t i = 0; i < spec[k].size(); ++i) {
      const Value& resources = before[k][i][key::resources];
      if (resources.isNull())
        spec.erase({k, Step::index(i), key::resources});
      else
        spec.set({k, Step::index(i), key::resources}, resources);
    }
  }
  if (!(spec == before)) c.forbidden("only cpu and memory resources are mutable");
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
  if (subresource == "ephemeralcontainers") return;
  auto s = c.at(key::spec);
  for (Key k : {Key(key::containers), Key(key::initContainers)}) {
    if (!containers(c, now, before, k)) return;
  }
  if (!deadline(c, now, before)) return;
  onlyAddedTolerations(c, now[key::tolerations], before[key::tolerations]);
  onlyDeletedGates(c, now[key::schedulingGates], before[key::schedulingGates]);
  if (now == before) return;
  const Value spec = munged(now, before);
  if (spec == before) return;
  c.forbidden(
      "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
      "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
      "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n" +
      internalDiff("PodSpec", before, spec));
}

}  // namespace apiserver
