#include "core/lesson/exploration.hpp"

namespace lesson {
namespace {
/// The text with the UID of what is there now for every "uid(plural/name)".
std::string withUids(std::string text, const sim::Cluster& cluster) {
  for (size_t at = 0; (at = text.find("uid(", at)) != text.npos; ++at) {
    const size_t slash = text.find('/', at), end = text.find(')', at);
    if (slash == text.npos || end == text.npos || slash > end) continue;
    const std::string plural = text.substr(at + 4, slash - at - 4), name = text.substr(slash + 1, end - slash - 1);
    for (const api::ResourceInfo& r : api::resources()) {
      const Value* found =
          r.plural == plural ? cluster.objects().get(r.resource, r.namespaced ? "default" : "", name) : nullptr;
      if (found) text.replace(at, end + 1 - at, api::Object{{*found}}.metadata().uid());
    }
  }
  return text;
}

Reply performWithUids(sim::Cluster& cluster, Step step) {
  step.input = withUids(std::move(step.input), cluster);
  return perform(cluster, step);
}
}  // namespace

ExploredScenario::ExploredScenario(const Scenario& scenario) : scenario_(scenario), start_(scenario.setup) {
  for (const Step& step : scenario.steps) {
    const Reply reply = performWithUids(start_, step);
    if (error_.empty() && !reply.error.empty()) error_ = step.title() + ": " + reply.error;
    if (error_.empty() && reply.exit != 0) error_ = step.title() + ": " + reply.err;
    start_.settle(5000, 120000);
  }
  // What runs in a real kubelet's containers is no part of a state's digest (sim/explore.hpp).
  if (scenario.setup.kubelet == sim::Setup::Kubelet::real && scenario.explore.runs == 0)
    error_ = "all orders need kubelets that are played (cluster: {kubelet: auto})";
  plan_.start = &start_;
  plan_.moves = this;
  plan_.lagging = scenario.explore.lagging;
  plan_.lags = scenario.explore.lags;
  plan_.time = api::Millis(scenario.explore.seconds) * 1000;
  plan_.slow = scenario.explore.slow;
}

}  // namespace lesson
