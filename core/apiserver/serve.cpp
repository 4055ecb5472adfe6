#include "core/apiserver/serving.hpp"

#include "core/api/selector.hpp"
#include "core/apiserver/fields.hpp"

namespace apiserver {
using namespace api;

Response Server::handle(const Request& request) { return serve(request); }

uint64_t Server::random() {  // splitmix64
  uint64_t z = random_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

Response Server::serve(const Request& request) {
  Serving serving{*this, request, info(request.resource)};
  Response r = serving.run();
  r.warnings = std::move(serving.warnings);
  return r;
}

Response Serving::run() {
  if (!request.subresource.empty()) {
    if (request.subresource == "binding") return bind();
    if (request.subresource == "eviction") return evict();
    if (request.subresource == "scale") return scale();
  }
  switch (request.verb) {
    case Verb::get: return get();
    case Verb::list: return list();
    case Verb::create: return create();
    case Verb::update: return update();
    case Verb::patch: return patch();
    case Verb::remove: return remove(request.deleteOptions);
    case Verb::deletecollection: return deleteCollection();
    case Verb::watch: break;
  }
  return methodNotAllowed();
}

const Value& Serving::now() {
  const Millis second = server.now_ / 1000;
  if (server.timeTextOf_ != second) {
    server.timeText_ = formatTime(server.now_);
    server.timeTextOf_ = second;
  }
  return server.timeText_;
}

Response Serving::get() {
  const Value* object = find();
  if (!object) return notFound(info, request.name);
  Response r;
  r.body = *object;
  return r;
}

Response Serving::list() {
  Selector labels;
  std::vector<FieldTerm> fields;
  if (const std::string error = parseSelector(request.labelSelector, labels); !error.empty()) return badRequest(error);
  if (const std::string error = parseFieldSelector(request.fieldSelector, fields); !error.empty())
    return badRequest(error);
  if (Response refused = checkFields(info, fields); !refused.ok()) return refused;
  std::vector<Value> items;
  server.store_.objects().each(info.resource, request.namespace_, [&](const Value& object) {
    if (!request.name.empty() && object.get({key::metadata, key::name}).asString() != request.name) return;
    if (!labels.empty() && !labels.matches(object.get({key::metadata, key::labels}))) return;
    if (!matchesFields(info, fields, object)) return;
    items.push_back(object);
  });
  Response r;
  r.body = Value::object({{key::apiVersion, info.apiVersion()},
                          {key::kind, std::string(info.kind) + "List"},
                          {key::metadata, Value::object({{key::resourceVersion, std::to_string(server.revision())}})},
                          {key::items, Value::array(std::move(items))}});
  return r;
}

}  // namespace apiserver
