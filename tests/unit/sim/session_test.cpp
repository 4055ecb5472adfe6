// A session: steps forth and back, acting in the past, branches, faults, saving and loading.
#include <catch_amalgamated.hpp>

#include "core/decision/rules.hpp"
#include "core/sim/session.hpp"

using namespace sim;
using api::Key;

namespace {
constexpr const char* web = R"(apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80, name: web}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.k8s.io/nginx-slim:0.24
        volumeMounts: [{name: www, mountPath: /usr/share/nginx/html}]
  volumeClaimTemplates:
  - metadata: {name: www}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
)";

std::string phase(const Session& s, const char* pod) {
  return std::string(api::Pod{{s.object(std::string("Pod/default/") + pod)}}.status().phase());
}

bool ready(const Session& s, const char* pod) {
  for (const api::PodCondition& c : api::Pod{{s.object(std::string("Pod/default/") + pod)}}.status().conditions()) {
    if (c.type() == "Ready") return c.status() == "True";
  }
  return false;
}

Input input(std::initializer_list<std::pair<const char*, Value>> members) {
  Input in;
  for (const auto& [k, v] : members) in.what.set(Key(k), v);
  return in;
}

Session running() {
  Session s;
  const Output out = s.apply(web);
  INFO(out.out << out.err);
  REQUIRE(out.exit == 0);
  s.rest();
  REQUIRE(ready(s, "web-1"));
  return s;
}
}  // namespace

TEST_CASE("A step is one entry, and back takes it back") {
  Session s;
  s.apply(web);
  const size_t applied = s.cursor();
  CHECK(applied == s.length());
  REQUIRE(s.step());
  CHECK(s.cursor() == applied + 1);
  const std::string saved = api::toJson(s.object("StatefulSet/default/web"));
  while (phase(s, "web-0").empty()) REQUIRE(s.step());
  CHECK(s.back());
  CHECK(s.object("Pod/default/web-0").isNull());
  s.seek(applied + 1);
  CHECK(api::toJson(s.object("StatefulSet/default/web")) == saved);
  s.seek(0);
  CHECK_FALSE(s.back());
  CHECK(s.object("StatefulSet/default/web").isNull());
}

TEST_CASE("At rest all pods are Ready, and nothing is lost by looking ahead") {
  Session s = running();
  CHECK(s.atEnd());
  const Millis now = s.time();
  CHECK_FALSE(s.step());
  CHECK(s.time() == now);
  CHECK_FALSE(s.rest());
}

TEST_CASE("kubectl answers as of the cursor") {
  Session s = running();
  const size_t end = s.cursor();
  s.seek(0);
  CHECK(s.kubectl("get pods").err.find("No resources found") != std::string::npos);
  CHECK(s.cursor() == 0);
  s.seek(end);
  CHECK(s.kubectl("kubectl get pod web-1 --no-headers").out.find("Running") != std::string::npos);
}

TEST_CASE("Acting in the past starts a branch and keeps the old one") {
  Session s = running();
  const size_t end = s.length();
  s.seek(4);
  const Output out = s.kubectl("scale sts web --replicas=1");
  INFO(out.err);
  CHECK(out.exit == 0);
  REQUIRE(s.branches().size() == 2);
  CHECK(s.branch() == 1);
  CHECK(s.branches()[1].title == "scale sts web --replicas=1");
  CHECK(s.branches()[1].forkedAt >= 4);
  s.rest();
  CHECK(s.object("Pod/default/web-1").isNull());
  s.switchTo(0);
  CHECK(s.length() == end);
  CHECK(ready(s, "web-1"));
  s.seek(4);
  s.wait(60000);
  REQUIRE(s.branches().size() == 3);
  CHECK(s.branches()[2].title == "wait 60s");
}

TEST_CASE("A deleted pod comes back with its name and its data") {
  Session s = running();
  CHECK(s.fault(input({{"type", "write"}, {"pod", "web-0"}, {"text", "hello"}})) == "");
  const std::string uid(api::Pod{{s.object("Pod/default/web-0")}}.metadata().uid());
  CHECK(s.fault(input({{"type", "podDelete"}, {"pod", "web-0"}})) == "");
  s.rest();
  REQUIRE(ready(s, "web-0"));
  CHECK(api::Pod{{s.object("Pod/default/web-0")}}.metadata().uid() != uid);
  std::string disks;
  for (const auto& [key, fact] : s.facts().all()) disks += key + api::toJson(fact);
  CHECK(disks.find("hello") != std::string::npos);
}

TEST_CASE("A write that fails once is tried again") {
  Session s;
  s.apply(web);
  CHECK(s.fault(input({{"type", "failWrite"}, {"actor", "statefulset"}})) == "");
  s.rest();
  bool failed = false;
  for (size_t i = 0; i < s.length(); ++i) failed |= s.entry(i).kind == EntryKind::failed;
  CHECK(failed);
  CHECK(ready(s, "web-1"));
}

TEST_CASE("A lost node and a crashed container recover") {
  Session s = running();
  const std::string node(api::Pod{{s.object("Pod/default/web-0")}}.spec().nodeName());
  CHECK(s.fault(input({{"type", "containerCrash"}, {"pod", "web-1"}})) == "");
  s.rest();
  CHECK(ready(s, "web-1"));
  CHECK(s.fault(input({{"type", "nodeLost"}, {"node", node}})) == "");
  s.wait(60000);
  CHECK_FALSE(ready(s, "web-0"));
  CHECK(s.fault(input({{"type", "nodeBack"}, {"node", node}})) == "");
  s.rest();
  CHECK(ready(s, "web-0"));
}

TEST_CASE("A saved session comes back with its branches and its cursor") {
  Session s = running();
  s.seek(4);
  s.kubectl("scale sts web --replicas=3");
  s.rest();
  s.seek(s.length() - 2);
  const std::string text = s.save();
  Session t;
  REQUIRE(t.load(text) == "");
  CHECK(t.branches().size() == s.branches().size());
  CHECK(t.cursor() == s.cursor());
  CHECK(t.length() == s.length());
  std::string a, b;
  for (size_t i = 0; i < s.length(); ++i) toJson(s.journal(), i, a), toJson(t.journal(), i, b);
  CHECK(a == b);
  CHECK(t.save() == text);
}

TEST_CASE("What is no saved session is refused and changes nothing") {
  Session s = running();
  const size_t length = s.length();
  for (const char* text : {"", "{", "[]", "{}", "{\"ordinal\":2}", "{\"ordinal\":1}",
                           "{\"ordinal\":1,\"setup\":{\"nodes\":-1}}", "{\"ordinal\":1,\"setup\":{},\"branches\":[]}",
                           "{\"ordinal\":1,\"setup\":{},\"branches\":[{\"ops\":[{\"op\":\"dance\"}]}]}"}) {
    INFO(text);
    CHECK(s.load(text) != "");
    CHECK(s.length() == length);
  }
}

TEST_CASE("On another version everything is done again, and manifests, branches and the end stay") {
  Session s;
  s.setFile("web.yaml", web);
  s.apply(web);
  s.rest();
  // All may be replaced at once where the field counts; where it does not, one after the other.
  s.kubectl(R"(patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":2}}}}')");
  s.rest();
  s.kubectl("set image sts/web web=nginx:2");
  s.rest();
  const auto deletions = [&] {
    size_t together = 0, before = 0;  // pods deleted in one work item
    for (size_t n = 0; n < s.length(); n++) {
      const Entry& e = s.entry(n);
      const bool one = e.change.resource == api::Resource::pods && s.journal().actors[e.actor] == "statefulset" &&
                       e.kind == EntryKind::remove;
      together += one && before == e.item;
      if (one) before = e.item;
    }
    return together;
  };
  CHECK(deletions() > 0);
  const size_t branches = s.branches().size();
  REQUIRE(s.onVersion("1.36") == "");
  CHECK(s.live().setup().version == Setup::Version::v1_36);
  CHECK(deletions() == 0);
  CHECK(s.atEnd());
  CHECK(s.branches().size() == branches);
  CHECK(s.files() == std::vector<std::pair<std::string, std::string>>{{"web.yaml", web}});
  CHECK(s.onVersion("1.12") != "");
  CHECK(s.live().setup().version == Setup::Version::v1_36);
  Session again;
  REQUIRE(again.load(s.save()) == "");
  CHECK(again.live().setup().version == Setup::Version::v1_36);
  REQUIRE(s.onVersion("1.35.0") == "");
  CHECK(deletions() > 0);
}

TEST_CASE("Unknown faults say what is wrong") {
  Session s;
  const std::string unknown = s.fault(input({{"type", "earthquake"}}));
  for (const char* type : {"earthquake", "containerCrash", "nodeLost", "write", "failWrite", "stop"})
    CHECK(unknown.find(type) != std::string::npos);
  CHECK(s.fault(input({{"type", "podDelete"}, {"pod", "nobody"}})) != "");
  CHECK(s.fault(input({{"type", "nodeLost"}, {"node", "node-99"}})) != "");
  CHECK(s.fault(input({{"type", "stop"}, {"actor", "nobody"}})) != "");
}

TEST_CASE("A fault is told in words, in both languages, and its end too") {
  using decision::Language;
  Session s = running();
  const auto told = [&s](Language l) {
    for (size_t i = s.length(); i-- > 0;)
      if (s.entry(i).why.rule == decision::Rule::FaultInjected) return decision::sentence(s.entry(i).why, l);
    return std::string();
  };
  CHECK(s.fault(input({{"type", "containerCrash"}, {"pod", "web-1"}})) == "");
  CHECK(told(Language::en) == "You made this happen: a container of `web-1` crashes.");
  CHECK(told(Language::zh) == "这是你造成的：`web-1` 的容器崩溃。");
  CHECK(s.fault(input({{"type", "stop"}, {"actor", "scheduler"}, {"on", false}})) == "");
  CHECK(told(Language::en) == "You made this happen: scheduler works again.");
  CHECK(s.fault(input({{"type", "failWrite"}})) == "");
  CHECK(told(Language::en) == "You made this happen: the next API write of any controller fails.");
}

TEST_CASE("YAML's boolean key `on` turns a fault off as well") {
  Session s = running();
  CHECK(s.fault(input({{"type", "lag"}, {"actor", "statefulset"}})) == "");
  CHECK(s.fault(input({{"type", "lag"}, {"actor", "statefulset"}, {"true", false}})) == "");
  CHECK(s.kubectl("scale sts web --replicas=3").exit == 0);
  s.rest();
  CHECK(ready(s, "web-2"));
}
