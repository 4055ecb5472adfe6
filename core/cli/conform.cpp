// ordinal conform DIR…: every NAME.yaml in the folders (and below) that has a NAME.expected.json.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "core/cli/commands.hpp"
#include "core/lesson/conform.hpp"

namespace cli {
namespace fs = std::filesystem;

namespace {
struct Options {
  std::vector<std::string> folders;
  std::string pending;
  bool verbose = false, pendingGiven = false;
};

std::vector<fs::path> scenarios(const std::string& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  if (fs::is_regular_file(folder, error)) return {folder};
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".yaml" && fs::exists(fs::path(it->path()).replace_extension(".expected.json")))
      out.push_back(it->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// "statefulset/creation-in-order"
std::string nameOf(const fs::path& p) { return p.parent_path().filename().string() + "/" + p.stem().string(); }

std::set<std::string> pendingNames(const std::string& file) {
  std::set<std::string> out;
  std::string text;
  if (file.empty() || !readFile(file, text)) return out;
  for (size_t i = 0; i < text.size();) {
    const size_t end = std::min(text.find('\n', i), text.size());
    std::string line = text.substr(i, end - i);
    line = line.substr(0, line.find('#'));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.pop_back();
    if (!line.empty()) out.insert(line);
    i = end + 1;
  }
  return out;
}

void print(const lesson::Divergence& d, bool whole) {
  std::string text = d.text;
  if (!whole && text.size() > 600) text = text.substr(0, 600) + " …";
  std::printf("    step %zu (%s): %s%s\n", d.step + 1, d.title.substr(0, 120).c_str(), d.what.c_str(), text.c_str());
}
}  // namespace

int conform(const std::vector<std::string>& args) {
  Options options;
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--verbose" || args[i] == "-v") {
      options.verbose = true;
    } else if (args[i] == "--pending" && i + 1 < args.size()) {
      options.pending = args[++i];
      options.pendingGiven = true;
    } else if (args[i].substr(0, 2) == "--") {
      std::fprintf(stderr,
                   "ordinal conform: unknown option %s\nusage: ordinal conform DIR… [--pending FILE] [--verbose]\n",
                   args[i].c_str());
      return 2;
    } else {
      options.folders.push_back(args[i]);
    }
  }
  if (options.folders.empty()) {
    std::fprintf(stderr, "usage: ordinal conform DIR… [--pending FILE] [--verbose]\n");
    return 2;
  }
  const std::set<std::string> pending = pendingNames(options.pending);
  int passed = 0, failed = 0, waiting = 0;
  for (const std::string& folder : options.folders) {
    const std::vector<fs::path> found = scenarios(folder);
    if (found.empty()) {
      std::fprintf(stderr, "ordinal conform: no scenarios with recordings in %s\n", folder.c_str());
      ++failed;
    }
    for (const fs::path& path : found) {
      std::string scenario, recording;
      std::vector<lesson::Divergence> more;
      lesson::Divergence d;
      if (!readFile(path.string(), scenario) ||
          !readFile(fs::path(path).replace_extension(".expected.json").string(), recording)) {
        d = {true, 0, "", "file", " cannot be read"};
      } else {
        d = lesson::conform(scenario, recording, options.verbose ? &more : nullptr);
      }
      const std::string name = nameOf(path);
      const bool listed = pending.count(name) > 0;
      if (listed && d.found) {
        std::printf("pending %s\n", name.c_str());
        ++waiting;
        continue;
      }
      if (listed) {
        std::printf("FAIL %s\n    passes, but is listed in %s: take it off the list\n", name.c_str(),
                    options.pending.c_str());
        ++failed;
        continue;
      }
      std::printf("%s %s\n", d.found ? "FAIL" : "ok  ", name.c_str());
      if (d.found) print(d, options.verbose);
      for (const lesson::Divergence& m : more) print(m, true);
      d.found ? ++failed : ++passed;
      std::fflush(stdout);
    }
  }
  if (options.pendingGiven && waiting) std::printf("%d pending\n", waiting);
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed ? 1 : 0;
}

}  // namespace cli
