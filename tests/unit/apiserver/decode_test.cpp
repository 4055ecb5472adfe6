#include "core/apiserver/decode.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/manifest/manifest.hpp"

using namespace apiserver;

namespace {
Value parse(const char* json) {
  std::string error;
  Value v = manifest::parseJson(json, error);
  REQUIRE(error == "");
  return v;
}
std::string refused(Resource r, const char* json, std::string_view validation = "Strict") {
  Value v = parse(json);
  std::vector<std::string> warnings;
  return decodeBody(r, v, validation, {}, warnings).message;
}
std::string decoded(Resource r, const char* json) {
  return api::toJson(decode(*api::findType(api::info(r).kind), parse(json)).object);
}
}  // namespace

TEST_CASE("unknown fields and wrong types have the real decoder's words") {
  CHECK(refused(Resource::pods, R"({"apiVersion":"v1","kind":"Pod","spec":{"nodename":"x"}})") ==
        "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"spec.nodename\"");
  CHECK(refused(Resource::configmaps, R"({"data":{"a":1}})") ==
        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct "
        "field "
        "ConfigMap.data of type string");
  CHECK(refused(Resource::services, R"({"spec":{"ports":[{"port":"http"}]}})") ==
        "Service in version \"v1\" cannot be handled as a Service: json: cannot unmarshal string into Go struct field "
        "ServicePort.spec.ports.port of type int32");
  CHECK(refused(Resource::pods, R"({"spec":{"containers":[{"command":"x"}]}})") ==
        "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field "
        "Container.spec.containers.command of type []string");
  CHECK(refused(Resource::statefulsets, R"({"apiVersion":"apps/v1","kind":"Deployment"})") ==
        "Deployment in version \"v1\" cannot be handled as a StatefulSet: converting (v1.Deployment) to "
        "(apps.StatefulSet): unknown conversion");
  CHECK(refused(Resource::statefulsets, R"({"apiVersion":"apps/v2","kind":"StatefulSet"})") ==
        "StatefulSet in version \"v2\" cannot be handled as a StatefulSet: no kind \"StatefulSet\" is registered for "
        "version \"apps/v2\" in scheme \"pkg/runtime/scheme.go:111\"");
}

TEST_CASE("unknown fields are warnings or nothing as asked") {
  Value v = parse(R"({"metadata":{"lables":{}}})");
  std::vector<std::string> warnings;
  CHECK_FALSE(decodeBody(Resource::pods, v, "", {"metadata.name"}, warnings));
  CHECK(warnings == std::vector<std::string>{"duplicate field \"metadata.name\"", "unknown field \"metadata.lables\""});
}

TEST_CASE("a decoded object is what Go would write") {
  CHECK(decoded(Resource::pods, R"({"metadata":{"name":"p","labels":{},"creationTimestamp":null},
        "spec":{"containers":[{"name":"c","stdin":false,"resources":{"requests":{"cpu":0.5,"memory":"1024Mi"}}}],
                "terminationGracePeriodSeconds":0,"nodeSelector":null}})") ==
        R"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"500m",)"
        R"("memory":"1Gi"}}}],"terminationGracePeriodSeconds":0},"status":{}})");
}
