// `ordinal check`: what the API server would say to manifests, without a cluster.
#include "core/apiserver/check.hpp"

#include <cstdio>

#include "core/cli/commands.hpp"

namespace cli {

int check(const std::vector<std::string>& args) {
  bool chinese = false;
  int exit = 0;
  size_t files = 0;
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--lang" && i + 1 < args.size()) {
      chinese = args[++i] == "zh";
      continue;
    }
    ++files;
    std::string text;
    if (!readFile(args[i], text)) {
      std::fprintf(stderr, "ordinal: cannot read %s\n", args[i].c_str());
      exit = 2;
      continue;
    }
    for (const apiserver::Finding& f : apiserver::checkManifest(text)) {
      std::printf("%s:%d:%d: %s\n", args[i].c_str(), f.line, f.column, (chinese ? f.messageZh : f.message).c_str());
      exit = exit ? exit : 1;
    }
  }
  if (files) return exit;
  std::fputs("usage: ordinal check FILE.yaml… [--lang en|zh]\n", stderr);
  return 2;
}

}  // namespace cli
