#pragma once
// Ownership: how a controller takes orphans that its selector matches and lets go of what it no longer matches. Used by
// all controllers of pods, ReplicaSets and ControllerRevisions. Models pkg/controller/controller_ref_manager.go.
#include <cstdint>
#include <map>
#include <string>

#include "core/api/resources.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

class ControllerRefManager {
 public:
  /// `controller` is the owner as the view knows it, of the resource `kind`.
  ControllerRefManager(decision::Client& client, api::Resource kind, const api::Object& controller)
      : client_(client), kind_(kind), controller_(controller) {}

  enum class Claimed : uint8_t { no, yes, failed };
  /// Whether the object is the controller's after adopting or releasing it where necessary. `matches`: the selector
  /// (and what else decides membership) matches it.
  Claimed claimObject(api::Resource, const api::Object&, bool matches, decision::Rule adopt, decision::Rule release);
  bool adopt(api::Resource, const api::Object&, decision::Rule);
  bool release(api::Resource, const api::Object&, decision::Rule);

 private:
  bool canAdopt();
  decision::Why why(decision::Rule, const api::Object&) const;

  decision::Client& client_;
  api::Resource kind_;
  api::Object controller_;
  enum { unknown, allowed, refused } canAdopt_ = unknown;
};

/// The controller that a reference names, as the view knows it; empty where the kind, the name or the UID is another's.
template <class T>
T resolveControllerRef(const decision::View& view, std::string_view ns, const api::OwnerReference& ref) {
  if (!ref || ref.kind() != api::info(api::resourceOf<T>).kind) return {};
  T owner = view.get<T>(ns, ref.name());
  return owner && owner.metadata().uid() == ref.uid() ? owner : T{};
}

/// "Kind/namespace/name", as waits and the journal name objects.
std::string objectName(const api::Object&);
std::string objectName(std::string_view kind, std::string_view ns, std::string_view name);

/// The revision that a reply's object was written at.
uint64_t revisionOf(const api::Value& object);

/// What a controller wrote for each of its keys, so that a sync can tell whether the view has caught up with it.
/// Models pkg/controller/util/consistency (v1.37).
class ConsistencyStore {
 public:
  void observe(const store::Change& c) { observed_[size_t(c.resource)] = c.revision; }
  void wroteAt(const std::string& key, api::Resource, const api::Value& written);
  /// False where the view is older than a write of this key's; otherwise the key's writes are forgotten.
  bool ensureReady(const std::string& key);
  void clear(const std::string& key) { writes_.erase(key); }
  /// Which writes the view has not caught up with.
  void remember(decision::Digest&) const;

 private:
  uint64_t observed_[api::resourceCount] = {};
  std::map<std::string, std::map<api::Resource, uint64_t>, std::less<>> writes_;
};

}  // namespace controllers
