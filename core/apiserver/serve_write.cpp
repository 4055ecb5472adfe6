// Create, update and patch: one way in for all kinds. Models apiserver pkg/registry/generic/registry/store.go,
// pkg/registry/rest/{create,update}.go and pkg/endpoints/handlers (v1.37).
#include <algorithm>

#include "core/api/names.hpp"
#include "core/api/sort.hpp"
#include "core/apiserver/admission.hpp"
#include "core/apiserver/decode.hpp"
#include "core/apiserver/defaulting.hpp"
#include "core/apiserver/managed.hpp"
#include "core/apiserver/patch.hpp"
#include "core/apiserver/serving.hpp"
#include "core/apiserver/strategy.hpp"
#include "core/apiserver/warnings.hpp"

namespace apiserver {
using namespace api;

/// How many objects of that name are gone, while names are derived.
uint32_t& Serving::removals(std::string_view name) {
  return server.removed_.edit(std::string(info.plural) + "/" + request.namespace_ + "/" + std::string(name));
}

/// Where names are derived: a number that follows from the object's name and from how many of that name went before.
uint64_t Serving::derived(std::string_view name) {
  const uint64_t kind = store::hashOf(info.plural) ^ store::hashOf(std::string(request.namespace_) + "/");
  return (store::hashOf(std::string(name)) ^ kind) * 0xbf58476d1ce4e5b9u + removals(name);
}

Value Serving::newUid(std::string_view name) {
  static constexpr char hex[] = "0123456789abcdef";
  char text[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  uint64_t bits = server.derivesNames_ ? derived(name) : server.random();
  const auto digits = [&](int from, int to) {
    for (int i = from; i < to; ++i, bits >>= 4) text[i] = hex[bits & 15];
  };
  digits(0, 8);
  digits(9, 13);
  digits(14, 18);
  bits = server.derivesNames_ ? derived(name) : server.random();
  digits(19, 23);
  digits(24, 36);
  text[14] = '4';  // a version 4 UUID, as Kubernetes' are
  text[19] = hex[8 + (server.derivesNames_ ? 0 : server.random() & 3)];
  return Value(std::string_view(text, 36));
}

// Models apiserver pkg/storage/names/generate.go and apimachinery pkg/util/rand.
std::string Serving::newName(std::string_view prefix, uint32_t attempt) {
  static constexpr std::string_view alphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string name(prefix.substr(0, 58));
  for (int i = 0; i < 5; ++i) {
    const uint64_t number = server.derivesNames_ ? (derived(prefix) + attempt * 7919) >> (8 * i) : server.random();
    name += alphabet[number % alphabet.size()];
  }
  return name;
}

void Server::record(store::Change change) { changes_.push_back(std::move(change)); }

Value Serving::put(Value object) {
  if (request.dryRun) return object;
  server.record(server.store_.put(info.resource, std::move(object)));
  return server.changes_.back().after;
}

void Serving::erase(const Value& object) {
  if (request.dryRun) return;
  const Value& meta = object[key::metadata];
  if (server.derivesNames_) ++removals(meta[key::name].asString());
  server.record(server.store_.remove(info.resource, meta[key::namespace_].asString(), meta[key::name].asString()));
}

void Serving::initialise(Value& object) {
  Value meta = object[key::metadata];
  for (Key k : {Key(key::deletionGracePeriodSeconds), Key(key::deletionTimestamp), Key(key::resourceVersion),
                Key(key::selfLink)}) {
    if (meta.find(k)) meta.erase(k);
  }
  // What a cluster begins with may bring its UID. Without derived names one is drawn before a name is.
  Value uid = request.trusted ? meta[key::uid] : Value();
  const bool hasUid = !uid.asString().empty();
  if (!hasUid && !server.derivesNames_) uid = newUid({});
  if (meta[key::name].asString().empty() && !meta[key::generateName].asString().empty()) {
    uint32_t attempt = 0;
    std::string name;
    do {
      name = newName(meta[key::generateName].asString(), attempt++);
    } while (server.store_.objects().get(info.resource, request.namespace_, name) ||
             (server.derivesNames_ && removals(name) > 0));
    meta.set(key::name, name);
  }
  if (!hasUid && server.derivesNames_) uid = newUid(meta[key::name].asString());
  // The revision is for Store::put to fill in.
  meta.setAll({{key::creationTimestamp, now()}, {key::resourceVersion, Value()}, {key::uid, std::move(uid)}});
  if (request.dryRun) meta.erase(key::resourceVersion);
  if (info.namespaced && meta[key::namespace_].asString() != request.namespace_)
    meta.set(key::namespace_, request.namespace_);
  object.set(key::metadata, std::move(meta));
}

Response Serving::admitted(Verb verb, Value& object, const Value& old, bool valid) {
  const AdmissionSettings settings{server.settings_.notReadyTolerationSeconds,
                                   server.settings_.unreachableTolerationSeconds};
  const Value name = object.get({key::metadata, key::name});  // its own: plug-ins change the object
  const Admission admission{server.objects(),    settings,           verb,           info.resource,
                            request.subresource, request.namespace_, name.asString()};
  const Refusal refusal = valid ? admitValid(admission, object, old) : admit(admission, object, old);
  if (refusal) return refuse(refusal);
  return {};
}

/// A field whose gate is off goes, unless it was in use before. Models the StatefulSet strategy's
/// dropStatefulSetDisabledFields.
void Serving::dropDisabledFields(Value& object, const Value& old) const {
  if (info.resource != Resource::statefulsets || server.settings_.maxUnavailableStatefulSet) return;
  const auto rolling = [&](const Value& v) -> const Value& {
    return v.get({key::spec, key::updateStrategy, key::rollingUpdate});
  };
  if (!rolling(old)[key::maxUnavailable].isNull() || rolling(object)[key::maxUnavailable].isNull()) return;
  object.erase({key::spec, key::updateStrategy, key::rollingUpdate, key::maxUnavailable});
}

/// Which of what a controller made is validated: what is made from a user's template.
static bool validatesTrusted(Resource r) {
  return r == Resource::pods || r == Resource::persistentvolumeclaims || r == Resource::replicasets;
}

/// Whether it is a claim of data: nobody could tell later which of its two fields for that was sent.
static bool namesSource(const Value& object) {
  const Value& spec = object[key::spec];
  return object[key::kind].asString() == "PersistentVolumeClaim" &&
         (!spec[key::dataSource].isNull() || !spec[key::dataSourceRef].isNull());
}

Response Serving::create() {
  Value object = request.body;
  if (!request.trusted) {
    if (const Refusal refusal =
            decodeBody(info.resource, object, request.fieldValidation, request.duplicates, warnings))
      return refuse(refusal);
  }
  const std::string_view ns = object.get({key::metadata, key::namespace_}).asString();
  if (info.namespaced && !ns.empty() && ns != request.namespace_)
    return badRequest("the namespace of the provided object does not match the namespace sent on the request");
  if (!info.namespaced && !ns.empty()) object.erase({key::metadata, key::namespace_});
  setDefaults(info.resource, object);
  if (!request.trusted || namesSource(object)) noteCreator(object);
  return createDecoded(std::move(object));
}

Response Serving::createDecoded(Value object) {
  const std::string_view version = object.get({key::metadata, key::resourceVersion}).asString();
  const bool versioned = !version.empty() && version != "0";
  initialise(object);
  if (Response refused = admitted(Verb::create, object, Value()); !refused.ok()) return refused;
  if (info.resource == Resource::services) {
    if (Response refused = allocateService(object, Value()); !refused.ok()) return refused;
  }
  dropDisabledFields(object, Value());
  prepareForCreate(info.resource, object, now());
  const std::string_view name = object.get({key::metadata, key::name}).asString();
  if (!request.trusted || validatesTrusted(info.resource)) {
    if (const ErrorList errors = validateCreate(info.resource, object); !errors.empty())
      return refuse(invalid(info.resource, name, errors));
  }
  warn(object, Value());
  if (Response refused = admitted(Verb::create, object, Value(), true); !refused.ok()) return refused;
  if (versioned) return failure(500, "", "resourceVersion should not be set on objects to be created");
  if (const Value* there = server.store_.objects().get(info.resource, request.namespace_, name)) {
    Response r = alreadyExists(info, name);
    if (!there->get({key::metadata, key::deletionTimestamp}).isNull())
      r.body.set(key::message, "object is being deleted: " + std::string(r.message()));
    return r;
  }
  Response r;
  r.code = 201;
  r.body = put(std::move(object));
  return r;
}

/// What server-side apply says of a document that is not of its schema: `unknown field "spec.x"` becomes `.spec.x:
/// field not declared in schema`. Models apimachinery pkg/util/managedfields/internal/structuredmerge.go Apply.
static Response notTyped(const ResourceInfo& info, const Value& config, const Decoded& decoded,
                         std::vector<std::string> errors) {
  for (const std::string& s : decoded.strict) {
    if (s.substr(0, 13) == "unknown field")
      errors.push_back("." + s.substr(15, s.size() - 16) + ": field not declared in schema");
  }
  api::sort(errors);
  if (errors.empty()) errors.push_back(decoded.error);
  std::string text = errors[0];
  if (errors.size() > 1) {
    text = "errors:";
    for (const std::string& e : errors) text += "\n  " + e;
  }
  const Value& meta = config[key::metadata];
  const std::string group = info.group.empty() ? "/" + std::string(info.version) : info.apiVersion();
  return failure(500, "",
                 "failed to create typed patch object (" + std::string(meta[key::namespace_].asString()) + "/" +
                     std::string(meta[key::name].asString()) + "; " + group + ", Kind=" + std::string(info.kind) +
                     "): " + text);
}

// Models apiserver pkg/endpoints/handlers/rest.go checkName.
Response Serving::checkNames(const Value& object) const {
  const std::string_view name = object.get({key::metadata, key::name}).asString();
  const std::string_view ns = object.get({key::metadata, key::namespace_}).asString();
  const bool elsewhere = info.namespaced && !ns.empty() && ns != request.namespace_;
  const auto refused = [] {
    return badRequest("the namespace of the provided object does not match the namespace sent on the request");
  };
  if (elsewhere && request.verb != Verb::patch) return refused();
  if (name.empty())
    return badRequest("the name of the object (" + request.name +
                      " based on URL) was undeterminable: name must be provided");
  if (name != request.name)
    return badRequest("the name of the object (" + std::string(name) + ") does not match the name on the URL (" +
                      request.name + ")");
  if (elsewhere) return refused();
  return {};
}

Response Serving::update() {
  Value object = request.body;
  if (!request.trusted) {
    if (const Refusal refusal =
            decodeBody(info.resource, object, request.fieldValidation, request.duplicates, warnings))
      return refuse(refusal);
    if (Response refused = checkNames(object); !refused.ok()) return refused;
    setDefaults(info.resource, object);
  }
  if (const Value before = current(); !before.isNull()) {
    track(before, object);
    return replace(before, std::move(object), request.subresource);
  }
  if (!allowCreateOnUpdate(info.resource) || !request.subresource.empty()) return notFound(info, request.name);
  return createDecoded(std::move(object));
}

void Serving::warn(const Value& object, const Value& old) {
  if (request.trusted) return;
  for (std::string& w : warningsOf(info.resource, object, old)) warnings.push_back(std::move(w));
}

/// Who creates an object notes itself before admission adds to it.
void Serving::noteCreator(Value& object) { trackManagers(info, manager(), Value(), object, now()); }

void Serving::track(const Value& before, Value& after) { track(before, after, now()); }

void Serving::track(const Value& before, Value& after, const Value& time) {
  if (!request.trusted && !server.derivesNames_) trackManagers(info, manager(), before, after, time);
}

Manager Serving::manager() const {
  const std::string agent = request.userAgent.substr(0, request.userAgent.find('/'));
  const std::string& name = request.fieldManager.empty() ? agent : request.fieldManager;
  return {name.empty() ? "unknown" : name, request.subresource, false};
}

// Models apiserver pkg/endpoints/handlers/patch.go applyPatcher.
Response Serving::apply() {
  Value config = request.body;
  if (request.fieldManager.empty())
    return refuse(validateOptions("PatchOptions", {}, {}, request.fieldValidation, true, request.force));
  if (config.kind() != Kind::Object)
    return badRequest("error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}");
  const std::string_view given = config[key::apiVersion].asString();
  if (given != info.apiVersion() || config[key::kind].asString() != info.kind)
    return badRequest("invalid object type: " + std::string(given.find('/') == given.npos ? "/" : "") +
                      std::string(given) + ", Kind=" + std::string(config[key::kind].asString()));
  if (!config.get({key::metadata, key::managedFields}).isNull())
    return badRequest("metadata.managedFields must be nil");
  Decoded typed = decode(*findType(info.kind), config, request.duplicates);
  const bool unknown = !typed.strict.empty() && typed.strict[0].substr(0, 13) == "unknown field";
  std::vector<std::string> faults = schemaFaults(config, *findType(info.kind));
  if (!typed.error.empty() || unknown || !faults.empty()) return notTyped(info, config, typed, std::move(faults));
  const Value before = current();
  Value after;
  const Manager manager{request.fieldManager, request.subresource, true};
  if (Response refused = applyConfig(info, manager, before, config, request.force, now(), after); !refused.ok())
    return refused;
  const Value managed = after.get({key::metadata, key::managedFields});
  Decoded decoded = decode(*findType(info.kind), after, request.duplicates);
  if (!decoded.error.empty()) return badRequest(decoded.error);
  after = std::move(decoded.object);
  if (managed.isNull()) {
    after.erase({key::metadata, key::managedFields});  // nobody manages anything any more
  } else {
    after.set({key::metadata, key::managedFields}, managed);
  }
  const std::string uid(config.get({key::metadata, key::uid}).asString());
  if (before.isNull() && request.subresource.empty() && !uid.empty())
    return conflict(info.group, info.plural, request.name,
                    "uid mismatch: the provided object specified uid " + uid + ", and no existing object was found");
  if (Response refused = checkNames(after); !refused.ok()) return refused;
  setDefaults(info.resource, after);
  if (!before.isNull()) return replace(before, std::move(after), request.subresource);
  if (!request.subresource.empty()) return notFound(info, request.name);
  after.set({key::metadata, key::name}, request.name);
  return createDecoded(std::move(after));
}

/// A condition's time of probing that is null: a strategic patch takes it out, and what a trusted client sends is not
/// decoded, which would write it again.
static void writeProbeTimes(Value& pod) {
  const size_t count = pod.get({key::status, key::conditions}).size();
  for (size_t i = 0; i < count; ++i) {
    if (!pod.get({key::status, key::conditions})[i].find(key::lastProbeTime))
      pod.set({key::status, key::conditions, Step::index(i), key::lastProbeTime}, Value());
  }
}

Response Serving::patch() {
  if (request.patchType == PatchType::apply) return apply();
  const Value before = current();
  if (before.isNull()) return notFound(info, request.name);
  Value after;
  if (Response refused = applyPatch(request, info.kind, before, after); !refused.ok()) return refused;
  if (!request.trusted) {
    if (Response refused = decodePatched(after, info.kind); !refused.ok()) return refused;
    if (Response refused = checkNames(after); !refused.ok()) return refused;
    setDefaults(info.resource, after);
    track(before, after);
  } else if (info.resource == api::Resource::pods) {
    writeProbeTimes(after);
  }
  return replace(before, std::move(after), request.subresource);
}

/// Whether a version has the kind, for those that are no resource of their own.
static bool isRegistered(std::string_view kind, std::string_view version) {
  if (kind == "Binding") return version == "v1";
  if (kind == "Eviction") return version == "policy/v1" || version == "policy/v1beta1";
  return version == "autoscaling/v1" || version == "apps/v1beta1" || version == "apps/v1beta2" ||
         version == "extensions/v1beta1";
}

// Models apiserver pkg/endpoints/handlers/patch.go applyPatchToCurrentObject and applyPatchToObject.
Response Serving::decodeAs(std::string_view typeName, std::string_view version, Value& body) {
  if (request.trusted) return {};
  const std::string_view given = body[key::apiVersion].asString();
  if (!given.empty() && body[key::kind].asString() == typeName && !isRegistered(typeName, given))
    return badRequest(std::string(typeName) + " in version " + quote(given.substr(given.rfind('/') + 1)) +
                      " cannot be handled as a " + std::string(typeName) + ": no kind " + quote(typeName) +
                      " is registered for version " + quote(given) + " in scheme \"pkg/runtime/scheme.go:111\"");
  Decoded decoded = decode(*findType(typeName), body, request.duplicates);
  if (!decoded.error.empty())
    return badRequest(std::string(typeName) + " in version " + quote(version) + " cannot be handled as a " +
                      std::string(typeName) + ": " + decoded.error);
  body = std::move(decoded.object);
  return {};
}

/// An error of the JSON decoder as that of the converter by which a strategic patch becomes an object: "json: cannot
/// unmarshal number 5 into Go struct field ConfigMap.data of type string" -> "cannot convert int64 to string". Models
/// apimachinery pkg/runtime/converter.go fromUnstructured.
static std::string asConverted(const std::string& error) {
  constexpr std::string_view head = "json: cannot unmarshal ", middle = " into Go struct field ", tail = " of type ";
  const size_t from = error.find(middle), to = error.rfind(tail);
  if (error.substr(0, head.size()) != head || from == std::string::npos || to == std::string::npos) return error;
  std::string given = error.substr(head.size(), from - head.size());
  const std::string wanted = error.substr(to + tail.size());
  const bool number = given.substr(0, 6) == "number";
  if (number) given = given.find('.') == given.npos ? "int64" : "float64";
  if (given == "object") given = "map";
  if (given == "array") given = "slice";
  if (wanted.substr(0, 2) == "[]") return "cannot restore slice from " + given;
  if (wanted.substr(0, 4) == "map[") return "cannot restore map from " + given;
  const bool named = wanted.substr(0, 3) == "v1." && !findType(std::string_view(wanted).substr(3));
  const bool ofIntegers = wanted == "int32" || wanted == "int64", text = wanted == "string" || named;
  if (number && wanted != "bool" && (text || ofIntegers)) return "cannot convert " + given + " to " + wanted;
  if (text || ofIntegers || wanted == "bool") return "unrecognized type: " + (named ? "string" : wanted);
  return "cannot restore struct from: " + given;
}

/// What is left of a strategic patch after it was applied, and what messages show of it: ordered lists are taken out.
static Value leftOver(const Value& patch) {
  if (patch.kind() != Kind::Object) return patch;
  constexpr std::string_view order = "$setElementOrder/";
  Value out = Value::object({});
  for (size_t i = 0; i < patch.size(); ++i) {
    const std::string k(patch.keyAt(i).text());
    if (k.compare(0, order.size(), order) == 0 || patch.find(std::string(order) + k)) continue;
    out.set(patch.keyAt(i), leftOver(patch.values()[i]));
  }
  return out;
}

Response Serving::decodePatched(Value& object, std::string_view typeName) {
  Decoded decoded = decode(*findType(typeName), object, request.duplicates);
  std::string error = decoded.error;
  const bool strict = request.fieldValidation == "Strict";
  if (error.empty() && strict && !decoded.strict.empty()) {
    error = "strict decoding error: ";
    for (size_t i = 0; i < decoded.strict.size(); ++i) error += (i ? ", " : "") + decoded.strict[i];
  }
  if (!error.empty()) {
    const bool strategic = request.patchType == PatchType::strategic;
    if (strategic) error = asConverted(error);
    const std::string shown = quote(strategic ? goText(leftOver(request.body)) : toJson(object));
    Response r = refuse(invalid("", "", "", {{ErrorType::Invalid, "patch", shown, error}}));
    r.body.erase({key::details, key::kind});
    return r;
  }
  if (request.fieldValidation != "Ignore")
    warnings.insert(warnings.end(), decoded.strict.begin(), decoded.strict.end());
  object = std::move(decoded.object);
  return {};
}

/// What every update has from the object it replaces. Models BeforeUpdate of pkg/registry/rest/update.go.
static Value metadataOf(const Value& after, const Value& before, bool trusted) {
  Value meta = after;
  if (trusted) keep(meta, key::managedFields, before);
  keep(meta, key::generation, before);
  keep(meta, key::creationTimestamp, before);
  keep(meta, key::resourceVersion, before);
  keep(meta, key::deletionTimestamp, before);
  if (meta[key::deletionGracePeriodSeconds].isNull()) keep(meta, key::deletionGracePeriodSeconds, before);
  if (meta[key::uid].asString().empty()) keep(meta, key::uid, before);
  if (meta[key::namespace_].asString().empty()) keep(meta, key::namespace_, before);
  meta.erase(key::selfLink);
  for (Key k : {Key(key::labels), Key(key::annotations), Key(key::ownerReferences), Key(key::finalizers)}) {
    if (const Value* v = meta.find(k); v && v->size() == 0) meta.erase(k);  // what is empty is not written
  }
  return meta;
}

Response Serving::replace(const Value& existing, Value after, std::string_view subresource) {
  const Value before = existing;
  const Value& old = before[key::metadata];
  if (!request.trusted) {
    if (Response refused = admitted(Verb::update, after, before); !refused.ok()) return refused;
  }
  const Value& meta = after[key::metadata];
  // A PUT's uid is a precondition of the write; a patched one is a change that validation refuses.
  const std::string_view uid = meta[key::uid].asString();
  if (request.verb != Verb::patch && !uid.empty() && uid != old[key::uid].asString())
    return conflict(info.group, info.plural, request.name,
                    "StorageError: invalid object, Code: 4, Key: /registry/" + std::string(info.plural) + "/" +
                        (info.namespaced ? request.namespace_ + "/" : std::string()) + request.name +
                        ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: " +
                        std::string(uid) + ", UID in object meta: " + std::string(old[key::uid].asString()));
  const std::string_view version = meta[key::resourceVersion].asString();
  if (version.empty() && !allowUnconditionalUpdate(info.resource))
    return refuse(invalid(info.group, info.plural, request.name,
                          {{ErrorType::Invalid, "metadata.resourceVersion", "0", "must be specified for an update"}}));
  if (version.find_first_not_of("0123456789") != version.npos)
    return failure(500, "", "strconv.ParseUint: parsing " + quote(version) + ": invalid syntax");
  if (!version.empty() && version != old[key::resourceVersion].asString()) return modified(info, request.name);
  if (!meta.same(old)) after.set(key::metadata, metadataOf(meta, old, request.trusted));
  keep(after, key::kind, before);
  keep(after, key::apiVersion, before);
  if (info.resource == Resource::services && subresource.empty() && !after[key::spec].same(before[key::spec])) {
    if (Response refused = allocateService(after, before); !refused.ok()) return refused;
  }
  dropDisabledFields(after, before);
  prepareForUpdate(info.resource, subresource, after, before, now());
  // Of what controllers write, only these are ever refused: a StatefulSet's status, which counts below zero amid a roll
  // back, and a pod that a set with other claims would have changed.
  const bool checked =
      (info.resource == Resource::statefulsets && subresource == "status") ||
      (info.resource == Resource::pods && subresource.empty() && !after[key::spec].same(before[key::spec]));
  if (!request.trusted || checked) {
    if (const ErrorList errors = validateUpdate(info.resource, after, before, subresource); !errors.empty())
      return refuse(invalid(info.resource, request.name, errors));
  }
  if (!request.trusted) {
    if (Response refused = admitted(Verb::update, after, before, true); !refused.ok()) return refused;
  }
  if (!request.trusted && subresource.empty()) warn(after, before);
  Response r;
  if (after == before) {  // nothing changes, so nothing is written
    r.body = before;
    return r;
  }
  const Value& grace = after.get({key::metadata, key::deletionGracePeriodSeconds});
  if (!old[key::deletionTimestamp].isNull() && grace.asInt() == 0 &&
      after.get({key::metadata, key::finalizers}).size() == 0 &&
      (info.resource != Resource::namespaces || after.get({key::spec, key::finalizers}).size() == 0)) {
    erase(before);
    r.body = std::move(after);
    return r;
  }
  r.body = put(std::move(after));
  return r;
}

}  // namespace apiserver
