#include "core/api/quantity.hpp"

#include <catch2/catch_test_macros.hpp>

using api::canonicalQuantity;
using api::parseQuantity;
using api::Quantity;
using api::toString;

TEST_CASE("quantities are written canonically") {
  const char* cases[][2] = {{"0", "0"},
                            {"500m", "500m"},
                            {"0.5", "500m"},
                            {"1000m", "1"},
                            {"1024Mi", "1Gi"},
                            {"1.5Gi", "1536Mi"},
                            {"1025Mi", "1025Mi"},
                            {"2e3", "2e3"},
                            {"1500m", "1500m"},
                            {"1.5", "1500m"},
                            {"100000", "100k"},
                            {"1G", "1G"},
                            {"0.1n", "1n"},
                            {"1023Ki", "1023Ki"},
                            {"512", "512"},
                            {"-5", "-5"},
                            {"1.500", "1.500"},
                            {"9223372036854775808", "9223372036854775808"},
                            {"16Ei", "9223372036854775807"},
                            {"1E", "1E"},
                            {"1048576Ki", "1Gi"}};
  for (const auto& c : cases) {
    CAPTURE(c[0]);
    CHECK(canonicalQuantity(c[0]) == c[1]);
  }
}

TEST_CASE("quantities compare and add by amount") {
  CHECK(Quantity("1Gi") == Quantity("1024Mi"));
  CHECK(Quantity("1G") < Quantity("1Gi"));
  CHECK(Quantity("500m").value() == 1);
  CHECK(Quantity("1500m").milliValue() == 1500);
  CHECK(toString(Quantity("100m") + Quantity("900m")) == "1");
  CHECK(toString(Quantity("2Gi") - Quantity("512Mi")) == "1536Mi");
  CHECK(toString(Quantity() + Quantity("128Mi")) == "128Mi");
}

TEST_CASE("what is no quantity says why") {
  Quantity q;
  const std::string regex =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  CHECK(parseQuantity("", q) == regex);
  CHECK(parseQuantity("1Go", q) == regex);
  CHECK(parseQuantity("ten", q) == regex);
  CHECK(parseQuantity("1KiMi", q) == std::string("unable to parse quantity's suffix"));
  CHECK(parseQuantity("1Gi", q) == nullptr);
  CHECK(parseQuantity("1e99999999999", q) == nullptr);
}
