// Filters about the node itself: its name, its taints, its labels, its room. Each models the plugin of its name.
#include <algorithm>

#include "core/api/nodes.hpp"
#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/decision/rules.hpp"
#include "core/scheduler/cycle.hpp"

namespace scheduler {
using namespace api;
using decision::Rule;
using decision::Why;

const Value* labelOf(const Node& node, Key name) { return node.doc[key::metadata][key::labels].find(name); }
const Value* labelOf(const Node& node, std::string_view name) {
  return node.doc[key::metadata][key::labels].find(name);
}

Why Cycle::why(Rule rule, const NodeInfo& node, const decision::Inputs& more) const {
  Why out(rule, {{"pod", pod_.metadata().name()}, {"nodes", Value(node.name)}});
  for (const decision::Input& input : more) out.inputs.add(input);
  return out;
}

std::optional<Rejection> Cycle::preFilter() {
  requests_ = podRequests(pod_.spec());
  nonZero_ = podRequests(pod_.spec(), true);
  ports_ = hostPorts(pod_);
  terms_ = termsOf(pod_);
  if (auto rejection = preFilterAffinity()) return rejection;
  if (auto rejection = preFilterClaims()) return rejection;
  preFilterSpread();
  preFilterInterPod();
  return std::nullopt;
}

// Models nodeaffinity PreFilter: terms that all ask for nodes by name leave only those.
std::optional<Rejection> Cycle::preFilterAffinity() {
  const NodeSelector required = pod_.spec().affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution();
  selectsNodes_ = required || pod_.spec().hasNodeSelector();
  if (!required || required.nodeSelectorTerms().empty()) return std::nullopt;
  std::vector<std::string> names;
  for (const NodeSelectorTerm& term : required.nodeSelectorTerms()) {
    std::optional<std::vector<std::string>> ofTerm;
    for (const NodeSelectorRequirement& r : term.matchFields()) {
      if (r.key() != "metadata.name" || r.operator_() != "In") continue;
      std::vector<std::string> these;
      for (std::string_view v : r.values()) {
        if (!ofTerm || std::find(ofTerm->begin(), ofTerm->end(), v) != ofTerm->end()) these.emplace_back(v);
      }
      ofTerm = std::move(these);
    }
    if (!ofTerm) return std::nullopt;
    names.insert(names.end(), ofTerm->begin(), ofTerm->end());
  }
  if (names.empty()) {
    Rejection r;
    r.plugin = Plugin::NodeAffinity;
    r.reasons = {"pod affinity terms conflict"};
    r.why = Why(Rule::NodeAffinityConflicts, {{"pod", pod_.metadata().name()}});
    return r;
  }
  api::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  candidates_ = std::move(names);
  return std::nullopt;
}

bool Cycle::filter(size_t slot, Rejection& out) {
  const NodeInfo& node = nodes_.at(slot);
  return !(rejectUnschedulable(node, out) || rejectTaint(node, out) || rejectNodeAffinity(node, out) ||
           rejectPorts(node, out) || rejectResources(node, out) || rejectVolumeRestrictions(node, out) ||
           rejectVolumes(slot, node, out) || rejectZone(node, out) || rejectSpread(node, out) ||
           rejectInterPod(node, out));
}

bool Cycle::rejectUnschedulable(const NodeInfo& node, Rejection& out) {
  if (!node.unschedulable) return false;
  Taint taint;
  taint.key("node.kubernetes.io/unschedulable");
  taint.effect("NoSchedule");
  if (toleratesTaint(pod_.spec().tolerations(), taint)) return false;
  out = {Plugin::NodeUnschedulable, false, {"node(s) were unschedulable"}, why(Rule::NodeIsCordoned, node)};
  return true;
}

bool Cycle::rejectTaint(const NodeInfo& node, Rejection& out) {
  if (!node.tainted) return false;
  const Taint taint = findUntoleratedTaint(node.node.spec().taints(), pod_.spec().tolerations());
  if (!taint) return false;
  std::string text(taint.key());
  if (!taint.value().empty()) text += "=" + std::string(taint.value());
  text += ":" + std::string(taint.effect());
  out = {Plugin::TaintToleration,
         false,
         {"node(s) had untolerated taint(s)"},
         why(Rule::NodeHasTaint, node, {{"taint", Value(text)}})};
  return true;
}

bool Cycle::rejectNodeAffinity(const NodeInfo& node, Rejection& out) {
  if (!selectsNodes_ || matchesNodeSelectorAndAffinity(pod_.spec(), node.node)) return false;
  out = {Plugin::NodeAffinity,
         false,
         {"node(s) didn't match Pod's node affinity/selector"},
         why(Rule::NodeDoesNotMatchSelector, node)};
  return true;
}

bool Cycle::rejectPorts(const NodeInfo& node, Rejection& out) {
  for (const HostPort& wanted : ports_) {
    for (const HostPort& used : node.ports) {
      if (!conflict(wanted, used)) continue;
      out = {Plugin::NodePorts,
             true,
             {"node(s) didn't have free ports for the requested pod ports"},
             why(Rule::NodePortIsTaken, node, {{"port", Value(wanted.port)}})};
      return true;
    }
  }
  return false;
}

// Models noderesources fitsRequest: all that is lacking is named; what even an empty node lacks cannot be resolved.
bool Cycle::rejectResources(const NodeInfo& node, Rejection& out) {
  std::vector<std::string> reasons;
  bool resolvable = true;
  std::string lacking;
  if (node.pods + 1 > node.allocatable.pods) reasons.emplace_back("Too many pods");
  const auto check = [&](std::string_view name, int64_t wanted) {
    const int64_t capacity = node.allocatable.get(name);
    if (wanted <= 0 || wanted <= capacity - node.requested.get(name)) return;
    reasons.push_back("Insufficient " + std::string(name));
    if (lacking.empty()) lacking = name;
    resolvable = resolvable && wanted <= capacity;
  };
  if (!requests_.none()) {
    check("cpu", requests_.milliCPU);
    check("memory", requests_.memory);
    check("ephemeral-storage", requests_.ephemeralStorage);
    for (const auto& [name, wanted] : requests_.scalar) check(name, wanted);
  }
  if (reasons.empty()) return false;
  out.plugin = Plugin::NodeResourcesFit;
  out.resolvable = resolvable;
  out.reasons = std::move(reasons);
  if (lacking.empty()) {
    out.why = why(Rule::NodeIsFull, node, {{"limit", Value(node.allocatable.pods)}});
  } else {
    const Rule rule = resolvable ? Rule::NodeLacksResource : Rule::NodeIsTooSmall;
    out.why = why(rule, node, {{"resource", Value(lacking)}});
  }
  return true;
}

}  // namespace scheduler
