// EndpointSlices. Models pkg/apis/discovery/validation.
#include <algorithm>

#include "core/apiserver/validation_check.hpp"

namespace apiserver {
using namespace api;

namespace {
void endpointPorts(Check& c, const Value& ports) {
  auto p = c.at(key::ports);
  for (size_t i = 0; i < ports.size(); ++i) {
    auto item = c.at(i);
    const std::string_view name = textOf(ports[i], key::name);
    {
      auto n = c.at(key::name);
      if (!name.empty()) c.dnsLabel(name);
      bool again = false;
      for (size_t j = 0; j < i; ++j) again = again || textOf(ports[j], key::name) == name;
      if (again) c.duplicate(name);
    }
    c.oneOf(ports[i], key::protocol, {"SCTP", "TCP", "UDP"});
    if (const std::string_view application = textOf(ports[i], key::appProtocol); !application.empty()) {
      auto a = c.at(key::appProtocol);
      c.qualifiedName(application);
    }
  }
}

/// Models apimachinery pkg/util/validation IsFullyQualifiedDomainName.
void domainName(Check& c, std::string_view name) {
  if (name.empty()) return c.required();
  if (name.back() == '.') name.remove_suffix(1);
  std::string all;
  for (const std::string& why : isDNS1123Subdomain(name)) all += (all.empty() ? "" : ",") + why;
  if (all.empty() && name.find('.') == name.npos)
    all = "should be a domain with at least two segments separated by dots";
  if (!all.empty()) c.invalidText(name, all);
}

/// An address of a slice: of its family, and not one of the special ones.
void endpointAddress(Check& c, std::string_view address, std::string_view type, size_t index) {
  const bool wrongFamily =
      isValidIPv4OrIPv6(address).empty() && (address.find(':') == std::string_view::npos) != (type == "IPv4");
  // Upstream puts this complaint at the list, not at its element.
  if (wrongFamily) c.invalidText(address, "must be an " + std::string(type) + " address");
  auto item = c.at(index);
  checkEndpointIP(c, address);
}

/// Names that must differ from each other, eight at most. Whether they are not too many.
bool distinctNames(Check& c, const Value& all, Complaints (*rule)(std::string_view)) {
  if (all.size() > 8) {
    c.add(ErrorType::TooMany, std::to_string(all.size()), "must have at most 8 items");
    return false;
  }
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    auto n = c.at(key::name);
    const std::string_view name = textOf(all[i], key::name);
    bool again = false;
    for (size_t j = 0; j < i; ++j) again |= textOf(all[j], key::name) == name;
    if (again) c.duplicate(name);
    c.complain(name, rule(name));
  }
  return true;
}

void endpointHints(Check& c, const Value& hints) {
  auto h = c.at(key::hints);
  {
    auto z = c.at(key::forZones);
    if (!distinctNames(c, hints[key::forZones], isValidLabelValue)) return;
  }
  auto n = c.at(key::forNodes);
  distinctNames(c, hints[key::forNodes], isDNS1123Subdomain);
}

void endpoint(Check& c, const Value& e, std::string_view type) {
  const Value& addresses = e[key::addresses];
  {
    auto a = c.at(key::addresses);
    for (size_t j = 0; j < addresses.size(); ++j) {
      if (type == "IPv4" || type == "IPv6") endpointAddress(c, addresses[j].asString(), type, j);
      auto item = c.at(j);
      if (type == "FQDN") domainName(c, addresses[j].asString());
    }
  }
  if (const Value* node = e.find(key::nodeName)) {
    auto n = c.at(key::nodeName);
    c.dnsSubdomain(node->asString());
  }
  if (const Value* hostname = e.find(key::hostname)) {
    auto h = c.at(key::hostname);
    c.dnsLabel(hostname->asString());
  }
  endpointHints(c, e[key::hints]);
}
}  // namespace

// What is declared in the types comes after what is checked by hand. Endpoints that an update leaves alone are not
// looked at by hand again.
void checkEndpointSlice(Check& c, const Value& object, const Value& old) {
  checkMetadata(c, object, true, NameRule::subdomain);
  endpointPorts(c, object[key::ports]);
  const Value& endpoints = object[key::endpoints];
  const std::string_view type = textOf(object, key::addressType);
  for (const bool declared : {false, true}) {
    if (declared) c.oneOf(object, key::addressType, {"FQDN", "IPv4", "IPv6"});
    if (declared && !old.isNull()) {
      auto a = c.at(key::addressType);
      c.immutable(object[key::addressType], old[key::addressType], "null");
    }
    if (!declared && !old.isNull() && old[key::endpoints] == endpoints) continue;
    auto s = c.at(key::endpoints);
    for (size_t i = 0; i < endpoints.size(); ++i) {
      auto item = c.at(i);
      if (!declared)
        endpoint(c, endpoints[i], type);
      else if (!endpoints[i][key::addresses].size())
        c.required(key::addresses, "");
    }
  }
}

}  // namespace apiserver
