// The workload controllers under many orders of work items: they always arrive, and OrderedReady is kept on the way.
#include <catch_amalgamated.hpp>

#include <set>

#include "core/api/pods.hpp"
#include "core/controllers/statefulset_utils.hpp"
#include "core/sim/cluster.hpp"

using api::Resource;
using api::Value;
namespace key = api::key;

namespace {
constexpr api::Millis second = 1000;

struct World {
  sim::Cluster cluster;
  std::set<std::string> known;  ///< UIDs of the Pods seen so far

  explicit World(uint64_t seed) : cluster(setup(seed)) {}
  static sim::Setup setup(uint64_t seed) {
    sim::Setup s;
    s.nodes = 2;
    s.kubelet = sim::Setup::Kubelet::automatic;
    s.recordingTimes = true;
    s.order = sim::Order::shuffle;
    s.seed = seed;
    return s;
  }

  void request(std::string_view method, std::string_view resource, std::string_view body) {
    apiserver::HttpRequest r;
    r.method = method;
    r.path = "/apis/apps/v1/namespaces/default/" + std::string(resource);
    r.body = body;
    r.contentType = method == "PATCH" ? "application/merge-patch+json" : "application/json";
    const apiserver::Response reply = cluster.request(r);
    INFO(reply.message());
    REQUIRE(reply.ok());
  }

  const Value& object(Resource r, std::string_view name) const {
    const Value* found = cluster.objects().get(r, "default", name);
    REQUIRE(found);
    return *found;
  }

  /// Steps for so long, and looks at every new Pod: all lower ordinals are there and Ready.
  void run(api::Millis time, int64_t first) {
    const api::Millis end = cluster.now() + time;
    while (cluster.step(end)) {
      cluster.objects().each(Resource::pods, "default", [&](const Value& v) {
        const api::Pod pod{{v}};
        if (!known.insert(std::string(pod.metadata().uid())).second) return;
        const auto [parent, ordinal] = controllers::statefulset::getParentNameAndOrdinal(pod.metadata().name());
        if (parent != "web" || first < 0) return;
        for (int64_t lower = first; lower < ordinal; ++lower) {
          INFO(pod.metadata().name() << " was created before web-" << lower << " was Ready");
          const Value* before = cluster.objects().get(Resource::pods, "default", "web-" + std::to_string(lower));
          REQUIRE(before);
          REQUIRE(api::isRunningAndReady({{*before}}));
        }
      });
    }
  }
};

std::string workload(std::string_view kind, std::string_view name, std::string_view spec) {
  return R"({"apiVersion":"apps/v1","kind":")" + std::string(kind) + R"(","metadata":{"name":")" + std::string(name) +
         R"("},"spec":{)" + std::string(spec) + R"("selector":{"matchLabels":{"app":")" + std::string(name) +
         R"("}},"template":{"metadata":{"labels":{"app":")" + std::string(name) +
         R"("}},"spec":{"containers":[{"name":"main","image":"nginx:1"}]}}}})";
}
constexpr std::string_view newImage =
    R"({"spec":{"template":{"spec":{"containers":[{"name":"main","image":"nginx:2"}]}}}})";
constexpr std::string_view claims =
    R"("volumeClaimTemplates":[{"metadata":{"name":"www"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":
    {"storage":"1Gi"}}}}],"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete","whenDeleted":"Retain"},)";
}  // namespace

TEST_CASE("a StatefulSet is created, updated and scaled in order whatever comes first") {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    World w(seed);
    w.request("POST", "statefulsets",
              workload("StatefulSet", "web", R"("replicas":3,"serviceName":"web",)" + std::string(claims)));
    w.run((1 + seed % 3) * second / 20, 0);
    w.request("PATCH", "statefulsets/web", newImage);
    w.run(seed % 5 * second / 20, 0);
    w.request("PATCH", "statefulsets/web", R"({"spec":{"replicas":1}})");
    w.run(seed % 7 * second / 20, 0);
    w.request("PATCH", "statefulsets/web", R"({"spec":{"replicas":4}})");
    w.run(120 * second, 0);
    // A set that waits for a former Pod's claim to go is woken by nothing (as upstream); a change wakes it.
    w.request("PATCH", "statefulsets/web", R"({"metadata":{"labels":{"woken":"yes"}}})");
    w.run(120 * second, 0);
    const Value& status = w.object(Resource::statefulsets, "web")[key::status];
    CHECK(status[key::readyReplicas].asInt() == 4);
    CHECK(status[key::updatedReplicas].asInt() == 4);
    CHECK(status[key::currentRevision] == status[key::updateRevision]);
    CHECK(w.cluster.objects().count(Resource::pods) == 4);
    CHECK(w.cluster.objects().count(Resource::persistentvolumeclaims) == 4);
  }
}

TEST_CASE("Deployments and DaemonSets arrive whatever comes first") {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    World w(seed);
    w.request("POST", "deployments", workload("Deployment", "site", R"("replicas":3,)"));
    w.request("POST", "daemonsets", workload("DaemonSet", "agent", ""));
    w.run(seed % 4 * second / 20, -1);
    w.request("PATCH", "deployments/site", newImage);
    w.request("PATCH", "daemonsets/agent", newImage);
    w.run(seed % 6 * second / 20, -1);
    w.request("PATCH", "deployments/site", R"({"spec":{"replicas":5}})");
    w.run(180 * second, -1);
    const Value& deployment = w.object(Resource::deployments, "site")[key::status];
    CHECK(deployment[key::updatedReplicas].asInt() == 5);
    CHECK(deployment[key::replicas].asInt() == 5);
    CHECK(deployment[key::availableReplicas].asInt() == 5);
    const Value& daemonSet = w.object(Resource::daemonsets, "agent")[key::status];
    CHECK(daemonSet[key::updatedNumberScheduled].asInt() == 2);
    CHECK(daemonSet[key::numberAvailable].asInt() == 2);
    CHECK(w.cluster.objects().count(Resource::pods) == 7);
  }
}
