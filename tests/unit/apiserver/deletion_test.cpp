// Deletion as the API server does it: at once, gracefully, or when the finalizers are gone.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/apiserver/fixture.hpp"

using namespace apiserver;
using namespace api;
using apiserver_test::Api;

TEST_CASE("an object without finalizers goes at once") {
  Api api;
  api.configMap("a");
  const Response r = api.remove(Resource::configmaps, "a");
  CHECK(r.code == 200);
  CHECK(r.body[key::status].asString() == "Success");
  CHECK(r.body.get({key::details, key::kind}).asString() == "configmaps");
  CHECK(api.get(Resource::configmaps, "a").isNotFound());
}

TEST_CASE("an object with finalizers is marked and goes with the last of them") {
  Api api;
  api.configMap("held", {"example.com/hold"});
  Response r = api.remove(Resource::configmaps, "held");
  CHECK(!r.body.get({key::metadata, key::deletionTimestamp}).isNull());
  CHECK(r.body.get({key::metadata, key::deletionGracePeriodSeconds}).asInt() == 0);
  Value object = api.get(Resource::configmaps, "held").body;
  object.erase({key::metadata, key::finalizers});
  CHECK(api.update(object).code == 200);
  CHECK(api.get(Resource::configmaps, "held").isNotFound());
}

TEST_CASE("a pod without a node is marked and removed; one with a node waits for its kubelet") {
  Api api;
  api.pod("nowhere");
  api.server.takeChanges();
  Response r = api.remove(Resource::pods, "nowhere");
  CHECK(r.body.get({key::metadata, key::deletionGracePeriodSeconds}).asInt() == 0);
  CHECK(r.body.get({key::metadata, key::generation}).asInt() == 2);
  const auto changes = api.server.takeChanges();
  REQUIRE(changes.size() == 2);
  CHECK(!changes[0].after.isNull());
  CHECK(changes[1].after.isNull());

  api.pod("app", "node-1");
  r = api.remove(Resource::pods, "app");
  CHECK(r.body.get({key::metadata, key::deletionGracePeriodSeconds}).asInt() == 30);
  SECTION("a longer period never extends it") {
    apiserver::DeleteOptions o;
    o.gracePeriodSeconds = 60;
    r = api.remove(Resource::pods, "app", o);
    CHECK(r.body.get({key::metadata, key::deletionGracePeriodSeconds}).asInt() == 30);
  }
  SECTION("a shorter one does") {
    apiserver::DeleteOptions o;
    o.gracePeriodSeconds = 5;
    r = api.remove(Resource::pods, "app", o);
    CHECK(r.body.get({key::metadata, key::deletionGracePeriodSeconds}).asInt() == 5);
    CHECK(r.body.get({key::metadata, key::deletionTimestamp}).asString() == formatTime(api.server.now() + 5000));
  }
  SECTION("grace 0 removes it") {
    apiserver::DeleteOptions o;
    o.gracePeriodSeconds = 0;
    r = api.remove(Resource::pods, "app", o);
    CHECK(r.code == 200);
    CHECK(api.get(Resource::pods, "app").isNotFound());
  }
}

TEST_CASE("the propagation policy becomes a finalizer") {
  Api api;
  api.configMap("owner");
  apiserver::DeleteOptions o;
  o.propagationPolicy = "Foreground";
  Response r = api.remove(Resource::configmaps, "owner", o);
  CHECK(r.body.get({key::metadata, key::finalizers})[0].asString() == "foregroundDeletion");
  o.propagationPolicy = "Orphan";
  r = api.remove(Resource::configmaps, "owner", o);
  CHECK(r.body.get({key::metadata, key::finalizers})[0].asString() == "orphan");
  o.propagationPolicy = "Sideways";
  CHECK(api.remove(Resource::configmaps, "owner", o).code == 422);
}

TEST_CASE("a namespace ends in phases and takes nothing new") {
  Api api;
  Value ns = Value::object({{key::metadata, Value::object({{key::name, "shop"}})}});
  api.create(Resource::namespaces, "", ns);
  Response r = api.remove(Resource::namespaces, "shop");
  CHECK(r.body.get({key::status, key::phase}).asString() == "Terminating");
  r = api.create(Resource::configmaps, "shop", Value::object({{key::metadata, Value::object({{key::name, "late"}})}}));
  CHECK(r.code == 403);
  CHECK(r.message() ==
        "configmaps \"late\" is forbidden: unable to create new content in namespace shop because it is being "
        "terminated");
  Value object = api.get(Resource::namespaces, "shop").body;
  object.erase({key::spec, key::finalizers});
  CHECK(api.update(object, "finalize").code == 200);
  CHECK(api.get(Resource::namespaces, "shop").isNotFound());
}

TEST_CASE("preconditions are checked") {
  Api api;
  api.configMap("a");
  apiserver::DeleteOptions o;
  o.uid = "x";
  const Response r = api.remove(Resource::configmaps, "a", o);
  CHECK(r.isConflict());
  CHECK(r.message().substr(0, 90) ==
        std::string("Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (x) does not match")
            .substr(0, 90));
}
