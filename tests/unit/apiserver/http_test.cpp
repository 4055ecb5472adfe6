// Paths, queries, media types and selectors, from the outside.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/apiserver/fixture.hpp"

using namespace apiserver;
using namespace api;
using apiserver_test::Api;

namespace {
Response get(Api& api, std::string_view path, std::string_view accept = "") {
  HttpRequest http;
  http.method = "GET";
  http.path = path;
  http.accept = accept;
  return api.server.handle(http);
}
std::string names(const Response& list) {
  std::string out;
  for (const Value& v : list.body[key::items].values())
    out += (out.empty() ? "" : " ") + std::string(v.get({key::metadata, key::name}).asString());
  return out;
}
}  // namespace

TEST_CASE("an unknown group is plain text, an unknown version or resource a Status") {
  Api api;
  CHECK(get(api, "/apis/nothing.example.com/v1/things").text == "404 page not found\n");
  CHECK(get(api, "/nowhere").text == "404 page not found\n");
  CHECK(get(api, "/api/v1/namespaces/default/nothings").message() ==
        "the server could not find the requested resource");
  CHECK(get(api, "/apis/apps/v9/namespaces/default/deployments").code == 404);
  CHECK(get(api, "/api/v1/namespaces/default/pods", "text/html").code == 406);
}

TEST_CASE("lists are selected by labels and fields") {
  Api api;
  api.pod("a", "node-1", "web");
  api.pod("b", "", "web");
  api.pod("c", "", "db");
  CHECK(names(get(api, "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb")) == "a b");
  CHECK(names(get(api, "/api/v1/pods?labelSelector=app+notin+(web)")) == "c");
  CHECK(names(get(api, "/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1")) == "a");
  CHECK(get(api, "/api/v1/pods?labelSelector=a+b").message() ==
        "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
  CHECK(get(api, "/api/v1/pods?fieldSelector=spec.image%3Dx").message() == "field label not supported: spec.image");
}

TEST_CASE("a list with a limit goes on where it stopped") {
  Api api;
  for (const char* n : {"c1", "c2", "c3"}) api.configMap(n);
  const Response first = get(api, "/api/v1/namespaces/default/configmaps?limit=2");
  CHECK(names(first) == "c1 c2");
  CHECK(first.body.get({key::metadata, key::remainingItemCount}).asInt() == 1);
  const std::string token(first.body.get({key::metadata, key::continue_}).asString());
  CHECK(names(get(api, "/api/v1/namespaces/default/configmaps?limit=2&continue=" + token)) == "c3");
  CHECK(get(api, "/api/v1/namespaces/default/configmaps?continue=nonsense").code == 400);
}

TEST_CASE("a Table has a row for each object") {
  Api api;
  api.pod("a", "node-1");
  const Response r = get(api, "/api/v1/namespaces/default/pods", "application/json;as=Table;v=v1;g=meta.k8s.io");
  CHECK(r.body[key::kind].asString() == "Table");
  const Value& cells = r.body[Key("rows")][0][Key("cells")];
  CHECK(toJson(cells) ==
        R"(["a","0/1","Pending","0","0s","\u003cnone\u003e","node-1","\u003cnone\u003e","\u003cnone\u003e"])");
}

TEST_CASE("services get addresses and ports that are free") {
  Api api;
  const auto service = [&](std::string_view name, Value spec) {
    return api.create(
        Resource::services, "default",
        Value::object({{key::metadata, Value::object({{key::name, name}})}, {key::spec, std::move(spec)}}));
  };
  const Value port = Value::object({{key::port, 80}, {key::nodePort, 30080}, {key::protocol, "TCP"}});
  const Value nodePort = Value::object({{key::type, "NodePort"}, {key::ports, Value::array({port})}});
  const Response first = service("a", nodePort);
  CHECK(first.body.get({key::spec, key::clusterIP}).asString().substr(0, 3) == "10.");
  CHECK(service("b", nodePort).message() ==
        "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated");
  const Response headless = service("c", Value::object({{key::type, "ClusterIP"}, {key::clusterIP, "None"}}));
  CHECK(headless.body.get({key::spec, key::ipFamilyPolicy}).asString() == "RequireDualStack");
}

TEST_CASE("a read may ask for a version that there is, not for a later one") {
  Api api;
  api.configMap("a");
  CHECK(get(api, "/api/v1/namespaces/default/configmaps/a?resourceVersion=1").code == 200);
  CHECK(get(api, "/api/v1/configmaps?resourceVersion=0").code == 200);
  const Response late = get(api, "/api/v1/configmaps?resourceVersion=1000");
  CHECK(late.code == 504);
  CHECK(late.message() == "Timeout: Too large resource version: 1000, current: 3");
  CHECK(get(api, "/api/v1/configmaps?resourceVersionMatch=Exact").message() ==
        "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden "
        "unless resourceVersion is provided");
}

TEST_CASE("what is odd but allowed is warned about") {
  Api api;
  HttpRequest http;
  http.method = "POST";
  http.path = "/api/v1/namespaces/default/pods";
  http.body =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i",)"
      R"("env":[{"name":"A","value":"1"},{"name":"A","value":"2"}],"ports":[{"containerPort":80},{"containerPort":80,)"
      R"("hostPort":8080}]}]}})";
  const Response r = api.server.handle(http);
  CHECK(r.code == 201);
  REQUIRE(r.warnings.size() == 2);
  CHECK(r.warnings[0] ==
        "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply");
  CHECK(r.warnings[1] == "spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]");
}
