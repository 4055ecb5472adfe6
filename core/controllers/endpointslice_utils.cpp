#include "core/controllers/endpointslice_utils.hpp"

#include <algorithm>
#include <vector>

#include "core/api/names.hpp"
#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/controllers/refs.hpp"

namespace controllers {
namespace {
using api::Value;
namespace key = api::key;

/// FNV-1a with 128 bits, as Go's hash/fnv New128a.
struct Hash128 {
  uint64_t high = 0x6c62272e07bb0142u, low = 0x62b821756295c58du;
  void add(std::string_view text) {
    constexpr uint64_t prime = 0x13b;  // and 2^88
    for (unsigned char c : text) {
      low ^= c;
      const uint64_t carry = ((low >> 32) * prime + (((low & 0xffffffffu) * prime) >> 32)) >> 32;
      high = high * prime + carry + (low << 24);
      low *= prime;
    }
  }
  friend bool operator<(const Hash128& a, const Hash128& b) {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  }
};

/// Upstream sorts ports by a hash of Go's printed form of them.
Hash128 portHash(const Value& port) {
  std::string text = "(v1.EndpointPort){Name:(*string)" + std::string(port[key::name].asString()) +
                     " Protocol:(*v1.Protocol)" + std::string(port[key::protocol].asString()) + " Port:(*int32)" +
                     std::to_string(port[key::port].asInt()) + " AppProtocol:(*string)";
  const Value* app = port.find(key::appProtocol);
  text += app ? std::string(app->asString()) : "<nil>";
  Hash128 h;
  h.add(text + "}");
  return h;
}

bool isReservedLabel(std::string_view label) {
  return label == "kubernetes.io/service-name" || label == "endpointslice.kubernetes.io/managed-by" ||
         label == "service.kubernetes.io/headless";
}

int64_t portNamed(const api::List<api::Container>& containers, std::string_view name, std::string_view protocol,
                  bool sidecars) {
  for (const api::Container& c : containers) {
    if (sidecars && c.restartPolicy() != "Always") continue;
    for (const api::ContainerPort& p : c.ports()) {
      if (p.name() == name && p.protocol() == protocol) return p.containerPort();
    }
  }
  return -1;
}

/// -1 where the pod has no such port.
int64_t findPort(const api::Pod& pod, const Value& servicePort) {
  const Value& target = servicePort[key::targetPort];
  if (target.kind() == api::Kind::Int) return target.asInt();
  const std::string_view protocol = servicePort[key::protocol].asString();
  const int64_t port = portNamed(pod.spec().containers(), target.asString(), protocol, false);
  return port >= 0 ? port : portNamed(pod.spec().initContainers(), target.asString(), protocol, true);
}
}  // namespace

bool shouldPodBeInEndpoints(const api::Pod& pod) { return !api::isPodTerminal(pod) && !pod.status().podIP().empty(); }

void podEndpointsChanged(const Value& before, const Value& after, bool& pod, bool& labels) {
  // Most writes change one part and share the others.
  const auto differs = [](const Value& a, const Value& b, std::initializer_list<api::Key> fields) {
    if (a.same(b)) return false;
    return std::any_of(fields.begin(), fields.end(), [&](api::Key field) { return a[field] != b[field]; });
  };
  const Value &metadataBefore = before[key::metadata], &metadataAfter = after[key::metadata];
  labels = differs(metadataBefore, metadataAfter, {key::labels}) ||
           differs(before[key::spec], after[key::spec], {key::hostname, key::subdomain});
  pod = differs(metadataBefore, metadataAfter, {key::deletionTimestamp}) ||
        differs(before[key::status], after[key::status], {key::podIPs}) ||
        api::isPodReady(api::as<api::Pod>(before)) != api::isPodReady(api::as<api::Pod>(after));
}

Value podToEndpoint(const api::Pod& pod, const api::Node& node, const api::Service& service,
                    std::string_view addressType) {
  std::vector<Value> addresses;
  for (const Value& ip : pod.doc.get({key::status, key::podIPs}).values()) {
    const std::string_view text = ip[key::ip].asString();
    if ((text.find(':') != text.npos) == (addressType == "IPv6")) addresses.emplace_back(text);
  }
  if (addresses.empty()) return {};
  const bool serving = api::isPodReady(pod), terminating = api::isTerminating(pod);
  const bool ready = service.spec().publishNotReadyAddresses() || (serving && !terminating);
  const api::ObjectMeta meta = pod.metadata();
  Value endpoint =
      Value::object({{key::addresses, Value::array(std::move(addresses))},
                     {key::conditions,
                      Value::object({{key::ready, ready}, {key::serving, serving}, {key::terminating, terminating}})},
                     {key::targetRef, Value::object({{key::kind, "Pod"},
                                                     {key::namespace_, meta.namespace_()},
                                                     {key::name, meta.name()},
                                                     {key::uid, meta.uid()}})}});
  if (!pod.spec().nodeName().empty()) endpoint.set(key::nodeName, pod.spec().nodeName());
  const std::string_view zone = node ? node.metadata().labels()[key::zoneLabel] : std::string_view();
  if (!zone.empty()) endpoint.set(key::zone, zone);
  if (!pod.spec().hostname().empty() && pod.spec().subdomain() == service.metadata().name())
    endpoint.set(key::hostname, pod.spec().hostname());
  return endpoint;
}

Value endpointPorts(const api::Service& service, const api::Pod& pod) {
  std::vector<std::pair<Hash128, Value>> ports;
  for (const Value& p : service.doc.get({key::spec, key::ports}).values()) {
    const int64_t number = findPort(pod, p);
    if (number < 0) continue;
    Value port = Value::object(
        {{key::name, p[key::name].asString()}, {key::port, number}, {key::protocol, p[key::protocol].asString()}});
    if (const Value* app = p.find(key::appProtocol)) port.set(key::appProtocol, *app);
    ports.emplace_back(portHash(port), port);
  }
  if (ports.empty()) return {};
  api::sort(ports, [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Value> out;
  for (auto& [hash, port] : ports) out.push_back(std::move(port));
  return Value::array(std::move(out));
}

bool isServiceIPSet(const api::Service& service) {
  return service.spec().clusterIP() != "None" && !service.spec().clusterIP().empty();
}

bool sliceOwnedBy(const Value& slice, const api::Service& service) {
  for (const Value& o : slice.get({key::metadata, key::ownerReferences}).values()) {
    if (o[key::uid].asString() == service.metadata().uid() && o[key::kind].asString() == "Service") return true;
  }
  return false;
}

Value endpointSliceLabels(const Value& present, const api::Service& service, bool& changed) {
  std::vector<std::pair<api::Key, Value>> own, old;
  const Value& labels = service.doc.get({key::metadata, key::labels});
  for (size_t i = 0; i < labels.size(); ++i) {
    if (!isReservedLabel(labels.keyAt(i).text())) own.emplace_back(labels.keyAt(i), labels.values()[i]);
  }
  for (size_t i = 0; i < present.size(); ++i) {
    if (!isReservedLabel(present.keyAt(i).text())) old.emplace_back(present.keyAt(i), present.values()[i]);
  }
  changed = own != old;
  if (!isServiceIPSet(service)) own.emplace_back(key::headlessLabel, "");
  own.emplace_back(key::serviceNameLabel, service.metadata().name());
  own.emplace_back(key::managedByLabel, endpointSliceManager);
  return Value::object(std::move(own));
}

Value newEndpointSlice(const api::Service& service, const Value& ports, std::string_view addressType) {
  bool changed = false;
  const api::ObjectMeta owner = service.metadata();
  const Value ref = api::newControllerRef("v1", "Service", owner).doc;
  return Value::object({{key::apiVersion, "discovery.k8s.io/v1"},
                        {key::kind, "EndpointSlice"},
                        {key::metadata, Value::object({{key::generateName, std::string(owner.name()) + "-"},
                                                       {key::namespace_, owner.namespace_()},
                                                       {key::labels, endpointSliceLabels({}, service, changed)},
                                                       {key::ownerReferences, Value::array({ref})}})},
                        {key::addressType, addressType},
                        {key::endpoints, Value()},
                        {key::ports, ports}});
}

}  // namespace controllers
