#include "core/scheduler/cycle.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/manifest/manifest.hpp"

using namespace api;
using namespace scheduler;

namespace {
Value yaml(const std::string& text) {
  const auto parsed = manifest::parseYaml(text);
  REQUIRE(parsed.errors.empty());
  return parsed.documents[0].value;
}

struct Nodes {
  store::Store store;
  NodeCache cache;
  FreeVolumes free;
  decision::View view{store.objects()};

  void node(const std::string& name, const std::string& spec = "{}", const std::string& labels = "") {
    const Value n =
        yaml("{apiVersion: v1, kind: Node, metadata: {name: " + name + ", labels: {kubernetes.io/hostname: " + name +
             labels + "}}, spec: " + spec + ", status: {allocatable: {cpu: '4', memory: 8Gi, pods: '3'}}}");
    cache.putNode(as<Node>(store.put(Resource::nodes, n).after));
  }
  Pod pod(const std::string& name, const std::string& spec = "", const std::string& more = "") {
    return as<Pod>(yaml("{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", namespace: default, uid: " + name +
                        ", labels: {app: web}" + more +
                        "}, spec: {containers: [{name: c, resources: {requests: {cpu: '1'}}}]" + spec + "}}"));
  }
  void placed(const std::string& name, const std::string& node, const std::string& spec = "") {
    const Pod p = pod(name, ", nodeName: " + node + spec);
    cache.observePod({}, as<Pod>(store.put(Resource::pods, p.doc).after), view);
  }
  /// "node-1 node-2" that fit, or the reasons of the others: "node-1: Too many pods".
  std::string fits(const Pod& p, bool reasons = false) {
    Cycle cycle(p, cache, view, free);
    REQUIRE(!cycle.preFilter());
    std::string out;
    for (size_t slot : cache.nodes()) {
      Rejection r;
      const bool ok = cycle.filter(slot, r);
      if (ok && !reasons) out += (out.empty() ? "" : " ") + cache.at(slot).name;
      if (!ok && reasons) out += (out.empty() ? "" : "; ") + cache.at(slot).name + ": " + r.reasons[0];
    }
    return out;
  }
  std::vector<int64_t> scores(const Pod& p) {
    Cycle cycle(p, cache, view, free);
    REQUIRE(!cycle.preFilter());
    return cycle.score(cache.nodes());
  }
};

const std::string apart =
    ", affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: "
    "{app: web}}, topologyKey: kubernetes.io/hostname}]}}";
}  // namespace

TEST_CASE("Cordoned and tainted nodes are filtered out, unless tolerated") {
  Nodes n;
  n.node("node-1", "{unschedulable: true}");
  n.node("node-2", "{taints: [{key: a, value: b, effect: NoSchedule}]}");
  n.node("node-3", "{taints: [{key: a, value: b, effect: PreferNoSchedule}]}");
  CHECK(n.fits(n.pod("p")) == "node-3");
  CHECK(n.fits(n.pod("p"), true) == "node-1: node(s) were unschedulable; node-2: node(s) had untolerated taint(s)");
  CHECK(n.fits(n.pod("p", ", tolerations: [{operator: Exists}]")) == "node-1 node-2 node-3");
}

TEST_CASE("A node has room for what its pods leave, and for so many pods") {
  Nodes n;
  n.node("node-1");
  const std::string big = ", overhead: {cpu: '2'}";
  n.placed("a", "node-1", big);
  CHECK(n.fits(n.pod("p")) == "node-1");
  CHECK(n.fits(n.pod("p", big), true) == "node-1: Insufficient cpu");
  n.placed("b", "node-1");
  n.placed("c", "node-1", ", overhead: {cpu: '-1'}");
  CHECK(n.fits(n.pod("p"), true) == "node-1: Too many pods");
}

TEST_CASE("Anti-affinity holds both ways") {
  Nodes n;
  n.node("node-1");
  n.node("node-2");
  n.placed("a", "node-1");
  CHECK(n.fits(n.pod("p", apart)) == "node-2");
  CHECK(n.fits(n.pod("p", apart), true) == "node-1: node(s) didn't match pod anti-affinity rules");
  n.placed("b", "node-2", apart);
  CHECK(n.fits(n.pod("p")) == "node-1");
  CHECK(n.fits(n.pod("p"), true) == "node-2: node(s) didn't satisfy existing pods anti-affinity rules");
}

TEST_CASE("The first of a group that wants to be together may go anywhere") {
  Nodes n;
  n.node("node-1");
  n.node("node-2");
  const std::string together =
      ", affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: "
      "{app: web}}, topologyKey: kubernetes.io/hostname}]}}";
  CHECK(n.fits(n.pod("p", together)) == "node-1 node-2");
  n.placed("a", "node-2");
  CHECK(n.fits(n.pod("p", together)) == "node-2");
}

TEST_CASE("A spread constraint keeps the difference small") {
  Nodes n;
  n.node("node-1");
  n.node("node-2");
  n.placed("a", "node-1");
  const std::string spread =
      ", topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: "
      "DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]";
  CHECK(n.fits(n.pod("p", spread)) == "node-2");
  CHECK(n.fits(n.pod("p", spread), true) == "node-1: node(s) didn't match pod topology spread constraints");
}

TEST_CASE("An emptier node scores higher, and so does one without peers") {
  Nodes n;
  n.node("node-1");
  n.node("node-2");
  CHECK(n.scores(n.pod("p"))[0] == n.scores(n.pod("p"))[1]);
  n.placed("a", "node-1");
  const auto scores = n.scores(n.pod("p"));
  CHECK(scores[0] < scores[1]);
}

TEST_CASE("An assumed pod takes its room until it is forgotten") {
  Nodes n;
  n.node("node-1");
  const Pod p = n.pod("p", apart);
  n.cache.assume(p, "node-1", n.view);
  CHECK(n.fits(n.pod("q", apart)) == "");
  n.cache.forget("default/p", n.view);
  CHECK(n.fits(n.pod("q", apart)) == "node-1");
}

TEST_CASE("Init containers count by their peak, sidecars with the rest") {
  const Pod pod = as<Pod>(
      yaml("{spec: {initContainers: [{name: i, resources: {requests: {cpu: '3'}}}, {name: s, restartPolicy: Always, "
           "resources: {requests: {cpu: 500m}}}], containers: [{name: c, resources: {requests: {cpu: '1', memory: "
           "1Gi}}}]}}"));
  const Resources r = podRequests(pod.spec());
  CHECK(r.milliCPU == 3000);
  CHECK(r.memory == int64_t(1) << 30);
  CHECK(podRequests(as<Pod>(yaml("{spec: {containers: [{name: c}]}}")).spec(), true).milliCPU == 100);
}
