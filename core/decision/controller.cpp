#include "core/decision/controller.hpp"
#include "core/decision/rules.hpp"

namespace decision {
namespace {
using apiserver::Request;
using apiserver::Verb;

Request about(Verb verb, const Value& object) {
  Request r;
  r.verb = verb;
  const api::ObjectMeta meta = api::Object{{object}}.metadata();
  if (const api::ResourceInfo* i = api::findKind(api::Object{{object}}.kind())) r.resource = i->resource;
  r.namespace_ = meta.namespace_();
  r.name = meta.name();
  r.trusted = true;
  return r;
}
}  // namespace

apiserver::Response Client::get(Resource resource, std::string_view ns, std::string_view name) {
  Request r;
  r.resource = resource;
  r.namespace_ = ns;
  r.name = name;
  return send(Rule::UserRequest, std::move(r));
}

apiserver::Response Client::create(const Why& why, Value object) {
  Request r = about(Verb::create, object);
  r.name.clear();
  r.body = std::move(object);
  return send(why, std::move(r));
}

apiserver::Response Client::update(const Why& why, Value object) {
  Request r = about(Verb::update, object);
  r.body = std::move(object);
  return send(why, std::move(r));
}

apiserver::Response Client::updateStatus(const Why& why, Value object) {
  Request r = about(Verb::update, object);
  r.subresource = "status";
  r.body = std::move(object);
  return send(why, std::move(r));
}

apiserver::Response Client::patch(const Why& why, Resource resource, std::string_view ns, std::string_view name,
                                  apiserver::PatchType type, Value patch, std::string_view subresource) {
  Request r;
  r.verb = Verb::patch;
  r.resource = resource;
  r.namespace_ = ns;
  r.name = name;
  r.subresource = subresource;
  r.patchType = type;
  r.body = std::move(patch);
  r.trusted = true;
  return send(why, std::move(r));
}

apiserver::Response Client::remove(const Why& why, const Value& object, apiserver::DeleteOptions options) {
  Request r = about(Verb::remove, object);
  r.deleteOptions = std::move(options);
  return send(why, std::move(r));
}

}  // namespace decision
