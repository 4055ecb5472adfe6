#pragma once
// Painters for tests: one that only measures, with every character as wide as in a typewriter's line.
#include "web/paint/painter.hpp"
#include "web/utf8.hpp"

namespace web {

class Metrics final : public Painter {
 public:
  Metrics() : Painter(lightTheme) {}
  void fill(const Path&, Color) override {}
  void stroke(const Path&, Color, Stroke) override {}
  void fillBox(const Box&, Color, float) override {}
  void disk(Point, float, Color) override {}
  void text(Face, float, Point, Color, std::string_view) override {}
  float measure(Face f, float em, std::string_view s) const override {
    float w = 0;
    for (size_t i = 0; i < s.size(); i = utf8::next(s, i))
      w += utf8::wide(utf8::decode(s, i)) ? em : em * (f == Face::Mono ? 0.6f : 0.54f);
    return w;
  }
  void pushClip(const Box&) override {}
  void popClip() override {}
};

}  // namespace web
