#include "core/controllers/garbagecollector_graph.hpp"

#include "core/store/store.hpp"

namespace controllers {
using api::Value;
namespace key = api::key;

std::string GraphItem::object() const { return store::objectName(api::info(resource).kind, namespace_, name); }

GraphItem itemOf(api::Resource resource, const Value& object) {
  const Value& meta = object[key::metadata];
  return {resource, std::string(meta[key::namespace_].asString()), std::string(meta[key::name].asString()),
          std::string(meta[key::uid].asString())};
}

std::string workItem(std::string_view verb, const GraphItem& item) {
  return std::string(verb) + "/" + item.object() + "/" + item.uid;
}

bool parseWorkItem(std::string_view text, std::string& verb, GraphItem& item) {
  std::string_view part[5];
  for (std::string_view& p : part) {
    const size_t end = std::min(text.find('/'), text.size());
    p = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const api::ResourceInfo* info = api::findKind(part[1]);
  if (!info) return false;
  verb = part[0];
  item = {info->resource, std::string(part[2]), std::string(part[3]), std::string(part[4])};
  return true;
}

const DependencyGraph::Items& DependencyGraph::dependents(std::string_view ownerUid) const {
  static const Items none;
  auto it = dependents_.find(ownerUid);
  return it == dependents_.end() ? none : it->second;
}

void DependencyGraph::update(const GraphItem& item, const Value& before, const Value& after) {
  for (const Value& ref : before.values()) {
    auto it = dependents_.find(ref[key::uid].asString());
    if (it == dependents_.end()) continue;
    it->second.erase(item);
    if (it->second.empty()) dependents_.erase(it);
  }
  for (const Value& ref : after.values()) dependents_[std::string(ref[key::uid].asString())].insert(item);
}

bool hasFinalizer(const Value& object, std::string_view finalizer) {
  for (const Value& f : object.get({key::metadata, key::finalizers}).values()) {
    if (f.asString() == finalizer) return true;
  }
  return false;
}

bool isBeingDeleted(const Value& object) { return !object.get({key::metadata, key::deletionTimestamp}).isNull(); }

bool isDeletingDependents(const Value& object) {
  return isBeingDeleted(object) && hasFinalizer(object, foregroundFinalizer);
}

}  // namespace controllers
