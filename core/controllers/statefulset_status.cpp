// The end of a StatefulSet's sync: its status and its history.
#include <algorithm>
#include <set>

#include "core/controllers/statefulset_control.hpp"
#include "core/decision/rules.hpp"

namespace controllers::statefulset {
using namespace api;
using decision::Rule;
using decision::Why;

StatefulSetControl::Counts StatefulSetControl::computeReplicaStatus() const {
  Counts c;
  c.replicas = pods_.created();
  c.ready = c.available = pods_.ready();
  c.current = pods_.ofRevision(currentKey_);
  c.updated = pods_.ofRevision(updateKey_);
  if (minReadySeconds_ == 0) return c;
  c.available = 0;
  for (const Replica& r : pods_.all()) {
    const bool counts = r.member && r.ordinal >= 0 && isRunningAndReady(r);
    c.available += counts && isRunningAndAvailable(r, minReadySeconds_, now_);
  }
  return c;
}

// Models updateStatefulSetStatus, completeUpdate, inconsistentStatus and the status updater's retry.
Error StatefulSetControl::updateStatefulSetStatus(Counts c) {
  counts_ = c;
  const int64_t wanted = set_.spec().replicas();
  const bool complete = c.updated == wanted && c.ready == wanted && c.replicas == wanted;
  const StatefulSetStatus before = set_.status();
  if (complete) c.current = c.updated;
  const ControllerRevision& current = complete ? updateRevision_ : currentRevision_;
  std::vector<std::pair<Key, Value>> members;
  members.reserve(10);
  const auto unlessZero = [&](Key k, int64_t n) {
    if (n != 0) members.emplace_back(k, n);
  };
  members.emplace_back(key::availableReplicas, c.available);
  members.emplace_back(key::collisionCount, collisionCount_);
  if (!before.conditions().empty()) members.emplace_back(key::conditions, before.conditions().doc);
  unlessZero(key::currentReplicas, c.current);
  members.emplace_back(key::currentRevision, current.metadata().name());
  unlessZero(key::observedGeneration, set_.metadata().generation());
  unlessZero(key::readyReplicas, c.ready);
  members.emplace_back(key::replicas, c.replicas);
  members.emplace_back(key::updateRevision, updateRevision_.metadata().name());
  unlessZero(key::updatedReplicas, c.updated);
  const StatefulSetStatus status{{Value::object(std::move(members))}};

  StatefulSetStatus comparable = before;
  comparable.collisionCount(collisionCount_);
  if (before.observedGeneration() >= status.observedGeneration() && before.hasReplicas())
    comparable.observedGeneration(status.observedGeneration());
  if (comparable == status) return {};

  const bool completed =
      complete && !before.currentRevision().empty() && before.currentRevision() != updateRevision_.metadata().name();
  const Why why(completed ? Rule::CompleteStatefulSetUpdate : Rule::UpdateStatefulSetStatus,
                {{"set", set_.metadata().name()},
                 {"ready", c.ready},
                 {"replicas", wanted},
                 {"updated", c.updated},
                 {"revision", updateRevision_.metadata().name()}});
  StatefulSet written = set_;
  while (true) {
    written.status(status);
    const auto reply = client_.updateStatus(why, written);
    if (reply.ok()) consistency_.wroteAt(key_, Resource::statefulsets, reply.body);
    if (!reply.isConflict()) return Error(reply);
    const uint64_t tried = revisionOf(written.doc);
    written = client_.view().getByKey<StatefulSet>(key_);
    if (!written || revisionOf(written.doc) <= tried) return Error(reply);
  }
}

// Keeps what is current, what is the update and what Pods still have; of the rest the newest revisionHistoryLimit.
Error StatefulSetControl::truncateHistory() {
  const int64_t limit = set_.spec().revisionHistoryLimit();
  if (limit < 0 || int64_t(revisions_.size()) <= limit) return {};
  std::set<uint32_t> live{currentKey_.id, updateKey_.id};
  for (const Replica& r : pods_.all()) live.insert(r.revision.id);
  std::vector<ControllerRevision> history;
  for (const ControllerRevision& r : revisions_) {
    if (!live.count(Key(r.metadata().name()).id)) history.push_back(r);
  }
  for (int64_t i = 0; i < int64_t(history.size()) - limit; ++i) {
    if (const Error e = history_.remove(history[size_t(i)], limit)) return e;
  }
  return {};
}

// Models the end of syncStatefulSet and FindMinNextPodAvailabilityCheck.
Millis StatefulSetControl::nextAvailabilityCheck() const {
  if (minReadySeconds_ <= 0 || counts_.ready == counts_.available) return -1;
  Millis next = -1;
  for (const Replica& r : pods_.all()) {
    if (!isPodReady(r)) continue;
    const Millis due = r.readySince + minReadySeconds_ * 1000 - now_;
    if (due > 0 && (next < 0 || due < next)) next = due;
  }
  return next >= 0 ? next : minReadySeconds_ * 1000;
}

}  // namespace controllers::statefulset
