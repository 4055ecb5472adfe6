// ordinal explore SCENARIO…: every order of work items, or many random ones, with the invariants asked all the way. A
// violation is shown by the shortest journal that was found to lead to it.
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "core/cli/commands.hpp"
#include "core/lesson/exploration.hpp"

namespace cli {
namespace {
struct Options {
  std::vector<std::string> files;
  int64_t runs = -1;
  uint64_t seed = 1, states = 2000000;
  double more = 1;
  decision::Language language = decision::Language::en;
};

int usage(const std::string& error) {
  std::fprintf(stderr,
               "ordinal explore: %s\nusage: ordinal explore SCENARIO.yaml… [--random N] [--seed S] [--states MAX] "
               "[--times X] [--lang en|zh]\n"
               "  --random N  N random orders instead of what the scenario says; 0: all orders\n"
               "  --times X   X times as many random orders as the scenarios say\n",
               error.c_str());
  return 2;
}

std::string parse(const std::vector<std::string>& args, Options& o) {
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].substr(0, 2) != "--") {
      o.files.push_back(args[i]);
      continue;
    }
    if (i + 1 == args.size()) return args[i] + " needs a value";
    const std::string& name = args[i];
    const char* value = args[++i].c_str();
    if (name == "--random")
      o.runs = std::atoll(value);
    else if (name == "--seed")
      o.seed = uint64_t(std::atoll(value));
    else if (name == "--states")
      o.states = uint64_t(std::atoll(value));
    else if (name == "--times")
      o.more = std::atof(value);
    else if (name == "--lang")
      o.language = std::string(value) == "zh" ? decision::Language::zh : decision::Language::en;
    else
      return "unknown option " + name;
  }
  return o.files.empty() ? "which scenario?" : "";
}

double cpuSeconds() { return double(std::clock()) / CLOCKS_PER_SEC; }

/// One line about a scenario, and the journal of a violation. False where an invariant is broken.
bool report(const std::string& name, const sim::Explored& e, bool random, double seconds, const sim::Exploration& plan,
            decision::Language language) {
  const double rate = double(e.steps) / (seconds > 0 ? seconds : 1e-9);
  std::printf("%s %-28s ", e.broken ? "FAIL" : e.whole ? "ok  " : "part", name.c_str());
  if (random) {
    std::printf("%9llu random orders", static_cast<unsigned long long>(e.ends));
  } else {
    std::printf("%9llu states, all orders", static_cast<unsigned long long>(e.states));
  }
  std::printf(", %llu steps, %.0f steps/s\n", static_cast<unsigned long long>(e.steps), rate);
  if (!e.whole) std::printf("     given up at the limit of states; --states raises it\n");
  if (!e.broken) return true;
  std::printf("     %s: %s\n     %s\n     after %zu steps:\n", std::string(e.broken->id).c_str(),
              std::string(e.broken->says).c_str(), e.how.c_str(), e.path.size());
  for (const std::string& line : sim::retell(plan, e.path, language)) std::printf("     %s\n", line.c_str());
  return false;
}

bool exploreOne(const std::string& file, const Options& o) {
  std::string text;
  lesson::Scenario scenario;
  std::string error = readFile(file, text) ? lesson::parseScenario(text, scenario) : "cannot be read";
  if (!error.empty()) {
    std::printf("FAIL %s: %s\n", file.c_str(), error.c_str());
    return false;
  }
  lesson::ExploredScenario explored(scenario);
  if (!explored.error().empty()) {
    std::printf("FAIL %s: %s\n", file.c_str(), explored.error().c_str());
    return false;
  }
  const int64_t runs = o.runs >= 0 ? o.runs : int64_t(double(scenario.explore.runs) * o.more);
  sim::Exploration& plan = explored.plan();
  plan.maxStates = o.states;
  const double start = cpuSeconds();
  sim::Explored e = runs ? sim::exploreRandom(plan, uint64_t(runs), o.seed) : sim::exploreAll(plan);
  const double seconds = cpuSeconds() - start;
  if (e.broken && runs) {
    // A random order meanders: look for a shorter one.
    sim::Exploration near = plan;
    near.maxStates = 100000;
    if (sim::Explored shorter = sim::exploreAll(near); shorter.broken && shorter.path.size() < e.path.size()) {
      shorter.steps = e.steps, shorter.ends = e.ends, shorter.whole = true;
      e = std::move(shorter);
    }
  }
  const bool fine = report(scenario.name, e, runs > 0, seconds, plan, o.language);
  std::fflush(stdout);
  return fine && e.whole;
}
}  // namespace

int explore(const std::vector<std::string>& args) {
  Options options;
  if (std::string error = parse(args, options); !error.empty()) return usage(error);
  int passed = 0, failed = 0;
  for (const std::string& file : options.files) exploreOne(file, options) ? ++passed : ++failed;
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed ? 1 : 0;
}

}  // namespace cli
