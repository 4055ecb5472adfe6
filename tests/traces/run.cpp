// traces TRACES RECORDINGS [--rewrite]: plays every trace and compares what it says with what is written there, or
// writes it there. Then every rule must have been reached by a trace or by a recorded scenario.
//
// A trace is a file of blocks with an empty line between them: a command, perhaps its input, "----", and the entries it
// led to until nothing happened for a while, one a line: actor, verb, object, rule and sentence. A command that ends
// with "quiet" shows none. Lines with "#" are comments; the first says what the trace shows.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/lesson/scenario.hpp"
#include "core/manifest/manifest.hpp"

namespace {
namespace fs = std::filesystem;
using Rules = std::set<decision::Rule>;

constexpr size_t longest = 120;  // lines of a trace

/// Rules that no trace can show in so many lines, and why.
constexpr std::pair<std::string_view, std::string_view> unshown[] = {
    {"GcTerminatedPod", "it takes more than 12,500 Pods that have ended"},
};

struct Block {
  std::vector<std::string> comments;
  std::string command, input;
  std::vector<std::string> output;
  bool quiet = false;
};

std::string contents(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<Block> parse(const std::string& text) {
  std::vector<Block> blocks;
  std::istringstream in(text);
  Block block;
  enum { before, input, output } at = before;
  const auto finish = [&] {
    if (!block.command.empty()) blocks.push_back(std::move(block));
    if (at != before) block = {};
    at = before;
  };
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      finish();
    } else if (at == before && line[0] == '#') {
      block.comments.push_back(line);
    } else if (at == before) {
      const size_t end = line.size();
      block.quiet = end > 6 && line.compare(end - 6, 6, " quiet") == 0;
      block.command = block.quiet ? line.substr(0, end - 6) : line;
      at = input;
    } else if (line == "----") {
      at = output;
    } else if (at == input) {
      block.input += line + "\n";
    } else {
      block.output.push_back(line);
    }
  }
  finish();
  return blocks;
}

/// "Pod/web-0" for "Pod/default/web-0", "Node/node-1" for "Node//node-1".
std::string shortName(std::string name) {
  const size_t first = name.find('/'), second = name.find('/', first + 1);
  if (second == name.npos) return name;
  const std::string ns = name.substr(first + 1, second - first - 1);
  if (ns.empty() || ns == "default") name.erase(first + 1, second - first);
  return name;
}

std::string line(const sim::Journal& journal, size_t index) {
  const sim::Entry& e = journal.entries[index];
  std::string out = journal.actors[e.actor];
  const auto column = [&out](size_t at, std::string_view text) {
    out.append(out.size() < at ? at - out.size() : 2, ' ');
    out += text;
  };
  column(18, sim::text(e.kind));
  std::string object = shortName(e.objectName());
  if (!e.subresource.empty()) object += " (" + std::string(e.subresource) + ")";
  column(26, object);
  column(64, std::string(decision::info(e.why.rule).id) + ": " + decision::sentence(e.why, decision::Language::en));
  if (!e.message.isNull()) out += " [" + std::string(e.message.asString()) + "]";
  return out;
}

/// "cluster nodes=2 kubelet=manual": a scenario's `cluster`.
std::string setUp(const std::string& command, sim::Setup& setup) {
  std::string flow;
  std::istringstream in(command.substr(7));
  for (std::string word; in >> word;) {
    const size_t equals = word.find('=');
    flow += (flow.empty() ? "" : ", ") + word.substr(0, equals) + ": '" + word.substr(equals + 1) + "'";
    if (word.substr(0, equals) == "nodes") flow.erase(std::remove(flow.begin(), flow.end(), '\''), flow.end());
  }
  lesson::Scenario scenario;
  const std::string error = lesson::parseScenario("cluster: {" + flow + "}\nsteps: []\n", scenario);
  setup = scenario.setup;
  return error;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

/// In a manifest "$uid(configmaps/one)" stands for the UID of that object of the namespace default, or of none.
std::string withUids(std::string text, const sim::Cluster& cluster) {
  for (size_t at = text.find("$uid("); at != text.npos; at = text.find("$uid(", at)) {
    const size_t slash = text.find('/', at), end = text.find(')', at);
    const std::string plural = text.substr(at + 5, slash - at - 5), name = text.substr(slash + 1, end - slash - 1);
    for (const api::ResourceInfo& r : api::resources()) {
      if (r.plural != plural) continue;
      const api::Value* object = cluster.objects().get(r.resource, r.namespaced ? "default" : "", name);
      text.replace(at, end + 1 - at, object ? api::Object{{*object}}.metadata().uid() : "none");
      break;
    }
    ++at;
  }
  return text;
}

/// "log-*" is the first Pod, by name, whose name begins so and that is not being deleted.
std::string podNamed(const std::string& name, const sim::Cluster& cluster) {
  if (name.empty() || name.back() != '*') return name;
  std::string found;
  cluster.objects().each(api::Resource::pods, "default", [&](const api::Value& v) {
    const api::ObjectMeta meta = api::Object{{v}}.metadata();
    if (found.empty() && meta.name().substr(0, name.size() - 1) == name.substr(0, name.size() - 1) &&
        !meta.hasDeletionTimestamp())
      found = meta.name();
  });
  return found;
}

/// A command as a scenario's step. False: nobody knows it.
bool parseCommand(const Block& block, const sim::Cluster& cluster, lesson::Step& step) {
  std::vector<std::string> w = words(block.command);
  if (w[0] == "kubelet" && w.size() > 1) w[1] = podNamed(w[1], cluster);
  const auto named = [&](const char* first, const char* second) {
    step.kind = lesson::Step::Kind::input;
    step.what.set(api::key::type, w[0]);
    step.what.set(api::Key(first), w[1]);
    if (w.size() > 2) step.what.set(api::Key(second), w[2]);
  };
  if (w[0] == "kubectl" || w[0] == "apply") {
    step.line = w[0] == "apply" ? "apply -f -" : block.command.substr(8);
    step.input = withUids(block.input, cluster);
  } else if (w[0] == "kubelet" && w.size() == 3) {
    named("pod", "event");
  } else if (w[0] == "node" && w.size() == 3) {
    named("name", "event");
  } else if (w[0] == "provision" && w.size() == 2) {
    named("claim", "");
  } else if (w[0] == "wait" && w.size() == 2) {
    step.kind = lesson::Step::Kind::wait;
    step.seconds = std::atoi(w[1].c_str());
  } else if (w[0] == "fault" && w.size() >= 2) {
    step.kind = lesson::Step::Kind::input;
    const manifest::Parsed parsed = manifest::parseYaml("{" + block.command.substr(6) + "}");
    if (parsed.documents.size() == 1) step.what = parsed.documents[0].value;
  } else {
    return false;
  }
  return true;
}

void addLines(const std::string& text, std::vector<std::string>& out) {
  std::istringstream in(text);
  for (std::string one; std::getline(in, one);) out.push_back(one.empty() ? "." : one);
}

void collect(const sim::Journal& journal, Rules& rules) {
  for (size_t i = 0; i < journal.entries.size(); ++i) rules.insert(journal.entries[i].why.rule);
}

/// Plays the blocks; gives the whole trace as it should be written.
std::string play(const std::vector<Block>& blocks, Rules& rules) {
  std::string out;
  sim::Setup setup;
  std::unique_ptr<sim::Cluster> cluster;
  for (const Block& block : blocks) {
    std::vector<std::string> output;
    if (block.command.rfind("cluster", 0) == 0) {
      if (const std::string error = setUp(block.command, setup); !error.empty()) output.push_back("! " + error);
      cluster = std::make_unique<sim::Cluster>(setup);
    } else {
      if (!cluster) cluster = std::make_unique<sim::Cluster>(setup);
      lesson::Step step;
      const size_t from = cluster->journal().entries.size();
      if (!parseCommand(block, *cluster, step)) {
        output.push_back("! there is no such command");
      } else {
        const lesson::Reply reply = lesson::perform(*cluster, step);
        if (!step.reads()) cluster->settle(1250, 40000);
        if (!reply.error.empty()) output.push_back("! " + reply.error);
        if (!block.quiet) addLines(reply.out + reply.err, output);
      }
      for (size_t i = from; i < cluster->journal().entries.size() && !block.quiet; ++i)
        output.push_back(line(cluster->journal(), i));
    }
    if (!out.empty()) out += '\n';
    for (const std::string& comment : block.comments) out += comment + "\n";
    out += block.command + (block.quiet ? " quiet" : "") + "\n" + block.input;
    if (!output.empty() || !block.input.empty()) out += "----\n";
    for (const std::string& one : output) out += one + "\n";
  }
  if (cluster) collect(cluster->journal(), rules);
  return out;
}

void playRecordings(const fs::path& folder, Rules& rules) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    lesson::Scenario scenario;
    if (entry.path().extension() != ".yaml" || !lesson::parseScenario(contents(entry.path()), scenario).empty())
      continue;
    sim::Cluster cluster(scenario.setup);
    for (const lesson::Step& step : scenario.steps) {
      lesson::perform(cluster, step);
      if (!step.reads()) cluster.settle(1250, 40000);
    }
    collect(cluster.journal(), rules);
  }
}

void showDifference(const std::string& is, const std::string& was) {
  std::istringstream a(was), b(is);
  std::string before, after;
  for (int number = 1;; ++number) {
    const bool more = bool(std::getline(a, before)), most = bool(std::getline(b, after));
    if (!more) before = "(end)";
    if (!most) after = "(end)";
    if (before == after && more) continue;
    std::printf("     line %d: %s\n     is now: %s\n", number, before.c_str(), after.c_str());
    return;
  }
}

bool check(const fs::path& path, bool rewrite, Rules& rules) {
  const std::string was = contents(path), is = play(parse(was), rules);
  const std::string name = path.stem().string();
  if (rewrite && is != was) {
    std::ofstream(path) << is;
    std::printf("new  %s\n", name.c_str());
  } else if (is != was) {
    std::printf("FAIL %s\n", name.c_str());
    showDifference(is, was);
    return false;
  }
  const size_t lines = size_t(std::count(is.begin(), is.end(), '\n'));
  const char* problem = is.empty() || is[0] != '#'             ? "its first line does not say what it shows"
                        : lines > longest                      ? "it is longer than 120 lines"
                        : is.find("\n! ") != std::string::npos ? "a command could not be done"
                                                               : nullptr;
  if (problem) std::printf("FAIL %s: %s\n", name.c_str(), problem);
  return !problem;
}
}  // namespace

int main(int argc, char** argv) {
  const bool rewrite = argc > 3 && std::string(argv[3]) == "--rewrite";
  if (argc < 3) {
    std::fprintf(stderr, "usage: traces TRACES RECORDINGS [--rewrite]\n");
    return 2;
  }
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(argv[1])) {
    if (entry.path().extension() == ".trace") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  Rules byTraces;
  size_t passed = 0, failed = 0;
  for (const fs::path& path : paths) check(path, rewrite, byTraces) ? ++passed : ++failed;
  Rules all = byTraces;
  playRecordings(argv[2], all);
  const std::span<const decision::RuleInfo> rules = decision::rules();
  for (size_t i = 0; i < rules.size(); ++i) {
    if (all.count(decision::Rule(i))) continue;
    const auto* known =
        std::find_if(std::begin(unshown), std::end(unshown), [&](const auto& u) { return u.first == rules[i].id; });
    if (known != std::end(unshown)) {
      std::printf("rule %s is not shown: %s\n", std::string(rules[i].id).c_str(), std::string(known->second).c_str());
      continue;
    }
    std::printf("FAIL rule %s is reached by no trace and no recording\n", std::string(rules[i].id).c_str());
    ++failed;
  }
  std::printf("%zu traces; %zu of %zu rules reached, %zu of them by traces\n", paths.size(), all.size(), rules.size(),
              byTraces.size());
  std::printf("%zu passed, %zu failed\n", passed + all.size(), failed);
  return failed ? 1 : 0;
}
