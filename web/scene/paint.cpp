// Paints a scene: lanes, links between what stands in them, the glyphs, the shut gate, and the write path on top.
#include <algorithm>
#include <cmath>

#include "web/scene/scene.hpp"

namespace web {
namespace {

Point shift(const View& v, bool column) { return {v.room.x - (column ? v.scroll.x : 0), v.room.y - v.scroll.y}; }

void link(const Link& l, Painter& p, Point by) {
  const Theme& t = *p.theme;
  const Point a = l.a + by, b = l.b + by;
  switch (l.style) {
    case LinkStyle::Identity: return p.lineTo(a, b, t.rail, {.width = 1.5f});
    case LinkStyle::GhostIdentity: return p.lineTo(a, b, t.rail, {.width = 1.5f, .dash = dash::ghostLink});
    case LinkStyle::Storage: return p.lineTo(a, b, t.kindStore, {.width = 2});
    case LinkStyle::Rail: return p.lineTo(a, b, t.rail, {.width = 2});
    case LinkStyle::GateRail: return p.lineTo(a, b, t.wait, {.width = 2, .dash = dash::gate});
    case LinkStyle::Net: return p.lineTo(a, b, t.line2, {.width = 1});
    case LinkStyle::Drop: return p.lineTo(a, b, t.line, {.width = 1});
  }
}

void gate(const Gate& g, Painter& p, Point by) {
  if (!g.shown) return;
  const Theme& t = *p.theme;
  const Point c = g.at + by;
  if (g.vertical) {
    p.fillBox({c.x - 11, c.y - 4, 22, 8}, t.bg);
    p.fillBox({c.x - 9, c.y - 3, 18, 2}, t.wait);
    return p.fillBox({c.x - 9, c.y + 1, 18, 2}, t.wait);
  }
  p.fillBox({c.x - 4, c.y - 10, 8, 20}, t.bg);
  p.fillBox({c.x - 3, c.y - 9, 2, 18}, t.wait);
  p.fillBox({c.x + 1, c.y - 9, 2, 18}, t.wait);
}

void arrowHead(Painter& p, Point from, Point to, Color c) {
  const Point d = to - from;
  const float n = std::max(0.001f, std::hypot(d.x, d.y));
  const Point u = d * (1 / n), side{-u.y, u.x};
  const Point back = to - u * 7;
  p.fill(Path()
             .move(to.x, to.y)
             .line(back.x + side.x * 4, back.y + side.y * 4)
             .line(back.x - side.x * 4, back.y - side.y * 4)
             .close(),
         c);
}

// A line with rounded corners, drawn up to a share of its length.
void arrow(Painter& p, const std::vector<Point>& points, Point by, float share, Color c) {
  if (points.size() < 2 || share <= 0) return;
  float total = 0;
  for (size_t i = 1; i < points.size(); i++)
    total += std::hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
  float left = total * std::min(1.f, share);
  Path line;
  line.move(points[0].x + by.x, points[0].y + by.y);
  Point from = points[0] + by, to = from;
  for (size_t i = 1; i < points.size() && left > 0; i++) {
    const Point a = points[i - 1] + by, b = points[i] + by, d = b - a;
    const float n = std::hypot(d.x, d.y);
    if (n < 0.01f) continue;
    const bool last = i + 1 == points.size() || left <= n;
    from = a;
    to = left <= n ? a + d * (left / n) : b;
    left -= n;
    if (last) break;
    const Point next = points[i + 1] + by - b;
    const float m = std::hypot(next.x, next.y), r = std::min({5.f, n / 2, m / 2});
    const Point before = b - d * (r / n), after = m > 0 ? b + next * (r / m) : b;
    line.line(before.x, before.y).curve(b.x, b.y, after.x, after.y);
  }
  const Point d = to - from;
  const float n = std::max(0.001f, std::hypot(d.x, d.y));
  const Point end = n > 5 ? to - d * (5 / n) : to;
  line.line(end.x, end.y);
  p.stroke(line, c, {.width = 2});
  arrowHead(p, from, to, c);
}

void writePath(const WritePath& path, Painter& p, const View& v) {
  const Theme& t = *p.theme;
  const Point by = shift(v, false);
  arrow(p, path.first, by, v.drawn * 2, t.now);
  if (!path.verb.empty()) {
    const float w = p.measure(Face::Mono, size::note, path.verb);
    const Point at = path.verbAt + by;
    p.fillBox({at.x - 4, at.y - 8, w + 8, 16}, t.bg);
    p.label(Face::Mono, size::note, at.x, at.y, t.now, path.verb);
  }
  arrow(p, path.second, by, v.drawn * 2 - 1, t.now);
}

}  // namespace

Box placed(const Glyph& g, const View& v) {
  const Point by = shift(v, g.column);
  return g.box.moved(by.x, by.y);
}

Point followed(const Scene& scene, const View& v) {
  const Glyph* shown = nullptr;
  for (const Glyph& g : scene.glyphs) {
    const bool travels = g.type == GlyphType::Pod || g.type == GlyphType::Slot || g.type == GlyphType::Claim ||
                         g.type == GlyphType::Volume;
    if (travels && (g.ring == Ring::Now || (g.ring == Ring::Waited && !shown))) shown = &g;
  }
  Point to = v.scroll;
  if (!shown) return to;
  const Box b = shown->box.grown(12);
  to.y = std::max(0.f, std::min(std::max(to.y, b.bottom() - v.room.h), b.y));
  if (shown->column) to.x = std::max(0.f, std::min(std::max(to.x, b.right() - v.room.w), b.x - scene.pinned));
  return to;
}

void paint(const Scene& scene, Painter& p, const View& view) {
  const Box columns{view.room.x + scene.pinned, view.room.y, view.room.w - scene.pinned, view.room.h};
  const bool cut = scene.bounds.w > view.room.w + 1;
  const auto draw = [&](bool column, bool lanes) {
    for (const Glyph& g : scene.glyphs) {
      if (g.column != column || g.ground() != lanes) continue;
      const Box box = placed(g, view);
      if (!box.grown(8).meets(view.room)) continue;
      Glyph moved = g;
      moved.box = box;
      paint(moved, p);
    }
  };
  const auto links = [&](bool column) {
    for (const Link& l : scene.links)
      if (l.column == column) link(l, p, shift(view, column));
  };
  draw(false, true);
  links(false);
  if (cut) p.pushClip(columns);
  links(true);
  gate(scene.gate, p, shift(view, !scene.gate.vertical));
  draw(true, false);
  if (cut) p.popClip();
  draw(false, false);
  writePath(scene.path, p, view);
}

Glyph& Scene::add(GlyphType type, std::string id, Box box) {
  Glyph& g = glyphs.emplace_back();
  g.type = type;
  g.id = std::move(id);
  g.box = box;
  return g;
}

void mark(Glyph& g, const Snapshot& s, const SceneOptions& o) {
  if (g.id.empty()) return;
  g.selected = g.id == o.selected;
  if (g.id == s.write.shownAt && s.write.any) g.ring = Ring::Now;
}

const Glyph* Scene::find(std::string_view id) const {
  for (const Glyph& g : glyphs)
    if (!id.empty() && g.id == id) return &g;
  return nullptr;
}

const Glyph* Scene::at(Point at) const {
  const Glyph* found = nullptr;
  for (const Glyph& g : glyphs)
    if (g.focusable && !g.id.empty() && g.box.contains(at) && (!found || found->type == GlyphType::Lane)) found = &g;
  return found;
}

}  // namespace web
