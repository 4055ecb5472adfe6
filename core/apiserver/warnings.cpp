#include "core/apiserver/warnings.hpp"

#include <map>
#include <set>

#include "core/api/names.hpp"
#include "core/api/quantity.hpp"

namespace apiserver {
using namespace api;

namespace {
using enum api::Resource;
using Warnings = std::vector<std::string>;

std::string at(const std::string& path, size_t i) { return path + "[" + std::to_string(i) + "]"; }

void checkFraction(const Value& quantities, Key k, const std::string& path, Warnings& out) {
  const std::string_view text = quantities[k].asString();
  if (text.empty()) return;
  const Quantity q(text);
  if (q.milliValue() % 1000 != 0)
    out.push_back(path + "[" + std::string(k.text()) + "]: fractional byte value " + quote(toString(q)) +
                  " is invalid, must be an integer");
}

void checkEnv(const Value& env, const std::string& path, Warnings& out) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < env.size(); ++i) {
    const std::string_view name = env[i][key::name].asString(), value = env[i][key::value].asString();
    if (seen.insert(name).second) continue;
    const std::string reference = "$(" + std::string(name) + ")";
    if (!env[i][key::valueFrom].isNull() || value == reference || value.find(reference) == value.npos)
      out.push_back(at(path, i) + ": hides previous definition of " + quote(name) +
                    ", which may be dropped when using apply");
  }
}

struct Port {
  std::string path;
  std::string_view hostIP;
  int64_t hostPort;
};

struct Ports {
  std::map<std::string, std::vector<Port>> byNumber;
  std::map<std::string, std::string, std::less<>> byName;

  void check(const Value& container, const std::string& path, Warnings& out) {
    const Value& ports = container[key::ports];
    for (size_t i = 0; i < ports.size(); ++i) {
      const Value& p = ports[i];
      const Port port{at(path + ".ports", i), p[key::hostIP].asString(), p[key::hostPort].asInt()};
      const std::string number =
          std::to_string(p[key::containerPort].asInt()) + "/" + std::string(p[key::protocol].asString());
      for (const Port& other : byNumber[number]) {
        if (port.hostIP == other.hostIP && port.hostPort == other.hostPort) {
          out.push_back(port.path + ": duplicate port definition with " + other.path);
        } else if (port.hostPort == 0 || other.hostPort == 0) {
          out.push_back(port.path + ": overlapping port definition with " + other.path);
        } else if (port.hostPort == other.hostPort && port.hostIP.empty() != other.hostIP.empty()) {
          out.push_back(port.path + ": dangerously ambiguous port definition with " + other.path);
        }
      }
      byNumber[number].push_back(port);
    }
  }
  void checkNames(const Value& container, const std::string& path, Warnings& out) {
    const Value& ports = container[key::ports];
    for (size_t i = 0; i < ports.size(); ++i) {
      const std::string_view name = ports[i][key::name].asString();
      if (name.empty()) continue;
      const auto [it, fresh] = byName.emplace(std::string(name), at(path + ".ports", i));
      if (!fresh)
        out.push_back(at(path + ".ports", i) + ": duplicate port name " + quote(name) + " with " + it->second +
                      ", services and probes that select ports by name will use " + it->second);
    }
  }
};

void checkAffinity(const Value& terms, const std::string& path, bool weighted, Warnings& out) {
  for (size_t i = 0; i < terms.size(); ++i) {
    const Value& term = weighted ? terms[i][key::podAffinityTerm] : terms[i];
    if (term[key::labelSelector].isNull())
      out.push_back(at(path, i) + (weighted ? ".podAffinityTerm" : "") +
                    ".labelSelector: a null labelSelector results in matching no pod");
  }
}

template <class F>
void eachContainer(const Value& spec, const std::string& path, F&& f) {
  for (Key list : {Key(key::initContainers), Key(key::containers), Key(key::ephemeralContainers)}) {
    for (size_t i = 0; i < spec[list].size(); ++i) f(spec[list][i], at(path + "." + std::string(list.text()), i));
  }
}

/// Of imagePullSecrets. `path` is that of the spec.
void checkSecretNames(const Value& spec, const std::string& path, Warnings& out) {
  static const Key imagePullSecrets("imagePullSecrets");
  const Value& secrets = spec[imagePullSecrets];
  for (size_t i = 0; i < secrets.size(); ++i) {
    bool earlier = false;
    for (size_t j = 0; j < i; ++j) earlier = earlier || secrets[j][key::name] == secrets[i][key::name];
    if (earlier)
      out.push_back(at(path + ".imagePullSecrets", i) + ".name: duplicate name " +
                    quote(secrets[i][key::name].asString()));
  }
  for (size_t i = 0; i < secrets.size(); ++i) {
    if (secrets[i][key::name].asString().empty())
      out.push_back(at(path + ".imagePullSecrets", i) + ".name: invalid empty name \"\"");
  }
}

/// Models pkg/api/pod/warnings.go warningsForPodSpecAndMeta. `path` is that of the spec.
void checkPod(const Value& spec, const std::string& path, Warnings& out) {
  const Value& spread = spec[key::topologySpreadConstraints];
  for (size_t i = 0; i < spread.size(); ++i) {
    if (spread[i][key::labelSelector].isNull())
      out.push_back(at(path + ".topologySpreadConstraints", i) +
                    ".labelSelector: a null labelSelector results in matching no pod");
  }
  checkSecretNames(spec, path, out);
  eachContainer(spec, path, [&](const Value& c, const std::string& where) {
    for (Key k : {Key(key::memory), Key(key::ephemeralStorage)}) {
      checkFraction(c.get({key::resources, key::limits}), k, where + ".resources.limits", out);
      checkFraction(c.get({key::resources, key::requests}), k, where + ".resources.requests", out);
    }
    checkEnv(c[key::env], where + ".env", out);
  });
  Ports ports;
  eachContainer(spec, path, [&](const Value& c, const std::string& where) { ports.check(c, where, out); });
  eachContainer(spec, path, [&](const Value& c, const std::string& where) { ports.checkNames(c, where, out); });
  if (spec[key::terminationGracePeriodSeconds].asInt() < 0)
    out.push_back(path +
                  ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
  for (Key kind : {Key(key::podAffinity), Key(key::podAntiAffinity)}) {
    const Value& affinity = spec.get({key::affinity, kind});
    const std::string where = path + ".affinity." + std::string(kind.text());
    checkAffinity(affinity[key::requiredDuringSchedulingIgnoredDuringExecution],
                  where + ".requiredDuringSchedulingIgnoredDuringExecution", false, out);
    checkAffinity(affinity[key::preferredDuringSchedulingIgnoredDuringExecution],
                  where + ".preferredDuringSchedulingIgnoredDuringExecution", true, out);
  }
}

void checkName(const Value& object, std::string_view what, Warnings& out) {
  const Complaints complaints = isDNS1123Label(object.get({key::metadata, key::name}).asString());
  if (complaints.empty()) return;
  std::string all;
  for (const std::string& c : complaints) all += (all.empty() ? "" : " ") + c;
  out.push_back("metadata.name: this is used in " + std::string(what) +
                ", which can result in surprising behavior; a DNS label is recommended: [" + all + "]");
}

void checkClaim(const Value& spec, const std::string& path, Warnings& out) {
  checkFraction(spec.get({key::resources, key::requests}), key::storage, path + ".resources.requests", out);
  checkFraction(spec.get({key::resources, key::limits}), key::storage, path + ".resources.limits", out);
}

void checkService(const Value& service, Warnings& out) {
  const Value& spec = service[key::spec];
  const bool headless = spec[key::clusterIP].asString() == "None",
             external = spec[key::type].asString() == "ExternalName";
  if (headless) {
    if (!spec[key::loadBalancerIP].asString().empty())
      out.push_back("spec.loadBalancerIP is ignored for headless services");
    if (spec[key::externalIPs].size()) out.push_back("spec.externalIPs is ignored for headless services");
    if (spec[key::sessionAffinity].asString() != "None")
      out.push_back("spec.SessionAffinity is ignored for headless services");
  }
  if (spec[key::externalIPs].size() && !headless && !external)
    out.push_back("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  if (external && spec[key::externalIPs].size())
    out.push_back("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
  if (!external && !spec[key::externalName].asString().empty())
    out.push_back("spec.externalName is ignored when spec.type is not \"ExternalName\"");
  if (spec[key::trafficDistribution].asString() == "PreferClose")
    out.push_back("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
}

void checkStatefulSet(const Value& set, bool fresh, Warnings& out) {
  const Value& claims = set.get({key::spec, key::volumeClaimTemplates});
  for (size_t i = 0; i < claims.size(); ++i)
    checkClaim(claims[i][key::spec], at("spec.volumeClaimTemplates", i) + (fresh ? "" : ".Spec"), out);
  if (set.get({key::spec, key::revisionHistoryLimit}).asInt() < 0)
    out.push_back(
        "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
}
}  // namespace

std::vector<std::string> warningsOf(Resource r, const Value& object, const Value& old) {
  Warnings out;
  const bool fresh = old.isNull();
  const bool changed = !(object.get({key::metadata, key::generation}) == old.get({key::metadata, key::generation}));
  switch (r) {
    case pods:
      if (!fresh) break;
      checkName(object, "the Pod's hostname", out);
      checkPod(object[key::spec], "spec", out);
      break;
    case deployments:
    case replicasets:
      if (fresh) checkName(object, "Pod names and hostnames", out);
      [[fallthrough]];
    case daemonsets:
    case statefulsets:
      if (fresh || changed) checkPod(object.get({key::spec, key::template_, key::spec}), "spec.template.spec", out);
      if (r == statefulsets) checkStatefulSet(object, fresh, out);
      break;
    case persistentvolumeclaims: checkClaim(object[key::spec], "spec", out); break;
    case services: checkService(object, out); break;
    case persistentvolumes:
      if (object.get({key::spec, key::persistentVolumeReclaimPolicy}).asString() == "Recycle")
        out.push_back(
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended "
            "approach is to use dynamic provisioning.");
      break;
    default: break;
  }
  return out;
}

}  // namespace apiserver
