// Every exercise of examples/exercises: one way that passes all of its checks, and wrong ways with the checks that they
// fail.
#include "core/lesson/exercise.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

namespace {
/// An exercise that a learner has begun.
struct Learner {
  lesson::Exercise exercise;
  sim::Session session;
  size_t start = 0;

  explicit Learner(const std::string& id) {
    std::ifstream file(std::string(EXAMPLES) + "/exercises/" + id + ".yaml");
    std::stringstream text;
    text << file.rdbuf();
    REQUIRE(lesson::parseExercise(text.str(), exercise) == "");
    CHECK(exercise.id == id);
    for (const lesson::Check& check : exercise.checks) { CHECK_FALSE(check.title.zh.empty()); }
    session = lesson::begin(exercise, start);
  }

  /// kubectl lines; after each the cluster runs to rest.
  void does(std::initializer_list<std::string_view> lines) {
    for (const std::string_view line : lines) {
      const sim::Output output = session.kubectl(line);
      INFO(line << ": " << output.err);
      CHECK(output.exit == 0);
      session.rest();
    }
  }

  /// The ids of the checks that do not pass, each followed by a blank.
  std::string missing() const {
    std::string ids;
    for (const lesson::Result& r : lesson::check(exercise, session, start)) {
      CHECK((r.broken == 0 || !r.passed));
      if (!r.passed) ids += r.id + " ";
    }
    return ids;
  }

  /// Where a check of what must always or never hold was first broken.
  size_t broken(std::string_view id) const {
    for (const lesson::Result& r : lesson::check(exercise, session, start)) {
      if (r.id == id) return r.broken;
    }
    return 0;
  }

  int64_t ready() const {
    const api::Value set = session.object("StatefulSet/default/db");
    return set[api::Key("status")][api::Key("readyReplicas")].asInt();
  }
  std::string image(std::string_view pod) const {
    const api::Value v = session.object("Pod/default/" + std::string(pod));
    return std::string(v[api::Key("spec")][api::Key("containers")][0][api::Key("image")].asString());
  }
};

constexpr std::string_view onlyTheLast =
    R"(patch statefulset db -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}')";
constexpr std::string_view all =
    R"(patch statefulset db -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}')";
constexpr std::string_view badImage = "set image statefulset/db db=postgres:17-typo";
constexpr std::string_view goodImage = "set image statefulset/db db=postgres:17";
constexpr std::string_view byForce = "delete pod db-1 --force --grace-period=0";
}  // namespace

TEST_CASE("scale a database: the policy comes before the scaling") {
  Learner careful("scale-a-database");
  CHECK(careful.missing() == "evening ");
  careful.does(
      {R"(patch statefulset db -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Retain"}}}')",
       "scale statefulset db --replicas=1"});
  CHECK(careful.missing() == "morning ");
  careful.does({"scale statefulset db --replicas=3"});
  CHECK(careful.missing() == "");

  Learner careless("scale-a-database");
  careless.does({"scale statefulset db --replicas=1", "scale statefulset db --replicas=3"});
  CHECK(careless.missing() == "records ");
}

TEST_CASE("update one replica: a Pod that never became Ready is deleted by hand") {
  Learner learner("update-one-replica");
  CHECK(learner.missing() == "canary mended everywhere ");
  learner.does({onlyTheLast, badImage});
  CHECK(learner.ready() == 2);
  CHECK(learner.missing() == "mended everywhere ");
  for (const std::string_view mend : {std::string_view("rollout undo statefulset db"), goodImage}) {
    learner.does({mend});
    CHECK(learner.image("db-2") == "postgres:17-typo");  // a good template is not enough
  }
  CHECK(learner.missing() == "mended everywhere ");
  learner.does({"delete pod db-2"});
  CHECK(learner.missing() == "everywhere ");
  learner.does({all});
  CHECK(learner.missing() == "");
}

TEST_CASE("update one replica: without a partition a second replica can take the bad image") {
  Learner learner("update-one-replica");
  learner.does({badImage});
  CHECK(learner.missing() == "canary mended everywhere ");
  const size_t before = learner.session.cursor();
  learner.does({"delete pod db-1"});
  CHECK(learner.missing() == "canary mended everywhere contained serving ");
  for (const std::string_view id : {"contained", "serving"}) {
    const size_t at = learner.broken(id);
    CHECK(at > before);
    learner.session.seek(at - 1);
    CHECK(learner.broken(id) == 0);
    learner.session.seek(at);
    CHECK(learner.broken(id) == at);
    learner.session.seek(learner.session.length());
  }
}

TEST_CASE("a node dies: the cluster waits until somebody says that db-1 has stopped") {
  for (const std::string_view line :
       {byForce, std::string_view("delete node node-1"),
        std::string_view("taint nodes node-1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute")}) {
    Learner learner("node-dies");
    CHECK(learner.missing() == "noticed back ");
    learner.session.rest();
    CHECK(learner.missing() == "back ");
    CHECK(learner.session.step());  // five minutes later the eviction begins
    learner.session.rest();
    const api::Value waiting = learner.session.object("Pod/default/db-1");
    CHECK(waiting[api::Key("metadata")][api::Key("deletionTimestamp")].asString() != "");
    learner.session.wait(3600000);
    CHECK(learner.missing() == "back ");
    learner.does({line});
    CHECK(learner.missing() == "");
  }
}

TEST_CASE("a node dies: whoever knows that it is off need not wait for the eviction") {
  Learner learner("node-dies");
  learner.session.rest();
  learner.does({byForce});
  CHECK(learner.missing() == "");
}

TEST_CASE("a node dies: without its claim db-1 comes back with nothing") {
  Learner learner("node-dies");
  learner.session.rest();
  learner.does({"delete pvc data-db-1 --wait=false", byForce});
  CHECK(learner.missing() == "claim records ");
  CHECK(learner.broken("claim") > learner.start);
}

TEST_CASE("a node dies: deleting the set by way of trial takes the others away") {
  Learner learner("node-dies");
  learner.session.rest();
  learner.does({"scale statefulset db --replicas=0"});
  CHECK(learner.missing() == "back serving ");
}
