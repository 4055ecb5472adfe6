#include "core/controllers/nodelifecycle.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/controllers/node_util.hpp"
#include "core/controllers/nodelifecycle_zones.hpp"
#include "core/decision/rules.hpp"
#include "core/store/heartbeats.hpp"

namespace controllers {
namespace {
using api::Millis;
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;
namespace key = api::key;

constexpr TaintRef unreachable{"node.kubernetes.io/unreachable", "NoExecute"};
constexpr TaintRef notReady{"node.kubernetes.io/not-ready", "NoExecute"};
// A new node is noticed at once, so that a cluster which has just begun is soon at rest.
constexpr Millis registrationDelay = 100;
constexpr Millis nodeEvictionPeriod = 100, nodeStartupGracePeriod = 60000;
constexpr double evictionLimiterQPS = 0.1;

/// nodeConditionToTaintKeyStatusMap of upstream.
constexpr struct {
  std::string_view condition, status, taint;
} conditionTaints[] = {
    {"Ready", "False", "node.kubernetes.io/not-ready"},
    {"Ready", "Unknown", "node.kubernetes.io/unreachable"},
    {"MemoryPressure", "True", "node.kubernetes.io/memory-pressure"},
    {"DiskPressure", "True", "node.kubernetes.io/disk-pressure"},
    {"NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"},
    {"PIDPressure", "True", "node.kubernetes.io/pid-pressure"},
};

/// Its work items: "monitor" looks at all nodes, "taint" carries out queued NoExecute taints, "node/<name>" keeps
/// labels and NoSchedule taints, "pod/<ns>/<name>" looks at a pod that came to a node, "silence/<name>" notes silence.
class NodeLifecycleController : public decision::Cloned<NodeLifecycleController> {
 public:
  explicit NodeLifecycleController(const Settings& s)
      : period_(s.nodeMonitorPeriodMillis), grace_(s.nodeMonitorGracePeriodMillis) {}
  std::string_view name() const override { return "node lifecycle"; }
  std::string_view component() const override { return "node-controller"; }
  bool watches(Resource r) const override { return r == Resource::nodes || r == Resource::pods; }
  bool watchesFacts() const override { return true; }

  void observe(const store::Change& c, const View& view, Millis now) override {
    if (c.resource == Resource::nodes) {
      if (!c.after.isNull()) queue.add("node/" + std::string(c.name()));
      if (c.before.isNull()) queue.addAfter("monitor", registrationDelay, now);
      if (c.after.isNull() ||
          !c.before.get({key::status, key::conditions}).same(c.after.get({key::status, key::conditions})))
        monitorLater(now);
      return;
    }
    // Only pods that come to a node whose health is not good are of interest (podUpdated, processPod).
    if (c.after.isNull()) return;
    const std::string_view node = c.after.get({key::spec, key::nodeName}).asString();
    if (node.empty() || c.before.get({key::spec, key::nodeName}).asString() == node) return;
    const api::Node n = view.get<api::Node>("", node);
    const std::string_view ready = n ? nodeCondition(n, "Ready") : std::string_view();
    if (!ready.empty() && ready != "True") queue.add("pod/" + store::keyOf(c.after));
  }

  void observeFact(const store::FactChange& c, const View&, Millis now) override {
    if (c.key.compare(0, 5, "node/") != 0) return;
    if (!c.after.isNull()) queue.add("silence/" + c.key.substr(5));
    monitorLater(now);
  }

  void remember(decision::Digest& out) const override {
    out.pairs(known_).pairs(probed_).all(retry_) << again_;
    for (const auto& [name, zone] : zones_) {
      out << name << zone.state;
      zone.queue.remember(out);
    }
  }
  bool sync(const std::string& item, decision::Client& client) override {
    if (item == "monitor") return monitorNodeHealth(client);
    if (item == "taint") return doNoExecuteTaintingPass(client);
    const auto [kind, rest] = store::splitKey(item);
    if (kind == "node") return doNoScheduleTaintingPass(rest, client) && reconcileNodeLabels(rest, client);
    if (kind == "pod") return processPod(rest, client);
    noteSilence(rest, client);
    return true;
  }

 private:
  void monitorLater(Millis now) { queue.addAfter("monitor", period_ - now % period_, now); }
  void monitorAt(Millis t, Millis now) { queue.addAfter("monitor", t - t % period_ + period_ - now, now); }

  static std::string objectOf(std::string_view node) { return "Node//" + std::string(node); }

  void noteSilence(std::string_view node, decision::Client& client) {
    if (!store::isSilent(client.facts(), node)) return;
    client.wait({Rule::WaitForHeartbeat, {{"node", node}, {"seconds", grace_ / 1000}}}, objectOf(node));
  }

  // ---- labels and NoSchedule taints of one node

  bool doNoScheduleTaintingPass(std::string_view name, decision::Client& client) {
    const api::Node node = client.view().get<api::Node>("", name);
    if (!node) return true;
    std::vector<TaintRef> wanted, add, remove;
    for (const Value& c : node.doc.get({key::status, key::conditions}).values()) {
      for (const auto& t : conditionTaints) {
        if (c[key::type].asString() == t.condition && c[key::status].asString() == t.status)
          wanted.push_back({t.taint, "NoSchedule"});
      }
    }
    if (node.spec().unschedulable()) wanted.push_back({"node.kubernetes.io/unschedulable", "NoSchedule"});
    std::vector<TaintRef> ours{{"node.kubernetes.io/unschedulable", "NoSchedule"}};
    for (const auto& t : conditionTaints) ours.push_back({t.taint, "NoSchedule"});
    std::string added, removed;
    for (TaintRef t : wanted) {
      if (taintExists(node, t)) continue;
      add.push_back(t);
      added += (added.empty() ? "" : ", ") + std::string(t.key);
    }
    for (TaintRef t : ours) {
      const bool stays = std::any_of(wanted.begin(), wanted.end(), [&](TaintRef w) { return w.key == t.key; });
      if (stays || !taintExists(node, t)) continue;
      remove.push_back(t);
      removed += (removed.empty() ? "" : ", ") + std::string(t.key);
    }
    if (add.empty() && remove.empty()) return true;
    const decision::Why why = add.empty()
                                  ? decision::Why(Rule::UntaintNode, {{"node", name}, {"taints", removed}})
                                  : decision::Why(Rule::TaintNodeNoSchedule, {{"node", name}, {"taints", added}});
    return swapTaints(client, why, name, add, remove);
  }

  static bool reconcileNodeLabels(std::string_view name, decision::Client& client) {
    const api::Node node = client.view().get<api::Node>("", name);
    if (!node) return true;
    const api::StringMap labels = node.metadata().labels();
    Value wanted = Value::object({});
    for (std::string_view suffix : {"os", "arch"}) {
      const std::string primary = "kubernetes.io/" + std::string(suffix), secondary = "beta." + primary;
      if (!labels.contains(primary) || labels.get(primary) == labels.get(secondary)) continue;
      wanted.set(api::Key(secondary), labels.get(primary));
    }
    if (wanted.size() == 0) return true;
    const Value patch = Value::object({{key::metadata, Value::object({{key::labels, std::move(wanted)}})}});
    return client
        .patch({Rule::ReconcileNodeLabels, {{"node", name}}}, Resource::nodes, "", name,
               apiserver::PatchType::strategic, patch)
        .ok();
  }

  // ---- pods

  static bool markPodNotReady(const api::Pod& pod, std::string_view node, decision::Client& client) {
    api::PodStatus status = pod.status();
    auto conditions = status.conditions();
    for (size_t i = 0; i < conditions.size(); ++i) {
      api::PodCondition c = conditions[i];
      if (c.type() != "Ready" || c.status() == "False") continue;
      c.status("False");
      c.lastTransitionTime(api::formatTime(client.now()));
      conditions.set(i, c);
      status.conditions(conditions);
      api::Pod changed = pod;
      changed.status(std::move(status));
      const auto written =
          client.updateStatus({Rule::MarkPodNotReady, {{"pod", pod.metadata().name()}, {"node", node}}}, changed);
      if (written.isNotFound()) return true;
      if (written.ok()) client.event(written.body, "Warning", "NodeNotReady", "Node is not ready");
      return written.ok();
    }
    return true;
  }

  bool markPodsNotReady(std::string_view node, decision::Client& client) {
    bool done = true;
    const auto pods = client.view().objects().podsOnNode(node);
    for (const std::string& pod : pods) done &= markPodNotReady(client.view().getByKey<api::Pod>(pod), node, client);
    return done;
  }

  bool processPod(std::string_view pod, decision::Client& client) {
    const api::Pod p = client.view().getByKey<api::Pod>(pod);
    if (!p) return true;
    const api::Node node = client.view().get<api::Node>("", p.spec().nodeName());
    if (!node || known_.find(p.spec().nodeName()) == known_.end()) return true;
    const std::string_view ready = nodeCondition(node, "Ready");
    return ready.empty() || ready == "True" || markPodNotReady(p, p.spec().nodeName(), client);
  }

  // ---- the health of all nodes

  struct Health {
    api::Node node;
    std::string_view observed;  ///< the condition Ready before this pass
    std::string current;        ///< and after
  };

  bool monitorNodeHealth(decision::Client& client) {
    std::vector<Health> nodes;
    client.view().each<api::Node>("", [&](const api::Node& n) { nodes.push_back({n, nodeCondition(n, "Ready"), ""}); });
    again_ = false;
    classifyNodes(nodes, client);
    std::map<std::string, std::pair<int, int>> counts;  // by zone: Ready, not Ready
    for (Health& h : nodes) {
      const std::string name(h.node.metadata().name());
      if (!tryUpdateNodeHealth(h, client)) {
        again_ = true;
        continue;
      }
      if (!h.node.metadata().labels().contains("node.kubernetes.io/exclude-disruption")) {
        auto& [ready, silent] = counts[zoneKey(h.node)];
        ++(h.current == "True" ? ready : silent);
      }
      if (h.current.empty()) continue;
      processTaintBasedEviction(h, client);
      const bool fell = h.current != "True" && h.observed == "True";
      if (fell) {
        client.event(nodeReference(name, h.node.metadata().uid()), "Normal", "NodeNotReady",
                     "Node " + name + " status is now: NodeNotReady");
      }
      if (fell || (retry_.erase(name) && h.observed != "True")) {
        if (!markPodsNotReady(name, client)) retry_.insert(name), again_ = true;
      }
    }
    handleDisruption(nodes, counts, client);
    if (again_) monitorLater(client.now());
    return true;
  }

  void classifyNodes(const std::vector<Health>& nodes, decision::Client& client) {
    auto gone = known_;
    for (const Health& h : nodes) {
      const std::string name(h.node.metadata().name());
      gone.erase(name);
      zones_.try_emplace(zoneKey(h.node));
      if (!known_.emplace(name, h.node.metadata().uid()).second) continue;
      client.event(nodeReference(name, h.node.metadata().uid()), "Normal", "RegisteredNode",
                   "Node " + name + " event: Registered Node " + name + " in Controller");
      markNodeAsReachable(h.node, Rule::NodeReachableAgain, client);
    }
    for (const auto& [name, uid] : gone) {
      client.event(nodeReference(name, uid), "Normal", "RemovingNode",
                   "Node " + name + " event: Removing Node " + name + " from Controller");
      known_.erase(name);
      probed_.erase(name);
    }
  }

  /// Since when nothing was heard of the node; -1 while its heartbeats come.
  Millis lastHeard(const api::Node& node, decision::Client& client) const {
    const std::string_view name = node.metadata().name();
    Millis since = store::silentSince(client.facts(), name);
    // A Node that somebody made by hand has no machine: its kubelet never posted a status.
    if (since < 0 && nodeCondition(node, "Ready").empty()) since = api::parseTime(node.metadata().creationTimestamp());
    if (since < 0) return -1;
    auto it = probed_.find(name);
    return it == probed_.end() ? since : std::max(since, it->second);
  }

  bool tryUpdateNodeHealth(Health& h, decision::Client& client) {
    h.current = h.observed;
    const Millis heard = lastHeard(h.node, client), now = client.now();
    if (heard < 0) return true;
    const Millis grace = h.observed.empty() ? nodeStartupGracePeriod : grace_;
    if (now <= heard + grace) {
      monitorAt(heard + grace, now);
      return true;
    }
    api::Node changed = h.node;
    Value conditions = changed.doc.get({key::status, key::conditions});
    if (conditions.isNull()) conditions = Value::array({});
    const std::string time = api::formatTime(now);
    bool differs = false;
    for (std::string_view type : {"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"}) {
      differs |= makeUnknown(conditions, type, h.node.metadata().creationTimestamp(), time);
    }
    h.current = "Unknown";
    if (!differs) return true;
    changed.doc.set({key::status, key::conditions}, std::move(conditions));
    const std::string_view name = h.node.metadata().name();
    const auto written =
        client.updateStatus({Rule::NodeHeartbeatMissing, {{"node", name}, {"seconds", (now - heard) / 1000}}}, changed);
    if (!written.ok()) return h.current = h.observed, false;
    h.node = api::as<api::Node>(written.body);
    return true;
  }

  static bool makeUnknown(Value& conditions, std::string_view type, std::string_view created, const std::string& now) {
    for (size_t i = 0; i < conditions.size(); ++i) {
      if (conditions[i][key::type].asString() != type) continue;
      if (conditions[i][key::status].asString() == "Unknown") return false;
      Value c = conditions[i];
      c.set(key::status, "Unknown");
      c.set(key::reason, "NodeStatusUnknown");
      c.set(key::message, "Kubelet stopped posting node status.");
      c.set(key::lastTransitionTime, now);
      conditions.set({api::Step::index(i)}, std::move(c));
      return true;
    }
    conditions.append(Value::object({{key::type, type},
                                     {key::status, "Unknown"},
                                     {key::lastHeartbeatTime, created},
                                     {key::lastTransitionTime, now},
                                     {key::reason, "NodeStatusNeverUpdated"},
                                     {key::message, "Kubelet never posted node status."}}));
    return true;
  }

  // ---- NoExecute taints

  void processTaintBasedEviction(const Health& h, decision::Client& client) {
    const std::string name(h.node.metadata().name());
    if (h.current == "True") return markNodeAsReachable(h.node, Rule::NodeReachableAgain, client);
    const TaintRef taint = h.current == "False" ? notReady : unreachable,
                   opposite = h.current == "False" ? unreachable : notReady;
    if (taintExists(h.node, opposite)) {
      again_ |= !swapTaints(client, whyNoExecute(name, taint), name, {taint}, {opposite});
      return;
    }
    TaintQueue& queued = zones_[zoneKey(h.node)].queue;
    if (!taintExists(h.node, taint)) queued.remove(name);
    queued.add(name);
    taintLater(client.now());
  }

  static decision::Why whyNoExecute(std::string_view node, TaintRef taint) {
    return {Rule::TaintNodeNoExecute, {{"node", node}, {"taints", taint.key}}};
  }

  void taintLater(Millis now) {
    Millis due = INT64_MAX;
    for (auto& [key, zone] : zones_) due = std::min(due, zone.queue.nextDue(now));
    if (due == INT64_MAX) return;
    queue.addAfter("taint", std::max(due - now, nodeEvictionPeriod), now);
  }

  bool doNoExecuteTaintingPass(decision::Client& client) {
    const Millis now = client.now();
    for (auto& [key, zone] : zones_) {
      for (std::string name = zone.queue.take(now); !name.empty(); name = zone.queue.take(now)) {
        const api::Node node = client.view().get<api::Node>("", name);
        const std::string_view ready = node ? nodeCondition(node, "Ready") : "True";
        if (ready == "True") continue;
        const TaintRef taint = ready == "False" ? notReady : unreachable,
                       opposite = ready == "False" ? unreachable : notReady;
        if (!swapTaints(client, whyNoExecute(name, taint), name, {taint}, {opposite})) zone.queue.retry(name);
      }
    }
    taintLater(now);
    return true;
  }

  void markNodeAsReachable(const api::Node& node, Rule rule, decision::Client& client) {
    const std::string name(node.metadata().name());
    for (TaintRef taint : {unreachable, notReady}) {
      if (!taintExists(node, taint)) continue;
      if (!swapTaints(client, {rule, {{"node", name}, {"taints", taint.key}}}, name, {}, {taint})) again_ = true;
    }
    zones_[zoneKey(node)].queue.remove(name);
  }

  void setLimiterInZone(Zone& zone, int size, ZoneState state, Millis now) {
    // Small clusters stop tainting while a zone is partially disrupted (ReducedQPSFunc, threshold 50 nodes).
    const double reduced = size > 50 ? 0.01 : 0;
    zone.queue.swapLimiter(state == ZoneState::partialDisruption ? reduced : evictionLimiterQPS, now);
  }

  void handleDisruption(const std::vector<Health>& nodes, const std::map<std::string, std::pair<int, int>>& counts,
                        decision::Client& client) {
    const Millis now = client.now();
    bool allAre = true, allWere = true;
    std::map<std::string, ZoneState> states;
    for (const auto& [zone, count] : counts) {
      states[zone] = computeZoneState(count.first, count.second);
      allAre &= states[zone] == ZoneState::fullDisruption;
      zones_.try_emplace(zone);
    }
    for (auto it = zones_.begin(); it != zones_.end();) {
      const bool gone = counts.find(it->first) == counts.end();
      if (!gone) allWere &= it->second.state == ZoneState::fullDisruption;
      it = gone ? zones_.erase(it) : std::next(it);
    }
    if (allAre && allWere) {
      for (const Health& h : nodes) waitForOthers(h, client);
      return;
    }
    again_ = again_ || allAre || allWere;
    if (allAre) {
      for (const Health& h : nodes) markNodeAsReachable(h.node, Rule::AllNodesSilent, client);
      for (auto& [key, zone] : zones_) zone.queue.swapLimiter(0, now), zone.state = ZoneState::fullDisruption;
      return;
    }
    if (allWere) {
      for (const Health& h : nodes) probed_[std::string(h.node.metadata().name())] = now;
    }
    for (auto& [key, zone] : zones_) {
      if (!allWere && zone.state == states[key]) continue;
      const auto& [ready, silent] = counts.at(key);
      setLimiterInZone(zone, ready + silent, states[key], now);
      zone.state = states[key];
    }
    taintLater(now);
  }

  static void waitForOthers(const Health& h, decision::Client& client) {
    const std::string_view name = h.node.metadata().name();
    client.wait({Rule::WaitForOtherNodes, {{"node", name}}}, objectOf(name));
  }

  Millis period_, grace_;
  std::map<std::string, std::string, std::less<>> known_;  ///< nodes by name: their UIDs
  std::map<std::string, Millis, std::less<>> probed_;      ///< when the end of a full disruption gave nodes new time
  std::set<std::string> retry_;                            ///< nodes whose pods could not all be marked
  std::map<std::string, Zone> zones_;
  bool again_ = false;  ///< the pass changed something that the next one has to look at
};
}  // namespace

std::unique_ptr<decision::Controller> makeNodeLifecycleController(const Settings& settings) {
  return std::make_unique<NodeLifecycleController>(settings);
}

}  // namespace controllers
