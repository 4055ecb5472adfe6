// Models pkg/controller/volume/pvcprotection/pvc_protection_controller.go (v1.37). NOT MODELLED: generic ephemeral
// volumes.
#include "core/controllers/pvcprotection.hpp"

#include "core/api/pods.hpp"
#include "core/controllers/protection.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
using namespace api;
using decision::Client;
using decision::Rule;

namespace {
constexpr std::string_view finalizer = "kubernetes.io/pvc-protection";

PersistentVolumeClaimCondition unusedCondition(const PersistentVolumeClaim& claim) {
  for (const PersistentVolumeClaimCondition& c : claim.status().conditions()) {
    if (c.type() == "Unused") return c;
  }
  return {};
}

bool notRunning(const Value& statuses) {
  for (const Value& s : statuses.values()) {
    if (s[key::state].find(key::terminated) == nullptr && s[key::state].find(key::waiting) == nullptr) return false;
  }
  return true;
}

// Models pkg/volume/util IsPodTerminated: a pod that is to go and whose containers never ran counts as ended.
bool isPodTerminated(const Pod& pod) {
  if (isPodTerminal(pod)) return true;
  const Value& status = pod.doc[key::status];
  return isTerminating(pod) && notRunning(status[key::initContainerStatuses]) &&
         notRunning(status[key::containerStatuses]) && notRunning(status[key::ephemeralContainerStatuses]);
}

class PVCProtectionController : public decision::Cloned<PVCProtectionController> {
 public:
  explicit PVCProtectionController(const Settings& settings) : unusedCondition_(settings.claimUnusedCondition) {}
  std::string_view name() const override { return "pvc-protection"; }
  std::string_view component() const override { return "pvc-protection-controller"; }
  bool watches(Resource r) const override { return r == Resource::persistentvolumeclaims || r == Resource::pods; }

  void observe(const store::Change& change, const decision::View&, Millis) override {
    if (change.resource == Resource::pods) {
      enqueueClaims(as<Pod>(change.object()));
    } else if (!change.after.isNull()) {
      enqueue(as<PersistentVolumeClaim>(change.after));
    }
  }

  bool sync(const std::string& key, Client& client) override {
    const PersistentVolumeClaim claim = client.view().getByKey<PersistentVolumeClaim>(key);
    return !claim || processPVC(claim, client);
  }

  void start(const decision::View& view, Millis) override {
    view.each<PersistentVolumeClaim>({}, [&](const PersistentVolumeClaim& c) { enqueue(c); });
    view.each<Pod>({}, [&](const Pod& p) { enqueueClaims(p); });
  }

 private:
  void enqueue(const PersistentVolumeClaim& claim) {
    const ObjectMeta meta = claim.metadata();
    if ((unusedCondition_ && !unusedCondition(claim)) || needToAddFinalizer(meta, finalizer) ||
        isDeletionCandidate(meta, finalizer))
      queue.add(store::keyOf(claim.doc));
  }
  void enqueueClaims(const Pod& pod) {
    for (const Volume& v : pod.spec().volumes()) {
      if (v.hasPersistentVolumeClaim())
        queue.add(store::keyOf(pod.metadata().namespace_(), v.persistentVolumeClaim().claimName()));
    }
  }

  bool processPVC(const PersistentVolumeClaim& claim, Client& client) {
    const ObjectMeta meta = claim.metadata();
    const Value name = meta.name();
    if (unusedCondition_ && !meta.hasDeletionTimestamp() && claim.status().phase() == "Bound") {
      if (!updateUnusedCondition(claim, client)) return false;
    }
    if (isDeletionCandidate(meta, finalizer)) {
      const Pod user = userOf(claim, client, [](const Pod& p) { return isScheduled(p); });
      if (!user) {
        const Rule rule = Rule::UnprotectClaim;
        return client.update({rule, {{"claim", name}}}, withoutFinalizer(claim, finalizer)).ok();
      }
      client.wait({Rule::ClaimIsInUse, {{"claim", name}, {"pod", user.metadata().name()}}},
                  "PersistentVolumeClaim/" + store::keyOf(claim.doc));
    }
    if (needToAddFinalizer(meta, finalizer))
      return client.update({Rule::ProtectClaim, {{"claim", name}}}, withFinalizer(claim, finalizer)).ok();
    return true;
  }

  bool updateUnusedCondition(const PersistentVolumeClaim& claim, Client& client) {
    const PersistentVolumeClaimCondition existing = unusedCondition(claim);
    const Pod user = userOf(claim, client, [](const Pod& p) { return !isPodTerminated(p); });
    const Value name = claim.metadata().name();
    if (user && (!existing || existing.status() == "True")) {
      return setUnusedCondition(claim, "False", "PodUsingPVC", "A pod is currently referencing this PVC", client,
                                {Rule::ClaimIsUsedByPod, {{"claim", name}, {"pod", user.metadata().name()}}});
    }
    if (!user && (!existing || existing.status() != "True")) {
      return setUnusedCondition(claim, "True", "NoPodsUsingPVC", "No pods are currently referencing this PVC", client,
                                {Rule::ClaimIsUnused, {{"claim", name}}});
    }
    return true;
  }

  static bool setUnusedCondition(PersistentVolumeClaim claim, std::string_view status, std::string_view reason,
                                 std::string_view message, Client& client, const decision::Why& why) {
    std::vector<Value> conditions;
    for (const PersistentVolumeClaimCondition& c : claim.status().conditions()) {
      if (c.type() != "Unused") conditions.push_back(c.doc);
    }
    conditions.push_back(Value::object({{key::lastProbeTime, Value()},
                                        {key::lastTransitionTime, formatTime(client.now())},
                                        {key::message, message},
                                        {key::reason, reason},
                                        {key::status, status},
                                        {key::type, "Unused"}}));
    claim.doc.set({key::status, key::conditions}, Value::array(std::move(conditions)));
    return client.updateStatus(why, claim).ok();
  }

  /// A pod that names the claim and is as `counts` says; an empty view where there is none.
  template <class F>
  static Pod userOf(const PersistentVolumeClaim& claim, Client& client, F&& counts) {
    const ObjectMeta meta = claim.metadata();
    for (const std::string& key : client.view().objects().podsOfClaim(meta.namespace_(), meta.name())) {
      const Pod pod = client.view().getByKey<Pod>(key);
      if (pod && counts(pod)) return pod;
    }
    return {};
  }

  bool unusedCondition_;
};
}  // namespace

std::unique_ptr<decision::Controller> makePVCProtectionController(const Settings& settings) {
  return std::make_unique<PVCProtectionController>(settings);
}

}  // namespace controllers
