// StatefulSets, Deployments, ReplicaSets and DaemonSets. Models pkg/apis/apps/validation.
#include <cstdlib>

#include "core/api/selector.hpp"
#include "core/apiserver/internal_types.hpp"
#include "core/apiserver/validation_check.hpp"

namespace apiserver {
namespace {

using namespace api;

/// As Go marshals a metav1.LabelSelector: matchLabels first.
std::string showSelector(const Value& selector) {
  if (selector.isNull()) return "null";
  std::string out = "{";
  if (const Value& labels = selector[key::matchLabels]; labels.size()) out += "\"matchLabels\":" + toJson(labels);
  if (const Value& expressions = selector[key::matchExpressions]; expressions.size())
    out += std::string(out.size() > 1 ? "," : "") + "\"matchExpressions\":" + toJson(expressions);
  return out + "}";
}

/// Whether upstream can turn it into a selector at all.
bool usable(const Value& selector) {
  const Value& labels = selector[key::matchLabels];
  for (size_t i = 0; i < labels.size(); ++i) {
    if (!goodLabelKey(labels.keyAt(i).text()) || !goodLabelValue(labels.values()[i].asString())) return false;
  }
  for (const Value& e : selector[key::matchExpressions].values()) {
    const std::string_view op = textOf(e, key::operator_);
    const bool list = op == "In" || op == "NotIn";
    if (!goodLabelKey(textOf(e, key::key)) || (!list && op != "Exists" && op != "DoesNotExist")) return false;
    if (list != (e[key::values].size() > 0)) return false;
    for (const Value& v : e[key::values].values()) {
      if (!goodLabelValue(v.asString())) return false;
    }
  }
  return true;
}

// ---- numbers and percentages

int64_t percentOf(const Value& v, bool& isPercent) {
  const std::string_view text = v.asString();
  isPercent = v.kind() == Kind::String && isValidPercent(text).empty();
  int64_t n = 0;
  for (size_t i = 0; isPercent && i + 1 < text.size() && n < 1000000; ++i) n = n * 10 + (text[i] - '0');
  return n;
}
int64_t intOrPercent(const Value& v) {
  bool isPercent = false;
  const int64_t percent = percentOf(v, isPercent);
  if (isPercent) return percent;
  // A number in quotes counts as that number, another text as none.
  return v.kind() == Kind::String ? std::atoi(std::string(v.asString()).c_str()) : v.asInt();
}
void positiveIntOrPercent(Check& c, const Value& parent, Key k) {
  const Value& v = parent[k];
  auto s = c.at(k);
  if (v.kind() == Kind::String)
    c.complain(v.asString(), isValidPercent(v.asString()));
  else if (v.asInt() < 0)
    c.invalid(v, "must be greater than or equal to 0");
}
void notMoreThan100Percent(Check& c, const Value& parent, Key k) {
  bool isPercent = false;
  if (percentOf(parent[k], isPercent) <= 100 || !isPercent) return;
  c.invalid(k, parent[k], "must not be greater than 100%");
}

// ---- templates

void selectorOf(Check& c, const Value& spec, std::string_view kind, bool mustBe) {
  const Value* selector = spec.find(key::selector);
  auto s = c.at(key::selector);
  if (!selector) {
    if (mustBe) c.required();
    return;
  }
  c.labelSelector(*selector);
  if (!(*selector)[key::matchLabels].size() && !(*selector)[key::matchExpressions].size())
    c.invalidShown(showSelector(*selector), "empty selector is invalid for " + std::string(kind));
}

void templateLabels(Check& c, const Value& spec, bool evenEmpty) {
  const Value& selector = spec[key::selector];
  const bool empty =
      !selector.isNull() && !selector[key::matchLabels].size() && !selector[key::matchExpressions].size();
  const Value& labels = spec.get({key::template_, key::metadata, key::labels});
  if ((empty && !evenEmpty) || labelSelectorMatches(selector, labels)) return;
  auto s = c.at("template.metadata.labels");
  c.invalid(labels, "`selector` does not match template `labels`");
}

void restart(Check& c, const Value& spec, std::string_view kind) {
  const Value& pod = spec.get({key::template_, key::spec});
  auto s = c.at("template.spec");
  if (textOf(pod, key::restartPolicy) != "Always") {
    auto r = c.at(key::restartPolicy);
    c.notSupported(show(textOf(pod, key::restartPolicy)), {"Always"});
  }
  if (pod.find(key::activeDeadlineSeconds))
    c.forbidden(key::activeDeadlineSeconds, "activeDeadlineSeconds in " + std::string(kind) + " is not Supported");
}

void templateOfReplicaSet(Check& c, const Value& spec) {
  templateLabels(c, spec, false);
  {
    auto s = c.at(key::template_);
    checkPodTemplate(c, spec[key::template_]);
  }
  restart(c, spec, "ReplicaSet");
}

// ---- StatefulSet

void statefulSetStrategy(Check& c, const Value& spec) {
  const Value& strategy = spec[key::updateStrategy];
  const std::string_view type = textOf(strategy, key::type);
  const Value* rolling = strategy.find(key::rollingUpdate);
  auto s = c.at(key::updateStrategy);
  if (type.empty()) return c.required();
  if (type != "RollingUpdate" && type != "OnDelete")
    return c.invalidShown(internalJson("StatefulSetUpdateStrategy", strategy), "must be 'RollingUpdate' or 'OnDelete'");
  if (!rolling) return;
  auto r = c.at(key::rollingUpdate);
  if (type == "OnDelete")
    return c.invalidShown(internalJson("RollingUpdateStatefulSetStrategy", *rolling),
                          "only allowed for updateStrategy 'RollingUpdate'");
  c.nonNegative(*rolling, key::partition);
  if (!rolling->find(key::maxUnavailable)) return;
  positiveIntOrPercent(c, *rolling, key::maxUnavailable);
  if (intOrPercent((*rolling)[key::maxUnavailable]) == 0)
    c.invalid(key::maxUnavailable, (*rolling)[key::maxUnavailable], "cannot be 0");
  notMoreThan100Percent(c, *rolling, key::maxUnavailable);
}

/// The template as the controller will use it: names of its own, and a volume for each claim template.
Value effectiveTemplate(const Value& spec) {
  Value podTemplate = spec[key::template_];
  const Value& claims = spec[key::volumeClaimTemplates];
  const Value& pod = podTemplate[key::spec];
  if (!claims.size() && textOf(pod, key::subdomain).empty() && textOf(pod, key::hostname).empty()) return podTemplate;
  Value volumes = Value::array({});
  auto claimed = [&](std::string_view name) {
    for (const Value& claim : claims.values()) {
      if (textOf(claim[key::metadata], key::name) == name) return true;
    }
    return false;
  };
  for (size_t i = 0; i < claims.size(); ++i) {
    const Value& name = claims[i].get({key::metadata, key::name});
    bool again = false;
    for (size_t j = 0; j < i; ++j) again |= claims[j].get({key::metadata, key::name}) == name;
    if (!again)
      volumes.append(
          Value::object({{key::name, name}, {key::persistentVolumeClaim, Value::object({{key::claimName, name}})}}));
  }
  for (const Value& v : podTemplate.get({key::spec, key::volumes}).values()) {
    if (!claimed(textOf(v, key::name))) volumes.append(v);
  }
  podTemplate.set({key::spec, key::volumes}, std::move(volumes));
  podTemplate.erase({key::spec, key::subdomain});
  podTemplate.erase({key::spec, key::hostname});
  return podTemplate;
}

void statefulSetSpec(Check& c, const Value& spec, bool skipTemplate, bool fresh) {
  const std::string_view management = textOf(spec, key::podManagementPolicy);
  if (management.empty())
    c.required(key::podManagementPolicy, "");
  else if (management != "OrderedReady" && management != "Parallel")
    c.invalid(key::podManagementPolicy, management, "must be 'OrderedReady' or 'Parallel'");
  statefulSetStrategy(c, spec);
  if (const Value* policy = spec.find(key::persistentVolumeClaimRetentionPolicy)) {
    auto s = c.at(key::persistentVolumeClaimRetentionPolicy);
    for (Key k : {Key(key::whenDeleted), Key(key::whenScaled)}) {
      const std::string_view v = textOf(*policy, k);
      if (v == "Retain" || v == "Delete") continue;
      auto f = c.at(k);
      c.notSupported(show(v), {"Retain", "Delete"});
    }
  }
  {
    auto s = c.at(key::volumeClaimTemplates);
    const Value& claims = spec[key::volumeClaimTemplates];
    for (size_t i = 0; i < claims.size() && fresh; ++i) {
      auto item = c.at(i);
      auto sub = c.at(key::spec);
      checkClaimSpec(c, claims[i][key::spec]);
    }
  }
  c.nonNegative(spec, key::replicas);
  c.nonNegative(spec, key::minReadySeconds);
  if (const Value* ordinals = spec.find(key::ordinals)) {
    auto s = c.at(key::ordinals);
    c.nonNegative(*ordinals, key::start);
  }
  // An update may not change the name or the claims, so what is wrong with them is said when they are new.
  if (const std::string_view service = textOf(spec, key::serviceName); !service.empty() && fresh) {
    auto s = c.at(key::serviceName);
    c.dnsLabel(service);
  }
  selectorOf(c, spec, "statefulset", true);
  if (!usable(spec[key::selector])) {
    auto s = c.at(key::selector);
    c.invalidShown(showSelector(spec[key::selector]), "");
  } else {
    const Value podTemplate = effectiveTemplate(spec);
    templateLabels(c, spec, false);
    auto s = c.at(key::template_);
    if (!skipTemplate) checkPodTemplate(c, podTemplate);
    {
      auto l = c.at(key::labels);
      c.labels(podTemplate.get({key::metadata, key::labels}));
    }
    auto a = c.at(key::annotations);
    c.annotations(podTemplate.get({key::metadata, key::annotations}));
    checkPodSpecificAnnotations(c, podTemplate.get({key::metadata, key::annotations}), podTemplate[key::spec]);
  }
  restart(c, spec, "StatefulSet");
}

void statefulSetUpdate(Check& c, const Value& spec, const Value& before) {
  Check old;
  if (!spec.same(before)) statefulSetSpec(old, before, false, false);
  auto s = c.at(key::spec);
  statefulSetSpec(c, spec, !old.errors.empty(), false);
  {
    auto f = c.at(key::selector);
    c.immutable(spec[key::selector], before[key::selector], showSelector(spec[key::selector]));
  }
  {
    auto f = c.at(key::volumeClaimTemplates);
    const Value &now = spec[key::volumeClaimTemplates], &had = before[key::volumeClaimTemplates];
    if ((now.size() || had.size()) && !(now == had))
      c.immutable(now, had, internalJsonList("PersistentVolumeClaim", now));
  }
  for (Key k : {Key(key::serviceName), Key(key::podManagementPolicy)}) {
    auto f = c.at(k);
    c.immutable(spec[k].isNull() ? Value("") : spec[k], before[k].isNull() ? Value("") : before[k]);
  }
}

// ---- the others

void deploymentStrategy(Check& c, const Value& spec) {
  const Value& strategy = spec[key::strategy];
  const std::string_view type = textOf(strategy, key::type);
  const Value* rolling = strategy.find(key::rollingUpdate);
  auto s = c.at(key::strategy);
  if (type == "Recreate") {
    if (rolling) c.forbidden(key::rollingUpdate, "may not be specified when strategy `type` is 'Recreate'");
    return;
  }
  if (type != "RollingUpdate")
    return c.notSupported(internalJson("DeploymentStrategy", strategy), {"Recreate", "RollingUpdate"});
  if (!rolling) return c.required(key::rollingUpdate, "this should be defaulted and never be nil");
  auto r = c.at(key::rollingUpdate);
  positiveIntOrPercent(c, *rolling, key::maxUnavailable);
  positiveIntOrPercent(c, *rolling, key::maxSurge);
  if (intOrPercent((*rolling)[key::maxUnavailable]) == 0 && intOrPercent((*rolling)[key::maxSurge]) == 0)
    c.invalid(key::maxUnavailable, (*rolling)[key::maxUnavailable], "may not be 0 when `maxSurge` is 0");
  notMoreThan100Percent(c, *rolling, key::maxUnavailable);
}

void templateOfSelector(Check& c, const Value& spec) {
  selectorOf(c, spec, "deployment", true);
  if (usable(spec[key::selector])) return templateOfReplicaSet(c, spec);
  auto s = c.at(key::selector);
  c.invalidShown(showSelector(spec[key::selector]), "invalid label selector");
}

void deploymentSpec(Check& c, const Value& spec) {
  c.nonNegative(spec, key::replicas);
  templateOfSelector(c, spec);
  deploymentStrategy(c, spec);
  c.nonNegative(spec, key::minReadySeconds);
  c.nonNegative(spec, key::revisionHistoryLimit);
  const Value* deadline = spec.find(key::progressDeadlineSeconds);
  if (!deadline) return;
  c.nonNegative(spec, key::progressDeadlineSeconds);
  if (deadline->asInt() <= spec[key::minReadySeconds].asInt())
    c.invalid(key::progressDeadlineSeconds, *deadline, "must be greater than minReadySeconds");
}

void daemonSetStrategy(Check& c, const Value& spec) {
  const Value& strategy = spec[key::updateStrategy];
  const std::string_view type = textOf(strategy, key::type);
  auto s = c.at(key::updateStrategy);
  if (type == "OnDelete") return;
  if (type != "RollingUpdate")
    return c.notSupported(internalJson("DaemonSetUpdateStrategy", strategy), {"RollingUpdate", "OnDelete"});
  const Value* rolling = strategy.find(key::rollingUpdate);
  if (!rolling) return c.required(key::rollingUpdate, "");
  auto r = c.at(key::rollingUpdate);
  for (Key k : {Key(key::maxUnavailable), Key(key::maxSurge)}) positiveIntOrPercent(c, *rolling, k);
  for (Key k : {Key(key::maxUnavailable), Key(key::maxSurge)}) notMoreThan100Percent(c, *rolling, k);
  const bool unavailable = intOrPercent((*rolling)[key::maxUnavailable]) != 0,
             surge = intOrPercent((*rolling)[key::maxSurge]) != 0;
  if (unavailable && surge)
    c.invalid(key::maxSurge, (*rolling)[key::maxSurge], "may not be set when maxUnavailable is non-zero");
  else if (!unavailable && !surge)
    c.required(key::maxUnavailable, "cannot be 0 when maxSurge is 0");
}

void daemonSetSpec(Check& c, const Value& spec) {
  {
    auto s = c.at(key::selector);
    c.labelSelector(spec[key::selector]);
  }
  if (usable(spec[key::selector])) templateLabels(c, spec, true);
  const Value* selector = spec.find(key::selector);
  if (selector && !(*selector)[key::matchLabels].size() && !(*selector)[key::matchExpressions].size()) {
    auto s = c.at(key::selector);
    c.invalidShown(showSelector(*selector), "empty selector is invalid for daemonset");
  }
  {
    auto s = c.at(key::template_);
    checkPodTemplate(c, spec[key::template_]);
  }
  restart(c, spec, "DaemonSet");
  c.nonNegative(spec, key::minReadySeconds);
  daemonSetStrategy(c, spec);
  c.nonNegative(spec, key::revisionHistoryLimit);
}

void specOf(Check& c, Resource resource, const Value& spec) {
  auto s = c.at(key::spec);
  switch (resource) {
    case Resource::statefulsets: return statefulSetSpec(c, spec, false, true);
    case Resource::deployments: return deploymentSpec(c, spec);
    case Resource::daemonsets: return daemonSetSpec(c, spec);
    default:
      c.nonNegative(spec, key::replicas);
      c.nonNegative(spec, key::minReadySeconds);
      return templateOfSelector(c, spec);
  }
}

/// Models Validate…StatusUpdate.
void status(Check& c, Resource resource, const Value& status, const Value& before) {
  auto s = c.at(key::status);
  auto amounts = [&](std::initializer_list<Key> keys) {
    for (Key k : keys) c.nonNegative(status, k);
  };
  auto within = [&](std::initializer_list<Key> keys, std::string_view ready) {
    for (Key k : keys) {
      if (status[k].asInt() > status[key::replicas].asInt())
        c.invalid(k, status[k].asInt(), "cannot be greater than status.replicas");
    }
    const int64_t available = status[key::availableReplicas].asInt();
    if (available > status[key::readyReplicas].asInt()) c.invalid(key::availableReplicas, available, ready);
  };
  switch (resource) {
    case Resource::statefulsets:
      amounts({key::replicas, key::readyReplicas, key::currentReplicas, key::updatedReplicas, key::availableReplicas,
               key::observedGeneration, key::collisionCount});
      within({key::readyReplicas, key::currentReplicas, key::updatedReplicas, key::availableReplicas},
             "cannot be greater than status.readyReplicas");
      break;
    case Resource::deployments:
      amounts({key::observedGeneration, key::replicas, key::updatedReplicas, key::readyReplicas, key::availableReplicas,
               key::unavailableReplicas, key::terminatingReplicas, key::collisionCount});
      within({key::updatedReplicas, key::readyReplicas, key::availableReplicas},
             "cannot be greater than readyReplicas");
      break;
    case Resource::daemonsets:
      amounts({key::currentNumberScheduled, key::numberMisscheduled, key::desiredNumberScheduled, key::numberReady,
               key::observedGeneration, key::updatedNumberScheduled, key::numberAvailable, key::numberUnavailable,
               key::collisionCount});
      break;
    default:
      amounts({key::replicas, key::fullyLabeledReplicas, key::readyReplicas, key::availableReplicas,
               key::observedGeneration, key::terminatingReplicas});
      within({key::fullyLabeledReplicas, key::readyReplicas, key::availableReplicas},
             "cannot be greater than readyReplicas");
      return;
  }
  const Value* collisions = before.find(key::collisionCount);
  const int64_t now = status[key::collisionCount].asInt();
  if (collisions && (!status.find(key::collisionCount) || now < collisions->asInt()))
    c.invalid(key::collisionCount, now, "cannot be decremented");
}
}  // namespace

void checkWorkload(Check& c, Resource resource, const Value& object) {
  checkMetadata(c, object, true, resource == Resource::statefulsets ? NameRule::label : NameRule::subdomain);
  specOf(c, resource, object[key::spec]);
}

void checkWorkloadUpdate(Check& c, Resource resource, const Value& object, const Value& old,
                         std::string_view subresource) {
  checkMetadataUpdate(c, object, old);
  if (subresource == "status") return status(c, resource, object[key::status], old[key::status]);
  const Value &spec = object[key::spec], &before = old[key::spec];
  if (spec.same(before)) return;
  if (resource == Resource::statefulsets) return statefulSetUpdate(c, spec, before);
  auto immutableSelector = [&] {
    auto s = c.at(key::spec);
    auto f = c.at(key::selector);
    c.immutable(spec[key::selector], before[key::selector], showSelector(spec[key::selector]));
  };
  if (resource == Resource::daemonsets) immutableSelector();
  specOf(c, resource, spec);
  if (resource != Resource::daemonsets) immutableSelector();
}

}  // namespace apiserver
