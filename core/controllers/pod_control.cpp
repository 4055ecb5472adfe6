#include "core/controllers/pod_control.hpp"

#include "core/api/pods.hpp"

namespace controllers {
using namespace api;
using decision::Client;
using decision::Why;

Pod podFromTemplate(const PodTemplateSpec& podTemplate, Resource ownerKind, const Object& owner) {
  const ObjectMeta wanted = podTemplate.metadata(), own = owner.metadata();
  const ResourceInfo& kind = info(ownerKind);
  ObjectMeta meta;
  if (wanted.hasAnnotations()) meta.annotations(wanted.annotations());
  if (wanted.hasFinalizers()) meta.finalizers(wanted.finalizers());
  if (wanted.hasLabels()) meta.labels(wanted.labels());
  meta.generateName(std::string(own.name()) + "-");
  meta.namespace_(own.namespace_());
  meta.ownerReferences({{Value::array({newControllerRef(kind.apiVersion(), kind.kind, own).doc})}});
  return {{Value::object(
      {{key::apiVersion, "v1"}, {key::kind, "Pod"}, {key::metadata, meta.doc}, {key::spec, podTemplate.spec().doc}})}};
}

bool isNamespaceTerminating(const apiserver::Response& reply) {
  for (const Value& cause : reply.body[key::details][key::causes].values()) {
    if (cause[key::reason].asString() == "NamespaceTerminating") return true;
  }
  return false;
}

Error createPod(Client& client, const Why& why, const Pod& pod, const Object& owner, Value& created) {
  const auto reply = client.create(why, pod);
  if (!reply.ok()) {
    if (isNamespaceTerminating(reply)) return {};
    client.event(owner.doc, "Warning", "FailedCreate", "Error creating: " + std::string(reply.message()));
    return Error(reply);
  }
  created = reply.body;
  client.event(owner.doc, "Normal", "SuccessfulCreate",
               "Created pod: " + std::string(Object{{created}}.metadata().name()));
  return {};
}

Error deletePod(Client& client, const Why& why, const Pod& pod, const Object& owner, bool& notFound) {
  const auto reply = client.remove(why, pod);
  notFound = reply.isNotFound();
  if (notFound) return Error(reply);
  if (!reply.ok()) {
    client.event(owner.doc, "Warning", "FailedDelete", "Error deleting: " + std::string(reply.message()));
    return Error("unable to delete pods: " + std::string(reply.message()));
  }
  client.event(owner.doc, "Normal", "SuccessfulDelete", "Deleted pod: " + std::string(pod.metadata().name()));
  return {};
}

Millis nextAvailabilityCheck(const std::vector<Pod>& pods, int64_t minReadySeconds, Millis now) {
  Millis next = -1;
  if (minReadySeconds <= 0) return next;
  for (const Pod& pod : pods) {
    const Millis since = podReadySince(pod);
    const Millis due = since + minReadySeconds * 1000 - now;
    if (since >= 0 && due > 0 && (next < 0 || due < next)) next = due;
  }
  return next;
}

}  // namespace controllers
