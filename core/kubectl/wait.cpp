// kubectl wait. Models kubectl pkg/cmd/wait.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/jsonpath.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/runs.hpp"
#include "core/kubectl/waiting.hpp"

namespace kubectl {

using apiserver::Response;

static Error timedOut(const Info& info) {
  return plain("timed out waiting for the condition on " + std::string(info.mapping->plural) + "/" + info.name);
}

Error waitForDeletion(Invocation& in, const Info& info, const std::string& uid, api::Millis deadline, bool limited) {
  // The time ran out on another object: not even the first look at this one is made.
  if (limited && in.host.now() >= deadline) return plain("context deadline exceeded");
  Error error;
  bool gone = in.wait(deadline, [&] {
    Response r = in.fetch(*info.mapping, info.ns, info.name);
    if (r.isNotFound()) return true;
    if (!r.ok()) error = fromResponse(r);
    return bool(error) || (!uid.empty() && str(r.body, "metadata.uid") != uid);
  });
  if (error || gone) return error;
  if (in.cutShort(deadline)) return killed();
  return limited ? timedOut(info) : killed();
}

namespace {

struct Condition {
  enum class Type : uint8_t { deletion, creation, condition, path } type;
  std::string name, value;
  JsonPath path;
};

Strings splitOnSingleEquals(const std::string& text) {
  Strings out(1);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=' && i + 1 < text.size() && text[i + 1] == '=') {
      out.back() += "==";
      ++i;
    } else if (text[i] == '=') {
      out.emplace_back();
    } else {
      out.back() += text[i];
    }
  }
  return out;
}

Error parsePath(const std::string& text, Condition& c) {
  Strings parts = splitOnSingleEquals(text);
  if (parts.size() > 2) {
    return plain(
        "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or "
        "--for=jsonpath='{.status.readyReplicas}'");
  }
  std::string problem, path = relaxedJsonPath(parts[0], problem);
  if (problem.empty() && path.empty()) problem = "jsonpath expression cannot be empty";
  if (!problem.empty()) return plain(problem);
  if (parts.size() == 2) {
    c.value = trim(parts[1], "'\"");
    if (c.value.empty()) {
      return plain(
          "jsonpath wait has to have a value after equal sign, like "
          "--for=jsonpath='{.status.readyReplicas}'=3");
    }
  }
  c.type = Condition::Type::path;
  c.path.allowMissingKeys(true);
  problem = c.path.parse(path);
  return problem.empty() ? Error() : plain(problem);
}

Error parseConditions(const Strings& texts, std::vector<Condition>& out) {
  for (const std::string& text : texts) {
    Condition c;
    std::string small = lower(text);
    if (small == "delete" || small == "create") {
      c.type = small == "delete" ? Condition::Type::deletion : Condition::Type::creation;
    } else if (startsWith(text, "condition=")) {
      c.type = Condition::Type::condition;
      std::string rest = text.substr(10);
      size_t equals = rest.find('=');
      c.name = rest.substr(0, equals);
      c.value = equals == std::string::npos ? "true" : rest.substr(equals + 1);
    } else if (startsWith(text, "jsonpath=")) {
      Error e = parsePath(text.substr(9), c);
      if (e) return e;
    } else {
      return plain("unrecognized condition: " + quote(text));
    }
    out.push_back(std::move(c));
  }
  return out.empty() ? plain("unrecognized condition: []") : Error();
}

bool holds(Condition& c, const Value& object, Error& error) {
  if (c.type == Condition::Type::path) {
    JsonPath::Results results;
    std::string problem = c.path.find(object, results);
    if (!problem.empty()) error = plain(problem);
    if (results.empty() || results[0].empty() || error) return false;
    if (results.size() > 1 || results[0].size() > 1) {
      error = plain("given jsonpath expression matches more than one " +
                    std::string(results.size() > 1 ? "list" : "value"));
      return false;
    }
    const Value& found = results[0][0];
    if (found.kind() == api::Kind::Object || found.kind() == api::Kind::Array) {
      if (c.value.empty()) return true;
      error = plain("jsonpath leads to a nested object or list which is not supported");
      return false;
    }
    return c.value.empty() || scalar(found) == c.value;
  }
  for (const Value& condition : at(object, "status.conditions").values()) {
    if (lower(str(condition, "type")) != lower(c.name)) continue;
    int64_t observed = has(condition, "observedGeneration") ? num(condition, "observedGeneration")
                                                            : num(object, "status.observedGeneration", -1);
    if (has(object, "metadata.generation") && observed >= 0 && observed < num(object, "metadata.generation")) {
      return false;
    }
    return lower(str(condition, "status")) == lower(c.value);
  }
  return false;
}

struct Waiting {
  Invocation& in;
  std::vector<Condition> conditions;
  api::Millis deadline = 0;
  bool once = false;

  Error until(Condition& c, Info& info);
};

Error Waiting::until(Condition& c, Info& info) {
  if (c.type == Condition::Type::creation) return {};
  if (c.type == Condition::Type::deletion) {
    if (!once) return waitForDeletion(in, info, str(info.object, "metadata.uid"), deadline, true);
    Response r = in.fetch(*info.mapping, info.ns, info.name);
    if (r.isNotFound()) return {};
    return plain("condition not met for " + std::string(info.mapping->plural) + "/" + info.name);
  }
  Error error;
  bool met = in.wait(once ? in.host.now() : deadline, [&] {
    Response r = in.fetch(*info.mapping, info.ns, info.name);
    if (!r.ok()) {
      error = fromResponse(r);
      return true;
    }
    info.object = r.body;
    return holds(c, r.body, error) || error;
  });
  if (error || met) return error;
  if (!once && in.cutShort(deadline)) return killed();
  return once ? plain("condition not met for " + std::string(info.mapping->plural) + "/" + info.name) : timedOut(info);
}

bool hasType(const std::vector<Condition>& conditions, Condition::Type type) {
  for (const Condition& c : conditions) {
    if (c.type == type) return true;
  }
  return false;
}

}  // namespace

Error wait(Invocation& in) {
  Waiting waiting{in, {}, 0, false};
  Printer printer;
  Error error = printer.prepare(in);
  if (!error) error = parseConditions(in.flags.list("for"), waiting.conditions);
  if (error) return error;
  int64_t timeout = in.flags.millis("timeout");
  waiting.once = timeout == 0;
  waiting.deadline = in.host.now() + (timeout < 0 ? in.host.patience() : timeout);
  Query query;
  query.args = in.args;
  query.latest = true;
  query.allowEmptySelector = in.is("all");
  query.allNamespaces = in.is("all-namespaces");
  Selection found = select(in, query);
  if (hasType(waiting.conditions, Condition::Type::creation)) {
    bool there = in.wait(waiting.deadline, [&] {
      found = select(in, query);
      return found.error || !found.infos.empty();
    });
    if (!there && in.cutShort(waiting.deadline)) return killed();
    if (!there) return plain("timed out waiting for the condition");
  }
  if (found.error) return found.error;
  bool deletion = hasType(waiting.conditions, Condition::Type::deletion);
  if (deletion) std::erase_if(found.errors, [](const Error& e) { return e.isNotFound(); });
  for (Info& info : found.infos) {
    for (Condition& c : waiting.conditions) {
      error = waiting.until(c, info);
      if (error) break;
      printer.print(in, info.object, "condition met");
    }
    if (error.type == Error::Type::killed) return error;
    found.visits.push_back(error);
  }
  if (found.infos.empty() && found.errors.empty() && !deletion) return plain("no matching resources found");
  return found.outcome();
}

}  // namespace kubectl
