#include <catch2/catch_test_macros.hpp>

TEST_CASE("the test program runs") { CHECK(sizeof(void*) >= 4); }
