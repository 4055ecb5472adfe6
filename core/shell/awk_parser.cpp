// How awk's program becomes a tree.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/shell/awk.hpp"
#include "core/shell/machine.hpp"

namespace shell::awk_language {

void Parser::fail() {
  if (error.empty())
    error = "syntax error at or near " + (token.kind == Token::Kind::end ? "end of program" : token.text);
  token = {};
  at = text.size();
}

void Parser::next() {
  token = {};
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text.substr(at, 2) == "\\\n"))
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

bool Parser::is(std::string_view t) const {
  return token.text == t &&
         (token.kind == Token::Kind::op || token.kind == Token::Kind::name || token.kind == Token::Kind::newline);
}

bool Parser::take(std::string_view t) {
  if (!is(t)) return false;
  next();
  return true;
}

void Parser::expect(std::string_view t) {
  if (!take(t)) fail();
}

void Parser::newlines() {
  while (error.empty() && (token.kind == Token::Kind::newline || is(";"))) next();
}

TreePtr Parser::make(std::string op, std::vector<TreePtr> parts) {
  auto t = std::make_shared<Tree>();
  t->op = std::move(op);
  t->parts = std::move(parts);
  return t;
}

std::vector<Rule> Parser::program() {
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

TreePtr Parser::block() {
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

void Parser::ends() {
  if (!is("}") && !is(";") && token.kind != Token::Kind::newline && token.kind != Token::Kind::end && !is("else"))
    fail();
}

TreePtr Parser::statement() {
  if (++depth > 40) fail();
  TreePtr s = statementInside();
  --depth;
  return s;
}

TreePtr Parser::body() {
  while (token.kind == Token::Kind::newline) next();
  if (take(";")) return make("list");
  return statement();
}

TreePtr Parser::statementInside() {
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

TreePtr Parser::simple() {
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

TreePtr Parser::expression() {
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

TreePtr Parser::ternary() {
  TreePtr c = binary(0);
  if (error.empty() && take("?")) {
    TreePtr a = expression();
    expect(":");
    c = make("?", {c, a, expression()});
  }
  return c;
}

TreePtr Parser::binary(int level) {
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

TreePtr Parser::unary() {  // and * / % with ^ above them
  TreePtr left = power();
  while (error.empty() && (is("*") || is("/") || is("%"))) {
    const std::string op = token.text;
    next();
    left = make(op, {left, power()});
  }
  return left;
}

TreePtr Parser::power() {
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

TreePtr Parser::postfix() {
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

TreePtr Parser::primary() {
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

}  // namespace shell::awk_language
