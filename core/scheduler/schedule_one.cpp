// One pod's cycle: filter, score, choose; or say why it fits nowhere. Models pkg/scheduler/schedule_one.go (v1.37).
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

std::string histogram(size_t total, const std::map<std::string, size_t>& reasons) {
  std::vector<std::string> parts;
  for (const auto& [reason, count] : reasons) parts.push_back(std::to_string(count) + " " + reason);
  api::sort(parts);
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? " " : ", ") + p;
  return "0/" + std::to_string(total) + " nodes are available:" + out + (out.empty() ? "" : ".");
}

namespace {
// Models numFeasibleNodesToFind: of many nodes only some are scored.
size_t feasibleToFind(size_t total) {
  if (total < 100) return total;
  const size_t percentage = std::max<int64_t>(50 - int64_t(total) / 125, 5);
  return std::max<size_t>(total * percentage / 100, 100);
}

// The reasons of all nodes as one: the rule they share, with the nodes' names, or their counts.
Why summary(const Pod& pod, size_t total, const NodeCache& nodes,
            const std::vector<std::pair<size_t, Rejection>>& rejected, const std::map<std::string, size_t>& reasons) {
  const auto sameRule = [&](const auto& r) { return r.second.why.rule == rejected[0].second.why.rule; };
  const bool shared =
      !rejected.empty() && rejected.size() == total && std::all_of(rejected.begin(), rejected.end(), sameRule);
  if (!shared) {
    std::string text;
    for (const auto& [reason, count] : reasons)
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + reason;
    Why why(Rule::PodFitsNoNode, {{"pod", pod.metadata().name()}, {"total", int64_t(total)}, {"reasons", Value(text)}});
    std::vector<Value> each;
    for (size_t i = 0; i < rejected.size() && i < 8; ++i) {
      Value one;
      one.set(Key("node"), nodes.at(rejected[i].first).name);
      one.set(Key("rule"), decision::info(rejected[i].second.why.rule).id);
      for (const decision::Input& input : rejected[i].second.why.inputs) {
        if (input.text() != "pod") one.set(Key(input.text()), input.value);
      }
      each.push_back(std::move(one));
    }
    why.inputs.add({"perNode", Value::array(std::move(each))});
    return why;
  }
  const Why& first = rejected[0].second.why;
  std::string names;
  for (size_t i = 0; i < rejected.size() && i < 4; ++i)
    names += (names.empty() ? "`" : ", `") + nodes.at(rejected[i].first).name + "`";
  if (rejected.size() > 4) names += " … (" + std::to_string(rejected.size()) + ")";
  Why why(first.rule);
  for (const decision::Input& input : first.inputs)
    why.inputs.add({input.name, input.text() == "nodes" ? Value(names) : input.value});
  return why;
}

// Whether a pod that was being looked at has been deleted meanwhile.
bool isGone(const Pod& pod, const Client& client) {
  const auto now = client.view().getByKey<Pod>(store::keyOf(pod.doc));
  return now.metadata().uid() != pod.metadata().uid();
}
}  // namespace

std::vector<size_t> Scheduler::candidates(const Cycle& cycle) const {
  if (cycle.candidates().empty()) return nodes_.nodes();
  std::vector<size_t> out;
  for (size_t slot : nodes_.nodes()) {
    const auto& names = cycle.candidates();
    if (std::binary_search(names.begin(), names.end(), nodes_.at(slot).name)) out.push_back(slot);
  }
  return out;
}

bool Scheduler::schedule(const Pod& pod, Client& client) {
  const size_t total = nodes_.nodes().size();
  if (total == 0) {
    const Why why(Rule::PodHasNoNodes, {{"pod", pod.metadata().name()}});
    return fail(pod, {"no nodes available to schedule pods", why, bit(Plugin::NoNodes), false, false, true}, client);
  }
  Cycle cycle(pod, nodes_, client.view(), free_);
  if (const auto rejection = cycle.preFilter()) {
    // Upstream's "not found" is the dynamic resources plugin's, whose state a failed PreFilter leaves unwritten.
    Failure f{"0/" + std::to_string(total) + " nodes are available: " + rejection->reasons[0] + ". not found",
              rejection->why,
              bit(rejection->plugin),
              false,
              false,
              false};
    f.claimsUnbound = rejection->why.rule == Rule::PodClaimIsUnbound;
    return fail(pod, f, client);
  }
  std::vector<size_t> slots = candidates(cycle), feasible;
  Rejections rejected;
  const auto look = [&](size_t slot) {
    Rejection r;
    if (fitsBesideNominated(pod, slot, nodes_, cycle, client.view(), r)) {
      feasible.push_back(slot);
    } else {
      rejected.emplace_back(slot, std::move(r));
    }
  };
  if (const NodeInfo* nominated = nodes_.find(pod.status().nominatedNodeName())) {
    const auto slot = std::find_if(slots.begin(), slots.end(), [&](size_t s) { return &nodes_.at(s) == nominated; });
    if (slot != slots.end()) look(*slot);
    if (feasible.empty()) rejected.clear();
  }
  if (feasible.empty()) {
    const size_t enough = feasibleToFind(slots.size());
    size_t looked = 0;
    for (; looked < slots.size() && feasible.size() < enough; ++looked)
      look(slots[(nextStartNode_ + looked) % slots.size()]);
    nextStartNode_ = (nextStartNode_ + looked) % total;
  }
  if (!feasible.empty()) {
    if (isGone(pod, client)) return true;
    if (feasible.size() == 1) {
      const Why why(Rule::PodGoesToOnlyNode,
                    {{"pod", pod.metadata().name()}, {"node", Value(nodes_.at(feasible[0]).name)}});
      return place(pod, feasible[0], cycle, why, client);
    }
    const std::vector<int64_t> scores = cycle.score(feasible);
    int best = 0;
    const size_t chosen = pick(scores, client, best);
    const Why why(best > 1 ? Rule::PodGoesToOneOfBest : Rule::PodGoesToBestNode,
                  {{"pod", pod.metadata().name()},
                   {"node", Value(nodes_.at(feasible[chosen]).name)},
                   {"feasible", int64_t(feasible.size())},
                   {"best", best},
                   {"score", scores[chosen]}});
    return place(pod, feasible[chosen], cycle, why, client);
  }
  std::map<std::string, size_t> reasons;
  PluginSet plugins = 0;
  for (const auto& [slot, r] : rejected) {
    for (const std::string& reason : r.reasons) ++reasons[reason];
    plugins |= bit(r.plugin);
  }
  if (rejected.size() < total) {
    reasons["node(s) didn't satisfy plugin(s) [NodeAffinity]"] += total - rejected.size();
    plugins |= bit(Plugin::NodeAffinity);
  }
  const Preemption preemption = findPreemption(pod, rejected, client.view());
  Failure f{histogram(total, reasons) + " preemption: " + preemption.message,
            summary(pod, total, nodes_, rejected, reasons),
            plugins,
            false,
            false,
            !preemption.stays};
  f.nominate = preemption.node;
  if (preemption.node.empty()) return fail(pod, f, client);
  f.why = Why(Rule::PodPreempts, {{"pod", pod.metadata().name()}, {"node", Value(preemption.node)}});
  const bool done = fail(pod, f, client);
  preempt(pod, preemption, client);
  return done;
}

size_t Scheduler::pick(const std::vector<int64_t>& scores, Client& client, int& best) const {
  const int64_t highest = *std::max_element(scores.begin(), scores.end());
  best = int(std::count(scores.begin(), scores.end(), highest));
  uint64_t skip = best > 1 ? client.random(uint64_t(best)) : 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] == highest && skip-- == 0) return i;
  }
  return 0;
}

// Models handleSchedulingFailure: an Event, the condition PodScheduled, and a place among those that wait.
bool Scheduler::fail(const Pod& pod, const Failure& failure, Client& client) {
  const std::string key = store::keyOf(pod.doc);
  if (!failure.error && !isGone(pod, client)) park(key, {failure.plugins, failure.claimsUnbound});
  const PodCondition old = podCondition(pod, "PodScheduled");
  const bool turned = !old || old.status() != "False";
  const PodCondition condition{{Value::object(
      {{key::lastProbeTime, Value()},
       {key::lastTransitionTime, turned ? Value(formatTime(client.now())) : old.doc[key::lastTransitionTime]},
       {key::message, failure.message},
       {key::observedGeneration, pod.metadata().generation()},
       {key::reason, failure.error ? "SchedulerError" : "Unschedulable"},
       {key::status, "False"},
       {key::type, "PodScheduled"}})}};
  const std::string_view nominated = pod.status().nominatedNodeName();
  const bool clear = failure.clearNomination && nominated != failure.nominate;
  const bool changed = turned || old.reason() != condition.reason() || old.message() != condition.message() ||
                       old.observedGeneration() != condition.observedGeneration();
  constexpr size_t noteLimit = 1024;
  const bool tooLong = failure.message.size() > noteLimit;
  const auto record = [&] {
    client.event(pod.doc, "Warning", "FailedScheduling",
                 tooLong ? failure.message.substr(0, noteLimit - 4) + " ..." : failure.message);
  };
  if (!changed && !clear) {
    client.wait(failure.why, "Pod/" + key);
    record();
    return !failure.error;
  }
  Value patch;
  if (changed) patch.set({key::status, key::conditions}, Value::array({condition.doc}));
  if (clear) {
    if (!isGone(pod, client)) nominator_.set(key, failure.nominate);
    patch.set({key::status, key::nominatedNodeName}, failure.nominate.empty() ? Value() : Value(failure.nominate));
  }
  const ObjectMeta meta = pod.metadata();
  const apiserver::Response reply = client.patch(failure.why, Resource::pods, meta.namespace_(), meta.name(),
                                                 apiserver::PatchType::strategic, patch, "status");
  record();
  return !failure.error && (reply.ok() || reply.isNotFound());
}

}  // namespace scheduler
