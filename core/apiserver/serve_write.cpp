// Create, update and patch: one way in for all kinds. Models apiserver pkg/registry/generic/registry/store.go,
// pkg/registry/rest/{create,update}.go and pkg/endpoints/handlers (v1.37).
#include "core/apiserver/serving.hpp"

#include "core/apiserver/patch.hpp"
#include "core/apiserver/strategy.hpp"

namespace apiserver {
using namespace api;

std::string Serving::newUid() {
  static constexpr char hex[] = "0123456789abcdef";
  char text[37];
  uint64_t bits = 0;
  for (int i = 0, digit = 0; i < 36; ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      text[i] = '-';
      continue;
    }
    if (digit++ % 16 == 0) bits = server.random();
    text[i] = hex[bits & 15];
    bits >>= 4;
  }
  text[14] = '4';  // a version 4 UUID, as Kubernetes' are
  text[19] = hex[8 + (server.random() & 3)];
  return std::string(text, 36);
}

// Models apiserver pkg/storage/names/generate.go and apimachinery pkg/util/rand.
std::string Serving::newName(std::string_view prefix) {
  static constexpr std::string_view alphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string name(prefix.substr(0, 58));
  for (int i = 0; i < 5; ++i) name += alphabet[server.random() % alphabet.size()];
  return name;
}

Value Serving::put(Value object) {
  if (request.dryRun) return object;
  server.changes_.push_back(server.store_.put(info.resource, std::move(object)));
  return server.changes_.back().after;
}

void Serving::erase(const Value& object) {
  if (request.dryRun) return;
  const Value& meta = object[key::metadata];
  server.changes_.push_back(
      server.store_.remove(info.resource, meta[key::namespace_].asString(), meta[key::name].asString()));
}

Response Serving::initialise(Value& object) {
  const Value meta = object[key::metadata];
  std::vector<std::pair<Key, Value>> members;
  members.reserve(meta.size() + 5);
  for (size_t i = 0; i < meta.size(); ++i) {
    const Key k = meta.keyAt(i);
    if (k == Key(key::selfLink) || k == Key(key::deletionTimestamp) || k == Key(key::deletionGracePeriodSeconds) ||
        k == Key(key::generation) || k == Key(key::resourceVersion))
      continue;
    members.emplace_back(k, meta.values()[i]);
  }
  members.emplace_back(key::uid, newUid());
  members.emplace_back(key::creationTimestamp, now());
  if (info.namespaced) members.emplace_back(key::namespace_, request.namespace_);
  if (meta[key::name].asString().empty() && !meta[key::generateName].asString().empty()) {
    std::string name;
    do {
      name = newName(meta[key::generateName].asString());
    } while (server.store_.objects().get(info.resource, request.namespace_, name));
    members.emplace_back(key::name, std::move(name));
  }
  object.set(key::metadata, Value::object(std::move(members)));
  return {};
}

Response Serving::create() {
  Value object = request.body;
  const Value& meta = object[key::metadata];
  if (info.namespaced) {
    const std::string_view ns = meta[key::namespace_].asString();
    if (!ns.empty() && ns != request.namespace_)
      return badRequest("the namespace of the provided object does not match the namespace sent on the request");
    const Value* space = server.store_.objects().get(Resource::namespaces, {}, request.namespace_);
    if (!space) return notFound(api::info(Resource::namespaces), request.namespace_);
    if (space->get({key::metadata, key::deletionTimestamp}).kind() == Kind::String)
      return forbidden(
          info, meta[key::name].asString(),
          "unable to create new content in namespace " + request.namespace_ + " because it is being terminated",
          {{"NamespaceTerminating", "namespace " + request.namespace_ + " is being terminated", "metadata.namespace"}});
  }
  if (Response refused = initialise(object); !refused.ok()) return refused;
  prepareForCreate(info.resource, object, now());
  const std::string_view name = object.get({key::metadata, key::name}).asString();
  if (server.store_.objects().get(info.resource, request.namespace_, name)) return alreadyExists(info, name);
  Response r;
  r.code = 201;
  r.body = put(std::move(object));
  return r;
}

Response Serving::update() {
  const Value* before = find();
  if (!before) {
    if (!allowCreateOnUpdate(info.resource) || !request.subresource.empty()) return notFound(info, request.name);
    return create();
  }
  return replace(*before, request.body, request.subresource);
}

Response Serving::patch() {
  const Value* before = find();
  if (!before) return notFound(info, request.name);
  Value after;
  if (Response refused = applyPatch(info, request, *before, after); !refused.ok()) return refused;
  return replace(*before, std::move(after), request.subresource);
}

/// What every update has from the object it replaces. Models BeforeUpdate of pkg/registry/rest/update.go.
static Value metadataOf(const Value& after, const Value& before) {
  Value meta = after;
  keep(meta, key::generation, before);
  keep(meta, key::creationTimestamp, before);
  keep(meta, key::resourceVersion, before);
  keep(meta, key::deletionTimestamp, before);
  if (meta[key::deletionGracePeriodSeconds].isNull()) keep(meta, key::deletionGracePeriodSeconds, before);
  if (meta[key::uid].asString().empty()) keep(meta, key::uid, before);
  if (meta[key::namespace_].asString().empty()) keep(meta, key::namespace_, before);
  meta.erase(key::selfLink);
  return meta;
}

Response Serving::replace(const Value& existing, Value after, std::string_view subresource) {
  const Value before = existing;
  const Value& old = before[key::metadata];
  const Value& meta = after[key::metadata];
  if (const std::string_view uid = meta[key::uid].asString(); !uid.empty() && uid != old[key::uid].asString())
    return conflict(info.group, info.plural, request.name,
                    "Precondition failed: UID in precondition: " + std::string(uid) +
                        ", UID in object meta: " + std::string(old[key::uid].asString()));
  const std::string_view version = meta[key::resourceVersion].asString();
  if (version.empty() && !allowUnconditionalUpdate(info.resource))
    return refuse(invalid(info.group, info.plural, request.name,
                          {{ErrorType::Invalid, "metadata.resourceVersion", "0", "must be specified for an update"}}));
  if (!version.empty() && version != old[key::resourceVersion].asString()) return modified(info, request.name);
  after.set(key::metadata, metadataOf(meta, old));
  keep(after, key::kind, before);
  keep(after, key::apiVersion, before);
  prepareForUpdate(info.resource, subresource, after, before, now());
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
