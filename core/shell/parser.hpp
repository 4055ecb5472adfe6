#pragma once
// From text to tokens (tokens.cpp) and from tokens to a tree (syntax.cpp). Private to core/shell.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/shell/syntax.hpp"

namespace shell {

inline constexpr int deepest = 60;  ///< parts in parts

struct Token {
  enum class Kind : uint8_t { end, newline, word, op, redirect } kind = Kind::end;
  std::string text;
  int stream = -1;  ///< of a redirection
};

inline bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

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

}  // namespace shell
