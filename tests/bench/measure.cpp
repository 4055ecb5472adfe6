// Measures the core natively: a Parallel StatefulSet with a claim for each pod, from its creation to all pods Ready.
// usage: measure REPLICAS   prints one JSON object.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/bench/workload.hpp"

namespace {

size_t heapOf(const std::string& s) { return s.capacity() > 15 ? s.capacity() + 1 : 0; }

/// What an entry takes beside the documents it shares with others.
size_t bytesOf(const sim::Entry& e) {
  size_t bytes = sizeof e + (e.why.inputs.size() ? sizeof(std::vector<decision::Input>) + 16 : 0);
  bytes += e.why.inputs.size() * sizeof(decision::Input);
  bytes += e.events.capacity() * sizeof e.events[0] + e.facts.capacity() * sizeof e.facts[0];
  for (const store::FactChange& f : e.facts) bytes += heapOf(f.key);
  return bytes;
}

struct Measured {
  double ms = 0, seekMs = 0;
  size_t entries = 0, writes = 0;
  size_t bytes = 0;  ///< of all documents and entries
  int64_t ready = 0;
};

Measured measure(int replicas) {
  Measured m;
  const size_t documents = api::liveMemory().bytes;
  const double start = bench::milliseconds();
  sim::Session session(bench::roomFor(replicas));
  session.apply(bench::manifestFor(replicas));
  session.rest();
  m.ms = bench::milliseconds() - start;
  m.bytes = api::liveMemory().bytes - documents;
  m.entries = session.length();
  for (size_t i = 0; i < m.entries; i++) {
    m.writes += session.entry(i).writes();
    m.bytes += bytesOf(session.entry(i));
  }
  m.ready = session.object("StatefulSet/default/web").get({api::key::status, api::key::readyReplicas}).asInt();
  const size_t places[] = {m.entries / 2, m.entries - 1, m.entries / 3, 10, m.entries * 3 / 4, m.entries};
  for (size_t n : places) {
    const double from = bench::milliseconds();
    session.seek(n);
    session.objects();  // the look back is made when something asks
    m.seekMs = std::max(m.seekMs, bench::milliseconds() - from);
  }
  return m;
}

}  // namespace

int main(int argc, char** argv) {
  const int replicas = argc > 1 ? std::atoi(argv[1]) : 1000;
  measure(replicas);  // the first run fetches memory from the system, page by page
  Measured m = measure(replicas);
  // As for the page: the best of three, as other programs use the machine too.
  for (int i = 0; i < 2 && replicas <= 1000; i++) m.ms = std::min(m.ms, measure(replicas).ms);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"native_ms\":%.1f,\"writes\":%zu,\"entries\":%zu,\"bytes_per_entry\":%.0f,\"rss_mb\":%"
      ".0f,\"seek_ms\":%.2f,"
      "\"ready\":%lld}\n",
      m.ms, m.writes, m.entries, double(m.bytes) / double(std::max<size_t>(m.entries, 1)),
      double(usage.ru_maxrss) / 1024, m.seekMs, static_cast<long long>(m.ready));
}
