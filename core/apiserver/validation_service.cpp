// Services. Models pkg/apis/core/validation validateService and ValidateServiceUpdate; one address family is all there
// is.
#include <algorithm>
#include <cstdlib>

#include "core/apiserver/internal_types.hpp"
#include "core/apiserver/validation_check.hpp"

namespace apiserver {
namespace {

using namespace api;

bool isHeadless(const Value& spec) {
  return spec[key::clusterIPs].size() == 1 && spec[key::clusterIPs][0].asString() == "None";
}

void types(Check& c, const Value& spec) {
  const std::string_view type = textOf(spec, key::type);
  if (!spec[key::ports].size() && !isHeadless(spec) && type != "ExternalName") c.required(key::ports, "");
  if ((type == "LoadBalancer" || type == "NodePort") && isHeadless(spec)) {
    auto s = c.at(key::clusterIPs);
    auto item = c.at(0);
    c.invalid(Value("None"), "may not be set to 'None' for " + std::string(type) + " services");
  }
  if (type != "ExternalName") return;
  if (spec[key::clusterIPs].size()) c.forbidden(key::clusterIPs, "may not be set for ExternalName services");
  if (spec[key::ipFamilies].size()) c.forbidden(key::ipFamilies, "may not be set for ExternalName services");
  if (spec.find(key::ipFamilyPolicy)) c.forbidden(key::ipFamilyPolicy, "may not be set for ExternalName services");
  std::string_view name = textOf(spec, key::externalName);
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  auto s = c.at(key::externalName);
  if (name.empty())
    c.required();
  else
    c.dnsSubdomain(name);
}

void ports(Check& c, const Value& all) {
  std::vector<std::string_view> names;
  auto s = c.at(key::ports);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    const Value& p = all[i];
    const std::string_view name = textOf(p, key::name);
    if (name.empty()) {
      if (all.size() > 1) c.required(key::name, "");
    } else {
      auto n = c.at(key::name);
      c.dnsLabel(name);
      if (std::find(names.begin(), names.end(), name) != names.end())
        c.duplicate(name);
      else
        names.push_back(name);
    }
    for (const std::string& bad : isValidPortNum(p[key::port].asInt())) c.invalid(key::port, p[key::port].asInt(), bad);
    c.oneOf(p, key::protocol, {"SCTP", "TCP", "UDP"});
    {
      auto t = c.at(key::targetPort);
      c.portNumberOrName(p[key::targetPort]);
    }
    if (const Value* app = p.find(key::appProtocol)) {
      auto a = c.at(key::appProtocol);
      c.qualifiedName(app->asString());
    }
  }
}

}  // namespace

void checkLegacyCidr(Check& c, std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view bits = text.substr(slash == text.npos ? text.size() : slash + 1);
  const bool digits = !bits.empty() && bits.size() < 4 && bits.find_first_not_of("0123456789") == bits.npos;
  const int most = text.find(':') == text.npos ? 32 : 128;
  if (digits && std::atoi(std::string(bits).c_str()) <= most && isValidIPv4OrIPv6(text.substr(0, slash)).empty())
    return;
  c.invalidText(text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
}

namespace {

void sourceRanges(Check& c, const Value& spec) {
  const Value& ranges = spec[key::loadBalancerSourceRanges];
  auto s = c.at("LoadBalancerSourceRanges");  // as upstream writes it
  if (ranges.size() && textOf(spec, key::type) != "LoadBalancer")
    c.forbidden("may only be used when `type` is 'LoadBalancer'");
  for (size_t i = 0; i < ranges.size(); ++i) {
    std::string_view range = ranges[i].asString();
    while (!range.empty() && range.front() == ' ') range.remove_prefix(1);
    while (!range.empty() && range.back() == ' ') range.remove_suffix(1);
    auto item = c.at(i);
    checkLegacyCidr(c, range);
  }
}

void loadBalancerClass(Check& c, const Value& spec) {
  const Value* name = spec.find(key::loadBalancerClass);
  if (!name) return;
  auto s = c.at(key::loadBalancerClass);
  if (textOf(spec, key::type) == "LoadBalancer")
    c.qualifiedName(name->asString());
  else
    c.forbidden("may only be used when `type` is 'LoadBalancer'");
}

void affinity(Check& c, const Value& spec) {
  c.oneOf(spec, key::sessionAffinity, {"ClientIP", "None"});
  const Value& seconds = spec.get({key::sessionAffinityConfig, key::clientIP, key::timeoutSeconds});
  if (textOf(spec, key::sessionAffinity) == "ClientIP" && (seconds.asInt() <= 0 || seconds.asInt() > 86400)) {
    auto s = c.at("sessionAffinityConfig.clientIP.timeoutSeconds");
    c.invalid(seconds, "must be greater than 0 and less than 86400");
  }
  if (textOf(spec, key::sessionAffinity) == "None" && spec.find(key::sessionAffinityConfig))
    c.forbidden(key::sessionAffinityConfig, "must not be set when session affinity is None");
}

}  // namespace

void checkServiceAddresses(Check& c, const Value& spec) {
  if (textOf(spec, key::type) == "ExternalName") return;
  const std::string_view first = textOf(spec, key::clusterIP);
  const Value& all = spec[key::clusterIPs];
  {
    auto s = c.at(key::clusterIPs);
    if (!first.empty() && !all.size())
      c.required();
    else if (!first.empty() && all[0].asString() != first)
      c.invalid(all, "first value must match `clusterIP`");
    else if (first.empty() && all.size())
      c.invalid(all, "must be empty when `clusterIP` is not specified");
  }
  const Value& families = spec[key::ipFamilies];
  {
    auto s = c.at(key::ipFamilies);
    for (size_t i = 0; i < families.size(); ++i) {
      auto item = c.at(i);
      if (families[i].asString() != "IPv4" && families[i].asString() != "IPv6")
        c.notSupported(show(families[i]), {"IPv4", "IPv6"});
      for (size_t j = 0; j < i; ++j) {
        if (families[j] == families[i]) c.duplicate(families[i].asString());
      }
    }
  }
  c.oneOf(spec, key::ipFamilyPolicy, {"PreferDualStack", "RequireDualStack", "SingleStack"}, false);
  auto s = c.at(key::clusterIPs);
  const size_t found = c.errors.size();
  for (size_t i = 0; i < all.size(); ++i) {
    if (i == 0 && all[i].asString() == "None") {
      if (all.size() > 1) c.invalid(all, "'None' must be the first and only value");
      continue;
    }
    auto item = c.at(i);
    checkLegacyIP(c, all[i].asString());
  }
  const bool readable = c.errors.size() == found;
  if (all.size() > 2) c.invalid(all, "may only hold up to 2 values");
  if (!readable) return;
  size_t ofIPv6 = 0;
  for (const Value& ip : all.values()) ofIPv6 += ip.asString().find(':') != std::string_view::npos;
  if (all.size() > 1 && (ofIPv6 == 0 || ofIPv6 == all.size()))
    c.invalid(all, "may specify no more than one IP for each IP family");
  for (size_t i = 0; i < std::min(all.size(), families.size()) && first != "None"; ++i) {
    const std::string_view family = families[i].asString();
    if ((family == "IPv6") == (all[i].asString().find(':') != std::string_view::npos)) continue;
    auto item = c.at(i);
    c.invalid(all[i],
              "expected an " + std::string(family) + " value as indicated by `ipFamilies[" + std::to_string(i) + "]`");
  }
}

namespace {

void repeatedPorts(Check& c, const Value& spec) {
  const Value& all = spec[key::ports];
  auto s = c.at(key::ports);
  auto earlier = [&](size_t i, Key k) {
    for (size_t j = 0; j < i; ++j) {
      if (all[j][k] == all[i][k] && all[j][key::protocol] == all[i][key::protocol]) return true;
    }
    return false;
  };
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    if (all[i][key::nodePort].asInt() && textOf(spec, key::type) == "ClusterIP")
      c.forbidden(key::nodePort, "may not be used when `type` is 'ClusterIP'");
  }
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    if (!all[i][key::nodePort].asInt() || !earlier(i, key::nodePort)) continue;
    auto n = c.at(key::nodePort);
    c.add(ErrorType::Duplicate, show(all[i][key::nodePort]));
  }
  for (size_t i = 0; i < all.size(); ++i) {
    if (!earlier(i, key::port)) continue;
    auto item = c.at(i);
    const Value shown = Value::object({{key::protocol, all[i][key::protocol]}, {key::port, all[i][key::port]}});
    c.add(ErrorType::Duplicate, internalJson("ServicePort", shown));
  }
}

void policies(Check& c, const Value& spec) {
  const std::string_view type = textOf(spec, key::type), outside = textOf(spec, key::externalTrafficPolicy);
  sourceRanges(c, spec);
  const bool external =
      type == "LoadBalancer" || type == "NodePort" || (type == "ClusterIP" && spec[key::externalIPs].size());
  if (spec.find(key::allocateLoadBalancerNodePorts) && type != "LoadBalancer")
    c.forbidden(key::allocateLoadBalancerNodePorts, "may only be used when `type` is 'LoadBalancer'");
  loadBalancerClass(c, spec);
  if (!external && !outside.empty())
    c.invalid(key::externalTrafficPolicy, outside, "may only be set for externally-accessible services");
  else if (external)
    c.oneOf(spec, key::externalTrafficPolicy, {"Cluster", "Local"});
  const int64_t health = spec[key::healthCheckNodePort].asInt();
  if (type != "LoadBalancer" || outside != "Local") {
    if (health)
      c.invalid(key::healthCheckNodePort, health,
                "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
  } else {
    for (const std::string& bad : isValidPortNum(health)) c.invalid(key::healthCheckNodePort, health, bad);
  }
  c.oneOf(spec, key::internalTrafficPolicy, {"Cluster", "Local"}, false);
  const Value* distribution = spec.find(key::trafficDistribution);
  for (std::string_view known : {"PreferClose", "PreferSameZone", "PreferSameNode"}) {
    if (distribution && distribution->asString() == known) distribution = nullptr;
  }
  if (!distribution) return;
  auto d = c.at(key::trafficDistribution);
  c.notSupported(show(*distribution), {"PreferClose", "PreferSameZone", "PreferSameNode"});
}

void update(Check& c, const Value& spec, const Value& old) {
  if (textOf(spec, key::type) == "ExternalName" || textOf(old, key::type) == "ExternalName") return;
  const Value &now = spec[key::clusterIPs], &before = old[key::clusterIPs];
  auto s = c.at(key::clusterIPs);
  if (isHeadless(spec) && isHeadless(old)) return;
  if (before.size() > now.size() && !now.size()) {
    auto item = c.at(0);
    c.invalidShown(now.isNull() ? "null" : show(now), "primary clusterIP can not be unset");
  }
  for (size_t i = 0; i < std::min(now.size(), before.size()); ++i) {
    if (now[i] == before[i]) continue;
    auto item = c.at(i);
    c.invalid(now, "may not change once set");
  }
}

/// Families stay as they are, unless the Service becomes headless or is so no longer.
void updateFamilies(Check& c, const Value& spec, const Value& old) {
  if (textOf(spec, key::type) == "ExternalName" || textOf(old, key::type) == "ExternalName") return;
  if (isHeadless(spec) || isHeadless(old)) return;
  const Value &now = spec[key::ipFamilies], &before = old[key::ipFamilies];
  auto s = c.at(key::ipFamilies);
  auto item = c.at(0);
  if (now.size() == before.size()) {
    for (size_t i = 0; i < now.size(); ++i) {
      if (!(now[i] == before[i])) c.invalid(now, "may not change once set");
    }
  } else if (now.size() && before.size() && !(now[0] == before[0])) {
    c.invalid(spec[key::clusterIPs], "may not change once set");  // upstream shows the addresses here
  }
}

void updateClass(Check& c, const Value& spec, const Value& old) {
  if (textOf(spec, key::type) != "LoadBalancer" || textOf(old, key::type) != "LoadBalancer") return;
  if (!(spec[key::loadBalancerClass] == old[key::loadBalancerClass]))
    c.invalid(key::loadBalancerClass, spec[key::loadBalancerClass], "may not change once set");
  loadBalancerClass(c, spec);
  const bool checked =
      textOf(spec, key::externalTrafficPolicy) == "Local" && textOf(old, key::externalTrafficPolicy) == "Local";
  if (checked && !(spec[key::healthCheckNodePort] == old[key::healthCheckNodePort]))
    c.forbidden(key::healthCheckNodePort, "field is immutable");
}
}  // namespace

// Models ValidateLoadBalancerStatus.
void checkServiceStatus(Check& c, const Value& service) {
  const Value& ingress = service.get({key::status, key::loadBalancer, key::ingress});
  auto s = c.at("status.loadBalancer.ingress");
  if (ingress.size() && service.get({key::spec, key::type}).asString() != "LoadBalancer")
    return c.forbidden("may only be used when `spec.type` is 'LoadBalancer'");
  for (size_t i = 0; i < ingress.size(); ++i) {
    auto item = c.at(i);
    const std::string_view ip = textOf(ingress[i], key::ip), hostname = textOf(ingress[i], key::hostname);
    if (!ip.empty()) {
      auto a = c.at(key::ip);
      checkLegacyIP(c, ip);
    }
    if (ip.empty() && ingress[i].find(key::ipMode))
      c.forbidden(key::ipMode, "may not be specified when `ip` is not set");
    else
      c.oneOf(ingress[i], key::ipMode, {"Proxy", "VIP"}, false);
    auto h = c.at(key::hostname);
    if (!hostname.empty()) c.dnsSubdomain(hostname);
    if (!hostname.empty() && isValidIPv4OrIPv6(hostname).empty())
      c.invalidText(hostname, "must be a DNS name, not an IP address");
  }
}

/// Models pkg/apis/core/validation ValidateEndpointIP for the addresses that anybody would write.
void checkEndpointIP(Check& c, std::string_view address) {
  const size_t before = c.errors.size();
  checkLegacyIP(c, address);
  if (c.errors.size() != before) return;
  const auto in = [&](std::string_view prefix) { return address.substr(0, prefix.size()) == prefix; };
  if (address == "0.0.0.0" || address == "::")
    c.invalidText(address, "may not be unspecified (" + std::string(address) + ")");
  if (in("127.") || address == "::1") c.invalidText(address, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
  if (in("169.254.") || in("fe80:"))
    c.invalidText(address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  if (in("224.0.0.") || in("ff02:"))
    c.invalidText(address, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
}

void checkService(Check& c, const Value& service, const Value& old) {
  const Value& spec = service[key::spec];
  if (old.isNull())
    checkMetadata(c, service, true, NameRule::label);
  else
    checkMetadataUpdate(c, service, old);
  auto s = c.at(key::spec);
  if (!old.isNull()) update(c, spec, old[key::spec]);
  if (!old.isNull()) updateFamilies(c, spec, old[key::spec]);
  if (!old.isNull()) updateClass(c, spec, old[key::spec]);
  types(c, spec);
  ports(c, spec[key::ports]);
  {
    auto l = c.at(key::selector);
    c.labels(spec[key::selector]);
  }
  affinity(c, spec);
  checkServiceAddresses(c, spec);
  {
    auto e = c.at(key::externalIPs);
    for (size_t i = 0; i < spec[key::externalIPs].size(); ++i) {
      auto item = c.at(i);
      checkEndpointIP(c, spec[key::externalIPs][i].asString());
    }
  }
  c.oneOf(spec, key::type, {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"});
  repeatedPorts(c, spec);
  policies(c, spec);
}

}  // namespace apiserver
