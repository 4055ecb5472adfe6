// Binding a pod to a node and evicting it. Models pkg/registry/core/pod/storage/{storage,eviction}.go (v1.37).
#include "core/api/pods.hpp"
#include "core/api/selector.hpp"
#include "core/apiserver/admission.hpp"
#include "core/apiserver/serving.hpp"
#include "core/apiserver/strategy.hpp"

namespace apiserver {
using namespace api;

namespace {
/// Sets the condition of that type; its lastTransitionTime is kept while the status stays. Models podutil
/// UpdatePodCondition.
void updatePodCondition(Value& pod, Value condition, const Value& now) {
  Value conditions = pod.get({key::status, key::conditions});
  condition.set(key::lastTransitionTime, now);
  condition.set(key::lastProbeTime, Value());
  for (size_t i = 0; i < conditions.size(); ++i) {
    if (!(conditions[i][key::type] == condition[key::type])) continue;
    if (conditions[i][key::status] == condition[key::status])
      condition.set(key::lastTransitionTime, conditions[i][key::lastTransitionTime]);
    conditions.set({Step::index(i)}, std::move(condition));
    pod.set({key::status, key::conditions}, std::move(conditions));
    return;
  }
  conditions.append(std::move(condition));
  pod.set({key::status, key::conditions}, std::move(conditions));
}

Response tooManyRequests(std::string_view cause) {
  Response r = failure(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
  Value details = Value::object({});
  if (!cause.empty())
    details.set(key::causes, Value::array({Value::object({{key::reason, "DisruptionBudget"}, {key::message, cause}})}));
  r.body.set(key::details, std::move(details));
  return r;
}
}  // namespace

Response Serving::bind() {
  if (request.verb != Verb::create) return methodNotAllowed();
  Value binding = request.body;
  if (Response refused = decodeAs("Binding", "v1", binding); !refused.ok()) return refused;
  const std::string named(binding.get({key::metadata, key::name}).asString());
  const std::string name = request.name.empty() ? named : request.name;
  if (!named.empty() && named != name) return badRequest("name in URL does not match name in Binding object");
  if (const std::string_view kind = binding.get({key::target, key::kind}).asString(); !kind.empty() && kind != "Node")
    return failure(
        500, "",
        "target.kind: Unsupported value: \"" + std::string(kind) + "\": supported values: \"Node\", \"<empty>\"");
  if (binding.get({key::target, key::name}).asString().empty()) return failure(500, "", "target.name: Required value");
  Request aboutPod = request;
  aboutPod.name = name;
  Value pod = Serving{server, aboutPod, info, history}.current();
  if (pod.isNull()) return notFound(info, name);
  const auto refuse = [&](std::string_view why) { return conflict("", "pods/binding", name, why); };
  const std::string_view uid = binding.get({key::metadata, key::uid}).asString();
  if (!uid.empty() && uid != pod.get({key::metadata, key::uid}).asString())
    return refuse("Precondition failed: UID in precondition: " + std::string(uid) +
                  ", UID in object meta: " + std::string(pod.get({key::metadata, key::uid}).asString()));
  if (!pod.get({key::metadata, key::deletionTimestamp}).isNull())
    return refuse("pod " + name + " is being deleted, cannot be assigned to a host");
  const std::string_view node = pod.get({key::spec, key::nodeName}).asString();
  if (!node.empty()) return refuse("pod " + name + " is already assigned to node \"" + std::string(node) + "\"");
  pod.set({key::spec, key::nodeName}, binding.get({key::target, key::name}));
  pod.erase({key::status, key::nominatedNodeName});
  for (Key part : {Key(key::annotations), Key(key::labels)}) {
    const Value& added = binding.get({key::metadata, part});
    for (size_t i = 0; i < added.size(); ++i) pod.set({key::metadata, part, added.keyAt(i)}, added.values()[i]);
  }
  updatePodCondition(pod, Value::object({{key::type, "PodScheduled"}, {key::status, "True"}}), now());
  topologyLabels(server.objects(), pod);
  put(std::move(pod));
  return success(201);
}

/// Models checkAndDecrement: takes one of the budget's allowed disruptions, or refuses.
static Response decrement(Serving& serving, Value budget, std::string_view pod, const Value& now) {
  const PodDisruptionBudgetStatus status = PodDisruptionBudget{{budget}}.status();
  const std::string name(budget.get({key::metadata, key::name}).asString());
  if (status.observedGeneration() < budget.get({key::metadata, key::generation}).asInt())
    return tooManyRequests("The disruption budget " + name + " is still being processed by the server.");
  if (status.disruptionsAllowed() < 0)
    return forbidden(info(Resource::poddisruptionbudgets), name, "pdb disruptions allowed is negative");
  if (status.disruptionsAllowed() == 0)
    return tooManyRequests("The disruption budget " + name + " needs " + std::to_string(status.desiredHealthy()) +
                           " healthy pods and has " + std::to_string(status.currentHealthy()) + " currently");
  const int64_t left = status.disruptionsAllowed() - 1;
  budget.set({key::status, key::disruptionsAllowed}, left);
  if (left == 0) {
    Value conditions = budget.get({key::status, key::conditions});
    Value condition = Value::object({{key::type, "DisruptionAllowed"},
                                     {key::status, "False"},
                                     {key::reason, "InsufficientPods"},
                                     {key::message, ""},
                                     {key::observedGeneration, status.observedGeneration()},
                                     {key::lastTransitionTime, now}});
    bool there = false;
    for (size_t i = 0; i < conditions.size() && !there; ++i) {
      if (conditions[i][key::type].asString() != "DisruptionAllowed") continue;
      there = true;
      if (conditions[i][key::status].asString() == "False")
        condition.set(key::lastTransitionTime, conditions[i][key::lastTransitionTime]);
      conditions.set({Step::index(i)}, condition);
    }
    if (!there) conditions.append(condition);
    budget.set({key::status, key::conditions}, std::move(conditions));
  }
  budget.set({key::status, key::disruptedPods, Key(pod)}, now);
  Request update = serving.request;
  update.verb = Verb::update;
  update.resource = Resource::poddisruptionbudgets;
  update.name = name;
  update.subresource = "status";
  update.body = std::move(budget);
  return Serving{serving.server, update, info(Resource::poddisruptionbudgets), serving.history}.run();
}

/// Whether the pod's budget, if it has one, lets it go; `usesVersion` where the pod must not have changed since.
static Response askBudget(Serving& serving, const Value& pod, bool& usesVersion) {
  const Value& labels = pod.get({key::metadata, key::labels});
  std::vector<Value> budgets;
  serving.server.objects().each(Resource::poddisruptionbudgets, serving.request.namespace_, [&](const Value& b) {
    if (labelSelectorMatches(b.get({key::spec, key::selector}), labels)) budgets.push_back(b);
  });
  if (budgets.size() > 1) {
    Response r = failure(500, "",
                         "This pod has more than one PodDisruptionBudget, which the eviction subresource does "
                         "not support.");
    return r;
  }
  if (budgets.empty()) return {};
  const PodDisruptionBudget budget{{budgets[0]}};
  if (!isPodReady(Pod{{pod}})) {
    const bool healthy =
        budget.status().currentHealthy() >= budget.status().desiredHealthy() && budget.status().desiredHealthy() > 0;
    if (healthy || budget.spec().unhealthyPodEvictionPolicy() == "AlwaysAllow") {
      usesVersion = true;
      return {};
    }
  }
  return decrement(serving, budgets[0], serving.request.name, serving.now());
}

Response Serving::evict() {
  if (request.verb != Verb::create) return methodNotAllowed();
  Value eviction = request.body;
  if (Response refused = decodeAs("Eviction", "v1", eviction); !refused.ok()) return refused;
  const std::string_view name = eviction.get({key::metadata, key::name}).asString();
  if (!name.empty() && name != request.name) return badRequest("name in URL does not match name in Eviction object");
  Value pod = current();
  if (pod.isNull()) return notFound(info, request.name);
  const Value& asked = eviction[key::deleteOptions];
  DeleteOptions options;
  if (asked[key::gracePeriodSeconds].kind() == Kind::Int)
    options.gracePeriodSeconds = asked[key::gracePeriodSeconds].asInt();
  options.propagationPolicy = asked[key::propagationPolicy].asString();
  options.uid = asked.get({key::preconditions, key::uid}).asString();
  options.resourceVersion = asked.get({key::preconditions, key::resourceVersion}).asString();
  const std::string_view phase = pod.get({key::status, key::phase}).asString();
  const bool ignoresBudget = phase == "Succeeded" || phase == "Failed" || phase == "Pending" ||
                             !pod.get({key::metadata, key::deletionTimestamp}).isNull();
  bool usesVersion = false;
  if (!ignoresBudget) {
    if (Response refused = askBudget(*this, pod, usesVersion); !refused.ok()) return refused;
  }
  if (!request.dryRun) {
    updatePodCondition(pod,
                       Value::object({{key::type, "DisruptionTarget"},
                                      {key::status, "True"},
                                      {key::reason, "EvictionByEvictionAPI"},
                                      {key::message, "Eviction API: evicting"}}),
                       now());
    const Response updated = replace(current(), pod, "status");
    if (!updated.ok()) return updated;
    if (!options.resourceVersion.empty())
      options.resourceVersion = updated.body.get({key::metadata, key::resourceVersion}).asString();
  }
  const Response gone = remove(options);
  if (!gone.ok()) return gone;
  return success(201);
}

}  // namespace apiserver
