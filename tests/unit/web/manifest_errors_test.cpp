#include "catch2/catch_test_macros.hpp"
#include "core/sim/session.hpp"
#include "web/snapshot.hpp"

using namespace web;

namespace {

std::string manifest(const std::string& app, const std::string& replicas) {
  return "apiVersion: v1\nkind: Service\nmetadata: {name: " + app +
         "}\nspec: {clusterIP: None, ports: [{port: 80}]}\n---\n" +
         "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n  serviceName: " + app +
         "\n  replicas: " + replicas + "\n  selector: {matchLabels: {app: " + app +
         "}}\n  template:\n    metadata: {labels: {app: " + app +
         "}}\n    spec: {containers: [{name: c, image: nginx}]}\n";
}

}  // namespace

TEST_CASE("each cause of a refused manifest stands at its own line, with the way out") {
  sim::Session s{sim::Setup()};
  REQUIRE(s.apply(manifest("web", "3")).exit == 0);
  std::string other = manifest("nginx", "2");
  other.replace(other.find("name: nginx"), 11, "name: web");  // a Service of the same name
  const sim::Output refused = s.apply(other);
  REQUIRE(refused.exit == 1);
  const std::vector<ManifestError> errors = manifestErrors(other, refused, Language::English);
  INFO(refused.err);
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].line == 13);
  CHECK(errors[0].message.find("field is immutable") != std::string::npos);
  CHECK(errors[0].message.find("go to the start (Home)") != std::string::npos);
  CHECK(errors[1].line == 11);
  CHECK(errors[1].message.find("spec.serviceName") == 0);
}

TEST_CASE("what is refused as a whole stands where the object begins, not in the first line of the text") {
  sim::Session s{sim::Setup()};
  const std::string text = manifest("web", "1");
  const sim::Output refused{
      1, "", "Error from server (Forbidden): error when creating \"STDIN\": statefulsets \"web\" is forbidden\n"};
  const std::vector<ManifestError> errors = manifestErrors(text, refused, Language::English);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].line == 9);
}

TEST_CASE("what JavaScript applies is told beside the open manifest of that text, refused or not") {
  sim::Session s{sim::Setup()};
  SessionSource source(s, nullptr);
  Shell shell;
  const std::string bad = manifest("web", "many"), good = manifest("web", "2");
  s.setFile("other.yaml", "kind: List\n");
  s.setFile("web.yaml", bad);
  source.applied(bad, s.apply(bad), shell);
  REQUIRE(shell.manifests.size() == 2);
  CHECK(shell.manifest == 1);
  CHECK(shell.manifests[0].errors.empty());
  REQUIRE(shell.manifests[1].errors.size() == 1);
  CHECK(shell.manifests[1].errors[0].line == 12);
  s.setFile("web.yaml", good);
  source.applied(good, s.apply(good), shell);
  CHECK(shell.manifests[1].errors.empty());
  CHECK(shell.manifests[1].applied == good);
  CHECK(shell.manifests[1].appliedAt == int(s.cursor()));
}

TEST_CASE("of a session that another has replaced nothing is shown") {
  sim::Session s{sim::Setup()};
  SessionSource source(s, nullptr);
  Shell shell;
  const std::string text = manifest("web", "2");
  s.setFile("web.yaml", text);
  source.applied(text, s.apply(text), shell);
  REQUIRE(source.snapshot(shell).timeline.ticks.size() == 2);
  s = sim::Session{sim::Setup()};
  source.replaced(shell);
  s.setFile("web.yaml", text);
  s.kubectl("create configmap first --from-literal=a=b");
  s.kubectl("create configmap second --from-literal=a=b");
  source.sync(shell);
  CHECK(shell.manifests[0].appliedAt == -1);
  CHECK(source.snapshot(shell).timeline.ticks[0].group == KindGroup::Work);  // a ConfigMap, no Service
}
