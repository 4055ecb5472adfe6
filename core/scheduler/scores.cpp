// Scores of the default profile: how well a pod would stand on each node that fits. Each models the plugin that its
// comment names, with the default weights.
#include <algorithm>
#include <cmath>

#include "core/api/nodes.hpp"
#include "core/scheduler/cycle.hpp"

namespace scheduler {
using namespace api;

namespace {
// Models helper DefaultNormalizeScore: 0 to 100 by share of the highest.
void normalize(std::vector<int64_t>& scores, bool reverse) {
  const int64_t highest = scores.empty() ? 0 : *std::max_element(scores.begin(), scores.end());
  for (int64_t& s : scores) {
    if (highest > 0) s = 100 * s / highest;
    if (reverse) s = 100 - s;
  }
}

double balance(double cpu, double memory, bool hasCpu, bool hasMemory) {
  return hasCpu && hasMemory ? std::fabs((std::min(cpu, 1.0) - std::min(memory, 1.0)) / 2) : 0;
}
}  // namespace

// Models noderesources/least_allocated.go: free room, cpu and memory alike; weight 1.
int64_t Cycle::resourceScore(const NodeInfo& node) const {
  int64_t sum = 0, weights = 0;
  const auto add = [&](int64_t wanted, int64_t capacity) {
    if (capacity == 0) return;
    sum += wanted > capacity ? 0 : (capacity - wanted) * 100 / capacity;
    ++weights;
  };
  add(node.nonZero.milliCPU + nonZero_.milliCPU, node.allocatable.milliCPU);
  add(node.nonZero.memory + nonZero_.memory, node.allocatable.memory);
  return weights ? sum / weights : 0;
}

// Models noderesources/balanced_allocation.go: whether cpu and memory are used alike, before and after; weight 1.
int64_t Cycle::balancedScore(const NodeInfo& node) const {
  const bool hasCpu = node.allocatable.milliCPU != 0, hasMemory = node.allocatable.memory != 0;
  const auto share = [](int64_t used, int64_t capacity) { return capacity ? double(used) / double(capacity) : 0; };
  const auto score = [&](int64_t cpu, int64_t memory) {
    return int64_t((1 - balance(share(cpu, node.allocatable.milliCPU), share(memory, node.allocatable.memory), hasCpu,
                                hasMemory)) *
                   100);
  };
  const int64_t with = score(node.requested.milliCPU + requests_.milliCPU, node.requested.memory + requests_.memory);
  const int64_t without = score(node.requested.milliCPU, node.requested.memory);
  return 50 + (50 + with - without) / 2;
}

// Models interpodaffinity/scoring.go; weight 2.
void Cycle::addInterPodScores(const std::vector<size_t>& feasible, std::vector<int64_t>& total) {
  std::map<std::string, std::map<std::string, int64_t, std::less<>>> topology;
  const auto add = [&](const Term& term, const std::vector<int>& bySlot) {
    for (size_t slot = 0; slot < bySlot.size(); ++slot) {
      if (bySlot[slot] <= 0 || !nodes_.at(slot).exists()) continue;
      if (const Value* value = labelOf(nodes_.at(slot).node, term.topologyKey))
        topology[term.topologyKey][std::string(value->asString())] += int64_t(term.weight) * bySlot[slot];
    }
  };
  for (const Term& t : terms_.preferred) add(t, nodes_.count({t.pods}, false, view_));
  for (const auto& [name, placed] : nodes_.attraction()) {
    if (placed.term.pods.matches(pod_, view_)) add(placed.term, placed.bySlot);
  }
  if (topology.empty()) return;
  std::vector<int64_t> scores(feasible.size());
  for (size_t i = 0; i < feasible.size(); ++i) {
    for (const auto& [topologyKey, values] : topology) {
      const Value* value = labelOf(nodes_.at(feasible[i]).node, topologyKey);
      const auto at = value ? values.find(value->asString()) : values.end();
      if (at != values.end()) scores[i] += at->second;
    }
  }
  const auto [low, high] = std::minmax_element(scores.begin(), scores.end());
  const int64_t lowest = *low, difference = *high - *low;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (difference > 0) total[i] += 2 * int64_t(100 * (double(scores[i] - lowest) / double(difference)));
  }
}

std::vector<int64_t> Cycle::score(const std::vector<size_t>& feasible) {
  std::vector<int64_t> total(feasible.size()), taints(feasible.size()), preferred(feasible.size());
  const List<Toleration> tolerations = pod_.spec().tolerations();
  const auto terms = pod_.spec().affinity().nodeAffinity().preferredDuringSchedulingIgnoredDuringExecution();
  bool bestEffort = requests_.milliCPU == 0 && requests_.memory == 0;
  for (size_t i = 0; i < feasible.size(); ++i) {
    const NodeInfo& node = nodes_.at(feasible[i]);
    total[i] += resourceScore(node);
    if (!bestEffort) total[i] += balancedScore(node);
    for (const Taint& t : node.tainted ? node.node.spec().taints() : List<Taint>{}) {
      if (t.effect() == "PreferNoSchedule" && !toleratesTaint(tolerations, t)) ++taints[i];
    }
    for (const PreferredSchedulingTerm& t : terms) {
      if (matchesNodeSelectorTerm(t.preference(), node.name, node.node.metadata().labels())) preferred[i] += t.weight();
    }
    if (const auto v = volumes_.find(feasible[i]); v != volumes_.end()) total[i] += volumeScore(v->second);
  }
  normalize(taints, true);
  normalize(preferred, false);
  for (size_t i = 0; i < feasible.size(); ++i) total[i] += 3 * taints[i] + 2 * preferred[i];
  addSpreadScores(feasible, total);
  addInterPodScores(feasible, total);
  return total;
}

}  // namespace scheduler
