// A simple command: its words, its redirections, the program that it starts.
#include <algorithm>
#include <utility>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell {

using Type = Node::Type;
using Kind = Frame::Kind;

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
      } else if (file == "/dev/null" && !reads) {
        s.kind = Stream::Kind::null;
      } else if (reads && readDevice(system, file, s.text)) {
        s.kind = Stream::Kind::input;
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
  Expansion x = expansion(system);
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
  if (isHeldUp(system, x)) return;
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
  if (!entry && name.find('/') != name.npos && script(system, path(name), words)) return;
  for (std::string_view folder : {"/usr/local/bin/", "/usr/bin/", "/bin/"}) {
    if (!entry && name.find('/') == name.npos && script(system, std::string(folder) + name, words)) return;
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
  onLines = entry && worksOnLines(name);
  seenInput = std::string::npos;
  call.terminal = terminal && io.in == 0 && io.out == 1;
  const bool testing = !frames.empty() && frames.back().testing;
  pushKind(Kind::call, nullptr, testing);
}

/// Runs a file that is a script; false where it is none. A file named by its path may do without a first line "#!".
bool Shell::Impl::script(System& system, const std::string& file, const Words& words) {
  std::string text;
  if (system.stat(file).kind != FileInfo::Kind::file || system.read(file, text) != Errno::ok) return false;
  if (text.substr(0, 1) == "\x7f" || (text.substr(0, 2) != "#!" && words[0].find('/') == std::string::npos))
    return false;
  Words line{"sh", file};
  line.insert(line.end(), words.begin() + 1, words.end());
  return builtin(system, line);
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
  const std::string err = std::move(call.err);
  std::string out = std::move(call.out);
  if (outcome == Outcome::done) out.erase(0, std::min(call.shown, out.size()));
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
      if (onLines && !in.ends && !call.interrupted && !call.terminal && runOnLines(system, in)) return;
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

}  // namespace shell
