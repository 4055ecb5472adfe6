#include "web/text.hpp"

#include "core/decision/rule.hpp"

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
  const auto value = [](std::string_view name, const void* of) {
    const auto& all = *static_cast<const std::initializer_list<std::string_view>*>(of);
    const size_t i = size_t(name[0] - '0');
    return std::string(i < all.size() ? all.begin()[i] : std::string_view());
  };
  return decision::filled(text(l, t), value, &values);
}

}  // namespace web
