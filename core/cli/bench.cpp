// ordinal bench PODS…: how long a Parallel StatefulSet of so many pods takes to become Ready, natively. One JSON object
// a line.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "core/cli/commands.hpp"
#include "core/lesson/bench.hpp"

namespace cli {
namespace {
double milliseconds(std::chrono::steady_clock::duration d) {
  return std::chrono::duration<double, std::milli>(d).count();
}

/// Time to stand at the middle of the journal from its end, the first time and again.
double seekMilliseconds(const sim::Cluster& cluster) {
  const auto start = std::chrono::steady_clock::now();
  store::Objects objects = cluster.objects();
  store::Facts facts = cluster.facts();
  const auto& entries = cluster.journal().entries;
  const size_t far = entries.size() > 10000 ? entries.size() - 10000 : 0;
  for (size_t i = entries.size(); i > far; --i) sim::applyBackward(entries[i - 1], objects, facts);
  return milliseconds(std::chrono::steady_clock::now() - start);
}
}  // namespace

int bench(const std::vector<std::string>& args) {
  for (const std::string& arg : args) {
    const int pods = std::atoi(arg.c_str());
    if (pods < 1 || pods > 20000) {
      std::fprintf(stderr, "ordinal bench: pods must be from 1 to 20000, not %s\n", arg.c_str());
      return 2;
    }
    lesson::Bench bench(pods);
    const size_t before = api::liveMemory().bytes;
    const auto start = std::chrono::steady_clock::now();
    const bool ready = bench.run();
    const double ms = milliseconds(std::chrono::steady_clock::now() - start);
    const double bytes = double(api::liveMemory().bytes - before) + double(bench.entries()) * sizeof(sim::Entry);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "{\"pods\":%d,\"ready\":%s,\"native_ms\":%.1f,\"writes\":%zu,\"writes_per_second\":%.0f,\"entries\":%zu,"
        "\"bytes_per_entry\":%.0f,\"seek_ms\":%.2f,\"rss_mb\":%.1f}\n",
        pods, ready ? "true" : "false", ms, bench.writes(), double(bench.writes()) / ms * 1000, bench.entries(),
        bytes / double(bench.entries() ? bench.entries() : 1), seekMilliseconds(bench.cluster()),
        double(usage.ru_maxrss) / 1024);
    std::fflush(stdout);
    if (!ready) return 1;
  }
  return 0;
}

}  // namespace cli
