// Taints that evict: a Pod that tolerates one for a while stays for that long.
#include <algorithm>

#include "core/api/time.hpp"
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
bool tolerates(const api::Toleration& t, const api::Taint& taint) {
  if (!t.effect().empty() && t.effect() != taint.effect()) return false;
  if (!t.key().empty() && t.key() != taint.key()) return false;
  return t.operator_() == "Exists" || t.value() == taint.value();
}

/// When the taint may end the Pod: at once where it does not tolerate it, INT64_MAX where it does for ever.
Millis earliest(const api::Pod& pod, const api::Taint& taint) {
  bool tolerated = false;
  Millis seconds = INT64_MAX;
  for (const api::Toleration& t : pod.spec().tolerations()) {
    if (!tolerates(t, taint)) continue;
    tolerated = true;
    if (t.hasTolerationSeconds()) seconds = std::min(seconds, std::max<Millis>(t.tolerationSeconds(), 0));
  }
  if (!tolerated) return 0;
  return seconds == INT64_MAX ? seconds : api::parseTime(taint.timeAdded()) + seconds * 1000;
}

/// When the taints of its node may end the Pod first; INT64_MAX where none ever does.
Millis dueOf(const store::Objects& objects, const api::Pod& pod) {
  const Value* node = objects.get(Resource::nodes, "", pod.spec().nodeName());
  Millis due = INT64_MAX;
  if (!node) return due;
  for (const api::Taint& taint : api::Node{{*node}}.spec().taints()) {
    if (taint.effect() == "NoExecute") due = std::min(due, earliest(pod, taint));
  }
  return due;
}

std::string write(const Seen& seen) {
  if (seen.actor != "taint eviction" || !seen.beginsDeletion() || seen.lags) return "";
  const api::Pod pod{{seen.change.before}};
  const Millis due = dueOf(seen.view, pod);
  // Upstream's timers know Pods by their names: where a Pod was replaced before the controller looked, the new one goes
  // in place of the old, on a node that has no taint at all.
  if (due == INT64_MAX || seen.cluster.now() >= due) return "";
  return text({pod.metadata().name(), " was evicted before the time was up for which it tolerates the taint"});
}

std::string rest(const Cluster& cluster) {
  std::string how;
  cluster.objects().each(Resource::pods, "", [&](const Value& v) {
    const api::Pod pod{{v}};
    const Millis due = dueOf(cluster.objects(), pod);
    // The controller counts from when it looked, some moments after the taint came: nothing is to be done until then.
    if (due == INT64_MAX || due + 2000 > cluster.nextTimer() || api::isTerminating(pod) || api::isPodTerminal(pod))
      return;
    how = text(
        {pod.metadata().name(), " rests on ", pod.spec().nodeName(), ", though it tolerates its taints no longer"});
  });
  return how;
}
}  // namespace

const Invariant evictions = {"evictions",
                             "A Pod that tolerates a taint for a while stays for that long, and no longer.",
                             about({Resource::pods}), write, rest};

}  // namespace sim
