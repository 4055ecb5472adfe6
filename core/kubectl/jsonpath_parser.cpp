#include "core/kubectl/jsonpath_parser.hpp"

#include <cstdio>
#include <cstdlib>

#include "core/kubectl/text.hpp"

namespace kubectl {

using Node = JsonPath::Node;
using Type = Node::Type;

namespace {

bool letterOrDigit(char c) {
  return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c < 0;
}
bool digit(char c) { return c >= '0' && c <= '9'; }

struct Parser {
  std::string_view in;
  size_t at = 0;
  std::string error;
  int depth = 0;

  bool fail(std::string text) {
    error = std::move(text);
    return false;
  }
  bool more() const { return at < in.size(); }
  bool terminator() const { return !more() || contains(" \t\r\n.,[]$@{}", in.substr(at, 1)); }
  bool parse(std::vector<Node>& root);
  bool action(std::vector<Node>& list);
  bool inner(std::string_view text, Node& list);
  bool array(std::vector<Node>& list);
  bool slice(std::string_view text, Node& node);
  bool filter(std::vector<Node>& list);
  bool quoted(std::vector<Node>& list, char end);
  bool number(std::vector<Node>& list);
  void field(std::vector<Node>& list);
};

Node leaf(Type type, std::string text = {}) {
  Node n;
  n.type = type;
  n.text = std::move(text);
  return n;
}

bool Parser::parse(std::vector<Node>& root) {
  while (more()) {
    size_t open = in.find('{', at);
    if (open != at) root.push_back(leaf(Type::text, std::string(in.substr(at, open == in.npos ? open : open - at))));
    if (open == in.npos) return true;
    at = open + 1;
    Node list;
    if (!action(list.nodes)) return false;
    root.push_back(std::move(list));
  }
  return true;
}

bool Parser::action(std::vector<Node>& list) {
  for (;;) {
    std::string_view rest = in.substr(std::min(at, in.size()));
    if (rest.empty() || rest[0] == '\n' || rest[0] == '\r') return fail("unclosed action");
    char c = rest[0];
    if (c == '}') {
      ++at;
      return true;
    }
    bool fine = true;
    if (startsWith(rest, "[?(")) {
      fine = filter(list);
    } else if (startsWith(rest, "..")) {
      if (!list.empty() && list.back().type == Type::recursive) return fail("invalid multiple recursive descent");
      at += 2;
      list.push_back(leaf(Type::recursive));
      if (more() && letterOrDigit(in[at])) field(list);
    } else if (c == ' ' || c == '@' || c == '$') {
      ++at;
    } else if (c == '[') {
      fine = array(list);
    } else if (c == '"' || c == '\'') {
      ++at;
      fine = quoted(list, c);
    } else if (c == '.') {
      ++at;
      field(list);
    } else if (c == '+' || c == '-' || digit(c)) {
      fine = number(list);
    } else if (letterOrDigit(c)) {
      size_t from = at;
      while (!terminator()) ++at;
      std::string word(in.substr(from, at - from));
      list.push_back(leaf(word == "true" || word == "false" ? Type::boolean : Type::identifier, word));
      list.back().value = api::Value(word == "true");
    } else {
      char hex[16];
      std::snprintf(hex, sizeof hex, "U+%04X", unsigned((unsigned char)c));
      return fail(std::string("unrecognized character in action: ") + hex + " '" + c + "'");
    }
    if (!fine) return false;
  }
}

void Parser::field(std::vector<Node>& list) {
  std::string name;
  while (!terminator()) {
    if (in[at] == '\\' && at + 1 < in.size()) ++at;
    name += in[at++];
  }
  list.push_back(name == "*" ? leaf(Type::wildcard) : leaf(Type::field, name));
}

bool Parser::number(std::vector<Node>& list) {
  size_t from = at++;
  while (more() && (digit(in[at]) || in[at] == '.')) ++at;
  std::string text(in.substr(from, at - from));
  int64_t n = 0;
  list.push_back(leaf(Type::number));
  if (parseInt(text, 64, n)) {
    list.back().value = api::Value(n);
    return true;
  }
  char* end = nullptr;
  double d = std::strtod(text.c_str(), &end);
  list.back().value = api::Value(d);
  return *end == 0 || fail("cannot parse number " + text);
}

bool Parser::quoted(std::vector<Node>& list, char end) {
  std::string text;
  for (; more() && in[at] != end; ++at) {
    if (in[at] == '\n') return fail("unterminated quoted string");
    if (in[at] != '\\' || at + 1 >= in.size()) {
      text += in[at];
      continue;
    }
    char c = in[++at];
    text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
  if (!more()) return fail("unterminated quoted string");
  ++at;
  list.push_back(leaf(Type::text, text));
  return true;
}

bool Parser::inner(std::string_view text, Node& list) {
  std::string wrapped = "{" + std::string(text) + "}";
  if (depth > 50) return fail("nested too deeply");
  Parser p{wrapped, 1, {}, depth + 1};
  if (p.action(list.nodes)) return true;
  return fail(p.error);
}

bool Parser::slice(std::string_view text, Node& node) {
  Strings parts = split(text, ':');
  std::string bad = "invalid array index " + std::string(text);
  if (parts.size() > 3) return fail(bad);
  for (size_t i = 0; i < parts.size(); ++i) {
    Node::Bound& b = node.slice[i];
    if (parts[i].empty()) continue;
    b.known = parseInt(parts[i], 32, b.value);
    if (!b.known) return fail(bad);
  }
  if (parts.size() == 1) { node.slice[1] = {true, true, node.slice[0].value + 1}; }
  return true;
}

bool Parser::array(std::vector<Node>& list) {
  size_t close = in.find_first_of("]\n", at);
  if (close == in.npos || in[close] == '\n') return fail("unterminated array");
  std::string text(in.substr(at + 1, close - at - 1));
  at = close + 1;
  if (text == "*") text = ":";
  Strings parts = split(text, ',');
  if (parts.size() > 1) {
    Node all = leaf(Type::union_);
    for (const std::string& part : parts) {
      Node one;
      if (!inner("[" + trim(part, " ") + "]", one)) return false;
      all.nodes.push_back(std::move(one));
    }
    list.push_back(std::move(all));
    return true;
  }
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') {
    Node one;
    if (!inner("." + text.substr(1, text.size() - 2), one)) return false;
    for (Node& n : one.nodes) list.push_back(std::move(n));
    return true;
  }
  Node node = leaf(Type::array);
  if (!slice(text, node)) return false;
  list.push_back(std::move(node));
  return true;
}

bool Parser::filter(std::vector<Node>& list) {
  at += 3;
  size_t from = at;
  char open = 0;
  for (; more(); ++at) {
    char c = in[at];
    if (open) {
      if (c == open && in[at - 1] != '\\') open = 0;
    } else if (c == '"' || c == '\'') {
      open = c;
    } else if (c == ')') {
      break;
    }
  }
  if (!more()) return fail("unterminated filter");
  std::string text(in.substr(from, at - from));
  if (++at >= in.size() || in[at] != ']') return fail("unclosed array expect ]");
  ++at;
  size_t op = text.find_first_of("!<>=");
  size_t right = op == text.npos ? op : text.find_first_not_of("!<>=", op);
  Node node = leaf(Type::filter, "exists");
  node.nodes.resize(2);
  if (op == text.npos || op == 0 || right == text.npos) {
    if (!inner(text, node.nodes[0])) return false;
  } else {
    node.text = text.substr(op, right - op);
    if (!inner(text.substr(0, op), node.nodes[0]) || !inner(text.substr(right), node.nodes[1])) return false;
  }
  list.push_back(std::move(node));
  return true;
}

}  // namespace

std::string parseJsonPath(std::string_view text, std::vector<Node>& root) {
  Parser p{text, 0, {}, 0};
  p.parse(root);
  return p.error;
}

}  // namespace kubectl
