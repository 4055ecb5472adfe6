#pragma once
// A server with the namespace `default`, one call a request: what the tests of core/apiserver read like.
#include "core/apiserver/server.hpp"

namespace apiserver_test {

using namespace apiserver;
using api::Resource;
using api::Value;
namespace key = api::key;

struct Api {
  Server server;
  Api() { create(Resource::namespaces, "", Value::object({{key::metadata, Value::object({{key::name, "default"}})}})); }

  Response create(Resource r, std::string_view ns, Value body) {
    Request q = about(Verb::create, r, ns, "");
    body.set(key::kind, api::info(r).kind);
    body.set(key::apiVersion, api::info(r).apiVersion());
    q.body = std::move(body);
    return server.handle(q);
  }
  Response get(Resource r, std::string_view name) { return server.handle(about(Verb::get, r, spaceOf(r), name)); }
  Response remove(Resource r, std::string_view name, apiserver::DeleteOptions o = {}) {
    Request q = about(Verb::remove, r, spaceOf(r), name);
    q.deleteOptions = std::move(o);
    return server.handle(q);
  }
  Response update(Value object, std::string_view subresource = "") {
    const Value meta = object[key::metadata];
    Request q = about(Verb::update, api::findKind(object[key::kind].asString())->resource,
                      meta[key::namespace_].asString(), meta[key::name].asString());
    q.subresource = subresource;
    q.body = std::move(object);
    return server.handle(q);
  }
  Response patch(Resource r, std::string_view name, PatchType type, Value patch) {
    Request q = about(Verb::patch, r, spaceOf(r), name);
    q.patchType = type;
    q.body = std::move(patch);
    return server.handle(q);
  }
  Response list(Resource r, std::string_view labels, std::string_view fields = "") {
    Request q = about(Verb::list, r, spaceOf(r), "");
    q.labelSelector = labels;
    q.fieldSelector = fields;
    return server.handle(q);
  }
  Response configMap(std::string_view name, std::initializer_list<std::string_view> finalizers = {}) {
    Value meta = Value::object({{key::name, name}});
    for (std::string_view f : finalizers) {
      Value list = meta[key::finalizers];
      list.append(f);
      meta.set(key::finalizers, list);
    }
    return create(Resource::configmaps, "default", Value::object({{key::metadata, meta}}));
  }
  Response pod(std::string_view name, std::string_view node = "", std::string_view app = "web") {
    const Value container = Value::object({{key::name, "main"}, {key::image, "nginx"}});
    Value spec =
        Value::object({{key::containers, Value::array({container})}, {key::terminationGracePeriodSeconds, 30}});
    if (!node.empty()) spec.set(key::nodeName, node);
    const Value labels = Value::object({{api::Key("app"), app}});
    return create(
        Resource::pods, "default",
        Value::object({{key::metadata, Value::object({{key::name, name}, {key::labels, labels}})}, {key::spec, spec}}));
  }

  static std::string_view spaceOf(Resource r) { return api::info(r).namespaced ? "default" : ""; }
  static Request about(Verb verb, Resource r, std::string_view ns, std::string_view name) {
    Request q;
    q.verb = verb;
    q.resource = r;
    q.namespace_ = ns;
    q.name = name;
    q.trusted = true;
    return q;
  }
};

}  // namespace apiserver_test
