#include "core/sim/invariants/invariant.hpp"

namespace sim {

std::span<const Invariant> invariants() {
  static const Invariant all[] = {identity, order,      claims,     retained,  statusTruth, generations, updateBudget,
                                  owners,   revisions,  protection, placement, dependents,  replicas,    daemons,
                                  budgets,  containers, traffic,    evictions, specReached};
  return all;
}

bool Seen::beginsDeletion() const {
  const api::ObjectMeta was = api::Object{{change.before}}.metadata(), is = api::Object{{change.after}}.metadata();
  if (creates() || was.hasDeletionTimestamp()) return false;
  return removes() || is.hasDeletionTimestamp();
}

std::string text(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (std::string_view part : parts) out += part;
  return out;
}

int64_t ordinalOf(std::string_view set, std::string_view pod) {
  if (pod.size() < set.size() + 2 || pod.substr(0, set.size()) != set || pod[set.size()] != '-') return -1;
  int64_t ordinal = 0;
  for (char c : pod.substr(set.size() + 1)) {
    if (c < '0' || c > '9' || ordinal > 1000000000) return -1;
    ordinal = ordinal * 10 + (c - '0');
  }
  return ordinal;
}

api::StatefulSet setOf(const store::Objects& objects, const Value& object) {
  const api::ObjectMeta meta = api::Object{{object}}.metadata();
  const api::OwnerReference owner = api::controllerOf(meta);
  if (owner.kind() != "StatefulSet") return {};
  const Value* set = objects.get(Resource::statefulsets, meta.namespace_(), owner.name());
  if (!set || api::Object{{*set}}.metadata().uid() != owner.uid()) return {};
  return {{*set}};
}

api::Pod podOf(const store::Objects& objects, std::string_view ns, std::string_view name) {
  const Value* pod = objects.get(Resource::pods, ns, name);
  return pod ? api::Pod{{*pod}} : api::Pod{};
}

std::string_view revisionOf(const api::Pod& pod) { return pod.metadata().labels().get("controller-revision-hash"); }

std::string_view newestRevision(const store::Objects& objects, const api::StatefulSet& set) {
  std::string_view name;
  int64_t newest = -1;
  for (const std::string& key : objects.controlledBy(Resource::controllerrevisions, set.metadata().uid())) {
    const Value* revision = objects.getByKey(Resource::controllerrevisions, key);
    const int64_t number = (*revision)[api::Key("revision")].asInt();
    if (number <= newest) continue;
    newest = number;
    name = (*revision)[api::key::metadata][api::key::name].asString();
  }
  return name;
}

}  // namespace sim
