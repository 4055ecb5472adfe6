// What the API server answers about the past of a running cluster: watches, lists as of a version, who set what.
#include <catch2/catch_test_macros.hpp>

#include "core/kubectl/kubectl.hpp"
#include "core/lesson/scenario.hpp"
#include "core/manifest/manifest.hpp"

using namespace api;
using apiserver::HttpRequest;
using apiserver::Response;

namespace {
struct Running {
  sim::Cluster cluster;
  explicit Running(sim::Setup setup = {}) : cluster(setup) {}
  Response send(std::string_view method, std::string_view path, std::string_view body = "",
                std::string_view type = "application/json") {
    HttpRequest r;
    r.method = method;
    r.path = path;
    r.body = body;
    r.contentType = type;
    r.userAgent = "curl/8";
    return method == "GET" ? cluster.read(r) : cluster.request(r);
  }
  void set(int replicas, std::string_view extra = "") {
    const std::string body =
        R"({"metadata":{"name":"web"},"spec":{"serviceName":"web","replicas":)" + std::to_string(replicas) +
        R"(,"selector":{"matchLabels":{"app":"web"}},)" + std::string(extra) +
        R"("template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"a","image":"nginx"}]}}}})";
    REQUIRE(send("POST", "/apis/apps/v1/namespaces/default/statefulsets", body).code == 201);
    cluster.settle(20000, 120000);
  }
  /// "kubelet/status kube-controller-manager": the managers of an object, with their subresources.
  std::string managers(std::string_view path) {
    std::string out;
    const Response r = send("GET", path);
    for (const Value& e : r.body.get({key::metadata, key::managedFields}).values()) {
      out += (out.empty() ? "" : " ") + std::string(e[key::manager].asString());
      if (!e[key::subresource].isNull()) out += "/" + std::string(e[key::subresource].asString());
    }
    return out;
  }
  std::string names(std::string_view path) {
    std::string out;
    const Response r = send("GET", path);
    if (!r.ok()) return std::string(r.reason());
    for (const Value& v : r.body[key::items].values())
      out += (out.empty() ? "" : " ") + std::string(v.get({key::metadata, key::name}).asString());
    return out;
  }
};
constexpr std::string_view pods = "/api/v1/namespaces/default/pods";
}  // namespace

TEST_CASE("managedFields tell of the control plane's writes too, worked out from the history") {
  Running it;
  it.set(1);
  CHECK(it.managers("/api/v1/namespaces/default/pods/web-0") == "kube-controller-manager kubelet/status");
  CHECK(it.managers("/apis/apps/v1/namespaces/default/statefulsets/web") == "curl kube-controller-manager/status");
  const Response pod = it.send("GET", "/api/v1/namespaces/default/pods/web-0");
  const Value& made = pod.body.get({key::metadata, key::managedFields})[0][key::fieldsV1];
  CHECK_FALSE(made.get({Key("f:metadata"), Key("f:generateName")}).isNull());
  CHECK_FALSE(made.get({Key("f:spec"), Key("f:containers"), Key("k:{\"name\":\"a\"}")}).isNull());
  CHECK(made.get({Key("f:spec"), Key("f:tolerations")}).isNull());
  CHECK(made.get({Key("f:spec"), Key("f:nodeName")}).isNull());
}

TEST_CASE("a client's write goes on from the control plane's fields, and apply meets them") {
  Running it;
  it.set(1);
  const std::string path = std::string(pods) + "/web-0";
  CHECK(it.send("PATCH", path, R"({"metadata":{"labels":{"x":"y"}}})", "application/merge-patch+json").code == 200);
  CHECK(it.managers(path) == "kube-controller-manager kubelet/status curl");
  const Response clash = it.send("PATCH", path + "?fieldManager=me",
                                 R"({"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"app":"other"}}})",
                                 "application/apply-patch+yaml");
  CHECK(clash.message() ==
        "Apply failed with 1 conflict: conflict with \"kube-controller-manager\" using v1: .metadata.labels.app");
  // Nothing of what a client reads and writes back is lost.
  const Response now = it.send("GET", path);
  CHECK(it.send("PUT", path, toJson(now.body)).body.get({key::metadata, key::resourceVersion}) ==
        now.body.get({key::metadata, key::resourceVersion}));
}

TEST_CASE("a client may hand its fields over to another manager") {
  Running it;
  const std::string path = "/api/v1/namespaces/default/configmaps/a";
  it.send("POST", "/api/v1/namespaces/default/configmaps", R"({"metadata":{"name":"a"},"data":{"x":"1"}})");
  CHECK(it.send("PATCH", path, R"([{"op":"replace","path":"/metadata/managedFields/0/manager","value":"me"}])",
                "application/json-patch+json")
            .code == 200);
  CHECK(it.managers(path) == "me");
}

TEST_CASE("a list is as of the version it asks for") {
  Running it;
  it.set(2);
  const std::string then = std::to_string(it.cluster.revision());
  it.send("DELETE", std::string(pods) + "/web-1?gracePeriodSeconds=0");
  CHECK(it.names(std::string(pods)) == "web-0");
  CHECK(it.names(std::string(pods) + "?resourceVersionMatch=Exact&resourceVersion=" + then) == "web-0 web-1");
  CHECK(it.names(std::string(pods) + "?resourceVersion=" + then) == "web-0");
  CHECK(it.names(std::string(pods) + "?resourceVersionMatch=Exact&resourceVersion=1") == "Expired");
}

TEST_CASE("a chunked list goes on as of its first chunk") {
  Running it;
  it.set(3);
  const Response first = it.send("GET", std::string(pods) + "?limit=1");
  const std::string token(first.body.get({key::metadata, key::continue_}).asString());
  it.send("DELETE", std::string(pods) + "/web-1?gracePeriodSeconds=0");
  CHECK(it.names(std::string(pods) + "?continue=" + token) == "web-1 web-2");
}

TEST_CASE("a watch is fed as the cluster goes on") {
  Running it;
  HttpRequest r;
  r.method = "GET";
  r.path = std::string(pods) + "?watch=1&allowWatchBookmarks=true";
  std::optional<apiserver::Watch> watch;
  REQUIRE(it.cluster.read(r, &watch).code == 200);
  REQUIRE(watch);
  const auto types = [&] {
    std::string out;
    for (const Value& e : it.cluster.events(*watch)) out += std::string(e[key::type].asString()) + " ";
    return out;
  };
  CHECK(types() == "BOOKMARK ");
  it.set(1);
  const std::string told = types();
  CHECK(told.substr(0, 15) == "ADDED MODIFIED ");
  CHECK(types().empty());
  it.send("DELETE", std::string(pods) + "/web-0?gracePeriodSeconds=0");
  CHECK(types() == "MODIFIED DELETED ");
  r.path = std::string(pods) + "?watch=1&resourceVersion=1";
  REQUIRE(it.cluster.read(r, &watch).code == 200);
  CHECK(types() == "ERROR ");
}

TEST_CASE("maxUnavailable of a StatefulSet is there in the versions that have it") {
  using enum sim::Setup::Version;
  const auto stored = [](sim::Setup::Version version, std::string_view given) {
    sim::Setup setup;
    setup.version = version;
    Running it(setup);
    it.set(1, given);
    return toJson(it.send("GET", "/apis/apps/v1/namespaces/default/statefulsets/web")
                      .body.get({key::spec, key::updateStrategy, key::rollingUpdate}));
  };
  constexpr std::string_view two = R"("updateStrategy":{"rollingUpdate":{"maxUnavailable":2}},)";
  CHECK(stored(v1_35_0, two) == R"({"maxUnavailable":2,"partition":0})");
  CHECK(stored(v1_35_4, two) == R"({"partition":0})");
  CHECK(stored(v1_36, two) == R"({"partition":0})");
  CHECK(stored(v1_36, "") == R"({"partition":0})");
  CHECK(stored(v1_37, "") == R"({"maxUnavailable":1,"partition":0})");
}

TEST_CASE("the version a cluster was set up with is the one it tells") {
  sim::Setup setup;
  setup.version = sim::Setup::Version::v1_35_0;
  Running it(setup);
  CHECK(it.send("GET", "/version").body[Key("gitVersion")].asString() == "v1.35.0");
  lesson::Step step;
  step.line = "version";
  const lesson::Reply reply = lesson::perform(it.cluster, step);
  CHECK(reply.out == "Client Version: v1.37.2\nKustomize Version: v5.8.1\nServer Version: v1.35.0\n");
  CHECK(reply.err ==
        "WARNING: version difference between client (1.37) and server (1.35) exceeds the supported minor version skew "
        "of +/-1\n");
}
