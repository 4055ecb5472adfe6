#include "core/lesson/conform.hpp"

#include <algorithm>

#include "core/manifest/manifest.hpp"

namespace lesson {
using api::Key;
using api::Kind;
using api::Millis;

namespace {
constexpr Millis quiet = 900, quietSlow = 1250, settleLimit = 40000;

/// Whether an entry is something that the recorder's watches would have seen and counted as a change.
bool disturbs(const sim::Entry& e) {
  if (e.writes() && e.change.resource != api::Resource::serviceaccounts &&
      e.change.namespace_().substr(0, 5) != "kube-")
    return true;
  for (const store::Change& c : e.events) {
    if (c.before.isNull() || c.after.isNull()) return true;
  }
  return false;
}

/// Waits for rest as the recorder did: until nothing has changed for a while, counted from now unless the step only
/// looked.
void settle(sim::Cluster& cluster, const Recorder& recorder, size_t from, Millis& last, bool reads) {
  const Millis start = reads ? INT64_MIN / 2 : cluster.now(), end = cluster.now() + settleLimit;
  size_t seen = from;
  for (;;) {
    const auto& entries = cluster.journal().entries;
    for (; seen < entries.size(); ++seen) {
      if (disturbs(entries[seen])) last = std::max(last, entries[seen].time);
    }
    const Millis need = recorder.moreMayFollow(cluster.journal(), from) ? quietSlow : quiet;
    const Millis until = std::min(std::max(last, start) + need, end);
    if (until <= cluster.now() && cluster.nextDue() > cluster.now()) return;
    if (!cluster.step(std::max(until, cluster.now()))) return cluster.advanceTo(until);
  }
}

Value withoutNulls(const Value& v) {
  if (v.kind() == Kind::Array) {
    std::vector<Value> list;
    for (const Value& item : v.values()) list.push_back(withoutNulls(item));
    return Value::array(std::move(list));
  }
  if (v.kind() != Kind::Object) return v;
  std::vector<std::pair<Key, Value>> members;
  for (size_t i = 0; i < v.size(); ++i) {
    if (!v.values()[i].isNull()) members.emplace_back(v.keyAt(i), withoutNulls(v.values()[i]));
  }
  return Value::object(std::move(members));
}

std::string shown(const Value* v) {
  if (!v) return "(absent)";
  std::string s = api::toJson(*v);
  if (s.size() > 300) s = s.substr(0, 300) + "…";
  return s;
}

std::string pathText(const std::vector<api::Step>& path) {
  std::string out;
  for (api::Step s : path) out += s.isIndex ? "[" + std::to_string(s.value) + "]" : "." + std::string(s.asKey().text());
  return out;
}

/// How two documents differ: the first few places.
std::string difference(const Value& expected, const Value& actual) {
  std::string out;
  size_t shownCount = 0;
  const auto changes = api::diff(expected, actual);
  for (const api::Change& c : changes) {
    if (++shownCount > 6) {
      out += "\n      … " + std::to_string(changes.size() - 6) + " more";
      break;
    }
    out += "\n      " + pathText(c.path) + ": expected " + shown(c.before) + ", got " + shown(c.after);
  }
  return out;
}

std::string textDifference(const std::string& name, const std::string& expected, const std::string& actual) {
  return "\n      " + name + " expected:\n" + expected + "\n      " + name + " got:\n" + actual;
}

std::string text(const Value& v, std::string_view name) {
  const Value* found = v.find(name);
  return found ? std::string(found->asString()) : std::string();
}

struct Comparison {
  Value expectedState = Value::object({});
  std::vector<Divergence> found;

  void add(size_t step, const Step& s, std::string what, std::string how) {
    found.push_back({true, step, s.title(), std::move(what), std::move(how)});
  }
  void compare(size_t i, const Step& step, const Value& expected, const RecordedStep& actual, const Recorder& recorder,
               const std::string& error);
  void compareState(size_t i, const Step& step, const Value& expected, const Recorder& recorder);
};

void Comparison::compareState(size_t i, const Step& step, const Value& expected, const Recorder& recorder) {
  if (const Value* patch = expected.find("state")) expectedState = api::mergePatch(expectedState, *patch);
  std::string how;
  for (size_t k = 0; k < expectedState.size(); ++k) {
    const std::string name(expectedState.keyAt(k).text());
    auto it = recorder.state().find(name);
    if (it == recorder.state().end()) {
      how += "\n    " + name + ": is not there";
      continue;
    }
    const Value want = withoutNulls(expectedState.values()[k]);
    if (!(want == it->second)) how += "\n    " + name + ":" + difference(want, it->second);
  }
  for (const auto& [name, object] : recorder.state()) {
    if (!expectedState.find(name)) how += "\n    " + name + ": should not be there";
  }
  if (!how.empty()) add(i, step, "state", how);
}

void Comparison::compare(size_t i, const Step& step, const Value& expected, const RecordedStep& actual,
                         const Recorder& recorder, const std::string& error) {
  if (const Value* output = expected.find("output")) {
    const Value* exit = output->find("exit");
    std::string how;
    if (exit && exit->asInt() != actual.exit)
      how += "\n      exit expected " + std::to_string(exit->asInt()) + ", got " + std::to_string(actual.exit);
    std::string want = text(*output, "stdout"), got = actual.out;
    if (step.kind == Step::Kind::kubectl && step.line.substr(0, 8) == "explain ") {
      want = withoutProse(want);
      got = withoutProse(got);
    }
    if (want != got) how += textDifference("stdout", want, got);
    if (text(*output, "stderr") != actual.err) how += textDifference("stderr", text(*output, "stderr"), actual.err);
    if (!how.empty()) add(i, step, "output", how);
  }
  if (const Value* reply = expected.find("reply")) {
    std::string how;
    const Value* body = reply->find("body");
    if (reply->find("code") && (*reply)[api::key::code].asInt() != actual.code)
      how += "\n      code expected " + shown(reply->find("code")) + ", got " + std::to_string(actual.code);
    how += difference(withoutNulls(body ? *body : Value()), withoutNulls(actual.body));
    if (!how.empty()) add(i, step, "reply", how);
  }
  if (text(expected, "error").empty() != error.empty())
    add(i, step, "error", "expected \"" + text(expected, "error") + "\", got \"" + error + "\"");
  if (const Value* order = expected.find("order"); order && !step.unordered) {
    for (size_t k = 0; k < order->size(); ++k) {
      const std::string owner(order->keyAt(k).text());
      std::string want, got;
      for (const Value& v : order->values()[k].values()) want += "\n        " + std::string(v.asString());
      if (auto it = actual.order.find(owner); it != actual.order.end()) {
        for (const std::string& s : it->second) got += "\n        " + s;
      }
      if (want != got) add(i, step, "order", " of " + owner + "\n      expected" + want + "\n      got" + got);
    }
  }
  compareState(i, step, expected, recorder);
  if (const Value* events = expected.find("events")) {
    std::string how;
    for (const Value& e : events->values()) {
      if (!std::binary_search(actual.events.begin(), actual.events.end(), e.asString()))
        how += "\n      missing " + std::string(e.asString());
    }
    if (!how.empty()) {
      for (const std::string& e : actual.events) how += "\n      got     " + e;
      add(i, step, "events", how);
    }
  }
}
}  // namespace

Divergence conform(std::string_view scenarioYaml, std::string_view recordingJson, std::vector<Divergence>* more) {
  Scenario scenario;
  if (std::string e = parseScenario(scenarioYaml, scenario); !e.empty()) return {true, 0, "", "scenario", e};
  std::string error;
  const Value recording = manifest::parseJson(recordingJson, error);
  const Value* steps = recording.find("steps");
  if (!steps) return {true, 0, "", "recording", error.empty() ? "has no steps" : error};
  if (steps->size() != scenario.steps.size())
    return {true, 0, "", "recording", "has another number of steps than the scenario"};

  sim::Cluster cluster(scenario.setup);
  Recorder recorder(scenario.setup);
  Comparison comparison;
  Millis last = cluster.now();
  for (size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step step = recorder.realNames(scenario.steps[i]);
    const size_t from = cluster.journal().entries.size();
    const Reply reply = perform(cluster, step);
    settle(cluster, recorder, from, last, step.reads());
    const RecordedStep actual = recorder.observe(cluster.journal(), from, reply);
    comparison.compare(i, scenario.steps[i], (*steps)[i], actual, recorder, reply.error);
    if (!comparison.found.empty() && !more) break;
    if (comparison.found.size() > 20) break;
  }
  if (comparison.found.empty()) return {};
  if (more) more->assign(comparison.found.begin() + 1, comparison.found.end());
  return comparison.found[0];
}

}  // namespace lesson
