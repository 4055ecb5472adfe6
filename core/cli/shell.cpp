// ordinal shell [SCENARIO]: lines from standard input in the console, each echoed after "$ ", then its output. Lines
// take no time but what they wait for, so that a script can look at every moment; only before one that speaks with a
// program half a second passes, as it does at a keyboard: what has just become Ready listens by then.
#include <cstdio>

#include "core/cli/commands.hpp"
#include "core/console/console.hpp"
#include "core/lesson/scenario.hpp"

namespace cli {
namespace {

int usage(const std::string& error) {
  std::fprintf(stderr, "ordinal shell: %s\nusage: ordinal shell [SCENARIO.yaml] [--keep-going] < SCRIPT\n",
               error.c_str());
  return 2;
}

void perform(sim::Session& session, const lesson::Step& step) {
  using Kind = lesson::Step::Kind;
  switch (step.kind) {
    case Kind::kubectl: session.kubectl(step.line, step.input); break;
    case Kind::request: session.request(step.request); break;
    case Kind::input:
      if (const std::string error = session.fault({step.what}); !error.empty())
        std::fprintf(stderr, "ordinal shell: %s\n", error.c_str());
      break;
    case Kind::wait: session.wait(step.seconds * 1000); break;
  }
  if (!step.reads()) session.rest();
}

/// The console's folder stands for the working folder; what is not there may be meant from the root.
bool readAnywhere(const std::string& path, std::string& text) {
  return readFile(path, text) || readFile("/" + path, text);
}

/// Whether a line reaches into a container.
bool speaks(const std::string& line) {
  const size_t first = line.find_first_not_of(" \t");
  if (first == line.npos || line[first] == '#') return false;
  for (std::string_view verb : {"curl ", " exec ", " attach ", " cp ", " port-forward "}) {
    if (line.find(verb) != line.npos) return true;
  }
  return false;
}

bool readLine(std::string& line) {
  line.clear();
  for (int c; (c = std::getchar()) != EOF;) {
    if (c == '\n') return true;
    line += char(c);
  }
  return !line.empty();
}

}  // namespace

int shell(const std::vector<std::string>& args) {
  std::string path;
  bool keepGoing = false;
  for (const std::string& a : args) {
    if (a == "--keep-going")
      keepGoing = true;
    else if (a.substr(0, 1) == "-")
      return usage("unknown option " + a);
    else if (path.empty())
      path = a;
    else
      return usage("one scenario at a time");
  }
  lesson::Scenario scenario;
  if (!path.empty()) {
    std::string text;
    if (!readFile(path, text)) return usage("cannot read " + path);
    if (std::string error = lesson::parseScenario(text, scenario); !error.empty()) return usage(path + ": " + error);
  }
  sim::Session session(scenario.setup);
  for (const lesson::Step& step : scenario.steps) perform(session, step);
  console::Console console(readAnywhere);
  std::string line;
  bool failed = false;
  while (readLine(line)) {
    const bool inside = console.reads();
    if (!inside && !console.continues() && speaks(line)) session.wait(500);
    if (inside)
      std::printf("%s\n", line.c_str());  // the program's prompt stands before it
    else
      std::printf("%s%s\n", console.continues() ? "> " : "$ ", line.c_str());
    std::vector<console::Piece> pieces;
    const sim::Output out = console.run(session, line, &pieces);
    for (const console::Piece& p : pieces) std::fputs(p.text.c_str(), stdout);
    std::fflush(stdout);
    const size_t first = line.find_first_not_of(" \t");
    const bool says = first != line.npos && line[first] != '#';  // else $? is that of the line before
    if (out.exit == 0 || !says || console.reads() || console.continues() || inside) continue;
    failed = true;
    if (!keepGoing) return 1;
  }
  return failed ? 1 : 0;
}

}  // namespace cli
