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

/// The earliest time at which the taint may end the Pod: the shortest of its tolerations, if it has any.
Millis earliest(const api::Pod& pod, const api::Taint& taint) {
  Millis seconds = -1;
  for (const api::Toleration& t : pod.spec().tolerations()) {
    if (!tolerates(t, taint)) continue;
    const Millis own = t.hasTolerationSeconds() ? std::max<Millis>(t.tolerationSeconds(), 0) : INT32_MAX;
    seconds = seconds < 0 ? own : std::min(seconds, own);
  }
  return seconds <= 0 ? 0 : api::parseTime(taint.timeAdded()) + seconds * 1000;
}

std::string write(const Seen& seen) {
  if (seen.actor != "taint eviction" || !seen.beginsDeletion() || seen.lags) return "";
  const api::Pod pod{{seen.change.before}};
  const std::string_view name = pod.metadata().name();
  const Value* node = seen.view.get(Resource::nodes, "", pod.spec().nodeName());
  Millis due = INT64_MAX;
  if (node) {
    for (const api::Taint& taint : api::Node{{*node}}.spec().taints()) {
      if (taint.effect() == "NoExecute") due = std::min(due, earliest(pod, taint));
    }
  }
  // Upstream's timers know Pods by their names: where a Pod was replaced before the controller looked, the new one goes
  // in place of the old, on a node that has no taint at all.
  if (due == INT64_MAX || seen.cluster.now() >= due) return "";
  return text({name, " was evicted before the time was up for which it tolerates the taint"});
}
}  // namespace

const Invariant evictions = {"evictions", "A Pod that tolerates a taint for a while stays for that long.",
                             about({Resource::pods}), write, nullptr};

}  // namespace sim
