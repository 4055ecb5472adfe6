#pragma once
// Paints into an SVG text: the export of a scene, and what tests compare. Widths of text come from another painter.
#include "web/paint/painter.hpp"

namespace web {

class SvgPainter final : public Painter {
 public:
  SvgPainter(const Theme& t, const Painter& metrics) : Painter(t), metrics_(metrics) {}
  void fill(const Path&, Color) override;
  void stroke(const Path&, Color, Stroke = {}) override;
  void fillBox(const Box&, Color, float radius = 0) override;
  void disk(Point center, float r, Color) override;
  void text(Face, float em, Point at, Color, std::string_view) override;
  float measure(Face f, float em, std::string_view s) const override { return metrics_.measure(f, em, s); }
  void pushClip(const Box&) override;
  void popClip() override;
  /// The finished picture of an area.
  std::string document(const Box& area) const;

 private:
  void paint(const char* attribute, Color);
  void number(float);
  void points(const Path&);
  const Painter& metrics_;
  std::string body_;
  int clips_ = 0, depth_ = 0;
};

}  // namespace web
