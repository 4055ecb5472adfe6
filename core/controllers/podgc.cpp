#include "core/controllers/podgc.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/controllers/node_util.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using api::Millis;
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;
namespace key = api::key;

constexpr Millis gcCheckPeriod = 20000, quarantineTime = 40000;
constexpr size_t terminatedPodThreshold = 12500;
constexpr std::string_view outOfService = "node.kubernetes.io/out-of-service";

/// Upstream looks at all pods every 20 s. Here the rounds run at the same times, but only while a pod may be of
/// interest, and look only at such pods.
class PodGCController : public decision::Cloned<PodGCController> {
 public:
  std::string_view name() const override { return "pod gc"; }
  std::string_view component() const override { return "pod-garbage-collector"; }
  bool watches(Resource r) const override { return r == Resource::nodes || r == Resource::pods; }

  void observe(const store::Change& c, const View& view, Millis now) override {
    if (c.resource == Resource::nodes) {
      if (c.before.isNull()) orphaned_.erase(std::string(c.name()));
      const auto& pods = view.objects().podsOnNode(c.name());
      if (c.after.isNull() && !pods.empty()) orphaned_.emplace(c.name());
      if (!pods.empty() && (c.after.isNull() || mayBeOutOfService(c.after))) roundLater(now);
      return;
    }
    const std::string pod = store::keyOf(c.object());
    const bool terminated = !c.after.isNull() && api::isPodTerminal(api::as<api::Pod>(c.after));
    if (!terminated) terminated_.erase(pod);
    if (terminated) terminated_.insert(pod);
    if (terminated_.size() > terminatedPodThreshold) roundLater(now);
    if (c.after.isNull()) {
      terminating_.erase(pod);
      return;
    }
    const std::string_view node = c.after.get({key::spec, key::nodeName}).asString();
    if (!c.after.get({key::metadata, key::deletionTimestamp}).isNull()) {
      terminating_.insert(pod);
      if (node.empty()) roundLater(now);
      if (const Value* n = view.objects().get(Resource::nodes, "", node); n && mayBeOutOfService(*n)) roundLater(now);
    }
    if (!node.empty() && c.before.get({key::spec, key::nodeName}).asString() != node &&
        !view.objects().get(Resource::nodes, "", node)) {
      orphaned_.insert(std::string(node));
      roundLater(now);
    }
  }

  void start(const View&, Millis now) override { phase_ = now % gcCheckPeriod; }
  void remember(decision::Digest& out) const override {
    out.all(orphaned_).pairs(quarantine_);
    for (const auto& [pod, marked] : deleting_) out << pod << marked.first << marked.second;
  }

  bool sync(const std::string& item, decision::Client& client) override {
    if (item != "gc") return deleteMarked(item, client);
    gcTerminated(client);
    gcTerminating(client);
    gcOrphaned(client);
    gcUnscheduledTerminating(client);
    return true;
  }

 private:
  /// Upstream's rounds count from the controller's start.
  void roundLater(Millis now) {
    queue.addAfter("gc", gcCheckPeriod - (now - phase_ + gcCheckPeriod) % gcCheckPeriod, now);
  }

  static bool mayBeOutOfService(const Value& node) {
    const api::Node n = api::as<api::Node>(node);
    return !isNodeReady(n) && taintKeyExists(n, outOfService);
  }

  void gcTerminated(decision::Client& client) {
    if (terminated_.size() <= terminatedPodThreshold) return;
    std::vector<std::tuple<bool, std::string, std::string, std::string>> pods;
    for (const std::string& key : terminated_) {
      const api::Pod pod = client.view().getByKey<api::Pod>(key);
      const bool evicted = pod.status().phase() == "Failed" && pod.status().reason() == "Evicted";
      pods.emplace_back(!evicted, pod.metadata().creationTimestamp(), pod.metadata().name(), key);
    }
    api::sort(pods);
    pods.resize(pods.size() - terminatedPodThreshold);
    for (const auto& [evicted, created, name, key] : pods) {
      markFailedAndDeletePod(client.view().getByKey<api::Pod>(key), Rule::GcTerminatedPod, {}, client);
    }
  }

  void gcTerminating(decision::Client& client) {
    const auto pods = terminating_;
    for (const std::string& key : pods) {
      const api::Pod pod = client.view().getByKey<api::Pod>(key);
      const api::Node node = client.view().get<api::Node>("", pod.spec().nodeName());
      if (!pod || !node || !mayBeOutOfService(node.doc)) continue;
      markFailedAndDeletePod(pod, Rule::GcOutOfServicePod, {}, client);
    }
  }

  void gcUnscheduledTerminating(decision::Client& client) {
    const auto pods = terminating_;
    for (const std::string& key : pods) {
      const api::Pod pod = client.view().getByKey<api::Pod>(key);
      if (pod && pod.spec().nodeName().empty()) markFailedAndDeletePod(pod, Rule::GcUnscheduledPod, {}, client);
    }
  }

  /// A node that is missing is first put in quarantine; the round after its end asks the API server once more.
  void gcOrphaned(decision::Client& client) {
    const Millis now = client.now();
    const auto nodes = orphaned_;
    for (const std::string& node : nodes) {
      const auto pods = client.view().objects().podsOnNode(node);
      if (pods.empty()) {
        orphaned_.erase(node);
        quarantine_.erase(node);
        continue;
      }
      const auto [it, fresh] = quarantine_.try_emplace(node, now + quarantineTime);
      if (fresh || it->second > now) {
        for (const std::string& key : pods) {
          client.wait({Rule::WaitForQuarantine, {{"pod", store::splitKey(key).second}, {"node", node}}}, "Pod/" + key);
        }
      } else {
        quarantine_.erase(it);
        if (client.get(Resource::nodes, "", node).isNotFound()) {
          for (const std::string& key : pods) {
            markFailedAndDeletePod(client.view().getByKey<api::Pod>(key), Rule::GcOrphanedPod,
                                   "PodGC: node no longer exists", client);
          }
        }
      }
      roundLater(now);
    }
  }

  /// Upstream deletes right after it has marked the pod; a StatefulSet that sees the failed pod is as quick, so the
  /// deletion comes a moment later here.
  void markFailedAndDeletePod(const api::Pod& pod, Rule rule, std::string_view message, decision::Client& client) {
    const decision::Why why(rule, {{"pod", pod.metadata().name()}, {"node", pod.spec().nodeName()}});
    const std::string key = store::keyOf(pod.doc);
    if (!api::isPodTerminal(pod)) {
      const bool marked = !message.empty();
      const auto patched = patchPodCondition(client, why, pod, marked ? "DisruptionTarget" : "",
                                             marked ? "DeletionByPodGC" : "", message, "Failed");
      if (!patched.ok()) return;
    }
    deleting_.insert_or_assign(key, std::pair(std::string(pod.metadata().uid()), rule));
    queue.addAfter(key, 1, client.now());
  }

  bool deleteMarked(const std::string& key, decision::Client& client) {
    const auto it = deleting_.find(key);
    if (it == deleting_.end()) return true;
    const auto [uid, rule] = it->second;
    deleting_.erase(it);
    const api::Pod pod = client.view().getByKey<api::Pod>(key);
    if (!pod || pod.metadata().uid() != uid) return true;
    apiserver::DeleteOptions options;
    options.gracePeriodSeconds = 0;
    options.uid = uid;
    client.remove({rule, {{"pod", pod.metadata().name()}, {"node", pod.spec().nodeName()}}}, pod, options);
    return true;
  }

  std::map<std::string, std::pair<std::string, Rule>, std::less<>> deleting_;  ///< marked pods: UID and reason
  std::set<std::string> orphaned_;                         ///< nodes that are gone and may have left pods
  std::map<std::string, Millis, std::less<>> quarantine_;  ///< until when
  std::set<std::string> terminating_, terminated_;
  Millis phase_ = 0;
};
}  // namespace

std::unique_ptr<decision::Controller> makePodGCController(const Settings&) {
  return std::make_unique<PodGCController>();
}

}  // namespace controllers
