// A cluster at rest has nothing to do, and what is deleted with everything in it really goes.
#include <catch2/catch_test_macros.hpp>

#include "core/sim/cluster.hpp"

using api::Key;
using api::Resource;
using api::Value;
namespace key = api::key;

namespace {
void send(sim::Cluster& cluster, apiserver::Verb verb, Resource resource, std::string_view ns, std::string_view name,
          Value body = {}) {
  apiserver::Request r;
  r.verb = verb;
  r.resource = resource;
  r.namespace_ = ns;
  r.name = name;
  r.body = std::move(body);
  const auto reply = cluster.request(r);
  INFO(reply.message());
  REQUIRE(reply.ok());
}

Value object(std::string_view apiVersion, std::string_view kind, std::string_view ns, std::string_view name) {
  Value v;
  v.set(key::apiVersion, apiVersion);
  v.set(key::kind, kind);
  v.set({key::metadata, key::name}, name);
  if (!ns.empty()) v.set({key::metadata, key::namespace_}, ns);
  return v;
}

void run(sim::Cluster& cluster, api::Millis time) {
  const api::Millis end = cluster.now() + time;
  while (cluster.step(end)) {}
  cluster.advanceTo(end);
}
}  // namespace

TEST_CASE("a cluster at rest has no timers: heartbeats are no work") {
  sim::Cluster cluster;
  Value pod = object("v1", "Pod", "default", "web");
  Value container;
  container.set(key::name, "main");
  container.set(key::image, "nginx");
  pod.set({key::spec, key::containers}, Value::array({container}));
  send(cluster, apiserver::Verb::create, Resource::pods, "default", "", pod);
  run(cluster, 120000);
  CHECK(cluster.objects().get(Resource::pods, "default", "web")->get({key::status, key::phase}) == Value("Running"));
  CHECK(cluster.nextDue() == INT64_MAX);
}

TEST_CASE("a namespace goes when everything in it is gone") {
  sim::Cluster cluster;
  send(cluster, apiserver::Verb::create, Resource::namespaces, "", "", object("v1", "Namespace", "", "shop"));
  Value pod = object("v1", "Pod", "shop", "web");
  Value container;
  container.set(key::name, "main");
  container.set(key::image, "nginx");
  pod.set({key::spec, key::containers}, Value::array({container}));
  send(cluster, apiserver::Verb::create, Resource::pods, "shop", "", pod);
  send(cluster, apiserver::Verb::create, Resource::configmaps, "shop", "", object("v1", "ConfigMap", "shop", "notes"));
  run(cluster, 10000);
  CHECK(cluster.objects().get(Resource::serviceaccounts, "shop", "default"));
  send(cluster, apiserver::Verb::remove, Resource::namespaces, "", "shop");
  run(cluster, 60000);
  CHECK_FALSE(cluster.objects().get(Resource::namespaces, "", "shop"));
  CHECK_FALSE(cluster.objects().get(Resource::pods, "shop", "web"));
  CHECK_FALSE(cluster.objects().get(Resource::configmaps, "shop", "notes"));
}

TEST_CASE("dependents of an owner that never was are collected") {
  sim::Cluster cluster;
  Value notes = object("v1", "ConfigMap", "default", "notes");
  Value owner;
  owner.set(key::apiVersion, "v1");
  owner.set(key::kind, "ConfigMap");
  owner.set(key::name, "nobody");
  owner.set(key::uid, "00000000-0000-0000-0000-000000000001");
  notes.set({key::metadata, key::ownerReferences}, Value::array({owner}));
  send(cluster, apiserver::Verb::create, Resource::configmaps, "default", "", notes);
  run(cluster, 5000);
  CHECK_FALSE(cluster.objects().get(Resource::configmaps, "default", "notes"));
}
