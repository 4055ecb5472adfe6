#include "core/controllers/daemonset_control.hpp"

#include <algorithm>

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/controllers/pod_control.hpp"
#include "core/decision/rules.hpp"

namespace controllers::daemonset {
using namespace api;
using decision::Rule;
using decision::Why;

namespace {
/// At most so many Pods are created or deleted in one sync.
constexpr size_t burstReplicas = 250;
constexpr Millis firstBackoff = 1000, maxBackoff = 15 * 60 * 1000;
}  // namespace

bool FailedPodsBackoff::isInBackOff(const std::string& key, Millis now) const {
  auto it = byKey_.find(key);
  return it != byKey_.end() && now - it->second.since <= 2 * maxBackoff && now - it->second.since < it->second.backoff;
}
Millis FailedPodsBackoff::get(const std::string& key) const {
  auto it = byKey_.find(key);
  return it == byKey_.end() ? 0 : it->second.backoff;
}
void FailedPodsBackoff::next(const std::string& key, Millis now) {
  auto [it, added] = byKey_.try_emplace(key);
  const bool fresh = added || now - it->second.since > 2 * maxBackoff;
  it->second.backoff = fresh ? firstBackoff : std::min(2 * it->second.backoff, maxBackoff);
  it->second.since = now;
}

DaemonSetControl::DaemonSetControl(decision::Client& client, decision::WorkQueue& queue, Memory& memory,
                                   const DaemonSet& ds)
    : client_(client),
      queue_(queue),
      memory_(memory),
      ds_(ds),
      key_(store::keyOf(ds.doc)),
      podSpec_(withDaemonTolerations(ds.spec().template_().spec())) {
  client.view().each<Node>("", [&](const Node& n) { nodes_.push_back(n); });
}

// Models syncDaemonSet. A DaemonSet that is being deleted has no dependable history, so not even its status is written.
Error DaemonSetControl::sync() {
  if (isEmpty(ds_.spec().selector())) {
    client_.event(ds_.doc, "Warning", "SelectingAll",
                  "This daemon set is selecting all pods. A non-empty selector is required.");
    return {};
  }
  if (ds_.metadata().hasDeletionTimestamp()) return {};
  if (Error e = constructHistory()) return e;
  if (!memory_.expectations.satisfied(key_, client_.now())) return updateDaemonSetStatus(false);
  const Error e = updateDaemonSet();
  const Error statusError = updateDaemonSetStatus(true);
  return e ? e : statusError;
}

// ---- its Pods

Error DaemonSetControl::getDaemonPods(std::vector<Pod>& out) {
  const decision::View& view = client_.view();
  std::vector<Pod> all;
  for (const std::string& key : view.objects().controlledBy(Resource::pods, ds_.metadata().uid()))
    all.push_back(view.getByKey<Pod>(key));
  const std::string inNamespace = std::string(ns()) + "/";
  const auto& orphans = view.objects().controlledBy(Resource::pods, "");
  for (auto it = orphans.lower_bound(inNamespace); it != orphans.end() && it->starts_with(inNamespace); ++it)
    all.push_back(view.getByKey<Pod>(*it));
  ControllerRefManager manager(client_, Resource::daemonsets, {{ds_.doc}});
  using enum ControllerRefManager::Claimed;
  for (const Pod& pod : all) {
    const bool member = matches(ds_.spec().selector(), pod.metadata().labels());
    const auto claimed = manager.claimObject(Resource::pods, {{pod.doc}}, member, Rule::AdoptPod, Rule::ReleasePod);
    if (claimed == failed) return Error("cannot claim pod " + std::string(pod.metadata().name()));
    if (claimed == yes) out.push_back(pod);
  }
  return {};
}

Error DaemonSetControl::getNodesToDaemonPods(PodsByNode& out, bool includeDeletedTerminal) {
  std::vector<Pod> pods;
  if (Error e = getDaemonPods(pods)) return e;
  for (const Pod& pod : pods) {
    if (!includeDeletedTerminal && isPodTerminal(pod) && isTerminating(pod)) continue;
    const std::string_view node = getTargetNodeName(pod);
    if (!node.empty()) out[std::string(node)].push_back(pod);
  }
  return {};
}

bool DaemonSetControl::isAvailable(const Pod& pod) const {
  return isPodAvailable(pod, ds_.spec().minReadySeconds(), client_.now());
}

void DaemonSetControl::wait(Rule rule, std::string_view node, std::string_view pod, int64_t count, int64_t limit) {
  client_.wait(Why(rule, {{"daemonset", name()}, {"node", node}, {"pod", pod}, {"count", count}, {"limit", limit}}),
               pod.empty() ? objectName("Node", "", node) : objectName("Pod", ns(), pod));
}

// ---- one Pod for each node that should run one

Error DaemonSetControl::updateDaemonSet() {
  if (Error e = manage()) return e;
  if (memory_.expectations.satisfied(key_, client_.now()) && ds_.spec().updateStrategy().type() == "RollingUpdate") {
    if (Error e = rollingUpdate()) return e;
  }
  if (const Error e = cleanupHistory()) return Error("failed to clean up revisions of DaemonSet: " + e.message);
  return {};
}

Error DaemonSetControl::manage() {
  PodsByNode byNode;
  if (Error e = getNodesToDaemonPods(byNode, false)) return e;
  for (const Node& node : nodes_) podsShouldBeOnNode(node, byNode);
  // Pods for nodes that are gone before they were scheduled: nobody else can delete them.
  for (const auto& entry : byNode) {
    const bool exists =
        std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& n) { return n.metadata().name() == entry.first; });
    for (const Pod& pod : entry.second) {
      if (!exists && !isScheduled(pod)) podsToDelete_.push_back({pod, Rule::DeleteDaemonPodWithoutNode});
    }
  }
  return syncNodes(std::move(podsToDelete_), std::move(nodesNeedingDaemonPods_), Rule::CreateDaemonPod);
}

void DaemonSetControl::podsShouldBeOnNode(const Node& node, const PodsByNode& byNode) {
  const std::string_view nodeName = node.metadata().name();
  const Fit fits = fit(node);
  const auto it = byNode.find(nodeName);
  if (it == byNode.end()) {
    if (fits == Fit::runs)
      nodesNeedingDaemonPods_.emplace_back(nodeName);
    else
      wait(Rule::DaemonSetDoesNotFitNode, nodeName, "");
    return;
  }
  if (fits == Fit::none) {
    for (const Pod& pod : it->second) {
      if (!isTerminating(pod)) podsToDelete_.push_back({pod, Rule::DeleteMisplacedDaemonPod});
    }
    return;
  }
  std::vector<Pod> running;
  for (const Pod& pod : it->second) {
    const std::string_view phase = pod.status().phase();
    if (isTerminating(pod)) {
      wait(Rule::WaitForDaemonPodTermination, nodeName, pod.metadata().name());
    } else if (phase == "Failed") {
      manageFailedPod(pod, nodeName);
    } else if (phase == "Succeeded") {
      client_.event(ds_.doc, "Normal", "SucceededDaemonPod",
                    "Found succeeded daemon pod " + store::keyOf(pod.doc) + " on node " + std::string(nodeName) +
                        ", will try to delete it");
      podsToDelete_.push_back({pod, Rule::DeleteTerminalDaemonPod});
    } else {
      running.push_back(pod);
    }
  }
  manageRunningPods(std::move(running), node, fits == Fit::runs);
}

// A Pod that fails at once on its node is deleted more and more slowly.
void DaemonSetControl::manageFailedPod(const Pod& pod, std::string_view node) {
  const std::string key = std::string(ds_.metadata().uid()) + "/" + std::to_string(ds_.status().observedGeneration()) +
                          "/" + std::string(node);
  if (memory_.backoff.isInBackOff(key, client_.now())) {
    const Millis delay = memory_.backoff.get(key);
    wait(Rule::WaitForFailedPodBackoff, node, pod.metadata().name(), delay / 1000);
    queue_.addAfter(key_, delay, client_.now());
    return;
  }
  memory_.backoff.next(key, client_.now());
  client_.event(
      ds_.doc, "Warning", "FailedDaemonPod",
      "Found failed daemon pod " + store::keyOf(pod.doc) + " on node " + std::string(node) + ", will try to kill it");
  podsToDelete_.push_back({pod, Rule::DeleteTerminalDaemonPod});
}

// Without surge one Pod stays on the node, the oldest. With surge a new one may run beside an old one until it is
// available.
void DaemonSetControl::manageRunningPods(std::vector<Pod> running, const Node& node, bool shouldRun) {
  api::sort(running, byCreationTimestampAndPhase);
  if (!allowsSurge(ds_)) {
    for (size_t i = 1; i < running.size(); ++i) podsToDelete_.push_back({running[i], Rule::DeleteSurplusDaemonPod});
    return;
  }
  if (running.empty() && shouldRun) nodesNeedingDaemonPods_.emplace_back(node.metadata().name());
  if (running.size() <= 1) return;
  Pod oldestNew, oldestOld;
  for (const Pod& pod : running) {
    Pod& oldest = pod.metadata().labels()[key::revisionHashLabel] == hash_ ? oldestNew : oldestOld;
    if (oldest)
      podsToDelete_.push_back({pod, Rule::DeleteSurplusDaemonPod});
    else
      oldest = pod;
  }
  if (oldestNew && oldestOld && (!isPodReady(oldestOld) || isAvailable(oldestNew)))
    podsToDelete_.push_back({oldestOld, Rule::DeleteDaemonPodAfterSurge});
}

Error DaemonSetControl::syncNodes(std::vector<Deletion> podsToDelete, std::vector<std::string> nodes, Rule createRule) {
  nodes.resize(std::min(nodes.size(), burstReplicas));
  podsToDelete.resize(std::min(podsToDelete.size(), burstReplicas), Deletion{{}, createRule});
  std::vector<std::string> errors;
  memory_.expectations.forget(key_);
  if (!nodes.empty()) memory_.expectations.expectCreations(key_, int64_t(nodes.size()), client_.now());
  for (const Deletion& d : podsToDelete)
    memory_.expectations.expectDeletion(key_, store::keyOf(d.pod.doc), client_.now());
  size_t done = 0;
  for (size_t batch = 1; done < nodes.size() && errors.empty(); batch *= 2) {
    for (const size_t end = std::min(done + batch, nodes.size()); done < end; ++done) {
      Value created;
      const Why why(createRule, {{"daemonset", name()}, {"node", nodes[done]}});
      if (const Error e = createPod(client_, why, newDaemonPod(ds_, hash_, nodes[done]), {{ds_.doc}}, created)) {
        memory_.expectations.creationObserved(key_);
        errors.push_back(e.message);
      }
      if (!created.isNull()) memory_.consistency.wroteAt(key_, Resource::pods, created);
    }
  }
  for (; done < nodes.size(); ++done) memory_.expectations.creationObserved(key_);
  for (const Deletion& d : podsToDelete) {
    const Why why(d.rule, {{"daemonset", name()},
                           {"pod", d.pod.metadata().name()},
                           {"node", getTargetNodeName(d.pod)},
                           {"phase", d.pod.status().phase()}});
    bool notFound = false;
    const Error e = deletePod(client_, why, d.pod, {{ds_.doc}}, notFound);
    if (!e) continue;
    memory_.expectations.deletionObserved(key_, store::keyOf(d.pod.doc));
    if (!notFound) errors.push_back(e.message);
  }
  return aggregate(errors);
}

// ---- the status

Error DaemonSetControl::updateDaemonSetStatus(bool updateObservedGeneration) {
  PodsByNode byNode;
  if (Error e = getNodesToDaemonPods(byNode, false)) return e;
  int64_t desired = 0, current = 0, misscheduled = 0, ready = 0, updated = 0, available = 0;
  for (const Node& node : nodes_) {
    const auto it = byNode.find(node.metadata().name());
    const bool scheduled = it != byNode.end();
    if (fit(node) != Fit::runs) {
      misscheduled += scheduled;
      continue;
    }
    desired++;
    if (!scheduled) continue;
    current++;
    const Pod& pod = *std::min_element(it->second.begin(), it->second.end(), byCreationTimestampAndPhase);
    ready += isPodReady(pod);
    available += isPodReady(pod) && isAvailable(pod);
    updated += isPodUpdated(ds_, pod, hash_);
  }
  DaemonSetStatus status = ds_.status();
  auto set = [&](Key k, int64_t n) { n ? status.doc.set(k, n) : void(status.doc.erase(k)); };
  status.currentNumberScheduled(current);
  status.numberMisscheduled(misscheduled);
  status.desiredNumberScheduled(desired);
  status.numberReady(ready);
  set(key::updatedNumberScheduled, updated);
  set(key::numberAvailable, available);
  set(key::numberUnavailable, desired - available);
  const int64_t generation = ds_.metadata().generation();
  const bool observed = ds_.status().observedGeneration() >= generation;
  if (updateObservedGeneration) set(key::observedGeneration, generation);
  if (!observed || !(status == ds_.status())) {
    if (Error e = storeStatus(status)) return e;
  }
  const int64_t minReadySeconds = ds_.spec().minReadySeconds();
  if (minReadySeconds > 0 && ready != available) queue_.addAfter(key_, minReadySeconds * 1000, client_.now());
  return {};
}

// Models storeDaemonSetStatus: one retry with a live read.
Error DaemonSetControl::storeStatus(const DaemonSetStatus& status) {
  const Why why(Rule::UpdateDaemonSetStatus, {{"daemonset", name()},
                                              {"desired", status.desiredNumberScheduled()},
                                              {"ready", status.numberReady()},
                                              {"updated", status.updatedNumberScheduled()}});
  DaemonSet written = ds_;
  Error e;
  for (int attempt = 0; attempt < 2; ++attempt) {
    written.status(status);
    const auto reply = client_.updateStatus(why, written);
    if (reply.ok()) memory_.consistency.wroteAt(key_, Resource::daemonsets, reply.body);
    e = Error(reply);
    if (!e) return {};
    const auto fresh = client_.get(Resource::daemonsets, ns(), name());
    if (!fresh.ok()) return Error(fresh);
    written.doc = fresh.body;
  }
  return e;
}

}  // namespace controllers::daemonset
