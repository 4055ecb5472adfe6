// Frames: how the tree of commands runs, a step at a time.
#include <algorithm>
#include <utility>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell {

using Type = Node::Type;
using Kind = Frame::Kind;

namespace {
Stream stream(Stream::Kind kind, std::string text = {}) {
  Stream s;
  s.kind = kind;
  s.text = std::move(text);
  return s;
}
}  // namespace

// ---- the main loop

State Shell::Impl::run(System& system, int steps) {
  state = State::runnable;
  if (std::exchange(interrupted, false)) interrupt(system);
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
    Expansion x{*this, system, f.substitutions, 0, false, {}, {}, {}, 0, 0};
    Words targets;
    for (const auto& r : f.node->redirects) {
      targets.push_back(r->op == "<<" ? (r->literal ? r->body : x.document(r->body)) : x.single(r->word));
    }
    if (x.stopped) {
      const Parsed p = parse(x.wants);
      if (!p.node && !p.error.empty()) return fail(system, p.error, 2);
      return pushSubshell(p.node, Kind::substitution);
    }
    if (!x.error.empty()) return fail(system, x.error, 2);
    if (!redirect(system, *f.node, targets)) return finish(1);
    f.redirected = true;
    f.substitutions.clear();
  }
  const Node& n = *f.node;
  switch (n.type) {
    case Type::simple: return simple(system);
    case Type::pipeline: return pipeline();
    case Type::both:
    case Type::either:
      if (f.step == 0) return f.step = 1, push(n.parts[0], true);
      if (f.step == 1 && (status == 0) == (n.type == Type::both)) return f.step = 2, push(n.parts[1], f.testing);
      return pop();
    case Type::list:
      if (n.background && f.step == 0) {
        startJob(n.parts[0]);
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

bool Shell::Impl::redirect(System& system, const Node& node, const Words& targets) {
  for (size_t i = 0; i < node.redirects.size(); ++i) {
    const Redirect& r = *node.redirects[i];
    const std::string& target = targets[i];
    const bool reads = r.op[0] == '<';
    const int number = r.stream >= 0 ? r.stream : reads ? 0 : 1;
    int made = -1;
    if (r.op == "<<" || r.op == "<<<") {
      made = addStream(stream(Stream::Kind::input, r.op == "<<<" ? target + "\n" : target));
    } else if ((r.op == ">&" || r.op == "<&") && !target.empty() && target.find_first_not_of("012") == target.npos) {
      made = target == "0" ? io.in : target == "1" ? io.out : io.err;
    } else if (r.op == ">&" && target == "-") {
      made = addStream({});
    } else {
      const std::string file = path(target);
      const bool append = r.op == ">>" || r.op == "&>>";
      const FileInfo info = system.stat(file);
      Errno e = Errno::ok;
      Stream s;
      if (file == "/dev/stdin") {
        made = io.in;
      } else if (file == "/dev/stdout" || file == "/proc/1/fd/1" || file == "/dev/tty") {
        made = io.out;
      } else if (file == "/dev/stderr" || file == "/proc/1/fd/2") {
        made = io.err;
      } else if (file == "/dev/null") {
        s.kind = reads ? Stream::Kind::input : Stream::Kind::null;
      } else if (reads) {
        s.kind = Stream::Kind::input;
        e = info.kind == FileInfo::Kind::directory ? Errno::isDirectory : system.read(file, s.text);
      } else {
        s.kind = Stream::Kind::file;
        s.text = file;
        if (info.kind == FileInfo::Kind::directory)
          e = Errno::isDirectory;
        else if (!append || info.kind == FileInfo::Kind::none)
          e = system.write(file, {}, append);
      }
      if (target.empty()) e = Errno::noEntry;
      if (e != Errno::ok) {
        say(system,
            "sh: can't " + std::string(reads ? "open " : "create ") + target + ": " +
                std::string(e == Errno::noEntry ? (reads ? "no such file" : "nonexistent directory") : shell::text(e)) +
                "\n");
        return false;
      }
      if (made < 0) made = addStream(std::move(s));
    }
    if (number == 0) io.in = made;
    if (number == 1) io.out = made;
    if (number == 2) io.err = made;
    if (r.op[0] == '&' || (r.op == ">&" && r.stream < 0 && target.find_first_not_of("012-") != target.npos))
      io.err = made;
  }
  return true;
}

// ---- simple commands

namespace {
/// The length of NAME in "NAME=value"; 0 where the word is no assignment.
size_t assignment(std::string_view word) {
  size_t n = 0;
  while (n < word.size() && (word[n] == '_' || ((word[n] | 32) >= 'a' && (word[n] | 32) <= 'z') ||
                             (n && word[n] >= '0' && word[n] <= '9')))
    ++n;
  if (n && n < word.size() && word[n] == '[') {
    const size_t close = word.find(']', n);
    if (close == word.npos) return 0;
    n = close + 1;
  }
  return n && n < word.size() && (word[n] == '=' || word.substr(n, 2) == "+=") ? n : 0;
}
bool declares(std::string_view word) {
  return word == "export" || word == "local" || word == "readonly" || word == "declare";
}
}  // namespace

void Shell::Impl::simple(System& system) {
  Frame& f = frames.back();
  if (f.step == 1) {
    markFailure();
    return pop();
  }
  const Node& node = *f.node;
  Expansion x{*this, system, f.substitutions, 0, false, {}, {}, {}, 0, 0};
  Words words, targets;
  std::vector<std::pair<std::string, std::string>> assignments;
  bool command = false;
  for (const std::string& w : node.words) {
    const size_t n = assignment(w);
    if (n && !command) {
      const bool adds = w[n] == '+';
      std::string name = w.substr(0, n), value = x.single(std::string_view(w).substr(n + (adds ? 2 : 1)));
      const std::string* old = adds ? find(name) : nullptr;
      x.assigned.emplace_back(name, value);
      assignments.emplace_back(std::move(name), old ? *old + value : value);
    } else {
      if (!command) x.assigned.clear();
      command = true;
      if (n && !words.empty() && declares(words[0]))
        words.push_back(x.single(w));
      else
        x.fields(w, words);
    }
    if (x.stopped || !x.error.empty()) break;
  }
  for (const auto& r : node.redirects) {
    if (x.stopped || !x.error.empty()) break;
    targets.push_back(r->op == "<<" ? (r->literal ? r->body : x.document(r->body)) : x.single(r->word));
  }
  if (x.stopped) {
    const size_t at = x.wants.find_first_not_of(" \t\n");
    const Parsed p = parse(at != x.wants.npos && x.wants[at] == '<' ? "cat " + x.wants : x.wants);
    if (!p.node && !p.error.empty()) return fail(system, p.error, 2);
    return pushSubshell(p.node, Kind::substitution);
  }
  if (!x.error.empty()) return fail(system, x.error, 2);
  x.commit();
  const bool ranSomething = !f.substitutions.empty();
  f.substitutions.clear();
  f.step = 1;
  if (!redirect(system, node, targets)) return void(status = 1);
  if (env.trace) {
    std::string line = "+";
    for (const auto& [name, value] : assignments) line += " " + name + "=" + value;
    for (const std::string& w : words) line += " " + w;
    say(system, line + "\n");
  }
  if (words.empty()) {
    status = ranSomething ? substituted : 0;
    for (const auto& [name, value] : assignments) {
      if (!set(name, value)) return fail(system, name + ": is read only", 2);
    }
    return;
  }
  for (const auto& [name, value] : assignments) {
    const auto it = env.variables.find(name);
    f.forCommand.emplace_back(name, it == env.variables.end() ? std::nullopt : std::optional<Variable>(it->second));
    set(name, value);
    env.variables[name].exported = true;
  }
  dispatch(system, node, std::move(words));
}

void Shell::Impl::dispatch(System& system, const Node&, Words words) {
  const auto function = env.functions.find(words[0]);
  if (function != env.functions.end()) {
    const bool testing = frames.back().testing;
    Frame& f = pushKind(Kind::function, function->second, testing);
    f.args = env.args;
    words[0] = env.args.empty() ? "sh" : env.args[0];
    env.args = std::move(words);
    return;
  }
  if (builtin(system, words)) return;
  start(system, std::move(words));
}

void Shell::Impl::start(System& system, Words words) {
  std::string name = words[0];
  for (std::string_view folder : {"/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/"}) {
    if (name.substr(0, folder.size()) == folder && name.find('/', folder.size()) == name.npos)
      name = name.substr(folder.size());
  }
  const CommandEntry* entry = system.has(name) ? findCommand(name) : nullptr;
  if (!entry && name.find('/') != name.npos) {  // a script
    std::string text;
    const FileInfo info = system.stat(path(name));
    if (info.kind == FileInfo::Kind::file && system.read(path(name), text) == Errno::ok) {
      Words line{"sh"};
      line.insert(line.end(), words.begin(), words.end());
      if (builtin(system, line)) return;
    }
  }
  call = Call();
  call.args = std::move(words);
  run_ = entry ? entry->run : nullptr;
  for (const auto& [n, v] : env.variables) {
    if (v.exported) call.env.emplace_back(n, v.value);
  }
  call.cwd = env.cwd;
  const Stream& in = streams[size_t(io.in)];
  if (!entry || entry->reads) call.input = in.text.substr(in.at);
  call.inputEnds = in.ends;
  call.terminal = terminal && io.in == 0 && io.out == 1;
  const bool testing = !frames.empty() && frames.back().testing;
  pushKind(Kind::call, nullptr, testing);
}

void Shell::Impl::callAgain(System& system) {
  if (call.args[0] == "wait" && jobs.empty()) return finish(0);
  if (call.started && !call.interrupted && run_ && call.wakeAt > system.now() &&
      frames.back().step == int(State::waits)) {
    state = State::waits;
    return;
  }
  Stream& in = streams[size_t(io.in)];
  if (call.started && frames.back().step == int(State::reads)) {
    call.input = in.text.substr(std::min(in.at, in.text.size()));
    call.inputEnds = in.ends;
    call.taken = 0;
  }
  call.wakeAt = 0;
  const Outcome outcome = run_ ? run_(call, system) : system.external(call);
  call.started = true;
  const std::string err = std::move(call.err), out = std::move(call.out);
  call.err.clear();
  call.out.clear();
  if (frames.empty()) return;
  const int before = status;
  status = 0;
  for (const auto& [number, text] : std::exchange(call.said, {})) write(system, number == 1 ? io.out : io.err, text);
  write(system, io.out, out);
  const bool writeFailed = status != 0;
  status = before;
  say(system, err);
  in.at = std::min(in.at + call.taken, in.text.size());
  call.taken = 0;
  switch (outcome) {
    case Outcome::waits:
      frames.back().step = int(State::waits);
      if (call.wakeAt > system.now() || call.wakeAt == 0) state = State::waits;
      if (call.wakeAt == 0) call.wakeAt = INT64_MAX;
      return;
    case Outcome::reads:
      frames.back().step = int(State::reads);
      if (!in.ends) {
        state = State::reads;
        return;
      }
      if (call.inputEnds) return finish(1);  // it was told that nothing more comes
      return;
    case Outcome::unknown:
      if (direct && frames.size() == 2)
        notFound = true;
      else
        say(system, "sh: " + call.args[0] + ": not found\n");
      return finish(127);
    case Outcome::done: return finish(call.exit ? call.exit : writeFailed ? 1 : 0);
  }
}

// ---- compound commands

void Shell::Impl::pipeline() {
  Frame& f = frames.back();
  const Node& n = *f.node;
  const size_t i = size_t(f.step), count = n.parts.size();
  if (count == 1 || i > 0) {
    if (i > 0 && i < count) f.pending = std::move(streams[size_t(io.out)].text);
    if (i > 0 && status != 0) f.status = status;
  }
  io = f.io;
  if (i == count) {
    if (env.pipeFail && status == 0) status = f.status;
    if (n.negated)
      status = status == 0;
    else
      markFailure();
    return pop();
  }
  streams.resize(f.streams);
  if (i > 0) io.in = addStream(stream(Stream::Kind::input, std::exchange(f.pending, {})));
  if (i + 1 < count) io.out = addStream(stream(Stream::Kind::buffer));
  ++f.step;
  const NodePtr part = n.parts[i];
  const bool testing = f.testing || n.negated || i + 1 < count;
  if (count == 1) return push(part, testing);
  pushSubshell(part);
  frames.back().testing = testing;
}

void Shell::Impl::loop() {
  Frame& f = frames.back();
  const Node& n = *f.node;
  if (f.step == 0) {
    f.step = 1;
    return push(n.parts[0], true);
  }
  if (f.step == 1) {
    if ((status == 0) != (n.type == Type::whileLoop)) return finish(f.status);
    f.step = 2;
    return push(n.parts[1], f.testing);
  }
  f.status = status;
  f.step = 0;
}

void Shell::Impl::forLoop(System& system) {
  Frame& f = frames.back();
  const Node& n = *f.node;
  if (f.step == 0) {
    Expansion x{*this, system, f.substitutions, 0, false, {}, {}, {}, 0, 0};
    Words fields;
    if (n.words.size() == 1) fields.assign(env.args.begin() + (env.args.empty() ? 0 : 1), env.args.end());
    for (size_t i = 2; i < n.words.size() && !x.stopped; ++i) x.fields(n.words[i], fields);
    if (x.stopped) {
      const Parsed p = parse(x.wants);
      if (!p.node && !p.error.empty()) return fail(system, p.error, 2);
      return pushSubshell(p.node, Kind::substitution);
    }
    if (!x.error.empty()) return fail(system, x.error, 2);
    x.commit();
    f.fields = std::move(fields);
    std::reverse(f.fields.begin(), f.fields.end());
    status = 0;
    f.step = 1;
  }
  if (f.fields.empty()) return pop();
  set(n.words[0], f.fields.back());
  f.fields.pop_back();
  push(n.parts[0], f.testing);
}

void Shell::Impl::caseOf(System& system) {
  Frame& f = frames.back();
  const Node& n = *f.node;
  if (f.step == 1) return pop();
  Expansion x{*this, system, f.substitutions, 0, false, {}, {}, {}, 0, 0};
  const std::string subject = x.single(n.words[0]);
  NodePtr chosen;
  for (size_t i = 0; i < n.parts.size() && !chosen && !x.stopped; ++i) {
    for (const std::string& p : n.patterns[i]) {
      if (globMatches(x.pattern(p), subject) && !x.stopped) {
        chosen = n.parts[i];
        break;
      }
    }
  }
  if (x.stopped) {
    const Parsed p = parse(x.wants);
    if (!p.node && !p.error.empty()) return fail(system, p.error, 2);
    return pushSubshell(p.node, Kind::substitution);
  }
  if (!x.error.empty()) return fail(system, x.error, 2);
  x.commit();
  f.step = 1;
  status = 0;
  push(chosen, f.testing);
}

/// [[ … ]]: its words become those of test(1), but for == with a pattern and =~.
void Shell::Impl::test(System& system) {
  Frame& f = frames.back();
  const Node& n = *f.node;
  if (f.step == 1) {
    markFailure();
    return pop();
  }
  Expansion x{*this, system, f.substitutions, 0, false, {}, {}, {}, 0, 0};
  Words words{"[["};
  for (size_t i = 0; i < n.words.size() && !x.stopped; ++i) {
    const std::string& before = i ? n.words[i - 1] : "";
    if (before == "=~")
      words.push_back(regexOf(x.pattern(n.words[i])));
    else if (before == "==" || before == "=" || before == "!=")
      words.push_back(x.pattern(n.words[i]));
    else
      words.push_back(x.single(n.words[i]));
  }
  if (x.stopped) {
    const Parsed p = parse(x.wants);
    if (!p.node && !p.error.empty()) return fail(system, p.error, 2);
    return pushSubshell(p.node, Kind::substitution);
  }
  if (!x.error.empty()) return fail(system, x.error, 2);
  x.commit();
  f.step = 1;
  builtin(system, words);
}

void Shell::Impl::commands(System& system) {
  Frame& f = frames.back();
  if (f.step > 0 && (f.exact || status != 0)) f.status = f.exact || status == 127 ? status : 123;
  if (size_t(f.step) >= f.lists.size()) return finish(f.status);
  Words words = f.lists[size_t(f.step++)];
  if (words.empty()) return;
  if (!builtin(system, words)) start(system, std::move(words));
}

bool Shell::Impl::readLine(std::string& line, bool& open) {
  Stream& in = streams[size_t(io.in)];
  open = false;
  if (in.kind != Stream::Kind::input) return false;
  const size_t end = in.text.find('\n', in.at);
  if (end == in.text.npos && !in.ends) return open = true, false;
  if (in.at >= in.text.size()) return false;
  line = in.text.substr(in.at, std::min(end, in.text.size()) - in.at);
  in.at = std::min(end, in.text.size() - 1) + 1;
  const bool whole = end != in.text.npos;
  if (in.at > 65536) {
    in.text.erase(0, in.at);
    in.at = 0;
  }
  if (!whole) open = false;
  return true;
}

void Shell::Impl::interactive(System& system) {
  Frame& f = frames.back();
  if (f.step == 0 && terminal && !prompt.empty()) system.output(1, f.pending.empty() ? prompt : "> ");
  f.step = 1;
  std::string line;
  bool open = false;
  if (!readLine(line, open)) {
    if (open) {
      state = State::reads;
      return;
    }
    if (!f.pending.empty()) {
      const Parsed p = parse(f.pending);
      f.pending.clear();
      if (!p.error.empty()) say(system, "sh: " + p.error + "\n"), status = 2;
    }
    return pop();
  }
  f.step = 0;
  f.pending += line + "\n";
  const Parsed p = parse(f.pending);
  if (p.incomplete && f.pending.size() < longestValue) return;
  f.pending.clear();
  if (!p.error.empty()) {
    say(system, "sh: " + p.error + "\n");
    status = 2;
    if (!terminal) control = Control::exits, level = -1;
    return;
  }
  push(p.node);
}

// ---- jobs, signals

void Shell::Impl::startJob(NodePtr node) {
  // Jobs that start jobs that start jobs are no way to grow without end.
  if (jobs.size() >= (jobDepth == 0 ? 8u : jobDepth == 1 ? 2u : 0u)) return;
  if (frames.size() > 100) return;
  auto job = std::make_unique<Impl>();
  job->env = env;
  job->streams = streams;
  job->io = io;
  job->streams[size_t(io.in)] = Stream();
  job->streams[size_t(io.in)].kind = Stream::Kind::input;
  job->number = number + int(jobs.size()) + 1;
  job->exitTrapRan = true;
  job->jobDepth = jobDepth + 1;
  job->push(std::move(node));
  env.variables["!"].value = std::to_string(job->number);
  jobs.push_back(Shell(std::move(job)));
}

/// Gives whether the main program may go on because of what the jobs did.
bool Shell::Impl::runJobs(System& system, int steps) {
  bool ended = false;
  for (Shell& j : jobs) ended = j.run(system, steps) == State::ended || ended;
  std::erase_if(jobs, [](const Shell& j) { return j.state() == State::ended; });
  return ended && jobs.empty() && !frames.empty() && frames.back().kind == Kind::call && call.args[0] == "wait";
}

bool Shell::Impl::trap(System&, std::string_view name) {
  const auto it = env.traps.find(name);
  if (it == env.traps.end()) return false;
  const Parsed p = parse(it->second);
  if (!p.node) return false;
  push(p.node);
  return true;
}

void Shell::Impl::interrupt(System& system) {
  if (!frames.empty() && frames.back().kind == Kind::call) {
    call.interrupted = true;
    if (run_)
      run_(call, system);
    else
      system.external(call);
    write(system, io.out, call.out);
    say(system, call.err);
  }
  while (!frames.empty() && frames.back().kind != Kind::interactive) pop();
  if (!frames.empty()) frames.back().pending.clear(), frames.back().step = 0;
  jobs.clear();
  control = Control::none;
  status = 130;
}

// ---- variables and paths

const std::string* Shell::Impl::find(std::string_view name) const {
  const auto it = env.variables.find(name);
  return it == env.variables.end() ? nullptr : &it->second.value;
}

bool Shell::Impl::set(std::string_view name, std::string_view value) {
  if (env.variables.size() > 5000 && !find(name)) return true;
  Variable& v = env.variables[std::string(name)];
  if (v.readOnly) return false;
  v.value = value.substr(0, longestValue);
  return true;
}

std::string Shell::Impl::path(std::string_view p) const { return normalised(env.cwd, p); }

std::string normalised(std::string_view cwd, std::string_view path) {
  std::string whole = path.substr(0, 1) == "/" ? std::string(path) : std::string(cwd) + "/" + std::string(path);
  std::vector<std::string_view> parts;
  for (size_t at = 0; at < whole.size();) {
    const size_t end = std::min(whole.find('/', at), whole.size());
    const std::string_view part = std::string_view(whole).substr(at, end - at);
    if (part == ".." && !parts.empty())
      parts.pop_back();
    else if (!part.empty() && part != "." && part != "..")
      parts.push_back(part);
    at = end + 1;
  }
  std::string out;
  for (std::string_view p : parts) (out += '/') += p;
  return out.empty() ? "/" : out;
}

}  // namespace shell
