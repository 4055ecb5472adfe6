#include "core/api/sort.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

using Pair = std::pair<int, std::string>;

TEST_CASE("sort: equal items keep their order") {
  std::vector<Pair> items{{2, "a"}, {1, "b"}, {2, "c"}, {0, "d"}, {1, "e"}, {2, "f"}, {0, "g"}};
  api::sort(items, [](const Pair& a, const Pair& b) { return a.first < b.first; });
  CHECK(items == std::vector<Pair>{{0, "d"}, {0, "g"}, {1, "b"}, {1, "e"}, {2, "a"}, {2, "c"}, {2, "f"}});
}

TEST_CASE("sort: every length and every order of few items is as std::stable_sort has it") {
  for (unsigned length = 0; length < 40; ++length) {
    for (unsigned seed = 0; seed < 20; ++seed) {
      std::vector<std::string> items;
      unsigned state = seed * 977 + length;
      for (unsigned i = 0; i < length; ++i) {
        state = state * 1103515245 + 12345;
        items.push_back(std::to_string(state >> 16 & 7) + "-" + std::to_string(i));
      }
      auto byFirst = [](const std::string& a, const std::string& b) { return a[0] < b[0]; };
      auto expected = items;
      std::stable_sort(expected.begin(), expected.end(), byFirst);
      api::sort(items, byFirst);
      CHECK(items == expected);
      std::sort(expected.begin(), expected.end());
      api::sort(items);
      CHECK(items == expected);
    }
  }
}
