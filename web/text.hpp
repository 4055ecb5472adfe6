#pragma once
// Every visible word of the interface, English and Chinese, in one table (text_table.inc). Sentences about the cluster
// come from the core's table of reasons, not from here.
#include <initializer_list>
#include <string>
#include <string_view>

#include "web/model.hpp"

namespace web {

enum class Text {
#define T(name, english, chinese) name,
#include "web/text_table.inc"
#undef T
  Count
};

const char* text(Language, Text);
/// With {0}, {1}, … replaced; of {0|record|records} the form stays that goes with the number.
std::string text(Language, Text, std::initializer_list<std::string_view> values);

}  // namespace web
