#include "core/console/terminal.hpp"

#include <algorithm>

#include "core/api/sort.hpp"
#include "core/console/replay.hpp"

namespace console {
using shell::Errno;
using shell::FileInfo;
using shell::Outcome;

namespace {
constexpr size_t mostScratch = 4 << 20;

/// The manifest's name that a path stands for: those outside of /tmp.
std::string nameOf(std::string_view path) { return std::string(path.substr(1)); }
bool isManifest(std::string_view path) {
  if (path.substr(0, 5) == "/tmp/") return false;
  const std::string_view ending = path.substr(std::min(path.rfind('.'), path.size()));
  return ending == ".yaml" || ending == ".yml" || ending == ".json";
}
std::string_view parentOf(std::string_view path) { return path.substr(0, std::max<size_t>(path.rfind('/'), 1)); }
}  // namespace

/// A folder that was made, or one that a saved file lies in.
bool Terminal::isFolder(std::string_view path) const {
  if (state_.folders.count(std::string(path))) return true;
  const std::string inside = std::string(path) + "/";
  const auto next = session_.scratch().lower_bound(inside);
  return next != session_.scratch().end() && next->first.compare(0, inside.size(), inside) == 0;
}

FileInfo Terminal::stat(std::string_view path) {
  FileInfo info;
  std::string text;
  if (isFolder(path)) {
    info.kind = FileInfo::Kind::directory;
  } else if (read(path, text) == Errno::ok) {
    info.kind = FileInfo::Kind::file;
    info.size = int64_t(text.size());
  }
  return info;
}

Errno Terminal::read(std::string_view path, std::string& text) {
  const auto& scratch = session_.scratch();
  const auto found = scratch.find(std::string(path));
  if (found != scratch.end()) return text = found->second, Errno::ok;
  for (const auto& [name, content] : session_.files()) {
    if (name == path.substr(1)) return text = content, Errno::ok;
  }
  return state_.readFile && state_.readFile(nameOf(path), text) ? Errno::ok : Errno::noEntry;
}

Errno Terminal::write(std::string_view path, std::string_view text, bool append) {
  if (!isFolder(parentOf(path))) return Errno::noEntry;
  std::string whole;
  if (append) read(path, whole);
  whole += text;
  size_t used = whole.size();
  for (const auto& [name, content] : session_.scratch()) used += content.size();
  if (used > mostScratch) return Errno::noSpace;
  if (isManifest(path))
    session_.setFile(nameOf(path), std::move(whole));
  else
    session_.scratch()[std::string(path)] = std::move(whole);
  return Errno::ok;
}

Errno Terminal::remove(std::string_view path) {
  if (session_.scratch().erase(std::string(path)) || session_.removeFile(nameOf(path))) return Errno::ok;
  std::vector<std::string> names;
  list(path, names);
  if (!names.empty()) return Errno::notEmpty;
  return path != "/" && state_.folders.erase(std::string(path)) ? Errno::ok : Errno::noEntry;
}

Errno Terminal::makeDirectory(std::string_view path) {
  if (!isFolder(parentOf(path))) return Errno::noEntry;
  if (state_.folders.size() > 500) return Errno::noSpace;
  state_.folders.insert(std::string(path));
  return Errno::ok;
}

Errno Terminal::list(std::string_view path, std::vector<std::string>& names) {
  if (!isFolder(path)) return Errno::notDirectory;
  const auto add = [&](std::string_view p) {
    if (p.size() > 1 && parentOf(p) == path) names.emplace_back(p.substr(p.rfind('/') + 1));
  };
  for (const auto& [name, text] : session_.files()) add("/" + name);
  for (const auto& [name, text] : session_.scratch()) add(name);
  for (const std::string& f : state_.folders) {
    if (f != "/root" && f != "/tmp") add(f);
  }
  api::sort(names);
  return Errno::ok;
}

/// A request about the pod that ports lead to.
static apiserver::Request requestOf(const Forward& forward, apiserver::Verb verb) {
  apiserver::Request r;
  r.verb = verb;
  r.resource = api::Resource::pods;
  r.namespace_ = forward.ns;
  r.name = forward.pod;
  r.userAgent = "kubectl";
  return r;
}

/// What `kubectl port-forward` leads to; the console is on no node, so it reaches nothing else.
shell::HttpReply Terminal::http(const shell::HttpRequest& r) {
  shell::HttpReply reply;
  const bool here = r.host == "localhost" || r.host == "127.0.0.1";
  reply.reached = here ? shell::Reached::refused : shell::Reached::unknownHost;
  reply.address = "127.0.0.1";
  const auto found = state_.forwards.find(r.port);
  if (!here || found == state_.forwards.end()) return reply;
  apiserver::Request to = requestOf(found->second, apiserver::Verb::create);
  to.subresource = "portforward";
  using api::Key;
  to.body = api::Value::object(
      {{Key("port"), found->second.port}, {Key("method"), r.method}, {Key("path"), r.path}, {Key("body"), r.body}});
  const apiserver::Response answer = session_.host("port-forward")->send(std::move(to));
  const api::Value* refused = answer.ok() ? answer.body.find("refused") : nullptr;
  if (!answer.ok() || (refused && refused->asBool())) return reply;
  output(1, "Handling connection for " + std::to_string(r.port) + "\n");
  reply.reached = shell::Reached::ok;
  reply.code = int(answer.body[Key("code")].asInt());
  reply.reason = answer.body[Key("reason")].asString();
  reply.body = answer.body[Key("body")].asString();
  return reply;
}

void Terminal::output(int stream, std::string_view text) {
  if (state_.pieces.empty() || state_.pieces.back().stream != stream) state_.pieces.push_back({stream, {}});
  std::string& last = state_.pieces.back().text;
  if (last.size() < mostScratch) last += text;
}

bool Terminal::edit(const std::string& name, std::string& text) {
  std::string editor = state_.shell.get("KUBE_EDITOR");
  if (editor.empty()) editor = state_.shell.get("EDITOR");
  if (editor.empty()) {
    session_.setFile(name, text);
    return false;
  }
  const std::string path = "/tmp/" + name;
  write(path, text, false);
  shell::Shell nested = shell::Shell::script(editor + " " + path);
  nested.run(*this, 1000);
  read(path, text);
  remove(path);
  return true;
}

bool Terminal::connected(Job& job) {
  const auto mine = std::find_if(state_.forwards.begin(), state_.forwards.end(),
                                 [&](const auto& f) { return &state_.jobs[f.second.job] == &job; });
  if (mine == state_.forwards.end()) return false;
  const api::Value pod = session_.host("port-forward")->send(requestOf(mine->second, apiserver::Verb::get)).body;
  const std::string_view uid = pod[api::key::metadata][api::key::uid].asString();
  if (job.uid.empty()) job.uid = uid;
  return pod[api::key::status][api::key::phase].asString() == "Running" && uid == job.uid;
}

/// Whether a command that waits would find nothing new: it looks at the cluster's objects, unless it follows what
/// programs say, which is no object.
bool Terminal::rests(const Job& job, const shell::Call& call) const {
  if (!job.time || call.input.size() != job.input || session_.time() >= job.wakeAt) return false;
  if (session_.length() != job.length) return false;
  const std::string_view verb = call.args.size() > 1 ? std::string_view(call.args[1]) : std::string_view();
  const bool follows = verb == "logs" || verb == "attach" || verb == "exec" || verb == "run";
  return !follows || job.wakeAt < INT64_MAX || session_.time() == job.time;
}

Outcome Terminal::external(shell::Call& call) {
  if (call.args[0] != "kubectl" && call.args[0] != "k") return Outcome::unknown;
  if (!call.started) {
    call.memory = ++state_.lastJob;
    state_.jobs[state_.lastJob] = {};
  }
  const int64_t id = call.memory.asInt();
  Job& job = state_.jobs[id];
  if (call.interrupted) job.interrupted = true;
  if (call.started && job.forwards && !job.interrupted && connected(job))
    return call.wakeAt = INT64_MAX, Outcome::waits;
  if (call.started && !job.reads && !job.interrupted && rests(job, call))
    return call.wakeAt = job.wakeAt, Outcome::waits;
  std::string title;
  for (size_t i = 1; i < call.args.size(); ++i) (title += i > 1 ? " " : "") += call.args[i];
  const auto real = session_.host(title);
  kubectl::Result result;
  Replay host(*real, session_, *this, state_, job, call, result);
  kubectl::run(host, {call.args.begin() + 1, call.args.end()}, call.terminal ? std::string_view() : call.input, result);
  const bool suspended = host.suspended();
  call.said = host.said();
  if (suspended && !call.interrupted) {
    job.length = session_.length();
    job.time = session_.time();
    job.wakeAt = call.wakeAt;
    job.input = call.input.size();
    return job.reads ? Outcome::reads : Outcome::waits;
  }
  call.taken = host.readsInput() ? (call.terminal ? job.consumed : call.input.size()) : 0;
  call.exit = result.exit < 0 ? 130 : result.exit;
  state_.jobs.erase(id);
  std::erase_if(state_.forwards, [&](const auto& f) { return f.second.job == id; });
  return Outcome::done;
}

}  // namespace console
