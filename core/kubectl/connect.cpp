// kubectl exec, attach, cp, and the second half of run -i. Models kubectl pkg/cmd/exec, attach, cp.
#include <algorithm>

#include "core/kubectl/builder.hpp"
#include "core/kubectl/connecting.hpp"
#include "core/kubectl/runs.hpp"
#include "core/kubectl/waiting.hpp"
#include "core/shell/connect.hpp"

namespace kubectl {

using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;
namespace say = shell::connect;

Error findPod(Invocation& in, const std::string& argument, Value& pod) {
  Strings parts = split(argument, '/');
  if (parts.size() == 2) {
    Error e;
    const Mapping* m = mappingFor(parts[0], e);
    if (!m) return e;
    Response r = in.fetch(*m, in.ns, parts[1]);
    if (!r.ok()) return fromResponse(r);
    if (m->kind != "Pod") {
      std::vector<Value> pods;
      std::string selector = m->kind == "Service" ? formatLabels(at(r.body, "spec.selector"))
                                                  : formatSelector(at(r.body, "spec.selector"));
      e = in.list(*findMapping("pods"), in.ns, selector, {}, pods);
      if (!e && pods.empty()) e = plain("error finding pods for " + argument);
      if (!e) pod = pods[0];
      return e;
    }
    pod = r.body;
    return {};
  }
  Response r = in.fetch(*findMapping("pods"), in.ns, argument);
  if (!r.ok()) return fromResponse(r);
  pod = r.body;
  return {};
}

namespace {

std::string containerNames(const Value& pod) {
  Strings names;
  for (const Value& c : at(pod, "spec.containers").values()) names.push_back(str(c, "name"));
  for (const Value& c : at(pod, "spec.ephemeralContainers").values()) names.push_back(str(c, "name") + " (ephem)");
  for (const Value& c : at(pod, "spec.initContainers").values()) names.push_back(str(c, "name") + " (init)");
  return join(names, ", ");
}

/// Models kubectl podcmd FindOrDefaultContainerByName.
Error containerOf(Invocation& in, const Value& pod, std::string& name) {
  const std::string& wanted = in.get("container");
  if (!wanted.empty()) {
    for (std::string_view list : {"spec.containers", "spec.initContainers", "spec.ephemeralContainers"}) {
      for (const Value& c : at(pod, list).values()) {
        if (str(c, "name") == wanted) return name = wanted, Error();
      }
    }
    const std::string pods = str(pod, "metadata.name");
    if (in.command && in.command->path == "exec") {
      return plain("container " + wanted + " is not valid for pod " + pods + " out of: " + containerNames(pod));
    }
    return plain("container " + wanted + " not found in pod " + pods);
  }
  name = std::string(member(at(pod, "metadata.annotations"), "kubectl.kubernetes.io/default-container").asString());
  const Value& containers = at(pod, "spec.containers");
  if (!name.empty() || containers.size() == 0) return {};
  name = str(containers.values()[0], "name");
  const size_t all = containers.size() + at(pod, "spec.initContainers").size();
  if (all > 1 && !in.is("quiet")) {
    in.complain("Defaulted container " + quote(name) + " out of: " + containerNames(pod) + "\n");
  }
  return {};
}

/// One conversation with a program in a container; `exit` is how it ended.
struct Conversation {
  Invocation& in;
  std::string pod, subresource;
  Value body;
  bool input = false, tty = false;
  int exit = 0;

  Error speak();
};

Request connectTo(Invocation& in, const std::string& pod, const std::string& subresource, Value body) {
  Request r = in.request(Verb::create, *findMapping("pods"), in.ns, pod);
  r.subresource = subresource;
  r.body = std::move(body);
  return r;
}

Error refused(const Response& r) {
  const std::string text(r.message());
  if (contains(text, "unable to upgrade connection") || r.reason() == "InternalError") return plain(text);
  return fromResponse(r);
}

Error Conversation::speak() {
  std::string typed;
  bool ended = !input;
  const bool whole = input && !in.host.terminal();
  if (whole) {
    typed = in.input;
    ended = true;
  }
  if (!typed.empty()) body.set(api::Key(say::input), typed);
  if (ended) body.set(api::Key(say::eof), true);
  for (Value request = body;;) {
    const Response r = in.send(connectTo(in, pod, subresource, request));
    if (!r.ok()) return refused(r);
    in.print(str(r.body, say::standardOutput));
    (tty ? in.result.out : in.result.err) += str(r.body, say::standardError);
    if (has(r.body, say::exitCode)) {
      exit = int(num(r.body, say::exitCode));
      return {};
    }
    Value next = Value::object(
        {{api::Key(say::session), at(r.body, say::session)}, {api::Key(say::container), at(body, say::container)}});
    if (has(r.body, "position")) put(next, "position", at(r.body, "position"));
    if (flag(r.body, say::reads) && !ended) {
      typed.clear();
      if (!in.host.readInput(typed, ended)) {
        if (!in.host.interrupted()) return killed();
        if (!tty) return killed();
        put(next, say::signal, 2);
      }
      if (!typed.empty()) next.set(api::Key(say::input), typed);
      if (ended) next.set(api::Key(say::eof), true);
    } else {
      // The program goes on in the cluster's own time: until it wakes, or for one piece of the cluster's work.
      const api::Millis limit = in.endOfPatience(), now = in.host.now();
      const api::Millis wake = has(r.body, say::wakeAt) ? num(r.body, say::wakeAt) : 0;
      const api::Millis deadline = wake > now ? std::min(wake, limit) : limit;
      if (!in.host.advance(deadline) && (in.host.now() < deadline || deadline == limit)) {
        if (!in.host.interrupted() || !tty) return killed();
        put(next, say::signal, 2);
      }
    }
    request = next;
  }
}

Error exitWith(Invocation& in, int code) {
  if (!code) return {};
  in.complain("command terminated with exit code " + std::to_string(code) + "\n");
  Error e;
  e.type = Error::Type::exit;
  e.code = code;
  return e;
}

Error checkPhase(const Value& pod, std::string_view verb) {
  const std::string phase = str(pod, "status.phase");
  if (phase != "Succeeded" && phase != "Failed") return {};
  return plain("cannot " + std::string(verb) + " a container in a completed pod; current phase is " + phase);
}

Conversation begin(Invocation& in, const Value& pod, const std::string& container, std::string subresource) {
  Conversation c{in, str(pod, "metadata.name"), std::move(subresource), Value::object({}), in.is("stdin"), in.is("tty"),
                 0};
  c.body.set(api::Key(say::container), container);
  if (c.tty && !in.host.terminal()) {
    in.complain("Unable to use a TTY - input is not a terminal or the right kind of file\n");
    c.tty = false;
  }
  c.body.set(api::Key(say::standardInput), c.input);
  c.body.set(api::Key(say::tty), c.tty);
  return c;
}

}  // namespace

Error exec(Invocation& in) {
  if (in.args.empty() && in.flags.list("filename").empty()) {
    return plain("pod, type/name or --filename must be specified");
  }
  if (in.dash < 0 && in.args.size() > 1) {
    return in.usage("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead");
  }
  if (in.args.size() < 2) return plain("you must specify at least one command for the container");
  Value pod;
  std::string container;
  Error e = findPod(in, in.args[0], pod);
  if (!e) e = checkPhase(pod, "exec into");
  if (!e) e = containerOf(in, pod, container);
  if (e) return e;
  Conversation c = begin(in, pod, container, "exec");
  std::vector<Value> command;
  for (size_t i = 1; i < in.args.size(); ++i) command.emplace_back(in.args[i]);
  c.body.set(api::Key(say::command), Value::array(std::move(command)));
  e = c.speak();
  return e ? e : exitWith(in, c.exit);
}

Error attach(Invocation& in) {
  if (in.args.empty()) return in.usage("at least 1 argument is required for attach");
  Value pod;
  std::string container;
  Error e = findPod(in, in.args[0], pod);
  if (!e) e = checkPhase(pod, "attach");
  if (!e) e = containerOf(in, pod, container);
  if (e) return e;
  if (!in.is("quiet")) {
    in.complain(
        "All commands and output from this session will be recorded in container logs, including credentials and "
        "sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing "
        "enter.\n");
  }
  Conversation c = begin(in, pod, container, "attach");
  return c.speak();
}

Error attachToRun(Invocation& in, const std::string& name) {
  const Mapping& pods = *findMapping("pods");
  Value pod;
  std::string phase;
  const auto look = [&] {
    const Response r = in.fetch(pods, in.ns, name);
    pod = r.ok() ? r.body : Value();
    phase = str(pod, "status.phase");
    return !r.ok();
  };
  const auto ends = [&] { return look() || phase == "Succeeded" || phase == "Failed"; };
  const auto ready = [&] {
    if (ends()) return true;
    for (const Value& c : at(pod, "status.conditions").values()) {
      if (str(c, "type") == "Ready" && str(c, "status") == "True") return phase == "Running";
    }
    return false;
  };
  api::Millis deadline = in.host.now() + in.flags.millis("pod-running-timeout");
  Error e;
  if (!in.wait(deadline, ready)) e = in.cutShort(deadline) ? killed() : plain("timed out waiting for the condition");
  if (!e && !ends()) {
    if (!in.is("quiet")) {
      in.complain(
          "All commands and output from this session will be recorded in container logs, including credentials and "
          "sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing "
          "enter.\n");
    }
    Conversation c = begin(in, pod, str(at(pod, "spec.containers").values()[0], "name"), "attach");
    e = c.speak();
  } else if (!e && !pod.isNull()) {
    Request r = in.request(Verb::get, pods, in.ns, name);
    r.subresource = "log";
    r.body = Value::object({});
    in.print(in.send(std::move(r)).text);
  }
  const bool waits = in.get("restart") != "Always";
  deadline = in.host.now() + in.flags.millis("pod-running-timeout");
  if (!e && waits && !in.wait(deadline, ends) && in.cutShort(deadline)) e = killed();
  if (e.type == Error::Type::killed && !in.host.interrupted()) return e;  // it goes on later
  int code = 0;
  std::string reason;
  for (const Value& c : at(pod, "status.containerStatuses").values()) {
    code = int(num(c, "state.terminated.exitCode", code));
    reason = str(c, "state.terminated.reason");
  }
  if (in.is("rm")) {
    const Result removed = run(in.host, "delete pod " + name + " -n " + in.ns);
    in.print(removed.out);
    in.complain(removed.err);
    if (removed.exit < 0) return killed();
  }
  if (e || !waits || phase != "Failed") return e;
  in.complain("pod " + in.ns + "/" + name + " terminated (" + reason + ")\n");
  Error failed;
  failed.type = Error::Type::exit;
  failed.code = code ? code : 1;
  return failed;
}

namespace {

struct Place {
  std::string pod, path;  ///< pod is empty for a file of the person's own
};

Place placeOf(Invocation& in, const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == text.npos) return {"", text};
  std::string pod = text.substr(0, colon);
  const size_t slash = pod.find('/');
  if (slash != pod.npos) {
    in.ns = pod.substr(0, slash);
    pod = pod.substr(slash + 1);
  }
  return {pod, text.substr(colon + 1)};
}

std::string lastPart(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Error runQuietly(Invocation& in, const std::string& podName, Strings command, const std::string* input,
                 std::string& out) {
  Value pod;
  std::string container;
  Error e = findPod(in, podName, pod);
  if (!e) e = checkPhase(pod, "exec into");
  if (!e) e = containerOf(in, pod, container);
  if (e) return e;
  Value body = Value::object({{api::Key(say::container), container},
                              {api::Key(say::standardInput), input != nullptr},
                              {api::Key(say::eof), true}});
  if (input) body.set(api::Key(say::input), *input);
  std::vector<Value> words;
  for (const std::string& w : command) words.emplace_back(w);
  body.set(api::Key(say::command), Value::array(std::move(words)));
  const Response r = in.send(connectTo(in, podName, "exec", std::move(body)));
  if (!r.ok()) return refused(r);
  out = str(r.body, say::standardOutput);
  in.complain(str(r.body, say::standardError));
  return exitWith(in, int(num(r.body, say::exitCode)));
}

}  // namespace

Error cp(Invocation& in) {
  if (in.args.size() != 2) return plain("source and destination are required");
  const Place from = placeOf(in, in.args[0]), to = placeOf(in, in.args[1]);
  if (from.pod.empty() == to.pod.empty()) {
    return plain(from.pod.empty() ? "one of src or dest must be a local file specification"
                                  : "one of src or dest must be a local file specification");
  }
  std::string text;
  if (!from.pod.empty()) {
    Error e = runQuietly(in, from.pod, {"cat", from.path}, nullptr, text);
    if (e) return e;
    const std::string name = to.path.empty() || to.path == "." || to.path.back() == '/' ? lastPart(from.path) : to.path;
    return in.host.writeFile(name, text) ? Error() : plain("cannot write " + name);
  }
  if (!in.host.readFile(from.path, text)) return plain(from.path + " doesn't exist in local filesystem");
  std::string ignored;
  const std::string script = "if [ -d \"$1\" ]; then cat > \"$1/$2\"; else cat > \"$1\"; fi";
  return runQuietly(in, to.pod, {"sh", "-c", script, "cp", to.path, lastPart(from.path)}, &text, ignored);
}

}  // namespace kubectl
