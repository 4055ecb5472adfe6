#include "core/network/dns.hpp"

#include <algorithm>

namespace network {
namespace {
using api::Resource;
using api::Value;
using store::Objects;
namespace key = api::key;

std::vector<std::string_view> labelsOf(std::string_view name) {
  std::vector<std::string_view> out;
  while (!name.empty()) {
    const size_t end = std::min(name.find('.'), name.size());
    out.push_back(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  while (!out.empty() && out.back() == '.') out.pop_back();
  return out;
}

/// A question's parts. Models plugin/kubernetes/parse.go parseRequest.
struct Question {
  std::string_view port, protocol, endpoint, service, ns;
};

bool isUnderscored(std::string_view label) { return !label.empty() && label[0] == '_'; }

bool parseRequest(const std::vector<std::string_view>& labels, Question& q) {
  // labels: what stands before "svc.cluster.local"
  const size_t n = labels.size();
  if (n < 2) return false;
  q.ns = labels[n - 1];
  q.service = labels[n - 2];
  if (n == 3) q.endpoint = labels[0];
  if (n == 4) {
    if (!isUnderscored(labels[0]) || !isUnderscored(labels[1])) return false;
    q.port = labels[0].substr(1);
    q.protocol = labels[1].substr(1);
  }
  return n <= 4;
}

struct Endpoint {
  std::string address, hostname;
  std::vector<std::pair<std::string, int>> ports;  ///< "http/tcp" and its number
};

std::string portId(const Value& port) {
  return std::string(port[key::name].asString()) + "/" + lower(port[key::protocol].asString());
}

/// The endpoints of a service that are ready; an unset condition counts as ready.
std::vector<Endpoint> endpointsOf(const Objects& objects, std::string_view ns, std::string_view service) {
  std::vector<Endpoint> out;
  objects.each(Resource::endpointslices, ns, [&](const Value& slice) {
    if (slice.get({key::metadata, key::labels, key::serviceNameLabel}).asString() != service) return;
    for (const Value& e : slice[key::endpoints].values()) {
      const Value& ready = e.get({key::conditions, key::ready});
      if (!ready.isNull() && !ready.asBool()) continue;
      for (const Value& address : e[key::addresses].values()) {
        Endpoint made;
        made.address = address.asString();
        made.hostname = e[key::hostname].asString();
        if (made.hostname.empty()) {
          made.hostname = made.address;
          std::replace(made.hostname.begin(), made.hostname.end(), '.', '-');
        }
        for (const Value& p : slice[key::ports].values()) made.ports.emplace_back(portId(p), int(p[key::port].asInt()));
        out.push_back(std::move(made));
      }
    }
  });
  return out;
}

bool matchesPort(const Question& q, std::string_view id) {
  return q.port.empty() || id == std::string(q.port) + "/" + std::string(q.protocol);
}

void addOnce(std::vector<DnsRecord>& records, DnsRecord record) {
  if (std::find(records.begin(), records.end(), record) == records.end()) records.push_back(std::move(record));
}

DnsRecord address(std::string name, std::string data) {
  return {std::move(name), RecordType::A, std::move(data), 0, 0, 0};
}

/// All SRV records of an answer share the weight 100.
void addServices(DnsAnswer& answer, const std::string& name, std::vector<std::pair<std::string, int>> targets) {
  for (auto& [target, port] : targets) {
    addOnce(answer.answers, {name, RecordType::SRV, target, 0, std::max(1, 100 / int(targets.size())), port});
  }
}

DnsAnswer nameError() { return {DnsAnswer::Code::nameError, {}, {}}; }

DnsAnswer headless(const Objects& objects, const Question& q, const std::string& name, RecordType type) {
  DnsAnswer answer;
  const std::string base = std::string(q.service) + "." + std::string(q.ns) + ".svc." + std::string(clusterDomain);
  std::vector<std::pair<std::string, int>> targets;
  bool found = false;
  for (const Endpoint& e : endpointsOf(objects, q.ns, q.service)) {
    if (!q.endpoint.empty() && lower(e.hostname) != q.endpoint) continue;
    bool matches = e.ports.empty() && q.port.empty();
    const std::string host = e.hostname + "." + base;
    for (const auto& [id, port] : e.ports) {
      if (!matchesPort(q, id)) continue;
      matches = true;
      targets.emplace_back(host, port);
    }
    if (!matches) continue;
    found = true;
    if (type == RecordType::A) addOnce(answer.answers, address(name, e.address));
    if (type == RecordType::SRV) addOnce(answer.additional, address(host, e.address));
  }
  if (!found) return nameError();
  if (type == RecordType::SRV) addServices(answer, name, std::move(targets));
  return answer;
}

DnsAnswer serviceAnswer(const Objects& objects, const Question& q, const std::string& name, RecordType type) {
  const Value* found = objects.get(Resource::services, q.ns, q.service);
  if (!found) return nameError();
  const api::Service service = api::as<api::Service>(*found);
  DnsAnswer answer;
  if (service.spec().type() == "ExternalName") {
    answer.answers.push_back({name, RecordType::CNAME, std::string(service.spec().externalName()), 0, 0, 0});
    return answer;
  }
  const std::string_view ip = service.spec().clusterIP();
  if (ip == "None" || !q.endpoint.empty()) return headless(objects, q, name, type);
  std::vector<std::pair<std::string, int>> targets;
  for (const Value& p : found->get({key::spec, key::ports}).values()) {
    if (matchesPort(q, portId(p))) targets.emplace_back(name, int(p[key::port].asInt()));
  }
  if (targets.empty()) return nameError();
  if (type == RecordType::A) answer.answers.push_back(address(name, std::string(ip)));
  if (type == RecordType::SRV) {
    const std::string host = std::string(q.service) + "." + std::string(q.ns) + ".svc." + std::string(clusterDomain);
    for (auto& [target, port] : targets) target = host;
    answer.additional.push_back(address(host, std::string(ip)));
    addServices(answer, name, std::move(targets));
  }
  return answer;
}

/// "10-244-1-2.default.pod.cluster.local" is that address, whether or not there is such a pod.
DnsAnswer podAnswer(const Objects& objects, const std::vector<std::string_view>& labels, const std::string& name,
                    RecordType type) {
  if (labels.size() != 2 || !objects.get(Resource::namespaces, "", labels[1])) return nameError();
  std::string ip(labels[0]);
  if (std::count(ip.begin(), ip.end(), '-') != 3) return nameError();
  std::replace(ip.begin(), ip.end(), '-', '.');
  DnsAnswer answer;
  if (type == RecordType::A) answer.answers.push_back(address(name, ip));
  return answer;
}

/// Models plugin/kubernetes/reverse.go: endpoints and cluster IPs.
DnsAnswer reverse(const Objects& objects, std::vector<std::string_view> labels, const std::string& name) {
  if (labels.size() != 6) return nameError();
  const std::string ip = std::string(labels[3]) + "." + std::string(labels[2]) + "." + std::string(labels[1]) + "." +
                         std::string(labels[0]);
  DnsAnswer answer;
  objects.each(Resource::services, "", [&](const Value& s) {
    if (s.get({key::spec, key::clusterIP}).asString() != ip) return;
    const api::ObjectMeta meta = api::Object{{s}}.metadata();
    answer.answers.push_back(
        {name, RecordType::PTR,
         std::string(meta.name()) + "." + std::string(meta.namespace_()) + ".svc." + std::string(clusterDomain), 0, 0,
         0});
  });
  objects.each(Resource::endpointslices, "", [&](const Value& slice) {
    const Value& meta = slice[key::metadata];
    for (const Value& e : slice[key::endpoints].values()) {
      if (e.get({key::addresses})[size_t(0)].asString() != ip) continue;
      std::string host(e[key::hostname].asString());
      if (host.empty()) {
        host = ip;
        std::replace(host.begin(), host.end(), '.', '-');
      }
      addOnce(answer.answers,
              {name, RecordType::PTR,
               host + "." + std::string(meta.get({key::labels, key::serviceNameLabel}).asString()) + "." +
                   std::string(meta[key::namespace_].asString()) + ".svc." + std::string(clusterDomain),
               0, 0, 0});
    }
  });
  return answer.answers.empty() ? nameError() : answer;
}
}  // namespace

std::string_view text(RecordType type) {
  switch (type) {
    case RecordType::A: return "A";
    case RecordType::SRV: return "SRV";
    case RecordType::CNAME: return "CNAME";
    default: return "PTR";
  }
}

DnsAnswer resolve(const Objects& objects, std::string_view asked, RecordType type) {
  const std::string name = lower(asked);
  std::vector<std::string_view> labels = labelsOf(name);
  if (type == RecordType::PTR) return reverse(objects, labels, name);
  const size_t n = labels.size();
  if (n < 3 || labels[n - 1] != "local" || labels[n - 2] != "cluster") return nameError();
  const std::string_view kind = labels[n - 3];
  labels.resize(n - 3);
  if (kind == "pod") return podAnswer(objects, labels, name, type);
  Question q;
  if (kind != "svc" || !parseRequest(labels, q)) return nameError();
  return serviceAnswer(objects, q, name, type);
}

std::vector<std::string> searchNames(std::string_view ns, std::string_view name) {
  if (!name.empty() && name.back() == '.') return {lower(name)};
  const std::string plain = lower(name);
  const std::string domain(clusterDomain);
  std::vector<std::string> out;
  const bool first = std::count(plain.begin(), plain.end(), '.') >= 5;
  if (first) out.push_back(plain);
  out.push_back(plain + "." + std::string(ns) + ".svc." + domain);
  out.push_back(plain + ".svc." + domain);
  out.push_back(plain + "." + domain);
  if (!first) out.push_back(plain);
  return out;
}

DnsAnswer lookup(const Objects& objects, std::string_view ns, std::string_view name, RecordType type,
                 std::string& asked) {
  DnsAnswer answer = nameError();
  for (std::string& candidate : searchNames(ns, name)) {
    asked = std::move(candidate);
    answer = resolve(objects, asked, type);
    if (answer.code == DnsAnswer::Code::noError) return answer;
  }
  return answer;
}

std::string podName(const api::Pod& pod) {
  if (pod.spec().hostname().empty() || pod.spec().subdomain().empty()) return {};
  return std::string(pod.spec().hostname()) + "." + std::string(pod.spec().subdomain()) + "." +
         std::string(pod.metadata().namespace_()) + ".svc." + std::string(clusterDomain);
}

}  // namespace network
