// test(1), [ ] and [[ ]].
#include <algorithm>

#include "core/shell/builtins.hpp"
#include "core/shell/command.hpp"
#include "core/shell/match.hpp"

namespace shell::builtins {
using Impl = Shell::Impl;

namespace {
/// test(1) on words[at …]. Models POSIX test; with `both` && and || stand for -a and -o.
struct Test {
  Impl& shell;
  System& system;
  const Words& words;
  size_t end, at = 1;
  bool patterns;  ///< within [[ ]]: == compares with a pattern
  std::string error = {};
  int depth = 0;

  bool is(std::string_view w) const { return at < end && words[at] == w; }
  bool either() {
    bool v = all();
    while (is("-o") || is("||")) {
      ++at;
      const bool other = all();
      v = v || other;
    }
    return v;
  }
  bool all() {
    bool v = negation();
    while (is("-a") || is("&&")) {
      ++at;
      const bool other = negation();
      v = v && other;
    }
    return v;
  }
  bool negation() {
    bool v = true;
    while (is("!") && at + 1 < end) ++at, v = !v;
    return primary() == v;
  }
  int64_t whole(const std::string& w) {
    const size_t from = w.size() > 1 && (w[0] == '-' || w[0] == '+') ? 1 : 0;
    const size_t a = w.find_first_not_of(' ');
    if (a == w.npos || w.find_first_not_of("0123456789 ", from) != w.npos) error = w + ": bad number";
    return integer(w);
  }
  bool binary(const std::string& a, const std::string& op, const std::string& b) {
    if (op == "=" || op == "==") return patterns ? globMatches(b, a) : a == b;
    if (op == "!=") return patterns ? !globMatches(b, a) : a != b;
    if (op == "<" || op == "\\<") return a < b;
    if (op == ">" || op == "\\>") return a > b;
    if (op == "=~") return matches(a, b);
    if (op == "-nt" || op == "-ot") {
      const api::Millis x = system.stat(shell.path(a)).modified, y = system.stat(shell.path(b)).modified;
      return op == "-nt" ? x > y : x < y;
    }
    const int64_t x = whole(a), y = whole(b);
    if (op == "-eq") return x == y;
    if (op == "-ne") return x != y;
    if (op == "-lt") return x < y;
    if (op == "-le") return x <= y;
    if (op == "-gt") return x > y;
    return x >= y;
  }
  bool matches(const std::string& text, const std::string& pattern) {
    Regex r;
    Regex::Match m;
    if (!r.compile(pattern, true) || !r.search(text, 0, m)) return false;
    for (int i = 0; i < 10; ++i) shell.set("BASH_REMATCH[" + std::to_string(i) + "]", m.of(text, i));
    return true;
  }
  bool file(char op, const std::string& name) {
    const FileInfo info = system.stat(shell.path(name));
    switch (op) {
      case 'f': return info.kind == FileInfo::Kind::file;
      case 'd': return info.kind == FileInfo::Kind::directory;
      case 's': return info.size > 0;
      case 'x': return info.kind == FileInfo::Kind::directory || info.executable;
      case 'L':
      case 'h':
      case 'S':
      case 'p': return false;
      default: return info.kind != FileInfo::Kind::none;
    }
  }
  bool primary() {
    if (at >= end || ++depth > 50) return error = at >= end && at > 1 ? "argument expected" : error, false;
    const auto isBinary = [&](size_t i) {
      static constexpr std::string_view ops[] = {"=",   "==",  "!=",  "=~",  "<",   ">",   "-eq",
                                                 "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot"};
      return i < end && std::find(std::begin(ops), std::end(ops), words[i]) != std::end(ops);
    };
    if (isBinary(at + 1) && at + 2 < end) {
      const size_t i = at;
      at += 3;
      return binary(words[i], words[i + 1], words[i + 2]);
    }
    if (is("(") && at + 1 < end) {
      ++at;
      const bool v = either();
      if (!is(")")) error = "closing paren expected";
      ++at;
      return v;
    }
    const std::string& w = words[at];
    if (w.size() == 2 && w[0] == '-' && at + 1 < end) {
      const std::string& operand = words[at + 1];
      if (w[1] == 'z' || w[1] == 'n') return at += 2, operand.empty() == (w[1] == 'z');
      if (w[1] == 't') return at += 2, shell.terminal;
      if (w[1] == 'v') return at += 2, shell.find(operand) != nullptr;
      if (std::string_view("efdsrwxLhSp").find(w[1]) != std::string_view::npos) return at += 2, file(w[1], operand);
    }
    if (isBinary(at + 1)) return error = words[at + 1] + ": argument expected", false;
    ++at;
    return !w.empty();
  }
};
}  // namespace

int test(Impl& shell, System& system, const Words& words) {
  size_t end = words.size();
  if (words[0] == "[") {
    if (words.back() != "]") {
      shell.say(system, "sh: [: missing ]\n");
      return 2;
    }
    --end;
  }
  if (end <= 1) return 1;
  Test t{shell, system, words, end, 1, words[0] == "[["};
  const bool v = t.either();
  if (t.error.empty() && t.at < end) t.error = words[t.at] + ": unknown operand";
  if (t.error.empty()) return v ? 0 : 1;
  shell.say(system, "sh: " + words[0] + ": " + t.error + "\n");
  return 2;
}

}  // namespace shell::builtins
