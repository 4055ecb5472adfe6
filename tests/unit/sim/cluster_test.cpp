// The cluster as a value: from a StatefulSet to its Ready pods, copies that go on independently, and the way back.
#include <catch_amalgamated.hpp>

#include "core/sim/cluster.hpp"

using namespace sim;
using api::Key;
using api::Step;
namespace key = api::key;

namespace {
Value webSet(int replicas) {
  Value set, container, claim;
  set.set(key::apiVersion, "apps/v1");
  set.set(key::kind, "StatefulSet");
  set.set({key::metadata, key::name}, "web");
  set.set({key::metadata, key::namespace_}, "default");
  set.set({key::spec, key::replicas}, replicas);
  set.set({key::spec, key::serviceName}, "web");
  set.set({key::spec, key::selector, key::matchLabels, Key("app")}, "web");
  set.set({key::spec, key::template_, key::metadata, key::labels, Key("app")}, "web");
  container.set(key::name, "web");
  container.set(key::image, "nginx");
  set.set({key::spec, key::template_, key::spec, key::containers}, Value::array({container}));
  claim.set({key::metadata, key::name}, "www");
  claim.set({key::spec, key::accessModes}, Value::array({"ReadWriteOnce"}));
  claim.set({key::spec, key::resources, key::requests, key::storage}, "1Gi");
  set.set({key::spec, key::volumeClaimTemplates}, Value::array({claim}));
  return set;
}

apiserver::Request creation(Value object) {
  apiserver::Request r;
  r.verb = apiserver::Verb::create;
  r.resource = Resource::statefulsets;
  r.namespace_ = "default";
  r.body = std::move(object);
  r.userAgent = "kubectl";
  return r;
}

Cluster withSet(int replicas) {
  Setup setup;
  setup.kubelet = Setup::Kubelet::automatic;
  Cluster cluster(setup);
  const auto response = cluster.request(creation(webSet(replicas)));
  INFO(api::toJson(response.body));
  REQUIRE(response.code == 201);
  return cluster;
}

std::string journal(const Cluster& cluster) {
  std::string out;
  for (size_t i = 0; i < cluster.journal().entries.size(); ++i) {
    toJson(cluster.journal(), i, out);
    out += '\n';
  }
  return out;
}

int64_t readyReplicas(const Cluster& cluster) {
  return api::StatefulSet{{*cluster.objects().get(Resource::statefulsets, "default", "web")}}.status().readyReplicas();
}
}  // namespace

TEST_CASE("A StatefulSet's pods become Ready one after the other") {
  Cluster cluster = withSet(3);
  cluster.settle(5000, 600000);
  std::string story;
  for (size_t i = 0; i < cluster.journal().entries.size(); ++i)
    story += narrate(cluster.journal(), i, decision::Language::en) + "\n";
  INFO(story);
  CHECK(readyReplicas(cluster) == 3);
  CHECK(cluster.objects().get(Resource::pods, "default", "web-2"));
  CHECK(cluster.objects().get(Resource::persistentvolumeclaims, "default", "www-web-2"));
}

TEST_CASE("The same inputs give the same journal") {
  Cluster a = withSet(2), b = withSet(2);
  a.settle(5000, 600000);
  b.settle(5000, 600000);
  CHECK(journal(a) == journal(b));
}

TEST_CASE("A copy of a cluster goes on independently") {
  Cluster a = withSet(2);
  for (int i = 0; i < 5; ++i) a.step();
  Cluster b = a;
  const std::string before = journal(a);
  b.settle(5000, 600000);
  CHECK(journal(a) == before);
  a.settle(5000, 600000);
  CHECK(journal(a) == journal(b));
}

TEST_CASE("The journal leads back to the beginning and forth again") {
  Cluster cluster = withSet(2);
  cluster.settle(5000, 600000);
  store::Objects objects = cluster.objects();
  store::Facts facts = cluster.facts();
  const auto& entries = cluster.journal().entries;
  for (size_t i = entries.size(); i-- > 0;) applyBackward(entries[i], objects, facts);
  CHECK(objects.count(Resource::statefulsets) == 0);
  CHECK(objects.count(Resource::pods) == 0);
  for (size_t i = 0; i < entries.size(); ++i) applyForward(entries[i], objects, facts);
  CHECK(*objects.get(Resource::pods, "default", "web-1") == *cluster.objects().get(Resource::pods, "default", "web-1"));
}

TEST_CASE("the API server has a timer only while something that it keeps is missing", "[sim]") {
  Cluster cluster;
  const auto timer = [&] {
    for (const Cluster::ActorState& a : cluster.actors()) {
      if (a.name == "api server") return a.nextDue;
    }
    return Millis(-1);
  };
  CHECK(timer() == INT64_MAX);
  apiserver::Request r;
  r.verb = apiserver::Verb::remove;
  r.resource = Resource::services;
  r.namespace_ = "default";
  r.name = "kubernetes";
  r.userAgent = "kubectl";
  REQUIRE(cluster.request(r).ok());
  while (cluster.step(cluster.now())) {}
  CHECK(timer() > cluster.now());
  CHECK(timer() <= cluster.now() + 10000);
  CHECK(timer() % 10000 == cluster.setup().start % 10000);
  cluster.settle(11000, 20000);
  const Value* service = cluster.objects().get(Resource::services, "default", "kubernetes");
  REQUIRE(service);
  CHECK(service->get({key::spec, key::clusterIP}).asString() == "10.96.0.1");
  CHECK(timer() == INT64_MAX);
}
