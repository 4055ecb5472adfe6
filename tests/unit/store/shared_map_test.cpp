// The store's tables: against std::map, and copies that go on independently.
#include "core/store/shared_map.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>

using namespace store;

TEST_CASE("a shared map and its order do what std::map does") {
  SharedMap<int> map;
  SharedOrder order;
  std::map<std::string, int> model;
  uint64_t random = 1;
  for (int i = 0; i < 20000; ++i) {
    random = random * 6364136223846793005 + 1442695040888963407;
    const std::string key = "default/web-" + std::to_string((random >> 33) % 700);
    if ((random >> 60) < 6) {
      CHECK(map.erase(key) == (model.erase(key) == 1));
      order.erase(key);
    } else {
      if (!map.find(key)) order.insert(key);
      map.edit(key) = i;
      model[key] = i;
    }
  }
  CHECK(map.size() == model.size());
  auto it = model.begin();
  order.each("", [&](const std::string& key) {
    REQUIRE(it != model.end());
    CHECK(key == it->first);
    REQUIRE(map.find(key));
    CHECK(*map.find(key) == it->second);
    ++it;
    return true;
  });
  CHECK(it == model.end());
  std::string first;
  order.each("default/web-5", [&](const std::string& key) {
    first = key;
    return false;
  });
  CHECK(first == model.lower_bound("default/web-5")->first);
}

TEST_CASE("copies go on independently") {
  SharedMap<int> map;
  SharedOrder order;
  for (int i = 0; i < 500; ++i) {
    map.edit(std::to_string(i)) = i;
    order.insert(std::to_string(i));
  }
  SharedMap<int> copy = map;
  SharedOrder copyOrder = order;
  map.edit("7") = 70;
  map.erase("8");
  order.erase("8");
  CHECK(*copy.find("7") == 7);
  CHECK(*copy.find("8") == 8);
  CHECK(!map.find("8"));
  int n = 0;
  copyOrder.each("", [&](const std::string&) { return ++n > 0; });
  CHECK(n == 500);
}
