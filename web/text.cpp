#include "web/text.hpp"

namespace web {
namespace {

constexpr const char* table[][2] = {
#define T(name, english, chinese) {english, chinese},
#include "web/text_table.inc"
#undef T
};

}  // namespace

const char* text(Language l, Text t) { return table[int(t)][int(l)]; }

std::string text(Language l, Text t, std::initializer_list<std::string_view> values) {
  std::string out;
  for (const char* s = text(l, t); *s; s++) {
    if (s[0] == '{' && s[1] >= '0' && s[1] <= '9' && s[2] == '}') {
      const size_t i = size_t(s[1] - '0');
      if (i < values.size()) out += values.begin()[i];
      s += 2;
    } else {
      out += *s;
    }
  }
  return out;
}

std::string recordsText(Language l, int64_t count) {
  return count == 1 ? text(l, Text::OneRecord) : text(l, Text::Records, {std::to_string(count)});
}

}  // namespace web
