#include "core/shell/syntax.hpp"

#include <algorithm>

namespace shell {
namespace {
constexpr int deepest = 60;
constexpr size_t longest = 262144;

struct Token {
  enum class Kind : uint8_t { end, newline, word, op, redirect } kind = Kind::end;
  std::string text;
  int stream = -1;  ///< of a redirection
};

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool isMeta(char c) {
  return isBlank(c) || c == '\n' || (c && std::string_view(";&|<>()").find(c) != std::string_view::npos);
}

struct Parser {
  std::string_view text;
  size_t at = 0;
  Token token;
  std::vector<std::shared_ptr<Redirect>> openDocuments;
  std::string error;
  bool incomplete = false;
  int depth = 0;

  explicit Parser(std::string_view t) : text(t) { next(); }

  // ---- words and operators
  void next();
  void word();
  void readDocuments();
  void fail(std::string what) {
    if (error.empty()) error = std::move(what);
    token = {};
    at = text.size();
  }
  void unexpected() {
    if (token.kind == Token::Kind::end) incomplete = true;
    std::string what = token.kind == Token::Kind::end       ? "end of file"
                       : token.kind == Token::Kind::newline ? "newline"
                                                            : "\"" + token.text + "\"";
    fail("syntax error: unexpected " + what);
  }

  // ---- grammar
  bool is(std::string_view word) const { return token.kind == Token::Kind::word && token.text == word; }
  bool isOp(std::string_view op) const { return token.kind == Token::Kind::op && token.text == op; }
  void newlines() {
    while (error.empty() && token.kind == Token::Kind::newline) next();
  }
  void expect(std::string_view word) {
    if (!is(word)) return unexpected();
    next();
  }
  bool endsList() const;
  NodePtr list();
  NodePtr andOr();
  NodePtr pipeline();
  NodePtr command();
  NodePtr simple();
  NodePtr ifElse();
  NodePtr loop(Node::Type);
  NodePtr forLoop();
  NodePtr caseOf();
  NodePtr test();
  NodePtr function(std::string name);
  NodePtr braces(Node::Type, std::string_view close);
  void redirect(Node&);
  void redirects(Node& node) {
    while (error.empty() && token.kind == Token::Kind::redirect) redirect(node);
  }
};

void Parser::next() {
  token = {};
  for (;;) {
    while (at < text.size() && isBlank(text[at])) ++at;
    if (text.substr(at, 2) == "\\\n") {
      at += 2;
    } else if (at < text.size() && text[at] == '#') {
      while (at < text.size() && text[at] != '\n') ++at;
    } else {
      break;
    }
  }
  if (at >= text.size()) {
    if (!openDocuments.empty()) incomplete = true, fail("syntax error: unexpected end of file");
    return;
  }
  const char c = text[at];
  if (c == '\n') {
    ++at;
    token.kind = Token::Kind::newline;
    readDocuments();
    return;
  }
  size_t digits = at;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const bool numbered =
      digits > at && digits - at < 3 && digits < text.size() && (text[digits] == '<' || text[digits] == '>');
  if (c == '<' || c == '>' || numbered || text.substr(at, 2) == "&>") {
    token.kind = Token::Kind::redirect;
    for (; numbered && at < digits; ++at) token.stream = (token.stream < 0 ? 0 : token.stream * 10) + (text[at] - '0');
    for (std::string_view op : {"<<<", "<<-", "<<", "<&", "<>", ">>", ">&", ">|", "&>>", "&>", "<", ">"}) {
      if (text.substr(at, op.size()) != op) continue;
      token.text = op;
      at += op.size();
      return;
    }
  }
  for (std::string_view op : {"&&", "||", ";;", ";", "&", "|", "(", ")"}) {
    if (text.substr(at, op.size()) != op) continue;
    token.kind = Token::Kind::op;
    token.text = op;
    at += op.size();
    return;
  }
  word();
}

void Parser::word() {
  const size_t from = at;
  while (at < text.size() && !isMeta(text[at])) {
    const char c = text[at];
    if (c == '\\') {
      at = std::min(at + 2, text.size());
    } else if (c == '\'' || c == '"' || c == '`' ||
               (c == '$' && at + 1 < text.size() && (text[at + 1] == '(' || text[at + 1] == '{'))) {
      const size_t end = endOfPart(text, at);
      if (end == text.npos) {
        incomplete = true;
        return fail(c == '\'' || c == '"' ? "syntax error: unterminated quoted string"
                                          : "syntax error: unexpected end of file");
      }
      at = end;
    } else {
      ++at;
    }
  }
  token.kind = Token::Kind::word;
  for (size_t i = from; i < at; ++i) {  // a line goes on after a backslash, but not within single quotes
    if (text[i] == '\\' && i + 1 < at && text[i + 1] == '\n')
      ++i;
    else if (text[i] == '\\' && i + 1 < at)
      token.text += text[i], token.text += text[++i];
    else if (text[i] == '\'') {
      const size_t end = std::min(endOfPart(text, i), at);
      token.text += text.substr(i, end - i);
      i = end - 1;
    } else {
      token.text += text[i];
    }
  }
}

void Parser::readDocuments() {
  for (std::shared_ptr<Redirect>& d : openDocuments) {
    const bool tabs = d->op == "<<-";
    d->op = "<<";
    std::string delimiter;
    for (char c : d->word) {
      if (c == '\'' || c == '"' || c == '\\')
        d->literal = true;
      else
        delimiter += c;
    }
    for (bool found = false; !found;) {
      if (at >= text.size()) {
        incomplete = true;
        openDocuments.clear();
        return fail("syntax error: unexpected end of file");
      }
      const size_t end = std::min(text.find('\n', at), text.size());
      std::string_view line = text.substr(at, end - at);
      while (tabs && !line.empty() && line[0] == '\t') line.remove_prefix(1);
      at = std::min(end + 1, text.size());
      found = line == delimiter;
      if (!found) (d->body += line) += '\n';
    }
  }
  openDocuments.clear();
}

void Parser::redirect(Node& node) {
  auto r = std::make_shared<Redirect>();
  r->op = token.text;
  r->stream = token.stream;
  if (r->op == ">|") r->op = ">";
  next();
  if (token.kind != Token::Kind::word) return unexpected();
  r->word = token.text;
  if (r->op == "<<" || r->op == "<<-") openDocuments.push_back(r);
  node.redirects.push_back(std::move(r));
  next();
}

bool Parser::endsList() const {
  if (token.kind == Token::Kind::end) return true;
  if (token.kind == Token::Kind::op) return token.text == ")" || token.text == ";;";
  for (std::string_view word : {"then", "else", "elif", "fi", "do", "done", "esac", "}"}) {
    if (is(word)) return true;
  }
  return false;
}

NodePtr Parser::list() {
  if (++depth > deepest) return fail("syntax error: too deep"), nullptr;
  auto node = std::make_shared<Node>();
  for (newlines(); error.empty() && !endsList(); newlines()) {
    NodePtr part = andOr();
    if (!part) break;
    if (isOp("&")) {
      auto job = std::make_shared<Node>();
      job->background = true;
      job->parts = {part};
      part = job;
    }
    node->parts.push_back(std::move(part));
    if (isOp(";") || isOp("&") || token.kind == Token::Kind::newline)
      next();
    else
      break;
  }
  --depth;
  return node;
}

NodePtr Parser::andOr() {
  NodePtr left = pipeline();
  while (left && (isOp("&&") || isOp("||"))) {
    auto node = std::make_shared<Node>();
    node->type = isOp("&&") ? Node::Type::both : Node::Type::either;
    next();
    newlines();
    NodePtr right = pipeline();
    if (!right) return nullptr;
    node->parts = {left, right};
    left = node;
  }
  return left;
}

NodePtr Parser::pipeline() {
  auto node = std::make_shared<Node>();
  node->type = Node::Type::pipeline;
  while (is("!")) {
    node->negated = !node->negated;
    next();
  }
  for (;;) {
    NodePtr part = command();
    if (!part || !error.empty()) return nullptr;
    node->parts.push_back(std::move(part));
    if (!isOp("|")) break;
    next();
    newlines();
  }
  if (node->parts.size() == 1 && !node->negated) return node->parts[0];
  return node;
}

NodePtr Parser::braces(Node::Type type, std::string_view close) {
  next();
  auto node = std::make_shared<Node>();
  node->type = type;
  NodePtr body = list();
  if (!error.empty()) return nullptr;
  if (!body || body->parts.empty() || !(type == Node::Type::subshell ? isOp(close) : is(close)))
    return unexpected(), nullptr;
  next();
  node->parts = {body};
  redirects(*node);
  return node;
}

NodePtr Parser::command() {
  if (token.kind == Token::Kind::op && token.text == "(") return braces(Node::Type::subshell, ")");
  if (is("{")) return braces(Node::Type::group, "}");
  if (is("if")) return ifElse();
  if (is("while")) return loop(Node::Type::whileLoop);
  if (is("until")) return loop(Node::Type::untilLoop);
  if (is("for")) return forLoop();
  if (is("case")) return caseOf();
  if (is("[[")) return test();
  if (is("function")) {
    next();
    std::string name = token.text;
    if (token.kind != Token::Kind::word) return unexpected(), nullptr;
    next();
    if (isOp("(")) {
      next();
      if (!isOp(")")) return unexpected(), nullptr;
      next();
    }
    return function(std::move(name));
  }
  if (endsList()) return unexpected(), nullptr;
  return simple();
}

NodePtr Parser::function(std::string name) {
  newlines();
  auto node = std::make_shared<Node>();
  node->type = Node::Type::function;
  node->words = {std::move(name)};
  if (++depth > deepest) return fail("syntax error: too deep"), nullptr;
  NodePtr body = command();
  --depth;
  if (!body) return nullptr;
  node->parts = {body};
  return node;
}

NodePtr Parser::simple() {
  auto node = std::make_shared<Node>();
  node->type = Node::Type::simple;
  while (error.empty()) {
    if (token.kind == Token::Kind::redirect) {
      redirect(*node);
    } else if (token.kind == Token::Kind::word) {
      node->words.push_back(token.text);
      next();
      if (node->words.size() == 1 && node->redirects.empty() && isOp("(")) {
        next();
        if (!isOp(")")) return unexpected(), nullptr;
        next();
        return function(node->words[0]);
      }
    } else {
      break;
    }
  }
  if (!error.empty()) return nullptr;
  if (node->words.empty() && node->redirects.empty()) return unexpected(), nullptr;
  return node;
}

NodePtr Parser::ifElse() {
  auto node = std::make_shared<Node>();
  node->type = Node::Type::ifElse;
  do {
    next();  // if, elif
    node->parts.push_back(list());
    if (error.empty() && node->parts.back()->parts.empty()) unexpected();
    if (error.empty()) expect("then");
    if (error.empty()) node->parts.push_back(list());
    if (!error.empty()) return nullptr;
  } while (is("elif"));
  if (is("else")) {
    next();
    node->parts.push_back(list());
  }
  if (error.empty()) expect("fi");
  redirects(*node);
  return error.empty() ? node : nullptr;
}

NodePtr Parser::loop(Node::Type type) {
  auto node = std::make_shared<Node>();
  node->type = type;
  next();
  node->parts.push_back(list());
  if (error.empty() && node->parts.back()->parts.empty()) unexpected();
  if (error.empty()) expect("do");
  if (error.empty()) node->parts.push_back(list());
  if (error.empty()) expect("done");
  redirects(*node);
  return error.empty() ? node : nullptr;
}

NodePtr Parser::forLoop() {
  auto node = std::make_shared<Node>();
  node->type = Node::Type::forLoop;
  next();
  if (token.kind != Token::Kind::word) return unexpected(), nullptr;
  node->words.push_back(token.text);
  next();
  newlines();
  if (is("in")) {
    for (; error.empty() && token.kind == Token::Kind::word; next()) node->words.push_back(token.text);
    if (!isOp(";") && token.kind != Token::Kind::newline) return unexpected(), nullptr;
  }
  if (isOp(";")) next();
  newlines();
  if (error.empty()) expect("do");
  if (error.empty()) node->parts.push_back(list());
  if (error.empty()) expect("done");
  redirects(*node);
  return error.empty() ? node : nullptr;
}

NodePtr Parser::caseOf() {
  auto node = std::make_shared<Node>();
  node->type = Node::Type::caseOf;
  next();
  if (token.kind != Token::Kind::word) return unexpected(), nullptr;
  node->words.push_back(token.text);
  next();
  newlines();
  if (error.empty()) expect("in");
  for (newlines(); error.empty() && !is("esac"); newlines()) {
    if (isOp("(")) next();
    std::vector<std::string> patterns;
    for (;; next()) {
      if (token.kind != Token::Kind::word) return unexpected(), nullptr;
      patterns.push_back(token.text);
      next();
      if (!isOp("|")) break;
    }
    if (!isOp(")")) return unexpected(), nullptr;
    next();
    node->patterns.push_back(std::move(patterns));
    node->parts.push_back(list());
    if (isOp(";;"))
      next();
    else if (!is("esac") && error.empty())
      unexpected();
  }
  if (error.empty()) expect("esac");
  redirects(*node);
  return error.empty() ? node : nullptr;
}

/// [[ … ]]: its words are not split, and "<", ">", "&&", "||", "(", ")" are among them.
NodePtr Parser::test() {
  auto node = std::make_shared<Node>();
  node->type = Node::Type::test;
  for (;;) {
    next();
    if (!error.empty()) return nullptr;
    if (is("]]")) break;
    if (token.kind == Token::Kind::end || token.kind == Token::Kind::newline) return unexpected(), nullptr;
    node->words.push_back(token.text);
    if (token.text != "=~") continue;
    while (at < text.size() && isBlank(text[at])) ++at;
    const size_t from = at;
    for (; at < text.size() && !isBlank(text[at]) && text[at] != '\n';) {
      const size_t end = text[at] == '\'' || text[at] == '"' ? endOfPart(text, at) : at + 1;
      at = std::min(end, text.size());
    }
    node->words.emplace_back(text.substr(from, at - from));
  }
  next();
  return node;
}

size_t quotedEnd(std::string_view text, size_t at, int depth) {
  for (++at; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      ++at;
    } else if (c == '"') {
      return at + 1;
    } else if (c == '`' || (c == '$' && at + 1 < text.size() && (text[at + 1] == '(' || text[at + 1] == '{'))) {
      at = endOfPart(text, at, depth + 1);
      if (at == text.npos) return at;
      --at;
    }
  }
  return text.npos;
}
}  // namespace

size_t endOfPart(std::string_view text, size_t at, int depth) {
  if (depth > deepest) return text.npos;
  const char c = text[at];
  if (c == '\'') {
    const size_t end = text.find('\'', at + 1);
    return end == text.npos ? end : end + 1;
  }
  if (c == '"') return quotedEnd(text, at, depth);
  if (c == '`') {
    for (++at; at < text.size(); ++at) {
      if (text[at] == '\\')
        ++at;
      else if (text[at] == '`')
        return at + 1;
    }
    return text.npos;
  }
  const char open = text[at + 1], close = open == '(' ? ')' : '}';
  int level = 0;
  for (++at; at < text.size();) {
    const char d = text[at];
    if (d == '\\') {
      at += 2;
    } else if (d == '\'' || d == '"' || d == '`' ||
               (d == '$' && at + 1 < text.size() && (text[at + 1] == '(' || text[at + 1] == '{'))) {
      at = endOfPart(text, at, depth + 1);
      if (at == text.npos) return at;
    } else {
      ++at;
      if (d == open) ++level;
      if (d == close && --level == 0) return at;
    }
  }
  return text.npos;
}

Parsed parse(std::string_view text) {
  Parsed out;
  if (text.size() > longest) return out.error = "syntax error: too long", out;
  Parser parser(text);
  NodePtr node = parser.error.empty() ? parser.list() : nullptr;
  if (parser.error.empty() && parser.token.kind != Token::Kind::end) parser.unexpected(), parser.incomplete = false;
  out.error = parser.error;
  out.incomplete = parser.incomplete && !out.error.empty();
  if (out.error.empty() && node && !node->parts.empty()) out.node = std::move(node);
  return out;
}

}  // namespace shell
