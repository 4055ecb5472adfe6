#include "core/console/console.hpp"

#include <algorithm>
#include <utility>

#include "core/api/sort.hpp"
#include "core/console/terminal.hpp"
#include "core/kubectl/completion.hpp"
#include "core/shell/command.hpp"

namespace console {
using Running = shell::State;

namespace {
constexpr api::Millis longest = 600000;  ///< of a line that is run to its end
constexpr api::Millis lookingOn = 30000;
constexpr int steps = 20000;
constexpr size_t mostSaid = 1 << 24;

/// One thing happens in the cluster, or the time has come.
void letTimePass(sim::Session& session, api::Millis until) {
  const size_t length = session.length();
  const api::Millis time = session.time();
  const auto host = session.host("");
  while (session.length() == length && session.time() == time && time < until && host->advance(until)) {}
}
}  // namespace

Console::Console(bool (*readFile)(const std::string&, std::string&)) : state_(std::make_unique<Console::State>()) {
  state_->readFile = readFile;
}
Console::~Console() = default;
Console::Console(Console&&) noexcept = default;
Console& Console::operator=(Console&&) noexcept = default;

namespace {
bool onlyLooks(std::string_view verb) {
  return verb == "get" || verb == "events" || verb == "logs" || verb == "port-forward";
}

/// How long a line is let wait where nobody presses Ctrl+C: what only looks on, as long as something is said every half
/// minute; a conversation that says something all the time, or a drain that is refused, half a minute; all else ten
/// minutes, or what it says itself.
struct Patience {
  api::Millis begin, said;
  bool hasSaid = false;

  api::Millis end(const std::vector<std::string>& words) const {
    std::string_view verb = words.empty() ? std::string_view() : std::string_view(words[0]);
    if (verb == "wait" && words.size() > 2) return std::min(said + lookingOn, begin + longest);  // fg
    if (verb == "sleep" && words.size() > 1 && looping) return begin + lookingOn;
    if (verb != "kubectl" && verb != "k") return begin + longest;
    verb = words.size() > 1 ? std::string_view(words[1]) : std::string_view();
    if (onlyLooks(verb)) return std::min(said + lookingOn, begin + longest);
    if (verb == "drain") return begin + lookingOn;
    const bool talks = verb == "exec" || verb == "run" || verb == "attach";
    return begin + (talks && hasSaid ? lookingOn : longest);
  }
  bool looping = false;  ///< `watch`
};

/// Whether this command is only there to look on: it is content with what came.
bool looksOn(const std::vector<std::string>& words) {
  if (words.size() > 2 && words[0] == "wait") return true;
  return words.size() > 1 && onlyLooks(words[1]);
}
}  // namespace

sim::Output Console::run(sim::Session& session, std::string_view line, std::vector<Piece>* order) {
  Console::State& s = *state_;
  Terminal terminal(session, s);
  s.pieces.clear();
  s.shell.input(std::string(line) + "\n");
  Patience patience{session.time(), session.time()};
  patience.looping = line.substr(0, 6) == "watch ";
  bool content = patience.looping;
  Running state = Running::runnable;
  for (int busy = 0; busy < 50;) {
    const size_t before = s.pieces.empty() ? 0 : s.pieces.back().text.size() + s.pieces.size() * mostSaid;
    state = s.shell.run(terminal, steps);
    if (state == Running::reads || state == Running::ended) break;
    if (state == Running::runnable) {
      if (++busy == 50) terminal.output(2, "sh: stopped: too many steps\n");
      continue;
    }
    const size_t after = s.pieces.empty() ? 0 : s.pieces.back().text.size() + s.pieces.size() * mostSaid;
    if (after != before) patience.said = session.time(), patience.hasSaid = true;
    const api::Millis end = patience.end(s.shell.running());
    if (session.time() >= end) break;
    letTimePass(session, std::min(s.shell.wakeAt(), end));
  }
  if (state == Running::waits || state == Running::runnable) {
    content = content || looksOn(s.shell.running());
    s.shell.signal(2);
    s.shell.run(terminal, steps);
  }
  sim::Output out;
  out.exit = content && s.shell.exit() == 130 ? 0 : s.shell.exit();
  for (const Piece& p : s.pieces) (p.stream == 2 ? out.err : out.out) += p.text;
  if (order) *order = std::move(s.pieces);
  s.pieces.clear();
  if (s.shell.state() == Running::ended) {  // "exit": the next line finds a new shell
    const auto readFile = s.readFile;
    *this = Console(readFile);
  }
  return out;
}

void Console::begin(sim::Session& session, std::string_view line) {
  state_->shell.input(std::string(line) + "\n");
  go(session, false);
}

void Console::go(sim::Session& session, bool idle) {
  Console::State& s = *state_;
  Terminal terminal(session, s);
  const api::Millis wake = s.shell.wakeAt();
  // Nothing else happens, so the time that a sleep waits for may as well be there.
  if (idle && s.shell.state() == Running::waits && wake < INT64_MAX && wake > session.time())
    session.wait(wake - session.time());
  if (s.shell.run(terminal, steps) == Running::ended) {
    std::vector<Piece> pieces = std::move(s.pieces);
    *this = Console(s.readFile);
    state_->pieces = std::move(pieces);
  }
}

void Console::interrupt(sim::Session& session) {
  Console::State& s = *state_;
  Terminal terminal(session, s);
  const std::vector<std::string>& words = s.shell.running();
  bool remote = false;  // the terminal is that of a program in a container: the key is for it
  for (size_t i = 1; i < words.size() && words[i] != "--"; ++i) {
    remote = remote || words[i] == "-it" || words[i] == "-ti" || words[i] == "-t" || words[i] == "--tty";
  }
  if (remote && !s.jobs.empty() && s.shell.state() == Running::reads) {
    s.jobs.rbegin()->second.interrupted = true;
  } else {
    s.shell.signal(2);
  }
  s.shell.run(terminal, steps);
}

bool Console::waits() const {
  return state_->shell.state() == Running::waits || state_->shell.state() == Running::runnable;
}
bool Console::reads() const { return !state_->shell.running().empty() && state_->shell.state() == Running::reads; }
bool Console::continues() const { return state_->shell.continues(); }
void Console::setChinese(bool is) { state_->shell.set("LANG", is ? "zh_CN.UTF-8" : "C.UTF-8"); }
std::vector<Piece> Console::take() { return std::exchange(state_->pieces, {}); }

std::vector<std::string> Console::complete(sim::Session& session, std::string_view line) {
  // What stands after the last operator is the command that is being typed.
  size_t from = 0;
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '|' || c == ';' || c == '&' || c == '(' || c == '`' || c == '\n') {
      from = i + 1;
    }
  }
  std::string_view part = line.substr(from);
  for (bool more = true; more;) {
    more = false;
    for (std::string_view word : {" ", "do ", "then ", "else ", "! "}) {
      if (part.substr(0, word.size()) == word) part.remove_prefix(word.size()), more = true;
    }
  }
  const size_t blank = part.rfind(' ');
  const std::string_view last = blank == part.npos ? part : part.substr(blank + 1);
  std::vector<std::string> out;
  const auto offer = [&](std::string_view candidate) {
    if (candidate.substr(0, last.size()) == last) out.emplace_back(candidate);
  };
  std::string_view before = blank == part.npos ? std::string_view() : part.substr(0, blank);
  while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
  const bool file =
      before.size() > 2 && (before.substr(before.size() - 3) == " -f" || before.substr(before.size() - 3) == "ame");
  const bool kubectl = part.substr(0, 8) == "kubectl " || part.substr(0, 2) == "k ";
  if (blank == part.npos) {
    offer("kubectl");
    for (std::string_view name : shell::commandNames()) offer(name);
  } else if (kubectl && !file) {
    const auto host = session.host("");
    out = kubectl::complete(*host, part.substr(part.find(' ') + 1));
  } else {
    for (const auto& [name, text] : session.files()) offer(name);
  }
  api::sort(out);
  return out;
}

}  // namespace console
