#include "core/sim/session.hpp"

#include <algorithm>

#include "core/kubectl/kubectl.hpp"
#include "core/kubectl/text.hpp"
#include "core/manifest/manifest.hpp"
#include "core/sim/branch.hpp"
#include "core/sim/connect.hpp"

namespace sim {
using api::Key;
using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;

namespace {
constexpr Millis horizon = 600000;    ///< how far step() looks ahead
constexpr Millis quiet = 60000;       ///< how long nothing is written at rest
constexpr Millis idle = 5000;         ///< a longer pause is taken back when nothing follows
constexpr Millis longest = 86400000;  ///< rest() ends after a day, whatever still happens
}  // namespace

struct Session::State {
  Setup setup;
  std::vector<Branch> branches;
  size_t current = 0;
  size_t cursor = 0;
  Past past;
  std::vector<std::pair<std::string, std::string>> files;
  std::map<std::string, std::string> scratch;
  std::string doing;  ///< what is being done (a command line, a fault), for the title of a branch

  explicit State(const Setup& s) : setup(s) { branches.emplace_back(s); }
  Branch& branch() { return branches[current]; }
  const Branch& branch() const { return branches[current]; }
  size_t length() const { return branch().cluster.journal().entries.size(); }

  void prepareToAct();
  template <class Do>
  auto act(Do&& what);
};

/// Acting inside the newest item lets that item end; further back it leaves the branch.
void Session::State::prepareToAct() {
  const auto& entries = branch().cluster.journal().entries;
  if (cursor < entries.size()) {
    const uint32_t item = cursor ? entries[cursor - 1].item : 0;
    if (cursor == 0 || entries.back().item != item) {
      Branch fork = branch().upTo(setup, item);
      fork.parent = current;
      fork.forkedAt = fork.cluster.journal().entries.size();
      fork.title = doing;
      branches.push_back(std::move(fork));
      current = branches.size() - 1;
      past = {};
    }
    cursor = length();
  }
}

template <class Do>
auto Session::State::act(Do&& what) {
  prepareToAct();
  auto result = what(branch());
  cursor = length();
  return result;
}

// ---- kubectl's cluster: reads as of the cursor, writes at the end

namespace {
bool reads(const Request& r) { return r.verb <= Verb::watch; }
}  // namespace

class SessionHost final : public kubectl::Host {
 public:
  SessionHost(Session& session, Session::State& state) : session_(session), state_(state) {}
  Response send(Request r) override {
    if (reads(r)) {
      if (r.subresource == "log") {
        if (state_.cursor == state_.length()) return readLog(state_.branch().cluster, r);
        r.body.set(Key("until"), session_.time());
        const JournalHistory past = session_.live().history();
        const Response place =
            state_.past.server(state_.setup, session_.objects(), session_.revision(), session_.time()).handle(r, &past);
        return isLogReply(place) ? readLog(state_.branch().cluster, place, session_.time()) : place;
      }
      if (state_.cursor == state_.length()) return state_.branch().cluster.read(r);
      const JournalHistory past = session_.live().history();
      return state_.past.server(state_.setup, session_.objects(), session_.revision(), session_.time())
          .handle(r, &past);
    }
    return state_.act([&](Branch& b) { return b.request(r); });
  }
  Response sendRaw(const apiserver::HttpRequest& r) override { return session_.request(r); }
  api::Millis now() const override { return session_.time(); }
  bool advance(api::Millis deadline) override {
    state_.prepareToAct();
    const bool ran = state_.branch().step(deadline);
    if (!ran) state_.branch().advance(deadline);
    state_.cursor = state_.length();
    return ran;
  }
  bool readFile(const std::string& name, std::string& text) override {
    for (const auto& [file, content] : state_.files) {
      if (file == name) return text = content, true;
    }
    return false;
  }
  bool readOnly() const override { return false; }

 private:
  Session& session_;
  Session::State& state_;
};

// ---- reading

Session::Session(const Setup& setup) : state_(std::make_unique<State>(setup)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

size_t Session::length() const { return state_->length(); }
size_t Session::cursor() const { return state_->cursor; }
const Journal& Session::journal() const { return live().journal(); }
const Cluster& Session::live() const { return state_->branch().cluster; }
const store::Objects& Session::objects() const {
  return atEnd() ? live().objects() : state_->past.at(state_->branch(), state_->cursor).objects;
}
const store::Facts& Session::facts() const {
  return atEnd() ? live().facts() : state_->past.at(state_->branch(), state_->cursor).facts;
}
Millis Session::time() const {
  if (atEnd()) return live().now();
  return cursor() ? entry(cursor() - 1).time : state_->branch().start;
}
uint64_t Session::revision() const {
  if (atEnd()) return live().revision();
  for (size_t i = cursor(); i-- > 0;) {
    if (const uint64_t r = entry(i).revision()) return r;
  }
  return state_->branch().startRevision;
}

Value Session::object(std::string_view name) const {
  const size_t a = name.find('/'), b = name.find('/', a == name.npos ? a : a + 1);
  if (b == name.npos) return {};
  const api::ResourceInfo* info = api::findKind(name.substr(0, a));
  if (!info) return {};
  const Value* v = objects().get(info->resource, name.substr(a + 1, b - a - 1), name.substr(b + 1));
  return v ? *v : Value();
}

Session::Next Session::next() const {
  Next n{"", "", INT64_MAX};
  for (const Cluster::ActorState& a : live().actors()) {
    if (a.nextDue < n.due) n = {std::string(a.name), "", a.nextDue};
  }
  return n;
}

// ---- moving

bool Session::step() {
  State& s = *state_;
  if (s.cursor < s.length()) return ++s.cursor, true;
  Branch& b = s.branch();
  const size_t length = s.length();
  const Millis until = b.cluster.now() + horizon;
  Rewind rewind(b);
  while (s.length() == length) {
    if (b.cluster.nextDue() > b.cluster.now()) rewind.mark();
    if (!b.step(until)) return rewind.back(), false;
  }
  s.cursor = length + 1;
  return true;
}

bool Session::back() { return state_->cursor > 0 && (--state_->cursor, true); }
void Session::seek(size_t n) { state_->cursor = std::min(n, length()); }
void Session::restart() { state_->cursor = 0; }

bool Session::rest() {
  State& s = *state_;
  Branch& b = s.branch();
  const size_t from = s.cursor;
  const Millis end = b.cluster.now() + longest;
  Millis last = b.cluster.now();
  Rewind rewind(b);
  for (size_t length = s.length();;) {
    if (b.cluster.nextDue() > last + idle) rewind.mark();
    if (!b.step(std::min(last + quiet, end))) break;
    if (s.length() != length) {
      const bool news = wroteSince(b.cluster.journal(), length);
      length = s.length();
      if (!news) continue;
      last = b.cluster.now();
      rewind.forget();
    }
  }
  rewind.back();
  s.cursor = s.length();
  return s.cursor != from;
}

void Session::wait(Millis time) {
  state_->doing = "wait " + kubectl::humanDuration(time);
  state_->act([&](Branch& b) {
    const Millis until = b.cluster.now() + time;
    while (b.step(until)) {}
    b.advance(until);
    return 0;
  });
}

// ---- doing

Output Session::apply(std::string_view yaml) {
  state_->doing = "apply";
  SessionHost host(*this, *state_);
  kubectl::Result r = kubectl::run(host, "apply -f -", yaml);
  return {r.exit, std::move(r.out), std::move(r.err)};
}

Output Session::kubectl(std::string_view line, std::string_view input) {
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  if (line.substr(0, 8) == "kubectl ") line.remove_prefix(8);
  state_->doing = line;
  SessionHost host(*this, *state_);
  kubectl::Result r = kubectl::run(host, line, input);
  return {r.exit, std::move(r.out), std::move(r.err)};
}

std::unique_ptr<kubectl::Host> Session::host(std::string_view doing) {
  if (!doing.empty()) state_->doing = doing;
  return std::make_unique<SessionHost>(*this, *state_);
}

Response Session::request(const apiserver::HttpRequest& r) {
  if (r.method == "GET" || r.method == "HEAD") {
    Cluster& cluster = state_->branch().cluster;
    if (r.path.find("/log") != r.path.npos) {
      const JournalHistory past = live().history();
      Response place = atEnd() ? cluster.read(r)
                               : state_->past.server(state_->setup, objects(), revision(), time()).handle(r, &past);
      if (isLogReply(place)) {
        if (!atEnd()) place.body.set({Key("options"), Key("until")}, time());
        return readLog(cluster, place, time());
      }
    }
    if (atEnd()) return cluster.read(r);
    const JournalHistory past = live().history();
    return state_->past.server(state_->setup, objects(), revision(), time()).handle(r, &past);
  }
  state_->doing = r.method + " " + r.path;
  return state_->act([&](Branch& b) { return b.request(r); });
}

std::string Session::fault(const Input& in) {
  state_->doing = in.what[api::key::type].asString();
  return state_->act([&](Branch& b) { return b.input(in); });
}

void Session::setFile(std::string name, std::string text) {
  for (auto& [file, content] : state_->files) {
    if (file == name) {
      content = std::move(text);
      return;
    }
  }
  state_->files.emplace_back(std::move(name), std::move(text));
}
bool Session::removeFile(std::string_view name) {
  return std::erase_if(state_->files, [name](const auto& f) { return f.first == name; }) > 0;
}
const std::vector<std::pair<std::string, std::string>>& Session::files() const { return state_->files; }
std::map<std::string, std::string>& Session::scratch() { return state_->scratch; }

// ---- branches and keeping

std::vector<BranchInfo> Session::branches() const {
  std::vector<BranchInfo> out;
  for (size_t i = 0; i < state_->branches.size(); ++i) {
    const Branch& b = state_->branches[i];
    out.push_back({i, b.parent, b.forkedAt, b.cluster.journal().entries.size(), b.title});
  }
  return out;
}
size_t Session::branch() const { return state_->current; }
void Session::switchTo(size_t branch) {
  if (branch >= state_->branches.size()) return;
  state_->current = branch;
  state_->past = {};
  state_->cursor = state_->length();
}

std::string Session::save() const {
  const State& s = *state_;
  Value v;
  v.set(Key("ordinal"), 1);
  v.set(Key("kubernetes"), "v1.37.2");
  v.set(Key("setup"), saved(s.setup));
  std::vector<Value> branches, files;
  for (const Branch& b : s.branches) branches.push_back(b.saved());
  for (const auto& [name, text] : s.files) {
    Value f;
    f.set(Key("name"), name);
    f.set(Key("text"), text);
    files.push_back(f);
  }
  v.set(Key("branches"), Value::array(std::move(branches)));
  v.set(Key("files"), Value::array(std::move(files)));
  for (const auto& [path, text] : s.scratch) v.set({Key("scratch"), Key(path)}, text);
  v.set(Key("branch"), int64_t(s.current));
  v.set(Key("cursor"), int64_t(s.cursor));
  return api::toJson(v);
}

std::string Session::load(std::string_view text) {
  std::string error;
  const Value v = manifest::parseJson(text, error);
  if (!error.empty() || v.kind() != api::Kind::Object)
    return "not a saved session: " + (error.empty() ? "no JSON object" : error);
  if (v[Key("ordinal")].asInt() != 1) return "not a saved session of this version: \"ordinal\" must be 1";
  Setup setup;
  if (error = parseSetup(v[Key("setup")], setup); !error.empty()) return error;
  auto state = std::make_unique<State>(setup);
  state->branches.clear();
  for (const Value& b : v[Key("branches")].values()) {
    Branch branch(setup);
    if (error = branch.load(b, state->branches.size()); !error.empty()) {
      return "branches[" + std::to_string(state->branches.size()) + "]." + error;
    }
    state->branches.push_back(std::move(branch));
  }
  if (state->branches.empty()) return "branches: must hold at least one";
  for (const Value& f : v[Key("files")].values()) {
    state->files.emplace_back(f[api::key::name].asString(), f[Key("text")].asString());
  }
  const Value& scratch = v[Key("scratch")];
  for (size_t i = 0; scratch.kind() == api::Kind::Object && i < scratch.size(); ++i)
    state->scratch[std::string(scratch.keyAt(i).text())] = scratch.values()[i].asString();
  state->current = std::min<size_t>(size_t(std::max<int64_t>(v[Key("branch")].asInt(), 0)), state->branches.size() - 1);
  state->cursor = std::min<size_t>(size_t(std::max<int64_t>(v[Key("cursor")].asInt(), 0)), state->length());
  state_ = std::move(state);
  return "";
}

std::string Session::onVersion(std::string_view version) {
  std::string unused;
  Value v = manifest::parseJson(save(), unused);
  v.set({Key("setup"), Key("version")}, version);
  if (atEnd()) v.set(Key("cursor"), INT64_MAX);
  return load(api::toJson(v));
}

}  // namespace sim
