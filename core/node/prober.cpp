#include "core/node/prober.hpp"

#include <algorithm>

namespace node {
namespace {
int64_t orDefault(int64_t value, int64_t standard) { return value > 0 ? value : standard; }

/// The kubelet's ticker gives the first probe a little after the container's start.
Millis firstProbe(const api::Probe& p, Millis now) {
  return now + std::max<Millis>(p.initialDelaySeconds() * 1000, 1000);
}

std::string outputOf(const api::Probe& p, std::string_view ip) {
  if (p.hasHttpGet()) return "HTTP probe failed with statuscode: 500";
  if (p.hasTcpSocket()) {
    const api::Value& port = p.doc.get({api::key::tcpSocket, api::key::port});
    return "dial tcp " + std::string(ip) + ":" +
           (port.kind() == api::Kind::Int ? std::to_string(port.asInt()) : std::string(port.asString())) +
           ": connect: connection refused";
  }
  return {};
}

enum class Result { none, success, failure };

/// One probe that is due: `none` until its threshold is reached.
Result probeOnce(ProbeRun& run, const api::Probe& p, bool ok, Millis now) {
  run.next = now + orDefault(p.periodSeconds(), 10) * 1000;
  run.successes = ok ? run.successes + 1 : 0;
  run.failures = ok ? 0 : run.failures + 1;
  if (run.successes >= orDefault(p.successThreshold(), 1)) return Result::success;
  if (run.failures >= orDefault(p.failureThreshold(), 3)) return Result::failure;
  return Result::none;
}
}  // namespace

void startProbes(ContainerRun& c, const api::Container& spec, Millis now) {
  stopProbes(c);
  c.started = !spec.hasStartupProbe();
  c.ready = c.started && !spec.hasReadinessProbe();
  if (spec.hasStartupProbe()) {
    c.startup.next = firstProbe(spec.startupProbe(), now);
    return;
  }
  if (spec.hasReadinessProbe()) c.readiness.next = firstProbe(spec.readinessProbe(), now);
}

void stopProbes(ContainerRun& c) { c.startup = c.readiness = ProbeRun(); }

bool runProbes(ContainerRun& c, const api::Container& spec, std::string_view ip, bool readinessFails, Millis now,
               std::string& unhealthy) {
  if (c.startup.next <= now) {
    if (probeOnce(c.startup, spec.startupProbe(), true, now) == Result::success) {
      c.startup = ProbeRun();
      c.started = true;
      c.ready = !spec.hasReadinessProbe();
      if (spec.hasReadinessProbe()) c.readiness.next = firstProbe(spec.readinessProbe(), now);
    }
    return true;
  }
  if (!c.started) return false;
  if (!spec.hasReadinessProbe()) {
    // Without a probe the injected fault acts at once, as if a probe had found it.
    if (c.ready != readinessFails) return false;
    c.ready = !readinessFails;
    return true;
  }
  if (c.readiness.next > now) return false;
  const api::Probe p = spec.readinessProbe();
  const bool ok = !readinessFails;
  if (!ok) unhealthy = "Readiness probe failed: " + outputOf(p, ip);
  switch (probeOnce(c.readiness, p, ok, now)) {
    case Result::success: c.ready = true; break;
    case Result::failure: c.ready = false; break;
    case Result::none: break;
  }
  // While a container is Ready and nothing is broken, its probe cannot change anything: it rests until a fault wakes it
  // (resumeReadiness), so that a quiet cluster has nothing to do.
  if (ok && c.ready) c.readiness.next = never;
  return true;
}

void resumeReadiness(ContainerRun& c, const api::Container& spec, Millis now) {
  if (!c.started || !spec.hasReadinessProbe() || c.readiness.next != never) return;
  const api::Probe p = spec.readinessProbe();
  const Millis period = orDefault(p.periodSeconds(), 10) * 1000, first = firstProbe(p, c.startedAt);
  c.readiness.next = first >= now ? first : first + (now - first + period - 1) / period * period;
}

}  // namespace node
