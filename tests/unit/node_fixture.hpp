#pragma once
// A cluster with kubelets that act by themselves, for tests of what runs in pods.
#include <catch2/catch_test_macros.hpp>

#include "core/sim/connect.hpp"

namespace fixture {

using api::Key;
using api::Resource;
using api::Value;
namespace key = api::key;

inline Value podNamed(std::string_view name, Value container) {
  container.set(key::name, "main");
  if (container[key::image].isNull()) container.set(key::image, "registry.k8s.io/nginx-slim:0.24");
  Value pod;
  pod.set(key::apiVersion, "v1");
  pod.set(key::kind, "Pod");
  pod.set({key::metadata, key::name}, name);
  pod.set({key::metadata, key::namespace_}, "default");
  pod.set({key::spec, key::containers}, Value::array({container}));
  return pod;
}

struct Fixture {
  sim::Cluster cluster;
  explicit Fixture(int nodes = 1) : cluster(setup(nodes)) {}
  static sim::Setup setup(int nodes) {
    sim::Setup s;
    s.nodes = nodes;
    return s;
  }
  void create(Value object) {
    apiserver::Request r;
    r.verb = apiserver::Verb::create;
    r.resource = Resource::pods;
    r.namespace_ = "default";
    r.body = std::move(object);
    const auto made = cluster.request(r);
    INFO(made.message());
    REQUIRE(made.ok());
  }
  void remove(std::string_view name) {
    apiserver::Request r;
    r.verb = apiserver::Verb::remove;
    r.resource = Resource::pods;
    r.namespace_ = "default";
    r.name = name;
    REQUIRE(cluster.request(r).ok());
  }
  std::string input(std::initializer_list<std::pair<std::string_view, Value>> members) {
    Value what;
    for (const auto& [k, v] : members) what.set(Key(k), v);
    return cluster.input(sim::Input{what});
  }
  void run(api::Millis time) {
    const api::Millis end = cluster.now() + time;
    while (cluster.step(end)) {}
    cluster.advanceTo(end);
  }
  Value pod(std::string_view name) const {
    const Value* v = cluster.objects().get(Resource::pods, "default", name);
    return v ? *v : Value();
  }
  std::string phase(std::string_view name) const {
    const Value p = pod(name);
    return p.isNull() ? "gone" : std::string(p.get({key::status, key::phase}).asString());
  }
  Value container(std::string_view name) const {
    return pod(name).get({key::status, key::containerStatuses})[size_t(0)];
  }
  /// Creates any object, of the namespace default.
  void createAs(Resource resource, Value object) {
    apiserver::Request r;
    r.verb = apiserver::Verb::create;
    r.resource = resource;
    r.namespace_ = "default";
    r.body = std::move(object);
    const auto made = cluster.request(r);
    INFO(made.message());
    REQUIRE(made.ok());
  }
  apiserver::Response connect(std::string_view pod, std::string_view subresource, Value options) {
    apiserver::Request r;
    r.verb = subresource == "log" ? apiserver::Verb::get : apiserver::Verb::create;
    r.resource = Resource::pods;
    r.namespace_ = "default";
    r.name = pod;
    r.subresource = subresource;
    r.body = std::move(options);
    return subresource == "log" ? sim::readLog(cluster, r) : cluster.request(r);
  }
  /// The output of `sh -c LINE` in the pod's container, or the error.
  std::string exec(std::string_view pod, std::string_view line) {
    Value options;
    options.set(Key("command"), Value::array({"sh", "-c", line}));
    const auto r = connect(pod, "exec", options);
    if (!r.ok()) return std::string(r.message());
    return std::string(r.body[Key("stdout")].asString()) + std::string(r.body[Key("stderr")].asString());
  }
  std::string logs(std::string_view pod, bool previous = false) {
    Value options = Value::object({});
    if (previous) options.set(Key("previous"), true);
    const auto r = connect(pod, "log", options);
    return r.ok() ? r.text : std::string(r.message());
  }
  std::string waitingReason(std::string_view name) const {
    return std::string(container(name).get({key::state, key::waiting, key::reason}).asString());
  }
  int restarts(std::string_view name) const { return int(container(name)[key::restartCount].asInt()); }
  bool ready(std::string_view name) const { return container(name)[key::ready].asBool(); }
  /// The message of the last Event with that reason.
  std::string message(std::string_view reason) const {
    std::string out;
    cluster.objects().each(Resource::events, "default", [&](const Value& e) {
      if (e[key::reason].asString() == reason) out = std::string(e[key::message].asString());
    });
    return out;
  }
  std::string reasons() const {
    std::string out;
    cluster.objects().each(Resource::events, "default", [&](const Value& e) {
      if (e.get({key::source, key::component}).asString() != "kubelet") return;
      out += std::string(e[key::reason].asString()) + " ";
    });
    return out;
  }
};

}  // namespace fixture
