// The kubelets that act by themselves, seen through a whole cluster of one node.
#include <catch2/catch_test_macros.hpp>

#include "core/node/disk.hpp"
#include "core/node/programs.hpp"
#include "core/sim/cluster.hpp"

using api::Key;
using api::Resource;
using api::Value;
namespace key = api::key;

namespace {
Value podNamed(std::string_view name, Value container) {
  container.set(key::name, "main");
  if (container[key::image].isNull()) container.set(key::image, "registry.k8s.io/nginx-slim:0.24");
  Value pod;
  pod.set(key::apiVersion, "v1");
  pod.set(key::kind, "Pod");
  pod.set({key::metadata, key::name}, name);
  pod.set({key::metadata, key::namespace_}, "default");
  pod.set({key::spec, key::containers}, Value::array({container}));
  return pod;
}

struct Fixture {
  sim::Cluster cluster;
  explicit Fixture(int nodes = 1) : cluster(setup(nodes)) {}
  static sim::Setup setup(int nodes) {
    sim::Setup s;
    s.nodes = nodes;
    return s;
  }
  void create(Value object) {
    apiserver::Request r;
    r.verb = apiserver::Verb::create;
    r.resource = Resource::pods;
    r.namespace_ = "default";
    r.body = std::move(object);
    const auto made = cluster.request(r);
    INFO(made.message());
    REQUIRE(made.ok());
  }
  void remove(std::string_view name) {
    apiserver::Request r;
    r.verb = apiserver::Verb::remove;
    r.resource = Resource::pods;
    r.namespace_ = "default";
    r.name = name;
    REQUIRE(cluster.request(r).ok());
  }
  std::string input(std::initializer_list<std::pair<std::string_view, Value>> members) {
    Value what;
    for (const auto& [k, v] : members) what.set(Key(k), v);
    return cluster.input(sim::Input{what});
  }
  void run(api::Millis time) {
    const api::Millis end = cluster.now() + time;
    while (cluster.step(end)) {}
    cluster.advanceTo(end);
  }
  Value pod(std::string_view name) const {
    const Value* v = cluster.objects().get(Resource::pods, "default", name);
    return v ? *v : Value();
  }
  std::string phase(std::string_view name) const {
    const Value p = pod(name);
    return p.isNull() ? "gone" : std::string(p.get({key::status, key::phase}).asString());
  }
  Value container(std::string_view name) const {
    return pod(name).get({key::status, key::containerStatuses})[size_t(0)];
  }
  std::string reasons() const {
    std::string out;
    cluster.objects().each(Resource::events, "default", [&](const Value& e) {
      if (e.get({key::source, key::component}).asString() != "kubelet") return;
      out += std::string(e[key::reason].asString()) + " ";
    });
    return out;
  }
};
}  // namespace

TEST_CASE("a pod is created, pulled, started and Ready; deleted, it stops and goes") {
  Fixture f;
  f.create(podNamed("web", Value::object({})));
  f.run(100);
  CHECK(f.container("web").get({key::state, key::waiting, key::reason}) == Value("ContainerCreating"));
  f.run(5000);
  CHECK(f.phase("web") == "Running");
  CHECK(f.container("web")[key::ready] == Value(true));
  CHECK(f.reasons() == "Pulling Pulled Created Started ");
  f.remove("web");
  f.run(100);
  CHECK(f.phase("web") == "Running");
  f.run(5000);
  CHECK(f.phase("web") == "gone");
}

TEST_CASE("a readiness probe decides when a pod is Ready") {
  Fixture f;
  Value probe;
  probe.set({key::httpGet, key::port}, 80);
  probe.set(key::initialDelaySeconds, 5);
  probe.set(key::periodSeconds, 2);
  f.create(podNamed("web", Value::object({{key::readinessProbe, probe}})));
  f.run(4000);
  CHECK(f.phase("web") == "Running");
  CHECK(f.container("web")[key::ready] == Value(false));
  f.run(5000);
  CHECK(f.container("web")[key::ready] == Value(true));
  CHECK(f.input({{"type", "readiness"}, {"pod", "web"}, {"ready", false}}) == "");
  f.run(10000);
  CHECK(f.container("web")[key::ready] == Value(false));
  f.input({{"type", "readiness"}, {"pod", "web"}, {"ready", true}});
  f.run(5000);
  CHECK(f.container("web")[key::ready] == Value(true));
}

TEST_CASE("a crashed container is restarted, at once and then with back-off, and loses its records") {
  Fixture f;
  f.create(podNamed("web", Value::object({})));
  f.run(5000);
  CHECK(f.input({{"type", "write"}, {"pod", "web"}, {"text", "one"}}) == "");
  const auto records = [&] {
    return node::readRecords(decision::View(f.cluster.objects()), f.cluster.facts(), api::as<api::Pod>(f.pod("web")));
  };
  CHECK(records().size() == 1);
  f.input({{"type", "containerCrash"}, {"pod", "web"}, {"exitCode", 137}});
  f.run(3000);
  CHECK(f.container("web")[key::restartCount] == Value(1));
  CHECK(f.container("web").get({key::lastState, key::terminated, key::exitCode}) == Value(137));
  CHECK(records().empty());
  f.input({{"type", "containerCrash"}, {"pod", "web"}});
  f.run(3000);
  CHECK(f.container("web").get({key::state, key::waiting, key::reason}) == Value("CrashLoopBackOff"));
  f.run(10000);
  CHECK(f.container("web")[key::restartCount] == Value(2));
  CHECK(f.phase("web") == "Running");
}

TEST_CASE("containers end with their exit codes; restartPolicy decides what follows") {
  Fixture f;
  Value pod = podNamed(
      "job", Value::object({{key::image, "busybox"}, {key::command, Value::array({"sh", "-c", "sleep 2; exit 3"})}}));
  pod.set({key::spec, key::restartPolicy}, "Never");
  f.create(pod);
  f.run(10000);
  CHECK(f.phase("job") == "Failed");
  CHECK(f.container("job").get({key::state, key::terminated, key::exitCode}) == Value(3));
}

TEST_CASE("a silent node becomes Unknown, its pods are evicted, and it catches up when it is back") {
  Fixture f(2);
  f.create(podNamed("web", Value::object({})));
  f.run(5000);
  const Value node = f.pod("web").get({key::spec, key::nodeName});
  CHECK(f.input({{"type", "nodeLost"}, {"node", node}}) == "");
  f.run(70000);
  const Value* lost = f.cluster.objects().get(Resource::nodes, "", node.asString());
  CHECK(lost->get({key::status, key::conditions})[size_t(0)][key::status] == Value("Unknown"));
  CHECK(lost->get({key::spec, key::taints}).size() == 2);
  f.run(310000);
  CHECK_FALSE(f.pod("web").get({key::metadata, key::deletionTimestamp}).isNull());
  f.input({{"type", "nodeBack"}, {"node", node}});
  f.run(10000);
  CHECK(f.phase("web") == "gone");
  CHECK(f.cluster.objects().get(Resource::nodes, "", node.asString())->get({key::spec, key::taints}).size() == 0);
}
