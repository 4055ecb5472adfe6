#include "core/apiserver/serving.hpp"

#include <map>

#include "core/api/names.hpp"
#include "core/apiserver/connect.hpp"
#include "core/apiserver/managed.hpp"
#include "core/apiserver/paging.hpp"
#include "core/apiserver/selection.hpp"
#include "core/apiserver/table.hpp"

namespace apiserver {
using namespace api;

Response Server::handle(const Request& request, const History* history) { return serve(request, history); }

uint64_t Server::random() {  // splitmix64
  uint64_t z = random_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

Response Server::serve(const Request& request, const History* history) {
  Serving serving{*this, request, info(request.resource), history};
  Response r = serving.run();
  r.warnings = std::move(serving.warnings);
  return r;
}

bool servesSubresource(const ResourceInfo& info, std::string_view s) {
  if (s.empty()) return true;
  if (s == "status") return info.status;
  if (s == "scale") return info.scale;
  if (info.resource == Resource::namespaces) return s == "finalize";
  constexpr std::string_view ofPods = " binding eviction resize ephemeralcontainers log exec attach portforward ";
  return info.resource == Resource::pods && ofPods.find(" " + std::string(s) + " ") != ofPods.npos;
}

Response Serving::run() {
  if (!request.subresource.empty()) {
    if (request.subresource == "binding") return bind();
    if (request.subresource == "eviction") return evict();
    if (request.subresource == "scale") return scale();
    if (isConnect(request) || isLog(request)) return connect(*this);
    if (!servesSubresource(info, request.subresource)) return genericNotFound();
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
  if (!match.empty()) {
    ErrorList errors;
    const auto forbidden = [&](std::string why) {
      errors.push_back({ErrorType::Forbidden, "resourceVersionMatch", "", std::move(why)});
    };
    if (version.empty()) forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
    if (!request.continue_.empty()) forbidden("resourceVersionMatch is forbidden when continue is provided");
    if (match != "Exact" && match != "NotOlderThan")
      errors.push_back({ErrorType::NotSupported, "resourceVersionMatch", quote(match),
                        "supported values: \"Exact\", \"NotOlderThan\", \"\""});
    if (match == "Exact" && version == "0")
      forbidden("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    if (!errors.empty()) return refuse(invalid("meta.k8s.io", "ListOptions", "", errors));
  }
  if (!version.empty() && version != "0" && !request.continue_.empty())
    return badRequest("specifying resource version is not allowed when using continue");
  uint64_t asked = 0;
  for (char c : version) {
    if (c < '0' || c > '9')
      return failure(request.verb == Verb::list ? 400 : 500, request.verb == Verb::list ? "BadRequest" : "",
                     std::string(request.verb == Verb::list ? "invalid resource version: " : "") +
                         "resourceVersion: Invalid value: " + quote(version) + ": strconv.ParseUint: parsing " +
                         quote(version) + ": invalid syntax");
    asked = asked > UINT64_MAX / 100 ? asked : asked * 10 + uint64_t(c - '0');
  }
  return asked <= server.revision() ? Response() : tooLarge(asked);
}

Response Serving::tooLarge(uint64_t asked) const {
  Response r = failure(504, "Timeout",
                       "Timeout: Too large resource version: " + std::to_string(asked) +
                           ", current: " + std::to_string(server.revision()));
  const Value cause =
      Value::object({{key::reason, "ResourceVersionTooLarge"}, {key::message, "Too large resource version"}});
  r.body.set(key::details, Value::object({{key::causes, Value::array({cause})}, {key::retryAfterSeconds, 1}}));
  return r;
}

void Server::noteManagers(const History& history) {
  for (const ResourceInfo& i : resources()) {
    std::vector<Value> all;
    store_.objects().each(i.resource, "", [&](const Value& object) { all.push_back(object); });
    for (const Value& object : all) store_.amend(i.resource, object, withManagers(i, object, history));
  }
}

Response Serving::get() {
  if (!request.resourceVersion.empty()) {
    if (Response refused = checkVersion(); !refused.ok()) return refused;
  }
  const Value* found = find();
  if (!found) return notFound(info, request.name);
  Response r;
  r.body = shown(*found);
  if (request.asTable) {
    const Value metadata = Value::object({{key::resourceVersion, found->get({key::metadata, key::resourceVersion})}});
    r.body = tableOf(info, {r.body}, false, request.includeObject, metadata, server.now_);
  } else if (request.metadataOnly) {
    r.body = metadataOf(r.body);
  }
  return r;
}

Value Serving::shown(const Value& object) const {
  Value out = history && request.showManagers ? withManagers(info, object, *history) : object;
  // A Service that has become an ExternalName keeps this field in the store and does not show it. Models
  // pkg/registry/core/service/storage/storage.go defaultOnReadInternalTrafficPolicy.
  if (info.resource == Resource::services && out.get({key::spec, key::type}).asString() == "ExternalName")
    out.erase({key::spec, key::internalTrafficPolicy});
  return out;
}

Value Serving::current() const {
  const Value* found = find();
  if (!found) return {};
  return history && !request.trusted ? withManagers(info, *found, *history) : *found;
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

/// The objects as of a revision: those of now with every later write taken back.
Response Serving::objectsAt(uint64_t revision, std::vector<Value>& out) const {
  std::map<std::string, Value> earlier;
  if (revision < server.revision() && history) {
    if (revision < history->start())
      return failure(410, "Expired", "The resourceVersion for the provided list is too old.");
    for (uint64_t r = server.revision(); r > revision; --r) {
      const store::Change& c = *history->at(r).change;
      if (c.resource == info.resource && (request.namespace_.empty() || c.namespace_() == request.namespace_))
        earlier[store::keyOf(c.namespace_(), c.name())] = c.before;
    }
  }
  auto next = earlier.begin();
  server.objects().each(info.resource, request.namespace_, [&](const Value& object) {
    const std::string key = store::keyOf(object);
    for (; next != earlier.end() && next->first < key; ++next) {
      if (!next->second.isNull()) out.push_back(next->second);
    }
    if (next == earlier.end() || next->first != key) {
      out.push_back(object);
    } else if (const Value& then = (next++)->second; !then.isNull()) {
      out.push_back(then);
    }
  });
  for (; next != earlier.end(); ++next) {
    if (!next->second.isNull()) out.push_back(next->second);
  }
  return {};
}

namespace {
// Models apiserver pkg/storage/etcd3/errors.go handleCompactedErrorForPaging.
Response continueExpired(std::string_view start) {
  Response r = failure(410, "Expired",
                       "The provided continue parameter is too old to display a consistent list result. You can start "
                       "a new list without the continue parameter, or use the continue token in this response to "
                       "retrieve the remainder of the results. Continuing with the provided token results in an "
                       "inconsistent list - objects that were created, modified, or deleted between the time the "
                       "first chunk was returned and now may show up in the list.");
  r.body.set({key::metadata, key::continue_}, writeContinue(uint64_t(-1), start));
  return r;
}

/// Whether a list is as of exactly the version it names, and not just not older.
bool isExact(const Request& r) {
  if (r.resourceVersion.empty() || r.resourceVersion == "0") return false;
  return r.resourceVersionMatch == "Exact" || (r.resourceVersionMatch.empty() && r.limit > 0);
}
}  // namespace

Response Serving::list() {
  Selection wanted;
  if (request.sendInitialEvents)
    return refuse(
        invalid("meta.k8s.io", "ListOptions", "",
                {{ErrorType::Forbidden, "sendInitialEvents", "", "sendInitialEvents is forbidden for list"}}));
  if (Response refused = wanted.parse(info, request); !refused.ok()) return refused;
  if (Response refused = checkVersion(); !refused.ok()) return refused;
  uint64_t revision = server.revision();
  std::string start;
  if (isExact(request)) revision = std::stoull(request.resourceVersion);
  if (!request.continue_.empty()) {
    if (const std::string error = readContinue(request.continue_, revision, start); !error.empty())
      return badRequest("invalid continue token: " + error);
    revision = std::min(revision, server.revision());
  }
  std::vector<Value> all, items;
  if (Response refused = objectsAt(revision, all); !refused.ok())
    return start.empty() ? refused : continueExpired(start);
  // Any version will do: the whole list comes from the watch cache, which knows no chunks.
  const int64_t limit = request.resourceVersion == "0" && start.empty() ? 0 : request.limit;
  std::string next;
  int64_t left = 0;
  for (const Value& object : all) {
    if (!start.empty() && store::keyOf(object) < start) continue;
    if (!wanted.matches(info, object)) continue;
    if (limit > 0 && int64_t(items.size()) >= limit) {
      if (left++ == 0) next = store::keyOf(object);
      continue;
    }
    items.push_back(shown(object));
  }
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
  for (Value& item : items) item = request.metadataOnly ? metadataOf(item) : asItem(item);
  const std::string version = request.metadataOnly ? "meta.k8s.io/v1" : info.apiVersion();
  const std::string kind = (request.metadataOnly ? "PartialObjectMetadata" : std::string(info.kind)) + "List";
  r.body =
      Value::object({{key::apiVersion, version},
                     {key::kind, kind},
                     {key::metadata, std::move(metadata)},
                     // A Go slice that was never made.
                     {key::items, items.empty() && request.metadataOnly ? Value() : Value::array(std::move(items))}});
  return r;
}

}  // namespace apiserver
