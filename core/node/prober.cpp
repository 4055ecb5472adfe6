#include "core/node/prober.hpp"

#include <algorithm>

#include "core/node/container.hpp"
#include "core/node/serving.hpp"

namespace node {
namespace {
using api::Value;
using shell::Reached;
namespace key = api::key;

int64_t orDefault(int64_t value, int64_t standard) { return value > 0 ? value : standard; }

/// The kubelet's ticker gives the first probe a little after the container's start.
Millis firstProbe(const api::Probe& p, Millis now) {
  return now + std::max<Millis>(p.initialDelaySeconds() * 1000, 1000);
}

/// A port by number or by the name that the container gives it.
int portOf(const Value& port, const api::Container& c) {
  if (port.kind() == api::Kind::Int) return int(port.asInt());
  for (const api::ContainerPort& p : c.ports()) {
    if (p.name() == port.asString()) return int(p.containerPort());
  }
  int number = 0;
  for (char d : port.asString()) number = d >= '0' && d <= '9' && number < 100000 ? number * 10 + (d - '0') : 0;
  return number;
}

/// Whether the image is unknown, and so nobody can tell what it would answer: it counts as well.
bool isUnknown(const api::Container& c, const ContainerRun& run) { return !programOf(c.image()).known && !run.shell; }

Reached reach(NodeClient& client, const api::Pod& pod, const api::Container& c, ContainerRun& run,
              std::string_view host, int port, Arrival& to, Turns& turns) {
  if (host.empty() && isUnknown(c, run)) {
    to.pod = pod;
    to.container = c;
    return Reached::ok;
  }
  // A server that a script starts is there once the script has come to it.
  if (host.empty() && run.shell && !run.shell->running().empty() && run.shell->running()[0] == "sleep")
    return Reached::refused;
  to = arrive(client, pod, host.empty() ? pod.status().podIP() : host, port, turns);
  return to.reached;
}

std::string dialError(Reached reached, const std::string& at) {
  switch (reached) {
    case Reached::timeout: return "dial tcp " + at + ": i/o timeout";
    case Reached::unknownHost: return "dial tcp: lookup " + at + ": no such host";
    case Reached::unreachable: return "dial tcp " + at + ": connect: no route to host";
    default: return "dial tcp " + at + ": connect: connection refused";
  }
}

ProbeAnswer askHttp(NodeClient& client, const api::Pod& pod, const api::Container& c, ContainerRun& run, Turns& turns,
                    const Value& get) {
  ProbeAnswer answer;
  const int port = portOf(get[key::port], c);
  const std::string_view host = get[key::host].asString();
  shell::HttpRequest request;
  request.path = get[key::path].asString();
  if (request.path.empty() || request.path[0] != '/') request.path = "/" + request.path;
  request.headers = {{"User-Agent", "kube-probe/1.37"}};
  Arrival to;
  const Reached reached = reach(client, pod, c, run, host, port, to, turns);
  const std::string ip(host.empty() ? pod.status().podIP() : host), at = ip + ":" + std::to_string(port);
  if (reached == Reached::ok && isUnknown(c, run)) return answer;
  if (reached == Reached::ok && to.pod) {
    const shell::HttpReply reply = serveHttp(client, to, request, "192.0.2.1");
    answer.ok = reply.reached == Reached::ok && reply.code >= 200 && reply.code < 400;
    answer.output = "HTTP probe failed with statuscode: " + std::to_string(reply.code);
    if (reply.reached == Reached::ok) return answer;
  }
  answer.ok = false;
  answer.lasting = reached == Reached::ok || reached == Reached::timeout;
  std::string scheme(get[key::scheme].asString() == "HTTPS" ? "https" : "http");
  answer.output = "Get \"" + scheme + "://" + at + request.path + "\": " +
                  (reached == Reached::timeout || reached == Reached::ok
                       ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
                       : dialError(reached, at));
  return answer;
}

std::string commandLine(const Value& command) {
  std::string out;
  for (const Value& word : command.values()) (out += out.empty() ? "" : " ") += word.asString();
  return out;
}

/// The command runs at once; what it sleeps counts against its time limit.
ProbeAnswer askExec(NodeClient& client, const api::Pod& pod, const api::Container& c, ContainerRun& run, Turns& turns,
                    const Value& command, Millis timeout) {
  ProbeAnswer answer;
  if (isUnknown(c, run)) return answer;
  std::vector<std::string> argv;
  for (const Value& word : command.values()) argv.emplace_back(word.asString());
  ContainerSystem system(client, pod, c, run, turns);
  std::string said;
  system.sayTo(&said, &said);
  shell::Shell probe = shell::Shell::command(argv, system.variables());
  const Millis start = client.now();
  shell::State state = probe.run(system, 3000);
  for (int i = 0; i < 50 && state == shell::State::waits && probe.wakeAt() - start <= timeout; ++i) {
    system.pretendNow(std::max(probe.wakeAt(), start));
    state = probe.run(system, 3000);
  }
  answer.lasting = !system.lookedAround();
  if (state != shell::State::ended) {
    answer.ok = false;
    answer.output =
        "command timed out: \"" + commandLine(command) + "\" timed out after " + std::to_string(timeout / 1000) + "s";
    return answer;
  }
  answer.ok = probe.exit() == 0;
  answer.output = said.substr(0, 10240);
  return answer;
}

/// One probe that is due: `none` until its threshold is reached.
enum class Result { none, success, failure };
Result probeOnce(ProbeRun& run, const api::Probe& p, bool ok, Millis now) {
  run.next = now + orDefault(p.periodSeconds(), 10) * 1000;
  run.successes = ok ? run.successes + 1 : 0;
  run.failures = ok ? 0 : run.failures + 1;
  if (run.successes >= orDefault(p.successThreshold(), 1)) return Result::success;
  if (run.failures >= orDefault(p.failureThreshold(), 3)) return Result::failure;
  return Result::none;
}

/// A probe's next turn in its own rhythm.
void resume(ProbeRun& run, const api::Probe& p, Millis startedAt, Millis now) {
  if (!run.rests) return;
  run.rests = false;
  const Millis period = orDefault(p.periodSeconds(), 10) * 1000, first = firstProbe(p, startedAt);
  run.next = first >= now ? first : first + (now - first + period - 1) / period * period;
}
}  // namespace

/// Of what is known here only etcd does; what is not known is taken at its word.
static bool speaksGrpc(std::string_view image) {
  const Program& p = programOf(image);
  return !p.known || p.name == "etcd" || image.find("agnhost") != image.npos;
}

ProbeAnswer askProbe(NodeClient& client, const api::Pod& pod, const api::Container& c, ContainerRun& run,
                     PodWorker& worker, Turns& turns, const api::Probe& p) {
  const Millis timeout = orDefault(p.timeoutSeconds(), 1) * 1000;
  if (const Value* command = p.doc.find(api::Path(std::initializer_list<api::Step>{key::exec, key::command}))) {
    if (!worker.isHung(c.name(), run)) return askExec(client, pod, c, run, turns, *command, timeout);
    return {
        false, true,
        "command timed out: \"" + commandLine(*command) + "\" timed out after " + std::to_string(timeout / 1000) + "s"};
  }
  if (p.hasHttpGet()) return askHttp(client, pod, c, run, turns, p.doc[key::httpGet]);
  const bool tcp = p.hasTcpSocket();
  if (!tcp && !p.has(key::grpc)) return {};
  const Value& port = p.doc.get({tcp ? api::Key(key::tcpSocket) : api::Key(key::grpc), key::port});
  const std::string_view host = tcp ? p.doc.get({key::tcpSocket, key::host}).asString() : std::string_view();
  Arrival to;
  const Reached reached = reach(client, pod, c, run, host, portOf(port, c), to, turns);
  if (reached == Reached::ok && (tcp || speaksGrpc(to.container.image()))) return {};
  const std::string at =
      std::string(host.empty() ? pod.status().podIP() : host) + ":" + std::to_string(portOf(port, c));
  if (tcp) return {false, reached == Reached::timeout, dialError(reached, at)};
  return {false, false,
          "timeout: failed to connect service \"" + at + "\" within " + std::to_string(timeout / 1000) +
              "s: context deadline exceeded"};
}

void startProbes(ContainerRun& c, const api::Container& spec, Millis now) {
  stopProbes(c);
  c.started = !spec.hasStartupProbe();
  c.ready = c.started && !spec.hasReadinessProbe();
  if (spec.hasStartupProbe()) {
    c.startup.next = firstProbe(spec.startupProbe(), now);
    return;
  }
  if (spec.hasReadinessProbe()) c.readiness.next = firstProbe(spec.readinessProbe(), now);
  if (spec.hasLivenessProbe()) c.liveness.next = firstProbe(spec.livenessProbe(), now);
}

void stopProbes(ContainerRun& c) { c.startup = c.readiness = c.liveness = ProbeRun(); }

ProbeFindings runProbes(NodeClient& client, const api::Pod& pod, const api::Container& spec, ContainerRun& c,
                        PodWorker& worker, Turns& turns) {
  ProbeFindings found;
  const Millis now = client.now();
  const auto ask = [&](const api::Probe& p, bool fails) {
    found.changed = true;
    if (fails) return ProbeAnswer{false, true, p.hasHttpGet() ? "HTTP probe failed with statuscode: 500" : ""};
    return askProbe(client, pod, spec, c, worker, turns, p);
  };
  if (c.startup.next <= now) {
    const ProbeAnswer answer = ask(spec.startupProbe(), worker.startupFails);
    if (!answer.ok) found.unhealthy.push_back("Startup probe failed: " + answer.output);
    const Result result = probeOnce(c.startup, spec.startupProbe(), answer.ok, now);
    if (result == Result::failure) found.killedBy = "startup";
    if (result != Result::success) return found;
    c.startup = ProbeRun();
    c.started = true;
    c.ready = !spec.hasReadinessProbe();
    if (spec.hasReadinessProbe()) c.readiness.next = firstProbe(spec.readinessProbe(), now);
    if (spec.hasLivenessProbe()) c.liveness.next = firstProbe(spec.livenessProbe(), now);
    return found;
  }
  if (!c.started) return found;
  if (c.liveness.next <= now) {
    const api::Probe p = spec.livenessProbe();
    const ProbeAnswer answer = ask(p, worker.livenessFails);
    if (!answer.ok) found.unhealthy.push_back("Liveness probe failed: " + answer.output);
    const Result result = probeOnce(c.liveness, p, answer.ok, now);
    if (result == Result::failure) return found.killedBy = "liveness", found;
    if (answer.ok && answer.lasting) c.liveness.next = never, c.liveness.rests = true;
  }
  if (!spec.hasReadinessProbe()) {
    // Without a probe the injected fault acts at once, as if a probe had found it.
    if (c.ready == worker.readinessFails) {
      c.ready = !worker.readinessFails;
      found.changed = true;
    }
    return found;
  }
  if (c.readiness.next > now) return found;
  const api::Probe p = spec.readinessProbe();
  const ProbeAnswer answer = ask(p, worker.readinessFails);
  if (!answer.ok) found.unhealthy.push_back("Readiness probe failed: " + answer.output);
  switch (probeOnce(c.readiness, p, answer.ok, now)) {
    case Result::success: c.ready = true; break;
    case Result::failure: c.ready = false; break;
    case Result::none: break;
  }
  if (answer.ok && answer.lasting && c.ready) c.readiness.next = never, c.readiness.rests = true;
  return found;
}

void resumeProbes(ContainerRun& c, const api::Container& spec, Millis now) {
  resume(c.readiness, spec.readinessProbe(), c.startedAt, now);
  resume(c.liveness, spec.livenessProbe(), c.startedAt, now);
}

}  // namespace node
