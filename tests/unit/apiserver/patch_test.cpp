// Patches of all kinds, on the API server's own documents.
#include "core/apiserver/patch.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/manifest/manifest.hpp"

using namespace apiserver;
using namespace api;

namespace {
Value json(std::string_view text) {
  std::string error;
  Value v = manifest::parseJson(text, error);
  INFO(text);
  REQUIRE(error.empty());
  return v;
}
std::string strategic(std::string_view before, std::string_view patch, std::string_view type = "PodSpec") {
  Value after;
  const Response r = strategicMergePatch(*findType(type), json(before), json(patch), after);
  return r.ok() ? toJson(after) : std::to_string(r.code) + " " + std::string(r.message());
}
std::string operations(std::string_view before, std::string_view patch) {
  Value after;
  const Response r = jsonPatch(json(before), json(patch), after);
  return r.ok() ? toJson(after) : std::to_string(r.code);
}
}  // namespace

TEST_CASE("containers merge by name; new ones come first") {
  CHECK(strategic(R"({"containers":[{"name":"one","image":"a"},{"name":"two","image":"b"}]})",
                  R"({"containers":[{"name":"two","image":"c"}]})") ==
        R"({"containers":[{"image":"a","name":"one"},{"image":"c","name":"two"}]})");
  CHECK(strategic(R"({"containers":[{"name":"one"},{"name":"two"}]})",
                  R"({"containers":[{"name":"three"},{"$patch":"delete","name":"two"}]})") ==
        R"({"containers":[{"name":"three"},{"name":"one"}]})");
}

TEST_CASE("an element without its merge key is refused") {
  CHECK(strategic(R"({"containers":[{"name":"one"}]})", R"({"containers":[{"image":"nameless"}]})") ==
        "500 map: map[image:nameless] does not contain declared merge key: name");
}

TEST_CASE("null deletes, lists without a strategy are replaced") {
  CHECK(strategic(R"({"nodeSelector":{"a":"1","b":"2"}})", R"({"nodeSelector":{"a":null}})") ==
        R"({"nodeSelector":{"b":"2"}})");
  CHECK(strategic(R"({"args":["x","y"]})", R"({"args":["z"]})", "Container") == R"({"args":["z"]})");
}

TEST_CASE("directives: replace, retain keys, order, deletions from lists of texts") {
  CHECK(strategic(R"({"containers":[{"name":"one"},{"name":"two"}]})",
                  R"({"containers":[{"$patch":"replace"},{"name":"three"}]})") ==
        R"({"containers":[{"name":"three"}]})");
  CHECK(strategic(R"({"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}})",
                  R"({"strategy":{"$retainKeys":["type"],"type":"Recreate"}})",
                  "DeploymentSpec") == R"({"strategy":{"type":"Recreate"}})");
  CHECK(strategic(R"({"containers":[{"name":"one"},{"name":"two"}]})",
                  R"({"$setElementOrder/containers":[{"name":"two"},{"name":"one"}]})") ==
        R"({"containers":[{"name":"two"},{"name":"one"}]})");
  CHECK(strategic(R"({"finalizers":["a","b"]})", R"({"$deleteFromPrimitiveList/finalizers":["a"]})", "ObjectMeta") ==
        R"({"finalizers":["b"]})");
  CHECK(strategic(R"({"ownerReferences":[{"uid":"x"},{"uid":"y"}]})",
                  R"({"ownerReferences":[{"$patch":"delete","uid":"x"}]})",
                  "ObjectMeta") == R"({"ownerReferences":[{"uid":"y"}]})");
}

TEST_CASE("JSON patch operations") {
  CHECK(operations(R"({"a":[1,2]})", R"([{"op":"add","path":"/a/1","value":9}])") == R"({"a":[1,9,2]})");
  CHECK(operations(R"({"a":[1,2]})", R"([{"op":"add","path":"/a/-","value":9}])") == R"({"a":[1,2,9]})");
  CHECK(operations(R"({"a":{"x/y":1}})", R"([{"op":"replace","path":"/a/x~1y","value":2}])") == R"({"a":{"x/y":2}})");
  CHECK(operations(R"({"a":1,"b":2})", R"([{"op":"move","from":"/a","path":"/c"}])") == R"({"b":2,"c":1})");
  CHECK(operations(R"({"a":1})", R"([{"op":"test","path":"/a","value":2},{"op":"remove","path":"/a"}])") == "422");
  CHECK(operations(R"({"a":1})", R"([{"op":"remove","path":"/none"}])") == "422");
  CHECK(operations(R"({"a":1})", R"([{"op":"jump","path":"/a"}])") == "422");
}
