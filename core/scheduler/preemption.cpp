// Room for a pod of higher priority: which pods of which node would have to go. Models
// pkg/scheduler/framework/plugins/defaultpreemption and framework/preemption (v1.37).
#include <algorithm>

#include "core/api/pods.hpp"
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
  int64_t highest = INT64_MIN, sum = 0;
  size_t count = 0;
  std::string latestStart;
  bool operator<(const Loss& o) const {
    if (highest != o.highest) return highest < o.highest;
    if (sum != o.sum) return sum < o.sum;
    if (count != o.count) return count < o.count;
    return latestStart > o.latestStart;
  }
};
Loss lossOf(const std::vector<Pod>& victims) {
  Loss loss;
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
}  // namespace

// Models SelectVictimsOnNode: all with a lower priority go in thought, then as many as possible are spared.
std::vector<Pod> Scheduler::selectVictims(const Pod& pod, size_t slot, const decision::View& view,
                                          Rejection& whyNot) const {
  NodeCache trial = nodes_;
  const auto fits = [&] {
    Cycle cycle(pod, trial, view, free_);
    return !cycle.preFilter() && cycle.filter(slot, whyNot);
  };
  std::vector<Pod> potential, victims;
  for (const std::string& key : view.objects().podsOnNode(nodes_.at(slot).name)) {
    const Pod other = view.getByKey<Pod>(key);
    if (other && isPlaced(other) && other.spec().priority() < pod.spec().priority()) potential.push_back(other);
  }
  api::sort(potential, moreImportant);
  for (const Pod& p : potential) trial.observePod(p, {}, view);
  if (!fits()) return {};
  for (const Pod& p : potential) {
    trial.observePod({}, p, view);
    if (fits()) continue;
    trial.observePod(p, {}, view);
    victims.push_back(p);
  }
  return victims;
}

Scheduler::Preemption Scheduler::findPreemption(const Pod& pod, const Rejections& rejected,
                                                const decision::View& view) const {
  if (pod.spec().preemptionPolicy() == "Never") return {"not eligible due to preemptionPolicy=Never.", {}, {}};
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
        if (other && other.spec().priority() < priority && isBeingPreempted(other))
          return {"not eligible due to a terminating pod on the nominated node.", node.name, {}};
      }
    }
    Rejection whyNot;
    std::vector<Pod> victims = selectVictims(pod, slot, view, whyNot);
    if (victims.empty()) {
      for (const std::string& r : whyNot.reasons) ++reasons[r];
      continue;
    }
    const Loss loss = lossOf(victims);
    if (best.node.empty() || loss < least) best = {{}, node.name, std::move(victims)}, least = loss;
  }
  if (!best.node.empty()) {
    best.message = "found a potential placement for pod on node " + best.node + ", preempting " +
                   std::to_string(best.victims.size()) + " victims";
    return best;
  }
  if (total > looked) reasons["Preemption is not helpful for scheduling"] = total - looked;
  return {histogram(total, reasons), {}, {}};
}

// Models the executor: each victim is told why, then deleted.
void Scheduler::preempt(const Pod& pod, const Preemption& preemption, Client& client) {
  for (const Pod& victim : preemption.victims) {
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

}  // namespace scheduler
