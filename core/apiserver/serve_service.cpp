// A Service's addresses and ports: given out, kept, given back. What is taken follows from the stored Services, so
// there is no allocator to keep. Models pkg/registry/core/service/storage/{alloc,storage}.go and strategy.go
// dropTypeDependentFields (v1.37), for one IPv4 range. NOT MODELLED: IPv6 addresses.
#include <algorithm>
#include <set>

#include "core/apiserver/serving.hpp"
#include "core/apiserver/strategy.hpp"

namespace apiserver {
using namespace api;

namespace {
constexpr uint32_t rangeStart = 10u << 24 | 96u << 16, rangeSize = 1u << 20;  // 10.96.0.0/12
constexpr int64_t firstPort = 30000, lastPort = 32767;

std::string_view typeOf(const Value& s) { return s.get({key::spec, key::type}).asString(); }
bool needsClusterIP(const Value& s) { return typeOf(s) != "ExternalName"; }
bool needsNodePort(const Value& s) {
  if (typeOf(s) == "NodePort") return true;
  const Value& allocate = s.get({key::spec, key::allocateLoadBalancerNodePorts});
  return typeOf(s) == "LoadBalancer" && (allocate.isNull() || allocate.asBool());
}

bool needsHealthCheck(const Value& s) {
  return typeOf(s) == "LoadBalancer" && s.get({key::spec, key::externalTrafficPolicy}).asString() == "Local";
}

std::string addressText(uint32_t a) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += (out.empty() ? "" : ".") + std::to_string(a >> shift & 255);
  return out;
}
bool parseAddress(std::string_view text, uint32_t& out) {
  out = 0;
  int parts = 0;
  while (parts < 4) {
    uint32_t part = 0;
    size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 3)
      part = part * 10 + uint32_t(text[digits++] - '0');
    if (!digits || part > 255) return false;
    out = out << 8 | part;
    text.remove_prefix(digits);
    if (++parts < 4) {
      if (text.empty() || text[0] != '.') return false;
      text.remove_prefix(1);
    }
  }
  return text.empty();
}

struct Taken {
  std::set<std::string, std::less<>> addresses;
  std::set<int64_t> ports;
};
/// What the Services but `except` hold.
Taken takenBy(const store::Objects& objects, std::string_view except) {
  Taken taken;
  objects.each(Resource::services, {}, [&](const Value& s) {
    if (s.get({key::metadata, key::uid}).asString() == except) return;
    for (const Value& ip : s.get({key::spec, key::clusterIPs}).values()) taken.addresses.emplace(ip.asString());
    for (const Value& p : s.get({key::spec, key::ports}).values()) {
      if (p[key::nodePort].asInt()) taken.ports.insert(p[key::nodePort].asInt());
    }
  });
  return taken;
}

/// What a client that writes the whole Service may leave out. Models patchAllocatedValues.
void keepAllocated(Value& s, const Value& old) {
  if (needsClusterIP(old) && needsClusterIP(s)) {
    if (s.get({key::spec, key::clusterIP}).asString().empty())
      s.set({key::spec, key::clusterIP}, old.get({key::spec, key::clusterIP}));
    if (s.get({key::spec, key::clusterIPs}).size() == 0)
      s.set({key::spec, key::clusterIPs}, old.get({key::spec, key::clusterIPs}));
  }
  const Value& health = old.get({key::spec, key::healthCheckNodePort});
  if (needsHealthCheck(old) && needsHealthCheck(s) && s.get({key::spec, key::healthCheckNodePort}).isNull())
    s.set({key::spec, key::healthCheckNodePort}, health);
  if (!needsNodePort(old) || !needsNodePort(s)) return;
  std::set<int64_t> used;
  for (const Value& p : s.get({key::spec, key::ports}).values()) used.insert(p[key::nodePort].asInt());
  for (size_t i = 0; i < s.get({key::spec, key::ports}).size(); ++i) {
    const Value port = s.get({key::spec, key::ports})[i];
    if (port[key::nodePort].asInt()) continue;
    for (const Value& p : old.get({key::spec, key::ports}).values()) {
      if (p[key::name] == port[key::name] && p[key::nodePort].asInt() && !used.count(p[key::nodePort].asInt()))
        s.set({key::spec, key::ports, Step::index(i), key::nodePort}, p[key::nodePort]);
    }
  }
}

/// clusterIP and clusterIPs[0] are the same thing. Models normalizeClusterIPs.
void normalizeAddresses(Value& s, const Value& old) {
  const Value &ip = s.get({key::spec, key::clusterIP}), &ips = s.get({key::spec, key::clusterIPs});
  if (old.isNull()) {
    if (!ip.asString().empty() && ips.size() == 0) s.set({key::spec, key::clusterIPs}, Value::array({ip}));
    return;
  }
  const bool changed = !(ip == old.get({key::spec, key::clusterIP}));
  if (!changed || !(ips == old.get({key::spec, key::clusterIPs}))) return;
  if (ip.asString().empty()) {
    s.erase({key::spec, key::clusterIPs});
  } else {
    s.set({key::spec, key::clusterIPs}, Value::array({ip}));
  }
}

/// Models initIPFamilyFields for a cluster with IPv4 only.
void initFamilies(Value& s, const Value& old) {
  const bool headless = s.get({key::spec, key::clusterIP}).asString() == "None";
  const bool bare = headless && s.get({key::spec, key::selector}).size() == 0;
  if (s.get({key::spec, key::ipFamilyPolicy}).isNull()) {
    const Value& before = old.get({key::spec, key::ipFamilyPolicy});
    s.set({key::spec, key::ipFamilyPolicy},
          !before.isNull() ? before : Value(bare ? "RequireDualStack" : "SingleStack"));
  }
  if (s.get({key::spec, key::ipFamilies}).size() == 0) s.set({key::spec, key::ipFamilies}, Value::array({"IPv4"}));
  const Value families = s.get({key::spec, key::ipFamilies});
  if (bare && families.size() < 2 && s.get({key::spec, key::ipFamilyPolicy}).asString() != "SingleStack") {
    Value both = families;
    both.append(families[0].asString() == "IPv4" ? "IPv6" : "IPv4");
    s.set({key::spec, key::ipFamilies}, std::move(both));
  }
}

Response refusal(const Value& s, std::string field, std::string value, std::string detail) {
  return refuse(invalid(Resource::services, s.get({key::metadata, key::name}).asString(),
                        {{ErrorType::Invalid, std::move(field), std::move(value), std::move(detail)}}));
}

/// Only IPv4 is there; `given`: how many families were named. Models the checks of initIPFamilyFields.
Response checkFamilies(const Value& s, size_t given) {
  const bool bare =
      s.get({key::spec, key::clusterIP}).asString() == "None" && s.get({key::spec, key::selector}).size() == 0;
  ErrorList errors;
  const Value& policy = s.get({key::spec, key::ipFamilyPolicy});
  const Value& addresses = s.get({key::spec, key::clusterIPs});
  const auto several = [&](const Value& list, std::string_view what) {
    if (policy.asString() == "SingleStack" && list.size() == 2)
      errors.push_back(
          {ErrorType::Invalid, "spec.ipFamilyPolicy", toJson(policy),
           "must be 'RequireDualStack' or 'PreferDualStack' when multiple " + std::string(what) + " are specified"});
  };
  several(addresses, "cluster IPs");
  several(s.get({key::spec, key::ipFamilies}), "IP families");
  for (size_t i = given; i < addresses.size(); ++i) {
    if (addresses[i].asString().find(':') != std::string_view::npos)
      errors.push_back({ErrorType::Invalid, "spec.clusterIPs[" + std::to_string(i) + "]", toJson(addresses),
                        "IPv6 is not configured on this cluster"});
  }
  if (!errors.empty()) return refuse(invalid(Resource::services, s.get({key::metadata, key::name}).asString(), errors));
  if (bare) return {};
  if (policy.asString() == "RequireDualStack")
    errors.push_back({ErrorType::Invalid, "spec.ipFamilyPolicy", toJson(policy),
                      "this cluster is not configured for dual-stack services"});
  const Value& families = s.get({key::spec, key::ipFamilies});
  for (size_t i = 0; i < families.size(); ++i) {
    if (families[i].asString() != "IPv4")
      errors.push_back({ErrorType::Invalid, "spec.ipFamilies[" + std::to_string(i) + "]", toJson(families[i]),
                        "not configured on this cluster"});
  }
  if (errors.empty()) return {};
  return refuse(invalid(Resource::services, s.get({key::metadata, key::name}).asString(), errors));
}

/// A dry run asks the range itself; otherwise no allocator is found for an address outside of it.
Response checkAddress(const Value& s, const Taken& taken, bool dryRun) {
  const Value& ips = s.get({key::spec, key::clusterIPs});
  const std::string ip(ips[0].asString());
  uint32_t address = 0;
  if (!parseAddress(ip, address)) return {};  // validation says what is wrong
  std::string detail;
  if (address - rangeStart >= rangeSize) {
    detail = dryRun ? "the provided IP (" + ip + ") is not in the valid range. The range of valid IPs is 10.96.0.0/12"
                    : "the provided network does not match the current range";
  } else if (taken.addresses.count(ip)) {
    detail = "provided IP is already allocated";
  } else {
    return {};
  }
  return refusal(s, "spec.clusterIPs", toJson(ips), "failed to allocate IP " + ip + ": " + detail);
}

/// The first node port that one of the first `count` ports with this number has. Protocols share it.
int64_t nodePortOf(const Value& ports, const Value& number, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (ports[i][key::port] == number && ports[i][key::nodePort].asInt()) return ports[i][key::nodePort].asInt();
  }
  return 0;
}

/// A dry run does not look at the range.
Response checkPort(const Value& s, size_t i, int64_t port, const std::set<int64_t>& taken, bool dryRun) {
  std::string detail;
  if (!dryRun && (port < firstPort || port > lastPort)) {
    detail = "provided port is not in the valid range. The range of valid ports is 30000-32767";
  } else if (taken.count(port)) {
    detail = "provided port is already allocated";
  } else {
    return {};
  }
  return refusal(s, "spec.ports[" + std::to_string(i) + "].nodePort", std::to_string(port), detail);
}
}  // namespace

Response Serving::allocateService(Value& s, const Value& old) {
  if (!old.isNull()) keepAllocated(s, old);
  normalizeAddresses(s, old);
  const Taken taken = takenBy(server.objects(), old.get({key::metadata, key::uid}).asString());
  if (needsClusterIP(s)) {
    if (const ErrorList errors = validateAddresses(s); !errors.empty())
      return refuse(invalid(Resource::services, s.get({key::metadata, key::name}).asString(), errors));
    const size_t given = s.get({key::spec, key::ipFamilies}).size();
    initFamilies(s, old);
    if (Response refused = checkFamilies(s, given); !refused.ok()) return refused;
    if (s.get({key::spec, key::clusterIP}).asString().empty()) {
      std::string ip = addressText(rangeStart);  // what a dry run shows
      while (!request.dryRun && (ip == addressText(rangeStart) || taken.addresses.count(ip)))
        ip = addressText(rangeStart + 1 + uint32_t(server.random() % (rangeSize - 2)));
      s.set({key::spec, key::clusterIP}, ip);
      s.set({key::spec, key::clusterIPs}, Value::array({Value(ip)}));
    } else if (old.get({key::spec, key::clusterIP}).asString().empty() &&
               s.get({key::spec, key::clusterIP}).asString() != "None") {  // one that there was is kept, or refused
      if (Response refused = checkAddress(s, taken, request.dryRun); !refused.ok()) return refused;
    }
  }
  std::set<int64_t> ports = taken.ports;
  const auto free = [&] {
    int64_t port = 0;
    do port = firstPort + int64_t(server.random() % uint64_t(lastPort - firstPort + 1));
    while (ports.count(port));
    return port;
  };
  if (needsHealthCheck(s) && s.get({key::spec, key::healthCheckNodePort}).asInt() == 0) {
    const int64_t port = free();
    s.set({key::spec, key::healthCheckNodePort}, port);
    ports.insert(port);
  }
  if (!needsNodePort(s)) return {};
  const Value all = s.get({key::spec, key::ports});
  int64_t shown = 32768;  // a dry run takes none and shows what comes after the last
  for (size_t i = 0; i < all.size(); ++i) {
    const int64_t own = all[i][key::nodePort].asInt();
    const int64_t earlier = nodePortOf(s.get({key::spec, key::ports}), all[i][key::port], i);
    const int64_t wanted = earlier ? (own ? own : earlier) : nodePortOf(all, all[i][key::port], all.size());
    if (wanted && wanted != earlier) {
      if (Response refused = checkPort(s, i, wanted, ports, request.dryRun); !refused.ok()) return refused;
      shown = std::max(shown, wanted);
    }
    const int64_t port = wanted ? wanted : request.dryRun ? ++shown : free();
    if (port != own) s.set({key::spec, key::ports, Step::index(i), key::nodePort}, port);
    ports.insert(port);
  }
  return {};
}

void dropTypeDependentFields(Value& s, const Value& old) {
  const auto drop = [&](Key k) {
    if (s.get({key::spec, k}) == old.get({key::spec, k})) s.erase({key::spec, k});
  };
  if (needsClusterIP(old) && !needsClusterIP(s)) {
    for (Key k : {Key(key::clusterIP), Key(key::clusterIPs), Key(key::ipFamilies), Key(key::ipFamilyPolicy)}) drop(k);
  }
  const bool accessible = typeOf(s) == "NodePort" || typeOf(s) == "LoadBalancer";
  if (needsNodePort(old) && !accessible) {
    for (size_t i = 0; i < s.get({key::spec, key::ports}).size(); ++i)
      s.erase({key::spec, key::ports, Step::index(i), key::nodePort});
    drop(key::externalTrafficPolicy);
  }
  if (needsHealthCheck(old) && !needsHealthCheck(s)) drop(key::healthCheckNodePort);
  if (typeOf(old) == "LoadBalancer" && typeOf(s) != "LoadBalancer") {
    drop(key::allocateLoadBalancerNodePorts);
    drop(key::loadBalancerClass);
    s.set(key::status, Value::object({{key::loadBalancer, Value::object({})}}));
  }
}

}  // namespace apiserver
