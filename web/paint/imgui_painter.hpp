#pragma once
// Paints into a Dear ImGui draw list.
#include "web/paint/painter.hpp"

struct ImDrawList;

namespace web {

class ImguiPainter final : public Painter {
 public:
  ImguiPainter(const Theme& t, ImDrawList* list) : Painter(t), list_(list) {}
  void fill(const Path&, Color) override;
  void stroke(const Path&, Color, Stroke = {}) override;
  void fillBox(const Box&, Color, float radius = 0) override;
  void disk(Point center, float r, Color) override;
  void text(Face, float em, Point at, Color, std::string_view) override;
  float measure(Face, float em, std::string_view) const override;
  void pushClip(const Box&) override;
  void popClip() override;

 private:
  void dashes(const Path&, Color, const Stroke&);
  ImDrawList* list_;
};

}  // namespace web
