// $((…)): C's operators on 64-bit integers that wrap around.
#include <algorithm>

#include "core/shell/machine.hpp"

namespace shell {
namespace {

struct Operator {
  std::string_view text;
  int level;  ///< the higher binds the stronger
};
constexpr Operator operators[] = {{"||", 1}, {"&&", 2},  {"==", 6}, {"!=", 6}, {"<<", 8}, {">>", 8}, {"<=", 7},
                                  {">=", 7}, {"**", 11}, {"|", 3},  {"^", 4},  {"&", 5},  {"<", 7},  {">", 7},
                                  {"+", 9},  {"-", 9},   {"*", 10}, {"/", 10}, {"%", 10}};

struct Arithmetic {
  Expansion& x;
  std::string_view text;
  size_t at = 0;
  int depth = 0;

  void blanks() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n')) ++at;
  }
  bool take(std::string_view op) {
    blanks();
    if (text.substr(at, op.size()) != op) return false;
    at += op.size();
    return true;
  }
  void wrong(std::string_view what) {
    if (x.error.empty())
      x.error = "arithmetic syntax error" + std::string(what.empty() ? "" : ": ") + std::string(what);
    at = text.size();
  }

  int64_t value(const std::string& name) {
    bool isSet = false;
    std::string v = x.variable(name, isSet);
    if (v.empty() || v == name) return 0;
    if (++depth > 20) return wrong(""), 0;
    Arithmetic inner{x, v, 0, depth};
    const int64_t n = inner.ternary();
    --depth;
    return n;
  }
  void assign(const std::string& name, int64_t v) { x.assigned.emplace_back(name, std::to_string(v)); }

  int64_t number() {
    uint64_t n = 0;
    unsigned base = 10;
    if (text.substr(at, 2) == "0x" || text.substr(at, 2) == "0X")
      base = 16, at += 2;
    else if (text[at] == '0')
      base = 8;
    for (; at < text.size(); ++at) {
      const char c = char(text[at] | 32);
      const unsigned digit = c >= '0' && c <= '9'   ? unsigned(c - '0')
                             : c >= 'a' && c <= 'f' ? unsigned(c - 'a' + 10)
                                                    : 99u;
      if (digit >= base) break;
      n = n * base + digit;
    }
    return int64_t(n);
  }

  int64_t name() {
    const size_t from = at;
    while (at < text.size() && (text[at] == '_' || ((text[at] | 32) >= 'a' && (text[at] | 32) <= 'z') ||
                                (text[at] >= '0' && text[at] <= '9')))
      ++at;
    const std::string n(text.substr(from, at - from));
    if (take("++")) {
      const int64_t v = value(n);
      return assign(n, int64_t(uint64_t(v) + 1)), v;
    }
    if (take("--")) {
      const int64_t v = value(n);
      return assign(n, int64_t(uint64_t(v) - 1)), v;
    }
    blanks();
    if (text.substr(at, 1) == "=" && text.substr(at, 2) != "==") {
      ++at;
      const int64_t v = ternary();
      return assign(n, v), v;
    }
    for (std::string_view op : {"+=", "-=", "*=", "/=", "%="}) {
      if (!take(op)) continue;
      const int64_t v = apply(op.substr(0, 1), value(n), ternary());
      return assign(n, v), v;
    }
    return value(n);
  }

  int64_t unary() {
    if (++depth > 60 || ++x.work > 20000) return wrong(""), 0;
    int64_t v = 0;
    blanks();
    if (at >= text.size()) {
      wrong("");
    } else if (take("++") || take("--")) {
      const bool up = text[at - 1] == '+';
      blanks();
      const size_t from = at;
      v = int64_t(uint64_t(name()) + (up ? 1 : uint64_t(-1)));
      assign(std::string(text.substr(from, at - from)), v);
    } else if (take("!")) {
      v = !unary();
    } else if (take("~")) {
      v = ~unary();
    } else if (take("-")) {
      v = int64_t(0 - uint64_t(unary()));
    } else if (take("+")) {
      v = unary();
    } else if (take("(")) {
      v = ternary();
      if (!take(")")) wrong("");
    } else if (text[at] >= '0' && text[at] <= '9') {
      v = number();
    } else if (text[at] == '_' || ((text[at] | 32) >= 'a' && (text[at] | 32) <= 'z')) {
      v = name();
    } else {
      wrong("");
    }
    --depth;
    return v;
  }

  int64_t apply(std::string_view op, int64_t a, int64_t b) {
    const uint64_t ua = uint64_t(a), ub = uint64_t(b);
    if (op == "**") {
      uint64_t v = 1;
      for (int64_t i = 0; i < std::min<int64_t>(b, 64); ++i) v *= ua;
      return int64_t(v);
    }
    if (op == "<<") return int64_t(ua << (ub & 63));
    if (op == ">>") return a >> (ub & 63);
    if (op == "==") return a == b;
    if (op == "!=") return a != b;
    if (op == "<=") return a <= b;
    if (op == ">=") return a >= b;
    if (op == "&&") return a && b;
    if (op == "||") return a || b;
    switch (op[0]) {
      case '+': return int64_t(ua + ub);
      case '-': return int64_t(ua - ub);
      case '*': return int64_t(ua * ub);
      case '<': return a < b;
      case '>': return a > b;
      case '&': return a & b;
      case '|': return a | b;
      case '^': return a ^ b;
      default: break;
    }
    if (b == 0) {
      if (x.error.empty()) x.error = "divide by zero";
      return 0;
    }
    if (b == -1) return op == "/" ? int64_t(0 - ua) : 0;
    return op == "/" ? a / b : a % b;
  }

  int64_t binary(int level) {
    int64_t left = unary();
    for (;;) {
      blanks();
      const Operator* found = nullptr;
      for (const Operator& o : operators) {
        if (text.substr(at, o.text.size()) == o.text) {
          found = &o;
          break;
        }
      }
      if (!found || found->level < level || !x.error.empty()) return left;
      if (text.substr(at + found->text.size(), 1) == "=" && found->level > 8) return left;
      at += found->text.size();
      left = apply(found->text, left, binary(found->level + 1));
    }
  }

  int64_t ternary() {
    if (++depth > 60) return wrong(""), 0;
    int64_t v = binary(1);
    if (take("?")) {
      const int64_t yes = ternary();
      if (!take(":")) wrong("");
      const int64_t no = ternary();
      v = v ? yes : no;
    }
    --depth;
    return v;
  }
};
}  // namespace

int64_t arithmetic(Expansion& x, std::string_view text) {
  Arithmetic a{x, text};
  a.blanks();
  if (a.at >= text.size()) return 0;
  const int64_t v = a.ternary();
  a.blanks();
  if (a.at < text.size()) a.wrong("");
  return x.error.empty() ? v : 0;
}

}  // namespace shell
