// The smaller kinds: Namespace, Node, ConfigMap, Secret, ServiceAccount, ControllerRevision,
// PodDisruptionBudget, Event, PriorityClass. Models pkg/apis/{core,apps,policy,scheduling}/validation.
#include "core/api/base64.hpp"
#include "core/apiserver/internal_types.hpp"
#include "core/apiserver/system_priority_classes.hpp"
#include "core/apiserver/validation_check.hpp"
#include "core/manifest/manifest.hpp"

namespace apiserver {
namespace {

using namespace api;

void taints(Check& c, const Value& all) {
  // Upstream puts them below metadata.
  auto m = c.at(key::metadata);
  auto s = c.at(key::taints);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    {
      auto k = c.at(key::key);
      c.qualifiedName(textOf(all[i], key::key));
    }
    if (const std::string_view v = textOf(all[i], key::value); !goodLabelValue(v)) {
      std::string text;
      for (const std::string& bad : isValidLabelValue(v)) text += (text.empty() ? "" : ";") + bad;
      c.invalid(key::value, v, text);
    }
    {
      auto e = c.at(key::effect);
      if (textOf(all[i], key::effect).empty())
        c.required();
      else
        checkTaintEffect(c, textOf(all[i], key::effect));
    }
    for (size_t j = 0; j < i; ++j) {
      if (!(all[j][key::key] == all[i][key::key]) || !(all[j][key::effect] == all[i][key::effect])) continue;
      const Value& t = all[i];
      c.add(ErrorType::Duplicate,
            "{\"Key\":" + show(textOf(t, key::key)) + ",\"Value\":" + show(textOf(t, key::value)) +
                ",\"Effect\":" + show(textOf(t, key::effect)) +
                ",\"TimeAdded\":" + (t.find(key::timeAdded) ? toJson(t[key::timeAdded]) : "null") + "}",
            "taints must be unique by key and effect pair");
      break;
    }
  }
}

size_t dataKeys(Check& c, const Value& object, Key k) {
  size_t total = 0;
  const Value& data = object[k];
  auto s = c.at(k);
  for (size_t i = 0; i < data.size(); ++i) {
    const std::string_view name = data.keyAt(i).text();
    total += data.values()[i].asString().size();
    const Complaints bad = isConfigMapKey(name);
    const bool twice = k == Key(key::data) && object[key::binaryData].find(data.keyAt(i));
    if (bad.empty() && !twice) continue;
    auto item = c.keyed(name);
    c.complain(name, bad);
    if (twice) c.invalidText(name, "duplicate of key present in binaryData");
  }
  return total;
}

void configMap(Check& c, const Value& object) {
  checkMetadata(c, object, true, NameRule::subdomain);
  const size_t total = dataKeys(c, object, key::data) + dataKeys(c, object, key::binaryData);
  if (total > 1024 * 1024) c.errors.push_back({ErrorType::TooLong, "", "", "may not be more than 1048576 bytes"});
}

void secret(Check& c, const Value& object) {
  checkMetadata(c, object, true, NameRule::subdomain);
  if (textOf(object, key::type) == "kubernetes.io/service-account-token") {
    constexpr std::string_view account = "kubernetes.io/service-account.name";
    auto m = c.at(key::metadata);
    auto a = c.at(key::annotations);
    auto n = c.keyed(account);
    const Value* name = object.get({key::metadata, key::annotations}).find(account);
    if (!name || name->asString().empty()) c.required();
  }
  const size_t total = dataKeys(c, object, key::data) * 3 / 4;
  auto s = c.at(key::data);
  if (total > 1024 * 1024) c.add(ErrorType::TooLong, "", "may not be more than 1048576 bytes");
  const Value& data = object[key::data];
  auto need = [&](std::string_view name) {
    if (data.find(name)) return;
    auto item = c.keyed(name);
    c.required();
  };
  auto needJson = [&](std::string_view name) {
    need(name);
    const Value* bytes = data.find(name);
    if (!bytes) return;
    std::string why;
    const Value config = manifest::parseJson(unbase64(bytes->asString()), why);
    auto item = c.keyed(name);
    const Kind kind = config.kind();
    const bool text = kind == Kind::String, list = kind == Kind::Array, boolean = kind == Kind::Bool;
    if (why.empty() && kind != Kind::Object && kind != Kind::Null)
      why = "json: cannot unmarshal " +
            std::string(text      ? "string"
                        : list    ? "array"
                        : boolean ? "bool"
                                  : "number") +
            " into Go value of type map[string]interface {}";
    if (!why.empty()) c.invalidText("<secret contents redacted>", why);
  };
  const std::string_view type = textOf(object, key::type);
  if (type == "kubernetes.io/dockercfg") needJson(".dockercfg");
  if (type == "kubernetes.io/dockerconfigjson") needJson(".dockerconfigjson");
  if (type == "kubernetes.io/ssh-auth" && data[Key("ssh-privatekey")].asString().empty()) {
    auto item = c.keyed("ssh-privatekey");
    c.required();
  }
  if (type == "kubernetes.io/tls") need("tls.crt"), need("tls.key");
  if (type == "kubernetes.io/basic-auth" && !data.find("username") && !data.find("password"))
    need("username"), need("password");
}

void immutableData(Check& c, const Value& object, const Value& old) {
  if (!old[key::immutable].asBool()) return;
  constexpr std::string_view why = "field is immutable when `immutable` is set";
  if (!object[key::immutable].asBool()) c.forbidden(key::immutable, why);
  for (Key k : {Key(key::data), Key(key::binaryData)}) {
    if (!(object[k] == old[k])) c.forbidden(k, why);
  }
}

void controllerRevision(Check& c, const Value& object) {
  checkMetadata(c, object, true, NameRule::subdomain);
  c.nonNegative(object, key::revision);
  const Value& data = object[key::data];
  if (data.isNull())
    c.required(key::data, "data is mandatory");
  else if (data.kind() != Kind::Object)
    c.required(key::data, "data must be a valid JSON object");
}

void disruptionBudget(Check& c, const Value& object) {
  checkMetadata(c, object, true, NameRule::segment);
  const Value& spec = object[key::spec];
  auto s = c.at(key::spec);
  if (spec.find(key::minAvailable) && spec.find(key::maxUnavailable)) {
    auto number = [](const Value& v) { return v.isNull() ? std::string("null") : show(v); };
    c.invalidShown("{\"MinAvailable\":" + number(spec[key::minAvailable]) +
                       ",\"Selector\":" + (spec.find(key::selector) ? toJson(spec[key::selector]) : "null") +
                       ",\"MaxUnavailable\":" + number(spec[key::maxUnavailable]) +
                       ",\"UnhealthyPodEvictionPolicy\":" + number(spec[key::unhealthyPodEvictionPolicy]) + "}",
                   "minAvailable and maxUnavailable cannot be both set");
  }
  for (Key k : {Key(key::minAvailable), Key(key::maxUnavailable)}) {
    const Value* v = spec.find(k);
    if (!v) continue;
    auto f = c.at(k);
    if (v->kind() != Kind::String) {
      if (v->asInt() < 0) c.invalid(*v, "must be greater than or equal to 0");
      continue;
    }
    const std::string_view text = v->asString();
    const Complaints bad = isValidPercent(text);
    c.complain(text, bad);
    if (bad.empty() && (text.size() > 4 || (text.size() == 4 && text != "100%")))
      c.invalid(*v, "must not be greater than 100%");
  }
  {
    auto l = c.at(key::selector);
    c.labelSelector(spec[key::selector]);
  }
  if (spec.find(key::unhealthyPodEvictionPolicy) && textOf(spec, key::unhealthyPodEvictionPolicy).empty()) {
    auto u = c.at(key::unhealthyPodEvictionPolicy);
    c.notSupported("\"\"", {"AlwaysAllow", "IfHealthyBudget"});
  }
  c.oneOf(spec, key::unhealthyPodEvictionPolicy, {"AlwaysAllow", "IfHealthyBudget"}, false);
}

void nameSpace(Check& c, const Value& object) {
  checkMetadata(c, object, false, NameRule::label);
  auto s = c.at(key::spec);
  auto f = c.at(key::finalizers);
  for (const Value& name : object.get({key::spec, key::finalizers}).values()) {
    c.qualifiedName(name.asString());
    if (name.asString().find('/') == std::string_view::npos && name.asString() != "kubernetes" &&
        name.asString() != "orphan" && name.asString() != "foregroundDeletion")
      c.invalid(name, "name is neither a standard finalizer name nor is it fully qualified");
  }
}

void event(Check& c, const Value& object) {
  checkMetadata(c, object, true, NameRule::segment);
  const Value& regarding = object[key::involvedObject];
  const std::string_view ns = object.get({key::metadata, key::namespace_}).asString(),
                         of = textOf(regarding, key::namespace_);
  const bool timed = !textOf(object, key::eventTime).empty();
  const bool fits = timed ? !of.empty() || ns == "default" || ns == "kube-system" : of == ns;
  if (!fits && (!of.empty() || ns != "default")) {
    auto s = c.at("involvedObject.namespace");
    c.invalid(of, "does not match event.namespace");
  }
  if (!timed) return;
  {
    auto s = c.at(key::reportingComponent);
    if (textOf(object, key::reportingComponent).empty()) c.required();
    c.qualifiedName(textOf(object, key::reportingComponent));
  }
  for (Key k : {Key(key::reportingInstance), Key(key::action), Key(key::reason)}) {
    if (textOf(object, k).empty()) c.required(k, "");
    if (textOf(object, k).size() > 128) c.invalid(k, Value(""), "can have at most 128 characters");
  }
}

/// Models pkg/apis/scheduling/v1/helpers.go IsKnownSystemPriorityClass: what is wrong with a class of such a name.
std::string notASystemClass(std::string_view name, int64_t value, bool globalDefault) {
  const std::string text(name);
  if (const SystemPriorityClass* known = findSystemPriorityClass(name)) {
    if (known->value != value) return "value of " + text + " PriorityClass must be " + std::to_string(known->value);
    return globalDefault ? "globalDefault of " + text + " PriorityClass must be false" : "";
  }
  return text + " is not a known system priority class";
}

void priorityClass(Check& c, const Value& object) {
  checkMetadata(c, object, false, NameRule::subdomain);
  const std::string_view name = object.get({key::metadata, key::name}).asString();
  const int64_t value = object[key::value].asInt();
  if (name.substr(0, 7) == "system-") {
    const std::string problem = notASystemClass(name, value, object[key::globalDefault].asBool());
    auto m = c.at(key::metadata);
    if (!problem.empty())
      c.forbidden(key::name,
                  "priority class names with 'system-' prefix are reserved for system use only. error: " + problem);
  } else if (value > 1000000000) {
    c.forbidden(key::value, "maximum allowed value of a user defined priority is 1000000000");
  }
  auto p = c.at(key::preemptionPolicy);
  const std::string_view policy = textOf(object, key::preemptionPolicy);
  if (policy.empty()) c.required();
  if (!policy.empty() && policy != "Never" && policy != "PreemptLowerPriority")
    c.notSupported(show(policy), {"PreemptLowerPriority", "Never"});
}

void priorityClassUpdate(Check& c, const Value& object, const Value& old) {
  if (object[key::value].asInt() != old[key::value].asInt())
    c.forbidden(key::value, "may not be changed in an update.");
  auto p = c.at(key::preemptionPolicy);
  c.immutable(object[key::preemptionPolicy], old[key::preemptionPolicy]);
}

/// A node's addresses for its pods: at most one of each family.
void podRanges(Check& c, const Value& ranges) {
  auto s = c.at(key::spec);
  auto r = c.at(key::podCIDRs);
  int families[2] = {0, 0};
  for (size_t i = 0; i < ranges.size(); ++i) {
    auto item = c.at(i);
    checkLegacyCidr(c, ranges[i].asString());
    ++families[ranges[i].asString().find(':') != std::string_view::npos];
  }
  if (families[0] > 1 || families[1] > 1) c.invalid(ranges, "may specify no more than one CIDR for each IP family");
}

void nodeAddresses(Check& c, const Value& addresses) {
  auto s = c.at(key::status);
  auto a = c.at(key::addresses);
  for (size_t i = 0; i < addresses.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!(addresses[i] == addresses[j])) continue;
      auto item = c.at(i);
      c.add(ErrorType::Duplicate, "{\"Type\":" + show(textOf(addresses[i], key::type)) +
                                      ",\"Address\":" + show(textOf(addresses[i], key::address)) + "}");
      break;
    }
  }
}

/// Models ValidateNodeUpdate.
void nodeUpdate(Check& c, const Value& object, const Value& old) {
  const Value &now = object[key::spec], &before = old[key::spec];
  const Value &ranges = now[key::podCIDRs], &had = before[key::podCIDRs];
  nodeAddresses(c, object.get({key::status, key::addresses}));
  {
    auto s = c.at(key::spec);
    for (size_t i = 0; i < had.size(); ++i) {
      const bool other = ranges.size() != had.size();
      if (!other && ranges[i] == had[i]) continue;
      c.forbidden(key::podCIDRs, "node updates may not change podCIDR except from \"\" to valid");
      if (other) break;
    }
    const std::string_view id = textOf(now, key::providerID), was = textOf(before, key::providerID);
    if (!was.empty() && id != was)
      c.invalid(key::providerID, Value(),
                id.empty() ? "field cannot be cleared once set" : "field cannot be modified once set");
  }
  taints(c, now[key::taints]);
}
}  // namespace

void checkOther(Check& c, Resource resource, const Value& object) {
  switch (resource) {
    case Resource::namespaces: return nameSpace(c, object);
    case Resource::nodes:
      checkMetadata(c, object, false, NameRule::subdomain);
      taints(c, object.get({key::spec, key::taints}));
      return podRanges(c, object.get({key::spec, key::podCIDRs}));
    case Resource::configmaps: return configMap(c, object);
    case Resource::secrets: return secret(c, object);
    case Resource::controllerrevisions: return controllerRevision(c, object);
    case Resource::poddisruptionbudgets: return disruptionBudget(c, object);
    case Resource::endpointslices: return checkEndpointSlice(c, object, Value());
    case Resource::events: return event(c, object);
    case Resource::priorityclasses: return priorityClass(c, object);
    default: return checkMetadata(c, object, true, NameRule::subdomain);
  }
}

void checkOtherUpdate(Check& c, Resource resource, const Value& object, const Value& old,
                      std::string_view subresource) {
  checkMetadataUpdate(c, object, old);
  if (resource == Resource::nodes) {
    podRanges(c, object.get({key::spec, key::podCIDRs}));
    return nodeUpdate(c, object, old);
  }
  if (resource == Resource::poddisruptionbudgets && subresource == "status") {
    auto s = c.at(key::status);
    for (Key k :
         {Key(key::disruptionsAllowed), Key(key::currentHealthy), Key(key::desiredHealthy), Key(key::expectedPods)})
      c.nonNegative(object[key::status], k);
  }
  if (!subresource.empty()) return;
  switch (resource) {
    case Resource::configmaps: immutableData(c, object, old); return configMap(c, object);
    case Resource::secrets: {
      auto t = c.at(key::type);
      c.immutable(object[key::type], old[key::type]);
    }
      immutableData(c, object, old);
      return secret(c, object);
    case Resource::controllerrevisions: {
      controllerRevision(c, object);
      auto d = c.at(key::data);
      return c.immutable(object[key::data], old[key::data]);
    }
    case Resource::poddisruptionbudgets: return disruptionBudget(c, object);
    case Resource::endpointslices: return checkEndpointSlice(c, object, old);
    case Resource::priorityclasses: return priorityClassUpdate(c, object, old);
    default: return;
  }
}

}  // namespace apiserver
