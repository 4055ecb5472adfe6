// The kubelets of the recordings: they wait for the scenario's events, or start and stop every pod by themselves.
// Models the oracle's kubelet.go startAndStopPods; its rounds of 60 ms become a delay of 60 ms for each pod.
#include <set>

#include "core/decision/rules.hpp"
#include "core/node/client.hpp"
#include "core/node/kubelet.hpp"
#include "core/node/machine.hpp"
#include "core/node/played_kubelet.hpp"
#include "core/node/pod_status.hpp"

namespace node {
namespace {
using api::Millis;
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;

constexpr Millis roundTime = 60, podTime = 12;
constexpr std::string_view endedPrefix = "ended/";

class PlayedKubelet : public Agent {
 public:
  std::unique_ptr<decision::Controller> clone() const override { return std::make_unique<PlayedKubelet>(*this); }
  PlayedKubelet(std::string_view node, bool automatic)
      : node_(node), name_("kubelet " + std::string(node)), automatic_(automatic) {}
  std::string_view name() const override { return name_; }
  std::string_view component() const override { return "kubelet"; }
  std::string_view node() const override { return node_; }
  bool watches(Resource r) const override {
    return r == Resource::pods || (automatic_ && r == Resource::persistentvolumeclaims);
  }
  bool watchesFacts() const override { return true; }

  void observe(const store::Change& c, const View&, Millis now) override {
    if (c.resource == Resource::persistentvolumeclaims) {
      for (const std::string& key : waiting_) queue.addAfter(key, roundTime, now);
      return;
    }
    const std::string key = store::keyOf(c.object());
    if (c.after.isNull()) {
      waiting_.erase(key);
    } else if (automatic_ && hasWork(api::as<api::Pod>(c.after))) {
      addInTurn(key, now);
    }
  }

  void observeFact(const store::FactChange& c, const View& view, Millis now) override {
    if (!automatic_) {
      if (c.key.compare(0, endedPrefix.size(), endedPrefix) == 0 && !c.after.isNull())
        queue.addAfter(c.after.asString(), 1, now);
      return;
    }
    if (c.key != machineKey(node_) || !c.after.isNull()) return;
    for (const std::string& key : view.objects().podsOnNode(node_)) queue.addAfter(key, roundTime, now);
  }

  /// Its pods change by the scenario's word alone: nothing runs in them.
  apiserver::Response connect(const api::Value&, std::string_view, const api::Value&, NodeClient&) override {
    apiserver::Response r;
    r.code = 404;
    r.body =
        api::Value::object({{api::key::kind, "Status"},
                            {api::key::status, "Failure"},
                            {api::key::message, "nothing runs in the pods of this cluster: its kubelets are played"},
                            {api::key::reason, "NotFound"},
                            {api::key::code, 404}});
    return r;
  }

  void remember(decision::Digest& out) const override { out.all(waiting_) << state_.index << state_.lastAddress; }
  bool sync(const std::string& key, decision::Client& client) override {
    const api::Pod pod = client.view().getByKey<api::Pod>(key);
    const auto [ns, name] = store::splitKey(key);
    std::string error;
    if (!automatic_) return removeWhereEnded(pod, key, client);
    if (!pod || !hasWork(pod) || isSilent(client.facts(), node_)) return true;
    if (state_.index == 0) state_.index = nodeIndex(client.view().get<api::Node>("", node_));
    if (!pod.metadata().deletionTimestamp().empty()) {
      if (hasEnded(pod)) { return removeEndedPod(client, ns, name, error) || error.find("not found") != error.npos; }
      if (!kubeletEvent(client, state_, ns, name, "terminated", error)) return error.find("not found") != error.npos;
      queue.addAfter(key, 1, client.now());
      return true;
    }
    if (!volumesBound(key, pod, client)) return true;
    return kubeletEvent(client, state_, ns, name, "running", error) &&
           kubeletEvent(client, state_, ns, name, "ready", error);
  }

 private:
  /// One pod after the other: the controllers have answered to the first one's change before the next one's comes.
  void addInTurn(const std::string& key, Millis now) {
    last_ = std::max(now + roundTime, last_ + podTime);
    queue.addAfter(key, last_ - now, now);
  }
  static bool hasWork(const api::Pod& pod) {
    if (pod.metadata().deletionTimestamp().empty()) return pod.status().phase() == "Pending";
    // A finalizer keeps a pod whose containers have ended; there is nothing more to do for it.
    return !hasEnded(pod) || pod.metadata().deletionGracePeriodSeconds() != 0;
  }
  /// What follows the event `terminated`, on the pod's own node.
  bool removeWhereEnded(const api::Pod& pod, const std::string& key, decision::Client& client) {
    const std::string fact = endedKey(pod.metadata().uid());
    if (!pod || pod.spec().nodeName() != node_ || client.facts().get(fact).isNull()) return true;
    const auto [ns, name] = store::splitKey(key);
    std::string error;
    if (!removeEndedPod(client, ns, name, error) && error.find("not found") == error.npos) return false;
    client.setFact({Rule::PodRemoved, {{"pod", name}, {"node", node_}, {"object", "Pod/" + key}}}, fact, Value(),
                   "Pod/" + key);
    return true;
  }
  static bool hasEnded(const api::Pod& pod) {
    const auto containers = pod.status().containerStatuses();
    return !containers.empty() && containers[0].state().has(api::key::terminated);
  }

  bool volumesBound(const std::string& key, const api::Pod& pod, decision::Client& client) {
    for (const api::Volume& v : pod.spec().volumes()) {
      if (!v.hasPersistentVolumeClaim()) continue;
      const std::string_view claim = v.persistentVolumeClaim().claimName();
      const auto pvc = client.view().get<api::PersistentVolumeClaim>(pod.metadata().namespace_(), claim);
      if (pvc && pvc.status().phase() == "Bound") continue;
      waiting_.insert(key);
      client.wait({Rule::WaitForVolumeMount, {{"pod", pod.metadata().name()}, {"claim", claim}}}, "Pod/" + key);
      return false;
    }
    waiting_.erase(key);
    return true;
  }

  std::string node_, name_;
  bool automatic_;
  NodeState state_;
  Millis last_ = 0;                ///< when the last pod's turn is
  std::set<std::string> waiting_;  ///< the pods whose claims are not bound
};
}  // namespace

std::string endedKey(std::string_view uid) { return std::string(endedPrefix) + std::string(uid); }

int64_t nodeIndex(const api::Node& n) {
  const std::string_view address = hostAddress(n);
  int64_t index = 0;
  for (char c : address.substr(address.rfind('.') + 1)) {
    if (c >= '0' && c <= '9') index = index * 10 + (c - '0');
  }
  return index ? index % 256 : 1;
}

std::unique_ptr<decision::Controller> makePlayedKubelet(std::string_view nodeName, bool automatic) {
  return std::make_unique<PlayedKubelet>(nodeName, automatic);
}

}  // namespace node
