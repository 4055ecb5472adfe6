// What a StatefulSet's sync does not do, and why: for every Pod or part that is held back, what holds it. Nothing here
// decides; it only names what the sync's early returns mean.
#include <algorithm>

#include "core/controllers/statefulset_control.hpp"
#include "core/decision/rules.hpp"

namespace controllers::statefulset {
using namespace api;
using decision::Rule;
using decision::Why;

namespace {
/// The same hold-up said of what it holds up.
struct Rules {
  Rule notReady, notAvailable;
};
constexpr Rules creation{Rule::WaitForPredecessor, Rule::WaitForAvailablePredecessor};
constexpr Rules scaleDown{Rule::WaitBeforeScaleDown, Rule::WaitBeforeScaleDownForAvailable};
constexpr Rules update{Rule::WaitBeforeUpdate, Rule::WaitBeforeUpdateForAvailable};
constexpr Rules nothing{Rule::WaitForReplica, Rule::WaitForAvailableReplica};
}  // namespace

/// The lowest ordinal without a Pod; -1 where there is none.
int64_t StatefulSetControl::firstMissing() const {
  const int64_t start = getStartOrdinal(set_);
  if (sparse_.empty()) return present_ < count_ ? start + int64_t(present_) : -1;
  const auto it = std::find(sparse_.begin(), sparse_.end(), nullptr);
  return it == sparse_.end() ? -1 : start + (it - sparse_.begin());
}

/// The Pod that the update would replace next: the highest at or above the partition with another revision.
const Replica* StatefulSetControl::nextToUpdate() const {
  const std::string_view type = set_.spec().updateStrategy().type();
  const int64_t updateMin = type == "OnDelete" ? 0 : getPartition(set_);
  if (pods_.ofRevision(updateKey_) == pods_.created()) return nullptr;
  for (int64_t i = int64_t(count_) - 1; i >= updateMin; --i) {
    const Replica* r = replica(size_t(i));
    if (r && isCreated(*r) && needsUpdate(*r) && !isTerminating(*r) && !r->doomed) return r;
  }
  return nullptr;
}

/// A wait of `held` ("web-2", or "" where nothing else is held up) for `blocker`.
void StatefulSetControl::waitWith(Rule rule, const Replica& blocker, std::string_view held) {
  const std::string_view ns = set_.metadata().namespace_();
  client_.wait(Why(rule, {{"pod", blocker.name()},
                          {"phase", blocker.pod.status().phase()},
                          {"held", held},
                          {"set", set_.metadata().name()},
                          {"seconds", minReadySeconds_},
                          {"revision", blocker.revision.text()}}),
               objectName("Pod", ns, held.empty() ? blocker.name() : held));
}

// A replica is not Ready or not available, and the policy is OrderedReady: everything after it waits.
void StatefulSetControl::waitForReplica(const Replica& blocker) {
  const bool ready = isRunningAndReady(blocker);
  auto rule = [&](Rules r) { return ready ? r.notAvailable : r.notReady; };
  const bool rolls = set_.spec().updateStrategy().type() == "RollingUpdate";
  if (!ready && rolls && needsUpdate(blocker) && blocker.ordinal >= getStartOrdinal(set_) + getPartition(set_))
    return waitWith(Rule::WaitForOutdatedReplica, blocker, blocker.name());
  if (const int64_t next = firstMissing(); next >= 0) return waitWith(rule(creation), blocker, getPodName(set_, next));
  if (!condemned_.empty()) return waitWith(rule(scaleDown), blocker, condemned_.front()->name());
  const Replica* next = nextToUpdate();
  if (rolls && next) return waitWith(rule(update), blocker, next->name());
  waitWith(rule(nothing), blocker, "");
}

void StatefulSetControl::waitForTermination(const Replica& r) { waitWith(Rule::WaitForTermination, r, r.name()); }

// A Pod that scaling down removes is not removed (or not yet gone).
void StatefulSetControl::waitForCondemned(const Replica& pod) {
  if (isTerminating(pod)) {
    const auto next =
        std::find_if(condemned_.begin(), condemned_.end(), [](const Replica* r) { return !isTerminating(*r); });
    if (!monotonic_ || next == condemned_.end()) return waitWith(Rule::WaitForCondemnedTermination, pod, pod.name());
    return waitWith(Rule::WaitForHigherTermination, pod, (*next)->name());
  }
  if (firstUnavailablePod_) waitWith(Rule::WaitForLowerUnhealthy, *firstUnavailablePod_, pod.name());
}

// Pods keep a former revision after everything else is done: because of the budget, the partition or the strategy.
void StatefulSetControl::waitForUpdate(int64_t unavailable, int64_t maxUnavailable) {
  if (count_ == 0 || updateRevision_.doc.isNull()) return;
  const bool onDelete = set_.spec().updateStrategy().type() == "OnDelete";
  const Replica* next = nextToUpdate();
  Rule rule = Rule::WaitForMaxUnavailable;
  if (onDelete) {
    rule = Rule::WaitForDeletionByUser;
  } else if (!next || unavailable < maxUnavailable) {
    next = nullptr;
    rule = Rule::WaitBelowPartition;
    const size_t below = std::min(count_, size_t(getPartition(set_)));
    for (size_t i = 0; i < below && !next; ++i) {
      if (needsUpdate(replica(i))) next = replica(i);
    }
  }
  if (!next) return;
  const std::string_view ns = set_.metadata().namespace_();
  client_.wait(Why(rule, {{"pod", next->name()},
                          {"revision", next->revision.text()},
                          {"updateRevision", updateRevision_.metadata().name()},
                          {"unavailable", unavailable},
                          {"maxUnavailable", maxUnavailable},
                          {"partition", getPartition(set_)},
                          {"set", set_.metadata().name()}}),
               objectName("Pod", ns, next->name()));
}

}  // namespace controllers::statefulset
