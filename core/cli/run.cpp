// ordinal run FILE: the journal as a narration, step by step. A scenario is played; anything else is a manifest, which
// is applied to a cluster as the page has it, until nothing happens any more.
#include <algorithm>
#include <cstdio>

#include "core/cli/commands.hpp"
#include "core/lesson/scenario.hpp"
#include "core/sim/replay.hpp"
#include "core/sim/session.hpp"

namespace cli {
namespace {
int usage(const std::string& error) {
  std::fprintf(stderr,
               "ordinal run: %s\nusage: ordinal run SCENARIO.yaml|MANIFEST.yaml [--lang en|zh] [--json] [--kubernetes "
               "VERSION]\n",
               error.c_str());
  return 2;
}

void print(const sim::Journal& journal, size_t from, bool json, decision::Language language) {
  for (size_t i = from; i < journal.entries.size(); ++i) {
    std::string line;
    if (json) {
      sim::toJson(journal, i, line);
    } else {
      line = sim::narrate(journal, i, language);
    }
    std::printf("%s\n", line.c_str());
  }
}

void printReply(const lesson::Reply& reply) {
  if (!reply.error.empty()) std::printf("! %s\n", reply.error.c_str());
  std::fputs(reply.out.c_str(), stdout);
  std::fputs(reply.err.c_str(), stdout);
  if (reply.isReply) std::printf("HTTP %d\n", reply.code);
}

// No object of the API has a field of this name at its root.
bool isScenario(std::string_view text) { return text.substr(0, 6) == "steps:" || text.find("\nsteps:") != text.npos; }

int runManifest(const std::string& path, std::string text, const std::string& version, bool json,
                decision::Language language) {
  sim::Setup setup;
  sim::findVersion(version, setup.version);
  sim::Session session(setup);
  session.setFile(path, std::move(text));
  if (!json) std::printf("> kubectl apply -f %s\n", path.c_str());
  std::string quoted;
  for (const char c : path) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  const sim::Output reply = session.kubectl("apply -f '" + quoted + "'");
  session.rest();
  if (!json) std::fputs(reply.out.c_str(), stdout);
  std::fflush(stdout);
  std::fputs(reply.err.c_str(), stderr);
  print(session.journal(), 0, json, language);
  return reply.exit;
}
}  // namespace

bool readFile(const std::string& path, std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return false;
  char buffer[65536];
  for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
  const bool ok = !std::ferror(file);
  std::fclose(file);
  return ok;
}

int run(const std::vector<std::string>& args) {
  std::string path;
  std::string version;
  bool json = false;
  decision::Language language = decision::Language::en;
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--json") {
      json = true;
    } else if (args[i] == "--lang" && i + 1 < args.size()) {
      const std::string& lang = args[++i];
      if (lang != "en" && lang != "zh") return usage("--lang must be en or zh, not " + lang);
      language = lang == "zh" ? decision::Language::zh : decision::Language::en;
    } else if (args[i] == "--kubernetes" && i + 1 < args.size()) {
      version = args[++i];
      if (sim::Setup::Version known; !sim::findVersion(version, known))
        return usage("--kubernetes must be 1.35.0, 1.35.4, 1.36 or 1.37, not " + version);
    } else if (args[i].substr(0, 1) == "-") {
      return usage("unknown option " + args[i]);
    } else if (path.empty()) {
      path = args[i];
    } else {
      return usage("one file at a time");
    }
  }
  if (path.empty()) return usage("which file?");
  std::string text;
  if (!readFile(path, text)) return usage("cannot read " + path);
  if (!isScenario(text)) return runManifest(path, std::move(text), version, json, language);
  lesson::Scenario scenario;
  if (std::string error = lesson::parseScenario(text, scenario); !error.empty()) {
    std::fprintf(stderr, "ordinal run: %s: %s\n", path.c_str(), error.c_str());
    return 1;
  }
  sim::findVersion(version, scenario.setup.version);
  sim::Cluster cluster(scenario.setup);
  if (!json) std::printf("# %s\n# %s\n", scenario.name.c_str(), scenario.summary.c_str());
  for (const lesson::Step& step : scenario.steps) {
    const size_t from = cluster.journal().entries.size();
    if (!json) std::printf("\n> %s\n", step.title().c_str());
    const lesson::Reply reply = lesson::perform(cluster, step);
    if (!step.reads()) cluster.settle(1250, 40000);
    if (!json) printReply(reply);
    print(cluster.journal(), from, json, language);
  }
  return 0;
}

}  // namespace cli
