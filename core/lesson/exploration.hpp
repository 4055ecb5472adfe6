#pragma once
// A scenario explored: its steps are done and the cluster comes to rest; from there every order, or many random ones,
// with the user's moves at any time in between. Used by `ordinal explore` and by the tests.
#include "core/lesson/scenario.hpp"
#include "core/sim/explore.hpp"

namespace lesson {

class ExploredScenario final : public sim::Moves {
 public:
  explicit ExploredScenario(const Scenario&);
  const sim::Exploration& plan() const { return plan_; }
  sim::Exploration& plan() { return plan_; }
  /// Why a step could not be done; "" where all were.
  const std::string& error() const { return error_; }

  size_t count() const override { return scenario_.explore.moves.size(); }
  std::string title(size_t move) const override { return scenario_.explore.moves[move].title(); }
  void make(sim::Cluster& cluster, size_t move) const override {
    perform(cluster, scenario_.explore.moves[move], &manifests_);
  }

 private:
  const Scenario& scenario_;
  sim::Cluster start_;
  sim::Exploration plan_;
  std::string error_;
  mutable Manifests manifests_;  ///< of the moves, once they have been made
};

}  // namespace lesson
