// Words, operators, here-documents; and how far what is quoted or substituted goes.
#include <algorithm>

#include "core/shell/parser.hpp"

namespace shell {
namespace {
bool isMeta(char c) {
  return isBlank(c) || c == '\n' || (c && std::string_view(";&|<>()").find(c) != std::string_view::npos);
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

}  // namespace shell
