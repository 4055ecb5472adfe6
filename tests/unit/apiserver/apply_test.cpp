// Server-side apply: who owns which field, conflicts, and what goes when nobody applies it any more.
#include <catch2/catch_test_macros.hpp>

#include "core/manifest/manifest.hpp"
#include "tests/unit/apiserver/fixture.hpp"

using namespace apiserver;
using namespace api;
using apiserver_test::Api;

namespace {
struct Applying : Api {
  Response apply(std::string_view path, std::string_view body, std::string_view manager, bool force = false) {
    HttpRequest http;
    http.method = "PATCH";
    http.path = std::string(path) + "?fieldManager=" + std::string(manager) + (force ? "&force=true" : "");
    http.contentType = "application/apply-patch+yaml";
    http.body = body;
    return server.handle(http);
  }
  Response config(std::string_view data, std::string_view manager, bool force = false) {
    return apply(
        "/api/v1/namespaces/default/configmaps/shared",
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shared"},"data":)" + std::string(data) + "}",
        manager, force);
  }
  std::string data() { return toJson(get(Resource::configmaps, "shared").body[key::data]); }
};
}  // namespace

TEST_CASE("another manager's change of an owned field is a conflict unless forced") {
  Applying api;
  CHECK(api.config(R"({"a":"1","b":"1"})", "alice").code == 201);
  const Response r = api.config(R"({"b":"2","c":"2"})", "bob");
  CHECK(r.code == 409);
  CHECK(r.message() == "Apply failed with 1 conflict: conflict with \"alice\": .data.b");
  CHECK(api.config(R"({"b":"2","c":"2"})", "bob", true).code == 200);
  CHECK(api.data() == R"({"a":"1","b":"2","c":"2"})");
}

TEST_CASE("what a manager no longer applies goes, unless another one owns it") {
  Applying api;
  api.config(R"({"a":"1","b":"1"})", "alice");
  api.config(R"({"b":"1","c":"2"})", "bob");
  api.config(R"({"a":"1"})", "alice");
  CHECK(api.data() == R"({"a":"1","b":"1","c":"2"})");
  api.config(R"({"c":"2"})", "bob");
  CHECK(api.data() == R"({"a":"1","c":"2"})");
}

TEST_CASE("lists by key merge item by item") {
  Applying api;
  const std::string path = "/apis/apps/v1/namespaces/default/statefulsets/web";
  const auto body = [](std::string_view containers) {
    return R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"serviceName":"web",)"
           R"("selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{)"
           R"("containers":)" +
           std::string(containers) + "}}}}";
  };
  CHECK(api.apply(path, body(R"([{"name":"main","image":"a"}])"), "alice").code == 201);
  const Response r =
      api.apply(path,
                R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"template":{"spec":{)"
                R"("containers":[{"name":"main","image":"b"},{"name":"side","image":"c"}]}}}})",
                "bob");
  CHECK(r.message() ==
        "Apply failed with 1 conflict: conflict with \"alice\": .spec.template.spec.containers[name=\"main\"].image");
  CHECK(
      api.apply(path,
                R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"template":{"spec":{)"
                R"("containers":[{"name":"side","image":"c"}]}}}})",
                "bob")
          .code == 200);
  const Value& containers =
      api.get(Resource::statefulsets, "web").body.get({key::spec, key::template_, key::spec, key::containers});
  CHECK(containers.size() == 2);
}

TEST_CASE("a plain update takes over what it changes") {
  Applying api;
  api.config(R"({"a":"1"})", "alice");
  HttpRequest http;
  http.method = "PATCH";
  http.path = "/api/v1/namespaces/default/configmaps/shared?fieldManager=editor";
  http.contentType = "application/merge-patch+json";
  http.body = R"({"data":{"a":"2"}})";
  CHECK(api.server.handle(http).code == 200);
  const Response r = api.config(R"({"a":"1"})", "alice");
  CHECK(r.message() == "Apply failed with 1 conflict: conflict with \"editor\" using v1: .data.a");
}
