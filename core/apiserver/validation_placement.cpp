// Where a pod may go: selectors, affinity, tolerations, topology spread. Models pkg/apis/core/validation
// validateAffinity, ValidateTolerations, validateTopologySpreadConstraints and what they call.
#include <algorithm>

#include "core/apiserver/validation_check.hpp"

namespace apiserver {
using namespace api;

namespace {
void nodeSelectorRequirement(Check& c, const Value& r, bool checkValues) {
  const std::string_view op = textOf(r, key::operator_);
  const Value& values = r[key::values];
  if (op == "In" || op == "NotIn") {
    if (!values.size()) c.required(key::values, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (op == "Exists" || op == "DoesNotExist") {
    if (values.size()) c.forbidden(key::values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (op == "Gt" || op == "Lt") {
    if (values.size() != 1) c.required(key::values, "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else {
    c.invalid(key::operator_, op, "not a valid selector operator");
  }
  {
    auto k = c.at(key::key);
    c.qualifiedName(textOf(r, key::key));
  }
  if (!checkValues) return;
  auto v = c.at(key::values);
  for (size_t i = 0; i < values.size(); ++i) {
    auto item = c.at(i);
    c.labelValue(values[i].asString());
  }
}

void nodeFieldRequirement(Check& c, const Value& r) {
  const std::string_view op = textOf(r, key::operator_), k = textOf(r, key::key);
  const Value& values = r[key::values];
  if (op == "In" || op == "NotIn") {
    if (values.size() != 1)
      c.required(key::values, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
  } else {
    c.invalid(key::operator_, op, "not a valid selector operator");
  }
  if (k != "metadata.name") return c.invalid(key::key, k, "not a valid field selector key");
  auto v = c.at(key::values);
  for (size_t i = 0; i < values.size(); ++i) {
    auto item = c.at(i);
    c.dnsSubdomain(values[i].asString());
  }
}

void nodeSelectorTerm(Check& c, const Value& term, bool checkValues) {
  for (Key k : {Key(key::matchExpressions), Key(key::matchFields)}) {
    auto s = c.at(k);
    for (size_t i = 0; i < term[k].size(); ++i) {
      auto item = c.at(i);
      if (k == Key(key::matchFields))
        nodeFieldRequirement(c, term[k][i]);
      else
        nodeSelectorRequirement(c, term[k][i], checkValues);
    }
  }
}

void podAffinityTerm(Check& c, const Value& term) {
  for (Key k : {Key(key::labelSelector), Key(key::namespaceSelector)}) {
    auto s = c.at(k);
    c.labelSelector(term[k]);
  }
  {
    auto n = c.at(key::namespace_);
    for (const Value& ns : term[key::namespaces].values()) c.dnsLabel(ns.asString());
  }
  const std::string_view topology = textOf(term, key::topologyKey);
  if (topology.empty()) c.required(key::topologyKey, "can not be empty");
  auto t = c.at(key::topologyKey);
  c.qualifiedName(topology);
}

void weight(Check& c, const Value& term) {
  const int64_t w = term[key::weight].asInt();
  if (w <= 0 || w > 100) c.invalid(key::weight, w, "must be in the range 1-100");
}

void podAffinity(Check& c, const Value& affinity) {
  {
    auto s = c.at(key::requiredDuringSchedulingIgnoredDuringExecution);
    const Value& terms = affinity[key::requiredDuringSchedulingIgnoredDuringExecution];
    for (size_t i = 0; i < terms.size(); ++i) {
      auto item = c.at(i);
      podAffinityTerm(c, terms[i]);
    }
  }
  auto s = c.at(key::preferredDuringSchedulingIgnoredDuringExecution);
  const Value& terms = affinity[key::preferredDuringSchedulingIgnoredDuringExecution];
  for (size_t i = 0; i < terms.size(); ++i) {
    auto item = c.at(i);
    weight(c, terms[i]);
    auto t = c.at(key::podAffinityTerm);
    podAffinityTerm(c, terms[i][key::podAffinityTerm]);
  }
}

void nodeAffinity(Check& c, const Value& affinity) {
  if (const Value* required = affinity.find(key::requiredDuringSchedulingIgnoredDuringExecution)) {
    auto s = c.at(key::requiredDuringSchedulingIgnoredDuringExecution);
    checkNodeSelector(c, *required);
  }
  auto s = c.at(key::preferredDuringSchedulingIgnoredDuringExecution);
  const Value& terms = affinity[key::preferredDuringSchedulingIgnoredDuringExecution];
  for (size_t i = 0; i < terms.size(); ++i) {
    auto item = c.at(i);
    weight(c, terms[i]);
    auto p = c.at(key::preference);
    nodeSelectorTerm(c, terms[i][key::preference], false);
  }
}
}  // namespace

void checkNodeSelector(Check& c, const Value& selector) {
  const Value& terms = selector[key::nodeSelectorTerms];
  auto s = c.at(key::nodeSelectorTerms);
  if (!terms.size()) c.required("must have at least one node selector term");
  for (size_t i = 0; i < terms.size(); ++i) {
    auto item = c.at(i);
    nodeSelectorTerm(c, terms[i], true);
  }
}

void checkAffinity(Check& c, const Value& affinity) {
  if (const Value* a = affinity.find(key::nodeAffinity)) {
    auto s = c.at(key::nodeAffinity);
    nodeAffinity(c, *a);
  }
  for (Key k : {Key(key::podAffinity), Key(key::podAntiAffinity)}) {
    const Value* a = affinity.find(k);
    if (!a) continue;
    auto s = c.at(k);
    podAffinity(c, *a);
  }
}

void checkTaintEffect(Check& c, std::string_view effect) {
  if (effect != "NoSchedule" && effect != "PreferNoSchedule" && effect != "NoExecute")
    c.notSupported(show(effect), {"NoSchedule", "PreferNoSchedule", "NoExecute"});
}

void checkTolerations(Check& c, const Value& tolerations) {
  for (size_t i = 0; i < tolerations.size(); ++i) {
    auto item = c.at(i);
    const Value& t = tolerations[i];
    const std::string_view k = textOf(t, key::key), op = textOf(t, key::operator_), effect = textOf(t, key::effect),
                           value = textOf(t, key::value);
    if (!k.empty()) {
      auto s = c.at(key::key);
      c.qualifiedName(k);
    } else if (op != "Exists") {
      c.invalid(key::operator_, op,
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
    }
    if (t.find(key::tolerationSeconds) && effect != "NoExecute")
      c.invalid(key::effect, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    if (op.empty() || op == "Equal") {
      if (!goodLabelValue(value)) {
        std::string all;
        for (const std::string& bad : isValidLabelValue(value)) all += (all.empty() ? "" : ";") + bad;
        c.invalid(key::operator_, value, all);
      }
    } else if (op == "Exists") {
      if (!value.empty()) c.invalid(key::operator_, value, "value must be empty when `operator` is 'Exists'");
    } else {
      auto s = c.at(key::operator_);
      if (op == "Lt" || op == "Gt")
        c.notSupported(show(op), {"Equal", "Exists", "Lt", "Gt"});
      else
        c.notSupported(show(op), {"Equal", "Exists"});
    }
    if (effect.empty()) continue;
    auto s = c.at(key::effect);
    checkTaintEffect(c, effect);
  }
}

void checkTopologySpread(Check& c, const Value& constraints) {
  for (size_t i = 0; i < constraints.size(); ++i) {
    auto item = c.at(i);
    const Value& t = constraints[i];
    const std::string_view topology = textOf(t, key::topologyKey), when = textOf(t, key::whenUnsatisfiable);
    if (t[key::maxSkew].asInt() <= 0) c.invalid(key::maxSkew, t[key::maxSkew], "must be greater than zero");
    if (topology.empty()) c.required(key::topologyKey, "can not be empty");
    if (when != "DoNotSchedule" && when != "ScheduleAnyway") {
      auto s = c.at(key::whenUnsatisfiable);
      c.notSupported(show(when), {"DoNotSchedule", "ScheduleAnyway"});
    }
    for (size_t j = i + 1; j < constraints.size(); ++j) {
      if (textOf(constraints[j], key::topologyKey) != topology ||
          textOf(constraints[j], key::whenUnsatisfiable) != when)
        continue;
      auto s = c.at("{topologyKey, whenUnsatisfiable}");
      c.duplicate("{" + std::string(topology) + ", " + std::string(when) + "}");
      break;
    }
    if (const Value* domains = t.find(key::minDomains)) {
      if (domains->asInt() <= 0) c.invalid(key::minDomains, *domains, "must be greater than zero");
      if (when != "DoNotSchedule")
        c.invalid(key::minDomains, *domains,
                  "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + std::string(when));
    }
    c.oneOf(t, key::nodeAffinityPolicy, {"Honor", "Ignore"}, false);
    c.oneOf(t, key::nodeTaintsPolicy, {"Honor", "Ignore"}, false);
    auto s = c.at(key::labelSelector);
    c.labelSelector(t[key::labelSelector]);
  }
}

}  // namespace apiserver
