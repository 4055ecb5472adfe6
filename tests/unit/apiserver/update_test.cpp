// Updates: versions, conflicts, what each side may change, what is written at all.
#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "tests/unit/apiserver/fixture.hpp"

using namespace apiserver;
using namespace api;
using apiserver_test::Api;

TEST_CASE("a new object has its metadata") {
  Api api;
  const Response r = api.pod("a");
  CHECK(r.code == 201);
  const Pod pod{{r.body}};
  CHECK(pod.metadata().uid().size() == 36);
  CHECK(pod.metadata().creationTimestamp() == "2027-01-01T00:00:00Z");
  CHECK(pod.metadata().generation() == 1);
  CHECK(pod.metadata().namespace_() == "default");
  CHECK(pod.status().phase() == "Pending");
  CHECK(pod.status().qosClass() == "BestEffort");
  CHECK(api.pod("a").isAlreadyExists());
  CHECK(api.pod("a").message() == "pods \"a\" already exists");
}

TEST_CASE("made-up names have five characters, and the same seed gives the same ones") {
  auto make = [] {
    Api api;
    const Value meta = Value::object({{key::generateName, "job-"}});
    return std::string(api.create(Resource::configmaps, "default", Value::object({{key::metadata, meta}}))
                           .body.get({key::metadata, key::name})
                           .asString());
  };
  CHECK(make().size() == 9);
  CHECK(make() == make());
}

TEST_CASE("a stale version is a conflict, none is taken as the newest") {
  Api api;
  Value old = api.pod("a").body;
  Value newer = old;
  newer.set({key::metadata, key::labels, Key("x")}, "1");
  CHECK(api.update(newer).ok());
  old.set({key::metadata, key::labels, Key("x")}, "2");
  const Response r = api.update(old);
  CHECK(r.isConflict());
  CHECK(r.message() ==
        "Operation cannot be fulfilled on pods \"a\": the object has been modified; please apply your changes to the "
        "latest version and try again");
  old.erase({key::metadata, key::resourceVersion});
  CHECK(api.update(old).ok());
}

TEST_CASE("what changes nothing is not written") {
  Api api;
  const Value pod = api.pod("a").body;
  const uint64_t revision = api.server.revision();
  CHECK(api.update(pod).ok());
  CHECK(api.update(pod, "status").ok());
  CHECK(api.server.revision() == revision);
}

TEST_CASE("a status update leaves the spec, an update leaves the status") {
  Api api;
  Value set = Value::object({{key::metadata, Value::object({{key::name, "web"}})},
                             {key::spec, Value::object({{key::replicas, 1}})},
                             {key::status, Value::object({{key::replicas, 9}})}});
  Value stored = api.create(Resource::statefulsets, "default", set).body;
  CHECK(stored.get({key::status, key::replicas}).asInt() == 0);
  stored.set({key::spec, key::replicas}, 2);
  stored.set({key::status, key::replicas}, 3);
  Value after = api.update(stored).body;
  CHECK(after.get({key::spec, key::replicas}).asInt() == 2);
  CHECK(after.get({key::status, key::replicas}).asInt() == 0);
  CHECK(after.get({key::metadata, key::generation}).asInt() == 2);
  after.set({key::spec, key::replicas}, 5);
  after.set({key::status, key::replicas}, 3);
  after = api.update(after, "status").body;
  CHECK(after.get({key::spec, key::replicas}).asInt() == 2);
  CHECK(after.get({key::status, key::replicas}).asInt() == 3);
  CHECK(after.get({key::metadata, key::generation}).asInt() == 2);
}

TEST_CASE("binding assigns a pod once") {
  Api api;
  api.pod("a");
  Request q = Api::about(Verb::create, Resource::pods, "default", "a");
  q.subresource = "binding";
  q.body = Value::object({{key::metadata, Value::object({{key::name, "a"}})},
                          {key::target, Value::object({{key::kind, "Node"}, {key::name, "node-1"}})}});
  CHECK(api.server.handle(q).code == 201);
  const Pod pod{{api.get(Resource::pods, "a").body}};
  CHECK(pod.spec().nodeName() == "node-1");
  CHECK(pod.status().conditions()[0].type() == "PodScheduled");
  const Response again = api.server.handle(q);
  CHECK(again.isConflict());
  CHECK(again.message() ==
        "Operation cannot be fulfilled on pods/binding \"a\": pod a is already assigned to node \"node-1\"");
}

TEST_CASE("trusted writes are quick", "[.bench]") {
  Api api;
  const auto start = std::chrono::steady_clock::now();
  int writes = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::string name = "web-" + std::to_string(i);
    Value pod = api.pod(name).body;
    for (int j = 0; j < 6; ++j) {
      pod.set({key::status, key::message}, "step " + std::to_string(j));
      pod = api.update(pod, "status").body;
    }
    writes += 7;
    api.server.takeChanges();
  }
  const auto took = std::chrono::steady_clock::now() - start;
  WARN(writes << " writes, " << std::chrono::duration_cast<std::chrono::nanoseconds>(took).count() / writes
              << " ns each");
}
