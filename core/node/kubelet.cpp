#include "core/node/kubelet.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/api/pods.hpp"
#include "core/decision/rules.hpp"
#include "core/node/disk.hpp"
#include "core/node/inputs.hpp"
#include "core/node/machine.hpp"
#include "core/node/played_kubelet.hpp"
#include "core/node/pod_worker.hpp"

namespace node {
namespace {
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;

/// A kubelet that acts by itself. Its work items are pods; a worker a pod keeps what runs. While its machine is silent
/// it does nothing and takes everything up again when it is back.
class Kubelet : public Agent {
 public:
  std::unique_ptr<decision::Controller> clone() const override { return std::make_unique<Kubelet>(*this); }
  explicit Kubelet(std::string_view node) : node_(node), name_("kubelet " + std::string(node)) {}
  std::string_view name() const override { return name_; }
  std::string_view component() const override { return "kubelet"; }
  std::string_view node() const override { return node_; }
  bool watches(Resource r) const override { return r == Resource::pods || r == Resource::persistentvolumeclaims; }
  bool watchesFacts() const override { return true; }

  void observe(const store::Change& c, const View&, Millis now) override {
    if (c.resource == Resource::persistentvolumeclaims) {
      for (const std::string& key : waiting_) queue.addAfter(key, 0, now);
      return;
    }
    const std::string key = store::keyOf(c.object());
    const auto it = workers_.find(key);
    if (it == workers_.end() || it->second.revision != c.revision) queue.add(key);
  }

  void observeFact(const store::FactChange& c, const View& view, Millis now) override {
    if (c.key == machineKey(node_)) {
      if (!c.after.isNull()) return;
      for (const auto& [key, worker] : workers_) queue.add(key);
      for (const std::string& key : view.objects().podsOnNode(node_)) queue.add(key);
      return;
    }
    if (c.key.compare(0, 4, "pod/") == 0) {
      for (const auto& [key, worker] : workers_) {
        if (c.key.compare(4, std::string::npos, worker.uid) == 0) queue.add(key);
      }
      return;
    }
    for (auto& [key, worker] : workers_) {
      if (!holds(worker, c.key)) continue;
      const Millis before = worker.nextDue();
      recheckProbes(worker, view.getByKey<api::Pod>(key), now);
      if (const Millis next = worker.nextDue(); next < before) queue.addAfter(key, next - now, now);
    }
  }

  apiserver::Response connect(const Value& pod, std::string_view subresource, const Value& options,
                              NodeClient& client) override {
    const std::string key = store::keyOf(pod);
    const auto it = workers_.find(key);
    const api::Pod known = api::as<api::Pod>(pod);
    PodWorker none;
    none.uid = known.metadata().uid();
    PodWorker& worker = it != workers_.end() && it->second.uid == none.uid ? it->second : none;
    Machine machine = lend();
    apiserver::Response r = connectTo(worker, known, subresource, options, machine, client);
    if (&worker == &none) return r;
    if (const Millis next = worker.nextDue(); next != never)
      queue.addAfter(key, std::max<Millis>(next - client.now(), 0), client.now());
    return r;
  }

  bool sync(const std::string& key, decision::Client& given) override {
    auto& client = static_cast<NodeClient&>(given);
    api::Pod pod = client.view().getByKey<api::Pod>(key);
    // One of the same name that is not (yet) bound here is none of its own, whatever made it look.
    if (pod && pod.spec().nodeName() != node_) pod = api::Pod();
    if (isSilent(client.facts(), node_)) {
      if (pod && !pod.metadata().deletionTimestamp().empty())
        client.wait({Rule::WaitForNode, {{"pod", pod.metadata().name()}, {"node", node_}}}, "Pod/" + key);
      return true;
    }
    auto it = workers_.find(key);
    if (it != workers_.end() && (!pod || pod.metadata().uid() != it->second.uid)) {
      forget(key, it->second, client);
      workers_.erase(it);
      it = workers_.end();
    }
    waiting_.erase(key);
    if (!pod) return true;
    if (it == workers_.end()) {
      if (api::isPodTerminal(pod) && pod.metadata().deletionTimestamp().empty()) return true;
      it = workers_.emplace(key, PodWorker()).first;
      it->second.uid = pod.metadata().uid();
      adopt(it->second, pod);
    }
    PodWorker& worker = it->second;
    if (!pod.metadata().deletionTimestamp().empty()) return stop(key, worker, pod, client);
    return run(key, worker, pod, client);
  }

 private:
  Machine lend() { return {node_, addresses_, images_, turns_, serial_}; }

  /// Whether a fact is about files that the pod's containers see.
  static bool holds(const PodWorker& worker, std::string_view fact) {
    if (fact.substr(0, 5) == "disk/") {
      for (const std::string& volume : worker.volumes) {
        if (fact.substr(5) == volume) return true;
      }
      return false;
    }
    const size_t slash = fact.find('/');
    return slash != fact.npos && fact.substr(slash + 1, worker.uid.size()) == worker.uid;
  }

  bool run(const std::string& key, PodWorker& worker, const api::Pod& pod, NodeClient& client) {
    if (worker.step == PodWorker::Step::ended) return true;
    if (addresses_.index == 0) addresses_.index = nodeIndex(client.view().get<api::Node>("", node_));
    Machine machine = lend();
    const bool waits = !advance(worker, pod, machine, client);
    if (waits) waiting_.insert(key);
    if (!report(worker, pod, client)) return false;
    noteWaits(key, worker, pod, client);
    flushEvents(worker, client);
    const Millis next = worker.nextDue();
    // What waits for a claim is looked at again when the claim changes; its own time may have come long ago.
    if (next != never && !(waits && next <= client.now())) queue.addAfter(key, next - client.now(), client.now());
    return true;
  }

  bool stop(const std::string& key, PodWorker& worker, const api::Pod& pod, NodeClient& client) {
    const Millis now = client.now();
    if (worker.step != PodWorker::Step::ended) {
      Machine machine = lend();
      terminate(worker, pod, pod.metadata().deletionGracePeriodSeconds() * 1000, machine, client);
      advance(worker, pod, machine, client);
      if (worker.step != PodWorker::Step::ended) {
        client.wait({Rule::WaitForGracePeriod,
                     {{"pod", pod.metadata().name()}, {"seconds", pod.metadata().deletionGracePeriodSeconds()}}},
                    "Pod/" + key);
        flushEvents(worker, client);
        if (const Millis next = worker.nextDue(); next != never) queue.addAfter(key, next - now, now);
        return true;
      }
    }
    const decision::Why stopped(Rule::PodStopped,
                                {{"pod", pod.metadata().name()}, {"node", node_}, {"object", "Pod/" + key}});
    const bool ran = !worker.containers.empty() && worker.containers[0].instance > 0;
    worker.why = stopped;
    if (ran && !report(worker, pod, client)) return false;
    flushEvents(worker, client);
    if (pod.metadata().deletionGracePeriodSeconds() == 0 && !pod.metadata().finalizers().empty()) return true;
    apiserver::DeleteOptions options;
    options.gracePeriodSeconds = 0;
    options.uid = worker.uid;
    const auto removed = client.remove(
        {Rule::PodRemoved, {{"pod", pod.metadata().name()}, {"node", node_}, {"object", "Pod/" + key}}}, pod, options);
    return removed.ok() || removed.isNotFound();
  }

  /// What a pod that is not Ready waits for on its node.
  void noteWaits(const std::string& key, const PodWorker& worker, const api::Pod& pod, NodeClient& client) {
    const std::string_view name = pod.metadata().name();
    if (worker.step == PodWorker::Step::pulling && !worker.pulling.empty()) {
      client.wait({Rule::WaitForImage, {{"pod", name}, {"node", node_}, {"image", worker.pulling}}}, "Pod/" + key);
    }
    if (worker.step == PodWorker::Step::initializing) {
      const auto inits = pod.spec().initContainers();
      for (size_t i = 0; i < worker.init.size(); ++i) {
        const ContainerRun& c = worker.init[i];
        if (c.state != ContainerRun::State::running || c.started == (inits[i].restartPolicy() == "Always")) continue;
        client.wait({Rule::WaitForInitContainer, {{"pod", name}, {"container", inits[i].name()}}}, "Pod/" + key);
        return;
      }
    }
    if (worker.step != PodWorker::Step::running) return;
    const auto specs = pod.spec().containers();
    for (size_t i = 0; i < worker.containers.size(); ++i) {
      const ContainerRun& c = worker.containers[i];
      if (c.state != ContainerRun::State::running || c.ready || c.stopping) continue;
      client.wait({Rule::WaitForProbe,
                   {{"pod", name}, {"container", specs[i].name()}, {"probe", c.started ? "readiness" : "startup"}}},
                  "Pod/" + key);
      return;
    }
  }

  static uint64_t revisionOf(const Value& object) {
    uint64_t revision = 0;
    for (char c : object.get({api::key::metadata, api::key::resourceVersion}).asString())
      revision = revision * 10 + uint64_t(c - '0');
    return revision;
  }

  /// Writes the status where it differs from what the API server has.
  bool report(PodWorker& worker, const api::Pod& pod, NodeClient& client) {
    decision::Why why = worker.why;
    worker.why = decision::Why(Rule::PodReported, {{"pod", pod.metadata().name()}, {"node", node_}});
    api::PodStatus status = reportedStatus(worker, pod, client.view().get<api::Node>("", node_), client.now());
    if (status == pod.status()) return true;
    const std::string_view phase = status.phase();
    if (phase != pod.status().phase() && worker.step == PodWorker::Step::running) {
      if (phase == "Failed") why.rule = Rule::PodFailed;
      if (phase == "Succeeded") why.rule = Rule::PodSucceeded;
      if (phase == "Failed" || phase == "Succeeded") worker.step = PodWorker::Step::ended;
    }
    api::Pod changed = pod;
    changed.status(std::move(status));
    const auto written = client.updateStatus(why, changed);
    if (written.ok()) worker.revision = revisionOf(written.body);
    if (!written.ok()) worker.why = why;
    flushEvents(worker, client);
    return written.ok() || written.isNotFound();
  }

  /// A pod that ran before this kubelet knew of it, as one a scenario has played.
  static void adopt(PodWorker& worker, const api::Pod& pod) {
    if (pod.status().phase() != "Running") return;
    worker.step = PodWorker::Step::running;
    worker.ip = pod.status().podIP();
    worker.startTime = api::parseTime(pod.status().startTime());
    worker.init.resize(pod.spec().initContainers().size());
    worker.containers.resize(pod.spec().containers().size());
    for (ContainerRun& c : worker.containers) {
      c.state = ContainerRun::State::running;
      c.instance = 1;
      c.startedAt = worker.startTime;
      c.ready = c.started = true;
    }
  }

  /// A pod's containers go, and with them what lay in them.
  void forget(const std::string& pod, const PodWorker& worker, NodeClient& client) {
    const std::string_view name = store::splitKey(pod).second;
    std::vector<std::string> keys;
    for (const std::string& prefix :
         {"container/" + worker.uid + "/", "emptydir/" + worker.uid + "/", podFaultKey(worker.uid)}) {
      const auto& all = client.facts().all();
      for (auto it = all.lower_bound(prefix); it != all.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it)
        keys.push_back(it->first);
    }
    for (std::string& key : keys) {
      const int64_t lost = int64_t(countRecords(client.facts().get(key)));
      const decision::Why why = lost ? decision::Why(Rule::RecordsLost, {{"pod", name}, {"count", lost}})
                                     : decision::Why(Rule::PodRemoved, {{"pod", name}, {"node", node_}});
      client.setFact(why, std::move(key), Value(), "Pod/" + pod);
    }
    // What its programs have said can still be read in the past, and by whoever follows it.
    gone_.push_back(worker.uid + "/");
    if (gone_.size() <= 50) return;
    client.forgetLogs(gone_.front());
    gone_.erase(gone_.begin());
  }

  std::string node_, name_;
  NodeState addresses_;
  std::vector<std::string> gone_;  ///< the logs of pods that are gone
  std::set<std::string, std::less<>> images_;
  Turns turns_;                               ///< of its kube-proxy
  int64_t serial_ = 0;                        ///< of programs started by exec
  std::map<std::string, PodWorker> workers_;  ///< by "namespace/name"
  std::set<std::string> waiting_;             ///< the pods whose claims are not bound
};
}  // namespace

std::unique_ptr<decision::Controller> makeKubelet(std::string_view nodeName, KubeletMode mode) {
  if (mode == KubeletMode::real) return std::make_unique<Kubelet>(nodeName);
  return makePlayedKubelet(nodeName, mode == KubeletMode::oracleAuto);
}

}  // namespace node
