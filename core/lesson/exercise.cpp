#include "core/lesson/exercise.hpp"

#include <algorithm>
#include <set>

#include "core/manifest/manifest.hpp"
#include "core/node/disk.hpp"

namespace lesson {
using api::Key;
using api::Kind;

namespace {
const Value& at(const Value& v, std::string_view name) {
  static const Value none;
  const Value* found = v.find(name);
  return found ? *found : none;
}

Text textOf(const Value& v) {
  if (v.kind() == Kind::String) return {std::string(v.asString()), ""};
  return {std::string(at(v, "en").asString()), std::string(at(v, "zh").asString())};
}

/// "spec.containers[0].image" in a document; null where there is none. A key with dots stands in quotes:
/// labels["a.b/c"].
const Value* member(const Value& v, std::string_view path) {
  const Value* here = &v;
  while (here && !path.empty()) {
    if (path[0] == '.') path.remove_prefix(1);
    if (path.substr(0, 2) == "[\"") {
      const size_t end = path.find("\"]");
      if (end == path.npos) return nullptr;
      here = here->find(path.substr(2, end - 2));
      path.remove_prefix(end + 2);
    } else if (path[0] == '[') {
      size_t index = 0, i = 1;
      for (; i < path.size() && path[i] >= '0' && path[i] <= '9'; ++i)
        index = std::min<size_t>(index * 10 + size_t(path[i] - '0'), 1 << 20);
      if (i >= path.size() || path[i] != ']') return nullptr;
      here = here->kind() == Kind::Array && index < here->size() ? &here->values()[index] : nullptr;
      path.remove_prefix(i + 1);
    } else {
      const size_t end = std::min(path.find_first_of(".["), path.size());
      here = here->find(path.substr(0, end));
      path.remove_prefix(end);
    }
  }
  return here;
}

bool parseCondition(const Value& v, Condition& c) {
  c.object = at(v, "object").asString();
  c.path = at(v, "path").asString();
  if (!at(v, "records").isNull()) c.what = Condition::What::records;
  if (!at(v, "count").isNull()) {
    c.what = Condition::What::count;
    c.object = at(v, "count").asString();
    c.member = at(v, "value");
    if (!api::findKind(c.object)) return false;
  }
  const std::pair<std::string_view, Condition::Is> words[] = {
      {"equals", Condition::Is::equal}, {"atLeast", Condition::Is::atLeast}, {"atMost", Condition::Is::atMost}};
  for (const auto& [word, is] : words) {
    if (!v.find(word)) continue;
    c.is = is;
    c.value = at(v, word);
    return true;
  }
  if (const Value* exists = v.find("exists")) {
    c.is = exists->asBool() ? Condition::Is::present : Condition::Is::absent;
    return true;
  }
  return false;
}

std::string parseCheck(const Value& v, Check& out) {
  out.id = at(v, "id").asString();
  out.title = textOf(at(v, "title"));
  out.hint = textOf(at(v, "hint"));
  if (out.id.empty() || out.title.en.empty()) return "needs an id and a title";
  const std::string_view when = at(v, "when").asString();
  const std::string_view words[] = {"finally", "eventually", "always", "never"};
  bool known = when.empty();
  for (size_t i = 0; i < 4; ++i) {
    if (words[i] != when) continue;
    out.when = When(i);
    known = true;
  }
  if (!known) return "when: must be finally, eventually, always or never";
  for (const Value* condition = &v; condition; condition = condition->find("and")) {
    out.conditions.emplace_back();
    if (!parseCondition(*condition, out.conditions.back())) return "needs equals, atLeast, atMost or exists";
  }
  return "";
}

/// The records on all volumes. A record is a line; the same line on two volumes is one record.
int64_t countRecords(const store::Facts& facts) {
  std::set<std::string> records;
  for (const auto& [key, fact] : facts.all()) {
    if (key.compare(0, 5, "disk/") != 0) continue;
    for (std::string& r : node::recordsOf(fact)) records.insert(std::move(r));
  }
  return int64_t(records.size());
}

bool compare(const Condition& c, const Value* v) {
  switch (c.is) {
    case Condition::Is::present: return v != nullptr;
    case Condition::Is::absent: return v == nullptr;
    case Condition::Is::equal: return v ? *v == c.value : c.value.isNull();
    case Condition::Is::atLeast: return v && v->asDouble() >= c.value.asDouble();
    case Condition::Is::atMost: return (v ? v->asDouble() : 0) <= c.value.asDouble();
  }
  return false;
}

bool holds(const Condition& c, const store::Objects& objects, const store::Facts& facts) {
  if (c.what == Condition::What::records) {
    const Value n(countRecords(facts));
    return compare(c, &n);
  }
  if (c.what == Condition::What::count) {
    int64_t n = 0;
    objects.each(api::findKind(c.object)->resource, "", [&](const Value& v) {
      const Value* m = c.path.empty() ? nullptr : member(v, c.path);
      n += c.path.empty() || (m && *m == c.member);
    });
    const Value count(n);
    return compare(c, &count);
  }
  const size_t a = c.object.find('/'), b = c.object.find('/', a == c.object.npos ? a : a + 1);
  const api::ResourceInfo* info = b == c.object.npos ? nullptr : api::findKind(std::string_view(c.object).substr(0, a));
  const Value* object =
      info ? objects.get(info->resource, c.object.substr(a + 1, b - a - 1), c.object.substr(b + 1)) : nullptr;
  return compare(c, object && !c.path.empty() ? member(*object, c.path) : object);
}
}  // namespace

std::string parseExercise(std::string_view yaml, Exercise& out) {
  const manifest::Parsed parsed = manifest::parseYaml(yaml);
  if (!parsed.errors.empty())
    return "line " + std::to_string(parsed.errors[0].place.line) + ": " + parsed.errors[0].message;
  if (parsed.documents.size() != 1) return "an exercise is one YAML document";
  const manifest::Document& doc = parsed.documents[0];
  const Value& v = doc.value;
  out.id = at(v, "id").asString();
  out.title = textOf(at(v, "title"));
  out.task = textOf(at(v, "task"));
  out.debrief = textOf(at(v, "debrief"));
  out.manifests = at(v, "manifests").asString();
  if (const Value* nodes = at(v, "cluster").find("nodes")) out.setup.nodes = int(nodes->asInt());
  if (out.id.empty()) return "an exercise needs an id";
  if (out.setup.nodes < 0 || out.setup.nodes > 1000) return "cluster.nodes: must be from 0 to 1000";
  for (const Value& line : at(v, "commands").values()) out.commands.emplace_back(line.asString());
  for (const Value& input : at(v, "inputs").values()) out.inputs.push_back(input);
  const Value& checks = at(v, "checks");
  for (size_t i = 0; i < checks.size() && checks.kind() == Kind::Array; ++i) {
    Check c;
    const std::string path = "checks[" + std::to_string(i) + "]";
    if (std::string e = parseCheck(checks[i], c); !e.empty())
      return "line " + std::to_string(doc.places.find(path).line) + ": " + path + " " + e;
    out.checks.push_back(std::move(c));
  }
  return out.checks.empty() ? "an exercise needs checks" : "";
}

sim::Session begin(const Exercise& exercise, size_t& start) {
  sim::Session session(exercise.setup);
  if (!exercise.manifests.empty()) {
    session.setFile("exercise.yaml", exercise.manifests);
    session.apply(exercise.manifests);
    session.rest();
  }
  for (const std::string& line : exercise.commands) {
    session.kubectl(line);
    session.rest();
  }
  for (const Value& input : exercise.inputs) session.fault(sim::Input{input});
  start = session.cursor();
  return session;
}

std::vector<Result> check(const Exercise& exercise, const sim::Session& session, size_t start) {
  const size_t end = session.cursor(), n = exercise.checks.size();
  std::vector<bool> now(n), ever(n, false), all(n, true);
  std::vector<size_t> held(n, 0), failed(n, 0);  // the earliest cursors at which a condition held and did not
  // Backwards from the cursor: the objects there are known, and each entry takes one step back.
  store::Objects objects = session.objects();
  store::Facts facts = session.facts();
  auto look = [&](size_t at) {
    for (size_t i = 0; i < n; ++i) {
      const Check& c = exercise.checks[i];
      if (at != end && (c.when == When::finally || (c.when == When::eventually && ever[i]))) continue;
      const bool h = std::all_of(c.conditions.begin(), c.conditions.end(),
                                 [&](const Condition& one) { return holds(one, objects, facts); });
      if (at == end) now[i] = h;
      (h ? ever : all)[i] = h;
      (h ? held : failed)[i] = at;
    }
  };
  look(end);
  for (size_t at = end; at > start; --at) {
    sim::applyBackward(session.entry(at - 1), objects, facts);
    look(at - 1);
  }
  std::vector<Result> out;
  for (size_t i = 0; i < n; ++i) {
    const When w = exercise.checks[i].when;
    const bool passed = w == When::finally      ? now[i]
                        : w == When::eventually ? ever[i]
                        : w == When::always     ? all[i]
                                                : !ever[i];
    const size_t broken = passed ? 0 : w == When::always ? failed[i] : w == When::never ? held[i] : 0;
    out.push_back({exercise.checks[i].id, passed, broken});
  }
  return out;
}

}  // namespace lesson
