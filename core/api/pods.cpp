#include "core/api/pods.hpp"

namespace api {

PodCondition podCondition(const Pod& pod, std::string_view type) {
  for (const Value& c : pod.doc[key::status][key::conditions].values()) {
    if (c[key::type].asString() == type) return PodCondition{{c}};
  }
  return {};
}

bool isPodReady(const Pod& pod) {
  for (const Value& c : pod.doc[key::status][key::conditions].values()) {
    if (c[key::type].asString() == "Ready") return c[key::status].asString() == "True";
  }
  return false;
}

Millis podReadySince(const Pod& pod) {
  for (const Value& c : pod.doc[key::status][key::conditions].values()) {
    if (c[key::type].asString() != "Ready") continue;
    return c[key::status].asString() == "True" ? parseTime(c[key::lastTransitionTime].asString()) : -1;
  }
  return -1;
}

bool isPodAvailable(const Pod& pod, int64_t minReadySeconds, Millis now) {
  if (minReadySeconds == 0) return isPodReady(pod);
  const Millis since = podReadySince(pod);
  return since >= 0 && since + minReadySeconds * 1000 <= now;
}

bool isCreated(const Pod& pod) { return !pod.doc[key::status][key::phase].asString().empty(); }
bool isPending(const Pod& pod) { return pod.doc[key::status][key::phase].asString() == "Pending"; }
bool isRunningAndReady(const Pod& pod) {
  return pod.doc[key::status][key::phase].asString() == "Running" && isPodReady(pod);
}
bool isPodTerminal(const Pod& pod) {
  const std::string_view phase = pod.doc[key::status][key::phase].asString();
  return phase == "Failed" || phase == "Succeeded";
}
bool isTerminating(const Pod& pod) { return pod.doc[key::metadata].find(key::deletionTimestamp) != nullptr; }
bool isPodActive(const Pod& pod) { return !isPodTerminal(pod) && !isTerminating(pod); }
bool isScheduled(const Pod& pod) { return !pod.doc[key::spec][key::nodeName].asString().empty(); }

OwnerReference controllerOf(const ObjectMeta& meta) {
  for (const Value& o : meta.doc[key::ownerReferences].values()) {
    if (o[key::controller].asBool()) return OwnerReference{{o}};
  }
  return {};
}

OwnerReference newControllerRef(std::string_view apiVersion, std::string_view kind, const ObjectMeta& owner) {
  return {{Value::object({{key::apiVersion, apiVersion},
                          {key::blockOwnerDeletion, true},
                          {key::controller, true},
                          {key::kind, kind},
                          {key::name, owner.name()},
                          {key::uid, owner.uid()}})}};
}

}  // namespace api
