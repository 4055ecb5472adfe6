#include "core/sim/explore.hpp"

#include <deque>
#include <unordered_set>

#include "core/sim/explore_state.hpp"

namespace sim {
namespace {
const Invariant comesToRest = {"endless", "A cluster that is left alone comes to rest.", 0, nullptr, nullptr};

/// How a state was reached first.
struct Step {
  uint32_t from;
  Choice choice;
};

std::vector<Choice> pathTo(const std::vector<Step>& steps, uint32_t at) {
  std::vector<Choice> path;
  for (; at != 0; at = steps[at].from) path.insert(path.begin(), steps[at].choice);
  return path;
}

uint64_t random(uint64_t& state) {  // splitmix64
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// States in order of their distance from the start, each expanded once.
class Breadth {
 public:
  explicit Breadth(const Exploration& plan) : plan_(plan) {}

  Explored run() {
    steps_.push_back({});
    ExploredState start(plan_, ExploredState::For::comparing);
    seen_.insert(start.digest());
    frontier_.emplace_back(std::move(start), 0);
    while (!frontier_.empty() && !out_.broken && out_.whole) {
      auto [state, at] = std::move(frontier_.front());
      frontier_.pop_front();
      expand(std::move(state), at);
    }
    out_.states = seen_.size();
    return std::move(out_);
  }

 private:
  void expand(ExploredState state, uint32_t at) {
    state.choices(choices_);
    if (choices_.empty()) {
      ++out_.ends;
      if (const Invariant* broken = state.rest(out_.how)) fail(broken, pathTo(steps_, at));
      return;
    }
    for (size_t i = 0; i < choices_.size() && !out_.broken; ++i) {
      const Choice choice = choices_[i];
      if (++out_.steps > plan_.maxSteps || seen_.size() >= plan_.maxStates) out_.whole = false;
      if (!out_.whole) return;
      ExploredState next = i + 1 == choices_.size() ? std::move(state) : state;
      if (const Invariant* broken = next.choose(choice, out_.how)) {
        std::vector<Choice> path = pathTo(steps_, at);
        path.push_back(choice);
        return fail(broken, std::move(path));
      }
      if (!seen_.insert(next.digest()).second) continue;
      steps_.push_back({at, choice});
      frontier_.emplace_back(std::move(next), uint32_t(steps_.size() - 1));
    }
  }

  void fail(const Invariant* broken, std::vector<Choice> path) {
    out_.broken = broken;
    out_.path = std::move(path);
  }

  const Exploration& plan_;
  Explored out_;
  std::vector<Step> steps_;
  std::unordered_set<uint64_t> seen_;
  std::deque<std::pair<ExploredState, uint32_t>> frontier_;
  std::vector<Choice> choices_;
};
}  // namespace

Explored exploreAll(const Exploration& plan) { return Breadth(plan).run(); }

Explored exploreRandom(const Exploration& plan, uint64_t runs, uint64_t seed) {
  Explored out;
  const ExploredState start(plan, ExploredState::For::checking);
  std::vector<Choice> choices;
  for (uint64_t run = 0; run < runs && out.steps < plan.maxSteps; ++run) {
    uint64_t chance = seed * 0x2545f4914f6cdd1du + run;
    ExploredState state = start;
    std::vector<Choice> path;
    for (state.choices(choices); !choices.empty() && !out.broken; state.choices(choices)) {
      const Choice choice = choices[random(chance) % choices.size()];
      path.push_back(choice);
      ++out.steps;
      out.broken = state.choose(choice, out.how);
      if (!out.broken && path.size() > plan.longest) {
        out.broken = &comesToRest;
        out.how = "after " + std::to_string(path.size()) + " steps something is still to be done";
      }
    }
    ++out.ends;
    if (!out.broken) out.broken = state.rest(out.how);
    if (!out.broken) continue;
    out.path = std::move(path);
    return out;
  }
  return out;
}

std::vector<std::string> retell(const Exploration& plan, const std::vector<Choice>& path, decision::Language language) {
  ExploredState state(plan, ExploredState::For::telling);
  std::vector<std::string> out;
  size_t told = 0;
  for (const Choice& choice : path) {
    out.push_back("> " + state.title(choice));
    std::string how;
    state.choose(choice, how);
    const Journal& journal = state.cluster().journal();
    for (; told < journal.entries.size(); ++told) out.push_back(narrate(journal, told, language));
  }
  return out;
}

}  // namespace sim
