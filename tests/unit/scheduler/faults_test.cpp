// A pod and its claim get through although every actor's write fails once.
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

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

TEST_CASE("In whatever order the actors work, each claim gets a volume of its own") {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    sim::Setup setup;
    setup.nodes = 2;
    setup.kubelet = sim::Setup::Kubelet::automatic;
    setup.order = sim::Order::shuffle;
    setup.seed = seed;
    sim::Cluster cluster(setup);
    const char* names[] = {"a", "b", "c"};
    for (const char* name : names) {
      create(cluster, std::string("{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv-") + name +
                          "}, spec: {storageClassName: manual, capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], "
                          "hostPath: {path: /x}}}");
    }
    for (const char* name : names) {
      create(cluster, std::string("{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: ") + name +
                          "}, spec: {storageClassName: manual, accessModes: [ReadWriteOnce], resources: {requests: "
                          "{storage: 1Gi}}}}");
      create(cluster, std::string("{apiVersion: v1, kind: Pod, metadata: {name: ") + name +
                          "}, spec: {containers: [{name: c, image: x}], volumes: [{name: d, persistentVolumeClaim: "
                          "{claimName: " +
                          name + "}}]}}");
    }
    cluster.settle(20000, 300000);
    std::set<std::string> volumes;
    for (const char* name : names) {
      const Value* claim = cluster.objects().get(Resource::persistentvolumeclaims, "default", name);
      REQUIRE(claim);
      volumes.emplace(as<PersistentVolumeClaim>(*claim).spec().volumeName());
      INFO(seed);
      CHECK(as<PersistentVolumeClaim>(*claim).status().phase() == "Bound");
      CHECK(isPodReady(as<Pod>(*cluster.objects().get(Resource::pods, "default", name))));
    }
    CHECK(volumes.size() == 3);
  }
}

TEST_CASE("A pod of higher priority takes the place of one of lower priority, and of no more") {
  sim::Setup setup;
  setup.nodes = 1;
  setup.kubelet = sim::Setup::Kubelet::automatic;
  sim::Cluster cluster(setup);
  const auto pod = [](const std::string& name, const std::string& more) {
    return "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "}, spec: {containers: [{name: c, image: x, " +
           "resources: {requests: {cpu: '2'}}}]" + more + "}}";
  };
  for (const char* name : {"a", "b"}) create(cluster, pod(name, ""));
  cluster.settle(3000, 60000);
  create(cluster, pod("critical", ", priorityClassName: system-node-critical"));
  cluster.settle(3000, 60000);
  const auto get = [&](const char* name) { return cluster.objects().get(Resource::pods, "default", name); };
  REQUIRE(get("critical"));
  CHECK(isPodReady(as<Pod>(*get("critical"))));
  CHECK((get("a") == nullptr) != (get("b") == nullptr));
}
