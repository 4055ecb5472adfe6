#include "web/paint/imgui_painter.hpp"

#include <cmath>

#include "imgui.h"
#include "web/paint/fonts.hpp"

namespace web {
namespace {

ImVec2 v(Point p) { return {p.x, p.y}; }

}  // namespace

void ImguiPainter::fill(const Path& path, Color c) {
  for (Point p : path.points()) list_->PathLineTo(v(p));
  list_->PathFillConcave(faded(c, alpha));
}

void ImguiPainter::stroke(const Path& path, Color c, Stroke s) {
  const auto points = path.points();
  if (points.size() < 2) return;
  if (!s.dash.solid()) return dashes(path, c, s);
  c = faded(c, alpha);
  for (Point p : points) list_->PathLineTo(v(p));
  list_->PathStroke(c, path.closed() ? ImDrawFlags_Closed : 0, s.width);
  if (s.round && !path.closed() && s.width >= 1.25f) {
    list_->AddCircleFilled(v(points.front()), s.width / 2, c, 8);
    list_->AddCircleFilled(v(points.back()), s.width / 2, c, 8);
  }
}

// Cuts the line into dashes; a closed one gets a whole number of them, so that the seam does not show.
void ImguiPainter::dashes(const Path& path, Color c, const Stroke& s) {
  const auto points = path.points();
  const size_t count = points.size() - (path.closed() ? 0 : 1);
  float total = 0;
  for (size_t i = 0; i < count; i++) {
    const Point d = points[(i + 1) % points.size()] - points[i];
    total += std::hypot(d.x, d.y);
  }
  float on = s.dash.on, off = s.dash.off;
  if (path.closed()) {
    const float stretch = total / (std::max(1.f, std::round(total / (on + off))) * (on + off));
    on *= stretch;
    off *= stretch;
  }
  c = faded(c, alpha);
  bool drawing = true;
  float left = on;
  list_->PathClear();
  list_->PathLineTo(v(points[0]));
  for (size_t i = 0; i < count; i++) {
    const Point a = points[i], d = points[(i + 1) % points.size()] - a;
    const float length = std::hypot(d.x, d.y);
    float done = 0;
    while (length - done > left) {
      done += left;
      const Point p = a + d * (done / length);
      if (drawing) {
        list_->PathLineTo(v(p));
        list_->PathStroke(c, 0, s.width);
      } else {
        list_->PathLineTo(v(p));
      }
      drawing = !drawing;
      left = drawing ? on : off;
    }
    left -= length - done;
    if (drawing) list_->PathLineTo(v(a + d));
  }
  if (drawing) list_->PathStroke(c, 0, s.width);
  list_->PathClear();
}

void ImguiPainter::fillBox(const Box& b, Color c, float radius) {
  list_->AddRectFilled({b.x, b.y}, {b.right(), b.bottom()}, faded(c, alpha), std::min({radius, b.w / 2, b.h / 2}));
}

void ImguiPainter::disk(Point center, float r, Color c) { list_->AddCircleFilled(v(center), r, faded(c, alpha)); }

void ImguiPainter::text(Face f, float em, Point at, Color c, std::string_view s) {
  if (s.empty()) return;
  // Dear ImGui draws text on whole pixels; the baseline goes to the nearest one.
  const float scale = ImGui::GetIO().DisplayFramebufferScale.y;
  const float y = std::round(at.y * scale) / scale - ascent(f, em);
  list_->AddText(font(f), imguiSize(f, em), {std::round(at.x * scale) / scale, y}, faded(c, alpha), s.data(),
                 s.data() + s.size());
}

float ImguiPainter::measure(Face f, float em, std::string_view s) const {
  if (s.empty()) return 0;
  return font(f)->CalcTextSizeA(imguiSize(f, em), 1e9f, 0, s.data(), s.data() + s.size()).x;
}

void ImguiPainter::pushClip(const Box& b) { list_->PushClipRect({b.x, b.y}, {b.right(), b.bottom()}, true); }
void ImguiPainter::popClip() { list_->PopClipRect(); }

}  // namespace web
