#include "web/paint/painter.hpp"

#include <cmath>
#include <numbers>

#include "web/utf8.hpp"

namespace web {

Path& Path::move(float x, float y) {
  points_.push_back({x, y});
  return *this;
}

Path& Path::line(float x, float y) { return move(x, y); }

Path& Path::arc(float cx, float cy, float rx, float ry, float from, float to) {
  const float r = std::max(rx, ry), sweep = std::abs(to - from);
  // Pieces short enough to look round at twice the density.
  const int pieces = std::max(2, int(std::ceil(sweep / 360 * std::clamp(8 + r * 2.2f, 12.f, 72.f))));
  const bool whole = sweep >= 360;
  for (int i = 0; i <= pieces - (whole ? 1 : 0); i++) {
    const float a = (from + (to - from) * float(i) / float(pieces)) * std::numbers::pi_v<float> / 180;
    const Point p{cx + rx * std::cos(a), cy + ry * std::sin(a)};
    if (!points_.empty() && std::abs(points_.back().x - p.x) < 0.01f && std::abs(points_.back().y - p.y) < 0.01f)
      continue;
    points_.push_back(p);
  }
  return *this;
}

Path& Path::curve(float cx, float cy, float x, float y) {
  const Point a = points_.empty() ? Point{cx, cy} : points_.back();
  for (int i = 1; i <= 6; i++) {
    const float t = float(i) / 6, u = 1 - t;
    points_.push_back({u * u * a.x + 2 * u * t * cx + t * t * x, u * u * a.y + 2 * u * t * cy + t * t * y});
  }
  return *this;
}

Path& Path::rect(const Box& b, float radius) {
  const float r = std::max(0.f, std::min({radius, b.w / 2, b.h / 2}));
  if (r < 0.25f) return move(b.x, b.y).line(b.right(), b.y).line(b.right(), b.bottom()).line(b.x, b.bottom()).close();
  arc(b.right() - r, b.y + r, r, r, -90, 0).arc(b.right() - r, b.bottom() - r, r, r, 0, 90);
  return arc(b.x + r, b.bottom() - r, r, r, 90, 180).arc(b.x + r, b.y + r, r, r, 180, 270).close();
}

void Painter::border(const Box& b, Color c, float radius, Stroke s) {
  const float half = s.width / 2;
  stroke(Path().rect(b.grown(-half), std::max(0.f, radius - half)), c, s);
}

void Painter::card(const Box& b, Color fill, Color line, float radius, Stroke s) {
  fillBox(b, fill, radius);
  border(b, line, radius, s);
}

void Painter::lineTo(Point a, Point b, Color c, Stroke s) { stroke(Path().move(a.x, a.y).line(b.x, b.y), c, s); }

void Painter::ring(Point center, float r, Color c, Stroke s) { stroke(Path().circle(center.x, center.y, r), c, s); }

float Painter::label(Face f, float em, float x, float cy, Color c, std::string_view s, Align align) {
  if (s.empty()) return x;
  const float w = measure(f, em, s);
  if (align == Align::Center) x -= w / 2;
  if (align == Align::Right) x -= w;
  text(f, em, {x, baseline(em, cy)}, c, s);
  return x + w;
}

void Painter::hatch(const Box& b) {
  pushClip(b);
  for (float x = b.x; x < b.right() + b.h; x += 8) lineTo({x, b.y}, {x - b.h, b.bottom()}, theme->hatch, {.width = 1});
  popClip();
}

void Painter::underWave(float x, float right, float y, Color c) {
  Path wave;
  bool up = false;
  for (; x <= right; x += 2, up = !up) wave.line(x, y - (up ? 2.f : 0.f));
  stroke(wave, c, {.width = 1.25f});
}

std::string Painter::fit(Face f, float em, std::string_view s, float width) const {
  if (s.empty() || measure(f, em, s) <= width) return std::string(s);
  const size_t total = utf8::length(s);
  // The longest head and tail that fit; the tail gets as much, because names differ at their ends.
  size_t low = 0, high = total;
  std::string best = "…";
  while (low < high) {
    const size_t keep = (low + high + 1) / 2, head = keep - keep / 2, tail = keep / 2;
    std::string tried(s.substr(0, utf8::offset(s, head)));
    tried += "…";
    tried += s.substr(utf8::offset(s, total - tail));
    if (keep < total && measure(f, em, tried) <= width) {
      best = std::move(tried);
      low = keep;
    } else {
      high = keep - 1;
    }
  }
  return best;
}

size_t Painter::byteAt(Face f, float em, std::string_view s, float x) const {
  size_t at = 0;
  for (float left = 0; at < s.size();) {
    const size_t next = utf8::next(s, at);
    const float w = measure(f, em, s.substr(at, next - at));
    if (x < left + w / 2) break;
    left += w;
    at = next;
  }
  return at;
}

}  // namespace web
