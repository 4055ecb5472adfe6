#include "core/controllers/refs.hpp"

#include <charconv>

#include "core/api/pods.hpp"

namespace controllers {
using namespace api;
using apiserver::PatchType;
using decision::Rule;
using decision::Why;

// Models controller_ref_manager.go ClaimObject (v1.37).
ControllerRefManager::Claimed ControllerRefManager::claimObject(Resource resource, const Object& object, bool matches,
                                                                Rule adoptRule, Rule releaseRule) {
  const ObjectMeta meta = object.metadata(), own = controller_.metadata();
  const bool ownerIsBeingDeleted = own.hasDeletionTimestamp();
  if (const OwnerReference ref = controllerOf(meta)) {
    if (ref.uid() != own.uid()) return Claimed::no;
    if (matches) return Claimed::yes;
    if (ownerIsBeingDeleted) return Claimed::no;
    return release(resource, object, releaseRule) ? Claimed::no : Claimed::failed;
  }
  if (ownerIsBeingDeleted || !matches || meta.hasDeletionTimestamp()) return Claimed::no;
  if (meta.namespace_() != own.namespace_()) return Claimed::no;
  return adopt(resource, object, adoptRule) ? Claimed::yes : Claimed::failed;
}

Why ControllerRefManager::why(Rule rule, const Object& object) const {
  return {rule, {{"owner", controller_.metadata().name()}, {"name", object.metadata().name()}}};
}

// Models AdoptPod: only an owner that a live read shows alive may adopt (kubernetes#42639).
bool ControllerRefManager::adopt(Resource resource, const Object& object, Rule rule) {
  if (!canAdopt()) return false;
  const ObjectMeta meta = object.metadata();
  const ResourceInfo& kind = info(kind_);
  Value patch;
  patch.set({key::metadata, key::ownerReferences},
            Value::array({newControllerRef(kind.apiVersion(), kind.kind, controller_.metadata()).doc}));
  patch.set({key::metadata, key::uid}, meta.uid());
  return client_.patch(why(rule, object), resource, meta.namespace_(), meta.name(), PatchType::strategic, patch).ok();
}

// Models ReleasePod: gone or no longer the same object is as good as released.
bool ControllerRefManager::release(Resource resource, const Object& object, Rule rule) {
  const ObjectMeta meta = object.metadata();
  Value patch;
  patch.set({key::metadata, key::ownerReferences},
            Value::array({Value::object({{key::patchDirective, "delete"}, {key::uid, controller_.metadata().uid()}})}));
  patch.set({key::metadata, key::uid}, meta.uid());
  const auto reply =
      client_.patch(why(rule, object), resource, meta.namespace_(), meta.name(), PatchType::strategic, patch);
  return reply.ok() || reply.isNotFound() || reply.code == 422;
}

bool ControllerRefManager::canAdopt() {
  if (canAdopt_ == unknown) {
    const ObjectMeta own = controller_.metadata();
    const auto reply = client_.get(kind_, own.namespace_(), own.name());
    const ObjectMeta fresh = Object{{reply.body}}.metadata();
    canAdopt_ = reply.ok() && fresh.uid() == own.uid() && !fresh.hasDeletionTimestamp() ? allowed : refused;
  }
  return canAdopt_ == allowed;
}

std::string objectName(std::string_view kind, std::string_view ns, std::string_view name) {
  std::string out(kind);
  out.append("/").append(ns).append("/").append(name);
  return out;
}
std::string objectName(const Object& object) {
  const ObjectMeta meta = object.metadata();
  return objectName(object.kind(), meta.namespace_(), meta.name());
}

uint64_t revisionOf(const Value& object) {
  const std::string_view text = object[key::metadata][key::resourceVersion].asString();
  uint64_t revision = 0;
  std::from_chars(text.data(), text.data() + text.size(), revision);
  return revision;
}

void ConsistencyStore::wroteAt(const std::string& key, Resource resource, const Value& written) {
  uint64_t& at = writes_[key][resource];
  at = std::max(at, revisionOf(written));
}

void ConsistencyStore::remember(decision::Digest& out) const {
  for (const auto& [key, byResource] : writes_) {
    for (const auto& [resource, revision] : byResource) {
      if (observed_[size_t(resource)] < revision) out << key << resource;
    }
  }
}

bool ConsistencyStore::ensureReady(const std::string& key) {
  auto it = writes_.find(key);
  if (it == writes_.end()) return true;
  for (const auto& [resource, revision] : it->second) {
    if (observed_[size_t(resource)] < revision) return false;
  }
  writes_.erase(it);
  return true;
}

}  // namespace controllers
