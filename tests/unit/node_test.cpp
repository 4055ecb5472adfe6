#include <catch2/catch_test_macros.hpp>

#include "core/controllers/nodelifecycle_zones.hpp"
#include "core/node/disk.hpp"
#include "core/node/programs.hpp"

using api::Value;
namespace key = api::key;

TEST_CASE("one silent node every ten seconds is tainted in a zone") {
  controllers::TaintQueue queue;
  CHECK(queue.add("node-1"));
  CHECK_FALSE(queue.add("node-1"));
  queue.add("node-2");
  CHECK(queue.take(1000) == "node-1");
  CHECK(queue.take(1000).empty());
  CHECK(queue.nextDue(1000) == 11000);
  CHECK(queue.take(11000) == "node-2");
  queue.add("node-3");
  queue.swapLimiter(0, 12000);
  CHECK(queue.nextDue(12000) == INT64_MAX);
}

TEST_CASE("a zone is fully disrupted when no node of it is Ready") {
  using controllers::computeZoneState;
  using controllers::ZoneState;
  CHECK(computeZoneState(0, 1) == ZoneState::fullDisruption);
  CHECK(computeZoneState(1, 2) == ZoneState::normal);
  CHECK(computeZoneState(2, 3) == ZoneState::partialDisruption);
}

TEST_CASE("programs are known by their image, and commands say how they end") {
  CHECK(node::programOf("registry.k8s.io/nginx-slim:0.24").kind == node::Program::Kind::webServer);
  CHECK(node::programOf("mysql:5.7").dataDirectory == "/var/lib/mysql");
  CHECK_FALSE(node::programOf("example.com/odd@sha256:00").known);
  const auto run = [](std::string_view image, std::vector<Value> command) {
    return node::runOf(api::as<api::Container>(
        Value::object({{key::image, image}, {key::command, Value::array(std::move(command))}})));
  };
  CHECK(run("busybox", {"sh", "-c", "exit 3"}).exitCode == 3);
  CHECK(run("busybox", {"sleep", "5"}).after == 5000);
  CHECK_FALSE(run("busybox", {"sh", "-c", "while true; do sleep 1; done"}).ends);
  CHECK_FALSE(run("nginx", {}).ends);
}

TEST_CASE("a path lies on the volume that is mounted nearest above it") {
  Value mount = Value::object({{key::name, "www"}, {key::mountPath, "/usr/share/nginx/html"}});
  Value container = Value::object({{key::name, "nginx"}, {key::volumeMounts, Value::array({mount})}});
  Value pod;
  pod.set({key::metadata, key::uid}, "u-1");
  pod.set({key::metadata, key::namespace_}, "default");
  Value volume = Value::object({{key::name, "www"}});
  volume.set({key::persistentVolumeClaim, key::claimName}, "www-web-0");
  pod.set({key::spec, key::volumes}, Value::array({volume}));
  store::Store store;
  Value claim;
  claim.set({key::metadata, key::name}, "www-web-0");
  claim.set({key::metadata, key::namespace_}, "default");
  claim.set({key::spec, key::volumeName}, "pv-1");
  store.put(api::Resource::persistentvolumeclaims, claim);
  const decision::View view(store.objects());
  const auto place = [&](std::string_view path) {
    return node::placeOf(api::as<api::Pod>(pod), api::as<api::Container>(container), path, view);
  };
  CHECK(place("/usr/share/nginx/html/index.html").fact == "disk/pv-1");
  CHECK(place("/usr/share/nginx/html/index.html").path == "/index.html");
  CHECK(place("/etc/hosts").fact == "container/u-1/nginx");
}
