// A pod and its claim get through although every actor's write fails once.
#include <catch2/catch_test_macros.hpp>

#include "core/api/pods.hpp"
#include "core/manifest/manifest.hpp"
#include "core/sim/cluster.hpp"

using namespace api;

namespace {
void create(sim::Cluster& cluster, const std::string& text) {
  const Value object = manifest::parseYaml(text).documents[0].value;
  const ResourceInfo* info = findKind(Object{{object}}.kind());
  apiserver::Request r;
  r.verb = apiserver::Verb::create;
  r.resource = info->resource;
  if (info->namespaced) r.namespace_ = "default";
  r.body = object;
  REQUIRE(cluster.request(r).ok());
}

void failWrites(sim::Cluster& cluster, int times) {
  Value what;
  what.set(key::type, "failWrite");
  what.set(Key("times"), times);
  REQUIRE(cluster.input(sim::Input{what}).empty());
}
}  // namespace

TEST_CASE("A pod with a claim runs although writes fail at first") {
  for (const char* mode : {"Immediate", "WaitForFirstConsumer"}) {
    for (int times = 1; times <= 3; ++times) {
      sim::Setup setup;
      setup.kubelet = sim::Setup::Kubelet::automatic;
      sim::Cluster cluster(setup);
      create(cluster,
             std::string("{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: c}, provisioner: "
                         "simulated.example.com/disk, volumeBindingMode: ") +
                 mode + "}");
      failWrites(cluster, times);
      create(cluster,
             "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {storageClassName: c, "
             "accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}");
      create(cluster,
             "{apiVersion: v1, kind: Pod, metadata: {name: app}, spec: {containers: [{name: a, image: x}], volumes: "
             "[{name: d, persistentVolumeClaim: {claimName: data}}]}}");
      cluster.settle(20000, 300000);
      const Value* pod = cluster.objects().get(Resource::pods, "default", "app");
      REQUIRE(pod);
      INFO(mode << " " << times << " " << toJson(*pod));
      CHECK(isPodReady(as<Pod>(*pod)));
    }
  }
}

TEST_CASE("When no node has room, a pod is placed as soon as another one goes") {
  sim::Setup setup;
  setup.nodes = 1;
  setup.kubelet = sim::Setup::Kubelet::automatic;
  sim::Cluster cluster(setup);
  for (const char* name : {"a", "b"}) {
    create(cluster, std::string("{apiVersion: v1, kind: Pod, metadata: {name: ") + name +
                        "}, spec: {containers: [{name: c, image: x, resources: {requests: {cpu: '3'}}}]}}");
    cluster.settle(3000, 60000);
  }
  CHECK(isScheduled(as<Pod>(*cluster.objects().get(Resource::pods, "default", "a"))));
  CHECK(!isScheduled(as<Pod>(*cluster.objects().get(Resource::pods, "default", "b"))));
  apiserver::Request r;
  r.verb = apiserver::Verb::remove;
  r.namespace_ = "default";
  r.name = "a";
  REQUIRE(cluster.request(r).ok());
  cluster.settle(3000, 60000);
  CHECK(isScheduled(as<Pod>(*cluster.objects().get(Resource::pods, "default", "b"))));
}
