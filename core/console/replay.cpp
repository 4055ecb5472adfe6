#include "core/console/replay.hpp"

#include <algorithm>

namespace console {
namespace {
constexpr size_t mostRecords = 30000;
constexpr api::Millis day = 86400000;
}  // namespace

void Replay::mark() const {
  if (suspended_) return;
  const std::pair<size_t, size_t> now{result_.out.size(), result_.err.size()};
  if (marks_.empty() || marks_.back() != now) marks_.push_back(now);
}

std::vector<std::pair<int, std::string>> Replay::said() {
  if (suspended_)
    marks_.emplace_back(out_, err_);
  else
    marks_.emplace_back(result_.out.size(), result_.err.size());
  std::vector<std::pair<int, std::string>> list;
  for (const auto& [out, err] : marks_) {
    if (out > job_.out) list.emplace_back(1, result_.out.substr(job_.out, out - job_.out)), job_.out = out;
    if (err > job_.err) list.emplace_back(2, result_.err.substr(job_.err, err - job_.err)), job_.err = err;
  }
  return list;
}

const Record* Replay::old() const { return at_ < job_.records.size() ? &job_.records[at_++] : nullptr; }

void Replay::suspend() {
  if (suspended_) return;
  suspended_ = true;
  out_ = result_.out.size();
  err_ = result_.err.size();
}

namespace {
/// To a command on its way out: nothing that it asks for now may happen.
apiserver::Response notAnyMore() {
  apiserver::Response none;
  none.code = 499;
  return none;
}
}  // namespace

apiserver::Response Replay::send(apiserver::Request r) {
  mark();
  if (const Record* o = old()) return o->response;
  if (suspended_) return notAnyMore();
  Record record;
  record.response = real_.send(std::move(r));
  remember(record);
  return record.response;
}

apiserver::Response Replay::sendRaw(const apiserver::HttpRequest& r) {
  mark();
  if (const Record* o = old()) return o->response;
  if (suspended_) return notAnyMore();
  Record record;
  record.response = real_.sendRaw(r);
  remember(record);
  return record.response;
}

api::Millis Replay::now() const {
  if (const Record* o = old()) return o->now;
  if (suspended_) return real_.now();
  Record record;
  record.now = real_.now();
  job_.records.push_back(record);
  ++at_;
  return record.now;
}

bool Replay::advance(api::Millis deadline) {
  if (const Record* o = old()) return o->ok;
  if (suspended_ || job_.interrupted) return false;
  Record record;
  if (job_.records.size() > mostRecords) return job_.interrupted = true, false;
  if (session_.length() != job_.length || session_.time() != job_.time) {  // somebody let time pass
    job_.length = session_.length();
    job_.time = session_.time();
    record.ok = session_.time() < deadline;
    remember(record);
    return record.ok;
  }
  job_.reads = false;
  call_.wakeAt = deadline - session_.time() < day ? deadline : INT64_MAX;
  return suspend(), false;
}

bool Replay::readFile(const std::string& name, std::string& text) {
  if (name.substr(0, 8) == "https://" || name.substr(0, 7) == "http://") {
    text = documentationManifest(name);
    return !text.empty();
  }
  const std::string cwd(state_.shell.cwd());
  const std::string path = name.substr(0, 1) == "/"
                               ? name
                               : cwd + (cwd == "/" ? "" : "/") + (name.substr(0, 2) == "./" ? name.substr(2) : name);
  return terminal_.read(path, text) == shell::Errno::ok;
}

bool Replay::writeFile(const std::string& name, const std::string& text) {
  const std::string path = name.substr(0, 1) == "/" ? name : "/" + (name.substr(0, 2) == "./" ? name.substr(2) : name);
  return terminal_.write(path, text, false) == shell::Errno::ok;
}

bool Replay::readInput(std::string& text, bool& ended) {
  if (const Record* o = old()) return text = o->text, ended = o->ended, o->ok;
  text.clear();
  if (suspended_ || job_.interrupted) return false;
  Record record;
  record.text = call_.input.substr(std::min(job_.consumed, call_.input.size()));
  record.ended = record.text.empty() && call_.inputEnds;
  record.ok = !record.text.empty() || record.ended;
  if (!record.ok) {
    job_.reads = true;
    return suspend(), false;
  }
  // A line at a time, so that each is answered before the next is read.
  const size_t end = record.text.find('\n');
  if (end != std::string::npos) record.text.resize(end + 1);
  job_.consumed += record.text.size();
  text = record.text;
  ended = record.ended;
  remember(record);
  return true;
}

bool Replay::chinese() const {
  bool is = false;
  for (std::string_view variable : {"LANG", "LC_MESSAGES", "LC_ALL"}) {
    for (const auto& [name, value] : call_.env) {
      if (name == variable && !value.empty()) is = value.substr(0, 2) == "zh";
    }
  }
  return is;
}

bool Replay::readsInput() const {
  if (!call_.terminal) {
    for (size_t i = 1; i < call_.args.size() && call_.args[i] != "--"; ++i) {
      const std::string& w = call_.args[i];
      if (w == "-" || w == "-i" || w == "-it" || w == "-ti" || w == "--stdin" || w == "-f-") return true;
    }
    return false;
  }
  return job_.consumed > 0;
}

bool Replay::interrupted() {
  if (suspended_) return false;
  if (const Record* o = old()) return o->ok;
  Record record;
  record.ok = job_.interrupted;
  job_.interrupted = false;
  remember(record);
  return record.ok;
}

bool Replay::edit(const std::string& name, std::string& text) { return terminal_.edit(name, text); }

kubectl::Host::Forwarded Replay::forward(int& local, const std::string& ns, const std::string& pod, int port) {
  const int64_t id = call_.memory.asInt();
  const auto mine = [&](int number) {
    const auto it = state_.forwards.find(number);
    return it == state_.forwards.end() || it->second.job == id;
  };
  if (local == 0) {
    for (local = 40000; local < 40100 && !mine(local);) ++local;
  }
  if (!mine(local) || state_.forwards.size() > 100) return Forwarded::taken;
  state_.forwards[local] = {ns, pod, port, id};
  job_.forwards = true;
  return Forwarded::done;
}

}  // namespace console
