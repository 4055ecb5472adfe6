#include "core/apiserver/check.hpp"

#include <catch2/catch_test_macros.hpp>

using apiserver::checkManifest;
using apiserver::Finding;

namespace {
const std::string good =
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  replicas: 3\n  selector: {matchLabels: "
    "{app: "
    "web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - name: c\n        "
    "image: "
    "nginx\n";
std::string replaced(const std::string& from, const std::string& to) {
  std::string text = good;
  text.replace(text.find(from), from.size(), to);
  return text;
}
Finding only(const std::string& text) {
  const auto all = checkManifest(text);
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0].messageZh.empty());
  return all[0];
}
}  // namespace

TEST_CASE("a good manifest has no findings") { CHECK(checkManifest(good).empty()); }

TEST_CASE("headless Services and Lists are good too") {
  CHECK(checkManifest(
            "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {clusterIP: None, ports: [{port: 80}]}\n")
            .empty());
  const auto all = checkManifest(
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  dta: {}\n");
  REQUIRE(all.size() == 1);
  CHECK((all[0].line == 7 && all[0].suggestion == "data"));
}

TEST_CASE("a misspelt field is found at its line, with what was meant") {
  const Finding f = only(replaced("replicas: 3", "replica: 3"));
  CHECK((f.line == 5 && f.column == 3 && f.endColumn == 10));
  CHECK(f.path == "spec.replica");
  CHECK(f.suggestion == "replicas");
  CHECK(f.message == "unknown field \"spec.replica\". Did you mean `replicas`?");
  CHECK(only(replaced("image: nginx", "imge: nginx\n        image: x")).suggestion == "image");
}

TEST_CASE("wrong kinds, versions, types and quantities") {
  CHECK(only(replaced("kind: StatefulSet", "kind: Statefulset")).suggestion == "StatefulSet");
  CHECK(only(replaced("apiVersion: apps/v1", "apiVersion: v1")).suggestion == "apps/v1");
  CHECK(only(replaced("replicas: 3", "replicas: three")).line == 5);
  const Finding f = only(replaced("image: nginx", "image: nginx\n        resources: {requests: {memory: 1Go}}"));
  CHECK(f.line == 13);
  CHECK(f.path == "spec.template.spec.containers[0].resources.requests.memory");
  CHECK(f.suggestion == "1Gi");
  CHECK(only(replaced("- name: c", "- name: C_1")).path == "spec.template.spec.containers[0].name");
}

TEST_CASE("a tab in the indentation is what is wrong, whatever the parser falls over") {
  const Finding f = only("kind: Service\nmetadata:\n  labels:\n\tapp: web\n");
  CHECK(f.line == 4);
  CHECK(f.message.find("never of tabs") != std::string::npos);
}

TEST_CASE("broken texts") {
  CHECK(only("").message == "There is no object in this text.");
  CHECK(only(replaced("  replicas", "\treplicas")).line == 5);
  CHECK(only(replaced("{name: web}", "{name: web")).message.find("not closed") != std::string::npos);
  CHECK(only(replaced("spec:\n  replicas", "spec\n  replicas")).line == 4);
  CHECK(only(std::string(5 << 20, 'x')).message.find("3 MiB") != std::string::npos);
  CHECK(only("just text\n").message.find("An object is needed") == 0);
}
