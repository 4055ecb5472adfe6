#include "core/node/pod_worker.hpp"

#include <algorithm>

#include "core/decision/rules.hpp"
#include "core/node/container_run.hpp"
#include "core/node/files.hpp"
#include "core/node/inputs.hpp"
#include "core/node/pod_status.hpp"
#include "core/node/prober.hpp"
#include "core/node/serving.hpp"

namespace node {
namespace {
using api::Value;
using decision::Rule;
using State = ContainerRun::State;
using Step = PodWorker::Step;
namespace key = api::key;

// How long a machine takes; the simulated numbers stand for a quick cluster.
constexpr Millis mountTime = 300, pullTime = 1200, statusTime = 100;
constexpr Millis longestMountBackOff = 122000;  // pkg/util/goroutinemap/exponentialbackoff

class Work {
 public:
  Work(PodWorker& w, const api::Pod& pod, Machine& machine, NodeClient& client)
      : w_(w), pod_(pod), machine_(machine), client_(client), now_(client.now()) {
    showAddresses();
  }

  /// One thing that is due, if any.
  enum class Did { something, nothing, waits };
  Did next() {
    switch (w_.step) {
      case Step::accepted: return accept();
      case Step::mounting: return w_.due <= now_ ? mount() : Did::nothing;
      case Step::pulling: return w_.due <= now_ ? pulled() : Did::nothing;
      case Step::initializing: return initialize();
      case Step::starting: return w_.due <= now_ ? start() : Did::nothing;
      case Step::running: return watch();
      case Step::terminating: return end();
      default: return Did::nothing;
    }
  }

 private:
  /// Programs see the addresses at once, though they are not reported yet.
  void showAddresses() {
    if (w_.ip.empty() || pod_.status().podIP() == w_.ip) return;
    api::PodStatus status = pod_.status();
    setAddress(status, w_.ip);
    setHost(status, client_.view().get<api::Node>("", machine_.name));
    pod_.status(std::move(status));
  }

  ContainerWork work(ContainerRun& c, const api::Container& spec, bool init) {
    return ContainerWork(w_, pod_, machine_, client_, c, spec, init);
  }

  Did accept() {
    w_.startTime = now_;
    w_.init.resize(pod_.spec().initContainers().size());
    w_.containers.resize(pod_.spec().containers().size());
    if (!w_.init.empty()) {
      for (ContainerRun& c : w_.containers) c.reason = "PodInitializing";
      for (ContainerRun& c : w_.init) c.reason = "PodInitializing";
    }
    setWhy(Rule::PodAccepted);
    w_.step = Step::mounting;
    w_.due = now_ + mountTime;
    return Did::something;
  }

  Did mount() {
    std::vector<std::string> volumes;
    for (const api::Volume& v : pod_.spec().volumes()) {
      if (!v.hasPersistentVolumeClaim()) {
        if (isGiven(v) && !given(v)) return Did::something;
        continue;
      }
      const std::string_view claim = v.persistentVolumeClaim().claimName();
      const auto pvc = client_.view().get<api::PersistentVolumeClaim>(pod_.metadata().namespace_(), claim);
      if (pvc && pvc.status().phase() == "Bound") {
        volumes.emplace_back(pvc.spec().volumeName());
        continue;
      }
      client_.wait({Rule::WaitForVolumeMount, {{"pod", pod_.metadata().name()}, {"claim", claim}}},
                   podObjectName(pod_));
      return Did::waits;
    }
    w_.volumes = std::move(volumes);
    w_.unmounted.clear();
    if (w_.ip.empty()) w_.ip = machine_.addresses.nextAddress();
    showAddresses();
    setWhy(Rule::PodPrepared);
    w_.step = Step::pulling;
    bool pulls = false;
    forAll([&](ContainerRun& c, const api::Container& spec, bool init) { pulls |= work(c, spec, init).pull(); });
    if (pulls) w_.due = now_ + pullTime;
    return Did::something;
  }

  /// Whether a ConfigMap's or Secret's volume has what it needs; else the mount is tried again later and later.
  bool given(const api::Volume& v) {
    std::string error;
    givenFiles(pod_, v, client_.view(), error);
    if (error.empty()) return true;
    w_.unmounted = error;
    const Value ref = pod_.doc;
    w_.events.push_back({ref, "Warning", "FailedMount",
                         "MountVolume.SetUp failed for volume \"" + std::string(v.name()) + "\" : " + error});
    w_.mountBackOff = w_.mountBackOff ? std::min(2 * w_.mountBackOff, longestMountBackOff) : 500;
    w_.due = now_ + w_.mountBackOff;
    client_.wait({Rule::WaitForVolumeSource, {{"pod", pod_.metadata().name()}, {"volume", v.name()}, {"error", error}}},
                 podObjectName(pod_));
    return false;
  }

  template <class F>
  void forAll(F&& f) {
    const auto specs = pod_.spec().containers();
    for (size_t i = 0; i < w_.containers.size(); ++i) f(w_.containers[i], specs[i], false);
    const auto inits = pod_.spec().initContainers();
    for (size_t i = 0; i < w_.init.size(); ++i) f(w_.init[i], inits[i], true);
  }

  Did pulled() {
    const auto inits = pod_.spec().initContainers();
    for (size_t i = 0; i < w_.init.size(); ++i) work(w_.init[i], inits[i], true).pulled();
    const auto specs = pod_.spec().containers();
    for (size_t i = 0; i < w_.containers.size(); ++i) {
      if (w_.init.empty()) {
        work(w_.containers[i], specs[i], false).pulled();
      } else {
        machine_.images.emplace(specs[i].image());
      }
    }
    w_.step = Step::initializing;
    return Did::something;
  }

  /// Init containers run one after the other; those that are to go on (sidecars) only have to start.
  Did initialize() {
    obeyFaults();
    const auto specs = pod_.spec().initContainers();
    for (size_t i = 0; i < w_.init.size(); ++i) {
      ContainerRun& c = w_.init[i];
      const bool sidecar = specs[i].restartPolicy() == "Always";
      if (c.state == State::waiting && c.restartAt == never) return work(c, specs[i], true).start(), Did::something;
      if (work(c, specs[i], true).live(sidecar ? "Always" : initPolicy())) return Did::something;
      if (sidecar && c.started) continue;
      if (c.state == State::exited && c.end.code == 0 && !sidecar) continue;
      return Did::nothing;
    }
    w_.step = Step::starting;
    w_.due = w_.init.empty() ? now_ : now_ + statusTime;  // that they have ended is told before the others start
    return Did::something;
  }

  Did start() {
    w_.step = Step::running;
    const auto containers = pod_.spec().containers();
    for (size_t i = 0; i < w_.containers.size(); ++i) work(w_.containers[i], containers[i], false).start();
    explainStart();
    return Did::something;
  }

  /// Why the pod's status changes as its containers start.
  void explainStart() {
    const auto running = [](const ContainerRun& c) { return c.state == State::running; };
    if (!std::all_of(w_.containers.begin(), w_.containers.end(), running)) return;
    for (const api::Container& c : pod_.spec().containers()) {
      if (programOf(c.image()).known) continue;
      setWhy(Rule::PodStartedAsSleep);
      w_.why.inputs.add({"image", c.image()});
      return;
    }
    setWhy(allReady() ? Rule::PodStartedReady : Rule::PodStarted);
  }

  std::string_view initPolicy() const { return pod_.spec().restartPolicy() == "Never" ? "Never" : "OnFailure"; }

  Did watch() {
    obeyFaults();
    const auto inits = pod_.spec().initContainers();
    for (size_t i = 0; i < w_.init.size(); ++i) {
      if (inits[i].restartPolicy() == "Always" && work(w_.init[i], inits[i], true).live("Always"))
        return Did::something;
    }
    const auto specs = pod_.spec().containers();
    for (size_t i = 0; i < w_.containers.size(); ++i) {
      if (work(w_.containers[i], specs[i], false).live(pod_.spec().restartPolicy())) return Did::something;
    }
    return sessions();
  }

  /// The last containers to end are the sidecars, the one that started first at the very end.
  Did end() {
    Did did = Did::nothing;
    forAll([&](ContainerRun& c, const api::Container& spec, bool init) {
      if (c.state == State::running && work(c, spec, init).live("Never")) did = Did::something;
    });
    if (did == Did::something) return did;
    const auto running = [](const ContainerRun& c) { return c.state == State::running; };
    if (std::any_of(w_.containers.begin(), w_.containers.end(), running)) return sessions();
    const auto inits = pod_.spec().initContainers();
    for (size_t i = w_.init.size(); i-- > 0;) {
      if (w_.init[i].state != State::running) continue;
      if (w_.init[i].stopping) return sessions();
      work(w_.init[i], inits[i], true)
          .stop(std::max<Millis>(w_.graceEnds - now_, 0), "Stopping container " + std::string(inits[i].name()));
      return Did::something;
    }
    w_.step = Step::ended;
    return Did::something;
  }

  /// Programs started by exec.
  Did sessions() {
    for (ExecSession& s : w_.sessions) {
      if (s.ended) continue;
      bool there = false;
      forAll([&](ContainerRun& c, const api::Container& spec, bool init) {
        if (spec.name() != s.container) return;
        there = c.state == State::running && c.instance == s.instance;
        if (there && s.wake <= now_ && !w_.isHung(s.container, c)) runSession(s, c, spec), (void)init;
      });
      if (there) continue;
      s.ended = true;
      s.exit = 137;
    }
    return Did::nothing;
  }

  void runSession(ExecSession& s, ContainerRun& c, const api::Container& spec) {
    ContainerSystem system(client_, pod_, spec, c, machine_.turns);
    system.sayTo(&s.out, &s.err);
    const shell::State state = s.shell.run(system, 4000);
    s.wake = wakeOf(s.shell, state, now_);
    s.ended = state == shell::State::ended;
    s.exit = s.shell.exit();
  }

  /// A user's faults: a crash is carried out once, what hangs or fails stays so.
  void obeyFaults() {
    const Value& fault = client_.facts().get(podFaultKey(w_.uid));
    const auto fails = [&](std::string_view name) {
      const Value* v = fault.find(name);
      return v && v->asBool();
    };
    const Value& hung = fault[api::Key("hangs")];
    const bool changed = fails("readinessFails") != w_.readinessFails || fails("livenessFails") != w_.livenessFails ||
                         fails("startupFails") != w_.startupFails || hung != w_.hangs;
    w_.readinessFails = fails("readinessFails");
    w_.livenessFails = fails("livenessFails");
    w_.startupFails = fails("startupFails");
    if (hung != w_.hangs) {
      w_.hangs = hung;
      // What hung goes on where it stood.
      forAll([&](ContainerRun& c, const api::Container&, bool) {
        if (c.state == State::running && c.shell) c.wake = std::min(c.wake, now_);
        if (c.hookShell) c.hookWake = std::min(c.hookWake, now_);
      });
    }
    if (changed) recheckProbes(w_, pod_, now_);
    if (const Value* crash = fault.find("crash")) crashOnce(*crash);
  }

  void crashOnce(const Value& crash) {
    const int serial = int(crash[api::Key("serial")].asInt());
    if (serial == w_.crashSerial) return;
    w_.crashSerial = serial;
    const std::string_view wanted = crash[api::Key("container")].asString();
    bool done = false;
    forAll([&](ContainerRun& c, const api::Container& spec, bool) {
      if (done || c.state != State::running || (!wanted.empty() && spec.name() != wanted)) return;
      c.endsAt = now_;
      c.endsWith = int(crash[key::exitCode].asInt());
      if (crash[key::reason].asString() == "OOMKilled") c.endReason = "OOMKilled";
      done = true;
    });
  }

  bool allReady() const {
    return std::all_of(w_.containers.begin(), w_.containers.end(), [](const ContainerRun& c) { return c.ready; });
  }

  void setWhy(Rule rule) {
    w_.why = decision::Why(rule,
                           {{"pod", pod_.metadata().name()}, {"node", machine_.name}, {"object", podObjectName(pod_)}});
  }

  PodWorker& w_;
  api::Pod pod_;
  Machine& machine_;
  NodeClient& client_;
  Millis now_;
};
}  // namespace

bool PodWorker::isRunning() const {
  const auto running = [](const ContainerRun& c) { return c.state == State::running; };
  return std::any_of(containers.begin(), containers.end(), running) || std::any_of(init.begin(), init.end(), running);
}

Millis ContainerRun::nextDue() const {
  if (state != State::running) return std::min(restartAt, showBackOffAt);
  const Millis own = std::min({endsAt, killAt, wake, hookWake});
  if (signal) return startedAt;
  return stopping ? own : std::min({own, startup.next, readiness.next, liveness.next});
}

Millis PodWorker::nextDue() const {
  if (step == Step::ended) return never;
  if (step == Step::mounting || step == Step::pulling || step == Step::starting) return due;
  Millis next = never;
  for (const auto* runs : {&init, &containers}) {
    for (const ContainerRun& c : *runs) {
      if (step != Step::terminating || c.state == State::running) next = std::min(next, c.nextDue());
    }
  }
  for (const ExecSession& s : sessions) {
    if (!s.ended) next = std::min(next, s.wake);
  }
  return next;
}

bool advance(PodWorker& w, const api::Pod& pod, Machine& machine, NodeClient& client) {
  Work work(w, pod, machine, client);
  // No pod has so much to do at one moment; what programs do among themselves may not hold the cluster up.
  for (int i = 0; i < 200; ++i) {
    const Work::Did did = work.next();
    if (did == Work::Did::waits) return false;
    if (did == Work::Did::nothing) return true;
    // The first sight of a pod is reported before anything else is done for it.
    if (w.step == PodWorker::Step::mounting) return true;
  }
  return true;
}

void flushEvents(PodWorker& w, NodeClient& client) {
  for (const PodEvent& e : std::exchange(w.events, {})) client.event(e.about, e.type, e.reason, e.message);
}

void recheckProbes(PodWorker& w, const api::Pod& pod, Millis now) {
  const auto specs = pod.spec().containers();
  for (size_t i = 0; i < w.containers.size() && i < specs.size(); ++i) resumeProbes(w.containers[i], specs[i], now);
  const auto inits = pod.spec().initContainers();
  for (size_t i = 0; i < w.init.size() && i < inits.size(); ++i) resumeProbes(w.init[i], inits[i], now);
}

void terminate(PodWorker& w, const api::Pod& pod, Millis grace, Machine& machine, NodeClient& client) {
  const Millis now = client.now();
  const bool first = w.step != PodWorker::Step::terminating;
  if (!first && now + grace >= w.graceEnds) return;
  w.step = PodWorker::Step::terminating;
  w.graceEnds = now + grace;
  const auto ask = [&](std::vector<ContainerRun>& runs, const api::List<api::Container>& specs, bool init) {
    for (size_t i = 0; i < runs.size(); ++i) {
      // Sidecars are asked once the others have ended.
      if (runs[i].state != State::running || (first && init && specs[i].restartPolicy() == "Always")) continue;
      ContainerWork(w, pod, machine, client, runs[i], specs[i], init)
          .stop(grace, "Stopping container " + std::string(specs[i].name()));
    }
  };
  ask(w.containers, pod.spec().containers(), false);
  ask(w.init, pod.spec().initContainers(), true);
}

}  // namespace node
