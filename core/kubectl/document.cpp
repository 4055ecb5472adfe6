#include "core/kubectl/document.hpp"

#include "core/api/selector.hpp"
#include "core/kubectl/text.hpp"

namespace kubectl {

using api::Key;
using api::Kind;
using api::Step;

static const Value nothing;

const Value& member(const Value& v, std::string_view key) {
  const Value* found = v.kind() == Kind::Object ? v.find(key) : nullptr;
  return found ? *found : nothing;
}

const Value& at(const Value& v, std::string_view path) {
  const Value* here = &v;
  while (!path.empty()) {
    size_t dot = path.find('.');
    here = &member(*here, path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return *here;
}

int64_t num(const Value& v, std::string_view path, int64_t otherwise) {
  const Value& found = at(v, path);
  return found.kind() == Kind::Int ? found.asInt() : otherwise;
}

bool flag(const Value& v, std::string_view path) { return at(v, path).asBool(); }
bool has(const Value& v, std::string_view path) { return !at(v, path).isNull(); }

static std::vector<Step> steps(std::string_view path) {
  std::vector<Step> out;
  for (const std::string& part : split(path, '.')) out.push_back(Step(Key(part)));
  return out;
}

void put(Value& v, std::string_view path, Value what) { v.set(steps(path), std::move(what)); }
bool drop(Value& v, std::string_view path) { return has(v, path) && v.erase(steps(path)); }

std::string formatLabels(const Value& map) {
  std::string out;
  for (size_t i = 0; i < map.size(); ++i) {
    out += (i ? "," : "") + std::string(map.keyAt(i).text()) + "=" + scalar(map.values()[i]);
  }
  return out.empty() ? "<none>" : out;
}

std::string groupOf(std::string_view apiVersion) {
  size_t slash = apiVersion.find('/');
  return slash == std::string_view::npos ? std::string() : std::string(apiVersion.substr(0, slash));
}

std::string versionOf(std::string_view apiVersion) {
  size_t slash = apiVersion.find('/');
  return std::string(slash == std::string_view::npos ? apiVersion : apiVersion.substr(slash + 1));
}

bool matchesText(std::string_view selector, const Value& labels, std::string& error) {
  api::Selector parsed;
  error = api::parseSelector(selector, parsed);
  return error.empty() && parsed.matches(labels);
}

bool matches(const Value& selector, const Value& labels) { return api::labelSelectorMatches(selector, labels); }

std::string formatSelector(const Value& selector) {
  std::string text = selector.isNull() ? std::string() : api::formatLabelSelector(selector);
  return text.empty() ? "<none>" : text;
}

std::string toLabelSelector(const std::string& text, Value& out) {
  using Operator = api::Requirement::Operator;
  api::Selector parsed;
  std::string problem = api::parseSelector(text, parsed);
  if (!problem.empty()) return "couldn't parse the selector string \"" + text + "\": " + problem;
  Value labels, expressions;
  for (const api::Requirement& r : parsed.requirements) {
    if (r.op == Operator::Equals || r.op == Operator::DoubleEquals) {
      labels.set(api::Key(r.key), r.values[0]);
      continue;
    }
    if (r.op == Operator::Gt) return "\"gt\" isn't supported in label selectors";
    if (r.op == Operator::Lt) return "\"lt\" isn't supported in label selectors";
    if (r.op == Operator::NotEquals) return "\"!=\" is not a valid label selector operator";
    Value e;
    put(e, "key", r.key);
    put(e, "operator",
        r.op == Operator::In       ? "In"
        : r.op == Operator::NotIn  ? "NotIn"
        : r.op == Operator::Exists ? "Exists"
                                   : "DoesNotExist");
    if (!r.values.empty()) put(e, "values", Value::array({r.values.begin(), r.values.end()}));
    expressions.append(std::move(e));
  }
  out = Value::object({});
  if (labels.size()) put(out, "matchLabels", labels);
  if (expressions.size()) put(out, "matchExpressions", expressions);
  return {};
}

}  // namespace kubectl
