// Watch: what happened since a revision, as far as the history goes back. A stream asks again and again; a request that
// is answered at once gets what there is to tell now. Models apiserver pkg/storage/cacher and
// pkg/endpoints/handlers/{get,watch,response}.go (v1.37).
#include "core/api/names.hpp"
#include "core/apiserver/managed.hpp"
#include "core/apiserver/selection.hpp"
#include "core/apiserver/serving.hpp"
#include "core/apiserver/table.hpp"

namespace apiserver {
using namespace api;

namespace {
Response expired(uint64_t asked, uint64_t oldest) {
  return failure(410, "Expired",
                 "too old resource version: " + std::to_string(asked) + " (" + std::to_string(oldest) + ")");
}

/// A removal carries the revision of the removal.
Value removed(Value object, uint64_t revision) {
  object.set({key::metadata, key::resourceVersion}, std::to_string(revision));
  return object;
}

/// One watch being told of its events.
struct Telling {
  const Server& server;
  const History* history;
  Watch& watch;
  const ResourceInfo& info;
  Selection selection;
  std::vector<Value> events;

  bool wanted(const Value& object) const {
    if (object.isNull()) return false;
    const Value& meta = object[key::metadata];
    const Request& r = watch.request;
    return (r.namespace_.empty() || meta[key::namespace_].asString() == r.namespace_) &&
           (r.name.empty() || meta[key::name].asString() == r.name) && selection.matches(info, object);
  }
  Value managed(const Value& object) const {
    return history && watch.request.showManagers ? withManagers(info, object, *history) : object;
  }
  void add(std::string_view type, Value object) {
    static const Key objectKey("object");
    if (watch.request.asTable) {
      const Value metadata = Value::object({{key::resourceVersion, object.get({key::metadata, key::resourceVersion})}});
      object = tableOf(info, {object}, false, watch.request.includeObject, metadata, server.now());
      if (watch.headed) object.set(Key("columnDefinitions"), Value());
      watch.headed = true;
    } else if (watch.request.metadataOnly) {
      object = metadataOf(object);
    }
    events.push_back(Value::object({{key::type, type}, {objectKey, std::move(object)}}));
  }
  void initial() {
    server.objects().each(info.resource, watch.request.namespace_, [&](const Value& object) {
      if (wanted(object)) add("ADDED", managed(object));
    });
    watch.since = server.revision();
  }
  void later() {
    while (watch.since < server.revision()) {
      // A watch may begin at a version that is still to come.
      const store::Change& c = *history->at(++watch.since).change;
      if (c.resource != info.resource) continue;
      const bool was = wanted(c.before), is = wanted(c.after);
      if (is) add(was ? "MODIFIED" : "ADDED", managed(c.after));
      if (was && !is) add("DELETED", removed(managed(c.before), c.revision));
    }
  }
};

Value bookmarkOf(const Watch& watch, uint64_t revision, bool endsInitialEvents) {
  const ResourceInfo& i = info(watch.request.resource);
  Value object = Value::object({{key::kind, i.kind},
                                {key::apiVersion, i.apiVersion()},
                                {key::metadata, Value::object({{key::resourceVersion, std::to_string(revision)}})}});
  if (i.resource == Resource::pods) {  // as Go writes an empty one
    object.set({key::spec, key::containers}, Value());
    object.set(key::status, Value::object({}));
  }
  if (endsInitialEvents) object.set({key::metadata, key::annotations, Key("k8s.io/initial-events-end")}, "true");
  return Value::object({{key::type, "BOOKMARK"}, {Key("object"), std::move(object)}});
}

// Models apimachinery internalversion/validation validateWatchOptions.
Response checkOptions(const Request& r) {
  ErrorList errors;
  const auto forbid = [&](std::string_view why) {
    errors.push_back({ErrorType::Forbidden, "resourceVersionMatch", "", std::string(why)});
  };
  const std::string& match = r.resourceVersionMatch;
  if (r.sendInitialEvents && match != "NotOlderThan")
    forbid("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  if (!match.empty()) {
    if (!r.sendInitialEvents)
      forbid("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    if (match != "NotOlderThan")
      errors.push_back(
          {ErrorType::NotSupported, "resourceVersionMatch", quote(match), "supported values: \"NotOlderThan\""});
    if (!r.continue_.empty()) forbid("resourceVersionMatch is forbidden when continue is provided");
  }
  return errors.empty() ? Response() : refuse(invalid("meta.k8s.io", "ListOptions", "", errors));
}
}  // namespace

Response Serving::beginWatch(Watch& watch) {
  Selection selection;
  if (Response refused = checkOptions(request); !refused.ok()) return refused;
  if (Response refused = selection.parse(info, request); !refused.ok()) return refused;
  uint64_t since = 0;
  for (char c : request.resourceVersion) {
    if (c < '0' || c > '9' || since > UINT64_MAX / 100)
      return failure(500, "",
                     "resourceVersion: Invalid value: " + quote(request.resourceVersion) +
                         ": strconv.ParseUint: parsing " + quote(request.resourceVersion) + ": invalid syntax");
    since = since * 10 + uint64_t(c - '0');
  }
  watch.request = request;
  watch.since = since;
  // A watch from "any version" is told of what there is first, as one that asks for it.
  if (!request.sendInitialEvents && since == 0) watch.request.sendInitialEvents = true;
  watch.begun = !watch.request.sendInitialEvents.value_or(false);
  if (watch.request.sendInitialEvents && !*watch.request.sendInitialEvents && since == 0)
    watch.since = server.revision();
  if (!watch.begun && since > server.revision()) {
    watch.refused = tooLarge(since);
  } else if (watch.begun && watch.since < server.revision()) {
    const uint64_t oldest = history ? history->start() : server.revision();
    if (watch.since < oldest) watch.refused = expired(since, oldest);
  }
  return {};
}

std::vector<Value> Server::events(Watch& watch, const History* history) {
  static const Key object("object");
  if (!watch.refused.ok()) return {Value::object({{key::type, "ERROR"}, {object, watch.refused.body}})};
  const ResourceInfo& i = info(watch.request.resource);
  Telling telling{*this, history, watch, i, {}, {}};
  telling.selection.parse(i, watch.request);
  if (!watch.begun) {
    telling.initial();
    watch.begun = true;
    if (watch.request.allowWatchBookmarks && watch.request.sendInitialEvents.value_or(false))
      telling.events.push_back(bookmarkOf(watch, revision(), true));
  } else if (history) {
    telling.later();
  }
  return std::move(telling.events);
}

Value Server::bookmark(const Watch& watch) const { return bookmarkOf(watch, watch.since, false); }

/// All there is to tell now, at once: for clients that ask again instead of listening.
Response Serving::watch() {
  Watch watch;
  if (Response refused = beginWatch(watch); !refused.ok()) return refused;
  if (!watch.refused.ok()) return watch.refused;
  const bool initial = !watch.begun;
  std::vector<Value> events = server.events(watch, history);
  if (request.allowWatchBookmarks && !initial) events.push_back(bookmarkOf(watch, server.revision(), false));
  Response r;
  r.body = Value::object({{key::kind, "WatchEvents"},
                          {key::metadata, Value::object({{key::resourceVersion, std::to_string(server.revision())}})},
                          {key::items, Value::array(std::move(events))}});
  return r;
}

}  // namespace apiserver
