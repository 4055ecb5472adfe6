#include "core/apiserver/serving.hpp"

#include "core/api/names.hpp"
#include "core/apiserver/connect.hpp"
#include "core/apiserver/paging.hpp"
#include "core/apiserver/selection.hpp"
#include "core/apiserver/table.hpp"

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
    if (isConnect(request) || isLog(request)) return connect(*this);
  }
  switch (request.verb) {
    case Verb::get: return get();
    case Verb::list: return list();
    case Verb::create: return create();
    case Verb::update: return update();
    case Verb::patch: return patch();
    case Verb::remove: return remove(request.deleteOptions);
    case Verb::deletecollection: return deleteCollection();
    case Verb::watch: return watch();
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

/// Reads are answered as of now, which is new enough for every version there has been. Models apiserver pkg/storage
/// errors.go NewTooLargeResourceVersionError and apimachinery ValidateListOptions.
Response Serving::checkVersion() const {
  const std::string &version = request.resourceVersion, &match = request.resourceVersionMatch;
  const auto forbidden = [](std::string why) {
    return refuse(invalid("meta.k8s.io", "ListOptions", "",
                          {{ErrorType::Forbidden, "resourceVersionMatch", "", std::move(why)}}));
  };
  if (!match.empty()) {
    if (version.empty()) return forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
    if (!request.continue_.empty()) return forbidden("resourceVersionMatch is forbidden when continue is provided");
    if (match != "Exact" && match != "NotOlderThan")
      return refuse(invalid("meta.k8s.io", "ListOptions", "",
                            {{ErrorType::NotSupported, "resourceVersionMatch", quote(match),
                              "supported values: \"Exact\", \"NotOlderThan\", \"\""}}));
    if (match == "Exact" && version == "0")
      return forbidden("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
  }
  uint64_t asked = 0;
  for (char c : version) {
    if (c < '0' || c > '9')
      return failure(500, "",
                     "resourceVersion: Invalid value: " + quote(version) + ": strconv.ParseUint: parsing " +
                         quote(version) + ": invalid syntax");
    asked = asked > UINT64_MAX / 100 ? asked : asked * 10 + uint64_t(c - '0');
  }
  if (asked <= server.revision()) return {};
  Response r = failure(504, "Timeout",
                       "Timeout: Too large resource version: " + std::to_string(asked) +
                           ", current: " + std::to_string(server.revision()));
  const Value cause =
      Value::object({{key::reason, "ResourceVersionTooLarge"}, {key::message, "Too large resource version"}});
  r.body.set(key::details, Value::object({{key::causes, Value::array({cause})}, {key::retryAfterSeconds, 1}}));
  return r;
}

Response Serving::get() {
  if (!request.resourceVersion.empty()) {
    if (Response refused = checkVersion(); !refused.ok()) return refused;
  }
  const Value* object = find();
  if (!object) return notFound(info, request.name);
  Response r;
  r.body = *object;
  if (request.asTable) {
    const Value metadata = Value::object({{key::resourceVersion, object->get({key::metadata, key::resourceVersion})}});
    r.body = tableOf(info, {*object}, false, request.includeObject, metadata, server.now_);
  }
  return r;
}

namespace {
/// As in a list: kind and version stand in the list alone.
Value asItem(const Value& object) {
  Value item = object;
  item.erase(key::kind);
  item.erase(key::apiVersion);
  return item;
}

}  // namespace

Response Selection::parse(const ResourceInfo& info, const Request& request) {
  if (const std::string error = parseSelector(request.labelSelector, labels); !error.empty()) return badRequest(error);
  if (const std::string error = parseFieldSelector(request.fieldSelector, fields); !error.empty())
    return badRequest(error);
  return checkFields(info, fields);
}
bool Selection::matches(const ResourceInfo& info, const Value& object) const {
  return (labels.empty() || labels.matches(object.get({key::metadata, key::labels}))) &&
         matchesFields(info, fields, object);
}

Response Serving::list() {
  Selection wanted;
  if (Response refused = wanted.parse(info, request); !refused.ok()) return refused;
  if (Response refused = checkVersion(); !refused.ok()) return refused;
  uint64_t revision = server.revision();
  std::string start;
  if (!request.continue_.empty()) {
    if (const std::string error = readContinue(request.continue_, revision, start); !error.empty())
      return badRequest("invalid continue token: " + error);
  }
  std::vector<Value> items;
  std::string next;
  int64_t left = 0;
  server.store_.objects().each(info.resource, request.namespace_, [&](const Value& object) {
    const std::string key = store::keyOf(object);
    if (!start.empty() && key < start) return;
    if (!wanted.matches(info, object)) return;
    if (request.limit > 0 && int64_t(items.size()) >= request.limit) {
      if (left++ == 0) next = key;
      return;
    }
    items.push_back(object);
  });
  Value metadata = Value::object({{key::resourceVersion, std::to_string(revision)}});
  if (left > 0) {
    metadata.set(key::continue_, writeContinue(revision, next));
    if (wanted.empty()) metadata.set(key::remainingItemCount, left);
  }
  Response r;
  if (request.asTable) {
    r.body = tableOf(info, items, true, request.includeObject, std::move(metadata), server.now_);
    return r;
  }
  for (Value& item : items) item = asItem(item);
  r.body = Value::object({{key::apiVersion, info.apiVersion()},
                          {key::kind, std::string(info.kind) + "List"},
                          {key::metadata, std::move(metadata)},
                          {key::items, Value::array(std::move(items))}});
  return r;
}

}  // namespace apiserver
