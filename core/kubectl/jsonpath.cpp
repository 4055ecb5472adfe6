#include "core/kubectl/jsonpath.hpp"

#include "core/kubectl/jsonpath_parser.hpp"
#include "core/kubectl/text.hpp"

namespace kubectl {

using api::Kind;
using api::Value;
using Values = std::vector<Value>;
using Type = JsonPath::Node::Type;

JsonPath::JsonPath() = default;
JsonPath::~JsonPath() = default;
JsonPath::JsonPath(JsonPath&&) noexcept = default;
JsonPath& JsonPath::operator=(JsonPath&&) noexcept = default;

std::string JsonPath::parse(std::string_view text) {
  nodes_.clear();
  return parseJsonPath(text, nodes_);
}

struct JsonPath::Evaluation {
  bool allowMissing;
  std::string error;
  int beginRange = 0, inRange = 0, endRange = 0;
  size_t lastEnd = 0;

  bool fail(std::string text) {
    error = std::move(text);
    return false;
  }
  bool find(const std::vector<Node>& nodes, size_t from, const Value& data, Results& all);
  bool walkList(const Values& in, const std::vector<Node>& nodes, Values& out);
  bool walk(const Values& in, const Node& node, Values& out);
  bool field(const Values& in, const Node& node, Values& out);
  bool array(const Values& in, const Node& node, Values& out);
  bool filter(const Values& in, const Node& node, Values& out);
  bool compare(const Node& node, const Value& item, bool& pass);
  void recurse(const Value& value, Values& out);
};

static void children(const Value& v, Values& out) {
  if (v.kind() == Kind::Object || v.kind() == Kind::Array) out.insert(out.end(), v.values().begin(), v.values().end());
}

// A range runs the rest of the nodes, up to its end, for each of its results.
bool JsonPath::Evaluation::find(const std::vector<Node>& nodes, size_t from, const Value& data, Results& all) {
  Values current;
  if (!data.isNull()) current.push_back(data);
  for (size_t i = from; i < nodes.size(); ++i) {
    Values results;
    if (!walk(current, nodes[i], results)) return false;
    if (endRange > 0 && endRange <= inRange) {
      --endRange;
      lastEnd = i;
      break;
    }
    if (beginRange > 0) {
      --beginRange;
      ++inRange;
      Results dropped;
      if (results.empty() && !find(nodes, i + 1, Value(), dropped)) return false;
      for (const Value& v : results) {
        if (!find(nodes, i + 1, v, all)) return false;
      }
      --inRange;
      if (lastEnd > i) i = lastEnd;
      continue;
    }
    all.push_back(std::move(results));
  }
  return true;
}

bool JsonPath::Evaluation::walkList(const Values& in, const std::vector<Node>& nodes, Values& out) {
  out = in;
  for (const Node& node : nodes) {
    Values next;
    if (!walk(out, node, next)) return false;
    out = std::move(next);
  }
  return true;
}

void JsonPath::Evaluation::recurse(const Value& value, Values& out) {
  Values inner;
  children(value, inner);
  if (inner.empty()) return;
  out.push_back(value);
  for (const Value& v : inner) recurse(v, out);
}

bool JsonPath::Evaluation::walk(const Values& in, const Node& node, Values& out) {
  switch (node.type) {
    case Type::list: return walkList(in, node.nodes, out);
    case Type::text: out = {Value(node.text)}; return true;
    case Type::number:
    case Type::boolean: out.assign(in.size(), node.value); return true;
    case Type::field: return field(in, node, out);
    case Type::array: return array(in, node, out);
    case Type::filter: return filter(in, node, out);
    case Type::wildcard:
      for (const Value& v : in) children(v, out);
      return true;
    case Type::recursive:
      for (const Value& v : in) recurse(v, out);
      return true;
    case Type::union_:
      for (const Node& part : node.nodes) {
        Values some;
        if (!walkList(in, part.nodes, some)) return false;
        out.insert(out.end(), some.begin(), some.end());
      }
      return true;
    case Type::identifier:
      if (node.text == "range") {
        ++beginRange;
        out = in;
        return true;
      }
      if (node.text != "end") return fail("unrecognized identifier " + node.text);
      if (inRange <= 0) return fail("not in range, nothing to end");
      ++endRange;
      return true;
  }
  return true;
}

bool JsonPath::Evaluation::field(const Values& in, const Node& node, Values& out) {
  if (in.empty()) return true;
  for (const Value& v : in) {
    const Value* found = v.kind() == Kind::Object ? v.find(node.text) : nullptr;
    if (found) out.push_back(*found);
  }
  return !out.empty() || allowMissing || fail(node.text + " is not found");
}

bool JsonPath::Evaluation::array(const Values& in, const Node& node, Values& out) {
  for (const Value& v : in) {
    if (v.isNull()) continue;
    if (v.kind() != Kind::Array) {
      const char* type = v.kind() == Kind::Object   ? "map[string]interface {}"
                         : v.kind() == Kind::String ? "string"
                         : v.kind() == Kind::Int    ? "int64"
                         : v.kind() == Kind::Bool   ? "bool"
                                                    : "float64";
      return fail(std::string(type) + " is not array or slice");
    }
    int64_t length = int64_t(v.size());
    int64_t from = node.slice[0].known ? node.slice[0].value : 0,
            to = node.slice[1].known ? node.slice[1].value : length;
    if (from < 0) from += length;
    if (to < 0 || (to == 0 && node.slice[1].derived)) to += length;
    if (from == to) return true;
    auto outside = [&](int64_t index) {
      return fail("array index out of bounds: index " + std::to_string(index) + ", length " + std::to_string(length));
    };
    if (from >= length || from < 0) return outside(from);
    if (to > length || to < 0) return outside(to - 1);
    if (from > to) {
      return fail("starting index " + std::to_string(from) + " is greater than ending index " + std::to_string(to));
    }
    int64_t step = node.slice[2].known ? node.slice[2].value : 1;
    if (step <= 0) return fail("step must be > 0");
    for (int64_t i = from; i < to; i += step) out.push_back(v[size_t(i)]);
  }
  return true;
}

static int order(const Value& a, const Value& b, bool& comparable) {
  comparable = true;
  bool numbers =
      (a.kind() == Kind::Int || a.kind() == Kind::Double) && (b.kind() == Kind::Int || b.kind() == Kind::Double);
  if (numbers) return a.asDouble() < b.asDouble() ? -1 : a.asDouble() > b.asDouble();
  if (a.kind() != b.kind()) comparable = false;
  if (a.kind() == Kind::Bool) return int(a.asBool()) - int(b.asBool());
  return scalar(a).compare(scalar(b));
}

bool JsonPath::Evaluation::compare(const Node& node, const Value& item, bool& pass) {
  Values lefts, rights;
  bool fits = walkList({item}, node.nodes[0].nodes, lefts);
  if (node.text == "exists") {
    error.clear();
    pass = fits && !lefts.empty();
    return true;
  }
  if (!fits) return false;
  if (lefts.empty()) return true;
  if (!walkList({item}, node.nodes[1].nodes, rights)) return false;
  if (rights.empty()) return true;
  if (lefts.size() > 1 || rights.size() > 1) return fail("can only compare one element at a time");
  bool comparable = true;
  int o = order(lefts[0], rights[0], comparable);
  const std::string& op = node.text;
  if (!comparable) return fail("incompatible types for comparison");
  pass = op == "=="   ? o == 0
         : op == "!=" ? o != 0
         : op == "<"  ? o < 0
         : op == ">"  ? o > 0
         : op == "<=" ? o <= 0
                      : o >= 0;
  if (op != "==" && op != "!=" && op != "<" && op != ">" && op != "<=" && op != ">=") {
    return fail("unrecognized filter operator " + op);
  }
  return true;
}

bool JsonPath::Evaluation::filter(const Values& in, const Node& node, Values& out) {
  for (const Value& v : in) {
    if (v.kind() != Kind::Array) return fail(goText(v) + " is not array or slice and cannot be filtered");
    for (const Value& item : v.values()) {
      bool pass = false;
      if (!compare(node, item, pass)) return false;
      if (pass) out.push_back(item);
    }
  }
  return true;
}

std::string JsonPath::find(const Value& data, Results& results) {
  Evaluation e{allowMissing_, {}, 0, 0, 0, 0};
  e.find(nodes_, 0, data, results);
  return e.error;
}

std::string JsonPath::execute(const Value& data, std::string& out) {
  Results all;
  std::string error = find(data, all);
  if (!error.empty()) return error;
  for (const Values& results : all) {
    for (size_t i = 0; i < results.size(); ++i) out += (i ? " " : "") + scalar(results[i]);
  }
  return {};
}

// Models kubectl cmd/get RelaxedJSONPathExpression.
std::string relaxedJsonPath(std::string_view text, std::string& error) {
  if (text.empty()) return {};
  std::string_view inner = text;
  if (inner.front() == '{' && inner.back() == '}') inner = inner.substr(1, inner.size() - 2);
  if (!inner.empty() && inner.front() == '.') inner.remove_prefix(1);
  if (inner.empty() || inner.front() == '{' || inner.back() == '}') {
    error =
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        "'{.name1.name2}'";
    return {};
  }
  return "{." + std::string(inner) + "}";
}

}  // namespace kubectl
