#include "core/controllers/daemonset.hpp"

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/controllers/daemonset_control.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using namespace api;
using daemonset::Fit;
using decision::Client;
using decision::Rule;
using decision::View;
using decision::Why;

/// Work items about a node that changed; all others are DaemonSets.
constexpr std::string_view nodeItem = "node:";

class DaemonSetController : public decision::Cloned<DaemonSetController> {
 public:
  std::string_view name() const override { return "daemonset"; }
  std::string_view component() const override { return "daemonset-controller"; }
  bool watches(Resource r) const override {
    return r == Resource::daemonsets || r == Resource::pods || r == Resource::nodes ||
           r == Resource::controllerrevisions;
  }
  void start(const View& view, Millis) override {
    memory_ = {};
    view.each<DaemonSet>("", [&](const DaemonSet& ds) { enqueue(ds); });
  }
  void observe(const store::Change&, const View&, Millis now) override;
  bool sync(const std::string& key, Client&) override;
  void remember(decision::Digest& out) const override {
    memory_.expectations.remember(out);
    memory_.consistency.remember(out);
    memory_.backoff.remember(out);
  }

 private:
  void enqueue(const DaemonSet& ds) { queue.add(store::keyOf(ds.doc)); }
  void enqueueMatching(const View&, const Value& object);
  void observePod(const store::Change&, const View&, Millis now);
  void observeHistory(const store::Change&, const View&);
  void observeNode(const store::Change&);
  bool syncNodeUpdate(std::string_view node, Client&);

  daemonset::Memory memory_;
};

DaemonSet ownerOf(const View& view, const Value& object) {
  const ObjectMeta meta = Object{{object}}.metadata();
  return resolveControllerRef<DaemonSet>(view, meta.namespace_(), controllerOf(meta));
}

void DaemonSetController::observe(const store::Change& c, const View& view, Millis now) {
  memory_.consistency.observe(c);
  if (c.resource == Resource::pods) return observePod(c, view, now);
  if (c.resource == Resource::nodes) return observeNode(c);
  if (c.resource == Resource::controllerrevisions) return observeHistory(c, view);
  const std::string key = store::keyOf(c.namespace_(), c.name());
  if (c.after.isNull()) {
    memory_.expectations.forget(key);
    memory_.consistency.clear(key);
  }
  queue.add(key);
}

void DaemonSetController::enqueueMatching(const View& view, const Value& object) {
  const ObjectMeta meta = Object{{object}}.metadata();
  view.each<DaemonSet>(meta.namespace_(), [&](const DaemonSet& ds) {
    if (!isEmpty(ds.spec().selector()) && matches(ds.spec().selector(), meta.labels())) enqueue(ds);
  });
}

namespace {
bool refsChanged(const store::Change& c) {
  return !(c.before[key::metadata][key::ownerReferences] == c.after[key::metadata][key::ownerReferences]);
}
bool labelsChanged(const store::Change& c) {
  return !(c.before[key::metadata][key::labels] == c.after[key::metadata][key::labels]);
}
}  // namespace

void DaemonSetController::observePod(const store::Change& c, const View& view, Millis now) {
  if (c.after.isNull() || isTerminating({{c.after}})) {
    if (const DaemonSet ds = ownerOf(view, c.object())) {
      memory_.expectations.deletionObserved(store::keyOf(ds.doc), store::keyOf(c.object()));
      enqueue(ds);
    }
    return;
  }
  if (!c.before.isNull() && refsChanged(c)) {
    if (const DaemonSet old = ownerOf(view, c.before)) enqueue(old);
  }
  if (const DaemonSet ds = ownerOf(view, c.after)) {
    if (c.before.isNull()) memory_.expectations.creationObserved(store::keyOf(ds.doc));
    enqueue(ds);
    const int64_t minReadySeconds = ds.spec().minReadySeconds();
    if (minReadySeconds > 0 && isPodReady({{c.after}}) && !isPodReady({{c.before}}))
      queue.addAfter(store::keyOf(ds.doc), (minReadySeconds + 1) * 1000, now);
  } else if (!controllerOf(Pod{{c.after}}.metadata()) && (c.before.isNull() || refsChanged(c) || labelsChanged(c))) {
    enqueueMatching(view, c.after);
  }
}

// A new revision of its own wakes no DaemonSet; a changed or removed one does.
void DaemonSetController::observeHistory(const store::Change& c, const View& view) {
  if (!c.before.isNull() && (refsChanged(c) || c.after.isNull())) {
    if (const DaemonSet old = ownerOf(view, c.before)) enqueue(old);
  }
  if (c.after.isNull()) return;
  if (const DaemonSet ds = ownerOf(view, c.after)) {
    if (!c.before.isNull()) enqueue(ds);
  } else if (!controllerOf(Object{{c.after}}.metadata()) && (c.before.isNull() || refsChanged(c) || labelsChanged(c))) {
    enqueueMatching(view, c.after);
  }
}

// Only labels and taints decide where daemon Pods run. The removal of a node is not watched.
void DaemonSetController::observeNode(const store::Change& c) {
  if (c.after.isNull()) return;
  if (!labelsChanged(c) && c.before[key::spec][key::taints] == c.after[key::spec][key::taints] && !c.before.isNull())
    return;
  queue.add(std::string(nodeItem) + std::string(c.name()));
}

bool DaemonSetController::syncNodeUpdate(std::string_view nodeName, Client& client) {
  const View& view = client.view();
  const Node node = view.getByKey<Node>(nodeName);
  if (!node) return true;
  view.each<DaemonSet>("", [&](const DaemonSet& ds) {
    const Fit fit =
        daemonset::nodeShouldRunDaemonPod(node, daemonset::withDaemonTolerations(ds.spec().template_().spec()));
    bool scheduled = false;
    for (const std::string& key : view.objects().podsOnNode(nodeName)) {
      const ObjectMeta pod = view.getByKey<Pod>(key).metadata();
      const OwnerReference ref = controllerOf(pod);
      scheduled |= ref.kind() == "DaemonSet" && ref.name() == ds.metadata().name() &&
                   pod.namespace_() == ds.metadata().namespace_();
    }
    if ((fit == Fit::runs && !scheduled) || (fit == Fit::none && scheduled) ||
        (scheduled && ds.status().numberMisscheduled() > 0))
      enqueue(ds);
  });
  return true;
}

bool DaemonSetController::sync(const std::string& key, Client& client) {
  if (key.starts_with(nodeItem)) return syncNodeUpdate(std::string_view(key).substr(nodeItem.size()), client);
  if (!memory_.consistency.ensureReady(key)) {
    client.wait(Why(Rule::WaitForOwnWrites, {{"owner", store::splitKey(key).second}}), "DaemonSet/" + key);
    return false;
  }
  const DaemonSet ds = client.view().getByKey<DaemonSet>(key);
  if (!ds) {
    memory_.expectations.forget(key);
    memory_.consistency.clear(key);
    return true;
  }
  return !daemonset::DaemonSetControl(client, queue, memory_, ds).sync();
}

}  // namespace

std::unique_ptr<decision::Controller> makeDaemonSetController(const Settings&) {
  return std::make_unique<DaemonSetController>();
}

}  // namespace controllers
