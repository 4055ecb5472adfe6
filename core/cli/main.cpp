// `ordinal`, the native program.
#include <cstdio>
#include <string>
#include <vector>

#include "core/cli/commands.hpp"

namespace {
constexpr const char* usage =
    "usage: ordinal COMMAND …\n"
    "\n"
    "  run FILE.yaml [--lang en|zh] [--json] [--kubernetes 1.35.0|1.35.4|1.36|1.37]\n"
    "                                              plays a scenario, or applies a manifest, and prints what happened "
    "and why\n"
    "  check FILE.yaml… [--lang en|zh]             says what is wrong in manifests, at its line\n"
    "  shell [SCENARIO.yaml] [--keep-going]        runs lines of standard input in the console, as a learner types "
    "them\n"
    "  serve [MANIFEST…] [--port N] [--help]       a cluster for a real kubectl, on 127.0.0.1\n"
    "  conform DIR… [--pending FILE] [--verbose]   replays recordings of a real control plane; exit 1 if any "
    "diverges\n"
    "  explore SCENARIO.yaml… [--random N]         every order of work items, or N random ones, under invariants\n";
}

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.empty() || args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    std::fputs(usage, args.empty() ? stderr : stdout);
    return args.empty() ? 2 : 0;
  }
  const std::vector<std::string> rest(args.begin() + 1, args.end());
  if (args[0] == "run") return cli::run(rest);
  if (args[0] == "check") return cli::check(rest);
  if (args[0] == "conform") return cli::conform(rest);
  if (args[0] == "shell") return cli::shell(rest);
  if (args[0] == "serve") return cli::serve(rest);
  if (args[0] == "explore") return cli::explore(rest);
  if (args[0] == "bench") return cli::bench(rest);
  std::fprintf(stderr, "ordinal: unknown command \"%s\"\n\n%s", args[0].c_str(), usage);
  return 2;
}
