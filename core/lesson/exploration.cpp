#include "core/lesson/exploration.hpp"

namespace lesson {

ExploredScenario::ExploredScenario(const Scenario& scenario) : scenario_(scenario), start_(scenario.setup) {
  for (const Step& step : scenario.steps) {
    const Reply reply = perform(start_, step);
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
