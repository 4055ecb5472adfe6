// The history of a DaemonSet's template. Models pkg/controller/daemon/update.go constructHistory and
// cleanupHistory (v1.37).
#include <algorithm>
#include <set>

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/controllers/daemonset_control.hpp"
#include "core/controllers/pod_template_hash.hpp"
#include "core/controllers/revisions.hpp"
#include "core/decision/rules.hpp"

namespace controllers::daemonset {
using namespace api;
using apiserver::PatchType;
using decision::Rule;
using decision::Why;

namespace {
std::string_view hashOf(const ControllerRevision& r) { return r.metadata().labels()[key::revisionHashLabel]; }
}  // namespace

Error DaemonSetControl::controlledHistories(std::vector<ControllerRevision>& out) {
  std::vector<ControllerRevision> all;
  client_.view().each<ControllerRevision>(ns(), [&](const ControllerRevision& r) { all.push_back(r); });
  ControllerRefManager manager(client_, Resource::daemonsets, {{ds_.doc}});
  using enum ControllerRefManager::Claimed;
  for (const ControllerRevision& r : all) {
    const bool member = matches(ds_.spec().selector(), r.metadata().labels());
    const auto claimed = manager.claimObject(Resource::controllerrevisions, {{r.doc}}, member,
                                             Rule::AdoptControllerRevision, Rule::ReleaseControllerRevision);
    if (claimed == failed) return Error("cannot claim ControllerRevision " + std::string(r.metadata().name()));
    if (claimed == yes) out.push_back(r);
  }
  return {};
}

Error DaemonSetControl::constructHistory() {
  std::vector<ControllerRevision> histories, current;
  if (Error e = controlledHistories(histories)) return e;
  const Value data = templatePatch(ds_.spec().template_());
  int64_t newest = 0;
  for (ControllerRevision& r : histories) {
    if (hashOf(r).empty()) {
      r.doc.set({key::metadata, key::labels, key::revisionHashLabel}, r.metadata().name());
      const auto reply =
          client_.update(Why(Rule::LabelControllerRevision, {{"revision", r.metadata().name()}, {"owner", name()}}), r);
      if (!reply.ok()) return Error(reply);
      r.doc = reply.body;
    }
    if (r.doc[key::data] == data) {
      current.push_back(r);
    } else {
      newest = std::max(newest, r.revision());
      oldHistories_.push_back(r);
    }
  }
  if (current.empty()) return snapshot(data, newest + 1);
  ControllerRevision& kept = *std::max_element(
      current.begin(), current.end(),
      [](const ControllerRevision& a, const ControllerRevision& b) { return a.revision() <= b.revision(); });
  hash_ = hashOf(kept);
  if (current.size() > 1) {
    if (Error e = dedupCurHistories(current)) return e;
  }
  if (kept.revision() > newest) return {};
  return History(client_, {{ds_.doc}}).renumber(kept, newest + 1);
}

// Several revisions hold the present template: the Pods get the label of the one that is kept, the others go.
Error DaemonSetControl::dedupCurHistories(std::vector<ControllerRevision> current) {
  std::vector<Pod> pods;
  if (Error e = getDaemonPods(pods)) return e;
  for (const Pod& pod : pods) {
    if (pod.metadata().labels()[key::revisionHashLabel] == hash_) continue;
    Value patch;
    patch.set({key::metadata, key::labels, key::revisionHashLabel}, hash_);
    const Why why(Rule::RelabelDaemonPod, {{"pod", pod.metadata().name()}, {"revision", hash_}});
    const auto reply = client_.patch(why, Resource::pods, ns(), pod.metadata().name(), PatchType::merge, patch);
    if (!reply.ok()) return Error(reply);
  }
  for (const ControllerRevision& r : current) {
    if (hashOf(r) == hash_) continue;
    if (Error e = History(client_, {{ds_.doc}}).remove(r, ds_.spec().revisionHistoryLimit())) return e;
  }
  return {};
}

Error DaemonSetControl::snapshot(const Value& data, int64_t revision) {
  const int64_t collisions = ds_.status().collisionCount();
  hash_ = computeHash(ds_.spec().template_(), ds_.status().hasCollisionCount() ? &collisions : nullptr);
  ObjectMeta meta;
  StringMap labels = ds_.spec().template_().metadata().labels();
  labels.set(key::revisionHashLabel, hash_);
  if (ds_.metadata().hasAnnotations()) meta.annotations(ds_.metadata().annotations());
  meta.labels(std::move(labels));
  meta.name(std::string(name()) + "-" + hash_);
  meta.namespace_(ns());
  meta.ownerReferences({{Value::array({newControllerRef("apps/v1", "DaemonSet", ds_.metadata()).doc})}});
  const ControllerRevision wanted{{Value::object({{key::apiVersion, "apps/v1"},
                                                  {key::kind, "ControllerRevision"},
                                                  {key::metadata, meta.doc},
                                                  {key::data, data},
                                                  {key::revision, revision}})}};
  const auto reply = client_.create(
      Why(Rule::CreateControllerRevision, {{"revision", meta.name()}, {"owner", name()}, {"number", revision}}),
      wanted);
  if (!reply.isAlreadyExists()) return Error(reply);
  const auto present = client_.get(Resource::controllerrevisions, ns(), meta.name());
  if (!present.ok()) return Error(present);
  if (present.body[key::data] == data) return {};
  // Another template with the same hash: count it, and try again under another name.
  const auto fresh = client_.get(Resource::daemonsets, ns(), name());
  if (!fresh.ok()) return Error(fresh);
  DaemonSet ds{{fresh.body}};
  if (!(ds.status().doc[key::collisionCount] == ds_.status().doc[key::collisionCount]))
    return Error("stale collision count");
  ds.doc.set({key::status, key::collisionCount}, collisions + 1);
  const auto counted = client_.updateStatus(Why(Rule::CountHashCollision, {{"deployment", name()}}), ds);
  return Error(counted.ok() ? reply : counted);
}

Error DaemonSetControl::cleanupHistory() {
  PodsByNode byNode;
  if (Error e = getNodesToDaemonPods(byNode, true)) return e;
  const int64_t limit = ds_.spec().revisionHistoryLimit();
  int64_t toKill = int64_t(oldHistories_.size()) - limit;
  if (toKill <= 0) return {};
  std::set<std::string, std::less<>> live;
  for (const auto& [node, pods] : byNode) {
    for (const Pod& pod : pods) live.emplace(pod.metadata().labels()[key::revisionHashLabel]);
  }
  api::sort(oldHistories_, [](const auto& a, const auto& b) { return a.revision() < b.revision(); });
  for (const ControllerRevision& r : oldHistories_) {
    if (toKill <= 0) break;
    if (live.contains(hashOf(r))) continue;
    if (Error e = History(client_, {{ds_.doc}}).remove(r, limit)) return e;
    toKill--;
  }
  return {};
}

}  // namespace controllers::daemonset
