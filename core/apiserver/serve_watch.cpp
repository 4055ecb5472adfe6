// Watch: what happened since a revision, as far as the server remembers it. A client that wants to go on asks again
// with the revision it was given. Models apiserver pkg/storage/cacher (v1.37).
#include "core/apiserver/selection.hpp"
#include "core/apiserver/serving.hpp"

namespace apiserver {
using namespace api;

namespace {
Value event(std::string_view type, const Value& object) {
  static const Key objectKey("object");
  return Value::object({{key::type, type}, {objectKey, object}});
}

Value bookmark(const ResourceInfo& info, uint64_t revision) {
  return event("BOOKMARK",
               Value::object({{key::kind, info.kind},
                              {key::apiVersion, info.apiVersion()},
                              {key::metadata, Value::object({{key::resourceVersion, std::to_string(revision)}})}}));
}

Response expired(uint64_t asked, uint64_t oldest) {
  return failure(410, "Expired",
                 "too old resource version: " + std::to_string(asked) + " (" + std::to_string(oldest) + ")");
}

/// A removal carries the revision of the removal.
Value removed(const store::Change& c) {
  Value object = c.before;
  object.set({key::metadata, key::resourceVersion}, std::to_string(c.revision));
  return object;
}
}  // namespace

Response Serving::watch() {
  Selection selection;
  if (Response refused = selection.parse(info, request); !refused.ok()) return refused;
  uint64_t since = 0;
  for (char c : request.resourceVersion) {
    if (c < '0' || c > '9' || since > UINT64_MAX / 100)
      return badRequest("strconv.ParseUint: parsing \"" + request.resourceVersion + "\": invalid syntax");
    since = since * 10 + uint64_t(c - '0');
  }
  const auto wanted = [&](const Value& object) {
    if (object.isNull()) return false;
    const Value& meta = object[key::metadata];
    return (request.namespace_.empty() || meta[key::namespace_].asString() == request.namespace_) &&
           (request.name.empty() || meta[key::name].asString() == request.name) && selection.matches(info, object);
  };
  std::vector<Value> events;
  if (since == 0) {
    server.objects().each(info.resource, request.namespace_, [&](const Value& object) {
      if (wanted(object)) events.push_back(event("ADDED", object));
    });
  } else {
    if (since > server.revision())
      return failure(
          504, "Timeout",
          "Too large resource version: " + std::to_string(since) + ", current: " + std::to_string(server.revision()));
    if (since < server.historyStart_) return expired(since, server.historyStart_);
    for (size_t i = server.historyAfter(since); i < server.history_.size(); ++i) {
      const store::Change& c = server.history_[i];
      if (c.resource != info.resource) continue;
      const bool was = wanted(c.before), is = wanted(c.after);
      if (is) events.push_back(event(was ? "MODIFIED" : "ADDED", c.after));
      if (was && !is) events.push_back(event("DELETED", removed(c)));
    }
  }
  if (request.allowWatchBookmarks) events.push_back(bookmark(info, server.revision()));
  Response r;
  r.body = Value::object({{key::kind, "WatchEvents"},
                          {key::metadata, Value::object({{key::resourceVersion, std::to_string(server.revision())}})},
                          {key::items, Value::array(std::move(events))}});
  return r;
}

size_t Server::historyAfter(uint64_t revision) const {
  size_t low = 0, high = history_.size();
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (history_[middle].revision > revision) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

void Server::keepHistory() {
  keepsHistory_ = true;
  history_ = {};
  historyStart_ = revision();
}

}  // namespace apiserver
