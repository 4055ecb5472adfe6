// The kubelets that act by themselves, seen through a whole cluster of one node.
#include <catch2/catch_test_macros.hpp>

#include "core/node/disk.hpp"
#include "core/node/records.hpp"
#include "tests/unit/node_fixture.hpp"

using namespace fixture;

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
