// Names that follow from content: what a real cluster gave to the same templates.
#include <catch_amalgamated.hpp>

#include "core/controllers/pod_template_hash.hpp"
#include "core/controllers/revisions.hpp"
#include "core/manifest/manifest.hpp"

using namespace controllers;

namespace {
api::Value json(std::string_view text) {
  std::string error;
  api::Value v = manifest::parseJson(text, error);
  REQUIRE(error == "");
  return v;
}

constexpr std::string_view agent =
    R"({"metadata":{"labels":{"app":"agent"}},"spec":{"containers":[{"image":"registry.k8s.io/pause:3.9","imagePullPolicy":
    "IfNotPresent","name":"main","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":
    "File"}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},
    "terminationGracePeriodSeconds":30}})";
}  // namespace

TEST_CASE("a DaemonSet's revision has the recorded hash") {
  CHECK(computeHash({{json(agent)}}, nullptr) == "6cc689bcc6");
}

TEST_CASE("a collision count changes the hash") {
  const int64_t none = 0, one = 1;
  CHECK(computeHash({{json(agent)}}, &none) != "6cc689bcc6");
  CHECK(computeHash({{json(agent)}}, &none) != computeHash({{json(agent)}}, &one));
}

TEST_CASE("the dump names absent fields as Go does") {
  const std::string dump =
      dumpForHash({{json(R"({"spec":{"containers":[{"name":"a","resources":{"requests":{"cpu":"100m",
      "memory":"1Gi"}},"livenessProbe":{"httpGet":{"port":80,"path":"/"}}}]}})")}});
  CHECK(dump.starts_with("(v1.PodTemplateSpec){ObjectMeta:(v1.ObjectMeta){Name:(string) GenerateName:(string) "));
  CHECK(dump.find("Labels:(map[string]string)<nil>") != dump.npos);
  CHECK(dump.find("TerminationGracePeriodSeconds:(*int64)<nil>") != dump.npos);
  CHECK(dump.find("cpu:{i:(resource.int64Amount){value:(int64)100 scale:(resource.Scale)-3} "
                  "d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)100m Format:(resource.Format)DecimalSI}") !=
        dump.npos);
  CHECK(dump.find("memory:{i:(resource.int64Amount){value:(int64)1073741824 scale:(resource.Scale)0}") != dump.npos);
  CHECK(dump.find("LivenessProbe:(*v1.Probe){ProbeHandler:(v1.ProbeHandler){Exec:(*v1.ExecAction)<nil> "
                  "HTTPGet:(*v1.HTTPGetAction){Path:(string)/ Port:(intstr.IntOrString){Type:(intstr.Type)0 "
                  "IntVal:(int32)80 StrVal:(string)}") != dump.npos);
}

TEST_CASE("a StatefulSet's revision has the recorded hash") {
  const api::Value podTemplate = json(
      R"({"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"image":"registry.k8s.io/nginx-slim:0.24",
      "imagePullPolicy":"IfNotPresent","name":"nginx","resources":{},"terminationMessagePath":"/dev/termination-log",
      "terminationMessagePolicy":"File","volumeMounts":[{"mountPath":"/www","name":"www"}]}],"dnsPolicy":"ClusterFirst",
      "restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},
      "terminationGracePeriodSeconds":30}})");
  const int64_t collisions = 0;
  const api::Value data = templatePatch({{podTemplate}});
  CHECK(hashControllerRevision(api::toJson(data), &collisions) == "6c4599445c");
  CHECK(restoredTemplate(data).doc == podTemplate);
}
