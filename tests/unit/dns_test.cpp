#include "core/network/dns.hpp"

#include <catch2/catch_test_macros.hpp>

using api::Resource;
using api::Value;
using network::DnsAnswer;
using network::RecordType;
namespace key = api::key;

namespace {
void put(store::Store& s, Resource r, std::string_view name, Value object) {
  object.set({key::metadata, key::name}, name);
  if (r != Resource::namespaces) object.set({key::metadata, key::namespace_}, "default");
  s.put(r, std::move(object));
}

Value endpoint(std::string_view ip, std::string_view hostname, bool ready) {
  return Value::object({{key::addresses, Value::array({ip})},
                        {key::hostname, hostname},
                        {key::conditions, Value::object({{key::ready, ready}})}});
}

store::Store cluster() {
  store::Store s;
  put(s, Resource::namespaces, "default", Value::object({}));
  const Value port = Value::object({{key::name, "http"}, {key::port, 80}, {key::protocol, "TCP"}});
  Value headless;
  headless.set({key::spec, key::clusterIP}, "None");
  headless.set({key::spec, key::ports}, Value::array({port}));
  put(s, Resource::services, "nginx", headless);
  Value web;
  web.set({key::spec, key::clusterIP}, "10.96.0.7");
  web.set({key::spec, key::ports}, Value::array({port}));
  put(s, Resource::services, "web", web);
  Value slice;
  slice.set({key::metadata, key::labels, key::serviceNameLabel}, "nginx");
  slice.set(key::ports, Value::array({port}));
  slice.set(key::endpoints,
            Value::array({endpoint("10.244.1.1", "web-0", true), endpoint("10.244.2.1", "web-1", false)}));
  put(s, Resource::endpointslices, "nginx-abc", slice);
  return s;
}

std::string addresses(const DnsAnswer& a) {
  if (a.code == DnsAnswer::Code::nameError) return "NXDOMAIN";
  std::string out;
  for (const auto& r : a.answers) out += (out.empty() ? "" : " ") + r.data;
  return out;
}
}  // namespace

TEST_CASE("a headless Service's name has the addresses of its ready pods") {
  const store::Store s = cluster();
  const auto ask = [&](std::string_view name) { return addresses(network::resolve(s.objects(), name, RecordType::A)); };
  CHECK(ask("nginx.default.svc.cluster.local") == "10.244.1.1");
  CHECK(ask("web-0.nginx.default.svc.cluster.local.") == "10.244.1.1");
  CHECK(ask("web-1.nginx.default.svc.cluster.local") == "NXDOMAIN");
  CHECK(ask("web-2.nginx.default.svc.cluster.local") == "NXDOMAIN");
  CHECK(ask("WEB.default.svc.cluster.local") == "10.96.0.7");
  CHECK(ask("none.default.svc.cluster.local") == "NXDOMAIN");
  CHECK(ask("10-244-9-9.default.pod.cluster.local") == "10.244.9.9");
}

TEST_CASE("SRV records name the pods behind a port") {
  const store::Store s = cluster();
  const DnsAnswer a = network::resolve(s.objects(), "_http._tcp.nginx.default.svc.cluster.local", RecordType::SRV);
  REQUIRE(a.answers.size() == 1);
  CHECK(a.answers[0].data == "web-0.nginx.default.svc.cluster.local");
  CHECK(a.answers[0].port == 80);
  CHECK(a.answers[0].weight == 100);
  CHECK(a.additional[0].data == "10.244.1.1");
}

TEST_CASE("short names are completed by the pod's search list") {
  const store::Store s = cluster();
  std::string asked;
  CHECK(addresses(network::lookup(s.objects(), "default", "web-0.nginx", RecordType::A, asked)) == "10.244.1.1");
  CHECK(asked == "web-0.nginx.default.svc.cluster.local");
  CHECK(addresses(network::lookup(s.objects(), "kube-system", "nginx.default", RecordType::A, asked)) == "10.244.1.1");
  CHECK(addresses(network::lookup(s.objects(), "default", "nowhere", RecordType::A, asked)) == "NXDOMAIN");
  const DnsAnswer back = network::resolve(s.objects(), "1.1.244.10.in-addr.arpa", RecordType::PTR);
  CHECK(addresses(back) == "web-0.nginx.default.svc.cluster.local");
}
