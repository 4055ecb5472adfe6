// The grammar. Every rule of it gives null where something is wrong, which `error` then tells.
#include "core/shell/syntax.hpp"

#include <algorithm>

#include "core/shell/parser.hpp"

namespace shell {
constexpr size_t longest = 262144;

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
