// The main loop: how the tree of commands runs, a step at a time, and how frames come and go.
#include <algorithm>
#include <utility>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell {

using Type = Node::Type;
using Kind = Frame::Kind;

// ---- the main loop

State Shell::Impl::run(System& system, int steps) {
  state = State::runnable;
  if (std::exchange(interrupted, false)) interrupt(system);
  expire(system);
  do {
    state = State::runnable;
    while (state == State::runnable && steps-- > 0) {
      if (frames.empty()) {
        control = Control::none;
        if (exitTrapRan || !trap(system, "EXIT")) {
          state = State::ended;
          break;
        }
        exitTrapRan = true;
        frames.back().status = status;
      }
      step(system);
    }
  } while (state != State::ended && feed(system) && steps > 0);
  if (!jobs.empty() && runJobs(system, 500) && state == State::waits) state = State::runnable;
  return state;
}

void Shell::Impl::step(System& system) {
  if (control != Control::none) return leave();
  if (frames.size() > deepestFrames) return fail(system, "too many levels of nesting", 2);
  Frame& f = frames.back();
  if (pendingSignal && f.kind != Kind::call) {
    const int number = std::exchange(pendingSignal, 0);
    if (trap(system, number == 2 ? "INT" : "TERM")) return;
  }
  switch (f.kind) {
    case Kind::call: return callAgain(system);
    case Kind::interactive: return interactive(system);
    case Kind::commands: return commands(system);
    case Kind::subshell:
    case Kind::function:
    case Kind::substitution:
      if (f.step++ == 0 && f.node) return push(f.node, f.testing);
      if (f.step >= 100) return finish(f.exact ? status : f.status);
      if (f.isShell && env.traps.count("EXIT")) {
        f.step = 100;
        f.status = status;
        trap(system, "EXIT");
        env.traps.erase("EXIT");
        return;
      }
      return pop();
    default: break;
  }
  if (!f.redirected && !f.node->redirects.empty() && f.node->type != Type::simple) {
    Expansion x = expansion(system);
    Words targets;
    for (const auto& r : f.node->redirects) {
      targets.push_back(r->op == "<<" ? (r->literal ? r->body : x.document(r->body)) : x.single(r->word));
    }
    if (isHeldUp(system, x)) return;
    if (!redirect(system, *f.node, targets)) return finish(1);
    f.redirected = true;
    f.substitutions.clear();
  }
  const Node& n = *f.node;
  switch (n.type) {
    case Type::simple: return simple(system);
    case Type::pipeline: return pipeline(system);
    case Type::both:
    case Type::either:
      if (f.step == 0) return f.step = 1, push(n.parts[0], true);
      if (f.step == 1 && (status == 0) == (n.type == Type::both)) return f.step = 2, push(n.parts[1], f.testing);
      return pop();
    case Type::list:
      if (n.background && f.step == 0) {
        startJob(system, n.parts[0]);
        return finish(0);
      }
      if (n.parts.empty()) status = 0;
      if (size_t(f.step) < n.parts.size()) {
        const NodePtr part = n.parts[size_t(f.step++)];
        return push(part, f.testing);
      }
      return pop();
    case Type::group:
      if (f.step == 0) return f.step = 1, push(n.parts[0], f.testing);
      return pop();
    case Type::subshell:
      if (f.step == 0) return f.step = 1, pushSubshell(n.parts[0]);
      markFailure();
      return pop();
    case Type::ifElse: {
      const size_t i = size_t(f.step), count = n.parts.size();
      if (i % 2 == 1 && status == 0 && i < count)
        return f.step = 1000, push(n.parts[i], f.testing);  // after a condition
      const size_t next = i % 2 == 1 ? i + 1 : i;
      if (i == 1000 || next >= count) {
        if (i != 1000) status = 0;
        return pop();
      }
      const bool isElse = next == count - 1 && count % 2 == 1;
      f.step = isElse ? 1000 : int(next) + 1;
      return push(n.parts[next], isElse ? f.testing : true);
    }
    case Type::whileLoop:
    case Type::untilLoop: return loop();
    case Type::forLoop: return forLoop(system);
    case Type::caseOf: return caseOf(system);
    case Type::function: env.functions[n.words[0]] = n.parts[0]; return finish(0);
    case Type::test: return test(system);
  }
}

// ---- frames come and go

Frame& Shell::Impl::pushKind(Kind kind, NodePtr node, bool testing) {
  Frame f;
  f.kind = kind;
  f.node = std::move(node);
  f.testing = testing;
  f.streams = streams.size();
  f.io = io;
  frames.push_back(std::move(f));
  return frames.back();
}

void Shell::Impl::push(NodePtr node, bool testing) {
  if (node) pushKind(Kind::node, std::move(node), testing);
}

void Shell::Impl::pushSubshell(NodePtr node, Kind kind) {
  const bool testing = !frames.empty() && frames.back().testing;
  Frame& f = pushKind(kind, std::move(node), testing || kind == Kind::substitution);
  f.saved = env;
  if (kind == Kind::substitution) {
    status = 0;
    io.out = addStream(stream(Stream::Kind::buffer));
  }
}

void Shell::Impl::pop() {
  Frame f = std::move(frames.back());
  frames.pop_back();
  std::string made;
  if (f.kind == Kind::substitution) {
    made = std::move(streams[f.streams].text);
    while (!made.empty() && made.back() == '\n') made.pop_back();
    made.erase(std::remove(made.begin(), made.end(), '\0'), made.end());
  }
  io = f.io;
  streams.resize(std::max(f.streams, size_t(3)));
  for (auto* list : {&f.locals, &f.forCommand}) {
    for (size_t i = list->size(); i-- > 0;) {
      auto& [name, old] = (*list)[i];
      if (old)
        env.variables[name] = *old;
      else
        env.variables.erase(name);
    }
  }
  if (f.consumer >= 0) consumers.erase(consumers.begin() + f.consumer, consumers.end());
  if (f.kind == Kind::function) env.args = std::move(f.args);
  if (f.saved) env = std::move(*f.saved);
  if (f.kind == Kind::substitution && !frames.empty()) {
    substituted = status;
    if (made.size() > longestText) made.resize(longestText);
    frames.back().substitutions.push_back(std::move(made));
  }
}

void Shell::Impl::finish(int code) {
  status = code;
  pop();
}

void Shell::Impl::markFailure() {
  if (status == 0 || !env.exitOnError || frames.back().testing) return;
  control = Control::exits;
  level = -1;
}

void Shell::Impl::fail(System& system, std::string_view text, int code) {
  say(system, "sh: " + std::string(text) + "\n");
  status = code;
  control = Control::exits;
  level = 0;
}

/// One frame on the way out of a loop, a function or the shell.
void Shell::Impl::leave() {
  if (frames.empty()) return;
  Frame& f = frames.back();
  const bool isLoop = f.kind == Kind::node && (f.node->type == Type::whileLoop || f.node->type == Type::untilLoop ||
                                               f.node->type == Type::forLoop);
  const bool isShell = f.kind == Kind::subshell || f.kind == Kind::substitution;
  if (control == Control::exits) {
    // A mistake in a line of an interactive shell ends the line only.
    if (isShell || (f.kind == Kind::interactive && level != -1)) control = Control::none;
    if (f.kind == Kind::interactive && control == Control::none) return;
    if (f.isShell) {  // its trap for EXIT runs yet
      f.exact = f.step >= 100;
      f.step = std::max(f.step, 1);
      return;
    }
    return pop();
  }
  if (control == Control::returns) {
    if (f.kind == Kind::function || isShell) control = Control::none;
    if (f.kind == Kind::interactive) return void(control = Control::none);
    return pop();
  }
  if (f.kind == Kind::interactive) return void(control = Control::none);
  if (isShell || f.kind == Kind::function) {
    control = Control::none;
    return pop();
  }
  if (!isLoop || --level > 0) return pop();
  const bool ends = control == Control::breaks;
  control = Control::none;
  status = 0;
  if (ends) return pop();
  f.step = f.node->type == Type::forLoop ? 1 : 0;
}

Expansion Shell::Impl::expansion(System& system) {
  return Expansion{*this, system, frames.back().substitutions, 0, false, {}, {}, {}, 0, 0};
}

bool Shell::Impl::isHeldUp(System& system, Expansion& x) {
  if (x.stopped) {
    const size_t at = x.wants.find_first_not_of(" \t\n");  // $(<FILE) is what the file says
    const Parsed p = parse(at != x.wants.npos && x.wants[at] == '<' ? "cat " + x.wants : x.wants);
    if (!p.node && !p.error.empty())
      fail(system, p.error, 2);
    else
      pushSubshell(p.node, Kind::substitution);
    return true;
  }
  if (!x.error.empty()) fail(system, x.error, 2);
  return !x.error.empty();
}

int Shell::Impl::addStream(Stream s) {
  streams.push_back(std::move(s));
  return int(streams.size()) - 1;
}

void Shell::Impl::write(System& system, int stream, std::string_view text) {
  if (text.empty()) return;
  Stream& s = streams[size_t(stream)];
  if (s.kind == Stream::Kind::terminal) return system.output(s.number, text);
  if (s.kind == Stream::Kind::buffer) {
    s.text.append(text.substr(0, longestText - std::min(s.text.size(), longestText)));
    return;
  }
  if (s.kind != Stream::Kind::file) return;
  const Errno e = system.write(s.text, text, true);
  if (e == Errno::ok) return;
  status = 1;
  if (stream != io.err) say(system, "sh: write error: " + std::string(shell::text(e)) + "\n");
}

}  // namespace shell
