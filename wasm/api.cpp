// The JavaScript API's methods. Each takes an object of arguments and gives a JSON value; api.mjs gives them their
// shape for JavaScript. All but the edge (exceptions, JSON) is sim::Session's.
#include "core/decision/rule.hpp"
#include "core/lesson/exercise.hpp"
#include "core/manifest/manifest.hpp"
#include "core/sim/replay.hpp"
#include "wasm/instance.hpp"
#include "wasm/mirror.hpp"
#include "web/snapshot.hpp"

namespace wasm {

namespace {

using api::Key;
using api::Value;

Value string(const Value& arguments, std::string_view name) {
  const Value* v = arguments.find(name);
  return v && v->kind() == api::Kind::String ? *v : Value("");
}

Value error(std::string_view message) { return Value::object({{Key("error"), message}}); }

Value output(const sim::Output& o) {
  return Value::object({{Key("exit"), o.exit}, {Key("stdout"), o.out}, {Key("stderr"), o.err}});
}

Value state(Instance& at) {
  const sim::Session& s = at.session;
  return Value::object({{Key("cursor"), int64_t(s.cursor())},
                        {Key("length"), int64_t(s.length())},
                        {Key("time"), api::formatMicroTime(s.time())},
                        {Key("branch"), int64_t(s.branch())},
                        {Key("revision"), int64_t(s.revision())},
                        {Key("version"), sim::versions[size_t(s.live().setup().version)]},
                        {Key("language"), at.language == decision::Language::zh ? "zh" : "en"},
                        {Key("dark"), at.dark},
                        {Key("changes"), at.changes}});
}

Value request(Instance& at, const Value& a) {
  apiserver::HttpRequest r;
  r.method = string(a, "method").asString();
  r.path = string(a, "path").asString();
  r.body = string(a, "body").asString();
  r.contentType = string(a, "contentType").asString();
  r.accept = string(a, "accept").asString();
  r.userAgent = "javascript";
  apiserver::Response answer = at.session.request(r);
  Value out = Value::object({{Key("code"), answer.code}});
  out.set(Key("body"), answer.text.empty() ? answer.body : Value(answer.text));
  if (!answer.warnings.empty()) {
    Value warnings = Value::array({});
    for (const std::string& w : answer.warnings) warnings.append(w);
    out.set(Key("warnings"), warnings);
  }
  return out;
}

Value entry(Instance& at, const Value& a) {
  const Value* n = a.find("n");
  if (!n || n->kind() != api::Kind::Int || n->asInt() < 0 || size_t(n->asInt()) >= at.session.length()) return {};
  const size_t index = size_t(n->asInt());
  std::string text, unused;
  sim::toJson(at.session.journal(), index, text);
  Value out = manifest::parseJson(text, unused);
  out.set({Key("why"), Key("text")}, decision::sentence(at.session.entry(index).why, at.language));
  return out;
}

/// All entries as text, one a line.
Value journal(Instance& at) {
  std::string out;
  for (size_t i = 0; i < at.session.length(); i++) {
    sim::toJson(at.session.journal(), i, out);
    out += '\n';
  }
  return out;
}

Value branches(Instance& at) {
  Value out = Value::array({});
  for (const sim::BranchInfo& b : at.session.branches()) {
    out.append(Value::object({{Key("id"), int64_t(b.id)},
                              {Key("parent"), int64_t(b.parent)},
                              {Key("forkedAt"), int64_t(b.forkedAt)},
                              {Key("length"), int64_t(b.length)},
                              {Key("title"), b.title}}));
  }
  return out;
}

Value files(Instance& at) {
  Value out = Value::array({});
  for (const auto& [name, text] : at.session.files()) {
    out.append(Value::object({{Key("name"), name}, {Key("text"), text}}));
  }
  return out;
}

/// What is true beside the API's objects, by key: the files on disks, silent machines.
Value facts(Instance& at, const Value& a) {
  const Value prefix = string(a, "prefix");
  Value out = Value::object({});
  const auto& all = at.session.facts().all();
  for (auto it = all.lower_bound(prefix.asString()); it != all.end(); ++it) {
    if (it->first.compare(0, prefix.asString().size(), prefix.asString()) != 0) break;
    out.set(Key(it->first), it->second);
  }
  return out;
}

/// How the page shows itself: what is given changes, the rest stays.
Value settings(Instance& at, const Value& a) {
  if (const Value* v = a.find("language")) {
    at.language = v->asString() == "zh" ? decision::Language::zh : decision::Language::en;
    if (at.canvas) at.canvas->setLanguage(at.language);
    at.console.setChinese(at.language == decision::Language::zh);
  }
  if (const Value* v = a.find("dark")) {
    at.dark = v->asBool();
    if (at.canvas) at.canvas->setDark(at.dark);
  }
  if (const Value* v = a.find("layout"); v && v->asString() == "compare") at.comparing = true;
  ++at.changes;
  if (const Value* v = a.find("compare")) at.comparing = v->asBool();
  if (!at.canvas) return {};
  if (const Value* v = a.find("layout")) at.canvas->setLayout(v->asString());
  if (const Value* v = a.find("compare")) at.canvas->compare(v->asBool());
  if (const Value* v = a.find("select")) at.canvas->select(v->asString());
  if (const Value* v = a.find("play")) at.canvas->play(v->asBool());
  return {};
}

/// kubectl apply; what was refused is told with its place, here and beside the open manifest.
Value apply(Instance& at, const Value& a) {
  const Value yaml = string(a, "yaml");
  const sim::Output result = at.session.apply(yaml.asString());
  if (at.canvas) at.canvas->applied(yaml.asString(), result);
  Value out = output(result), errors = Value::array({});
  const bool chinese = at.language == decision::Language::zh;
  for (const web::ManifestError& e :
       web::manifestErrors(yaml.asString(), result, chinese ? web::Language::Chinese : web::Language::English))
    errors.append(Value::object({{Key("line"), e.line}, {Key("column"), e.column}, {Key("message"), e.message}}));
  if (result.exit != 0) out.set(Key("errors"), std::move(errors));
  return out;
}

/// A fresh cluster: {nodes, seed, version}.
Value begin(Instance& at, const Value& a) {
  for (const std::string_view name : {"nodes", "seed"})
    if (const Value* v = a.find(name); v && v->kind() != api::Kind::Int)
      return error("setup." + std::string(name) + ": must be a whole number");
  sim::Setup setup;
  const std::string problem = sim::parseSetup(a, setup);
  if (!problem.empty()) return error(problem);
  at.session = sim::Session(setup);
  ++at.changes;
  return {};
}

Value text(const lesson::Text& t) {
  return Value::object({{Key("en"), t.en}, {Key("zh"), t.zh.empty() ? t.en : t.zh}});
}

/// Begins an exercise (examples/exercises), or with `start` goes on with one that was begun in this session.
Value exercise(Instance& at, const Value& a) {
  lesson::Exercise parsed;
  const std::string problem = lesson::parseExercise(string(a, "yaml").asString(), parsed);
  if (!problem.empty()) return error(problem);
  const Value* start = a.find("start");
  if (start && start->kind() == api::Kind::Int) {
    at.exerciseStart = start->asInt() < 0 ? 0 : size_t(start->asInt());
  } else {
    at.session = lesson::begin(parsed, at.exerciseStart);
  }
  at.exercise = std::move(parsed);
  Value checks = Value::array({});
  for (const lesson::Check& c : at.exercise.checks) {
    checks.append(Value::object({{Key("id"), c.id}, {Key("title"), text(c.title)}, {Key("hint"), text(c.hint)}}));
  }
  return Value::object({{Key("id"), at.exercise.id},
                        {Key("title"), text(at.exercise.title)},
                        {Key("task"), text(at.exercise.task)},
                        {Key("debrief"), text(at.exercise.debrief)},
                        {Key("start"), int64_t(at.exerciseStart)},
                        {Key("checks"), checks}});
}

Value check(Instance& at) {
  Value out = Value::array({});
  for (const lesson::Result& r : lesson::check(at.exercise, at.session, at.exerciseStart)) {
    out.append(Value::object({{Key("id"), r.id}, {Key("passed"), r.passed}, {Key("broken"), int64_t(r.broken)}}));
  }
  return out;
}

/// What a method means for the canvas: nothing, that it has to look again, or that the session is another one.
enum class Effect : uint8_t { none, changes, replaces };

struct Method {
  std::string_view name;
  Effect effect;
  Value (*run)(Instance&, const Value&);
};

const Method methods[] = {
    {"state", Effect::none, [](Instance& at, const Value&) { return state(at); }},
    {"step", Effect::changes, [](Instance& at, const Value&) { return Value(at.session.step()); }},
    {"back", Effect::changes, [](Instance& at, const Value&) { return Value(at.session.back()); }},
    {"rest", Effect::changes, [](Instance& at, const Value&) { return Value(at.session.rest()); }},
    {"restart", Effect::changes, [](Instance& at, const Value&) { return at.session.restart(), Value(); }},
    {"seek", Effect::changes,
     [](Instance& at, const Value& a) {
       const Value* n = a.find("n");
       const double to = n ? n->asDouble() : 0;
       at.session.seek(to <= 0 ? 0 : to >= double(at.session.length()) ? at.session.length() : size_t(to));
       return Value();
     }},
    {"wait", Effect::changes,
     [](Instance& at, const Value& a) {
       const Value* v = a.find("milliseconds");
       const double time = v ? v->asDouble() : 0;
       at.session.wait(time <= 0 ? 0 : time > 1e12 ? api::Millis(1e12) : api::Millis(time));
       return Value();
     }},
    {"apply", Effect::changes, apply},
    {"kubectl", Effect::changes,
     [](Instance& at, const Value& a) {
       return output(at.session.kubectl(string(a, "line").asString(), string(a, "input").asString()));
     }},
    {"shell", Effect::changes,
     [](Instance& at, const Value& a) {
       Value out = output(at.console.run(at.session, string(a, "line").asString()));
       out.set(Key("continues"), at.console.continues());
       out.set(Key("reads"), at.console.reads());
       return out;
     }},
    {"complete", Effect::none,
     [](Instance& at, const Value& a) {
       Value out = Value::array({});
       for (const std::string& w : at.console.complete(at.session, string(a, "line").asString())) out.append(w);
       return out;
     }},
    {"interrupt", Effect::changes,
     [](Instance& at, const Value&) {
       at.console.interrupt(at.session);
       std::string text;
       for (const console::Piece& p : at.console.take()) text += p.text;
       return Value(text);
     }},
    {"request", Effect::changes, request},
    {"fault", Effect::changes, [](Instance& at, const Value& a) { return Value(at.session.fault({a})); }},
    {"entry", Effect::none, entry},
    {"journal", Effect::none, [](Instance& at, const Value&) { return journal(at); }},
    {"object", Effect::none,
     [](Instance& at, const Value& a) { return at.session.object(string(a, "name").asString()); }},
    {"facts", Effect::none, facts},
    {"files", Effect::none, [](Instance& at, const Value&) { return files(at); }},
    {"file", Effect::none,
     [](Instance& at, const Value& a) {
       for (const auto& [name, text] : at.session.files())
         if (name == string(a, "name").asString()) return Value(text);
       return Value("");
     }},
    {"setFile", Effect::changes,
     [](Instance& at, const Value& a) {
       ++at.changes;
       at.session.setFile(std::string(string(a, "name").asString()), std::string(string(a, "text").asString()));
       return Value();
     }},
    {"branches", Effect::none, [](Instance& at, const Value&) { return branches(at); }},
    {"switchTo", Effect::changes,
     [](Instance& at, const Value& a) {
       const Value* n = a.find("branch");
       const int64_t id = n && n->kind() == api::Kind::Int ? n->asInt() : -1;
       if (id < 0 || size_t(id) >= at.session.branches().size()) return error("there is no such branch");
       at.session.switchTo(size_t(id));
       return Value();
     }},
    {"compare", Effect::changes,
     [](Instance& at, const Value& a) {
       const std::string problem = web::actOnWorkloads(at.session, string(a, "what").asString());
       return problem.empty() ? Value() : error(problem);
     }},
    {"begin", Effect::replaces, begin},
    {"onVersion", Effect::changes,
     [](Instance& at, const Value& a) {
       const std::string problem = at.session.onVersion(string(a, "version").asString());
       return problem.empty() ? Value() : error(problem);
     }},
    {"exercise", Effect::replaces, exercise},
    {"check", Effect::none, [](Instance& at, const Value&) { return check(at); }},
    {"save", Effect::none, [](Instance& at, const Value&) { return Value(at.session.save()); }},
    {"load", Effect::replaces,
     [](Instance& at, const Value& a) { return Value(at.session.load(string(a, "text").asString())); }},
    {"settings", Effect::none, settings},
    {"mirror", Effect::none, [](Instance& at, const Value&) { return mirror(at); }},
};

}  // namespace

std::string call(std::string_view method, std::string_view arguments) {
  try {
    std::string problem;
    Value parsed = manifest::parseJson(arguments, problem);
    if (!problem.empty()) return api::toJson(error(problem));
    for (const Method& m : methods) {
      if (m.name != method) continue;
      Instance& at = instance();
      Value answer = m.run(at, parsed);
      if (m.effect == Effect::replaces && at.canvas) at.canvas->sessionReplaced();
      if (m.effect != Effect::none && at.canvas) at.canvas->sessionChanged();
      return api::toJson(answer);
    }
    return api::toJson(error("there is no method " + std::string(method)));
  } catch (const std::exception& e) { return api::toJson(error(e.what())); }
}

}  // namespace wasm
