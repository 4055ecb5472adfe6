#include "core/controllers/statefulset_control.hpp"
#include "core/decision/rules.hpp"

#include <algorithm>

namespace controllers::statefulset {
using namespace api;
using decision::Rule;
using decision::Why;

StatefulSetControl::StatefulSetControl(decision::Client& client, const Settings& settings,
                                       ConsistencyStore& consistency, RevisionCache& cache, const StatefulSet& set,
                                       SetPods& pods)
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

// The first part of upstream's updateStatefulSet: which Pods are in the range of ordinals, which are condemned. Usually
// they lie side by side and nothing has to be sorted out.
void StatefulSetControl::partitionPods() {
  std::vector<Replica>& pods = pods_.all();
  const int64_t start = getStartOrdinal(set_);
  count_ = size_t(std::max<int64_t>(set_.spec().replicas(), 0));
  const int64_t end = start + int64_t(count_);
  auto from = [&](int64_t ordinal) {
    return size_t(
        std::lower_bound(pods.begin(), pods.end(), ordinal, [](const Replica& r, int64_t o) { return r.ordinal < o; }) -
        pods.begin());
  };
  first_ = from(start);
  const size_t last = from(end);
  present_ = last - first_;
  const bool dense = pods_.regular() && (present_ == 0 || pods[last - 1].ordinal == start + int64_t(present_) - 1);
  if (!dense) {
    pods_.inOrder = 0;
    sparse_.assign(count_, nullptr);
    for (size_t i = first_; i < last; ++i) {
      if (pods[i].member) sparse_[size_t(pods[i].ordinal - start)] = &pods[i];
    }
  }
  for (size_t i = pods.size(); i-- > 0;) {
    if (i == last - 1 && present_ > 0) i = first_;
    const bool inRange = i >= first_ && i < last;
    if (!inRange && pods[i].member && pods[i].ordinal >= 0) condemned_.push_back(&pods[i]);
  }
}

// The second part: living replicas first, then condemned Pods, then the update; in monotonic mode each part only when
// the one before has nothing left to do or to wait for.
Error StatefulSetControl::processPods() {
  bool exited = false;
  if (const Error e = processReplicas(exited); e || exited) return e;
  if (const Error e = processCondemned(exited); e || exited) return e;
  if (set_.spec().updateStrategy().type() == "OnDelete") {
    waitForUpdate(0, 0);
    return {};
  }
  return settings_.maxUnavailableStatefulSet ? rollingUpdate() : updateOneByOne();
}

// Models runForAll: in monotonic mode one after the other until one says stop.
Error StatefulSetControl::processReplicas(bool& exited) {
  auto process = [&](size_t i, bool& shouldExit) {
    Replica* present = replica(i);
    return present ? processReplica(*present, shouldExit)
                   : createReplica(getStartOrdinal(set_) + int64_t(i), shouldExit);
  };
  if (!monotonic_) {
    const Error e = slowStartBatch(count_, process);
    exited = e.failed;
    return e;
  }
  for (size_t i = std::min(std::max(pods_.inOrder, first_) - first_, present_); i < count_; ++i) {
    const Error e = process(i, exited);
    if (e) exited = true;
    if (exited) return e;
    if (sparse_.empty() && minReadySeconds_ == 0 && replica(i)->settled) pods_.inOrder = first_ + i + 1;
  }
  return {};
}

Error StatefulSetControl::processCondemned(bool& exited) {
  auto fix = [&](size_t i, bool& shouldExit) { return fixPodClaim(*condemned_[i], shouldExit); };
  auto process = [&](size_t i, bool& shouldExit) { return processCondemnedPod(*condemned_[i], shouldExit); };
  if (!monotonic_) {
    Error e = slowStartBatch(condemned_.size(), fix);
    if (!e) e = slowStartBatch(condemned_.size(), process);
    exited = e.failed;
    return e;
  }
  // All replicas are available here, so the first unavailable Pod is a condemned one: the lowest.
  for (const Replica* r : condemned_) {
    if (unavailable(r)) firstUnavailablePod_ = r;
  }
  for (int pass = 0; pass < 2; ++pass) {
    for (size_t i = 0; i < condemned_.size(); ++i) {
      const Error e = pass == 0 ? fix(i, exited) : process(i, exited);
      if (e) exited = true;
      if (exited) return e;
    }
  }
  return {};
}

// Parallel: in batches of 1, 2, 4, … 500, each finished even if one fails; the rest then waits for the next sync.
template <class F>
Error StatefulSetControl::slowStartBatch(size_t count, F&& process) {
  size_t done = 0;
  for (size_t batch = 1; done < count; batch = std::min<size_t>(2 * batch, 500)) {
    Error failed;
    for (const size_t end = std::min(done + batch, count); done < end; ++done) {
      bool shouldExit = false;
      if (Error e = process(done, shouldExit)) failed = std::move(e);
    }
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

Error StatefulSetControl::createReplica(int64_t ordinal, bool& shouldExit) {
  shouldExit = true;
  const std::string name = getPodName(set_, ordinal);
  const std::string_view ns = set_.metadata().namespace_();
  if (const std::string claim = podControl_.staleClaim(ordinal); !claim.empty()) {
    client_.wait(Why(Rule::WaitForStaleClaim, {{"pod", name}, {"claim", claim}}), objectName("Pod", ns, name));
    return {};
  }
  const bool current = usesCurrentRevision(set_, ordinal);
  const bool belowPartition = current && !(currentKey_ == updateKey_);
  const ControllerRevision& revision = current ? currentRevision_ : updateRevision_;
  const PodTemplateSpec podTemplate =
      belowPartition ? restoredTemplate(currentRevision_.data()) : set_.spec().template_();
  const Pod pod = newStatefulSetPod(set_, podTemplate, revision.metadata().name(), ordinal);
  const bool first = ordinal == getStartOrdinal(set_);
  const Why why(belowPartition ? Rule::CreateReplicaBelowPartition
                : !monotonic_  ? Rule::CreateReplicaInParallel
                : first        ? Rule::CreateFirstReplica
                               : Rule::CreateReplicaInOrder,
                {{"pod", name},
                 {"ordinal", ordinal},
                 {"revision", revision.metadata().name()},
                 {"partition", getPartition(set_)},
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

Error StatefulSetControl::processCondemnedPod(Replica& pod, bool& shouldExit) {
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
  int64_t unavailablePods = 0, needingUpdate = 0;
  for (size_t i = 0; i < count_ && !monotonic_; ++i) {  // in monotonic mode all are available here
    const Replica* r = replica(i);
    if (!unavailable(r)) continue;
    unavailablePods++;
    needingUpdate += needsUpdate(r) && !isTerminating(*r);
  }
  if (unavailablePods >= maxUnavailable && needingUpdate == 0) {
    waitForUpdate(unavailablePods, maxUnavailable);
    return {};
  }
  if (!monotonic_) return updateParallel(unavailablePods, maxUnavailable);

  int64_t budget = maxUnavailable;
  const bool allUpdated = pods_.ofRevision(updateKey_) == pods_.created();
  for (int64_t i = int64_t(count_) - 1; i >= getPartition(set_) && budget > 0 && !allUpdated; --i) {
    Replica* r = replica(size_t(i));
    if (!needsUpdate(r) || isTerminating(*r)) continue;
    if (const Error e = deleteForUpdate(*r)) return e;
    budget--;
  }
  waitForUpdate(maxUnavailable - budget, maxUnavailable);
  return {};
}

// First the Pods that are unavailable anyway, whatever the budget; then available ones within it.
Error StatefulSetControl::updateParallel(int64_t unavailablePods, int64_t maxUnavailable) {
  const int64_t updateMin = getPartition(set_);
  for (int64_t i = int64_t(count_) - 1; i >= updateMin; --i) {
    Replica* r = replica(size_t(i));
    if (!needsUpdate(r) || isRunningAndAvailable(*r, minReadySeconds_, now_) || isTerminating(*r)) continue;
    if (const Error e = deleteForUpdate(*r)) return e;
  }
  int64_t budget = maxUnavailable - unavailablePods;
  for (int64_t i = int64_t(count_) - 1; i >= updateMin && budget > 0; --i) {
    Replica* r = replica(size_t(i));
    if (!needsUpdate(r) || unavailable(r)) continue;
    if (const Error e = deleteForUpdate(*r)) return e;
    budget--;
  }
  waitForUpdate(maxUnavailable - budget, maxUnavailable);
  return {};
}

// As upstream does without the gate: one Pod at a time, highest first, and only after all above it are available.
Error StatefulSetControl::updateOneByOne() {
  for (int64_t i = int64_t(count_) - 1; i >= getPartition(set_); --i) {
    Replica* r = replica(size_t(i));
    if (needsUpdate(r) && !isTerminating(*r)) return deleteForUpdate(*r);
    if (unavailable(r)) {
      waitForUpdate(1, 1);
      return {};
    }
  }
  waitForUpdate(0, 1);
  return {};
}

Error StatefulSetControl::deleteForUpdate(Replica& r) {
  const bool available = !isUnavailable(r, minReadySeconds_, now_);
  const size_t above = size_t(r.ordinal - getStartOrdinal(set_)) + 1;
  const Replica* higher = above < count_ ? replica(above) : nullptr;
  const bool next = higher && !needsUpdate(*higher) && isRunningAndReady(*higher);
  const Why why(!available ? Rule::DeleteUnavailableReplicaForUpdate
                : next     ? Rule::DeleteNextReplicaForUpdate
                           : Rule::DeleteReplicaForUpdate,
                {{"pod", r.name()},
                 {"higher", higher ? higher->name() : std::string_view()},
                 {"revision", r.revision.text()},
                 {"updateRevision", updateRevision_.metadata().name()},
                 {"set", set_.metadata().name()}});
  const Error e = podControl_.deleteStatefulPod(why, r.pod);
  r.doomed = !e;
  deletedForUpdate_ += r.doomed;
  return e;
}

}  // namespace controllers::statefulset
