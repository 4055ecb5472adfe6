// kubectl cordon, uncordon, drain. Models kubectl pkg/cmd/drain and pkg/drain.
#include <algorithm>

#include "core/kubectl/patching.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {
namespace {

using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;

Error findNodes(Invocation& in, Selection& found, std::string_view use) {
  if (in.args.empty() && in.get("selector").empty()) return in.usage("USAGE: " + std::string(use) + " [flags]");
  if (!in.args.empty() && !in.get("selector").empty()) {
    return in.usage("error: cannot specify both a node name and a --selector option");
  }
  Query query;
  query.continueOnError = false;
  query.args = {"nodes"};
  for (const std::string& arg : in.args) query.args.push_back(startsWith(arg, "node/") ? arg.substr(5) : arg);
  found = select(in, query);
  return found.failure();
}

Error setUnschedulable(Invocation& in, std::vector<Info>& nodes, bool desired, DryRun dryRun, Printer& printer) {
  for (Info& info : nodes) {
    std::string state = desired ? "cordoned" : "uncordoned";
    if (flag(info.object, "spec.unschedulable") == desired) {
      printer.print(in, info.object, "already " + state);
      continue;
    }
    Value changed = info.object;
    if (desired) {
      put(changed, "spec.unschedulable", true);
    } else {
      drop(changed, "spec.unschedulable");
    }
    bool differs = false;
    Error e = patchObject(in, info, changed, dryRun, differs);
    if (e) {
      in.complain("error: unable to " + std::string(desired ? "cordon" : "uncordon") + " node " + quote(info.name) +
                  ": " + e.message() + "\n");
      continue;
    }
    printer.print(in, info.object, state);
  }
  return {};
}

Error cordonOrUncordon(Invocation& in, bool desired) {
  Error error;
  Printer printer;
  DryRun dryRun = in.dryRun(error);
  if (!error) error = printer.prepare(in);
  Selection found;
  if (!error) error = findNodes(in, found, desired ? "cordon NODE" : "uncordon NODE");
  return error ? error : setUnschedulable(in, found.infos, desired, dryRun, printer);
}

const Value& controllerOf(const Value& pod) {
  static const Value none;
  for (const Value& ref : at(pod, "metadata.ownerReferences").values()) {
    if (flag(ref, "controller")) return ref;
  }
  return none;
}

/// What stands in the way of a pod's removal, or what to warn about.
struct Verdict {
  bool remove = true;
  std::string warning, error;
};

struct Listed {
  std::string message;
  Strings pods;
};

void listUnder(std::vector<Listed>& lists, const std::string& message, const std::string& pod) {
  for (Listed& l : lists) {
    if (l.message == message) return l.pods.push_back(pod);
  }
  lists.push_back({message, {pod}});
}

struct Draining {
  struct Pod {
    std::string ns, name, uid;
    enum class State : uint8_t { evicting, waiting, done } state = State::evicting;
    api::Millis due = 0;
  };

  Invocation& in;
  DryRun dryRun;
  Printer& printer;
  api::Millis end = 0;  ///< of the global timeout, or of patience
  bool limited = false;
  std::string timeout;
  std::vector<Error> errors = {};  ///< of the node being drained, in the order of their times

  Verdict judge(const Value& pod);
  Error pods(const std::string& node, std::vector<Value>& out, std::string& warnings);
  Error drain(Info& node, bool& gaveUp);
  Error evictAll(std::vector<Pod>& pods, bool& gaveUp);
  void evict(Pod& pod);
  void look(Pod& pod);
  void fail(Pod& pod, std::string error) {
    errors.push_back(bare(std::move(error)));
    pod.state = Pod::State::done;
  }
  Response sendEviction(const Pod& pod);
};

Verdict Draining::judge(const Value& pod) {
  std::string phase = str(pod, "status.phase");
  bool finished = phase == "Succeeded" || phase == "Failed";
  const Value& controller = controllerOf(pod);
  Verdict v;
  if (!finished && str(controller, "kind") == "DaemonSet") {
    Response ds = in.fetch(*findMapping("daemonsets"), str(pod, "metadata.namespace"), str(controller, "name"));
    std::string message = ds.ok() ? "" : fromResponse(ds).message();
    if (!ds.ok()) return in.is("force") && ds.isNotFound() ? Verdict{true, message, {}} : Verdict{false, {}, message};
    if (!in.is("ignore-daemonsets")) return {false, {}, "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"};
    return {false, "ignoring DaemonSet-managed Pods", {}};
  }
  if (!member(at(pod, "metadata.annotations"), "kubernetes.io/config.mirror").isNull()) return {false, {}, {}};
  for (const Value& volume : at(pod, "spec.volumes").values()) {
    if (finished || !has(volume, "emptyDir")) continue;
    if (!in.is("delete-emptydir-data")) {
      return {false, {}, "Pods with local storage (use --delete-emptydir-data to override)"};
    }
  }
  if (!finished && controller.isNull()) {
    if (!in.is("force")) return {false, {}, "Pods that declare no controller (use --force to override)"};
    v.warning = "deleting Pods that declare no controller";
  }
  return v;
}

Error Draining::pods(const std::string& node, std::vector<Value>& out, std::string& warnings) {
  std::vector<Value> all;
  Error e = in.list(*findMapping("pods"), "", in.get("pod-selector"), "spec.nodeName=" + node, all);
  if (e) return e;
  std::vector<Listed> warned, failed;
  for (Value& pod : all) {
    Verdict v = judge(pod);
    std::string id = str(pod, "metadata.namespace") + "/" + str(pod, "metadata.name");
    if (!v.warning.empty()) listUnder(warned, v.warning, id);
    if (!v.error.empty()) listUnder(failed, v.error, id);
    if (v.remove) out.push_back(std::move(pod));
  }
  Strings texts;
  for (const Listed& l : warned) texts.push_back(l.message + ": " + join(l.pods, ", "));
  warnings = join(texts, "; ");
  std::vector<Error> errors;
  for (const Listed& l : failed) errors.push_back(bare("cannot delete " + l.message + ": " + join(l.pods, ", ")));
  return aggregate(std::move(errors));
}

Response Draining::sendEviction(const Pod& pod) {
  const Mapping& m = *findMapping("pods");
  Request r;
  int64_t grace = in.flags.number("grace-period");
  if (in.is("disable-eviction")) {
    r = in.request(Verb::remove, m, pod.ns, pod.name);
    if (grace >= 0) r.deleteOptions.gracePeriodSeconds = grace;
  } else {
    r = in.request(Verb::create, m, pod.ns, pod.name);
    r.subresource = "eviction";
    put(r.body, "apiVersion", "policy/v1");
    put(r.body, "kind", "Eviction");
    put(r.body, "metadata.name", pod.name);
    put(r.body, "metadata.namespace", pod.ns);
    if (grace >= 0) put(r.body, "deleteOptions.gracePeriodSeconds", grace);
  }
  r.dryRun = dryRun == DryRun::server;
  return in.send(std::move(r));
}

void Draining::evict(Pod& pod) {
  if (!in.is("disable-eviction")) {
    in.print("evicting pod " + pod.ns + "/" + pod.name + (dryRun == DryRun::server ? " (server dry run)\n" : "\n"));
  }
  std::string what = "error when evicting pods/" + quote(pod.name) + " -n " + quote(pod.ns);
  if (limited && in.host.now() >= end) return fail(pod, what + ": global timeout reached: " + timeout);
  Response reply = sendEviction(pod);
  if (reply.ok()) {
    pod.state = dryRun == DryRun::server ? Pod::State::done : Pod::State::waiting;
  } else if (reply.isNotFound()) {
    pod.state = Pod::State::done;
  } else if (reply.code == 429) {
    in.complain(what + " (will retry after 5s): " + fromResponse(reply).message() + "\n");
    pod.due = in.host.now() + 5000;
  } else {
    fail(pod, what + ": " + fromResponse(reply).message());
  }
}

void Draining::look(Pod& pod) {
  Response r = in.fetch(*findMapping("pods"), pod.ns, pod.name);
  if (r.isNotFound() || (r.ok() && str(r.body, "metadata.uid") != pod.uid)) {
    in.print("pod/" + pod.name + (in.is("disable-eviction") ? " deleted\n" : " evicted\n"));
    pod.state = Pod::State::done;
  } else if (limited && in.host.now() >= end) {
    std::string what = "context deadline exceeded";
    if (!in.is("disable-eviction")) {
      what =
          "error when waiting for pod " + quote(pod.name) + " in namespace " + quote(pod.ns) + " to terminate: " + what;
    } else {
      errors.clear();  // all Pods that are deleted are waited for at once
    }
    fail(pod, std::move(what));
  }
}

// Real kubectl runs one goroutine a pod, of which the last starts first; a refused one tries again every 5 s. Where it
// deletes instead of evicting, it goes through the pods in their order.
Error Draining::evictAll(std::vector<Pod>& pods, bool& gaveUp) {
  if (pods.size() > 1 && !in.is("disable-eviction")) std::rotate(pods.begin(), pods.end() - 1, pods.end());
  for (;;) {
    api::Millis now = in.host.now(), next = end;
    bool busy = false;
    for (Pod& p : pods) {
      if (p.state == Pod::State::evicting && p.due <= now) evict(p);
    }
    for (Pod& p : pods) {
      if (p.state == Pod::State::waiting) look(p);
      busy = busy || p.state != Pod::State::done;
      if (p.state == Pod::State::evicting) next = p.due;
    }
    if (!busy) break;
    for (const Pod& p : pods) {
      if (p.state == Pod::State::evicting) next = std::min(next, p.due);
      if (p.state == Pod::State::waiting) next = std::min(next, std::max(end, now + 1));
    }
    if (!limited && now >= end) {
      gaveUp = true;
      return {};
    }
    if (!in.host.advance(std::max(next, now + 1)) && in.host.now() == now) {
      gaveUp = true;
      return {};
    }
  }
  return aggregate(std::move(errors));
}

Error Draining::drain(Info& node, bool& gaveUp) {
  std::vector<Value> found;
  std::string warnings;
  Error error = pods(node.name, found, warnings);
  if (error) return error;
  if (!warnings.empty()) in.warn(warnings);
  std::vector<Pod> leaving;
  for (const Value& p : found) {
    Pod pod{str(p, "metadata.namespace"), str(p, "metadata.name"), str(p, "metadata.uid"), Pod::State::evicting, 0};
    if (dryRun == DryRun::client) in.print("evicting pod " + pod.ns + "/" + pod.name + " (dry run)\n");
    leaving.push_back(std::move(pod));
  }
  if (dryRun == DryRun::client) return {};
  error = evictAll(leaving, gaveUp);
  if (!error || gaveUp) return error;
  std::vector<Value> left;
  pods(node.name, left, warnings);
  if (!left.empty()) {
    in.complain("There are pending pods in node " + quote(node.name) + " when an error occurred: " + error.message() +
                "\n");
    for (const Value& p : left) in.complain("pod/" + str(p, "metadata.name") + "\n");
  }
  return error;
}

}  // namespace

Error cordon(Invocation& in) { return cordonOrUncordon(in, true); }
Error uncordon(Invocation& in) { return cordonOrUncordon(in, false); }

Error drain(Invocation& in) {
  Error error;
  Printer printer;
  DryRun dryRun = in.dryRun(error);
  if (!error) error = printer.prepare(in);
  Selection found;
  if (!error) error = findNodes(in, found, "drain NODE");
  if (!error) error = setUnschedulable(in, found.infos, true, dryRun, printer);
  if (error) return error;
  Draining draining{in, dryRun, printer, 0, false, {}};
  int64_t timeout = in.flags.millis("timeout");
  draining.limited = timeout > 0;
  draining.timeout = formatDuration(timeout);
  std::vector<Error> fatal;
  Strings remaining;
  for (Info& node : found.infos) {
    bool gaveUp = false;
    draining.end = draining.limited ? in.host.now() + timeout : in.endOfPatience();
    draining.errors.clear();
    error = draining.drain(node, gaveUp);
    if (gaveUp) return killed();
    if (!error) {
      printer.print(in, node.object, "drained");
      continue;
    }
    in.complain("error: unable to drain node " + quote(node.name) + " due to error: " + error.message() +
                ", continuing command...\n");
    fatal.push_back(error);
    remaining.push_back(node.name);
  }
  if (remaining.empty()) return {};
  in.complain("There are pending nodes to be drained:\n");
  for (const std::string& name : remaining) in.complain(" " + name + "\n");
  return aggregate(std::move(fatal));
}

}  // namespace kubectl
