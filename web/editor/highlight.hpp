#pragma once
// Colours for a line of YAML: keys, values, numbers, punctuation, comments. Looks at one line alone, so that only what
// is visible costs anything; the inside of block texts is coloured as if it were YAML, which is mostly right.
#include <cstdint>
#include <string_view>
#include <vector>

namespace web {

enum class Token : uint8_t { Key, Value, Number, Punctuation, Comment };
struct TokenSpan {
  size_t from, to;
  Token token;
};
void highlight(std::string_view line, std::vector<TokenSpan>& out);

}  // namespace web
