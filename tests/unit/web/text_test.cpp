#include <set>
#include <string_view>

#include "catch2/catch_test_macros.hpp"
#include "web/text.hpp"
#include "web/utf8.hpp"

using namespace web;

namespace {

std::multiset<char> places(std::string_view s) {
  std::multiset<char> out;
  for (size_t i = 0; i + 2 < s.size(); i++)
    if (s[i] == '{' && s[i + 2] == '}') out.insert(s[i + 1]);
  return out;
}

}  // namespace

TEST_CASE("every visible word is there in both languages, with the same places") {
  for (int i = 0; i < int(Text::Count); i++) {
    const std::string_view english = text(Language::English, Text(i)), chinese = text(Language::Chinese, Text(i));
    INFO(english);
    CHECK(!english.empty());
    CHECK(!chinese.empty());
    CHECK(places(english) == places(chinese));
    CHECK(english.find('!') == english.npos);
  }
}

TEST_CASE("places are filled in any order") {
  CHECK(text(Language::English, Text::StepOf, {"3", "24"}) == "Step 3 of 24");
  CHECK(text(Language::Chinese, Text::StepOf, {"3", "24"}) == "第 3 步，共 24 步");
}
