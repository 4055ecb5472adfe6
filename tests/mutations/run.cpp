// mutations RECORDINGS PENDING SCENARIO… [--only BUG]: one after the other every bug of mutations.txt is switched on,
// and the recordings and the explorations are asked whether they notice. Each in a process of its own, as a bug may
// well make the control plane run for ever.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/lesson/conform.hpp"
#include "core/lesson/exploration.hpp"

namespace mutation {
int active = 0;
}

namespace {
namespace fs = std::filesystem;

struct Mutation {
  const char *name, *says, *file;
  bool exploreOnly;
};
constexpr Mutation mutations[] = {
#include "mutated/mutations.inc"
};

constexpr unsigned patience = 240;  // seconds; on an idle machine it takes three

struct Recording {
  std::string name, scenario, expected;
};
struct Ground {
  std::vector<Recording> recordings;
  std::vector<std::pair<std::string, lesson::Scenario>> scenarios;
};

std::string contents(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::set<std::string> lines(const fs::path& path) {
  std::set<std::string> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    line = line.substr(0, line.find('#'));
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
    out.insert(line);
  }
  return out;
}

Ground load(char** begin, char** end) {
  Ground ground;
  const std::set<std::string> pending = lines(begin[1]);
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(begin[0])) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    const std::string name = path.parent_path().filename().string() + "/" + path.stem().string();
    const fs::path expected = fs::path(path).replace_extension(".expected.json");
    if (!pending.count(name) && fs::exists(expected))
      ground.recordings.push_back({name, contents(path), contents(expected)});
  }
  for (char** file = begin + 2; file != end; ++file) {
    lesson::Scenario scenario;
    if (const std::string error = lesson::parseScenario(contents(*file), scenario); !error.empty()) {
      std::printf("FAIL %s: %s\n", *file, error.c_str());
      std::exit(1);
    }
    ground.scenarios.emplace_back(scenario.name, std::move(scenario));
  }
  return ground;
}

std::string askRecordings(const Ground& ground) {
  for (const Recording& r : ground.recordings) {
    if (lesson::conform(r.scenario, r.expected).found) return r.name;
  }
  return "";
}

std::string askExploration(const Ground& ground) {
  for (const auto& [name, scenario] : ground.scenarios) {
    lesson::ExploredScenario explored(scenario);
    if (!explored.error().empty()) return name + ": its steps fail";
    // The states nearest to the start, then histories far from it.
    explored.plan().longest = 5000;
    explored.plan().maxStates = 2500;
    sim::Explored e = scenario.explore.runs == 0 ? sim::exploreAll(explored.plan()) : sim::Explored();
    if (!e.broken) e = sim::exploreRandom(explored.plan(), 300, 1);
    if (e.broken) return name + ": " + std::string(e.broken->id);
  }
  return "";
}

/// In a process of its own: what an ask says, or that it never ends.
std::string apart(int number, std::string (*ask)(const Ground&), const Ground& ground) {
  int pipes[2];
  if (pipe(pipes) != 0) return "";
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    alarm(patience);
    mutation::active = number;
    const std::string caught = ask(ground);
    if (write(pipes[1], caught.data(), caught.size()) < 0) _exit(2);
    _exit(0);
  }
  close(pipes[1]);
  std::string caught;
  char buffer[256];
  for (ssize_t n; (n = read(pipes[0], buffer, sizeof buffer)) > 0;) caught.append(buffer, size_t(n));
  close(pipes[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGALRM ? "never ends" : "crashes";
  return caught;
}
}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: mutations RECORDINGS PENDING SCENARIO… [--only BUG]\n");
    return 2;
  }
  const bool one = argc > 5 && std::string(argv[argc - 2]) == "--only";
  const std::string only = one ? argv[argc - 1] : "";
  const Ground ground = load(argv + 1, argv + argc - (one ? 2 : 0));
  int passed = 0, failed = 0;
  for (const auto ask : {askRecordings, askExploration}) {
    const std::string broken = apart(0, ask, ground);
    if (broken.empty()) continue;
    std::printf("FAIL without any bug: %s\n", broken.c_str());
    ++failed;
  }
  size_t number = 0, byExploration = 0, byRecordings = 0;
  for (const Mutation& m : mutations) {
    ++number;
    if (one && only != m.name) continue;
    const std::string explored = apart(int(number), askExploration, ground);
    const std::string recorded = m.exploreOnly ? "" : apart(int(number), askRecordings, ground);
    const bool caught = !explored.empty() || !recorded.empty();
    byExploration += !explored.empty();
    byRecordings += !recorded.empty();
    std::printf("%s %-24s %-36s %s\n", caught ? "ok  " : "FAIL", m.name,
                explored.empty() ? "-" : ("exploration " + explored).c_str(),
                recorded.empty() ? "-" : ("recording " + recorded).c_str());
    if (!caught) std::printf("     %s\n     %s: nothing notices\n", m.says, m.file);
    caught ? ++passed : ++failed;
    std::fflush(stdout);
  }
  std::printf("%zu bugs, %zu noticed by exploration, %zu by recordings\n", number, byExploration, byRecordings);
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed ? 1 : 0;
}
