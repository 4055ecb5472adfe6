#include "web/editor/highlight.hpp"

#include <string>

namespace web {
namespace {

bool numeric(std::string_view s) {
  if (s.empty()) return false;
  size_t i = s[0] == '-' || s[0] == '+' ? 1 : 0, digits = 0;
  for (; i < s.size(); i++) {
    if (s[i] >= '0' && s[i] <= '9')
      digits++;
    else if (s[i] != '.' && s[i] != '_')
      return false;
  }
  return digits > 0;
}

// A key is a plain or quoted word followed by a colon and a blank (or the end).
bool endsKey(std::string_view s, size_t colon) {
  return colon + 1 == s.size() || s[colon + 1] == ' ' || s[colon + 1] == '\t';
}

}  // namespace

void highlight(std::string_view s, std::vector<TokenSpan>& out) {
  out.clear();
  size_t i = 0;
  int depth = 0;  // of { and [
  const auto add = [&](size_t from, size_t to, Token t) {
    if (to > from) out.push_back({from, to, t});
  };
  while (i < s.size()) {
    const char c = s[i];
    if (c == ' ' || c == '\t') {
      i++;
    } else if (c == '#' && (i == 0 || s[i - 1] == ' ' || s[i - 1] == '\t')) {
      return add(i, s.size(), Token::Comment);
    } else if (s.substr(i) == "---" && i == 0) {
      return add(0, 3, Token::Punctuation);
    } else if (c == '{' || c == '}' || c == '[' || c == ']' || (c == ',' && depth > 0)) {
      if (c == '{' || c == '[') depth++;
      if (c == '}' || c == ']') depth--;
      add(i, i + 1, Token::Punctuation), i++;
    } else if ((c == '-' || c == '?') && (i + 1 == s.size() || s[i + 1] == ' ')) {
      add(i, i + 1, Token::Punctuation), i++;
    } else if (c == '"' || c == '\'') {
      size_t end = i + 1;
      while (end < s.size() && s[end] != c) end += s[end] == '\\' && c == '"' ? 2 : 1;
      end = std::min(end + 1, s.size());
      const bool key = end < s.size() && s[end] == ':' && endsKey(s, end);
      add(i, end, key ? Token::Key : Token::Value);
      if (key) add(end, end + 1, Token::Punctuation), end++;
      i = end;
    } else {
      size_t end = i;
      bool key = false;
      for (; end < s.size(); end++) {
        if (s[end] == ':' && endsKey(s, end)) {
          key = true;
          break;
        }
        if (depth > 0 && (s[end] == ',' || s[end] == '}' || s[end] == ']')) break;
        if (s[end] == '#' && end > 0 && s[end - 1] == ' ') break;
      }
      size_t last = end;
      while (last > i && s[last - 1] == ' ') last--;
      if (last == i) last = end = i + 1;
      add(i, last, key ? Token::Key : numeric(s.substr(i, last - i)) ? Token::Number : Token::Value);
      if (key) add(end, end + 1, Token::Punctuation), end++;
      i = end;
    }
  }
}

}  // namespace web
