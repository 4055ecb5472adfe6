// What a user may send: nothing of it crashes the server, hangs it or makes it lose an object.
#include <catch2/catch_test_macros.hpp>

#include "core/manifest/manifest.hpp"
#include "tests/unit/apiserver/fixture.hpp"

using namespace apiserver;
using namespace api;
using apiserver_test::Api;

namespace {
Response send(Server& server, std::string_view method, std::string path, std::string body, std::string_view type) {
  HttpRequest http;
  http.method = method;
  http.path = std::move(path);
  http.body = std::move(body);
  http.contentType = type;
  return server.handle(http);
}

struct Random {
  uint64_t state;
  uint64_t operator()(uint64_t bound) {
    state = state * 6364136223846793005 + 1442695040888963407;
    return (state >> 33) % bound;
  }
};

/// A value of some other kind in some place of the document.
Value broken(Value v, Random& random) {
  static const Value odd[] = {Value(),       Value(true),       Value(-1),
                              Value("text"), Value(1.5),        Value::array({}),
                              Value(1e9),    Value::object({}), Value::array({Value(1)}),
                              Value("")};
  if (v.size() == 0 || random(4) == 0) return odd[random(std::size(odd))];
  const size_t i = random(v.size());
  const Step step = v.kind() == Kind::Object ? Step(v.keyAt(i)) : Step::index(i);
  if (random(12) == 0) {
    v.erase({step});
  } else {
    v.set({step}, broken(v.values()[i], random));
  }
  return v;
}
}  // namespace

TEST_CASE("broken documents are refused or taken, and the rest stays") {
  Api api;
  api.pod("bystander", "node-1");
  std::string error;
  const Value set = manifest::parseJson(
      R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web","labels":{"a":"b"},"finalizers":["x/y"],
          "ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u"}]},
          "spec":{"replicas":1,"serviceName":"web","selector":{"matchLabels":{"app":"web"}},
          "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":1,"maxUnavailable":"50%"}},
          "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"i",
          "ports":[{"containerPort":80}],"env":[{"name":"A","value":"1"}],"resources":{"requests":{"cpu":"1"}},
          "readinessProbe":{"httpGet":{"path":"/","port":80}}}]}},
          "volumeClaimTemplates":[{"metadata":{"name":"www"},"spec":{"accessModes":["ReadWriteOnce"],
          "resources":{"requests":{"storage":"1Gi"}}}}]}})",
      error);
  REQUIRE(error.empty());
  const std::string sets = "/apis/apps/v1/namespaces/default/statefulsets";
  send(api.server, "POST", sets, toJson(set), "application/json");
  Random random{7};
  static constexpr std::string_view types[] = {"application/json-patch+json", "application/merge-patch+json",
                                               "application/strategic-merge-patch+json",
                                               "application/apply-patch+yaml"};
  for (int i = 0; i < 3000; ++i) {
    const std::string body = toJson(broken(set, random));
    static constexpr std::string_view ends[] = {"", "/status", "/scale"};
    const std::string one = sets + "/web" + std::string(ends[random(3)]) + "?fieldManager=m";
    Response r;
    switch (random(3)) {
      case 0: r = send(api.server, "POST", sets + "?dryRun=All", body, "application/json"); break;
      case 1: r = send(api.server, "PUT", one, body, "application/json"); break;
      default: r = send(api.server, "PATCH", one, body, types[random(4)]); break;
    }
    INFO(body);
    CHECK(r.code >= 200);
    CHECK(r.code < 600);
    CHECK((r.ok() || r.body[key::kind].asString() == "Status"));
  }
  CHECK(api.get(Resource::statefulsets, "web").ok());
  CHECK(api.get(Resource::pods, "bystander").ok());
}

TEST_CASE("paths and queries of any shape are answered") {
  Api api;
  for (const char* path : {"",
                           "/",
                           "//",
                           "/api",
                           "/api/",
                           "/api/v1",
                           "/api/v1/",
                           "/api/v1//",
                           "/api/v1/namespaces/",
                           "/apis/apps",
                           "/apis//",
                           "/api/v1/namespaces/default",
                           "/api/v1/namespaces/default/pods/a/b/c/d",
                           "/api/v1/pods?%zz=%",
                           "/api/v1/pods?limit=",
                           "/api/v1/pods?limit=-1",
                           "/api/v1/pods?labelSelector=((((",
                           "/api/v1/pods?fieldSelector===",
                           "/apis/apps/v1/",
                           "/api/v1/namespaces/default/pods?continue=e30",
                           "/api/v1/pods?watch=1&resourceVersion=x",
                           "?",
                           "/%00"})
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", ""}) {
      INFO(method << " " << path);
      CHECK(send(api.server, method, path, "{}", "").code >= 200);
    }
}

TEST_CASE("copies that double a document are refused, long lists take no time") {
  Api api;
  api.configMap("a");
  std::string doubling = "[";
  for (int i = 0; i < 200; ++i)
    doubling += std::string(i ? "," : "") + R"({"op":"copy","from":"","path":"/x)" + std::to_string(i) + "\"}";
  const std::string path = "/api/v1/namespaces/default/configmaps/a";
  CHECK(send(api.server, "PATCH", path, doubling + "]", "application/json-patch+json").code == 422);

  std::string env;
  for (int i = 0; i < 20000; ++i) env += (i ? ",{\"name\":\"E" : "{\"name\":\"E") + std::to_string(i) + "\"}";
  api.pod("p");
  const std::string patch = R"({"spec":{"containers":[{"name":"main","env":[)" + env + "]}]}}";
  CHECK(send(api.server, "PATCH", "/api/v1/namespaces/default/pods/p", patch, "application/strategic-merge-patch+json")
            .code >= 200);
  CHECK(
      send(api.server, "POST", "/api/v1/namespaces/default/pods", std::string(4000000, '['), "application/json").code ==
      413);
}

TEST_CASE("a bad body of a subresource changes nothing") {
  Api api;
  api.pod("a");
  const std::string pod = "/api/v1/namespaces/default/pods/a";
  CHECK(send(api.server, "POST", pod + "/binding", R"({"target":{"name":5}})", "application/json").code == 400);
  CHECK(send(api.server, "POST", pod + "/binding", R"({"target":{}})", "application/json").code == 500);
  CHECK(send(api.server, "POST", pod + "/eviction", R"({"deleteOptions":5})", "application/json").code == 400);
  CHECK(Pod{{api.get(Resource::pods, "a").body}}.spec().nodeName().empty());
}
