#include "core/controllers/deployment.hpp"

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/controllers/deployment_control.hpp"
#include "core/controllers/refs.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using namespace api;
using decision::Client;
using decision::Rule;
using decision::View;

/// So often a failing Deployment is tried again before it waits for a change.
constexpr int maxRetries = 15;

class DeploymentController : public decision::Cloned<DeploymentController> {
 public:
  std::string_view name() const override { return "deployment"; }
  std::string_view component() const override { return "deployment-controller"; }
  bool watches(Resource r) const override {
    return r == Resource::deployments || r == Resource::replicasets || r == Resource::pods;
  }
  void start(const View& view, Millis) override {
    view.each<Deployment>("", [&](const Deployment& d) { queue.add(store::keyOf(d.doc)); });
  }
  void observe(const store::Change&, const View&, Millis now) override;
  bool sync(const std::string& key, Client&) override;

 private:
  void observeReplicaSet(const store::Change&, const View&);
  bool claimReplicaSets(const Deployment&, Client&, std::vector<ReplicaSet>& own);
};

Deployment ownerOf(const View& view, const Value& rs) {
  const ObjectMeta meta = Object{{rs}}.metadata();
  return resolveControllerRef<Deployment>(view, meta.namespace_(), controllerOf(meta));
}

void DeploymentController::observe(const store::Change& c, const View& view, Millis) {
  if (c.resource == Resource::deployments) return queue.add(store::keyOf(c.namespace_(), c.name()));
  if (c.resource == Resource::replicasets) return observeReplicaSet(c, view);
  // Of Pods only the removal counts, and only for Recreate: it waits for old Pods to be gone.
  if (!c.after.isNull()) return;
  const ObjectMeta meta = Pod{{c.before}}.metadata();
  const ReplicaSet rs = resolveControllerRef<ReplicaSet>(view, meta.namespace_(), controllerOf(meta));
  const Deployment d = rs ? ownerOf(view, rs.doc) : Deployment();
  if (d && d.spec().strategy().type() == "Recreate") queue.add(store::keyOf(d.doc));
}

// Models addReplicaSet, updateReplicaSet and deleteReplicaSet.
void DeploymentController::observeReplicaSet(const store::Change& c, const View& view) {
  const Value &before = c.before[key::metadata], &after = c.after[key::metadata];
  const bool refsChanged = !(before[key::ownerReferences] == after[key::ownerReferences]);
  if (!c.before.isNull() && (refsChanged || c.after.isNull())) {
    if (const Deployment d = ownerOf(view, c.before)) queue.add(store::keyOf(d.doc));
  }
  if (c.after.isNull()) return;
  const ReplicaSet rs{{c.after}};
  if (const Deployment d = ownerOf(view, c.after)) {
    queue.add(store::keyOf(d.doc));
  } else if (!controllerOf(rs.metadata()) && !rs.metadata().hasDeletionTimestamp() &&
             (c.before.isNull() || refsChanged || !(before[key::labels] == after[key::labels]))) {
    view.each<Deployment>(c.namespace_(), [&](const Deployment& d) {
      const LabelSelector selector = d.spec().selector();
      if (!isEmpty(selector) && matches(selector, rs.metadata().labels())) queue.add(store::keyOf(d.doc));
    });
  }
}

bool DeploymentController::sync(const std::string& key, Client& client) {
  const Deployment d = client.view().getByKey<Deployment>(key);
  if (!d) return true;
  std::vector<ReplicaSet> own;
  const bool fine =
      claimReplicaSets(d, client, own) && !deployment::DeploymentControl(client, queue, d, std::move(own)).sync();
  return fine || queue.numRequeues(key) >= maxRetries;
}

bool DeploymentController::claimReplicaSets(const Deployment& d, Client& client, std::vector<ReplicaSet>& own) {
  ControllerRefManager manager(client, Resource::deployments, {{d.doc}});
  std::vector<ReplicaSet> all;
  client.view().each<ReplicaSet>(d.metadata().namespace_(), [&](const ReplicaSet& rs) { all.push_back(rs); });
  using enum ControllerRefManager::Claimed;
  bool fine = true;
  for (const ReplicaSet& rs : all) {
    const bool member = matches(d.spec().selector(), rs.metadata().labels());
    const auto claimed =
        manager.claimObject(Resource::replicasets, {{rs.doc}}, member, Rule::AdoptReplicaSet, Rule::ReleaseReplicaSet);
    if (claimed == yes) own.push_back(rs);
    fine &= claimed != failed;
  }
  return fine;
}

}  // namespace

std::unique_ptr<decision::Controller> makeDeploymentController(const Settings&) {
  return std::make_unique<DeploymentController>();
}

}  // namespace controllers
