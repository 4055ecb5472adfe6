// awk: patterns and actions over lines and fields. Models POSIX awk without getline, pipes and functions of one's own.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell::commands {
namespace {

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

  void fail() {
    if (error.empty())
      error = "syntax error at or near " + (token.kind == Token::Kind::end ? "end of program" : token.text);
    token = {};
    at = text.size();
  }
  void next() {
    token = {};
    while (at < text.size() &&
           (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text.substr(at, 2) == "\\\n"))
      at += text[at] == '\\' ? 2 : 1;
    if (at < text.size() && text[at] == '#') at = std::min(text.find('\n', at), text.size());
    if (at >= text.size()) return;
    const char c = text[at];
    const auto letter = [](char ch) { return ch == '_' || ((ch | 32) >= 'a' && (ch | 32) <= 'z'); };
    const auto digit = [](char ch) { return ch >= '0' && ch <= '9'; };
    const bool wasOperand = !mayBeRegex;
    mayBeRegex = true;
    if (c == '\n') {
      token.kind = Token::Kind::newline;
      token.text = "\n";
      ++at;
    } else if (digit(c) || (c == '.' && at + 1 < text.size() && digit(text[at + 1]))) {
      token.kind = Token::Kind::number;
      while (at < text.size() && (digit(text[at]) || text[at] == '.' || text[at] == 'e')) token.text += text[at++];
      mayBeRegex = false;
    } else if (letter(c)) {
      token.kind = Token::Kind::name;
      while (at < text.size() && (letter(text[at]) || digit(text[at]))) token.text += text[at++];
      token.call = at < text.size() && text[at] == '(';
      mayBeRegex = token.text == "print" || token.text == "return" || token.text == "printf";
    } else if (c == '"' || (c == '/' && !wasOperand)) {
      token.kind = c == '"' ? Token::Kind::string : Token::Kind::regex;
      std::string raw;
      for (++at; at < text.size() && text[at] != c; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
          if (text[at + 1] != c) raw += '\\';
          ++at;
        }
        raw += text[at];
      }
      if (at >= text.size()) return fail();
      ++at;
      token.text = c == '"' ? unescaped(raw) : raw;
      mayBeRegex = false;
    } else {
      token.kind = Token::Kind::op;
      for (std::string_view op :
           {"&&", "||", "==", "!=", "<=", ">=", "++", "--", "+=", "-=", "*=", "/=", "%=", "!~", ">>"}) {
        if (text.substr(at, 2) == op) token.text = op;
      }
      if (token.text.empty()) token.text = c;
      at += token.text.size();
      mayBeRegex =
          token.text != ")" && token.text != "]" && token.text != "$" && token.text != "++" && token.text != "--";
    }
  }
  bool is(std::string_view t) const {
    return token.text == t &&
           (token.kind == Token::Kind::op || token.kind == Token::Kind::name || token.kind == Token::Kind::newline);
  }
  bool take(std::string_view t) {
    if (!is(t)) return false;
    next();
    return true;
  }
  void expect(std::string_view t) {
    if (!take(t)) fail();
  }
  void newlines() {
    while (error.empty() && (token.kind == Token::Kind::newline || is(";"))) next();
  }
  static TreePtr make(std::string op, std::vector<TreePtr> parts = {}) {
    auto t = std::make_shared<Tree>();
    t->op = std::move(op);
    t->parts = std::move(parts);
    return t;
  }

  std::vector<Rule> program() {
    std::vector<Rule> rules;
    for (newlines(); error.empty() && token.kind != Token::Kind::end; newlines()) {
      Rule r;
      if (is("BEGIN") || is("END")) {
        r.special = token.text;
        next();
      } else if (!is("{")) {
        r.from = expression();
        if (take(",")) r.to = expression();
      }
      if (is("{"))
        r.action = block();
      else if (!r.special.empty())
        fail();
      rules.push_back(std::move(r));
    }
    return rules;
  }
  TreePtr block() {
    expect("{");
    TreePtr list = make("list");
    for (newlines(); error.empty() && !is("}"); newlines()) {
      if (token.kind == Token::Kind::end)
        fail();
      else
        list->parts.push_back(statement());
    }
    if (error.empty()) next();
    return list;
  }
  void ends() {
    if (!is("}") && !is(";") && token.kind != Token::Kind::newline && token.kind != Token::Kind::end && !is("else"))
      fail();
  }
  TreePtr statement() {
    if (++depth > 40) fail();
    TreePtr s = statementInside();
    --depth;
    return s;
  }
  TreePtr body() {
    while (token.kind == Token::Kind::newline) next();
    if (take(";")) return make("list");
    return statement();
  }
  TreePtr statementInside() {
    if (is("{")) return block();
    if (take("if")) {
      expect("(");
      std::vector<TreePtr> parts{expression()};
      expect(")");
      parts.push_back(body());
      const size_t back = at;
      const Token old = token;
      const bool regex = mayBeRegex;
      newlines();
      if (take("else"))
        parts.push_back(body());
      else
        at = back, token = old, mayBeRegex = regex;
      return make("if", std::move(parts));
    }
    if (take("while")) {
      expect("(");
      TreePtr condition = expression();
      expect(")");
      return make("while", {condition, body()});
    }
    if (take("for")) {
      expect("(");
      TreePtr first = is(";") ? make("list") : simple();
      if (first && first->op == "in" && is(")")) {
        next();
        return make("each", {first, body()});
      }
      expect(";");
      TreePtr condition = is(";") ? nullptr : expression();
      expect(";");
      TreePtr after = is(")") ? make("list") : simple();
      expect(")");
      return make("for", {first, condition, after, body()});
    }
    TreePtr s = simple();
    ends();
    return s;
  }
  TreePtr simple() {
    for (std::string_view word : {"next", "break", "continue"}) {
      if (take(word)) return make(std::string(word));
    }
    if (take("exit"))
      return is(";") || is("}") || token.kind == Token::Kind::newline || token.kind == Token::Kind::end
                 ? make("exit")
                 : make("exit", {expression()});
    if (take("delete")) return make("delete", {primary()});
    if (is("print") || is("printf")) {
      TreePtr p = make(token.text);
      next();
      const bool before = std::exchange(noGreater, true);
      const bool grouped = is("(");
      if (!is(";") && !is("}") && token.kind != Token::Kind::newline && token.kind != Token::Kind::end) {
        do p->parts.push_back(expression());
        while (error.empty() && take(","));
      }
      // print (a, b)
      if (grouped && p->parts.size() == 1 && p->parts[0] && p->parts[0]->op == "group")
        p->parts = std::vector<TreePtr>(p->parts[0]->parts);
      noGreater = before;
      if (is(">") || is(">>")) fail();
      return p;
    }
    return expression();
  }

  TreePtr expression() {
    if (++depth > 60) fail();
    TreePtr left = ternary();
    for (std::string_view op : {"=", "+=", "-=", "*=", "/=", "%="}) {
      if (!error.empty() || !left || !is(op) || (left->op != "var" && left->op != "index" && left->op != "$")) continue;
      next();
      TreePtr t = make("assign", {left, expression()});
      t->text = op.substr(0, op.size() - 1);
      left = t;
      break;
    }
    --depth;
    return left;
  }
  TreePtr ternary() {
    TreePtr c = binary(0);
    if (error.empty() && take("?")) {
      TreePtr a = expression();
      expect(":");
      c = make("?", {c, a, expression()});
    }
    return c;
  }
  /// The operators of a level, the weakest first. Concatenation is the one without a sign.
  TreePtr binary(int level) {
    if (level == 7) return unary();
    TreePtr left = binary(level + 1);
    while (error.empty()) {
      std::string op;
      constexpr std::string_view levels[][6] = {
          {"||"}, {"&&"}, {"in"}, {"~", "!~"}, {"<", "<=", ">", ">=", "==", "!="}, {}, {"+", "-"}};
      for (std::string_view o : levels[level == 6 ? 6 : level]) {
        if (!o.empty() && is(o) && !(o == ">" && noGreater)) op = o;
      }
      if (level == 5) {
        const bool starts = token.kind == Token::Kind::number || token.kind == Token::Kind::string ||
                            (token.kind == Token::Kind::name && !is("in") && !is("else")) || is("$") || is("(") ||
                            is("!");
        if (!starts) return left;
        left = make("concat", {left, binary(6)});
        continue;
      }
      if (op.empty()) return left;
      next();
      TreePtr right = binary(level + 1);
      left = make(op, {left, right});
    }
    return left;
  }
  TreePtr unary() {  // and * / % with ^ above them
    TreePtr left = power();
    while (error.empty() && (is("*") || is("/") || is("%"))) {
      const std::string op = token.text;
      next();
      left = make(op, {left, power()});
    }
    return left;
  }
  TreePtr power() {
    if (++depth > 60) fail();
    TreePtr t;
    if (take("!"))
      t = make("!", {power()});
    else if (take("-"))
      t = make("neg", {power()});
    else if (take("+"))
      t = make("pos", {power()});
    else {
      t = postfix();
      if (error.empty() && take("^")) t = make("^", {t, power()});
    }
    --depth;
    return t;
  }
  TreePtr postfix() {
    if (is("++") || is("--")) {
      TreePtr t = make("pre");
      t->text = token.text;
      next();
      t->parts = {primary()};
      return t;
    }
    TreePtr p = primary();
    if (error.empty() && p && (is("++") || is("--")) && (p->op == "var" || p->op == "index" || p->op == "$")) {
      TreePtr t = make("post", {p});
      t->text = token.text;
      mayBeRegex = false;
      next();
      return t;
    }
    return p;
  }
  TreePtr primary() {
    TreePtr t;
    if (token.kind == Token::Kind::number || token.kind == Token::Kind::string || token.kind == Token::Kind::regex) {
      t = make(token.kind == Token::Kind::number ? "num" : token.kind == Token::Kind::string ? "str" : "re");
      t->text = token.text;
      t->number = number(token.text);
      if (t->op == "re") {
        t->regex = std::make_shared<Regex>();
        if (!t->regex->compile(t->text, true)) return fail(), nullptr;
      }
      next();
    } else if (take("$")) {
      if (++depth > 60) fail();
      t = make("$", {is("++") || is("--") ? postfix() : primary()});
      --depth;
    } else if (take("(")) {
      const bool before = std::exchange(noGreater, false);
      t = expression();
      if (error.empty() && is(",")) {
        t = make("group", {t});
        while (error.empty() && take(",")) t->parts.push_back(expression());
      }
      noGreater = before;
      expect(")");
      if (t && t->op == "group" && is("in")) t->op = "key";
    } else if (token.kind == Token::Kind::name) {
      t = make("var");
      t->text = token.text;
      const bool call = token.call;
      next();
      if (call) {
        next();
        t->op = "call";
        while (error.empty() && !is(")")) {
          t->parts.push_back(expression());
          if (!take(",")) break;
        }
        expect(")");
      } else if (t->text == "length") {
        t->op = "call";
      } else if (take("[")) {
        t->op = "index";
        do t->parts.push_back(expression());
        while (error.empty() && take(","));
        expect("]");
      }
    } else {
      fail();
    }
    return t;
  }
};

struct Machine {
  enum class Flow : uint8_t { none, next, breaks, continues, exits } flow = Flow::none;
  std::map<std::string, Cell, std::less<>> variables = {};
  std::map<std::string, std::map<std::string, Cell>, std::less<>> arrays = {};
  std::vector<std::string> fields = {""};  ///< [0]: the line
  std::string out = {}, error = {};
  int exit = 0, steps = 300000, depth = 0;

  std::string special(std::string_view name, std::string_view otherwise) const {
    const auto it = variables.find(name);
    return it == variables.end() ? std::string(otherwise) : it->second.asText();
  }
  std::vector<std::string> split(std::string_view text, const std::string& separator) const {
    std::vector<std::string> parts;
    if (separator == " ") {
      for (size_t at = 0; at < text.size();) {
        const size_t from = text.find_first_not_of(" \t\n", at);
        if (from == text.npos) break;
        const size_t end = std::min(text.find_first_of(" \t\n", from), text.size());
        parts.emplace_back(text.substr(from, end - from));
        at = end;
      }
      return parts;
    }
    if (text.empty()) return parts;
    Regex r;
    const bool plain = separator.size() == 1 || !r.compile(separator, true);
    for (size_t at = 0; parts.size() < mostFields;) {
      Regex::Match m;
      if (plain)
        m.begin = std::min(text.find(separator.empty() ? '\t' : separator[0], at), text.size()), m.end = m.begin + 1;
      else if (!r.search(text, at, m) || m.end == m.begin)
        m.begin = text.size();
      parts.emplace_back(text.substr(at, m.begin - at));
      if (m.begin >= text.size()) break;
      at = m.end;
    }
    return parts;
  }
  void setLine(std::string line) {
    fields = split(line, special("FS", " "));
    fields.insert(fields.begin(), std::move(line));
    variables["NF"] = Cell::of(double(fields.size() - 1));
  }
  void joinLine() {
    std::string line;
    const std::string separator = special("OFS", " ");
    for (size_t i = 1; i < fields.size(); ++i) (line += i > 1 ? separator : "") += fields[i];
    fields[0] = line;
  }
  std::string key(const Tree& t) {
    std::string k;
    for (size_t i = 0; i < t.parts.size(); ++i) (k += i ? "\034" : "") += eval(t.parts[i]).asText();
    return k;
  }
  void assign(const Tree& to, Cell v) {
    if (!v.isNumber && v.text.size() > longestValue) v.text.resize(longestValue);
    if (to.op == "var") {
      if (variables.size() < 2000 || variables.count(to.text)) variables[to.text] = v;
      if (to.text == "NF") fields.resize(size_t(std::clamp(v.asNumber(), 0.0, 1000.0)) + 1), joinLine();
    } else if (to.op == "index") {
      auto& array = arrays[to.text];
      std::string k = key(to);
      if (array.size() < 20000) array[k] = v;
    } else if (to.op == "$") {
      const int n = int(std::clamp(eval(to.parts[0]).asNumber(), 0.0, 1000.0));
      if (n == 0) return setLine(v.asText());
      if (size_t(n) >= fields.size()) fields.resize(size_t(n) + 1);
      fields[size_t(n)] = v.asText();
      variables["NF"] = Cell::of(double(fields.size() - 1));
      joinLine();
    }
  }
  bool matches(const TreePtr& pattern, const std::string& text) {
    if (pattern->op == "re") return pattern->regex->matches(text);
    Regex r;
    return r.compile(eval(pattern).asText(), true) && r.matches(text);
  }
  static double arithmetic(const std::string& op, double a, double b) {
    if (op == "+") return a + b;
    if (op == "-") return a - b;
    if (op == "*") return a * b;
    if (op == "/") return b == 0 ? 0 : a / b;
    if (op == "%") return b == 0 ? 0 : std::fmod(a, b);
    return std::pow(a, b);
  }

  Cell eval(const TreePtr& tree) {
    if (!tree || --steps < 0 || depth > 200 || !error.empty()) return Cell::of("");
    ++depth;
    Cell v = evalInside(*tree);
    --depth;
    return v;
  }
  Cell evalInside(const Tree& t) {
    const std::string& op = t.op;
    if (op == "num") return Cell::of(t.number);
    if (op == "str") return Cell::of(t.text);
    if (op == "re") return Cell::of(double(t.regex->matches(fields[0])));
    if (op == "var") {
      const auto it = variables.find(t.text);
      return it == variables.end() ? Cell::of("", true) : it->second;
    }
    if (op == "index") {
      std::string k = key(t);
      auto& array = arrays[t.text];
      const auto it = array.find(k);
      return it == array.end() ? Cell::of("", true) : it->second;
    }
    if (op == "$") {
      const double n = eval(t.parts[0]).asNumber();
      return Cell::of(n >= 0 && n < double(fields.size()) ? fields[size_t(n)] : std::string(), true);
    }
    if (op == "assign") {
      Cell v = eval(t.parts[1]);
      if (!t.text.empty()) v = Cell::of(arithmetic(t.text, eval(t.parts[0]).asNumber(), v.asNumber()));
      assign(*t.parts[0], v);
      return v;
    }
    if (op == "pre" || op == "post") {
      const double old = eval(t.parts[0]).asNumber(), now = old + (t.text == "++" ? 1 : -1);
      if (t.parts[0]) assign(*t.parts[0], Cell::of(now));
      return Cell::of(op == "pre" ? now : old);
    }
    if (op == "?") return eval(eval(t.parts[0]).truth() ? t.parts[1] : t.parts[2]);
    if (op == "&&") return Cell::of(double(eval(t.parts[0]).truth() && eval(t.parts[1]).truth()));
    if (op == "||") return Cell::of(double(eval(t.parts[0]).truth() || eval(t.parts[1]).truth()));
    if (op == "!") return Cell::of(double(!eval(t.parts[0]).truth()));
    if (op == "neg") return Cell::of(-eval(t.parts[0]).asNumber());
    if (op == "pos") return Cell::of(eval(t.parts[0]).asNumber());
    if (op == "~" || op == "!~") return Cell::of(double(matches(t.parts[1], eval(t.parts[0]).asText()) == (op == "~")));
    if (op == "in") {
      const auto it = arrays.find(t.parts[1]->text);
      const std::string k = t.parts[0]->op == "key" ? key(*t.parts[0]) : eval(t.parts[0]).asText();
      return Cell::of(double(it != arrays.end() && it->second.count(k)));
    }
    if (op == "call") return call(t);
    if (t.parts.size() < 2) return Cell::of("");
    const Cell a = eval(t.parts[0]), b = eval(t.parts[1]);
    if (op == "concat") return Cell::of((a.asText() + b.asText()).substr(0, longestValue));
    if (op.size() <= 2 && std::string_view("<=>!").find(op[0]) != std::string_view::npos) {
      double d;
      if (a.numeric() && b.numeric())
        d = a.asNumber() - b.asNumber();
      else
        d = a.asText().compare(b.asText());
      return Cell::of(double(op == "<"    ? d < 0
                             : op == "<=" ? d <= 0
                             : op == ">"  ? d > 0
                             : op == ">=" ? d >= 0
                             : op == "==" ? d == 0
                                          : d != 0));
    }
    return Cell::of(arithmetic(op, a.asNumber(), b.asNumber()));
  }

  Cell call(const Tree& t) {
    const std::string& name = t.text;
    const size_t n = t.parts.size();
    const auto arg = [&](size_t i) { return i < n ? eval(t.parts[i]) : Cell::of(""); };
    if (name == "length") {
      if (n && t.parts[0]->op == "var" && arrays.count(t.parts[0]->text))
        return Cell::of(double(arrays[t.parts[0]->text].size()));
      return Cell::of(double((n ? arg(0).asText() : fields[0]).size()));
    }
    if (name == "substr") {
      const std::string s = arg(0).asText();
      double from = std::floor(arg(1).asNumber() + 0.5);
      double end = n > 2 ? from + std::floor(arg(2).asNumber() + 0.5) : double(s.size()) + 1;
      from = std::clamp(from, 1.0, double(s.size()) + 1);
      end = std::clamp(end, from, double(s.size()) + 1);
      return Cell::of(s.substr(size_t(from) - 1, size_t(end - from)));
    }
    if (name == "index") {
      const size_t at = arg(0).asText().find(arg(1).asText());
      return Cell::of(at == std::string::npos ? 0 : double(at + 1));
    }
    if (name == "split" && n >= 2) {
      const std::string separator =
          n > 2 ? (t.parts[2]->op == "re" ? t.parts[2]->text : arg(2).asText()) : special("FS", " ");
      const std::vector<std::string> parts = split(arg(0).asText(), separator);
      auto& array = arrays[t.parts[1]->text];
      array.clear();
      for (size_t i = 0; i < parts.size(); ++i) array[std::to_string(i + 1)] = Cell::of(parts[i], true);
      return Cell::of(double(parts.size()));
    }
    if ((name == "sub" || name == "gsub") && n >= 2) {
      static const TreePtr line = [] {
        TreePtr zero = Parser::make("num");
        return Parser::make("$", {zero});
      }();
      const TreePtr target = n > 2 ? t.parts[2] : line;
      Regex made;
      const Regex* r = t.parts[0]->regex.get();
      if (!r) {
        if (!made.compile(arg(0).asText(), true)) return Cell::of(0.0);
        r = &made;
      }
      const std::string with = arg(1).asText(), text = eval(target).asText();
      std::string result;
      int count = 0;
      size_t at = 0;
      while (at <= text.size() && result.size() < longestValue) {
        Regex::Match m;
        if (!r->search(text, at, m)) break;
        result += text.substr(at, m.begin - at);
        for (size_t i = 0; i < with.size(); ++i) {
          if (with[i] == '\\' && i + 1 < with.size())
            result += with[++i];
          else if (with[i] == '&')
            result += m.of(text, 0);
          else
            result += with[i];
        }
        ++count;
        at = m.end;
        if (m.end == m.begin) {
          if (at < text.size()) result += text[at];
          ++at;
        }
        if (name == "sub") break;
      }
      if (at < text.size()) result += text.substr(at);
      if (count) assign(*target, Cell::of(result));
      return Cell::of(double(count));
    }
    if (name == "match" && n >= 2) {
      Regex made;
      Regex::Match m;
      const std::string text = arg(0).asText();
      const Regex* r = t.parts[1]->regex.get();
      if (!r && made.compile(arg(1).asText(), true)) r = &made;
      const bool found = r && r->search(text, 0, m);
      variables["RSTART"] = Cell::of(found ? double(m.begin + 1) : 0);
      variables["RLENGTH"] = Cell::of(found ? double(m.end - m.begin) : -1);
      return variables["RSTART"];
    }
    if (name == "toupper" || name == "tolower") {
      std::string s = arg(0).asText();
      for (char& c : s) {
        if (name == "toupper" ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z') c = char(c ^ 32);
      }
      return Cell::of(s);
    }
    if (name == "sprintf") return Cell::of(format(t));
    if (name == "int") return Cell::of(std::trunc(arg(0).asNumber()));
    if (name == "sqrt") return Cell::of(std::sqrt(std::max(0.0, arg(0).asNumber())));
    if (name == "rand" || name == "srand") return Cell::of(0.0);
    error = "function " + name + " never defined";
    return Cell::of("");
  }
  std::string format(const Tree& t) {
    std::vector<std::string> args;
    for (size_t i = 0; i < t.parts.size(); ++i) args.push_back(eval(t.parts[i]).asText());
    if (args.empty()) return {};
    args.push_back("");  // so that a format without arguments is used once
    std::string f = args[0];
    std::vector<std::string> rest(args.begin() + 1, args.end() - 1);
    std::string escaped;
    for (char c : f) {
      if (c == '\\') escaped += '\\';
      escaped += c;
    }
    size_t wants = 0;
    for (size_t i = 0; i < f.size(); ++i) wants += f[i] == '%' && !(i + 1 < f.size() && f[i + 1] == '%' && ++i);
    rest.resize(wants);
    return formatted(escaped, rest, 0);
  }

  void run(const TreePtr& tree) {
    if (!tree || flow != Flow::none || --steps < 0 || !error.empty()) return;
    const Tree& t = *tree;
    if (t.op == "list") {
      for (const TreePtr& p : t.parts) run(p);
    } else if (t.op == "print") {
      if (t.parts.empty()) out += fields[0];
      const std::string separator = special("OFS", " ");
      for (size_t i = 0; i < t.parts.size(); ++i) (out += i ? separator : "") += eval(t.parts[i]).asText();
      out += special("ORS", "\n");
      if (out.size() > longestText) error = "output too long";
    } else if (t.op == "printf") {
      out += format(t);
      if (out.size() > longestText) error = "output too long";
    } else if (t.op == "if") {
      if (eval(t.parts[0]).truth())
        run(t.parts[1]);
      else if (t.parts.size() > 2)
        run(t.parts[2]);
    } else if (t.op == "while" || t.op == "for") {
      const bool isFor = t.op == "for";
      if (isFor) run(t.parts[0]);
      const TreePtr& condition = t.parts[isFor ? 1 : 0];
      while (steps > 0 && error.empty() && (!condition || eval(condition).truth())) {
        run(t.parts[isFor ? 3 : 1]);
        if (flow == Flow::continues) flow = Flow::none;
        if (flow != Flow::none) break;
        if (isFor) run(t.parts[2]);
      }
      if (flow == Flow::breaks) flow = Flow::none;
    } else if (t.op == "each") {
      std::vector<std::string> keys;
      for (const auto& [k, v] : arrays[t.parts[0]->parts[1]->text]) keys.push_back(k);
      for (const std::string& k : keys) {
        assign(*t.parts[0]->parts[0], Cell::of(k, true));
        run(t.parts[1]);
        if (flow == Flow::continues) flow = Flow::none;
        if (flow != Flow::none) break;
      }
      if (flow == Flow::breaks) flow = Flow::none;
    } else if (t.op == "next") {
      flow = Flow::next;
    } else if (t.op == "break") {
      flow = Flow::breaks;
    } else if (t.op == "continue") {
      flow = Flow::continues;
    } else if (t.op == "exit") {
      if (!t.parts.empty()) exit = int(eval(t.parts[0]).asNumber()) & 255;
      flow = Flow::exits;
    } else if (t.op == "delete") {
      const Tree& what = *t.parts[0];
      if (what.op == "index")
        arrays[what.text].erase(key(what));
      else
        arrays.erase(what.text);
    } else {
      eval(tree);
    }
  }
  void runRules(std::vector<Rule>& rules, std::string_view special) {
    for (Rule& r : rules) {
      if (r.special != special || flow != Flow::none) continue;
      bool hit = true;
      if (r.to) {
        hit = r.inRange || eval(r.from).truth();
        if (hit) r.inRange = !eval(r.to).truth();
      } else if (r.from) {
        hit = eval(r.from).truth();
      }
      if (!hit) continue;
      if (r.action)
        run(r.action);
      else
        out += fields[0] + "\n";
    }
  }
};
}  // namespace

Outcome awk(Call& c, System& s) {
  Options o;
  // The words after the program are files, whatever they look like; -F and -v come before it.
  if (!options(c, "F:v:f:", o)) return Outcome::done;
  std::string text;
  if (const std::string* file = o.value('f')) {
    if (!slurp(c, s, *file, text)) return Outcome::done;
  } else {
    if (o.words.empty()) return fail(c, "usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]", 2);
    text = o.words[0];
    o.words.erase(o.words.begin());
  }
  Parser parser(text);
  std::vector<Rule> rules = parser.program();
  if (!parser.error.empty()) return fail(c, parser.error, 2);
  Machine m;
  for (const auto& [option, value] : o.list) {
    const size_t equals = value.find('=');
    if (option == 'F') m.variables["FS"] = Cell::of(unescaped(value == "t" ? "\\t" : value));
    if (option == 'v' && equals != value.npos)
      m.variables[value.substr(0, equals)] = Cell::of(unescaped(value.substr(equals + 1)), true);
  }
  const bool readsLines = std::any_of(rules.begin(), rules.end(), [](const Rule& r) { return r.special != "BEGIN"; });
  std::string all;
  if (readsLines && o.words.empty()) {
    if (!input(c)) return Outcome::reads;
    all = c.input;
  }
  int exit = 0;
  for (const std::string& name : o.words) {
    std::string content;
    if (name.find('=') != name.npos && s.stat(absolute(c, name)).kind == FileInfo::Kind::none) {
      m.variables[name.substr(0, name.find('='))] = Cell::of(name.substr(name.find('=') + 1), true);
    } else if (slurp(c, s, name, content)) {
      all += content;
      m.variables["FILENAME"] = Cell::of(name);
    } else {
      exit = 2;
    }
  }
  m.runRules(rules, "BEGIN");
  double n = 0;
  if (readsLines) {
    for (std::string_view line : lines(all)) {
      if (m.flow == Machine::Flow::exits || !m.error.empty() || m.steps < 0) break;
      m.variables["NR"] = m.variables["FNR"] = Cell::of(++n);
      m.setLine(std::string(line));
      m.runRules(rules, "");
      if (m.flow == Machine::Flow::next) m.flow = Machine::Flow::none;
    }
    c.satisfied = m.flow == Machine::Flow::exits;
    m.flow = Machine::Flow::none;
    if (!c.partial || c.satisfied) m.runRules(rules, "END");
  }
  c.out = std::move(m.out);
  if (m.steps < 0 && m.error.empty()) m.error = "too many steps";
  if (!m.error.empty()) return fail(c, m.error, 2);
  return done(c, m.exit ? m.exit : exit);
}

}  // namespace shell::commands
