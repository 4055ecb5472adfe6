#include "web/paint/icons.hpp"

namespace web {
namespace {

constexpr Stroke pen{.width = 1.5f, .round = true};

void head(Painter& p, float x, float y, float w, float h, Color c) {
  const Path shape = Path().move(x, y - h).line(x + w, y).line(x, y + h).close();
  p.fill(shape, c);
  p.stroke(shape, c, {.width = 1});
}

void sun(Painter& p, Point c, Color color) {
  p.ring(c, 3.2f, color, {.width = 1.5f});
  for (int i = 0; i < 8; i++) {
    static constexpr float dx[] = {0, .707f, 1, .707f, 0, -.707f, -1, -.707f},
                           dy[] = {-1, -.707f, 0, .707f, 1, .707f, 0, -.707f};
    p.lineTo({c.x + dx[i] * 5.6f, c.y + dy[i] * 5.6f}, {c.x + dx[i] * 7.4f, c.y + dy[i] * 7.4f}, color, pen);
  }
}

void small(Painter& p, Icon i, Point c, Color color) {
  const float x = c.x, y = c.y;
  switch (i) {
    case Icon::ChevronDown: return p.stroke(Path().move(x - 4, y - 2).line(x, y + 2).line(x + 4, y - 2), color, pen);
    case Icon::ChevronLeft: return p.stroke(Path().move(x + 2, y - 4).line(x - 2, y).line(x + 2, y + 4), color, pen);
    case Icon::ChevronRight: return p.stroke(Path().move(x - 2, y - 4).line(x + 2, y).line(x - 2, y + 4), color, pen);
    case Icon::Plus: p.lineTo({x - 4, y}, {x + 4, y}, color, pen); return p.lineTo({x, y - 4}, {x, y + 4}, color, pen);
    case Icon::Close:
      p.lineTo({x - 3.5f, y - 3.5f}, {x + 3.5f, y + 3.5f}, color, pen);
      return p.lineTo({x - 3.5f, y + 3.5f}, {x + 3.5f, y - 3.5f}, color, pen);
    case Icon::Menu:
      for (float d : {-5.f, 0.f, 5.f}) p.lineTo({x - 7, y + d}, {x + 7, y + d}, color, pen);
      return;
    case Icon::Check: return p.stroke(Path().move(x - 4, y).line(x - 1, y + 3).line(x + 4.5f, y - 3.5f), color, pen);
    case Icon::Loop:
      p.stroke(Path().arc(x, y, 4.2f, 4.2f, 200, 508), color, {.width = 1.25f, .round = true});
      return p.stroke(Path().move(x - 4.6f, y - 4.4f).line(x - 4, y - 1.2f).line(x - 0.9f, y - 1.8f), color,
                      {.width = 1.25f, .round = true});
    case Icon::Branch:
      p.ring({x - 4, y + 5}, 1.8f, color, {.width = 1.25f});
      p.ring({x - 4, y - 5}, 1.8f, color, {.width = 1.25f});
      p.ring({x + 4, y - 5}, 1.8f, color, {.width = 1.25f});
      p.stroke(Path().move(x - 4, y + 3).line(x - 4, y - 3), color, pen);
      return p.stroke(Path().move(x + 4, y - 3).curve(x + 3.4f, y, x, y).curve(x - 3.4f, y, x - 4, y + 3), color, pen);
    case Icon::External:
      p.stroke(Path().move(x - 1, y - 5).line(x - 5, y - 5).line(x - 5, y + 5).line(x + 5, y + 5).line(x + 5, y + 1),
               color, {.width = 1.25f, .round = true});
      p.stroke(Path().move(x + 1.5f, y - 5.5f).line(x + 5.5f, y - 5.5f).line(x + 5.5f, y - 1.5f), color,
               {.width = 1.25f, .round = true});
      return p.lineTo({x + 5, y - 5}, {x, y}, color, {.width = 1.25f, .round = true});
    case Icon::Book:
      p.stroke(Path().move(x, y - 4).line(x, y + 6).line(x - 7, y + 4.5f).line(x - 7, y - 5.5f).close(), color, pen);
      return p.stroke(Path().move(x, y - 4).line(x, y + 6).line(x + 7, y + 4.5f).line(x + 7, y - 5.5f).close(), color,
                      pen);
    default: return;
  }
}

}  // namespace

void icon(Painter& p, Icon i, Point c, Color color) {
  const float x = c.x, y = c.y;
  switch (i) {
    case Icon::Restart:
      p.stroke(Path().arc(x, y, 5.8f, 5.8f, 200, 509), color, pen);
      return p.stroke(Path().move(x - 6.4f, y - 6).line(x - 5.6f, y - 1.6f).line(x - 1.4f, y - 2.6f), color, pen);
    case Icon::Back: head(p, x + 5, y, -7, 5, color); return p.lineTo({x - 5.5f, y - 5}, {x - 5.5f, y + 5}, color, pen);
    case Icon::Play: {
      const Path shape = Path().move(x - 4, y - 6).line(x + 6, y).line(x - 4, y + 6).close();
      p.fill(shape, color);
      return p.stroke(shape, color, {.width = 1.5f});
    }
    case Icon::Pause:
      p.fillBox({x - 5, y - 6, 3.5f, 12}, color, 1);
      return p.fillBox({x + 1.5f, y - 6, 3.5f, 12}, color, 1);
    case Icon::Step: head(p, x - 5, y, 7, 5, color); return p.lineTo({x + 5.5f, y - 5}, {x + 5.5f, y + 5}, color, pen);
    case Icon::Rest:
      head(p, x - 8, y, 6, 5, color);
      head(p, x - 0.5f, y, 6, 5, color);
      return p.disk({x + 8.5f, y}, 1.6f, color);
    case Icon::Share:
      p.stroke(Path().move(x - 5, y - 1).line(x - 5, y + 6).line(x + 5, y + 6).line(x + 5, y - 1), color, pen);
      p.lineTo({x, y + 2}, {x, y - 7}, color, pen);
      return p.stroke(Path().move(x - 3, y - 4).line(x, y - 7).line(x + 3, y - 4), color, pen);
    case Icon::Sun: return sun(p, c, color);
    case Icon::Moon:
      return p.stroke(Path().arc(x, y, 6, 6, -79, -319).arc(x + 2.8f, y - 1.5f, 5.2f, 5.2f, 57, 239).close(), color,
                      pen);
    case Icon::Warning: {
      p.stroke(Path().move(x, y - 6).line(x + 6.5f, y + 5.5f).line(x - 6.5f, y + 5.5f).close(), color, pen);
      p.lineTo({x, y - 2}, {x, y + 1.5f}, color, {.width = 1.25f, .round = true});
      return p.disk({x, y + 3.6f}, 0.9f, color);
    }
    case Icon::Compare:
      for (float d : {-5.5f, 0.f, 5.5f}) p.border({x + d - 2.25f, y - 6, 4.5f, 12}, color, 1.5f, {.width = 1.25f});
      return;
    case Icon::Server:
      p.border({x - 7, y - 6, 14, 12}, color, 2, {.width = 1.5f});
      p.lineTo({x - 7, y}, {x + 7, y}, color, {.width = 1.25f});
      p.disk({x - 4, y - 3}, 0.9f, color);
      return p.disk({x - 4, y + 3}, 0.9f, color);
    default: return small(p, i, c, color);
  }
}

void logo(Painter& p, Point left) {
  const Theme& t = *p.theme;
  p.disk({left.x + 5, left.y}, 5, t.ink);
  p.ring({left.x + 18, left.y}, 4.25f, t.ink, {.width = 1.5f});
  p.fill(Path().arc(left.x + 18, left.y, 2.4f, 2.4f, 0, 180).close(), t.ink);
  p.ring({left.x + 31, left.y}, 4.25f, t.ink3, {.width = 1.5f, .dash = {1.6f, 2.2f}});
}

void signature(Painter& p, Workload w, Point r, float k) {
  const Theme& t = *p.theme;
  const auto at = [&](float x, float y) { return Point{r.x + x * k, r.y + y * k}; };
  switch (w) {
    case Workload::StatefulSet:
      p.lineTo(at(-48, 0), at(-6, 0), t.rail, {.width = 2 * k});
      for (float d : {-48.f, -27.f, -6.f}) p.disk(at(d, 0), 5 * k, t.ink);
      return;
    case Workload::Deployment:
      for (const Point d : {Point{-46, -5}, Point{-26, 5}, Point{-6, -2}})
        p.ring(at(d.x, d.y), 5.5f * k, t.ink, {.width = 1.5f});
      return;
    case Workload::DaemonSet:
      for (float d : {-47.f, -27.f, -7.f}) {
        p.border({r.x + (d - 6.5f) * k, r.y - 6.5f * k, 13 * k, 13 * k}, t.line2, 2);
        p.disk(at(d, 0), 4 * k, t.ink);
      }
  }
}

}  // namespace web
