// kubectl rollout status, pause, resume, restart. Models kubectl pkg/cmd/rollout and pkg/polymorphichelpers.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/patching.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {
namespace {

struct Progress {
  std::string text;
  bool done = false;
  Error error;
};

std::string n(int64_t number) { return std::to_string(number); }

Progress deployment(const Value& d, int64_t revision) {
  std::string name = quote(str(d, "metadata.name"));
  if (revision > 0) {
    int64_t running = 0;
    parseInt(member(at(d, "metadata.annotations"), "deployment.kubernetes.io/revision").asString(), 64, running);
    if (running != revision) {
      return {
          {},
          false,
          plain("desired revision (" + n(revision) + ") is different from the running revision (" + n(running) + ")")};
    }
  }
  if (num(d, "metadata.generation") > num(d, "status.observedGeneration")) {
    return {"Waiting for deployment spec update to be observed...\n", false, {}};
  }
  for (const Value& c : at(d, "status.conditions").values()) {
    if (str(c, "type") == "Progressing" && str(c, "reason") == "ProgressDeadlineExceeded") {
      return {{}, false, plain("deployment " + name + " exceeded its progress deadline")};
    }
  }
  int64_t wanted = num(d, "spec.replicas"), updated = num(d, "status.updatedReplicas");
  int64_t total = num(d, "status.replicas"), available = num(d, "status.availableReplicas");
  std::string waiting = "Waiting for deployment " + name + " rollout to finish: ";
  if (has(d, "spec.replicas") && updated < wanted) {
    return {waiting + n(updated) + " out of " + n(wanted) + " new replicas have been updated...\n", false, {}};
  }
  if (total > updated) return {waiting + n(total - updated) + " old replicas are pending termination...\n", false, {}};
  if (available < updated) {
    return {waiting + n(available) + " of " + n(updated) + " updated replicas are available...\n", false, {}};
  }
  return {"deployment " + name + " successfully rolled out\n", true, {}};
}

Error onlyRollingUpdate() { return plain("rollout status is only available for RollingUpdate strategy type"); }

Progress daemonSet(const Value& d) {
  std::string name = quote(str(d, "metadata.name"));
  if (str(d, "spec.updateStrategy.type") != "RollingUpdate") return {{}, true, onlyRollingUpdate()};
  if (num(d, "metadata.generation") > num(d, "status.observedGeneration")) {
    return {"Waiting for daemon set spec update to be observed...\n", false, {}};
  }
  int64_t desired = num(d, "status.desiredNumberScheduled"), updated = num(d, "status.updatedNumberScheduled");
  std::string waiting = "Waiting for daemon set " + name + " rollout to finish: ";
  if (updated < desired) {
    return {waiting + n(updated) + " out of " + n(desired) + " new pods have been updated...\n", false, {}};
  }
  int64_t available = num(d, "status.numberAvailable");
  if (available < desired) {
    return {waiting + n(available) + " of " + n(desired) + " updated pods are available...\n", false, {}};
  }
  return {"daemon set " + name + " successfully rolled out\n", true, {}};
}

Progress statefulSet(const Value& s) {
  if (str(s, "spec.updateStrategy.type") != "RollingUpdate") return {{}, true, onlyRollingUpdate()};
  int64_t observed = num(s, "status.observedGeneration");
  if (observed == 0 || num(s, "metadata.generation") > observed) {
    return {"Waiting for statefulset spec update to be observed...\n", false, {}};
  }
  int64_t wanted = num(s, "spec.replicas"), ready = num(s, "status.readyReplicas");
  int64_t updated = num(s, "status.updatedReplicas"), partition = num(s, "spec.updateStrategy.rollingUpdate.partition");
  if (ready < wanted) return {"Waiting for " + n(wanted - ready) + " pods to be ready...\n", false, {}};
  if (has(s, "spec.updateStrategy.rollingUpdate")) {
    if (has(s, "spec.updateStrategy.rollingUpdate.partition") && updated < wanted - partition) {
      return {"Waiting for partitioned roll out to finish: " + n(updated) + " out of " + n(wanted - partition) +
                  " new pods have been updated...\n",
              false,
              {}};
    }
    return {"partitioned roll out complete: " + n(updated) + " new pods have been updated...\n", true, {}};
  }
  std::string update = str(s, "status.updateRevision");
  if (update != str(s, "status.currentRevision")) {
    return {
        "waiting for statefulset rolling update to complete " + n(updated) + " pods at revision " + update + "...\n",
        false,
        {}};
  }
  return {"statefulset rolling update complete " + n(num(s, "status.currentReplicas")) + " pods at revision " +
              str(s, "status.currentRevision") + "...\n",
          true,
          {}};
}

Progress progress(const Mapping& m, const Value& object, int64_t revision) {
  if (m.kind == "Deployment") return deployment(object, revision);
  if (m.kind == "DaemonSet") return daemonSet(object);
  return statefulSet(object);
}

/// Watches one object: prints its progress whenever it changed.
Error watchProgress(Invocation& in, const Info& info, api::Millis deadline, bool limited) {
  std::string version;
  Error error;
  bool first = true, finished = in.wait(deadline, [&] {
    apiserver::Response r = in.fetch(*info.mapping, info.ns, info.name);
    if (!r.ok()) {
      error = first ? fromResponse(r) : plain("object has been deleted");
      return true;
    }
    first = false;
    std::string now = str(r.body, "metadata.resourceVersion");
    if (now == version) return false;
    version = now;
    Progress p = progress(*info.mapping, r.body, in.flags.number("revision"));
    error = p.error;
    in.print(p.text);
    return p.done || error || in.get("watch") == "false";
  });
  if (!finished && in.cutShort(deadline)) return killed();
  if (!finished) return limited ? plain("timed out waiting for the condition") : killed();
  return error;
}

bool rolls(const Mapping& m) { return m.kind == "Deployment" || m.kind == "DaemonSet" || m.kind == "StatefulSet"; }

Query rolloutQuery(const Invocation& in) {
  Query q;
  q.typed = true;
  q.args = in.args;
  q.allowEmptySelector = true;
  q.latest = true;
  return q;
}

/// pause, resume, restart: change each object, patch it, say what happened.
Error changeAll(Invocation& in, Error (*change)(const Invocation&, const Mapping&, Value&), std::string_view done,
                std::string_view unchanged) {
  if (nothingGiven(in, in.args)) return plain("required resource not specified");
  Printer printer;
  Error error = printer.prepare(in);
  if (error) return error;
  Selection found = select(in, rolloutQuery(in));
  if (found.error) return found.error;
  if (found.infos.empty() && found.errors.empty()) {
    in.complain("No resources found in " + in.ns + " namespace.\n");
    return {};
  }
  for (Info& info : found.infos) {
    Value changed = info.object;
    error = change(in, *info.mapping, changed);
    if (error) {
      found.errors.push_back(
          plain("error: " + info.mapping->groupResource() + " " + quote(info.name) + " " + error.message()));
      continue;
    }
    bool differs = false;
    error = patchObject(in, info, changed, DryRun::none, differs);
    if (error) {
      found.errors.push_back(plain("failed to patch: " + error.message()));
    } else {
      found.errors.push_back(printer.print(in, info.object, differs ? done : unchanged));
    }
  }
  return aggregate(std::move(found.errors));
}

Error pause(const Invocation&, const Mapping& m, Value& object) {
  if (m.kind != "Deployment") return plain("pausing is not supported");
  if (flag(object, "spec.paused")) return plain("is already paused");
  put(object, "spec.paused", true);
  return {};
}

Error resume(const Invocation&, const Mapping& m, Value& object) {
  if (m.kind != "Deployment") return plain("resuming is not supported");
  if (!flag(object, "spec.paused")) return plain("is not paused");
  put(object, "spec.paused", false);
  return {};
}

Error restart(const Invocation& in, const Mapping& m, Value& object) {
  if (!rolls(m)) return plain("restarting is not supported");
  if (flag(object, "spec.paused")) return plain("can't restart paused deployment (run rollout resume first)");
  namespace key = api::key;
  object.set({key::spec, key::template_, key::metadata, key::annotations, key::restartedAt},
             api::formatTime(in.host.now()));
  return {};
}

}  // namespace

Error rolloutPause(Invocation& in) { return changeAll(in, pause, "paused", "already paused"); }
Error rolloutResume(Invocation& in) { return changeAll(in, resume, "resumed", "already resumed"); }
Error rolloutRestart(Invocation& in) { return changeAll(in, restart, "restarted", "restarted"); }

Error rolloutStatus(Invocation& in) {
  if (nothingGiven(in, in.args)) return plain("required resource not specified");
  Selection found = select(in, rolloutQuery(in));
  Error error = found.failure();
  if (error) return error;
  if (found.infos.empty()) in.complain("No resources found in " + in.ns + " namespace.\n");
  bool limited = in.flags.millis("timeout") > 0;
  std::vector<Error> errors;
  for (const Info& info : found.infos) {
    if (!rolls(*info.mapping)) {
      std::string kind(info.mapping->kind);
      if (!info.mapping->group.empty()) kind += "." + std::string(info.mapping->group);
      errors.push_back(plain("no status viewer has been implemented for " + kind));
      continue;
    }
    api::Millis deadline = limited ? in.host.now() + in.flags.millis("timeout") : in.endOfPatience();
    error = watchProgress(in, info, deadline, limited);
    if (error.type == Error::Type::killed) return error;
    errors.push_back(std::move(error));
  }
  return aggregate(std::move(errors));
}

}  // namespace kubectl
