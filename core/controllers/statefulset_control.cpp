#include "core/controllers/statefulset_control.hpp"

#include <algorithm>

namespace controllers::statefulset {
using namespace api;
using decision::Rule;
using decision::Why;

StatefulSetControl::StatefulSetControl(decision::Client& client, const Settings& settings,
                                       ConsistencyStore& consistency, RevisionCache& cache, const StatefulSet& set,
                                       std::vector<Replica>& pods)
    : client_(client),
      settings_(settings),
      consistency_(consistency),
      cache_(cache),
      set_(set),
      key_(store::keyOf(set.doc)),
      pods_(pods),
      podControl_(client, consistency, set, key_),
      history_(client, Object{{set.doc}}),
      now_(client.now()),
      minReadySeconds_(set.spec().minReadySeconds()),
      monotonic_(!allowsBurst(set)) {}

// Models UpdateStatefulSet and performUpdate.
Error StatefulSetControl::updateStatefulSet() {
  revisions_ = history_.list(set_.spec().selector());
  sortControllerRevisions(revisions_);
  if (const Error e = getStatefulSetRevisions()) return e;

  partitionPods();
  Error result;
  if (!set_.metadata().hasDeletionTimestamp()) {
    result = processPods();
  } else {
    client_.wait(Why(Rule::WaitWhileSetIsDeleted, {{"set", set_.metadata().name()}}), objectName({{set_.doc}}));
  }

  Counts counts = computeReplicaStatus();
  counts.current -= deletedForUpdate_;
  const Error statusError = updateStatefulSetStatus(counts);
  if (!result) result = statusError;
  const Error historyError = truncateHistory();
  return result ? result : historyError;
}

// Models getStatefulSetRevisions: the update revision is the one that holds the present template, renumbered if it is
// an older one (an undo), created if there is none.
Error StatefulSetControl::getStatefulSetRevisions() {
  collisionCount_ = set_.status().collisionCount();
  const PodTemplateSpec podTemplate = set_.spec().template_();
  if (!cache_.podTemplate.same(podTemplate.doc)) cache_ = {podTemplate.doc, templatePatch(podTemplate)};

  const ControllerRevision* equal = nullptr;
  for (const ControllerRevision& r : revisions_) {
    if (r.doc[key::data] == cache_.data) equal = &r;
  }
  if (equal) {
    updateRevision_ = *equal;
    if (equal != &revisions_.back()) {
      if (const Error e = history_.renumber(updateRevision_, nextRevision(revisions_))) return e;
    }
  } else {
    updateRevision_ = newRevision(set_, cache_.data, nextRevision(revisions_), collisionCount_);
    if (const Error e = history_.create(updateRevision_, collisionCount_)) return e;
  }

  currentRevision_ = updateRevision_;
  for (const ControllerRevision& r : revisions_) {
    if (r.metadata().name() == set_.status().currentRevision()) currentRevision_ = r;
  }
  currentKey_ = Key(currentRevision_.metadata().name());
  updateKey_ = Key(updateRevision_.metadata().name());
  return {};
}

// The first part of upstream's updateStatefulSet: replicas_ gets one place for each ordinal, with a Pod still to be
// created where there is none; condemned_ the Pods outside the range, highest first.
void StatefulSetControl::partitionPods() {
  const int64_t start = getStartOrdinal(set_), count = std::max<int64_t>(set_.spec().replicas(), 0);
  replicas_.assign(size_t(count), nullptr);
  size_t present = 0;
  for (Replica& r : pods_) {
    r.doomed = false;
    if (!r.member || r.ordinal < 0) continue;
    if (r.ordinal >= start && r.ordinal < start + count) {
      present += !replicas_[size_t(r.ordinal - start)];
      replicas_[size_t(r.ordinal - start)] = &r;
    } else {
      condemned_.push_back(&r);
    }
  }
  std::reverse(condemned_.begin(), condemned_.end());
  missing_.reserve(size_t(count) - present);
  for (size_t i = 0; i < replicas_.size() && present < replicas_.size(); ++i) {
    if (replicas_[i]) continue;
    Replica r;
    r.ordinal = start + int64_t(i);
    r.revision = usesCurrentRevision(set_, r.ordinal) ? currentKey_ : updateKey_;
    replicas_[i] = &missing_.emplace_back(std::move(r));
  }
}

// The second part: living replicas first, then condemned Pods, then the update; in monotonic mode each part only when
// the one before has nothing left to do or to wait for.
Error StatefulSetControl::processPods() {
  bool exited = false;
  if (const Error e = runForAll(replicas_, &StatefulSetControl::processReplica, exited); e || exited) return e;
  if (!condemned_.empty()) {
    auto unavailable = [&](const Replica* r) { return isUnavailable(*r, minReadySeconds_, now_); };
    const auto replica = std::find_if(replicas_.begin(), replicas_.end(), unavailable);
    const auto condemned = std::find_if(condemned_.rbegin(), condemned_.rend(), unavailable);
    if (replica != replicas_.end())
      firstUnavailablePod_ = *replica;
    else if (condemned != condemned_.rend())
      firstUnavailablePod_ = *condemned;
    if (const Error e = runForAll(condemned_, &StatefulSetControl::fixPodClaim, exited); e || exited) return e;
    if (const Error e = runForAll(condemned_, &StatefulSetControl::processCondemned, exited); e || exited) return e;
  }
  const std::string_view type = set_.spec().updateStrategy().type();
  if (type == "OnDelete") {
    waitForUpdate(0, 0);
    return {};
  }
  return settings_.maxUnavailableStatefulSet ? rollingUpdate() : updateOneByOne();
}

// Models runForAll and slowStartBatch: one after the other until one says stop, or (Parallel) in batches of 1, 2, 4, …
// 500 of which each is finished even if one fails.
Error StatefulSetControl::runForAll(std::span<Replica* const> pods,
                                    Error (StatefulSetControl::*process)(Replica&, bool&), bool& exited) {
  bool shouldExit = false;
  if (monotonic_) {
    for (Replica* r : pods) {
      const Error e = (this->*process)(*r, shouldExit);
      exited = shouldExit || e;
      if (exited) return e;
    }
    return {};
  }
  size_t done = 0;
  for (size_t batch = 1; done < pods.size(); batch = std::min<size_t>(2 * batch, 500)) {
    Error failed;
    const size_t end = std::min(done + batch, pods.size());
    for (; done < end; ++done) {
      if (Error e = (this->*process)(*pods[done], shouldExit)) failed = std::move(e);
    }
    exited = failed.failed;
    if (failed) return failed;
  }
  return {};
}

Error StatefulSetControl::processReplica(Replica& replica, bool& shouldExit) {
  shouldExit = true;
  if (isTerminalPhase(replica)) {
    if (isTerminating(replica)) return waitForTermination(replica), Error();
    return podControl_.deleteStatefulPod(
        Why(Rule::DeleteTerminalReplica, {{"pod", replica.name()}, {"phase", replica.pod.status().phase()}}),
        replica.pod);
  }
  if (!isCreated(replica)) return createReplica(replica, shouldExit);
  if (isPending(replica) && !replica.settled) {
    if (const Error e = podControl_.createMissingPersistentVolumeClaims(replica.pod)) return e;
  }
  if (isTerminating(replica) && (monotonic_ || !replica.settled)) waitForTermination(replica);
  if (isTerminating(replica) && monotonic_) return {};
  if (monotonic_ && !(isRunningAndReady(replica) && isRunningAndAvailable(replica, minReadySeconds_, now_)))
    return waitForReplica(replica), Error();

  // The set's invariants.
  shouldExit = false;
  if (replica.settled) return {};
  replica.settled = identityMatches(set_, replica.pod) && storageMatches(set_, replica.pod) &&
                    podControl_.claimsMatchRetentionPolicy(replica.pod);
  if (replica.settled) return {};
  const Error e = podControl_.updateStatefulPod(replica.pod);
  shouldExit = e.failed;
  return e;
}

Error StatefulSetControl::createReplica(Replica& replica, bool& shouldExit) {
  const std::string name = getPodName(set_, replica.ordinal);
  const std::string_view ns = set_.metadata().namespace_();
  if (const std::string claim = podControl_.staleClaim(replica.ordinal); !claim.empty()) {
    client_.wait(Why(Rule::WaitForStaleClaim, {{"pod", name}, {"claim", claim}}), objectName("Pod", ns, name));
    return {};
  }
  const bool current = usesCurrentRevision(set_, replica.ordinal);
  const ControllerRevision& revision = current ? currentRevision_ : updateRevision_;
  const PodTemplateSpec podTemplate =
      current && !(currentKey_ == updateKey_) ? restoredTemplate(currentRevision_.data()) : set_.spec().template_();
  const Pod pod = newStatefulSetPod(set_, podTemplate, revision.metadata().name(), replica.ordinal);
  const bool first = replica.ordinal == getStartOrdinal(set_);
  const Why why(!monotonic_ ? Rule::CreateReplicaInParallel
                : first     ? Rule::CreateFirstReplica
                            : Rule::CreateReplicaInOrder,
                {{"pod", name},
                 {"ordinal", replica.ordinal},
                 {"revision", revision.metadata().name()},
                 {"set", set_.metadata().name()}});
  const Error e = podControl_.createStatefulPod(why, pod);
  if (const Pod present = e ? client_.view().get<Pod>(ns, name) : Pod()) {
    client_.wait(Why(Rule::WaitForForeignPod, {{"pod", name}, {"set", set_.metadata().name()}}),
                 objectName("Pod", ns, name));
  }
  shouldExit = monotonic_ || e;
  return e;
}

Error StatefulSetControl::fixPodClaim(Replica& replica, bool& shouldExit) {
  if (replica.settled || podControl_.claimsMatchRetentionPolicy(replica.pod)) return {};
  const Error e = podControl_.updatePodClaimForRetentionPolicy(replica.pod);
  shouldExit = e.failed;
  return e;
}

Error StatefulSetControl::processCondemned(Replica& pod, bool& shouldExit) {
  shouldExit = monotonic_;
  if (isTerminating(pod)) {
    if (monotonic_ || !pod.settled) waitForCondemned(pod);
    pod.settled = true;
    return {};
  }
  const bool healthy = isRunningAndReady(pod) && isRunningAndAvailable(pod, minReadySeconds_, now_);
  if (!healthy && monotonic_ && &pod != firstUnavailablePod_) return waitForCondemned(pod), Error();
  shouldExit = true;
  return podControl_.deleteStatefulPod(Why(Rule::DeleteCondemnedReplica, {{"pod", pod.name()},
                                                                          {"ordinal", pod.ordinal},
                                                                          {"set", set_.metadata().name()},
                                                                          {"replicas", set_.spec().replicas()}}),
                                       pod.pod);
}

// Models updateStatefulSetAfterInvariantEstablished (gate MaxUnavailableStatefulSet).
Error StatefulSetControl::rollingUpdate() {
  const int64_t maxUnavailable = getStatefulSetMaxUnavailable(set_);
  int64_t unavailable = 0, unavailableNeedingUpdate = 0;
  for (const Replica* r : replicas_) {
    if (!isUnavailable(*r, minReadySeconds_, now_)) continue;
    unavailable++;
    unavailableNeedingUpdate += !monotonic_ && needsUpdate(*r) && !isTerminating(*r);
  }
  if (unavailable >= maxUnavailable && unavailableNeedingUpdate == 0) {
    waitForUpdate(unavailable, maxUnavailable);
    return {};
  }
  if (!monotonic_) return updateParallel(unavailable, maxUnavailable);

  int64_t budget = maxUnavailable - unavailable;
  for (int64_t i = int64_t(replicas_.size()) - 1; i >= getPartition(set_) && budget > 0; --i) {
    if (!needsUpdate(*replicas_[size_t(i)]) || isTerminating(*replicas_[size_t(i)])) continue;
    if (const Error e = deleteForUpdate(*replicas_[size_t(i)])) return e;
    budget--;
  }
  waitForUpdate(maxUnavailable - budget, maxUnavailable);
  return {};
}

// First the Pods that are unavailable anyway, whatever the budget; then available ones within it.
Error StatefulSetControl::updateParallel(int64_t unavailable, int64_t maxUnavailable) {
  const int64_t updateMin = getPartition(set_);
  for (int64_t i = int64_t(replicas_.size()) - 1; i >= updateMin; --i) {
    Replica& r = *replicas_[size_t(i)];
    if (!needsUpdate(r) || isRunningAndAvailable(r, minReadySeconds_, now_) || isTerminating(r)) continue;
    if (const Error e = deleteForUpdate(r)) return e;
  }
  int64_t budget = maxUnavailable - unavailable;
  for (int64_t i = int64_t(replicas_.size()) - 1; i >= updateMin && budget > 0; --i) {
    Replica& r = *replicas_[size_t(i)];
    if (!needsUpdate(r) || isUnavailable(r, minReadySeconds_, now_)) continue;
    if (const Error e = deleteForUpdate(r)) return e;
    budget--;
  }
  waitForUpdate(maxUnavailable - budget, maxUnavailable);
  return {};
}

// As upstream does without the gate: one Pod at a time, highest first, and only after all above it are available.
Error StatefulSetControl::updateOneByOne() {
  for (int64_t i = int64_t(replicas_.size()) - 1; i >= getPartition(set_); --i) {
    Replica& r = *replicas_[size_t(i)];
    if (needsUpdate(r) && !isTerminating(r)) return deleteForUpdate(r);
    if (isUnavailable(r, minReadySeconds_, now_)) {
      waitForUpdate(1, 1);
      return {};
    }
  }
  waitForUpdate(0, 1);
  return {};
}

Error StatefulSetControl::deleteForUpdate(Replica& r) {
  if (!isCreated(r)) return {};
  const bool available = !isUnavailable(r, minReadySeconds_, now_);
  const Why why(available ? Rule::DeleteReplicaForUpdate : Rule::DeleteUnavailableReplicaForUpdate,
                {{"pod", r.name()},
                 {"revision", r.revision.text()},
                 {"updateRevision", updateRevision_.metadata().name()},
                 {"set", set_.metadata().name()}});
  const Error e = podControl_.deleteStatefulPod(why, r.pod);
  r.doomed = !e;
  deletedForUpdate_ += r.doomed;
  return e;
}

}  // namespace controllers::statefulset
