#include <catch2/catch_test_macros.hpp>

#include "core/lesson/recording.hpp"

namespace {
constexpr std::string_view explained =
    "GROUP:   apps\nKIND:   StatefulSet\nVERSION:   v1\n\nFIELD: updateStrategy <StatefulSetUpdateStrategy>\n\n\n"
    "DESCRIPTION:\n   How Pods are replaced.\n   enum: this is a sentence\n\nFIELDS:\n"
    "   rollingUpdate\t<RollingUpdateStatefulSetStrategy> -required-\n   Some words: more words.\n\n"
    "   type\t<string>\n   enum: OnDelete, RollingUpdate\n   Other words.\n   enum: this is a sentence too\n\n\n";
}

TEST_CASE("explain is compared without its sentences, and with all else") {
  const std::string bare = lesson::withoutProse(explained);
  CHECK(bare ==
        "GROUP:   apps\nKIND:   StatefulSet\nVERSION:   v1\n\nFIELD: updateStrategy <StatefulSetUpdateStrategy>\n\n\n"
        "DESCRIPTION:\nFIELDS:\n   rollingUpdate\t<RollingUpdateStatefulSetStrategy> -required-\n"
        "   type\t<string>\n   enum: OnDelete, RollingUpdate\n");
  CHECK(lesson::withoutProse(bare) == bare);
  std::string other(explained);
  other.replace(other.find("<string>"), 8, "<integer>");
  CHECK(lesson::withoutProse(other) != bare);
}

TEST_CASE("what explain says without documentation is compared as it is") {
  constexpr std::string_view error = "GROUP:   apps\nKIND:   StatefulSet\nVERSION:   v1\n\n";
  CHECK(lesson::withoutProse(error) == error);
}

TEST_CASE("a line of client-go's log loses its time and process, and nothing else does") {
  CHECK(lesson::normalisedOutput("W1125 20:06:08.255154   30867 helpers.go:714] text\n") ==
        "<log> helpers.go:714] text\n");
  CHECK(lesson::normalisedOutput("Warning: W1125\n") == "Warning: W1125\n");
  CHECK(lesson::normalisedOutput("W1125 20:06:08 helpers\n") == "W1125 20:06:08 helpers\n");
}
