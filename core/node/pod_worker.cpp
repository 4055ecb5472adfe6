#include "core/node/pod_worker.hpp"

#include <algorithm>

#include "core/decision/rules.hpp"
#include "core/node/disk.hpp"
#include "core/node/inputs.hpp"
#include "core/node/prober.hpp"
#include "core/node/programs.hpp"

namespace node {
namespace {
using api::Value;
using decision::Rule;
using State = ContainerRun::State;
using Step = PodWorker::Step;
namespace key = api::key;

// How long a machine takes; the simulated numbers stand for a quick cluster.
constexpr Millis mountTime = 300, pullTime = 1200, relistTime = 1000;
constexpr Millis initialBackOff = 10000, maxBackOff = 300000;  // pkg/kubelet/kubelet.go

std::string objectName(const api::Pod& pod) {
  return "Pod/" + store::keyOf(pod.metadata().namespace_(), pod.metadata().name());
}

/// The reference that container Events are about.
Value containerRef(const api::Pod& pod, std::string_view container, bool init) {
  api::ObjectReference ref;
  ref.kind("Pod");
  ref.apiVersion("v1");
  ref.namespace_(pod.metadata().namespace_());
  ref.name(pod.metadata().name());
  ref.uid(pod.metadata().uid());
  ref.resourceVersion(pod.metadata().resourceVersion());
  ref.fieldPath(std::string(init ? "spec.initContainers{" : "spec.containers{") + std::string(container) + "}");
  return ref.doc;
}

class Work {
 public:
  Work(PodWorker& w, const api::Pod& pod, Machine& machine, decision::Client& client)
      : w_(w), pod_(pod), machine_(machine), client_(client), now_(client.now()) {}

  /// One thing that is due, if any.
  enum class Did { something, nothing, waits };
  Did next() {
    switch (w_.step) {
      case Step::accepted: return accept();
      case Step::mounting: return w_.due <= now_ ? mount() : Did::nothing;
      case Step::pulling: return w_.due <= now_ ? pulled() : Did::nothing;
      case Step::initializing: return initialize();
      case Step::running: return watch();
      default: return Did::nothing;
    }
  }

 private:
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
    for (const api::Volume& v : pod_.spec().volumes()) {
      if (!v.hasPersistentVolumeClaim()) continue;
      const std::string_view claim = v.persistentVolumeClaim().claimName();
      const auto pvc = client_.view().get<api::PersistentVolumeClaim>(pod_.metadata().namespace_(), claim);
      if (pvc && pvc.status().phase() == "Bound") continue;
      client_.wait({Rule::WaitForVolumeMount, {{"pod", pod_.metadata().name()}, {"claim", claim}}}, objectName(pod_));
      return Did::waits;
    }
    if (w_.ip.empty()) w_.ip = machine_.addresses.nextAddress();
    setWhy(Rule::PodPrepared);
    w_.step = Step::pulling;
    for (const api::Container& c : pod_.spec().containers()) pull(c, false);
    for (const api::Container& c : pod_.spec().initContainers()) pull(c, true);
    return Did::something;
  }

  void pull(const api::Container& c, bool init) {
    const bool always = c.imagePullPolicy() == "Always";
    if (machine_.images.find(c.image()) != machine_.images.end() && !always) return;
    const Value ref = containerRef(pod_, c.name(), init);
    event(ref, "Normal", "Pulling", "Pulling image \"" + std::string(c.image()) + "\"");
    w_.due = now_ + pullTime;
    w_.pulling = c.image();
  }

  Did pulled() {
    const auto finish = [&](const api::Container& c, bool init) {
      const Value ref = containerRef(pod_, c.name(), init);
      const std::string image(c.image());
      if (machine_.images.insert(image).second || c.imagePullPolicy() == "Always") {
        event(ref, "Normal", "Pulled",
              "Successfully pulled image \"" + image +
                  "\" in 1.2s (1.2s including waiting). Image size: 50000000 bytes.");
      } else {
        event(ref, "Normal", "Pulled", "Container image \"" + image + "\" already present on machine");
      }
    };
    for (const api::Container& c : pod_.spec().initContainers()) finish(c, true);
    if (w_.init.empty()) {
      for (const api::Container& c : pod_.spec().containers()) finish(c, false);
    }
    w_.step = Step::initializing;
    return Did::something;
  }

  /// Init containers run one after the other; those that are to go on (sidecars) only have to start.
  Did initialize() {
    const auto specs = pod_.spec().initContainers();
    for (size_t i = 0; i < w_.init.size(); ++i) {
      ContainerRun& c = w_.init[i];
      const bool sidecar = specs[i].restartPolicy() == "Always";
      if (c.state == State::waiting && c.restartAt == never) return start(c, specs[i], true), Did::something;
      if (const Did did = live(c, specs[i], true, sidecar ? "Always" : initPolicy()); did != Did::nothing) return did;
      if (sidecar && c.started) continue;
      if (c.state == State::exited && c.exitCode == 0 && !sidecar) continue;
      return Did::nothing;
    }
    w_.step = Step::running;
    const auto containers = pod_.spec().containers();
    for (size_t i = 0; i < w_.containers.size(); ++i) start(w_.containers[i], containers[i], false);
    setWhy(allReady() ? Rule::PodStartedReady : Rule::PodStarted);
    return Did::something;
  }

  std::string_view initPolicy() const { return pod_.spec().restartPolicy() == "Never" ? "Never" : "OnFailure"; }

  Did watch() {
    obeyFaults();
    const auto inits = pod_.spec().initContainers();
    for (size_t i = 0; i < w_.init.size(); ++i) {
      if (inits[i].restartPolicy() != "Always") continue;
      if (const Did did = live(w_.init[i], inits[i], true, "Always"); did != Did::nothing) return did;
    }
    const auto specs = pod_.spec().containers();
    for (size_t i = 0; i < w_.containers.size(); ++i) {
      const Did did = live(w_.containers[i], specs[i], false, pod_.spec().restartPolicy());
      if (did != Did::nothing) return did;
    }
    return Did::nothing;
  }

  /// A user's faults: a crash is carried out once, a failing readiness stays.
  void obeyFaults() {
    const Value& fault = client_.facts().get(podFaultKey(w_.uid));
    const Value* fails = fault.find("readinessFails");
    const bool failing = fails && fails->asBool();
    if (failing != w_.readinessFails) {
      w_.readinessFails = failing;
      const auto containers = pod_.spec().containers();
      for (size_t i = 0; i < w_.containers.size(); ++i) resumeReadiness(w_.containers[i], containers[i], now_);
    }
    const Value* crash = fault.find("crash");
    if (!crash) return;
    const int serial = int((*crash)[api::Key("serial")].asInt());
    if (serial == w_.crashSerial) return;
    w_.crashSerial = serial;
    const std::string_view wanted = (*crash)[api::Key("container")].asString();
    const auto specs = pod_.spec().containers();
    for (size_t i = 0; i < w_.containers.size(); ++i) {
      if (w_.containers[i].state != State::running || (!wanted.empty() && specs[i].name() != wanted)) continue;
      w_.containers[i].endsAt = now_;
      w_.containers[i].endsWith = int((*crash)[key::exitCode].asInt());
      if (wanted.empty()) break;
    }
  }

  void start(ContainerRun& c, const api::Container& spec, bool init) {
    const Value ref = containerRef(pod_, spec.name(), init);
    event(ref, "Normal", "Created", "Container created");
    event(ref, "Normal", "Started", "Container started");
    c.state = State::running;
    c.startedAt = now_;
    c.restartAt = c.showBackOffAt = never;
    ++c.instance;
    const Run run = runOf(spec);
    c.endsAt = run.ends ? now_ + std::max<Millis>(run.after, 200) : never;
    c.endsWith = run.exitCode;
    startProbes(c, spec, now_);
    setWhy(Rule::ContainerStarted, spec.name());
  }

  /// What is due in one container: its end, its restart, its probes.
  Did live(ContainerRun& c, const api::Container& spec, bool init, std::string_view policy) {
    if (c.state == State::running && c.endsAt <= now_) return exited(c, spec, policy), Did::something;
    if (c.state == State::exited && c.showBackOffAt <= now_) return showBackOff(c, spec), Did::something;
    if (c.state != State::running && c.restartAt <= now_) return restart(c, spec, init), Did::something;
    if (c.state != State::running) return Did::nothing;
    return probe(c, spec) ? Did::something : Did::nothing;
  }

  void exited(ContainerRun& c, const api::Container& spec, std::string_view policy) {
    c.state = State::exited;
    c.finishedAt = now_;
    c.exitCode = c.endsWith;
    c.endsAt = never;
    c.ready = c.started = false;
    stopProbes(c);
    setWhy(Rule::ContainerExited, spec.name());
    w_.why.inputs.emplace_back(api::Key("exitCode"), c.exitCode);
    const bool again = policy == "Always" || (policy == "OnFailure" && c.exitCode != 0);
    if (!again) return;
    // Models client-go util/flowcontrol Backoff: the first restart is at once, later ones wait 10 s, 20 s, … 300 s.
    const bool fresh = c.backOff == 0 || c.finishedAt - c.backOffSince > 2 * maxBackOff;
    if (fresh) {
      c.backOff = 0;
      c.restartAt = now_ + relistTime;
    } else {
      c.restartAt = now_ + std::max(c.backOff, relistTime);
      c.showBackOffAt = now_ + relistTime;
    }
  }

  void showBackOff(ContainerRun& c, const api::Container& spec) {
    const std::string pod = std::string(pod_.metadata().name()) + "_" + std::string(pod_.metadata().namespace_()) +
                            "(" + std::string(pod_.metadata().uid()) + ")";
    c.showBackOffAt = never;
    remember(c);
    c.state = State::waiting;
    c.reason = "CrashLoopBackOff";
    const Millis seconds = c.backOff / 1000;
    const std::string delay = seconds < 60 ? std::to_string(seconds) + "s"
                                           : std::to_string(seconds / 60) + "m" + std::to_string(seconds % 60) + "s";
    c.message = "back-off " + delay + " restarting failed container=" + std::string(spec.name()) + " pod=" + pod;
    event(containerRef(pod_, spec.name(), false), "Warning", "BackOff",
          "Back-off restarting failed container " + std::string(spec.name()) + " in pod " + pod);
    setWhy(Rule::WaitForBackOff, spec.name());
    w_.why.inputs.emplace_back(api::Key("seconds"), seconds);
  }

  static void remember(ContainerRun& c) {
    c.hasLast = true;
    c.lastStartedAt = c.startedAt;
    c.lastFinishedAt = c.finishedAt;
    c.lastExitCode = c.exitCode;
    c.lastInstance = c.instance;
  }

  void restart(ContainerRun& c, const api::Container& spec, bool init) {
    if (c.state == State::exited) remember(c);
    ++c.restarts;
    c.backOff = c.backOff == 0 ? initialBackOff : std::min(2 * c.backOff, maxBackOff);
    c.backOffSince = now_;
    loseLayer(spec);
    event(containerRef(pod_, spec.name(), init), "Normal", "Pulled",
          "Container image \"" + std::string(spec.image()) + "\" already present on machine");
    start(c, spec, init);
    setWhy(Rule::ContainerRestarted, spec.name());
  }

  /// A restarted container begins with its image's files: what lay in its writable layer is gone.
  void loseLayer(const api::Container& spec) {
    const std::string layer = layerKey(w_.uid, spec.name());
    const Value& fact = client_.facts().get(layer);
    if (fact.isNull()) return;
    client_.setFact({Rule::RecordsLost, {{"pod", pod_.metadata().name()}, {"count", int64_t(countRecords(fact))}}},
                    layer, Value(), objectName(pod_));
  }

  bool probe(ContainerRun& c, const api::Container& spec) {
    const bool wasReady = c.ready;
    std::string unhealthy;
    const bool changed = runProbes(c, spec, w_.ip, w_.readinessFails, now_, unhealthy);
    if (!unhealthy.empty()) event(containerRef(pod_, spec.name(), false), "Warning", "Unhealthy", unhealthy);
    if (c.ready != wasReady) setWhy(c.ready ? Rule::PodBecameReady : Rule::PodBecameUnready, spec.name());
    return changed;
  }

  bool allReady() const {
    return std::all_of(w_.containers.begin(), w_.containers.end(), [](const ContainerRun& c) { return c.ready; });
  }

  void event(Value about, std::string_view type, std::string_view reason, std::string message) {
    w_.events.push_back({std::move(about), type, reason, std::move(message)});
  }

  void setWhy(Rule rule, std::string_view container = {}) {
    w_.why =
        decision::Why(rule, {{"pod", pod_.metadata().name()}, {"node", machine_.name}, {"object", objectName(pod_)}});
    if (!container.empty()) w_.why.inputs.emplace_back(api::Key("container"), container);
  }

  PodWorker& w_;
  const api::Pod& pod_;
  Machine& machine_;
  decision::Client& client_;
  Millis now_;
};

/// How long the program takes to end after SIGTERM, a preStop sleep included.
Millis stopTimeOf(const api::Container& spec, Millis grace) {
  Millis hook = 0;
  const auto preStop = spec.lifecycle().preStop();
  if (preStop.hasSleep()) hook = preStop.sleep().seconds() * 1000;
  if (runOf(spec).ignoresTerm) return grace;
  return std::min(grace, hook + programOf(spec.image()).stopTime);
}
}  // namespace

bool PodWorker::isRunning() const {
  const auto running = [](const ContainerRun& c) { return c.state == State::running; };
  return std::any_of(containers.begin(), containers.end(), running) || std::any_of(init.begin(), init.end(), running);
}

Millis PodWorker::nextDue() const {
  if (step == Step::terminating) return killAt;
  if (step == Step::mounting || step == Step::pulling) return due;
  Millis next = never;
  const auto look = [&](const ContainerRun& c) {
    next = std::min({next, c.endsAt, c.restartAt, c.showBackOffAt, c.startup.next, c.readiness.next});
  };
  for (const ContainerRun& c : init) look(c);
  for (const ContainerRun& c : containers) look(c);
  return next;
}

bool advance(PodWorker& w, const api::Pod& pod, Machine& machine, decision::Client& client) {
  Work work(w, pod, machine, client);
  for (;;) {
    const Work::Did did = work.next();
    if (did == Work::Did::waits) return false;
    if (did == Work::Did::nothing) return true;
    // The first sight of a pod is reported before anything else is done for it.
    if (w.step == Step::mounting) return true;
  }
}

void flushEvents(PodWorker& w, decision::Client& client) {
  for (const PodEvent& e : w.events) client.event(e.about, e.type, e.reason, e.message);
  w.events.clear();
}

void terminate(PodWorker& w, const api::Pod& pod, Millis grace, Millis now) {
  Millis stop = 0;
  const auto ask = [&](std::vector<ContainerRun>& runs, const api::List<api::Container>& specs, bool init) {
    for (size_t i = 0; i < runs.size(); ++i) {
      if (runs[i].state != State::running) continue;
      w.events.push_back({containerRef(pod, specs[i].name(), init), "Normal", "Killing",
                          "Stopping container " + std::string(specs[i].name())});
      const Millis time = stopTimeOf(specs[i], grace);
      runs[i].endsWith = runOf(specs[i]).ignoresTerm || time == grace ? 137 : 0;
      stop = std::max(stop, time);
    }
  };
  if (w.step != Step::terminating) {
    ask(w.containers, pod.spec().containers(), false);
    ask(w.init, pod.spec().initContainers(), true);
    w.killAt = now + stop;
  } else {
    w.killAt = std::min(w.killAt, now + grace);
  }
  w.step = Step::terminating;
}

}  // namespace node
