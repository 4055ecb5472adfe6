// The rules that all kinds share. Models apimachinery pkg/apis/meta/v1/validation and pkg/apis/core/validation's
// helpers.
#include "core/apiserver/validation_check.hpp"

#include "core/api/selector.hpp"

namespace apiserver {

using namespace api;

std::string show(const Value& v) { return v.kind() == Kind::String ? quote(v.asString()) : toJson(v); }

void Check::notSupported(std::string shown, Supported values) {
  std::string detail = "supported values: ";
  bool first = true;
  for (std::string_view v : values) {
    detail += (first ? "" : ", ") + quote(v);
    first = false;
  }
  add(ErrorType::NotSupported, std::move(shown), values.size() ? detail : "");
}

void Check::nonNegative(const Value& parent, Key k) {
  const Value* v = parent.find(k);
  if (v && v->asInt() < 0) invalid(k, *v, "must be greater than or equal to 0");
}

void Check::oneOf(const Value& parent, Key k, Supported values, bool whenEmpty) {
  const std::string_view v = textOf(parent, k);
  for (std::string_view good : values) {
    if (v == good) return;
  }
  if (v.empty() && !whenEmpty) return;
  auto s = at(k);
  if (v.empty())
    required();
  else
    notSupported(show(v), values);
}

void Check::labels(const Value& map) {
  for (size_t i = 0; i < map.size(); ++i) {
    qualifiedName(map.keyAt(i).text());
    labelValue(map.values()[i].asString());
  }
}

// Models apimachinery pkg/api/validation ValidateAnnotations.
void Check::annotations(const Value& map) {
  size_t total = 0;
  for (size_t i = 0; i < map.size(); ++i) {
    const std::string_view k = map.keyAt(i).text();
    total += k.size() + map.values()[i].asString().size();
    if (goodLabelKey(k)) continue;
    std::string lower(k);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    complain(k, isQualifiedName(lower));
  }
  if (total > 256 * 1024) add(ErrorType::TooLong, "", "may not be more than 262144 bytes");
}

void Check::labelSelector(const Value& selector) {
  if (selector.isNull()) return;
  {
    auto s = at(key::matchLabels);
    labels(selector[key::matchLabels]);
  }
  auto s = at(key::matchExpressions);
  const Value& all = selector[key::matchExpressions];
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = at(i);
    const std::string_view op = textOf(all[i], key::operator_);
    const Value& values = all[i][key::values];
    if (op == "In" || op == "NotIn") {
      if (!values.size()) required(key::values, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (op == "Exists" || op == "DoesNotExist") {
      if (values.size()) forbidden(key::values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else {
      invalid(key::operator_, op, "not a valid selector operator");
    }
    {
      auto k = at(key::key);
      qualifiedName(textOf(all[i], key::key));
    }
    auto v = at(key::values);
    for (size_t j = 0; j < values.size(); ++j) {
      auto index = at(j);
      labelValue(values[j].asString());
    }
  }
}

void Check::portNumberOrName(const Value& port) {
  if (port.kind() == Kind::String) return complain(port.asString(), isValidPortName(port.asString()));
  for (const std::string& c : isValidPortNum(port.asInt())) invalid(Value(port.asInt()), c);
}

void Check::immutable(const Value& now, const Value& before) {
  if (!(now == before)) immutable(now, before, show(now));
}
void Check::immutable(const Value& now, const Value& before, std::string shown) {
  if (!(now == before)) invalidShown(std::move(shown), "field is immutable");
}

void checkLegacyIP(Check& c, std::string_view ip) { c.complain(ip, isValidIPv4OrIPv6(ip)); }

// ---- metadata: apimachinery pkg/api/validation/objectmeta.go

static Complaints nameComplaints(std::string_view name, NameRule rule, bool prefix) {
  std::string masked(name);
  if (prefix && masked.size() > 1 && masked.back() == '-') masked.back() = 'a';
  switch (rule) {
    case NameRule::subdomain: return isDNS1123Subdomain(masked);
    case NameRule::label: return isDNS1123Label(masked);
    case NameRule::label1035: return isDNS1035Label(masked);
    case NameRule::segment: break;
  }
  Complaints out;
  if (!prefix && (name == "." || name == "..")) out.push_back("may not be '" + std::string(name) + "'");
  for (std::string_view bad : {"/", "%"}) {
    if (name.find(bad) != name.npos) out.push_back("may not contain '" + std::string(bad) + "'");
  }
  return out;
}

static bool goodName(std::string_view name, NameRule rule) {
  return rule == NameRule::label       ? goodDNS1123Label(name)
         : rule == NameRule::subdomain ? goodDNS1123Subdomain(name)
                                       : nameComplaints(name, rule, false).empty();
}

/// An owner reference as Go's JSON has it: members in the order of the struct.
static std::string ownerAsGo(const Value& owner) {
  std::string out = "{";
  for (Key k : {Key(key::apiVersion), Key(key::kind), Key(key::name), Key(key::uid), Key(key::controller),
                Key(key::blockOwnerDeletion)}) {
    if (!owner[k].isNull()) out += show(k.text()) + ":" + show(owner[k]) + ",";
  }
  out.back() = '}';
  return out;
}

static std::string ownersAsGo(const Value& owners) {
  std::string out = "[";
  for (const Value& owner : owners.values()) out += (out.size() > 1 ? "," : "") + ownerAsGo(owner);
  return out + "]";
}

static void checkOwners(Check& c, const Value& owners) {
  auto s = c.at(key::ownerReferences);
  std::string controller;
  for (size_t i = 0; i < owners.size(); ++i) {
    const Value& owner = owners[i];
    {
      auto item = c.at(i);
      for (Key k : {Key(key::apiVersion), Key(key::kind), Key(key::name), Key(key::uid)}) {
        if (textOf(owner, k).empty()) c.required(k, "must not be empty");
      }
      if (textOf(owner, key::apiVersion) == "v1" && textOf(owner, key::kind) == "Event")
        c.invalidShown(ownerAsGo(owner), "/v1, Kind=Event is disallowed from being an owner");
    }
    if (!owner[key::controller].asBool()) continue;
    const std::string name = std::string(textOf(owner, key::kind)) + "/" + std::string(textOf(owner, key::name));
    if (!controller.empty())
      c.invalidShown(ownersAsGo(owners),
                     "Only one reference can have Controller set to true. Found \"true\" in references for " +
                         controller + " and " + name);
    else
      controller = name;
  }
}

static void checkFinalizers(Check& c, const Value& finalizers) {
  auto s = c.at(key::finalizers);
  bool orphan = false, foreground = false;
  for (const Value& f : finalizers.values()) {
    c.qualifiedName(f.asString());
    orphan |= f.asString() == "orphan";
    foreground |= f.asString() == "foregroundDeletion";
  }
  if (orphan && foreground) c.invalid(finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
}

/// What creation and update have in common.
static void checkAccessors(Check& c, const Value& meta) {
  {
    auto s = c.at(key::labels);
    c.labels(meta[key::labels]);
  }
  {
    auto s = c.at(key::annotations);
    c.annotations(meta[key::annotations]);
  }
  checkOwners(c, meta[key::ownerReferences]);
  checkFinalizers(c, meta[key::finalizers]);
}

/// Models pkg/apis/core/validation validateKubeFinalizerName: a name without a domain must be one of Kubernetes' own.
static void finalizerNames(Check& c, const Value& meta) {
  auto f = c.at(key::finalizers);
  const Value& finalizers = meta[key::finalizers];
  for (size_t i = 0; i < finalizers.size(); ++i) {
    const std::string_view one = finalizers[i].asString();
    if (one.find('/') != one.npos || one == "kubernetes" || one == "orphan" || one == "foregroundDeletion") continue;
    auto item = c.at(i);
    c.invalid(finalizers[i], "name is neither a standard finalizer name nor is it fully qualified");
  }
}

void checkMetadata(Check& c, const Value& object, bool namespaced, NameRule rule) {
  const Value& meta = object[key::metadata];
  auto s = c.at(key::metadata);
  const std::string_view name = textOf(meta, key::name), generateName = textOf(meta, key::generateName);
  if (!generateName.empty() && !goodName(generateName, rule)) {
    auto g = c.at(key::generateName);
    c.complain(generateName, nameComplaints(generateName, rule, true));
  }
  if (name.empty()) {
    c.required(key::name, "name or generateName is required");
  } else if (!goodName(name, rule)) {
    auto n = c.at(key::name);
    c.complain(name, nameComplaints(name, rule, false));
  }
  const std::string_view ns = textOf(meta, key::namespace_);
  if (namespaced && ns.empty())
    c.required(key::namespace_, "");
  else if (namespaced) {
    auto n = c.at(key::namespace_);
    c.dnsLabel(ns);
  } else if (!ns.empty()) {
    c.forbidden(key::namespace_, "not allowed on this type");
  }
  if (meta[key::generation].asInt() < 0)
    c.invalid(key::generation, meta[key::generation], "must be greater than or equal to 0");
  checkAccessors(c, meta);
  finalizerNames(c, meta);
}

void checkMetadataUpdate(Check& c, const Value& object, const Value& old) {
  const Value &meta = object[key::metadata], &before = old[key::metadata];
  if (meta.same(before)) return;
  auto s = c.at(key::metadata);
  // A deletion's timestamp and grace period cannot be changed by an update.
  if (!before[key::deletionTimestamp].isNull()) {
    std::string added;
    for (const Value& f : meta[key::finalizers].values()) {
      bool had = false;
      for (const Value& b : before[key::finalizers].values()) had |= b == f;
      if (!had) added += (added.empty() ? "" : ", ") + quote(f.asString());
    }
    if (!added.empty())
      c.forbidden(key::finalizers,
                  "no new finalizers can be added if the object is being deleted, found new finalizers []string{" +
                      added + "}");
  }
  if (textOf(meta, key::resourceVersion).empty())
    c.invalid(key::resourceVersion, meta[key::resourceVersion].isNull() ? Value("") : meta[key::resourceVersion],
              "must be specified for an update");
  if (meta[key::generation].asInt() < before[key::generation].asInt())
    c.invalid(key::generation, meta[key::generation], "must not be decremented");
  for (Key k : {Key(key::name), Key(key::namespace_), Key(key::uid), Key(key::creationTimestamp),
                Key(key::deletionTimestamp)}) {
    auto f = c.at(k);
    c.immutable(meta[k], before[k]);
  }
  checkAccessors(c, meta);
  finalizerNames(c, meta);
}

}  // namespace apiserver
