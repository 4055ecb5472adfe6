// The StatefulSet controller in a cluster: what the recordings do not show.
#include <catch_amalgamated.hpp>

#include "core/manifest/manifest.hpp"
#include "core/sim/cluster.hpp"

using api::Resource;
using api::Value;
namespace key = api::key;

namespace {
constexpr api::Millis second = 1000;

sim::Cluster cluster(sim::Setup::Version version = sim::Setup::Version::v1_37) {
  sim::Setup setup;
  setup.nodes = 1;
  setup.kubelet = sim::Setup::Kubelet::automatic;
  setup.recordingTimes = true;
  setup.version = version;
  return sim::Cluster(setup);
}

void apply(sim::Cluster& c, std::string_view method, std::string_view name, std::string_view body) {
  apiserver::HttpRequest r;
  r.method = method;
  r.path = "/apis/apps/v1/namespaces/default/statefulsets" + (name.empty() ? "" : "/" + std::string(name));
  r.body = body;
  r.contentType = method == "PATCH" ? "application/merge-patch+json" : "application/json";
  const apiserver::Response reply = c.request(r);
  INFO(reply.message());
  REQUIRE(reply.ok());
}

std::string set(int replicas, std::string_view more) {
  return R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":)" +
         std::to_string(replicas) + R"(,"serviceName":"web",)" + std::string(more) +
         R"("selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},)"
         R"("spec":{"containers":[{"name":"web","image":"nginx:1"}]}}}})";
}

int64_t status(const sim::Cluster& c, api::Key field) {
  const Value* found = c.objects().get(Resource::statefulsets, "default", "web");
  return found ? (*found)[key::status][field].asInt() : -1;
}
size_t pods(const sim::Cluster& c) { return c.objects().count(Resource::pods); }

size_t entries(const sim::Cluster& c, std::string_view rule) {
  size_t n = 0;
  for (size_t i = 0; i < c.journal().entries.size(); ++i)
    n += decision::info(c.journal().entries[i].why.rule).id == rule;
  return n;
}

void input(sim::Cluster& c, std::string_view what) {
  std::string error;
  sim::Input in;
  in.what = manifest::parseJson(what, error);
  REQUIRE(c.input(in) == "");
}
}  // namespace

TEST_CASE("a set goes up in order and down in reverse") {
  sim::Cluster c = cluster();
  apply(c, "POST", "", set(3, ""));
  c.settle(second, 60 * second);
  CHECK(status(c, key::readyReplicas) == 3);
  CHECK(entries(c, "CreateReplicaInOrder") == 2);
  CHECK(entries(c, "WaitForPredecessor") >= 2);
  apply(c, "PATCH", "web", R"({"spec":{"replicas":0}})");
  c.settle(second, 60 * second);
  CHECK(pods(c) == 0);
  CHECK(entries(c, "WaitForHigherTermination") >= 2);
}

TEST_CASE("while its view lags behind its own writes a set is left alone") {
  sim::Cluster c = cluster();
  input(c, R"({"type":"lag","actor":"statefulset"})");
  apply(c, "POST", "", set(2, R"("podManagementPolicy":"Parallel",)"));
  c.settle(second, 5 * second);
  CHECK(pods(c) == 0);  // it does not even see the set
  input(c, R"({"type":"lag","actor":"statefulset","on":false})");
  c.settle(second, 10 * second);
  CHECK(pods(c) == 2);
  input(c, R"({"type":"lag","actor":"statefulset"})");
  apply(c, "PATCH", "web", R"({"spec":{"replicas":4}})");
  c.settle(second, 5 * second);
  CHECK(pods(c) == 2);
  input(c, R"({"type":"lag","actor":"statefulset","on":false})");
  c.settle(second, 10 * second);
  CHECK(status(c, key::readyReplicas) == 4);
}

TEST_CASE("a failed write is tried again") {
  sim::Cluster c = cluster();
  input(c, R"({"type":"failWrite","actor":"statefulset","times":3})");
  apply(c, "POST", "", set(2, ""));
  c.settle(second, 60 * second);
  CHECK(status(c, key::readyReplicas) == 2);
  CHECK(pods(c) == 2);
}

TEST_CASE("maxUnavailable counts in 1.37 and not in 1.36") {
  constexpr std::string_view strategy =
      R"("podManagementPolicy":"Parallel","updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":3}},)";
  constexpr std::string_view newTemplate =
      R"({"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:2"}]}}}})";
  for (const auto version : {sim::Setup::Version::v1_37, sim::Setup::Version::v1_36}) {
    sim::Cluster c = cluster(version);
    apply(c, "POST", "", set(3, strategy));
    c.settle(second, 60 * second);
    REQUIRE(status(c, key::readyReplicas) == 3);
    apply(c, "PATCH", "web", newTemplate);
    const api::Millis start = c.now();
    while (c.now() < start + 60 * second &&
           entries(c, "DeleteReplicaForUpdate") + entries(c, "DeleteNextReplicaForUpdate") == 0) {
      REQUIRE(c.step());
    }
    size_t terminating = 0;
    c.objects().each(Resource::pods, "default", [&](const Value& pod) {
      terminating += pod[key::metadata].find(key::deletionTimestamp) != nullptr;
    });
    CHECK(terminating == (version == sim::Setup::Version::v1_37 ? 3 : 1));
    c.settle(second, 120 * second);
    CHECK(status(c, key::updatedReplicas) == 3);
  }
}

TEST_CASE("a copy of a cluster goes on as the original does") {
  sim::Cluster c = cluster();
  apply(c, "POST", "", set(3, R"("minReadySeconds":5,)"));
  for (int i = 0; i < 15; ++i) REQUIRE(c.step());
  sim::Cluster copy = c;
  c.settle(10 * second, 120 * second);
  copy.settle(10 * second, 120 * second);
  CHECK(status(c, key::availableReplicas) == 3);
  CHECK(status(copy, key::availableReplicas) == 3);
  CHECK(c.journal().entries.size() == copy.journal().entries.size());
  CHECK(c.revision() == copy.revision());
}

TEST_CASE("every reason has both sentences, short enough to be read in passing") {
  for (const decision::RuleInfo& r : decision::rules()) {
    INFO(r.id);
    CHECK_FALSE(r.en.empty());
    CHECK_FALSE(r.zh.empty());
    size_t words = 1;
    for (const char ch : r.en) words += ch == ' ';
    CHECK(words <= 30);
  }
}
