// The scale subresource of workloads. Models pkg/registry/apps/*/storage/storage.go ScaleREST (v1.37).
#include "core/api/selector.hpp"
#include "core/apiserver/managed.hpp"
#include "core/apiserver/patch.hpp"
#include "core/apiserver/serving.hpp"
#include "core/apiserver/table.hpp"

namespace apiserver {
using namespace api;

namespace {
Value scaleOf(const Value& object) {
  const Value& meta = object[key::metadata];
  Value m = Value::object({});
  for (Key k :
       {Key(key::name), Key(key::namespace_), Key(key::uid), Key(key::resourceVersion), Key(key::creationTimestamp)}) {
    if (const Value* v = meta.find(k)) m.set(k, *v);
  }
  Value spec = Value::object({}), status = Value::object({{key::replicas, 0}});
  if (const Value& n = object.get({key::spec, key::replicas}); n.asInt() != 0) spec.set(key::replicas, n);
  if (const Value& n = object.get({key::status, key::replicas}); n.asInt() != 0) status.set(key::replicas, n);
  if (const std::string selector = formatLabelSelector(object.get({key::spec, key::selector})); !selector.empty())
    status.set(key::selector, selector);
  return Value::object({{key::apiVersion, "autoscaling/v1"},
                        {key::kind, "Scale"},
                        {key::metadata, m},
                        {key::spec, spec},
                        {key::status, status}});
}

/// As `kubectl get --subresource=scale` asks for it. Models printers.go printScale; the columns' texts are our own.
Value scaleTable(const Value& scale, Millis now) {
  struct Column {
    std::string_view name, type, description;
  };
  constexpr Column columns[] = {{"Name", "string", "The object's name."},
                                {"Desired", "integer", "How many are wanted."},
                                {"Available", "integer", "How many there are."},
                                {"Age", "string", "How long ago the object was created."}};
  std::vector<Value> definitions;
  for (const Column& c : columns)
    definitions.push_back(Value::object({{key::name, c.name},
                                         {key::type, c.type},
                                         {Key("format"), ""},
                                         {Key("description"), c.description},
                                         {key::priority, 0}}));
  const Value& meta = scale[key::metadata];
  const Millis age = now - parseTime(meta[key::creationTimestamp].asString());
  const Value cells = Value::array({meta[key::name], scale[key::spec][key::replicas].asInt(),
                                    scale[key::status][key::replicas].asInt(), humanDuration(age)});
  return Value::object(
      {{key::kind, "Table"},
       {key::apiVersion, "meta.k8s.io/v1"},
       {key::metadata, Value::object({{key::resourceVersion, meta[key::resourceVersion]}})},
       {Key("columnDefinitions"), Value::array(std::move(definitions))},
       {Key("rows"), Value::array({Value::object({{Key("cells"), cells}, {Key("object"), metadataOf(scale)}})})}});
}
}  // namespace

/// Server-side apply of a Scale is that of its replicas to the object itself. Models ScaleHandler of apimachinery
/// pkg/util/managedfields.
Response Serving::applyScale(const Value& before, Value& wanted, Value& after) {
  wanted = request.body;
  const std::string_view version = wanted[key::apiVersion].asString(), kind = wanted[key::kind].asString();
  if (version != "autoscaling/v1" || kind != "Scale")
    return badRequest("invalid object type: " + std::string(version.find('/') == version.npos ? "/" : "") +
                      std::string(version) + ", Kind=" + std::string(kind));
  if (Response refused = decodeAs("Scale", "v1", wanted); !refused.ok()) return refused;
  Value config = Value::object({{key::apiVersion, info.apiVersion()},
                                {key::kind, info.kind},
                                {key::metadata, Value::object({{key::name, request.name}})}});
  if (const Value& n = request.body.get({key::spec, key::replicas}); !n.isNull())
    config.set({key::spec, key::replicas}, n);
  // The handler keeps the times of entries that were there before; a new one has none.
  return applyConfig(info, {request.fieldManager, request.subresource, true, "autoscaling/v1"}, before, config,
                     request.force, Value(), after);
}

Response Serving::scale() {
  if (!info.scale) return genericNotFound();
  const Value before = current();
  if (before.isNull()) return notFound(info, request.name);
  Response r;
  r.body = scaleOf(before);
  if (request.verb == Verb::get) {
    if (request.asTable) r.body = scaleTable(r.body, server.now_);
    return r;
  }
  Value wanted = request.body, after = before;
  const bool applies = request.verb == Verb::patch && request.patchType == PatchType::apply;
  if (applies) {
    if (Response refused = applyScale(before, wanted, after); !refused.ok()) return refused;
  } else if (request.verb == Verb::patch) {
    if (Response refused = applyPatch(request, "Scale", r.body, wanted); !refused.ok()) return refused;
    if (!request.trusted) {
      if (Response refused = decodePatched(wanted, "Scale"); !refused.ok()) return refused;
    }
  } else if (request.verb != Verb::update) {
    return methodNotAllowed();
  } else if (Response refused = decodeAs("Scale", "v1", wanted); !refused.ok()) {
    return refused;
  }
  if (const std::string_view name = wanted.get({key::metadata, key::name}).asString();
      !name.empty() && name != request.name)
    return badRequest("the name of the object (" + std::string(name) + ") does not match the name on the URL (" +
                      request.name + ")");
  const int64_t replicas = wanted.get({key::spec, key::replicas}).asInt();
  if (replicas < 0)
    return refuse(invalid(
        "autoscaling", "Scale", request.name,
        {{ErrorType::Invalid, "spec.replicas", std::to_string(replicas), "must be greater than or equal to 0"}}));
  const std::string_view version = wanted.get({key::metadata, key::resourceVersion}).asString();
  if (!version.empty() && version != before.get({key::metadata, key::resourceVersion}).asString())
    return modified(info, request.name);
  if (!applies) after.set({key::spec, key::replicas}, replicas);
  if (const Value& uid = wanted.get({key::metadata, key::uid}); !uid.asString().empty())
    after.set({key::metadata, key::uid}, uid);
  if (!applies) track(before, after, Value());
  Response done = replace(before, std::move(after), "");
  if (done.ok()) done.body = scaleOf(done.body);
  return done;
}

}  // namespace apiserver
