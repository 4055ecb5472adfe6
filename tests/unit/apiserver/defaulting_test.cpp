#include "core/apiserver/defaulting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "core/apiserver/decode.hpp"
#include "core/manifest/manifest.hpp"

using namespace apiserver;

namespace {
Value defaulted(Resource r, const char* yaml) {
  const manifest::Parsed p = manifest::parseYaml(yaml);
  REQUIRE(p.errors.empty());
  Value v = decode(*api::findType(api::info(r).kind), p.documents.at(0).value).object;
  setDefaults(r, v);
  return v;
}
std::string spec(Resource r, const char* yaml) { return api::toJson(defaulted(r, yaml)[api::key::spec]); }
}  // namespace

TEST_CASE("a minimal StatefulSet gets the real defaults") {
  CHECK(
      spec(Resource::statefulsets,
           "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: "
           "c, image: nginx}]}}}") ==
      R"({"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain","whenScaled":"Retain"},)"
      R"("podManagementPolicy":"OrderedReady","replicas":1,"revisionHistoryLimit":10,)"
      R"("selector":{"matchLabels":{"a":"b"}},"serviceName":"","template":{"metadata":{"labels":{"a":"b"}},)"
      R"("spec":{"containers":[{"image":"nginx","imagePullPolicy":"Always","name":"c","resources":{},)"
      R"("terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],)"
      R"("dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler",)"
      R"("securityContext":{},"terminationGracePeriodSeconds":30}},)"
      R"("updateStrategy":{"rollingUpdate":{"maxUnavailable":1,"partition":0},"type":"RollingUpdate"}})");
}

TEST_CASE("limits are requests, ports have a protocol, probes their numbers") {
  const Value v = defaulted(Resource::pods,
                            "spec: {volumes: [{name: v}, {name: s, secret: {secretName: x}}], containers: [{name: c, "
                            "image: 'a/b:1', resources: {limits: {cpu: 1}}, ports: [{containerPort: 80}], "
                            "readinessProbe: {httpGet: {port: 80}}}]}");
  const Value& c = v.get({api::key::spec, api::key::containers, api::Step::index(0)});
  CHECK(api::toJson(c[api::key::resources]) == R"({"limits":{"cpu":"1"},"requests":{"cpu":"1"}})");
  CHECK(api::toJson(c[api::key::ports]) == R"([{"containerPort":80,"protocol":"TCP"}])");
  CHECK(c[api::key::imagePullPolicy].asString() == "IfNotPresent");
  CHECK(api::toJson(c[api::key::readinessProbe]) ==
        R"({"failureThreshold":3,"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"periodSeconds":10,)"
        R"("successThreshold":1,"timeoutSeconds":1})");
  CHECK(api::toJson(v.get({api::key::spec, api::key::volumes})) ==
        R"([{"emptyDir":{},"name":"v"},{"name":"s","secret":{"defaultMode":420,"secretName":"x"}}])");
}

TEST_CASE("what is complete already stays the same document") {
  Value v = defaulted(Resource::pods, "spec: {containers: [{name: c, image: x}]}");
  const Value before = v;
  setDefaults(Resource::pods, v);
  CHECK(v.same(before));
}
