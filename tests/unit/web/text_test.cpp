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

TEST_CASE("words follow their number") {
  CHECK(text(Language::English, Text::Records, {"1"}) == "1 record");
  CHECK(text(Language::English, Text::Records, {"0"}) == "0 records");
  CHECK(text(Language::English, Text::PodsOf, {"0", "1"}) == "0 of 1 pod");
  CHECK(text(Language::English, Text::ErrorsLine, {"2", "7"}) == "2 errors, line 7");
  CHECK(text(Language::Chinese, Text::Records, {"1"}) == "1 条记录");
}

TEST_CASE("places are filled in any order") {
  CHECK(text(Language::English, Text::StepOf, {"3", "24"}) == "Step 3 of 24");
  CHECK(text(Language::Chinese, Text::StepOf, {"3", "24"}) == "第 3 步，共 24 步");
}
