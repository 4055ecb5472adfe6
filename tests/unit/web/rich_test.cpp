#include "web/paint/rich.hpp"
#include "catch2/catch_test_macros.hpp"
#include "metrics.hpp"

using namespace web;

namespace {

Span name(const char* text) {
  Span s;
  s.text = text, s.mono = true;
  return s;
}
Span words(const char* text) {
  Span s;
  s.text = text;
  return s;
}

}  // namespace

TEST_CASE("a name that is too long is shortened so far that its punctuation fits beside it") {
  const Metrics m;
  for (const char* after : {": the volume is reserved.", "：这个存储卷已为它预留。"}) {
    const std::vector<Span> spans{words("data-web-0 gets "), name("pvc-41ec2ec5-0b1d-4c68-877b-5701a32b0811"),
                                  words(after)};
    const RichText rich = layoutRich(spans, {.em = 16, .monoEm = 15, .line = 24}, {20, 0}, 280, m);
    REQUIRE(rich.pieces.size() >= 3);
    CHECK(rich.pieces[1].text.find("…") != std::string::npos);
    CHECK(rich.pieces[1].box.y == rich.pieces[2].box.y);
    const float punctuation = m.measure(Face::Sans, 16, std::string_view(after).substr(0, utf8::next(after, 0)));
    CHECK(rich.pieces[1].box.right() + punctuation <= 300);
  }
}
