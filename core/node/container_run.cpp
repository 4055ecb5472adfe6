#include "core/node/container_run.hpp"

#include <algorithm>

#include "core/decision/rules.hpp"
#include "core/node/environment.hpp"
#include "core/node/prober.hpp"
#include "core/node/records.hpp"
#include "core/node/serving.hpp"
#include "core/node/tools.hpp"

namespace node {
namespace {
using api::Value;
using decision::Rule;
using State = ContainerRun::State;
using Hook = ContainerRun::Hook;
namespace key = api::key;

constexpr Millis hookTime = 100;
constexpr Millis minimumGracePeriod = 2000;  // kuberuntime_manager.go
constexpr int stepsInTurn = 4000;

/// The reference that container Events are about.
Value containerRef(const api::Pod& pod, std::string_view container, std::string_view path) {
  const Value& meta = pod.doc[key::metadata];
  std::string field(path);
  (field += container) += '}';
  return Value::object({{key::apiVersion, "v1"},
                        {key::fieldPath, field},
                        {key::kind, "Pod"},
                        {key::name, meta[key::name]},
                        {key::namespace_, meta[key::namespace_]},
                        {key::resourceVersion, meta[key::resourceVersion]},
                        {key::uid, meta[key::uid]}});
}

std::string delayText(Millis delay) {
  const Millis seconds = delay / 1000;
  return seconds < 60 ? std::to_string(seconds) + "s"
                      : std::to_string(seconds / 60) + "m" + std::to_string(seconds % 60) + "s";
}
}  // namespace

std::string podObjectName(const api::Pod& pod) {
  return "Pod/" + store::keyOf(pod.metadata().namespace_(), pod.metadata().name());
}

std::string formatPod(const api::Pod& pod) {
  return std::string(pod.metadata().name()) + "_" + std::string(pod.metadata().namespace_()) + "(" +
         std::string(pod.metadata().uid()) + ")";
}

Millis wakeOf(const shell::Shell& sh, shell::State state, Millis now) {
  if (state == shell::State::runnable) return now + 1000;  // it uses its processor up
  if (state == shell::State::waits) return sh.wakeAt() == never ? never : std::max(sh.wakeAt(), now + 1);
  return never;
}

void ContainerWork::event(std::string_view type, std::string_view reason, std::string message) {
  w_.events.push_back({containerRef(pod_, spec_.name(), objectPath()), type, reason, std::move(message)});
}

void ContainerWork::setWhy(Rule rule) {
  w_.why = decision::Why(rule, {{"pod", pod_.metadata().name()},
                                {"node", machine_.name},
                                {"object", podObjectName(pod_)},
                                {"container", spec_.name()}});
}

Millis ContainerWork::gracePeriod() const {
  const Value& grace = pod_.doc.get({key::spec, key::terminationGracePeriodSeconds});
  return (grace.isNull() ? 30 : grace.asInt()) * 1000;
}

// ---- the start

/// Models kuberuntime_container.go startContainer up to the creation of the container.
bool ContainerWork::configurationIsMissing() {
  if (!spec_.doc.find(key::env) && !spec_.doc.find(key::envFrom)) return false;
  const std::string error = environmentOf(pod_, spec_, client_.view()).error;
  if (error.empty()) return false;
  event("Warning", "Failed", "Error: " + error);
  c_.state = State::waiting;
  c_.reason = "CreateContainerConfigError";
  c_.message = error;
  c_.restartAt = now_ + retryTime;
  setWhy(Rule::WaitForContainerConfig);
  w_.why.inputs.add({"error", error});
  return true;
}

void ContainerWork::start() {
  c_.restartAt = c_.showBackOffAt = never;
  if (imageIsMissing() || configurationIsMissing()) return;
  event("Normal", "Created", "Container created");
  c_.startedAt = now_;
  ++c_.instance;
  c_.signal = 0;
  c_.stopping = false;
  c_.killAt = c_.endsAt = c_.wake = never;
  c_.endReason = {};
  c_.message.clear();
  c_.shell.reset();
  if (c_.instance > 2) client_.forgetLogs(logKey(w_.uid, spec_.name(), c_.restarts - 2));
  joinStore(client_, pod_, spec_);
  c_.state = State::running;
  c_.reason.clear();
  startProgram();
  if (c_.state != State::running) return;
  event("Normal", "Started", "Container started");
  startProbes(c_, spec_, now_);
  setWhy(Rule::ContainerStarted);
  const Value& postStart = spec_.doc.get({key::lifecycle, key::postStart});
  if (!postStart.isNull()) beginHook(Hook::postStart, postStart);
}

void ContainerWork::startProgram() {
  const Role role = roleOf(pod_, spec_, client_.view());
  if (role.kind == Role::Kind::server) {
    client_.log(logKey(w_.uid, spec_.name(), c_.restarts), 2, startText(*role.program, hostnameOf(pod_)));
    return;
  }
  if (!role.program->known)
    client_.log(logKey(w_.uid, spec_.name(), c_.restarts), 1,
                "(the image " + std::string(spec_.image()) + " is not known here: it runs as \"sleep\")\n");
  if (role.kind == Role::Kind::idle) return;
  ContainerSystem system(client_, pod_, spec_, c_, machine_.turns);
  c_.shell = shell::Shell::command(role.argv, system.variables());
  if (spec_.doc[key::stdin_].asBool()) c_.shell->openInput(spec_.doc[key::tty].asBool());
  if (const std::string_view folder = spec_.doc[key::workingDir].asString(); !folder.empty()) c_.shell->chdir(folder);
  if (init_) system.endUnknownAtOnce();
  std::string out, err;
  system.sayTo(&out, &err);
  const shell::State state = c_.shell->run(system, stepsInTurn);
  // A command that is not there is the container runtime's affair: nothing has run.
  if (c_.shell->notFound() && role.program->known) {
    const std::string& first = role.argv[0];
    const bool path = first.find('/') != first.npos;
    return startFailed("exec: " + quoted(first) + ": " +
                       (path ? "stat " + first + ": no such file or directory" : "executable file not found in $PATH"));
  }
  const std::string log = logKey(w_.uid, spec_.name(), c_.restarts);
  client_.log(log, 1, out);
  client_.log(log, 2, err);
  c_.wake = wakeOf(*c_.shell, state, now_);
  if (state == shell::State::ended) {
    c_.endsAt = now_ + 200;
    c_.endsWith = c_.shell->exit();
  }
}

/// Models what containerd and runc say of a command that is not there.
void ContainerWork::startFailed(std::string cause) {
  const std::string message =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
      "unable to start container process: error during container init: " +
      cause + ": unknown";
  event("Warning", "Failed", "Error: " + message);
  c_.shell.reset();
  c_.end = {0, now_, 128, c_.instance, "StartError", message};
  c_.state = State::exited;
  c_.ready = c_.started = false;
  setWhy(Rule::ContainerStartFailed);
  const std::string_view policy = init_ && spec_.restartPolicy() != "Always"
                                      ? (pod_.spec().restartPolicy() == "Never" ? "Never" : "OnFailure")
                                  : init_ ? "Always"
                                          : pod_.spec().restartPolicy();
  if (!restartsAfter(policy, 128)) return;
  remember();
  c_.state = State::waiting;
  c_.reason = "RunContainerError";
  c_.message = message;
  const bool fresh = c_.backOff == 0;
  c_.restartAt = now_ + (fresh ? 2 * relistTime : std::max(c_.backOff, relistTime));
  if (!fresh) c_.showBackOffAt = now_ + relistTime;
}

// ---- the program

void ContainerWork::runProgram() {
  c_.wake = never;
  if (!c_.shell) return;
  ContainerSystem system(client_, pod_, spec_, c_, machine_.turns);
  if (init_) system.endUnknownAtOnce();
  const shell::State state = c_.shell->run(system, stepsInTurn);
  c_.wake = wakeOf(*c_.shell, state, now_);
  if (state != shell::State::ended) return;
  c_.endsAt = now_;
  c_.endsWith = c_.shell->exit();
}

/// A signal to process 1: a server ends in its own time, a script only if it has a trap for it.
void ContainerWork::beSignalled(int number) {
  c_.signal = 0;
  if (w_.isHung(spec_.name(), c_)) return;
  if (c_.shell) {
    if (c_.shell->signal(number, true)) runProgram();
    return;
  }
  const Program& program = programOf(spec_.image());
  c_.endsAt = std::min(c_.endsAt, now_ + program.stopTime);
  c_.endsWith = 0;
}

bool ContainerWork::live(std::string_view policy) {
  if (c_.state != State::running) {
    if (c_.showBackOffAt <= now_) return showBackOff(), true;
    if (c_.restartAt <= now_) return restart(), true;
    return false;
  }
  if (c_.endsAt <= now_) return exited(policy), true;
  if (c_.killAt <= now_) {
    c_.endsWith = 137;
    return exited(policy), true;
  }
  if (c_.signal) return beSignalled(c_.signal), true;
  if (c_.hookWake <= now_) return runHook(), true;
  if (c_.wake <= now_) {
    if (w_.isHung(spec_.name(), c_)) return c_.wake = never, true;
    return runProgram(), true;
  }
  return !c_.stopping && c_.hook == Hook::none && probe(policy);
}

// ---- hooks and the end

void ContainerWork::beginHook(Hook hook, const Value& handler) {
  c_.hook = hook;
  c_.hookShell.reset();
  if (hook == Hook::postStart) c_.ready = c_.started = false;
  if (const Value* sleep = handler.find(key::sleep)) {
    c_.hookWake = now_ + std::max<int64_t>((*sleep)[key::seconds].asInt(), 0) * 1000;
    return;
  }
  if (handler.find(key::httpGet)) {
    // A kubelet asks once and a little after the start, so that a server which is quick is there.
    c_.hookWake = hook == Hook::postStart ? now_ + programOf(spec_.image()).startTime + hookTime : now_;
    return;
  }
  std::vector<std::string> argv;
  for (const Value& word : handler.get({key::exec, key::command}).values()) argv.emplace_back(word.asString());
  ContainerSystem system(client_, pod_, spec_, c_, machine_.turns);
  c_.hookShell = shell::Shell::command(argv, system.variables());
  c_.hookWake = now_;
}

bool ContainerWork::runHook() {
  c_.hookWake = never;
  if (!c_.hookShell) {
    const bool begins = c_.hook == Hook::postStart;
    const Value& get = spec_.doc.get({key::lifecycle, begins ? key::postStart : key::preStop, key::httpGet});
    if (get.isNull()) return endHook(true), true;
    Value probe;
    probe.set(key::httpGet, get);
    return endHook(askProbe(client_, pod_, spec_, c_, w_, machine_.turns, api::as<api::Probe>(probe)).ok), true;
  }
  if (w_.isHung(spec_.name(), c_)) return true;
  std::string said;
  shell::State state;
  {
    ContainerSystem system(client_, pod_, spec_, c_, machine_.turns);
    system.sayTo(&said, &said);
    state = c_.hookShell->run(system, stepsInTurn);
  }
  if (state == shell::State::ended) return endHook(c_.hookShell->exit() == 0), true;
  c_.hookWake = wakeOf(*c_.hookShell, state, now_);
  return true;
}

void ContainerWork::endHook(bool ok) {
  const Hook hook = c_.hook;
  c_.hook = Hook::none;
  c_.hookShell.reset();
  c_.hookWake = never;
  if (hook == Hook::preStop) {
    if (!ok) event("Warning", "FailedPreStopHook", "PreStopHook failed");
    return term();
  }
  if (ok) {
    startProbes(c_, spec_, now_);
    return;
  }
  event("Warning", "FailedPostStartHook", "PostStartHook failed");
  stop(gracePeriod(), "FailedPostStartHook");
}

/// Models kuberuntime_container.go killContainer.
void ContainerWork::stop(Millis grace, std::string message) {
  if (c_.state != State::running || c_.stopping) {
    c_.killAt = std::min(c_.killAt, c_.stopping ? now_ + std::max(grace, minimumGracePeriod) : c_.killAt);
    return;
  }
  event("Normal", "Killing", std::move(message));
  c_.stopping = true;
  c_.killAt = now_ + std::max(grace, minimumGracePeriod);
  stopProbes(c_);
  c_.hook = Hook::none;
  c_.hookWake = never;
  const Value& preStop = spec_.doc.get({key::lifecycle, key::preStop});
  if (!preStop.isNull() && grace > 0) return beginHook(Hook::preStop, preStop);
  term();
}

void ContainerWork::term() {
  c_.killAt = std::max(c_.killAt, now_ + minimumGracePeriod);
  beSignalled(15);
}

bool ContainerWork::restartsAfter(std::string_view policy, int code) const {
  return policy == "Always" || (policy == "OnFailure" && code != 0);
}

void ContainerWork::exited(std::string_view policy) {
  c_.state = State::exited;
  c_.end = {c_.startedAt, now_, c_.endsWith, c_.instance, c_.endReason, {}};
  c_.endsAt = c_.killAt = c_.wake = c_.hookWake = never;
  c_.hook = Hook::none;
  c_.shell.reset();
  c_.hookShell.reset();
  c_.ready = c_.started = c_.stopping = false;
  stopProbes(c_);
  setWhy(c_.endReason == "OOMKilled" ? Rule::ContainerOutOfMemory : Rule::ContainerExited);
  w_.why.inputs.add({"exitCode", c_.end.code});
  if (w_.step == PodWorker::Step::terminating || !restartsAfter(policy, c_.end.code)) return;
  // Models client-go util/flowcontrol Backoff: the first restart is at once, later ones wait 10 s, 20 s, … 300 s.
  const bool fresh = c_.backOff == 0 || now_ - c_.backOffSince > 2 * maxBackOff;
  if (fresh) c_.backOff = 0;
  c_.restartAt = now_ + std::max(c_.backOff, relistTime);
  if (!fresh) c_.showBackOffAt = now_ + relistTime;
}

void ContainerWork::showBackOff() {
  c_.showBackOffAt = never;
  if (c_.reason == "ErrImagePull" && c_.state == State::waiting) {
    event("Normal", "BackOff", "Back-off pulling image " + quoted(spec_.image()));
    event("Warning", "Failed", "Error: ImagePullBackOff");
    c_.reason = "ImagePullBackOff";
    c_.message = "Back-off pulling image " + quoted(spec_.image()) + ": ErrImagePull: " + c_.message;
    setWhy(Rule::WaitForMissingImage);
    return;
  }
  if (c_.state == State::exited) remember();
  c_.state = State::waiting;
  c_.reason = "CrashLoopBackOff";
  c_.message = "back-off " + delayText(c_.backOff) + " restarting failed container=" + std::string(spec_.name()) +
               " pod=" + formatPod(pod_);
  event("Warning", "BackOff",
        "Back-off restarting failed container " + std::string(spec_.name()) + " in pod " + formatPod(pod_));
  setWhy(Rule::WaitForBackOff);
  w_.why.inputs.add({"seconds", c_.backOff / 1000});
}

void ContainerWork::remember() {
  c_.hasLast = true;
  c_.last = c_.end;
}

void ContainerWork::restart() {
  const bool neverRan = c_.reason == "ErrImagePull" || c_.reason == "ImagePullBackOff" ||
                        c_.reason == "InvalidImageName" || c_.reason == "CreateContainerConfigError";
  if (c_.state == State::waiting && neverRan) return start();
  if (c_.state == State::exited) remember();
  ++c_.restarts;
  c_.backOff = c_.backOff == 0 ? initialBackOff : std::min(2 * c_.backOff, maxBackOff);
  c_.backOffSince = now_;
  loseLayer();
  event("Normal", "Pulled", "Container image " + quoted(spec_.image()) + " already present on machine");
  start();
  if (c_.state == State::running) setWhy(Rule::ContainerRestarted);
}

/// A restarted container begins with its image's files: what lay in its writable layer is gone.
void ContainerWork::loseLayer() {
  const std::string layer = layerKey(w_.uid, spec_.name());
  const Value& fact = client_.facts().get(layer);
  if (fact.isNull()) return;
  client_.setFact({Rule::RecordsLost, {{"pod", pod_.metadata().name()}, {"count", int64_t(countRecords(fact))}}}, layer,
                  Value(), podObjectName(pod_));
}

bool ContainerWork::probe(std::string_view policy) {
  const bool wasReady = c_.ready;
  const ProbeFindings found = runProbes(client_, pod_, spec_, c_, w_, machine_.turns);
  for (const std::string& message : found.unhealthy) event("Warning", "Unhealthy", message);
  if (c_.ready != wasReady) setWhy(c_.ready ? Rule::PodBecameReady : Rule::PodBecameUnready);
  if (!found.killedBy.empty()) {
    const bool again = restartsAfter(policy, 1);
    const api::Probe p = found.killedBy == "liveness" ? spec_.livenessProbe() : spec_.startupProbe();
    const Value& own = p.doc[key::terminationGracePeriodSeconds];
    stop(own.isNull() ? gracePeriod() : own.asInt() * 1000, "Container " + std::string(spec_.name()) + " failed " +
                                                                std::string(found.killedBy) + " probe" +
                                                                (again ? ", will be restarted" : ""));
    // The status says nothing until the container has ended, and then why it did.
    client_.wait({Rule::ContainerUnhealthy,
                  {{"pod", pod_.metadata().name()}, {"container", spec_.name()}, {"probe", found.killedBy}}},
                 podObjectName(pod_));
  }
  return found.changed;
}

}  // namespace node
