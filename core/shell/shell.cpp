#include "core/shell/shell.hpp"

#include <algorithm>

#include "core/shell/machine.hpp"

namespace shell {

std::string_view text(Errno e) {
  constexpr std::string_view texts[] = {"Success",
                                        "No such file or directory",
                                        "Permission denied",
                                        "File exists",
                                        "Not a directory",
                                        "Is a directory",
                                        "Directory not empty",
                                        "No space left on device",
                                        "Read-only file system",
                                        "No such process",
                                        "Invalid argument",
                                        "Function not implemented",
                                        "Input/output error"};
  return texts[size_t(e)];
}

namespace {
std::unique_ptr<Shell::Impl> fresh(Variables env) {
  auto impl = std::make_unique<Shell::Impl>();
  impl->streams.resize(3);
  impl->streams[0].kind = Stream::Kind::input;
  for (int i = 1; i < 3; ++i) {
    impl->streams[size_t(i)].kind = Stream::Kind::terminal;
    impl->streams[size_t(i)].number = i;
  }
  impl->env.args = {"sh"};
  for (auto& [name, value] : env) {
    Variable& v = impl->env.variables[std::move(name)];
    v.value = std::move(value);
    v.exported = true;
  }
  return impl;
}
}  // namespace

Shell::Shell(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Shell::Shell(const Shell& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
Shell& Shell::operator=(const Shell& other) {
  if (this != &other) impl_ = std::make_unique<Impl>(*other.impl_);
  return *this;
}
Shell::Shell(Shell&&) noexcept = default;
Shell& Shell::operator=(Shell&&) noexcept = default;
Shell::~Shell() = default;

Shell Shell::script(std::string_view text, Variables env, std::vector<std::string> args) {
  std::vector<std::string> words{"sh", "-c", std::string(text)};
  words.insert(words.end(), args.begin(), args.end());
  return command(std::move(words), std::move(env));
}

Shell Shell::command(std::vector<std::string> args, Variables env) {
  auto impl = fresh(std::move(env));
  impl->direct = true;
  if (!args.empty()) {
    Frame& f = impl->pushKind(Frame::Kind::commands, nullptr, true);
    f.lists = {std::move(args)};
    f.exact = true;
  }
  return Shell(std::move(impl));
}

Shell Shell::interactive(bool terminal, std::string prompt, Variables env) {
  auto impl = fresh(std::move(env));
  impl->terminal = terminal;
  impl->prompt = std::move(prompt);
  impl->streams[0].ends = false;
  impl->pushKind(Frame::Kind::interactive, nullptr, false);
  return Shell(std::move(impl));
}

State Shell::run(System& system, int steps) { return impl_->run(system, steps); }
State Shell::state() const { return impl_->state; }
int Shell::exit() const { return impl_->status; }
bool Shell::continues() const {
  return !impl_->frames.empty() && impl_->frames.back().kind == Frame::Kind::interactive &&
         !impl_->frames.back().pending.empty();
}
bool Shell::notFound() const { return impl_->notFound; }

api::Millis Shell::wakeAt() const { return impl_->wakeAt(); }

void Shell::input(std::string_view text) {
  std::string& in = impl_->streams[0].text;
  if (in.size() < longestText) in += text;
}
void Shell::openInput(bool terminal, std::string prompt) {
  impl_->streams[0].ends = false;
  impl_->terminal = terminal;
  impl_->prompt = std::move(prompt);
}
void Shell::closeInput() { impl_->streams[0].ends = true; }

bool Shell::signal(int number, bool asProcess1) {
  if (impl_->state == State::ended) return false;
  const char* name = number == 2 ? "INT" : "TERM";
  if (number == 2 && impl_->terminal) return impl_->interrupted = true;
  if (number != 9 && impl_->env.traps.count(name)) {
    impl_->pendingSignal = number;
    // A shell that waits for its jobs acts at once; one that waits for a command acts when that has ended.
    if (!impl_->frames.empty() && impl_->frames.back().kind == Frame::Kind::call && impl_->call.args[0] == "wait") {
      impl_->finish(128 + number);
    }
    return true;
  }
  // Servers handle signals; what does not is shielded by the kernel as process 1.
  if (asProcess1 && number != 9 && (impl_->run_ || !impl_->replaced())) return false;
  impl_->frames.clear();
  impl_->consumers.clear();
  impl_->exitTrapRan = number == 9;
  impl_->jobs.clear();
  impl_->status = 128 + number;
  if (impl_->frames.empty()) impl_->state = State::ended;
  return true;
}

void Shell::signalCommand(int number) {
  if (impl_->frames.empty() || impl_->frames.back().kind != Frame::Kind::call) return;
  impl_->finish(128 + number);
}
bool Shell::replaced() const { return impl_->replaced(); }

void Shell::set(std::string_view variable, std::string_view value) { impl_->set(variable, value); }
std::string Shell::get(std::string_view variable) const {
  const std::string* v = impl_->find(variable);
  return v ? *v : std::string();
}
std::string_view Shell::cwd() const { return impl_->env.cwd; }
void Shell::chdir(std::string_view path) { impl_->env.cwd = normalised("/", path); }

const std::vector<std::string>& Shell::running() const {
  static const std::vector<std::string> none;
  return !impl_->frames.empty() && impl_->frames.back().kind == Frame::Kind::call ? impl_->call.args : none;
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
