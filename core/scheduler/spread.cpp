// Topology spread: as a filter (DoNotSchedule) and as a score (ScheduleAnyway, the system's defaults included). Models
// pkg/scheduler/framework/plugins/podtopologyspread (v1.37), with counts by node kept by NodeCache.
#include <algorithm>
#include <cmath>

#include "core/api/nodes.hpp"
#include "core/api/pods.hpp"
#include "core/decision/rules.hpp"
#include "core/scheduler/cycle.hpp"

namespace scheduler {
using namespace api;
using decision::Rule;

namespace {
constexpr std::string_view hostname = "kubernetes.io/hostname", zone = "topology.kubernetes.io/zone";

Requirement equals(std::string_view name, std::string_view value) {
  return {std::string(name), Requirement::Operator::Equals, {std::string(value)}};
}

/// The node's value of a constraint's label; null where it has none.
const Value* domainOf(const NodeInfo& node, const auto& constraint) {
  if (constraint.perNode) return node.hostname;
  return constraint.topologyKey == zone ? node.zone : labelOf(node.node, constraint.label);
}

bool hasAll(const Node& node, const auto& constraints) {
  return std::all_of(constraints.begin(), constraints.end(),
                     [&](const auto& c) { return labelOf(node, c.label) != nullptr; });
}
}  // namespace

// Models filterTopologySpreadConstraints: those of the pod with that whenUnsatisfiable.
std::vector<Cycle::Constraint> Cycle::constraints(std::string_view action) const {
  std::vector<Constraint> out;
  const StringMap labels = pod_.metadata().labels();
  for (const TopologySpreadConstraint& c : pod_.spec().topologySpreadConstraints()) {
    if (c.whenUnsatisfiable() != action) continue;
    Constraint made;
    made.maxSkew = c.maxSkew();
    made.minDomains = c.hasMinDomains() ? c.minDomains() : 1;
    made.topologyKey = c.topologyKey();
    made.label = Key(made.topologyKey);
    made.perNode = made.topologyKey == hostname;
    made.selector = labelSelector(c.doc[key::labelSelector]);
    for (std::string_view k : c.matchLabelKeys()) {
      if (labels.contains(k)) made.selector.requirements.push_back(equals(k, labels.get(k)));
    }
    made.honorAffinity = c.nodeAffinityPolicy() != "Ignore";
    made.honorTaints = c.nodeTaintsPolicy() == "Honor";
    out.push_back(std::move(made));
  }
  return out;
}

// Models buildDefaultConstraints: pods of one Service, ReplicaSet or StatefulSet are spread over nodes and zones.
std::vector<Cycle::Constraint> Cycle::defaultConstraints() const {
  const ObjectMeta meta = pod_.metadata();
  std::map<std::string, std::string> merged;
  view_.each<Service>(meta.namespace_(), [&](const Service& s) {
    const StringMap selector = s.spec().selector();
    if (selector.doc.isNull() || !mapMatches(selector.doc, meta.labels().doc)) return;
    for (size_t i = 0; i < selector.size(); ++i) merged[std::string(selector.keyAt(i))] = selector.at(i);
  });
  Selector selector;
  for (const auto& [k, v] : merged) selector.requirements.push_back(equals(k, v));
  const OwnerReference owner = controllerOf(meta);
  Value ofOwner;
  if (owner.kind() == "ReplicaSet" && owner.apiVersion() == "apps/v1")
    ofOwner = view_.get<ReplicaSet>(meta.namespace_(), owner.name()).spec().selector().doc;
  if (owner.kind() == "StatefulSet" && owner.apiVersion() == "apps/v1")
    ofOwner = view_.get<StatefulSet>(meta.namespace_(), owner.name()).spec().selector().doc;
  if (!ofOwner.isNull()) {
    for (Requirement& r : labelSelector(ofOwner).requirements) selector.requirements.push_back(std::move(r));
  }
  if (selector.empty()) return {};
  Constraint byNode, byZone;
  byNode.maxSkew = 3;
  byNode.topologyKey = hostname;
  byNode.label = Key(hostname);
  byNode.perNode = true;
  byNode.selector = selector;
  byZone.maxSkew = 5;
  byZone.topologyKey = zone;
  byZone.label = Key(zone);
  byZone.selector = selector;
  return {byNode, byZone};
}

bool Cycle::included(const Constraint& c, const Node& node) const {
  if (c.honorAffinity && selectsNodes_ && !matchesNodeSelectorAndAffinity(pod_.spec(), node)) return false;
  return !c.honorTaints || !findUntoleratedTaint(node.spec().taints(), pod_.spec().tolerations());
}

void Cycle::countPods(Constraint& c) {
  // An empty selector counts nothing here, although it matches everything.
  if (c.selector.empty()) return;
  PodSelector pods;
  pods.namespaces = {std::string(pod_.metadata().namespace_())};
  pods.labels = c.selector;
  c.counts = nodes_.count({pods}, true, view_);
  c.self = c.selector.matches(pod_.metadata().labels().doc);
}

void Cycle::preFilterSpread() {
  spread_ = constraints("DoNotSchedule");
  for (Constraint& c : spread_) countPods(c);
  if (spread_.empty()) return;
  for (size_t slot : nodes_.nodes()) {
    const Node& node = nodes_.at(slot).node;
    if (!hasAll(node, spread_)) continue;
    for (Constraint& c : spread_) {
      if (!included(c, node)) continue;
      c.byValue[std::string(labelOf(node, c.label)->asString())] += slot < c.counts.size() ? c.counts[slot] : 0;
    }
  }
  for (Constraint& c : spread_) {
    c.fewest = INT32_MAX;
    for (const auto& [value, count] : c.byValue) c.fewest = std::min(c.fewest, count);
    if (int64_t(c.byValue.size()) < c.minDomains) c.fewest = 0;
  }
}

bool Cycle::rejectSpread(const NodeInfo& node, Rejection& out) {
  for (const Constraint& c : spread_) {
    const Value* value = labelOf(node.node, c.label);
    if (!value) {
      out = {Plugin::PodTopologySpread,
             false,
             {"node(s) didn't match pod topology spread constraints (missing required label)"},
             why(Rule::NodeLacksTopologyLabel, node, {{"topology", Value(c.topologyKey)}})};
      return true;
    }
    const auto here = c.byValue.find(value->asString());
    const int64_t matching = here == c.byValue.end() ? 0 : here->second;
    if (matching + (c.self ? 1 : 0) - c.fewest <= c.maxSkew) continue;
    out = {Plugin::PodTopologySpread,
           true,
           {"node(s) didn't match pod topology spread constraints"},
           why(Rule::NodeWouldSkewSpread, node, {{"topology", Value(c.topologyKey)}, {"maxSkew", Value(c.maxSkew)}})};
    return true;
  }
  return false;
}

// Models PreScore, Score and NormalizeScore: the fewer of its peers are near, the better; weight 2.
void Cycle::addSpreadScores(const std::vector<size_t>& feasible, std::vector<int64_t>& total) {
  const bool own = !pod_.spec().topologySpreadConstraints().empty();
  std::vector<Constraint> soft = own ? constraints("ScheduleAnyway") : defaultConstraints();
  if (soft.empty()) return;
  std::vector<bool> ignored(feasible.size());
  std::vector<const Value*> domains(feasible.size() * soft.size());  // of each node, by constraint
  size_t counted = 0;
  for (size_t i = 0; i < feasible.size(); ++i) {
    const NodeInfo& node = nodes_.at(feasible[i]);
    // With the system's defaults a node without a zone is spread over all the same.
    ignored[i] = own && !hasAll(node.node, soft);
    if (ignored[i]) continue;
    ++counted;
    for (size_t k = 0; k < soft.size(); ++k) {
      const Value* value = domains[i * soft.size() + k] = domainOf(node, soft[k]);
      if (!soft[k].perNode) soft[k].byValue.try_emplace(value ? std::string(value->asString()) : std::string());
    }
  }
  for (Constraint& c : soft) {
    // The system's defaults count the same pods, by node and by zone.
    if (own || &c == &soft[0]) {
      countPods(c);
    } else {
      c.counts = soft[0].counts;
      c.self = soft[0].self;
    }
    c.weight = std::log(double((c.perNode ? counted : c.byValue.size()) + 2));
    if (c.perNode) continue;
    for (size_t slot : nodes_.nodes()) {
      const Node& node = nodes_.at(slot).node;
      if (slot >= c.counts.size() || c.counts[slot] == 0 || (own && !hasAll(node, soft)) || !included(c, node))
        continue;
      const Value* value = domainOf(nodes_.at(slot), c);
      const auto at = c.byValue.find(value ? value->asString() : std::string_view());
      if (at != c.byValue.end()) at->second += c.counts[slot];
    }
  }
  std::vector<int64_t> scores(feasible.size());
  int64_t lowest = INT64_MAX, highest = 0;
  for (size_t i = 0; i < feasible.size(); ++i) {
    if (ignored[i]) continue;
    const size_t slot = feasible[i];
    double score = 0;
    for (size_t k = 0; k < soft.size(); ++k) {
      const Constraint& c = soft[k];
      const Value* value = domains[i * soft.size() + k];
      if (!value) continue;
      const int64_t count = !c.perNode               ? c.byValue.find(value->asString())->second
                            : slot < c.counts.size() ? c.counts[slot]
                                                     : 0;
      score += double(count) * c.weight + double(c.maxSkew - 1);
    }
    scores[i] = int64_t(std::round(score));
    lowest = std::min(lowest, scores[i]);
    highest = std::max(highest, scores[i]);
  }
  for (size_t i = 0; i < feasible.size(); ++i) {
    if (!ignored[i]) total[i] += 2 * (highest == 0 ? 100 : 100 * (highest + lowest - scores[i]) / highest);
  }
}

}  // namespace scheduler
