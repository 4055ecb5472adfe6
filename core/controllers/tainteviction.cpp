#include "core/controllers/tainteviction.hpp"

#include <map>

#include "core/api/nodes.hpp"
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

constexpr Millis forever = -1;
// Upstream marks the pod and then deletes it; others who act on the same taint (the DaemonSet controller) come between.
constexpr Millis deletionDelay = 1;

/// Its work items: "node/<name>", "pod/<ns>/<name>", "evict/<ns>/<name>" once a toleration has ended, and
/// "delete/<ns>/<name>" for a pod that is marked.
class TaintEvictionController : public decision::Cloned<TaintEvictionController> {
 public:
  std::string_view name() const override { return "taint eviction"; }
  std::string_view component() const override { return "taint-eviction-controller"; }
  bool watches(Resource r) const override { return r == Resource::nodes || r == Resource::pods; }

  void observe(const store::Change& c, const View&, Millis) override {
    if (c.resource == Resource::nodes) {
      if (c.after.isNull()) {
        tainted_.erase(std::string(c.name()));
      } else if (!c.before.get({key::spec, key::taints}).same(c.after.get({key::spec, key::taints}))) {
        queue.add("node/" + std::string(c.name()));
      }
      return;
    }
    if (tainted_.empty() && evictions_.empty()) return;
    if (const auto it = evictions_.find(store::keyOf(c.object())); c.after.isNull() && it != evictions_.end()) {
      if (it->second.done) evictions_.erase(it);  // a pod of the same name starts anew
    }
    if (!c.before.isNull() && !c.after.isNull() &&
        c.before.get({key::spec, key::nodeName}).same(c.after.get({key::spec, key::nodeName})) &&
        c.before.get({key::spec, key::tolerations}) == c.after.get({key::spec, key::tolerations}))
      return;
    queue.add("pod/" + store::keyOf(c.object()));
  }

  bool sync(const std::string& item, decision::Client& client) override {
    const auto [kind, rest] = store::splitKey(item);
    const std::string object(rest);
    if (kind == "node") {
      handleNodeUpdate(object, client);
      return true;
    }
    if (kind == "evict") return evict(object, client);
    if (kind == "delete") return remove(object, client);
    const api::Pod pod = client.view().getByKey<api::Pod>(object);
    if (!pod) {
      cancelWorkWithEvent(object, client);
    } else if (const auto it = tainted_.find(pod.spec().nodeName()); it != tainted_.end()) {
      processPodOnNode(object, pod, it->first, it->second, client);
    }
    return true;
  }

 private:
  struct Eviction {
    Millis createdAt, fireAt;
    std::string taint;
    bool done = false;  ///< the pod was deleted; it stays here until it is gone, so that it is not deleted twice
  };

  void handleNodeUpdate(const std::string& name, decision::Client& client) {
    const api::Node node = client.view().get<api::Node>("", name);
    if (!node) {
      tainted_.erase(name);
      return;
    }
    std::vector<Value> taints;
    for (const Value& t : node.doc.get({key::spec, key::taints}).values()) {
      if (t[key::effect].asString() == "NoExecute") taints.push_back(t);
    }
    const bool none = taints.empty();
    const bool was = tainted_.erase(name) > 0;
    if (none && !was && evictions_.empty()) return;
    if (!none) tainted_.emplace(name, api::as<api::List<api::Taint>>(Value::array(std::move(taints))));
    const auto pods = client.view().objects().podsOnNode(name);
    for (const std::string& pod : pods) {
      if (none) {
        cancelWorkWithEvent(pod, client);
      } else {
        processPodOnNode(pod, client.view().getByKey<api::Pod>(pod), name, tainted_[name], client);
      }
    }
  }

  /// The shortest time that the pod tolerates all taints together; 0 where it does not tolerate one. `taint` gets the
  /// one that limits it.
  static Millis tolerationTime(const api::Pod& pod, const api::List<api::Taint>& taints, std::string& taint,
                               bool& tolerable) {
    Millis shortest = forever;
    const auto tolerations = pod.spec().tolerations();
    for (const api::Taint& t : taints) {
      bool tolerated = false;
      for (const api::Toleration& toleration : tolerations) {
        if (!api::toleratesTaint(toleration, t)) continue;
        tolerated = true;
        if (toleration.hasTolerationSeconds()) {
          const Millis time = std::max<Millis>(toleration.tolerationSeconds(), 0) * 1000;
          if (shortest == forever || time < shortest) shortest = time, taint = t.key();
        }
        break;  // the first that matches is the one in use (GetMatchingTolerations)
      }
      if (!tolerated) return taint = t.key(), tolerable = false, 0;
    }
    return shortest;
  }

  void processPodOnNode(const std::string& key, const api::Pod& pod, const std::string& node,
                        const api::List<api::Taint>& taints, decision::Client& client) {
    std::string taint;
    bool tolerated = true;
    const Millis time = tolerationTime(pod, taints, taint, tolerated), now = client.now();
    if (time == forever) return cancelWorkWithEvent(key, client);
    if (!tolerated) {
      cancelWorkWithEvent(key, client);
      evictions_[key] = {now, now, taint, false};
      if (!evict(key, client)) queue.addRateLimited("evict/" + key, now);
      return;
    }
    if (auto it = evictions_.find(key); it != evictions_.end() && it->second.done) return;
    Millis created = now;
    if (auto it = evictions_.find(key); it != evictions_.end()) {
      created = it->second.createdAt;
      if (created + time < now + time) return;
      cancelWorkWithEvent(key, client);
    }
    evictions_[key] = {created, now + time, taint, false};
    queue.addAfter("evict/" + key, time, now);
    client.wait({Rule::WaitForToleration,
                 {{"pod", pod.metadata().name()}, {"node", node}, {"taint", taint}, {"seconds", time / 1000}}},
                "Pod/" + key);
  }

  static Value podReference(const std::string& pod) {
    const auto [ns, name] = store::splitKey(pod);
    return Value::object({{key::kind, "Pod"}, {key::apiVersion, "v1"}, {key::name, name}, {key::namespace_, ns}});
  }

  void cancelWorkWithEvent(const std::string& pod, decision::Client& client) {
    const auto it = evictions_.find(pod);
    if (it == evictions_.end()) return;
    const bool done = it->second.done;
    evictions_.erase(it);
    if (done) return;
    client.event(podReference(pod), "Normal", "TaintManagerEviction", "Cancelling deletion of Pod " + pod);
  }

  static void sayEviction(const std::string& pod, decision::Client& client) {
    client.event(podReference(pod), "Normal", "TaintManagerEviction", "Marking for deletion Pod " + pod);
  }

  /// Models deletePodHandler and addConditionAndDeletePod. A timer that was cancelled finds nothing to do.
  bool evict(const std::string& key, decision::Client& client) {
    const auto it = evictions_.find(key);
    if (it == evictions_.end() || it->second.fireAt > client.now() || it->second.done) return true;
    const auto [ns, name] = store::splitKey(key);
    const apiserver::Response found = client.get(Resource::pods, ns, name);
    if (!found.ok()) {
      sayEviction(key, client);
      evictions_.erase(key);
      return true;
    }
    const api::Pod pod = api::as<api::Pod>(found.body);
    const auto conditions = pod.status().conditions();
    bool marked = false;
    for (const api::PodCondition& c : conditions) {
      marked |= c.type() == "DisruptionTarget" && c.status() == "True" && c.reason() == "DeletionByTaintManager";
    }
    if (!marked) {
      const auto patched =
          patchPodCondition(client, {Rule::MarkDisruptionTarget, {{"pod", name}}}, pod, "DisruptionTarget",
                            "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
      if (!patched.ok()) return patched.isNotFound();
    }
    sayEviction(key, client);
    it->second.done = true;
    queue.addAfter("delete/" + key, deletionDelay, client.now());
    return true;
  }

  bool remove(const std::string& key, decision::Client& client) {
    const auto it = evictions_.find(key);
    const api::Pod pod = client.view().getByKey<api::Pod>(key);
    if (it == evictions_.end() || !it->second.done || !pod) return true;
    const auto removed =
        client.remove({Rule::EvictByTaint,
                       {{"pod", pod.metadata().name()}, {"node", pod.spec().nodeName()}, {"taint", it->second.taint}}},
                      pod);
    return removed.ok() || removed.isNotFound();
  }

  void remember(decision::Digest& out) const override {
    for (const auto& [pod, e] : evictions_) out << pod << e.createdAt << e.fireAt << e.taint << e.done;
  }

  std::map<std::string, api::List<api::Taint>, std::less<>> tainted_;  ///< nodes with NoExecute taints
  std::map<std::string, Eviction, std::less<>> evictions_;             ///< pods whose time runs
};
}  // namespace

std::unique_ptr<decision::Controller> makeTaintEvictionController(const Settings&) {
  return std::make_unique<TaintEvictionController>();
}

}  // namespace controllers
