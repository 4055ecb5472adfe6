#pragma once
// What glyphs and views paint on: a few primitives that Dear ImGui's draw list and an SVG file both have. Coordinates
// are CSS pixels; a 1 px line is sharp on half pixels, a 2 px line on whole ones. Colours come from the theme. There
// are no shadows, blurs and gradients.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/paint/geometry.hpp"
#include "web/theme.hpp"

namespace web {

enum class Face : uint8_t { Sans, SansBold, Mono };
enum class Align : uint8_t { Left, Center, Right };

/// Lengths of dash and gap; none means a solid line.
struct Dash {
  float on = 0, off = 0;
  bool solid() const { return on <= 0; }
};
namespace dash {
inline constexpr Dash ghost{2, 3}, pending{4, 3}, waited{5, 4}, ghostLink{1.5f, 5}, gate{2, 4}, branch{3, 3},
    ring{3, 2.6f}, plug{2, 2};
}
struct Stroke {
  float width = 1;
  Dash dash{};
  bool round = false;  ///< round line ends
};

/// A line that may bend, made of the pieces an icon needs; curves become short straight pieces at once.
class Path {
 public:
  Path& move(float x, float y);
  Path& line(float x, float y);
  /// Part of an ellipse around a centre, from one angle to another (degrees, 0 = right, 90 = down).
  Path& arc(float cx, float cy, float rx, float ry, float from, float to);
  Path& circle(float cx, float cy, float r) { return arc(cx, cy, r, r, 0, 360).close(); }
  Path& curve(float cx, float cy, float x, float y);  ///< quadratic, from the last point
  Path& rect(const Box&, float radius = 0);
  Path& close() {
    closed_ = true;
    return *this;
  }
  std::span<const Point> points() const { return points_; }
  bool closed() const { return closed_; }

 private:
  std::vector<Point> points_;
  bool closed_ = false;
};

class Painter {
 public:
  explicit Painter(const Theme& t) : theme(&t) {}
  virtual ~Painter() = default;

  virtual void fill(const Path&, Color) = 0;
  virtual void stroke(const Path&, Color, Stroke = {}) = 0;
  virtual void fillBox(const Box&, Color, float radius = 0) = 0;
  virtual void disk(Point center, float r, Color) = 0;
  /// One line of text; `at.y` is the baseline.
  virtual void text(Face, float em, Point at, Color, std::string_view) = 0;
  virtual float measure(Face, float em, std::string_view) const = 0;
  virtual void pushClip(const Box&) = 0;
  virtual void popClip() = 0;

  // Made of the above.
  /// A border drawn inside the box, as CSS does.
  void border(const Box&, Color, float radius, Stroke = {});
  void card(const Box&, Color fill, Color line, float radius, Stroke = {});
  void lineTo(Point a, Point b, Color, Stroke = {});
  void ring(Point center, float r, Color, Stroke = {});
  /// Text centred on `cy` by the height of its capitals; gives where it ends.
  float label(Face, float em, float x, float cy, Color, std::string_view, Align = Align::Left);
  /// 1 px diagonals every 8 px: last known, not confirmed.
  void hatch(const Box&);
  void underWave(float x, float right, float y, Color);
  /// Shortens from the middle, so that both ends of a name stay readable.
  std::string fit(Face, float em, std::string_view, float width) const;

  /// The byte of a line before which a click at `x` puts the caret.
  size_t byteAt(Face, float em, std::string_view, float x) const;

  const Theme* theme;
  float alpha = 1;  ///< multiplies every colour
};

/// The baseline that centres capitals on `cy`.
inline float baseline(float em, float cy) { return cy + 0.364f * em; }

}  // namespace web
