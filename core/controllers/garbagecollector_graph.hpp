#pragma once
// Who depends on whom: for each owner's UID the objects that name it. A value.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "core/api/resources.hpp"

namespace controllers {

/// An object as the graph knows it; the UID tells it from a later one of the same name.
struct GraphItem {
  api::Resource resource = api::Resource::pods;
  std::string namespace_, name, uid;
  friend bool operator<(const GraphItem& a, const GraphItem& b) {
    return std::tie(a.resource, a.namespace_, a.name, a.uid) < std::tie(b.resource, b.namespace_, b.name, b.uid);
  }
  friend bool operator==(const GraphItem&, const GraphItem&) = default;
  /// "Pod/default/web-0"
  std::string object() const;
};

GraphItem itemOf(api::Resource, const api::Value& object);
/// "<verb>/<Kind>/<namespace>/<name>/<uid>" and back.
std::string workItem(std::string_view verb, const GraphItem&);
bool parseWorkItem(std::string_view text, std::string& verb, GraphItem& item);

class DependencyGraph {
 public:
  using Items = std::set<GraphItem>;
  /// None where nothing depends on it.
  const Items& dependents(std::string_view ownerUid) const;
  void update(const GraphItem&, const api::Value& ownersBefore, const api::Value& ownersAfter);

 private:
  std::map<std::string, Items, std::less<>> dependents_;
};

bool hasFinalizer(const api::Value& object, std::string_view finalizer);
inline constexpr std::string_view foregroundFinalizer = "foregroundDeletion", orphanFinalizer = "orphan";
bool isBeingDeleted(const api::Value& object);
/// It waits for its dependents: being deleted with the finalizer foregroundDeletion.
bool isDeletingDependents(const api::Value& object);

}  // namespace controllers
