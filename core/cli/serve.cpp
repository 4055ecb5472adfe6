// ordinal serve: a cluster behind a port, for a real kubectl or any client library. Its clock runs with the wall clock.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "core/cli/commands.hpp"
#include "core/cli/http_server.hpp"
#include "core/lesson/scenario.hpp"
#include "core/sim/replay.hpp"

namespace cli {
namespace {
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr const char* usage =
    "usage: ordinal serve [MANIFEST…] [--port N] [--nodes N] [--kubelet real|auto|manual] [--kubernetes VERSION]\n"
    "                     [--speed FACTOR] [--seed N] [--kubeconfig FILE]\n"
    "\n"
    "  --port N              on 127.0.0.1; any free one where it is 0 (8001)\n"
    "  --nodes N             machines of 4 CPUs and 8Gi each (3)\n"
    "  --kubelet MODE        real: containers run small programs; auto: pods become Ready by themselves; manual: pods\n"
    "                        change only when a client writes their status (real)\n"
    "  --kubernetes VERSION  1.35.0, 1.35.4, 1.36 or 1.37, where they differ (1.37)\n"
    "  --speed FACTOR        how fast the cluster's clock runs (1); other than 1, kubectl's ages are wrong: it counts "
    "them\n"
    "                        by the clock of its own machine\n"
    "  --kubeconfig FILE     is written for clients to find the server\n"
    "\n"
    "Not served: exec, attach, cp and port-forward, which need connections that are upgraded (`ordinal shell` has "
    "them),\n"
    "and the descriptions of `kubectl explain`.\n";

struct Options {
  sim::Setup setup;
  int port = 8001;
  double speed = 1;
  std::string kubeconfig;
  std::vector<std::string> manifests;
};

int refuse(const std::string& why) {
  std::fprintf(stderr, "ordinal serve: %s\n%s", why.c_str(), usage);
  return 2;
}

/// "" or what is wrong with an option's value.
std::string set(Options& o, const std::string& name, const std::string& value) {
  const auto number = [&](int from, int to, int& out) {
    char* end = nullptr;
    const long n = std::strtol(value.c_str(), &end, 10);
    if (value.empty() || *end || n < from || n > to)
      return name + " must be from " + std::to_string(from) + " to " + std::to_string(to) + ", not " + value;
    out = int(n);
    return std::string();
  };
  if (name == "--port") return number(0, 65535, o.port);
  if (name == "--nodes") return number(0, 1000, o.setup.nodes);
  if (name == "--seed") {
    int seed = 0;
    const std::string error = number(0, 1000000000, seed);
    o.setup.seed = uint64_t(seed);
    return error;
  }
  if (name == "--speed") {
    char* end = nullptr;
    o.speed = std::strtod(value.c_str(), &end);
    return *end || !(o.speed > 0 && o.speed <= 10000) ? "--speed must be above 0 and at most 10000, not " + value : "";
  }
  if (name == "--kubelet") {
    using enum sim::Setup::Kubelet;
    if (value != "real" && value != "auto" && value != "manual") return "--kubelet must be real, auto or manual";
    o.setup.kubelet = value == "real" ? real : value == "auto" ? automatic : manual;
    return {};
  }
  if (name == "--kubeconfig") return o.kubeconfig = value, std::string();
  if (name == "--kubernetes") {
    if (sim::findVersion(value, o.setup.version)) return {};
    return "--kubernetes must be 1.35.0, 1.35.4, 1.36 or 1.37, not " + value;
  }
  return "unknown option " + name;
}

std::string parse(const std::vector<std::string>& args, Options& o) {
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].substr(0, 1) != "-") {
      o.manifests.push_back(args[i]);
      continue;
    }
    const size_t equal = args[i].find('=');
    if (equal == std::string::npos && i + 1 == args.size()) return args[i] + " needs a value";
    const std::string name = args[i].substr(0, equal);
    const std::string value = equal == std::string::npos ? args[++i] : args[i].substr(equal + 1);
    if (std::string error = set(o, name, value); !error.empty()) return error;
  }
  return {};
}

int64_t wallMillis() {
  return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string kubeconfigFor(int port) {
  return "apiVersion: v1\nkind: Config\nclusters:\n- name: ordinal\n  cluster:\n    server: http://127.0.0.1:" +
         std::to_string(port) +
         "\ncontexts:\n- name: ordinal\n  context:\n    cluster: ordinal\n    user: ordinal\ncurrent-context: ordinal\n"
         "users:\n- name: ordinal\n  user: {}\n";
}

bool writeFile(const std::string& path, const std::string& text) {
  std::FILE* f = std::fopen(path.c_str(), "wb");
  if (!f) return false;
  const bool ok = std::fwrite(text.data(), 1, text.size(), f) == text.size();
  return std::fclose(f) == 0 && ok;
}

int applyManifests(sim::Cluster& cluster, const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    lesson::Step step;
    step.line = "apply -f -";
    if (!readFile(file, step.input)) return std::fprintf(stderr, "ordinal serve: cannot read %s\n", file.c_str()), 1;
    const lesson::Reply reply = lesson::perform(cluster, step);
    std::fputs(reply.out.c_str(), stdout);
    std::fputs(reply.err.c_str(), stderr);
    if (reply.exit != 0) return reply.exit;
  }
  return 0;
}

volatile std::sig_atomic_t stopped = 0;
void stop(int) { stopped = 1; }

/// The cluster's clock: wall time times the speed, from when it began.
struct VirtualClock {
  int64_t wallStart, start;
  double speed;
  api::Millis now() const { return start + api::Millis(double(wallMillis() - wallStart) * speed); }
  /// How many milliseconds of wall time until then; at least one.
  int until(api::Millis t, int most) const {
    if (t == INT64_MAX) return most;
    const double left = double(t - now()) / speed;
    return left < 1 ? 1 : left > most ? most : int(left);
  }
};

/// Lets the cluster work until its clock has caught up. False: there is more to do, but clients have their turn first.
bool catchUp(sim::Cluster& cluster, const VirtualClock& clock) {
  const api::Millis now = clock.now();
  for (int steps = 0; steps < 1000; ++steps) {
    if (!cluster.step(now)) return cluster.advanceTo(now), true;
  }
  return false;
}

void run(sim::Cluster& cluster, HttpServer& server, const VirtualClock& clock) {
  while (!stopped) {
    const bool idle = catchUp(cluster, clock);
    server.feedWatches();
    server.serve(idle ? clock.until(cluster.nextDue(), 250) : 0);
  }
}
}  // namespace

int serve(const std::vector<std::string>& args) {
  Options o;
  if (args.size() == 1 && (args[0] == "--help" || args[0] == "-h")) return std::fputs(usage, stdout), 0;
  if (std::string error = parse(args, o); !error.empty()) return refuse(error);
  // The cluster is a few seconds old when the first client comes.
  o.setup.start = wallMillis() - 10000;
  sim::Cluster cluster(o.setup);
  HttpServer server(cluster);
  if (std::string error = server.listen(o.port); !error.empty()) {
    std::fprintf(stderr, "ordinal serve: %s\n", error.c_str());
    return 1;
  }
  const VirtualClock clock{wallMillis(), wallMillis(), o.speed};
  while (!catchUp(cluster, clock)) {}
  if (const int exit = applyManifests(cluster, o.manifests); exit != 0) return exit;
  const std::string address = "http://127.0.0.1:" + std::to_string(server.port());
  if (!o.kubeconfig.empty() && !writeFile(o.kubeconfig, kubeconfigFor(server.port()))) {
    std::fprintf(stderr, "ordinal serve: cannot write %s\n", o.kubeconfig.c_str());
    return 1;
  }
  const std::string how = o.kubeconfig.empty() ? "--server " + address : "--kubeconfig " + o.kubeconfig;
  std::printf("Kubernetes %s on %s\nkubectl %s get nodes\n", sim::versions[size_t(o.setup.version)].data(),
              address.c_str(), how.c_str());
  std::fflush(stdout);
  std::signal(SIGINT, stop);
  std::signal(SIGTERM, stop);
  std::signal(SIGPIPE, SIG_IGN);
  run(cluster, server, clock);
  return 0;
}

}  // namespace cli
