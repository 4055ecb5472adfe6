#include "core/controllers/disruption.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/controllers/error.hpp"
#include "core/controllers/percent.hpp"
#include "core/controllers/refs.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using namespace api;
using decision::Client;
using decision::Rule;
using decision::View;
using decision::Why;

/// How long an evicted Pod may take until its deletion is seen, and a Pod may keep a condition DisruptionTarget without
/// being deleted.
constexpr Millis deletionTimeout = 120000, stalePodDisruptionTimeout = 120000;
/// Work items about a Pod's stale condition, and about a Pod that several budgets match; all others are budgets.
constexpr std::string_view podItem = "pod:", severalItem = "several:";

struct Expectation {
  int64_t expected = 0, desired = 0;
  bool unmanaged = false;
};

class DisruptionController : public decision::Cloned<DisruptionController> {
 public:
  std::string_view name() const override { return "disruption"; }
  std::string_view component() const override { return "controllermanager"; }
  bool watches(Resource r) const override { return r == Resource::poddisruptionbudgets || r == Resource::pods; }
  void start(const View& view, Millis) override {
    view.each<PodDisruptionBudget>("", [&](const PodDisruptionBudget& b) { queue.add(store::keyOf(b.doc)); });
  }
  void observe(const store::Change&, const View&, Millis now) override;
  // In the recordings a budget is looked at between a failed pod's removal and the creation of the next.
  bool hurries(const store::Change& c) const override { return c.resource == Resource::pods; }
  bool sync(const std::string& key, Client&) override;

 private:
  void enqueueBudgetOf(const View&, const Value& pod);
  Error trySync(const PodDisruptionBudget&, Client&, bool& conflict);
  bool failSafe(const PodDisruptionBudget&, const Error&, Client&);
  bool syncStalePodDisruption(std::string_view key, Client&);
  bool tellOfSeveral(std::string_view key, Client&);
};

/// How long until the condition DisruptionTarget of a Pod that is not being deleted is stale.
std::optional<Millis> staleDisruptionIn(const Pod& pod, Millis now) {
  const PodCondition c = podCondition(pod, "DisruptionTarget");
  if (isTerminating(pod) || isPodTerminal(pod) || !c || c.status() != "True") return {};
  if (c.reason() == "TerminationByKubelet") return {};
  return std::max<Millis>(parseTime(c.lastTransitionTime()) + stalePodDisruptionTimeout - now, 0);
}

void DisruptionController::observe(const store::Change& c, const View& view, Millis now) {
  if (c.resource == Resource::poddisruptionbudgets) return queue.add(store::keyOf(c.namespace_(), c.name()));
  enqueueBudgetOf(view, c.object());
  if (c.after.isNull()) return;
  if (const auto wait = staleDisruptionIn({{c.after}}, now))
    queue.addAfter(std::string(podItem) + store::keyOf(c.namespace_(), c.name()), *wait, now);
}

// Models getPdbForPod: of several budgets only one is looked at; here the first by name, upstream any.
void DisruptionController::enqueueBudgetOf(const View& view, const Value& pod) {
  if (view.objects().count(Resource::poddisruptionbudgets) == 0) return;
  const ObjectMeta meta = Object{{pod}}.metadata();
  int found = 0;
  view.each<PodDisruptionBudget>(meta.namespace_(), [&](const PodDisruptionBudget& b) {
    if (!matches(b.spec().selector(), meta.labels())) return;
    if (++found == 1) queue.add(store::keyOf(b.doc));
    if (found == 2) queue.add(std::string(severalItem) + store::keyOf(pod));
  });
}

bool DisruptionController::tellOfSeveral(std::string_view key, Client& client) {
  const Pod pod = client.view().getByKey<Pod>(key);
  const std::string ns(pod.metadata().namespace_());
  std::string chosen;
  client.view().each<PodDisruptionBudget>(ns, [&](const PodDisruptionBudget& b) {
    if (pod && chosen.empty() && matches(b.spec().selector(), pod.metadata().labels())) chosen = b.metadata().name();
  });
  if (chosen.empty()) return true;
  client.event(pod.doc, "Warning", "MultiplePodDisruptionBudgets",
               "Pod \"" + ns + "\"/\"" + std::string(pod.metadata().name()) +
                   "\" matches multiple PodDisruptionBudgets.  Chose \"" + chosen + "\" arbitrarily.");
  return true;
}

/// How many Pods the controllers behind these Pods want. Models getExpectedScale with its finders.
Error getExpectedScale(const View& view, const std::vector<Pod>& pods, Expectation& out) {
  std::map<std::string, int64_t, std::less<>> scales;
  for (const Pod& pod : pods) {
    const std::string_view ns = pod.metadata().namespace_();
    const OwnerReference ref = controllerOf(pod.metadata());
    if (!ref) {
      out.unmanaged = true;
      continue;
    }
    if (const StatefulSet set = resolveControllerRef<StatefulSet>(view, ns, ref)) {
      scales[std::string(ref.uid())] = set.spec().replicas();
    } else if (const ReplicaSet rs = resolveControllerRef<ReplicaSet>(view, ns, ref)) {
      const OwnerReference above = controllerOf(rs.metadata());
      if (const Deployment d = resolveControllerRef<Deployment>(view, ns, above)) {
        scales[std::string(above.uid())] = d.spec().replicas();
      } else if (above.kind() != "Deployment") {
        scales[std::string(ref.uid())] = rs.spec().replicas();
      } else {
        return Error("found no controllers for pod \"" + std::string(pod.metadata().name()) + "\"");
      }
    } else if (ref.kind() == "DaemonSet") {
      return Error("daemonsets.apps does not implement the scale subresource");
    } else {
      return Error("found no controllers for pod \"" + std::string(pod.metadata().name()) + "\"");
    }
  }
  for (const auto& [uid, replicas] : scales) out.expected += replicas;
  return {};
}

// Models getExpectedPodCount.
Error getExpectedPodCount(const View& view, const PodDisruptionBudget& budget, const std::vector<Pod>& pods,
                          Expectation& out) {
  const PodDisruptionBudgetSpec spec = budget.spec();
  if (spec.hasMaxUnavailable()) {
    if (const Error e = getExpectedScale(view, pods, out)) return e;
    out.desired = std::max<int64_t>(out.expected - scaledValue(spec.maxUnavailable(), out.expected, Rounding::up), 0);
  } else if (spec.minAvailable().kind() == Kind::Int) {
    out.desired = spec.minAvailable().asInt();
    out.expected = int64_t(pods.size());
  } else if (spec.hasMinAvailable()) {
    if (const Error e = getExpectedScale(view, pods, out)) return e;
    out.desired = scaledValue(spec.minAvailable(), out.expected, Rounding::up);
  }
  return {};
}

/// Models apimachinery SetStatusCondition for the condition DisruptionAllowed.
void setDisruptionAllowed(Value& status, bool allowed, std::string_view reason, std::string_view message,
                          int64_t observedGeneration, Millis now) {
  std::vector<Value> conditions;
  Value mine;
  for (const Value& c : status[key::conditions].values()) {
    if (c[key::type].asString() == "DisruptionAllowed")
      mine = c;
    else
      conditions.push_back(c);
  }
  const std::string_view text = allowed ? "True" : "False";
  if (mine[key::status].asString() != text) mine.set(key::lastTransitionTime, formatTime(now));
  mine.set(key::type, "DisruptionAllowed");
  mine.set(key::status, text);
  mine.set(key::reason, reason);
  mine.set(key::message, message);
  mine.set(key::observedGeneration, observedGeneration);
  conditions.push_back(std::move(mine));
  status.set(key::conditions, Value::array(std::move(conditions)));
}

/// The evicted Pods whose deletion is still to be seen. Models buildDisruptedPodMap; gives when to look again, or -1.
Millis keepDisruptedPods(const PodDisruptionBudget& budget, const std::vector<Pod>& pods, Value& out, Client& client) {
  Millis next = -1;
  for (const Pod& pod : pods) {
    const std::string_view since = budget.status().disruptedPods().get(pod.metadata().name());
    if (isTerminating(pod) || since.empty()) continue;
    const Millis due = parseTime(since) + deletionTimeout;
    if (due < client.now()) {
      const std::string ns(budget.metadata().namespace_());
      client.event(pod.doc, "Warning", "NotDeleted",
                   "Pod was expected by PDB " + ns + "/" + ns + " to be deleted but it wasn't");
      continue;
    }
    if (next < 0 || due < next) next = due;
    out.set(Key(pod.metadata().name()), since);
  }
  return next;
}

bool DisruptionController::sync(const std::string& key, Client& client) {
  if (key.starts_with(severalItem)) return tellOfSeveral(key.substr(severalItem.size()), client);
  if (key.starts_with(podItem)) return syncStalePodDisruption(key.substr(podItem.size()), client);
  const PodDisruptionBudget budget = client.view().getByKey<PodDisruptionBudget>(key);
  if (!budget) return true;
  bool conflict = false;
  const Error e = trySync(budget, client, conflict);
  if (!e) return true;
  return !conflict && failSafe(budget, e, client);
}

/// Go's print of a *metav1.LabelSelector.
std::string printed(const LabelSelector& s) {
  std::string out = "&LabelSelector{MatchLabels:map[string]string{";
  const StringMap labels = s.matchLabels();
  for (size_t i = 0; i < labels.size(); ++i) out.append(labels.keyAt(i)).append(": ").append(labels.at(i)).append(",");
  return out + "},MatchExpressions:[]LabelSelectorRequirement{},}";
}

Error DisruptionController::trySync(const PodDisruptionBudget& budget, Client& client, bool& conflict) {
  std::vector<Pod> pods;
  client.view().each<Pod>(budget.metadata().namespace_(), [&](const Pod& pod) {
    if (matches(budget.spec().selector(), pod.metadata().labels())) pods.push_back(pod);
  });
  if (pods.empty()) client.event(budget.doc, "Normal", "NoPods", "No matching pods found");
  Expectation e;
  if (const Error failed = getExpectedPodCount(client.view(), budget, pods, e)) {
    client.event(budget.doc, "Warning", "CalculateExpectedPodCountFailed",
                 "Failed to calculate the number of expected pods: " + failed.message);
    return failed;
  }
  if (e.unmanaged) {
    client.event(budget.doc, "Warning", "UnmanagedPods",
                 "Pods selected by this PodDisruptionBudget (selector: " + printed(budget.spec().selector()) +
                     ") were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, "
                     "which may result in undefined behavior. To account for these pods please set "
                     "\".spec.minAvailable\" field of the PDB to an integer value.");
  }
  Value disrupted = Value::object({});
  const Millis recheck = keepDisruptedPods(budget, pods, disrupted, client);
  int64_t healthy = 0;
  for (const Pod& pod : pods)
    healthy += !isTerminating(pod) && !disrupted.find(pod.metadata().name()) && isPodReady(pod);
  const int64_t allowed = e.expected <= 0 ? 0 : std::max<int64_t>(healthy - e.desired, 0);

  const PodDisruptionBudgetStatus before = budget.status();
  PodDisruptionBudgetStatus status;
  status.doc = Value::object({});
  if (before.hasConditions()) status.doc.set(key::conditions, before.doc[key::conditions]);
  status.currentHealthy(healthy);
  status.desiredHealthy(e.desired);
  if (disrupted.size() > 0) status.doc.set(key::disruptedPods, disrupted);
  status.disruptionsAllowed(allowed);
  status.expectedPods(e.expected);
  status.observedGeneration(budget.metadata().generation());
  setDisruptionAllowed(status.doc, allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "",
                       budget.metadata().generation(), client.now());
  if (recheck >= 0) queue.addAfter(store::keyOf(budget.doc), recheck - client.now(), client.now());
  if (status == before) return {};
  PodDisruptionBudget written = budget;
  written.status(status);
  const Why why(
      allowed > 0 ? Rule::BudgetAllowsDisruptions : Rule::BudgetAllowsNone,
      {{"budget", budget.metadata().name()}, {"allowed", allowed}, {"healthy", healthy}, {"desired", e.desired}});
  const auto reply = client.updateStatus(why, written);
  conflict = reply.isConflict();
  return Error(reply);
}

// Where the count fails, nothing may be disrupted.
bool DisruptionController::failSafe(const PodDisruptionBudget& budget, const Error& e, Client& client) {
  PodDisruptionBudget written = budget;
  PodDisruptionBudgetStatus status = budget.status();
  status.disruptionsAllowed(0);
  if (!status.hasCurrentHealthy()) {
    status.currentHealthy(0);
    status.desiredHealthy(0);
    status.expectedPods(0);
  }
  setDisruptionAllowed(status.doc, false, "SyncFailed", e.message, status.observedGeneration(), client.now());
  written.status(status);
  if (written == budget) return true;
  return client
      .updateStatus(Why(Rule::BudgetCannotBeCounted, {{"budget", budget.metadata().name()}, {"error", e.message}}),
                    written)
      .ok();
}

bool DisruptionController::syncStalePodDisruption(std::string_view key, Client& client) {
  Pod pod = client.view().getByKey<Pod>(key);
  const auto wait = pod ? staleDisruptionIn(pod, client.now()) : std::nullopt;
  if (!wait || *wait > 0) return true;
  const auto conditions = pod.doc[key::status][key::conditions];
  for (size_t i = 0; i < conditions.size(); ++i) {
    if (conditions[i][key::type].asString() != "DisruptionTarget") continue;
    Value c = Value::object({{key::type, "DisruptionTarget"},
                             {key::status, "False"},
                             {key::lastProbeTime, Value()},
                             {key::lastTransitionTime, formatTime(client.now())}});
    pod.doc.set({key::status, key::conditions, Step::index(i)}, std::move(c));
  }
  return client.updateStatus(Why(Rule::ClearDisruptionTarget, {{"pod", pod.metadata().name()}}), pod).ok();
}

}  // namespace

std::unique_ptr<decision::Controller> makeDisruptionController(const Settings&) {
  return std::make_unique<DisruptionController>();
}

}  // namespace controllers
