#include "core/node/reach.hpp"

#include <algorithm>

#include "core/network/dns.hpp"
#include "core/node/environment.hpp"
#include "core/node/files.hpp"
#include "core/node/images.hpp"
#include "core/node/inputs.hpp"
#include "core/node/machine.hpp"
#include "core/node/serving.hpp"

namespace node {
namespace {
using api::Resource;
using api::Value;
using shell::Reached;
namespace key = api::key;

bool isAddress(std::string_view host) {
  int dots = 0;
  for (char c : host) {
    if (c == '.') {
      ++dots;
    } else if (c < '0' || c > '9') {
      return false;
    }
  }
  return dots == 3;
}

bool isOwn(const api::Pod& pod, std::string_view host) {
  if (host == "localhost" || host.substr(0, 4) == "127.") return true;
  const std::string_view own = pod.spec().hostname().empty() ? pod.metadata().name() : pod.spec().hostname();
  return pod && host == own;
}

api::Pod podAt(const decision::View& view, std::string_view address) {
  api::Pod found;
  view.objects().each(Resource::pods, "", [&](const Value& v) {
    if (v.get({key::status, key::podIP}).asString() != address) return;
    const std::string_view phase = v.get({key::status, key::phase}).asString();
    if (phase == "Running" || phase == "Pending") found = api::as<api::Pod>(v);
  });
  return found;
}

struct Endpoint {
  std::string address;
  int port;
};

/// The endpoints behind a Service port: those that are ready, else those that still serve while they end.
std::vector<Endpoint> endpointsOf(const decision::View& view, const Value& service, const Value& servicePort) {
  std::vector<Endpoint> ready, serving;
  const std::string_view ns = service.get({key::metadata, key::namespace_}).asString();
  const std::string_view name = service.get({key::metadata, key::name}).asString();
  view.objects().each(Resource::endpointslices, ns, [&](const Value& slice) {
    if (slice.get({key::metadata, key::labels, key::serviceNameLabel}).asString() != name) return;
    int port = -1;
    for (const Value& p : slice[key::ports].values()) {
      if (p[key::name].asString() == servicePort[key::name].asString()) port = int(p[key::port].asInt());
    }
    if (port < 0) return;
    for (const Value& e : slice[key::endpoints].values()) {
      const Value& conditions = e[key::conditions];
      const std::string address(e[key::addresses][size_t(0)].asString());
      if (conditions[key::ready].isNull() || conditions[key::ready].asBool()) {
        ready.push_back({address, port});
      } else if (conditions[key::serving].asBool() && conditions[key::terminating].asBool()) {
        serving.push_back({address, port});
      }
    }
  });
  return ready.empty() ? serving : ready;
}

/// What a Service's address or a node's port leads to. False: the address is none of these.
bool throughService(const decision::View& view, std::string_view address, int port, Turns& turns, Arrival& out,
                    Endpoint& to) {
  bool isService = false, isNode = false;
  view.objects().each(Resource::nodes, "", [&](const Value& n) {
    for (const Value& a : n.get({key::status, key::addresses}).values())
      isNode |= a[key::address].asString() == address;
  });
  view.objects().each(Resource::services, "", [&](const Value& s) {
    const bool own = s.get({key::spec, key::clusterIP}).asString() == address;
    if (!own && !isNode) return;
    isService |= own;
    for (const Value& p : s.get({key::spec, key::ports}).values()) {
      if ((own ? p[key::port] : p[key::nodePort]).asInt() != port || !to.address.empty()) continue;
      const std::vector<Endpoint> endpoints = endpointsOf(view, s, p);
      out.reached = Reached::refused;
      if (endpoints.empty()) return;
      to = endpoints[turns[std::string(address) + ":" + std::to_string(port)]++ % endpoints.size()];
      out.reached = Reached::ok;
    }
  });
  if (isService && out.reached == Reached::unknownHost) out.reached = Reached::timeout;
  if (isNode && out.reached == Reached::unknownHost) out.reached = Reached::refused;
  return isService || isNode;
}

void toPod(NodeClient& client, const api::Pod& from, std::string_view address, int port, Arrival& out) {
  const api::Pod pod = from && from.status().podIP() == address ? from : podAt(client.view(), address);
  if (!pod) return void(out.reached = Reached::unreachable);
  out.pod = pod;
  out.port = port;
  const bool apart = !from || from.spec().nodeName() != pod.spec().nodeName();
  if (apart && isSilent(client.facts(), pod.spec().nodeName())) return void(out.reached = Reached::timeout);
  bool hangs = false;
  out.container = listenerOf(client, pod, port, hangs);
  out.reached = !out.container ? Reached::refused : hangs ? Reached::timeout : Reached::ok;
}
}  // namespace

api::Container listenerOf(NodeClient& client, const api::Pod& pod, int port, bool& hangs) {
  const Value& hanging = client.facts().get(podFaultKey(pod.metadata().uid()))[api::Key("hangs")];
  for (auto [specs, statuses] : {std::pair(pod.spec().containers(), pod.status().containerStatuses()),
                                 std::pair(pod.spec().initContainers(), pod.status().initContainerStatuses())}) {
    for (const api::Container& c : specs) {
      api::Millis since = -1;
      int64_t restarts = 0;
      for (const api::ContainerStatus& s : statuses) {
        if (s.name() != c.name() || !s.state().has(key::running)) continue;
        since = api::parseTime(s.state().running().startedAt());
        restarts = s.restartCount();
      }
      if (since < 0 || !listensOn(client, pod, c, port)) continue;
      if (client.now() < since + programOf(c.image()).startTime) continue;
      hangs = isHanging(hanging, c.name(), restarts);
      return c;
    }
  }
  return {};
}

shell::Lookup lookUp(const decision::View& view, const api::Pod& from, std::string_view name, std::string_view type,
                     bool search) {
  shell::Lookup out;
  out.asked = name;
  network::RecordType wanted = network::RecordType::A;
  for (const auto& [text, t] : {std::pair<std::string_view, network::RecordType>("SRV", network::RecordType::SRV),
                                {"CNAME", network::RecordType::CNAME},
                                {"PTR", network::RecordType::PTR}}) {
    if (type == text) wanted = t;
  }
  network::DnsAnswer answer;
  if (search) {
    answer = network::lookup(view.objects(), from.metadata().namespace_(), name, wanted, out.asked);
  } else {
    answer = network::resolve(view.objects(), name, wanted);
    while (!out.asked.empty() && out.asked.back() == '.') out.asked.pop_back();
  }
  out.found = answer.code == network::DnsAnswer::Code::noError;
  if (type == "AAAA") return out;  // the name is there, but the cluster has no IPv6
  const auto copy = [](const std::vector<network::DnsRecord>& records, std::vector<shell::Record>& to) {
    for (const network::DnsRecord& r : records)
      to.push_back({r.name, std::string(network::text(r.type)), r.data, r.priority, r.weight, r.port});
  };
  copy(answer.answers, out.answers);
  copy(answer.additional, out.additional);
  // A resolver follows an alias that leads into the cluster again.
  if (wanted == network::RecordType::A && out.answers.size() == 1 && out.answers[0].type == "CNAME") {
    const network::DnsAnswer next = network::resolve(view.objects(), out.answers[0].data, wanted);
    copy(next.answers, out.answers);
  }
  return out;
}

std::string addressOf(const decision::View& view, const api::Pod& from, std::string_view host) {
  if (isAddress(host)) return std::string(host);
  if (isOwn(from, host)) return host == "localhost" ? "127.0.0.1" : std::string(from.status().podIP());
  for (const Value& alias : from.doc.get({key::spec, key::hostAliases}).values()) {
    for (const Value& h : alias[key::hostnames].values()) {
      if (h.asString() == host) return std::string(alias[key::ip].asString());
    }
  }
  for (const shell::Record& r : lookUp(view, from, host, "A", true).answers) {
    if (r.type == "A") return r.data;
  }
  return {};
}

Arrival arrive(NodeClient& client, const api::Pod& from, std::string_view host, int port, Turns& turns) {
  Arrival out;
  out.address = addressOf(client.view(), from, host);
  if (out.address.empty()) return out;
  std::string address = out.address;
  if (address.substr(0, 4) == "127." && from) address = from.status().podIP();
  // A node that is cut off reaches only what runs on itself.
  const bool cut = from && isSilent(client.facts(), from.spec().nodeName());
  Endpoint to;
  if (throughService(client.view(), address, port, turns, out, to)) {
    if (out.reached != Reached::ok) return out;
    address = to.address;
    port = to.port;
    if (address == "192.0.2.254") return out;  // the API server's own
  }
  toPod(client, from, address, port, out);
  if (cut && out.pod && out.pod.spec().nodeName() != from.spec().nodeName()) out.reached = Reached::timeout;
  return out;
}

Reached pingPod(NodeClient& client, const api::Pod& from, std::string_view host, std::string& address) {
  address = addressOf(client.view(), from, host);
  if (address.empty()) return Reached::unknownHost;
  if (address.substr(0, 4) == "127.") return Reached::ok;
  const api::Pod pod = podAt(client.view(), address);
  if (!pod) {
    bool isService = false;
    client.view().objects().each(Resource::services, "", [&](const Value& s) {
      isService |= s.get({key::spec, key::clusterIP}).asString() == address;
    });
    return isService ? Reached::timeout : Reached::unreachable;
  }
  const bool apart = !from || from.spec().nodeName() != pod.spec().nodeName();
  return apart && isSilent(client.facts(), pod.spec().nodeName()) ? Reached::timeout : Reached::ok;
}

}  // namespace node
