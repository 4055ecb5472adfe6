// Environment variables and what they refer to. Models pkg/apis/core/validation ValidateEnv and what it calls.
#include <algorithm>

#include "core/apiserver/validation_check.hpp"

namespace apiserver {
using namespace api;

namespace {
const Supported envPaths = {
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs",     "status.podIP", "status.podIPs"};
const Supported knownPaths = {
    "metadata.name",      "metadata.namespace", "metadata.uid",       "metadata.annotations",
    "metadata.labels",    "spec.nodeName",      "spec.restartPolicy", "spec.serviceAccountName",
    "spec.schedulerName", "status.phase",       "status.hostIP",      "status.hostIPs",
    "status.podIP",       "status.podIPs"};
const Supported resourcePaths = {"limits.cpu",   "limits.ephemeral-storage",   "limits.memory",
                                 "requests.cpu", "requests.ephemeral-storage", "requests.memory"};

bool has(Supported all, std::string_view v) { return std::find(all.begin(), all.end(), v) != all.end(); }
}  // namespace

void checkFieldRef(Check& c, const Value& ref, Supported paths) {
  auto s = c.at(key::fieldRef);
  const std::string_view version = textOf(ref, key::apiVersion), path = textOf(ref, key::fieldPath);
  if (version.empty()) return c.required(key::apiVersion, "");
  if (path.empty()) return c.required(key::fieldPath, "");
  if (version != "v1")
    return c.invalid(key::fieldPath, path,
                     "error converting fieldPath: unsupported pod version: " + std::string(version));
  const size_t bracket = path.find("['");
  const bool subscript = bracket != path.npos && path.size() > bracket + 3 && path.substr(path.size() - 2) == "']";
  const std::string_view base = path.substr(0, subscript ? bracket : path.npos);
  const bool annotations = base == "metadata.annotations", maps = annotations || base == "metadata.labels";
  const std::string_view inner = path == "spec.host" ? "spec.nodeName" : path;
  if (subscript ? !maps : !has(knownPaths, inner))
    return c.invalid(key::fieldPath, path,
                     "error converting fieldPath: field label not supported: " + std::string(path));
  if (subscript) {
    std::string name(path.substr(bracket + 2, path.size() - bracket - 4));
    if (annotations) {
      for (char& ch : name) ch = ch >= 'A' && ch <= 'Z' ? char(ch + 'a' - 'A') : ch;
    }
    return c.qualifiedName(name);
  }
  if (has(paths, inner)) return;
  auto f = c.at(key::fieldPath);
  c.notSupported(show(inner), paths);
}

void checkResourceFieldRef(Check& c, const Value& ref, bool volume) {
  auto s = c.at(key::resourceFieldRef);
  const std::string_view r = textOf(ref, key::resource);
  const bool huge = r.substr(0, 19) == "requests.hugepages-" || r.substr(0, 17) == "limits.hugepages-";
  if (volume && textOf(ref, key::containerName).empty()) {
    c.required(key::containerName, "");
  } else if (r.empty()) {
    c.required(key::resource, "");
  } else if (!huge && !has(resourcePaths, r)) {
    auto f = c.at(key::resource);
    c.notSupported(show(r), resourcePaths);
  }
  const Quantity divisor(textOf(ref, key::divisor));
  const std::string_view what = r.substr(std::min(r.find('.'), r.size() - 1) + 1);
  if (divisor.isZero() || (!huge && !has(resourcePaths, r))) return;
  static const Supported amounts = {"1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"};
  if (what == "cpu" ? has({"1m", "1"}, toString(divisor)) : has(amounts, toString(divisor))) return;
  if (what == "cpu")
    return c.invalid(key::divisor, r, "only divisor's values 1m and 1 are supported with the cpu resource");
  c.invalid(key::divisor, r,
            "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the " +
                std::string(huge               ? "hugepages"
                            : what == "memory" ? "memory"
                                               : "local ephemeral storage") +
                " resource");
}

namespace {
void keyRef(Check& c, Key k, const Value& ref) {
  auto s = c.at(k);
  {
    auto n = c.at(key::name);
    c.dnsSubdomain(textOf(ref, key::name));
  }
  const std::string_view name = textOf(ref, key::key);
  if (name.empty()) return c.required(key::key, "");
  auto f = c.at(key::key);
  c.complain(name, isConfigMapKey(name));
}

void valueFrom(Check& c, const Value& env) {
  const Value* from = env.find(key::valueFrom);
  if (!from) return;
  auto s = c.at(key::valueFrom);
  int sources = 0;
  for (Key k : {Key(key::fieldRef), Key(key::resourceFieldRef), Key(key::configMapKeyRef), Key(key::secretKeyRef),
                Key(key::fileKeyRef)}) {
    const Value* ref = from->find(k);
    if (!ref) continue;
    ++sources;
    if (k == Key(key::fieldRef))
      checkFieldRef(c, *ref, envPaths);
    else if (k == Key(key::resourceFieldRef))
      checkResourceFieldRef(c, *ref, false);
    else if (k != Key(key::fileKeyRef))
      keyRef(c, k, *ref);
  }
  if (!sources)
    c.invalid("",
              "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
  else if (!textOf(env, key::value).empty())
    c.invalid("", "may not be specified when `value` is not empty");
  else if (sources > 1)
    c.invalid("", "may not have more than one field specified at a time");
}
}  // namespace

void checkEnv(Check& c, const Value& all) {
  auto s = c.at(key::env);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    const std::string_view name = textOf(all[i], key::name);
    if (name.empty()) {
      c.required(key::name, "");
    } else {
      auto n = c.at(key::name);
      c.complain(name, isRelaxedEnvVarName(name));
    }
    valueFrom(c, all[i]);
  }
}

void checkEnvFrom(Check& c, const Value& all) {
  auto s = c.at(key::envFrom);
  for (size_t i = 0; i < all.size(); ++i) {
    int sources = 0;
    {
      auto item = c.at(i);
      if (const std::string_view prefix = textOf(all[i], key::prefix); !prefix.empty()) {
        auto p = c.at(key::prefix);
        c.complain(prefix, isRelaxedEnvVarName(prefix));
      }
      for (Key k : {Key(key::configMapRef), Key(key::secretRef)}) {
        const Value* ref = all[i].find(k);
        if (!ref) continue;
        ++sources;
        auto r = c.at(k);
        const std::string_view name = textOf(*ref, key::name);
        if (name.empty()) {
          c.required(key::name, "");
        } else {
          auto n = c.at(key::name);
          c.dnsSubdomain(name);
        }
      }
    }
    if (!sources)
      c.invalid("", "must specify one of: `configMapRef` or `secretRef`");
    else if (sources > 1)
      c.invalid("", "may not have more than one field specified at a time");
  }
}

}  // namespace apiserver
