// Room for a pod of higher priority: which pods of which node would have to go. Models
// pkg/scheduler/framework/plugins/defaultpreemption and framework/preemption (v1.37).
#include <algorithm>

#include "core/api/pods.hpp"
#include "core/api/selector.hpp"
#include "core/api/sort.hpp"
#include "core/decision/rules.hpp"
#include "core/scheduler/scheduling.hpp"

namespace scheduler {
using namespace api;
using decision::Client;
using decision::Rule;
using decision::Why;

namespace {
bool isBeingPreempted(const Pod& pod) {
  return isTerminating(pod) && podCondition(pod, "DisruptionTarget").reason() == "PreemptionByScheduler";
}

// Models util MoreImportantPod: the higher priority, then the longer run.
bool moreImportant(const Pod& a, const Pod& b) {
  if (a.spec().priority() != b.spec().priority()) return a.spec().priority() > b.spec().priority();
  return a.status().startTime() < b.status().startTime();
}

// Models pickOneNodeForPreemption: what is lost there, the least first.
struct Loss {
  int64_t violations = 0, highest = INT64_MIN, sum = 0;
  size_t count = 0;
  std::string latestStart;
  bool operator<(const Loss& o) const {
    if (violations != o.violations) return violations < o.violations;
    if (highest != o.highest) return highest < o.highest;
    if (sum != o.sum) return sum < o.sum;
    if (count != o.count) return count < o.count;
    return latestStart > o.latestStart;
  }
};
Loss lossOf(const std::vector<Pod>& victims, int64_t violations) {
  Loss loss;
  loss.violations = violations;
  loss.count = victims.size();
  for (const Pod& v : victims) {
    loss.highest = std::max(loss.highest, v.spec().priority());
    loss.sum += v.spec().priority() + INT32_MAX + 1LL;
  }
  for (const Pod& v : victims) {
    const std::string_view start = v.status().startTime();
    if (v.spec().priority() == loss.highest && (loss.latestStart.empty() || start < loss.latestStart))
      loss.latestStart = start;
  }
  return loss;
}

/// Which of the pods, taken in this order, a disruption budget would miss. Models FilterVictimsWithPDBViolation.
std::vector<char> violating(const std::vector<Pod>& pods, const decision::View& view) {
  std::vector<std::pair<PodDisruptionBudget, int64_t>> budgets;
  view.each<PodDisruptionBudget>({}, [&](const PodDisruptionBudget& b) {
    budgets.emplace_back(b, b.doc.get({key::status, key::disruptionsAllowed}).asInt());
  });
  std::vector<char> out(pods.size());
  for (size_t i = 0; i < pods.size(); ++i) {
    const ObjectMeta meta = pods[i].metadata();
    if (meta.labels().doc.size() == 0) continue;
    for (auto& [budget, allowed] : budgets) {
      if (out[i] || budget.metadata().namespace_() != meta.namespace_()) continue;
      const Selector selector = labelSelector(budget.doc.get({key::spec, key::selector}));
      if (selector.empty() || !selector.matches(meta.labels().doc)) continue;
      if (budget.doc.get({key::status, key::disruptedPods}).find(meta.name())) continue;
      out[i] = --allowed < 0;
    }
  }
  return out;
}
}  // namespace

/// Those that the pod must leave room for on that node: nominated there, and at least as important.
std::vector<Pod> Scheduler::nominatedBefore(const Pod& pod, size_t slot, const decision::View& view) const {
  std::vector<Pod> out;
  if (nominator_.empty()) return out;
  for (const std::string& key : nominator_.on(nodes_.at(slot).name)) {
    const Pod other = view.getByKey<Pod>(key);
    if (other && other.spec().priority() >= pod.spec().priority() && other.metadata().uid() != pod.metadata().uid())
      out.push_back(other);
  }
  return out;
}

// Models RunFilterPluginsWithNominatedPods: it has to fit with those nominated there, and without them, since they may
// go elsewhere.
bool Scheduler::fitsBesideNominated(const Pod& pod, size_t slot, NodeCache& nodes, Cycle& alone,
                                    const decision::View& view, Rejection& whyNot) const {
  const std::vector<Pod> others = nominatedBefore(pod, slot, view);
  if (others.empty()) return alone.filter(slot, whyNot);
  for (const Pod& other : others) nodes.assume(other, nodes.at(slot).name, view);
  Cycle beside(pod, nodes, view, free_);
  const auto rejection = beside.preFilter();
  if (rejection) whyNot = *rejection;
  const bool fits = !rejection && beside.filter(slot, whyNot);
  for (const Pod& other : others) nodes.forget(store::keyOf(other.doc), view);
  Rejection without;
  if (!alone.filter(slot, without)) {
    if (fits) whyNot = std::move(without);
    return false;
  }
  if (!fits)
    whyNot.why = Why(Rule::RoomIsKeptForPod, {{"pod", pod.metadata().name()},
                                              {"nodes", Value(nodes.at(slot).name)},
                                              {"other", others[0].metadata().name()}});
  return fits;
}

// Models SelectVictimsOnNode: all with a lower priority go in thought, then as many as possible are spared, those whose
// disruption budget would be missed first.
Scheduler::Victims Scheduler::selectVictims(const Pod& pod, size_t slot, const decision::View& view,
                                            Rejection& whyNot) const {
  NodeCache trial = nodes_;
  const auto fits = [&] {
    Cycle cycle(pod, trial, view, free_);
    return !cycle.preFilter() && fitsBesideNominated(pod, slot, trial, cycle, view, whyNot);
  };
  std::vector<Pod> potential;
  for (const std::string& key : view.objects().podsOnNode(nodes_.at(slot).name)) {
    const Pod other = view.getByKey<Pod>(key);
    if (other && isPlaced(other) && other.spec().priority() < pod.spec().priority()) potential.push_back(other);
  }
  api::sort(potential, moreImportant);
  for (const Pod& p : potential) trial.observePod(p, {}, view);
  Victims victims;
  if (!fits()) return victims;
  const std::vector<char> missed = violating(potential, view);
  for (const bool violates : {true, false}) {
    for (size_t i = 0; i < potential.size(); ++i) {
      if (bool(missed[i]) != violates) continue;
      trial.observePod({}, potential[i], view);
      if (fits()) continue;
      trial.observePod(potential[i], {}, view);
      victims.pods.push_back(potential[i]);
      victims.violations += violates;
    }
  }
  api::sort(victims.pods, moreImportant);
  return victims;
}

Scheduler::Preemption Scheduler::findPreemption(const Pod& pod, const Rejections& rejected,
                                                const decision::View& view) const {
  if (pod.spec().preemptionPolicy() == "Never") return {"not eligible due to preemptionPolicy=Never.", {}, {}, true};
  const int64_t priority = pod.spec().priority();
  const std::string_view nominated = pod.status().nominatedNodeName();
  const size_t total = nodes_.nodes().size();
  std::map<std::string, size_t> reasons;
  size_t looked = 0;
  Preemption best;
  Loss least;
  for (const auto& [slot, rejection] : rejected) {
    if (!rejection.resolvable) continue;
    ++looked;
    const NodeInfo& node = nodes_.at(slot);
    if (node.priorities.empty() || node.priorities.begin()->first >= priority) {
      ++reasons["No preemption victims found for incoming pod"];
      continue;
    }
    if (node.name == nominated) {
      for (const std::string& key : view.objects().podsOnNode(node.name)) {
        const Pod other = view.getByKey<Pod>(key);
        if (other && isPlaced(other) && other.spec().priority() < priority && isBeingPreempted(other))
          return {"not eligible due to a terminating pod on the nominated node.", {}, {}, true};
      }
    }
    Rejection whyNot;
    Victims victims = selectVictims(pod, slot, view, whyNot);
    if (victims.pods.empty()) {
      for (const std::string& r : whyNot.reasons) ++reasons[r];
      continue;
    }
    const Loss loss = lossOf(victims.pods, victims.violations);
    if (best.node.empty() || loss < least) best = {{}, node.name, std::move(victims.pods), false}, least = loss;
  }
  if (!best.node.empty()) {
    best.message = "found a potential placement for pod on node " + best.node + ", preempting " +
                   std::to_string(best.victims.size()) + " victims";
    return best;
  }
  if (total > looked) reasons["Preemption is not helpful for scheduling"] = total - looked;
  return {histogram(total, reasons), {}, {}, false};
}

// Models the executor: those nominated there that are less important may not fit any more and look for another place;
// each victim is told why, then deleted. Where all are ending already there is nothing to do.
void Scheduler::preempt(const Pod& pod, const Preemption& preemption, Client& client) {
  if (std::all_of(preemption.victims.begin(), preemption.victims.end(), [](const Pod& v) { return isTerminating(v); }))
    return;
  clearNominations(pod, preemption.node, client);
  for (const Pod& victim : preemption.victims) {
    if (isTerminating(victim)) continue;
    const ObjectMeta meta = victim.metadata();
    const Why why(Rule::PodIsPreempted,
                  {{"victim", meta.name()}, {"node", Value(preemption.node)}, {"pod", pod.metadata().name()}});
    PodCondition condition;
    condition.type("DisruptionTarget");
    condition.status("True");
    condition.reason("PreemptionByScheduler");
    condition.message("default-scheduler: preempting to accommodate a higher priority pod");
    condition.observedGeneration(meta.generation());
    condition.doc.set(key::lastProbeTime, Value());
    condition.lastTransitionTime(formatTime(client.now()));
    Value patch;
    patch.set({key::status, key::conditions}, Value::array({condition.doc}));
    const apiserver::Response reply = client.patch(why, Resource::pods, meta.namespace_(), meta.name(),
                                                   apiserver::PatchType::strategic, patch, "status");
    if (!reply.ok() || !client.remove(why, victim).ok()) continue;
    client.event(victim.doc, "Normal", "Preempted",
                 "Preempted by pod " + std::string(pod.metadata().uid()) + " on node " + preemption.node);
  }
}

void Scheduler::clearNominations(const Pod& preemptor, const std::string& node, Client& client) {
  for (const std::string& key : nominator_.on(node)) {
    const Pod other = client.view().getByKey<Pod>(key);
    if (!other || other.spec().priority() >= preemptor.spec().priority()) continue;
    const ObjectMeta meta = other.metadata();
    const Why why(Rule::NominationIsTaken,
                  {{"node", Value(node)}, {"pod", meta.name()}, {"other", preemptor.metadata().name()}});
    Value patch;
    patch.set({key::status, key::nominatedNodeName}, Value());
    client.patch(why, Resource::pods, meta.namespace_(), meta.name(), apiserver::PatchType::strategic, patch, "status");
  }
}

}  // namespace scheduler
