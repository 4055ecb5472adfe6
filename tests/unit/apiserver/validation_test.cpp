#include "core/apiserver/validation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "core/apiserver/decode.hpp"
#include "core/apiserver/defaulting.hpp"
#include "core/manifest/manifest.hpp"

using namespace apiserver;

namespace {
Value object(Resource r, const std::string& yaml) {
  const manifest::Parsed p = manifest::parseYaml(yaml);
  REQUIRE(p.errors.empty());
  Value v = decode(*api::findType(api::info(r).kind), p.documents.at(0).value).object;
  setDefaults(r, v);
  return v;
}
std::string errors(Resource r, const std::string& yaml) {
  const ErrorList all = validateCreate(r, object(r, yaml));
  return all.empty() ? "" : text(all);
}
const std::string pod = "metadata: {name: p, namespace: default}\nspec: ";
}  // namespace

TEST_CASE("pods") {
  CHECK(errors(Resource::pods, pod + "{containers: [{name: a, image: x}]}") == "");
  CHECK(errors(Resource::pods, pod + "{containers: []}") == "spec.containers: Required value");
  CHECK(errors(Resource::pods, pod + "{containers: [{name: a, image: x, volumeMounts: [{name: v, mountPath: /x}]}]}") ==
        "spec.containers[0].volumeMounts[0].name: Not found: \"v\"");
  CHECK(errors(Resource::pods, pod + "{containers: [{name: a, image: x}, {name: a}]}") ==
        "[spec.containers[1].image: Required value, spec.containers[1].name: Duplicate value: \"a\"]");
  CHECK(errors(Resource::pods,
               pod + "{containers: [{name: a, image: x, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]}") ==
        "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1");
}

TEST_CASE("what a pod may not change is shown as a difference of Go's structs") {
  const Value old = object(Resource::pods, pod + "{containers: [{name: a, image: x}]}");
  Value changed = old;
  changed.set({api::key::spec, api::key::restartPolicy}, "Never");
  const ErrorList all = validateUpdate(Resource::pods, changed, old, "");
  REQUIRE(all.size() == 1);
  CHECK(all[0].detail.find("-  \"RestartPolicy\"") == std::string::npos);
  CHECK(all[0].detail.find("- \"RestartPolicy\": \"Always\",\n+ \"RestartPolicy\": \"Never\",\n") != std::string::npos);
}

TEST_CASE("errors add up to a Status") {
  const Refusal r = invalid(Resource::statefulsets, "web",
                            {{ErrorType::Invalid, "spec.replicas", "-1", "must be greater than or equal to 0"}});
  CHECK(r.code == 422);
  CHECK(r.message ==
        "StatefulSet.apps \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0");
  CHECK(api::toJson(r.details) ==
        R"({"causes":[{"field":"spec.replicas","message":"Invalid value: -1: must be greater than or equal to 0",)"
        R"("reason":"FieldValueInvalid"}],"group":"apps","kind":"StatefulSet","name":"web"})");
}

TEST_CASE("a pod's defaults and validation cost microseconds", "[.bench]") {
  const Value p =
      object(Resource::pods, pod +
                                 "{containers: [{name: a, image: x, ports: [{containerPort: 80, name: web}], "
                                 "volumeMounts: [{name: v, mountPath: /x}]}], volumes: [{name: v, "
                                 "persistentVolumeClaim: {claimName: v-0}}]}");
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100000; ++i) {
    Value copy = p;
    setDefaults(Resource::pods, copy);
    REQUIRE(copy.same(p));
  }
  const auto middle = std::chrono::steady_clock::now();
  size_t found = 0;
  for (int i = 0; i < 100000; ++i) found += validateCreate(Resource::pods, p).size();
  const auto end = std::chrono::steady_clock::now();
  using Micros = std::chrono::duration<double, std::micro>;
  const double defaults = Micros(middle - start).count() / 1e5, validation = Micros(end - middle).count() / 1e5;
  WARN("defaults " << defaults << " us, validation " << validation << " us");
  CHECK(found == 0);
}
