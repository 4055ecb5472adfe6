#pragma once
// Points and boxes in CSS pixels, x to the right and y down. Used by the scene, the painters and the views.
#include <algorithm>

namespace web {

struct Point {
  float x = 0, y = 0;
  friend bool operator==(Point, Point) = default;
};
inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(Point a, float k) { return {a.x * k, a.y * k}; }

struct Box {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  float cx() const { return x + w / 2; }
  float cy() const { return y + h / 2; }
  Point at() const { return {x, y}; }
  bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
  bool meets(const Box& o) const { return x < o.right() && o.x < right() && y < o.bottom() && o.y < bottom(); }
  Box grown(float by) const { return {x - by, y - by, w + 2 * by, h + 2 * by}; }
  Box moved(float dx, float dy) const { return {x + dx, y + dy, w, h}; }
  friend bool operator==(const Box&, const Box&) = default;
};
inline Box operator|(const Box& a, const Box& b) {
  if (a.w <= 0 || a.h <= 0) return b;
  if (b.w <= 0 || b.h <= 0) return a;
  const float x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}
inline float mix(float a, float b, float t) { return a + (b - a) * t; }
inline Box mix(const Box& a, const Box& b, float t) {
  return {mix(a.x, b.x, t), mix(a.y, b.y, t), mix(a.w, b.w, t), mix(a.h, b.h, t)};
}

}  // namespace web
