#pragma once
// The inside of awk: its program as a tree, and the machine that runs it. Private to awk*.cpp.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/shell/command.hpp"
#include "core/shell/match.hpp"

namespace shell::awk_language {

struct Cell {
  std::string text;
  double number = 0;
  bool isNumber = false, looks = false;  ///< looks: a text from the input, which compares as a number if it is one

  static Cell of(double v) { return {{}, v, true, false}; }
  static Cell of(std::string t, bool fromInput = false) { return {std::move(t), 0, false, fromInput}; }
  double asNumber() const { return isNumber ? number : shell::number(text); }
  std::string asText() const { return isNumber ? numberText(number) : text; }
  bool numeric() const {
    if (isNumber) return true;
    if (!looks || text.empty()) return looks && text.empty();
    char* end = nullptr;
    std::strtod(text.c_str(), &end);
    while (*end == ' ') ++end;
    return *end == '\0';
  }
  bool truth() const { return numeric() ? asNumber() != 0 : !text.empty(); }
};

struct Tree {
  std::string op;  ///< "num", "str", "re", "var", "index", "$", "call", "print", …
  std::string text;
  double number = 0;
  std::shared_ptr<Regex> regex;
  std::vector<std::shared_ptr<Tree>> parts;
};
using TreePtr = std::shared_ptr<Tree>;

struct Rule {
  TreePtr from, to, action;  ///< from null: every line
  std::string special;       ///< "BEGIN", "END"
  bool inRange = false;
};

struct Token {
  enum class Kind : uint8_t { end, newline, number, string, regex, name, op } kind = Kind::end;
  std::string text;
  bool call = false;  ///< a name with "(" right behind it
};

struct Parser {
  std::string_view text;
  size_t at = 0;
  Token token = {};
  bool mayBeRegex = true;
  std::string error = {};
  int depth = 0;
  bool noIn = false, noGreater = false;
  explicit Parser(std::string_view t) : text(t) { next(); }

  void fail();
  void next();
  bool is(std::string_view t) const;
  bool take(std::string_view t);
  void expect(std::string_view t);
  void newlines();
  static TreePtr make(std::string op, std::vector<TreePtr> parts = {});
  std::vector<Rule> program();
  TreePtr block();
  void ends();
  TreePtr statement();
  TreePtr body();
  TreePtr statementInside();
  TreePtr simple();
  TreePtr expression();
  TreePtr ternary();
  /// The operators of a level, the weakest first. Concatenation is the one without a sign.
  TreePtr binary(int level);
  TreePtr unary();
  TreePtr power();
  TreePtr postfix();
  TreePtr primary();
};

struct Machine {
  enum class Flow : uint8_t { none, next, breaks, continues, exits } flow = Flow::none;
  std::map<std::string, Cell, std::less<>> variables = {};
  std::map<std::string, std::map<std::string, Cell>, std::less<>> arrays = {};
  std::vector<std::string> fields = {""};  ///< [0]: the line
  std::string out = {}, error = {};
  int exit = 0, steps = 300000, depth = 0;
  std::string special(std::string_view name, std::string_view otherwise) const;
  std::vector<std::string> split(std::string_view text, const std::string& separator) const;
  void setLine(std::string line);
  void joinLine();
  std::string key(const Tree& t);
  void assign(const Tree& to, Cell v);
  bool matches(const TreePtr& pattern, const std::string& text);
  static double arithmetic(const std::string& op, double a, double b);
  Cell eval(const TreePtr& tree);
  Cell evalInside(const Tree& t);
  Cell call(const Tree& t);
  std::string format(const Tree& t);
  void run(const TreePtr& tree);
  void runRules(std::vector<Rule>& rules, std::string_view special);
};

}  // namespace shell::awk_language
