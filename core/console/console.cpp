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
constexpr int steps = 20000;
}  // namespace

Console::Console(bool (*readFile)(const std::string&, std::string&)) : state_(std::make_unique<Console::State>()) {
  state_->readFile = readFile;
}
Console::~Console() = default;
Console::Console(Console&&) noexcept = default;
Console& Console::operator=(Console&&) noexcept = default;

sim::Output Console::run(sim::Session& session, std::string_view line, std::vector<Piece>* order) {
  Console::State& s = *state_;
  Terminal terminal(session, s);
  s.sync = true;
  s.pieces.clear();
  s.shell.input(std::string(line) + "\n");
  const bool watches = line.substr(0, 6) == "watch ";
  const api::Millis end = session.time() + (watches ? 30000 : longest);
  for (int busy = 0; busy < 50;) {
    const Running state = s.shell.run(terminal, steps);
    if (state == Running::reads || state == Running::ended) break;
    if (state == Running::runnable) {
      if (++busy == 50) terminal.output(2, "sh: stopped: too many steps\n");
      continue;
    }
    const api::Millis wake = s.shell.wakeAt();
    if (wake > end) {
      if (wake < INT64_MAX) session.wait(std::max<api::Millis>(end - session.time(), 0));
      break;
    }
    session.wait(wake - session.time());
  }
  if (s.shell.state() == Running::waits || s.shell.state() == Running::runnable) {
    s.shell.signal(2);
    s.shell.run(terminal, steps);
  }
  sim::Output out;
  out.exit = watches && s.shell.exit() == 130 ? 0 : s.shell.exit();
  for (const Piece& p : s.pieces) (p.stream == 2 ? out.err : out.out) += p.text;
  if (order) *order = std::move(s.pieces);
  s.pieces.clear();
  s.sync = false;
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
  s.idle = idle;
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
