#include "core/controllers/replicaset.hpp"

#include <algorithm>
#include <map>

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/controllers/expectations.hpp"
#include "core/controllers/pod_control.hpp"
#include "core/controllers/refs.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using namespace api;
using decision::Client;
using decision::Rule;
using decision::View;
using decision::Why;

/// At most so many Pods are created or deleted in one sync.
constexpr int64_t burstReplicas = 500;

class ReplicaSetController : public decision::Cloned<ReplicaSetController> {
 public:
  std::string_view name() const override { return "replicaset"; }
  std::string_view component() const override { return "replicaset-controller"; }
  bool watches(Resource r) const override { return r == Resource::replicasets || r == Resource::pods; }
  void start(const View& view, Millis) override {
    expectations_ = {};
    consistency_ = {};
    view.each<ReplicaSet>("", [&](const ReplicaSet& rs) { queue.add(store::keyOf(rs.doc)); });
  }
  void observe(const store::Change&, const View&, Millis now) override;
  bool sync(const std::string& key, Client&) override;
  void remember(decision::Digest& out) const override {
    expectations_.remember(out);
    consistency_.remember(out);
  }

 private:
  void observePod(const store::Change&, const View&, Millis now);
  bool claimPods(const ReplicaSet&, Client&, std::vector<Pod>& active, int64_t& terminating);
  Error manageReplicas(const std::string& key, const ReplicaSet&, const std::vector<Pod>& active, Client&);
  Error createPods(const std::string& key, const ReplicaSet&, int64_t active, int64_t count, Client&);
  Error deletePods(const std::string& key, const ReplicaSet&, const std::vector<Pod>& active, int64_t count, Client&);
  Error updateStatus(const std::string& key, const ReplicaSet&, const ReplicaSetStatus&, Client&);

  Expectations expectations_;
  ConsistencyStore consistency_;
};

ReplicaSet ownerOf(const View& view, const Value& pod) {
  const ObjectMeta meta = Object{{pod}}.metadata();
  return resolveControllerRef<ReplicaSet>(view, meta.namespace_(), controllerOf(meta));
}

void ReplicaSetController::observe(const store::Change& c, const View& view, Millis now) {
  consistency_.observe(c);
  if (c.resource == Resource::pods) return observePod(c, view, now);
  const std::string key = store::keyOf(c.namespace_(), c.name());
  if (c.after.isNull()) {
    expectations_.forget(key);
    consistency_.clear(key);
  }
  queue.add(key);
}

// Models addPod, updatePod and deletePod. A Pod whose deletion begins counts as gone.
void ReplicaSetController::observePod(const store::Change& c, const View& view, Millis now) {
  if (c.after.isNull() || isTerminating({{c.after}})) {
    if (const ReplicaSet rs = ownerOf(view, c.object())) {
      const std::string key = store::keyOf(rs.doc);
      expectations_.deletionObserved(key, store::keyOf(c.object()));
      queue.add(key);
    }
    return;
  }
  const Value &before = c.before[key::metadata], &after = c.after[key::metadata];
  const bool refsChanged = !(before[key::ownerReferences] == after[key::ownerReferences]);
  if (!c.before.isNull() && refsChanged) {
    if (const ReplicaSet old = ownerOf(view, c.before)) queue.add(store::keyOf(old.doc));
  }
  if (const ReplicaSet rs = ownerOf(view, c.after)) {
    const std::string key = store::keyOf(rs.doc);
    if (c.before.isNull()) expectations_.creationObserved(key);
    queue.add(key);
    const int64_t minReadySeconds = rs.spec().minReadySeconds();
    if (minReadySeconds > 0 && isPodReady({{c.after}}) && !isPodReady({{c.before}}))
      queue.addAfter(key, minReadySeconds * 1000, now);
  } else if (!controllerOf(Pod{{c.after}}.metadata()) &&
             (c.before.isNull() || refsChanged || !(before[key::labels] == after[key::labels]))) {
    view.each<ReplicaSet>(c.namespace_(), [&](const ReplicaSet& r) {
      const LabelSelector selector = r.spec().selector();
      if (!isEmpty(selector) && matches(selector, Pod{{c.after}}.metadata().labels())) queue.add(store::keyOf(r.doc));
    });
  }
}

// Models getIndirectlyRelatedPods and getPodsRankedByRelatedPodsOnSameNode: how full the nodes are with active Pods of
// all ReplicaSets of the same owner.
std::map<std::string, int, std::less<>> relatedPodsOnNodes(const View& view, const ReplicaSet& rs) {
  std::map<std::string, int, std::less<>> out;
  const std::string_view owner = controllerOf(rs.metadata()).uid();
  std::map<std::string, bool, std::less<>> seen;
  for (const std::string& key : view.objects().controlledBy(Resource::replicasets, owner)) {
    const ReplicaSet related = view.getByKey<ReplicaSet>(key);
    if (owner.empty()) break;
    view.each<Pod>(related.metadata().namespace_(), [&](const Pod& pod) {
      if (!isPodActive(pod) || !matches(related.spec().selector(), pod.metadata().labels())) return;
      if (seen.emplace(pod.metadata().uid(), true).second) out[std::string(pod.spec().nodeName())]++;
    });
  }
  return out;
}

bool ReplicaSetController::sync(const std::string& key, Client& client) {
  if (!consistency_.ensureReady(key)) {
    client.wait(Why(Rule::WaitForOwnWrites, {{"owner", store::splitKey(key).second}}), "ReplicaSet/" + key);
    return false;
  }
  const ReplicaSet rs = client.view().getByKey<ReplicaSet>(key);
  if (!rs) {
    expectations_.forget(key);
    consistency_.clear(key);
    return true;
  }
  const bool needsSync = expectations_.satisfied(key, client.now());
  std::vector<Pod> active;
  int64_t terminating = 0;
  if (!claimPods(rs, client, active, terminating)) return false;
  Error manageError;
  if (needsSync && !rs.metadata().hasDeletionTimestamp()) manageError = manageReplicas(key, rs, active, client);

  const int64_t minReadySeconds = rs.spec().minReadySeconds();
  ReplicaSetStatus status = rs.status();
  if (!status) status.doc = Value::object({});
  int64_t fullyLabeled = 0, ready = 0, available = 0;
  const LabelSelector templateLabels{
      {Value::object({{key::matchLabels, rs.spec().template_().metadata().labels().doc}})}};
  for (const Pod& pod : active) {
    fullyLabeled += matches(templateLabels, pod.metadata().labels());
    ready += isPodReady(pod);
    available += isPodAvailable(pod, minReadySeconds, client.now());
  }
  auto set = [&](Key k, int64_t n) { n ? status.doc.set(k, n) : void(status.doc.erase(k)); };
  status.replicas(int64_t(active.size()));
  set(key::fullyLabeledReplicas, fullyLabeled);
  set(key::readyReplicas, ready);
  set(key::availableReplicas, available);
  status.terminatingReplicas(terminating);
  const bool failing = status.conditions().size() > 0;
  if (manageError && !failing) {
    const bool tooFew = int64_t(active.size()) < rs.spec().replicas();
    status.doc.set(key::conditions,
                   Value::array({Value::object({{key::lastTransitionTime, formatTime(client.now())},
                                                {key::message, manageError.message},
                                                {key::reason, tooFew ? "FailedCreate" : "FailedDelete"},
                                                {key::status, "True"},
                                                {key::type, "ReplicaFailure"}})}));
  } else if (!manageError && failing) {
    status.doc.erase(key::conditions);
  }
  if (updateStatus(key, rs, status, client) || manageError) return false;
  if (minReadySeconds > 0 && ready != available) {
    const Millis next = nextAvailabilityCheck(active, minReadySeconds, client.now());
    queue.addAfter(key, next >= 0 ? next : minReadySeconds * 1000, client.now());
  }
  return true;
}

// The active Pods that are its own, after adopting and releasing; Pods being deleted are only counted.
bool ReplicaSetController::claimPods(const ReplicaSet& rs, Client& client, std::vector<Pod>& active,
                                     int64_t& terminating) {
  const View& view = client.view();
  const std::string inNamespace = std::string(rs.metadata().namespace_()) + "/";
  std::vector<Pod> all;
  for (const std::string& key : view.objects().controlledBy(Resource::pods, rs.metadata().uid()))
    all.push_back(view.getByKey<Pod>(key));
  const auto& orphans = view.objects().controlledBy(Resource::pods, "");
  for (auto it = orphans.lower_bound(inNamespace); it != orphans.end() && it->starts_with(inNamespace); ++it)
    all.push_back(view.getByKey<Pod>(*it));

  ControllerRefManager manager(client, Resource::replicasets, {{rs.doc}});
  const LabelSelector selector = rs.spec().selector();
  bool fine = true;
  using enum ControllerRefManager::Claimed;
  for (const Pod& pod : all) {
    const bool member = matches(selector, pod.metadata().labels());
    if (isPodActive(pod)) {
      const auto claimed = manager.claimObject(Resource::pods, {{pod.doc}}, member, Rule::AdoptPod, Rule::ReleasePod);
      if (claimed == yes) active.push_back(pod);
      fine &= claimed != failed;
    } else if (member && isTerminating(pod) && !isPodTerminal(pod)) {
      terminating += controllerOf(pod.metadata()).uid() == rs.metadata().uid();
    }
  }
  return fine;
}

Error ReplicaSetController::manageReplicas(const std::string& key, const ReplicaSet& rs, const std::vector<Pod>& active,
                                           Client& client) {
  const int64_t diff = int64_t(active.size()) - rs.spec().replicas();
  if (diff < 0) return createPods(key, rs, int64_t(active.size()), std::min(-diff, burstReplicas), client);
  if (diff > 0) return deletePods(key, rs, active, std::min(diff, burstReplicas), client);
  return {};
}

// In batches of 1, 2, 4, …: where all would fail alike, few have been tried. Models slowStartBatch.
Error ReplicaSetController::createPods(const std::string& key, const ReplicaSet& rs, int64_t active, int64_t count,
                                       Client& client) {
  expectations_.expectCreations(key, count, client.now());
  const Pod pod = podFromTemplate(rs.spec().template_(), Resource::replicasets, {{rs.doc}});
  int64_t created = 0, done = 0;
  Error result;
  for (int64_t batch = 1; done < count && !result; batch *= 2) {
    for (const int64_t end = std::min(done + batch, count); done < end; ++done) {
      Value stored;
      const Why why(
          Rule::CreateReplicaSetPod,
          {{"replicaset", rs.metadata().name()}, {"active", active + created}, {"replicas", rs.spec().replicas()}});
      Error e = createPod(client, why, pod, {{rs.doc}}, stored);
      if (!e)
        ++created;
      else
        result = std::move(e);
      if (!stored.isNull()) consistency_.wroteAt(key, Resource::pods, stored);
    }
  }
  for (int64_t i = created; i < count; ++i) expectations_.creationObserved(key);
  return result;
}

Error ReplicaSetController::deletePods(const std::string& key, const ReplicaSet& rs, const std::vector<Pod>& active,
                                       int64_t count, Client& client) {
  std::vector<Pod> doomed = active;
  if (count < int64_t(active.size())) {
    const auto onNode = relatedPodsOnNodes(client.view(), rs);
    std::vector<std::pair<Pod, int>> ranked;
    for (const Pod& pod : active) {
      auto it = onNode.find(pod.spec().nodeName());
      ranked.emplace_back(pod, it == onNode.end() ? 0 : it->second);
    }
    doomed = sortedForDeletion(std::move(ranked), client.now());
  }
  doomed.resize(size_t(count));
  for (const Pod& pod : doomed) expectations_.expectDeletion(key, store::keyOf(pod.doc), client.now());
  Error result;
  for (const Pod& pod : doomed) {
    const Why why(Rule::DeleteReplicaSetPod, {{"pod", pod.metadata().name()},
                                              {"replicaset", rs.metadata().name()},
                                              {"active", int64_t(active.size())},
                                              {"replicas", rs.spec().replicas()}});
    bool notFound = false;
    Error e = deletePod(client, why, pod, {{rs.doc}}, notFound);
    if (!e) continue;
    expectations_.deletionObserved(key, store::keyOf(pod.doc));
    if (!notFound && !result) result = std::move(e);
  }
  return result;
}

// Models updateReplicaSetStatus: one retry with a live read.
Error ReplicaSetController::updateStatus(const std::string& key, const ReplicaSet& rs, const ReplicaSetStatus& status,
                                         Client& client) {
  ReplicaSetStatus wanted = status;
  const bool observed = rs.status().observedGeneration() == rs.metadata().generation();
  if (observed && status == rs.status()) return {};
  wanted.observedGeneration(rs.metadata().generation());
  ReplicaSet written = rs;
  Error e;
  for (int attempt = 0; attempt < 2; ++attempt) {
    written.status(wanted);
    const auto reply = client.updateStatus(
        Why(Rule::UpdateReplicaSetStatus,
            {{"replicaset", rs.metadata().name()}, {"replicas", wanted.replicas()}, {"ready", wanted.readyReplicas()}}),
        written);
    if (reply.ok()) consistency_.wroteAt(key, Resource::replicasets, reply.body);
    e = Error(reply);
    if (!e) return {};
    const auto fresh = client.get(Resource::replicasets, rs.metadata().namespace_(), rs.metadata().name());
    if (!fresh.ok()) return Error(fresh);
    written.doc = fresh.body;
  }
  return e;
}

}  // namespace

std::unique_ptr<decision::Controller> makeReplicaSetController(const Settings&) {
  return std::make_unique<ReplicaSetController>();
}

}  // namespace controllers
