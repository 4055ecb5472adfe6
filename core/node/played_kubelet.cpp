// The kubelets of the recordings: they wait for the scenario's events, or start and stop every pod by themselves.
// Models the oracle's kubelet.go startAndStopPods; its rounds of 60 ms become a delay of 60 ms for each pod.
#include <set>

#include "core/decision/rules.hpp"
#include "core/node/kubelet.hpp"
#include "core/node/machine.hpp"
#include "core/node/played_kubelet.hpp"
#include "core/node/pod_status.hpp"

namespace node {
namespace {
using api::Millis;
using api::Resource;
using decision::Rule;
using decision::View;

constexpr Millis roundTime = 60;

class PlayedKubelet : public decision::Cloned<PlayedKubelet> {
 public:
  PlayedKubelet(std::string_view node, bool automatic)
      : node_(node), name_("kubelet " + std::string(node)), automatic_(automatic) {}
  std::string_view name() const override { return name_; }
  std::string_view component() const override { return "kubelet"; }
  std::string_view node() const override { return node_; }
  bool watches(Resource r) const override {
    return r == Resource::pods || (automatic_ && r == Resource::persistentvolumeclaims);
  }
  bool watchesFacts() const override { return automatic_; }

  void observe(const store::Change& c, const View&, Millis now) override {
    if (c.resource == Resource::persistentvolumeclaims) {
      for (const std::string& key : waiting_) queue.addAfter(key, roundTime, now);
      return;
    }
    const std::string key = store::keyOf(c.object());
    if (c.after.isNull()) {
      waiting_.erase(key);
    } else if (const api::Pod pod = api::as<api::Pod>(c.after); automatic_ ? hasWork(pod) : isToBeRemoved(pod)) {
      queue.addAfter(key, automatic_ ? roundTime : 1, now);
    }
  }

  void observeFact(const store::FactChange& c, const View& view, Millis now) override {
    if (c.key != machineKey(node_) || !c.after.isNull()) return;
    for (const std::string& key : view.objects().podsOnNode(node_)) queue.addAfter(key, roundTime, now);
  }

  bool sync(const std::string& key, decision::Client& client) override {
    const api::Pod pod = client.view().getByKey<api::Pod>(key);
    const auto [ns, name] = store::splitKey(key);
    std::string error;
    if (!automatic_) {
      return !pod || !isToBeRemoved(pod) || removeEndedPod(client, ns, name, error) ||
             error.find("not found") != error.npos;
    }
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
  static bool hasWork(const api::Pod& pod) {
    if (pod.metadata().deletionTimestamp().empty()) return pod.status().phase() == "Pending";
    // A finalizer keeps a pod whose containers have ended; there is nothing more to do for it.
    return !hasEnded(pod) || pod.metadata().deletionGracePeriodSeconds() != 0;
  }
  /// What the event `terminated` leaves behind.
  static bool isToBeRemoved(const api::Pod& pod) {
    if (pod.metadata().deletionTimestamp().empty() || !hasEnded(pod) || !hasWork(pod)) return false;
    return pod.status().containerStatuses()[0].state().terminated().exitCode() == 0;
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
  std::set<std::string> waiting_;  ///< the pods whose claims are not bound
};
}  // namespace

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
