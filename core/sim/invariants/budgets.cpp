// PodDisruptionBudgets: what may be disrupted is never more than what is healthy beyond need.
#include <algorithm>

#include "core/api/labels.hpp"
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
int64_t healthy(const store::Objects& objects, const api::PodDisruptionBudget& budget) {
  int64_t n = 0;
  objects.each(Resource::pods, budget.metadata().namespace_(), [&](const Value& v) {
    const api::Pod pod{{v}};
    n += api::matches(budget.spec().selector(), pod.metadata().labels()) && api::isPodReady(pod) &&
         !api::isTerminating(pod);
  });
  return n;
}

std::string write(const Seen& seen) {
  if (seen.actor != "disruption" || seen.removes()) return "";
  const api::PodDisruptionBudget budget{{seen.change.after}};
  const api::PodDisruptionBudgetStatus s = budget.status();
  const int64_t n = std::max(healthy(seen.view, budget), healthy(seen.before, budget));
  if (s.currentHealthy() > n)
    return text(
        {seen.change.name(), " counts ", std::to_string(s.currentHealthy()), " healthy Pods of ", std::to_string(n)});
  if (s.disruptionsAllowed() > std::max<int64_t>(n - s.desiredHealthy(), 0))
    return text({seen.change.name(), " allows ", std::to_string(s.disruptionsAllowed()), " disruptions too many"});
  return "";
}
}  // namespace

const Invariant budgets = {"budgets", "A disruption budget never allows more than what is healthy beyond need.",
                           about({Resource::poddisruptionbudgets}), write, nullptr};

}  // namespace sim
