// exec, attach and portforward as the kubelet answers them. Models pkg/kubelet/server and cri streaming; each request
// carries what was typed since the last one, each reply what was said (core/shell/connect.hpp).
#include <algorithm>

#include "core/apiserver/status.hpp"
#include "core/node/container_run.hpp"
#include "core/node/logs.hpp"
#include "core/node/machine.hpp"
#include "core/node/serving.hpp"
#include "core/shell/connect.hpp"

namespace node {
namespace {
using api::Key;
using api::Value;
using apiserver::Response;
using State = ContainerRun::State;
namespace key = api::key;
namespace say = shell::connect;

constexpr size_t mostSessions = 50;

std::string_view text(const Value& options, std::string_view name) {
  const Value* v = options.find(name);
  return v ? v->asString() : std::string_view();
}
bool flag(const Value& options, std::string_view name) {
  const Value* v = options.find(name);
  return v && v->asBool();
}

struct Found {
  ContainerRun* run = nullptr;
  api::Container spec;
};
Found find(PodWorker& w, const api::Pod& pod, std::string_view name) {
  Found found;
  const auto look = [&](std::vector<ContainerRun>& runs, const api::List<api::Container>& specs) {
    for (size_t i = 0; i < runs.size() && i < specs.size(); ++i) {
      if (specs[i].name() == name) found = {&runs[i], specs[i]};
    }
  };
  look(w.containers, pod.spec().containers());
  look(w.init, pod.spec().initContainers());
  return found;
}

/// A program takes what was typed.
void type(shell::Shell& sh, const Value& options, bool asProcess1) {
  if (const std::string_view input = text(options, say::input); !input.empty()) sh.input(input);
  if (flag(options, say::eof)) sh.closeInput();
  if (const Value* signal = options.find(say::signal)) sh.signal(int(signal->asInt()), asProcess1);
}

void addState(Value& body, const shell::Shell& sh, Millis wake) {
  if (sh.state() == shell::State::reads) body.set(Key(say::reads), true);
  if (wake != never) body.set(Key(say::wakeAt), wake);
}

class Connection {
 public:
  Connection(PodWorker& w, const api::Pod& pod, Machine& machine, NodeClient& client, const Value& options)
      : w_(w), pod_(pod), machine_(machine), client_(client), options_(options) {}

  Response exec() {
    if (const std::string_view id = text(options_, say::session); !id.empty()) return goOn(id);
    const Found to = find(w_, pod_, text(options_, say::container));
    if (!to.run || to.run->state != State::running) return noContainer(text(options_, say::container));
    std::vector<std::string> argv;
    const Value* command = options_.find(say::command);
    for (size_t i = 0; command && i < command->size(); ++i) argv.emplace_back(command->values()[i].asString());
    if (argv.empty())
      return apiserver::failure(400, "BadRequest", "you must specify at least 1 command for the container");
    if (w_.sessions.size() >= mostSessions) std::erase_if(w_.sessions, [](const ExecSession& s) { return s.ended; });
    if (w_.sessions.size() >= mostSessions) w_.sessions.erase(w_.sessions.begin());
    ExecSession s{++machine_.serial, std::string(to.spec.name()), to.run->instance, begin(argv, to), {}, {}};
    type(s.shell, options_, false);
    run(s, to);
    if (s.shell.notFound()) return noCommand(argv[0]);
    Response r = reply(s);
    if (!s.ended) w_.sessions.push_back(std::move(s));
    return r;
  }

  /// What process 1 has said from a position on, and what it is told.
  Response attach() {
    const Found to = find(w_, pod_, text(options_, say::container));
    if (!to.run || to.run->instance == 0) return noContainer(text(options_, say::container));
    ContainerRun& c = *to.run;
    if (c.state == State::running && c.shell) {
      type(*c.shell, options_, true);
      const bool typed = options_.find(say::input) || options_.find(say::eof) || options_.find(say::signal);
      if (typed && !w_.isHung(to.spec.name(), c)) runProcess1(to);
    }
    const Value* position = options_.find("position");
    Response r;
    r.body = Value::object({});
    size_t at = position ? size_t(std::max<int64_t>(position->asInt(), 0)) : 0;
    const std::string log = logKey(w_.uid, to.spec.name(), c.restarts);
    std::string out, err;
    at = logSince(client_.logs(), log, at, out, err);
    r.body.set(Key(say::standardOutput), out);
    r.body.set(Key(say::standardError), err);
    r.body.set(Key("position"), int64_t(at));
    if (c.state != State::running) {
      r.body.set(Key(say::exitCode), c.hasLast && c.state == State::waiting ? c.last.code : c.end.code);
    } else {
      if (c.shell) addState(r.body, *c.shell, std::min(c.wake, c.endsAt));
      r.body.set(Key(say::session), "1");
    }
    return r;
  }

  Response portForward() {
    const Value* port = options_.find("port");
    shell::HttpRequest request;
    if (const std::string_view m = text(options_, "method"); !m.empty()) request.method = m;
    if (const std::string_view p = text(options_, "path"); !p.empty()) request.path = p;
    request.body = text(options_, "body");
    request.host = "localhost";
    request.port = port ? int(port->asInt()) : 80;
    request.headers.emplace_back("User-Agent", "curl/8.5.0");
    Turns turns;
    Arrival to;
    bool hangs = false;
    to.pod = pod_;
    to.container = listenerOf(client_, pod_, request.port, hangs);
    Response r;
    r.body = Value::object({});
    if (!to.container || hangs) {
      r.body.set(Key("refused"), true);
      return r;
    }
    const shell::HttpReply reply = serveHttp(client_, to, request, "127.0.0.1");
    if (reply.reached != shell::Reached::ok) {
      r.body.set(Key("refused"), true);
      return r;
    }
    r.body.set(key::code, reply.code);
    r.body.set(key::reason, reply.reason);
    r.body.set(Key("body"), reply.body);
    Value headers = Value::object({});
    for (const auto& [name, value] : reply.headers) headers.set(Key(name), value);
    r.body.set(Key("headers"), headers);
    return r;
  }

 private:
  static Response noContainer(std::string_view name) {
    return apiserver::failure(404, "NotFound",
                              "unable to upgrade connection: container not found (\"" + std::string(name) + "\")");
  }

  static Response noCommand(const std::string& command) {
    const bool path = command.find('/') != command.npos;
    return apiserver::failure(
        500, "InternalError",
        "Internal error occurred: error executing command in container: failed to exec in container: failed to "
        "start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: \"" +
            command +
            "\": " + (path ? "stat " + command + ": no such file or directory" : "executable file not found in $PATH") +
            ": unknown");
  }

  shell::Shell begin(const std::vector<std::string>& argv, const Found& to) {
    ContainerSystem system(client_, pod_, to.spec, *to.run, machine_.turns);
    shell::Shell sh = shell::Shell::command(argv, system.variables());
    const std::string_view name = std::string_view(argv[0]).substr(argv[0].rfind('/') + 1);
    const bool small = programOf(to.spec.image()).kind == Program::Kind::shell;
    if (flag(options_, say::standardInput))
      sh.openInput(flag(options_, say::tty), name == "bash" ? "root@" + system.hostname() + ":/# "
                                             : small        ? "/ # "
                                                            : "# ");
    if (const std::string_view folder = to.spec.doc[key::workingDir].asString(); !folder.empty()) sh.chdir(folder);
    return sh;
  }

  void run(ExecSession& s, const Found& to) {
    ContainerSystem system(client_, pod_, to.spec, *to.run, machine_.turns);
    system.sayTo(&s.out, &s.err);
    if (w_.isHung(s.container, *to.run)) return void(s.wake = never);
    const shell::State state = s.shell.run(system, 4000);
    s.wake = wakeOf(s.shell, state, client_.now());
    s.ended = state == shell::State::ended;
    s.exit = s.shell.exit();
  }

  void runProcess1(const Found& to) {
    ContainerSystem system(client_, pod_, to.spec, *to.run, machine_.turns);
    const shell::State state = to.run->shell->run(system, 4000);
    to.run->wake = wakeOf(*to.run->shell, state, client_.now());
    if (state != shell::State::ended) return;
    to.run->endsAt = client_.now();
    to.run->endsWith = to.run->shell->exit();
  }

  Response goOn(std::string_view id) {
    for (size_t i = 0; i < w_.sessions.size(); ++i) {
      ExecSession& s = w_.sessions[i];
      if (std::to_string(s.id) != id) continue;
      const Found to = find(w_, pod_, s.container);
      const bool there = to.run && to.run->state == State::running && to.run->instance == s.instance;
      if (!there && !s.ended) {
        s.ended = true;
        s.exit = 137;
      }
      if (!s.ended) {
        type(s.shell, options_, false);
        const bool typed = options_.find(say::input) || options_.find(say::eof) || options_.find(say::signal);
        if (typed || s.wake <= client_.now()) run(s, to);
      }
      Response r = reply(s);
      if (s.ended) w_.sessions.erase(w_.sessions.begin() + long(i));
      return r;
    }
    return apiserver::failure(404, "NotFound", "the program that this session was about is gone");
  }

  static Response reply(ExecSession& s) {
    Response r;
    r.body = Value::object({});
    r.body.set(Key(say::standardOutput), std::exchange(s.out, {}));
    r.body.set(Key(say::standardError), std::exchange(s.err, {}));
    if (s.ended) {
      r.body.set(Key(say::exitCode), s.exit);
      return r;
    }
    r.body.set(Key(say::session), std::to_string(s.id));
    addState(r.body, s.shell, s.wake);
    return r;
  }

  PodWorker& w_;
  const api::Pod& pod_;
  Machine& machine_;
  NodeClient& client_;
  const Value& options_;
};
}  // namespace

Response connectTo(PodWorker& w, const api::Pod& pod, std::string_view subresource, const Value& options,
                   Machine& machine, NodeClient& client) {
  if (isSilent(client.facts(), machine.name))
    return apiserver::failure(
        500, "InternalError",
        "error dialing backend: dial tcp " + std::string(pod.status().hostIP()) + ":10250: i/o timeout");
  Connection c(w, pod, machine, client, options);
  if (subresource == "attach") return c.attach();
  if (subresource == "portforward") return c.portForward();
  return c.exec();
}

}  // namespace node
