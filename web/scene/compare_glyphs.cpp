// How the comparison's own glyphs look: cards, lanes, what a pod keeps, what became of it.
#include <cmath>

#include "web/paint/icons.hpp"
#include "web/paint/rich.hpp"
#include "web/paint/shapes.hpp"
#include "web/scene/scene.hpp"

namespace web {
namespace {

// `number` is how wide the node's name may be.
void lane(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const Box& b = g.box;
  p.fillBox(b, t.bg, 8);
  if (g.lost) {
    p.hatch(b.grown(-1));
    p.border(b, t.rail, 8, {.width = 1, .dash = dash::pending});
    p.fillBox({b.x + 6, b.cy() - 10, float(g.number) - 12, 20}, t.bg, 4);
  }
  const float inset = g.number < 70 ? 8 : 12;
  p.label(Face::Mono, size::note, b.x + inset, b.cy(), t.ink2,
          p.fit(Face::Mono, size::note, g.title, float(g.number) - inset - 4));
}

void gone(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const Box& b = g.box;
  p.border(b, t.rail, 8, {.width = 1, .dash = dash::ghost});
  stateShape(p, g.state, {b.x + 18, b.cy()}, 8);
  const float end =
      p.label(Face::Mono, size::note, b.x + 33, b.cy(), t.ink3, p.fit(Face::Mono, size::note, g.title, b.w - 40));
  p.lineTo({b.x + 33, b.cy()}, {end, b.cy()}, t.ink3);
}

// What a pod keeps, beside it in the comparison.
void keptBeside(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const Box& b = g.box;
  if (!g.ghost) p.card(b, t.panel, t.line2, 6);
  cylinder(p, {b.x + 18, b.cy()}, 13, 16, g.ghost ? t.ink3 : t.kindStore, g.ghost ? t.bg : t.panel, g.filled);
  p.label(Face::Sans, size::note, b.x + 32, b.cy(), g.tone == Tone::Plain ? (g.ghost ? t.ink2 : t.ink) : ink(t, g.tone),
          p.fit(Face::Sans, size::note, g.title, b.w - 36));
}

void card(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  p.card(g.box, t.panel, t.line, 12);
  if (g.number < 0) return;
  const float cy = g.box.y + 26, pad = float(g.count);
  const float end = p.label(Face::SansBold, size::heading, g.box.x + pad, cy, t.ink, g.title) + 10;
  p.label(Face::Mono, size::body, end, cy, t.ink2,
          p.fit(Face::Mono, size::body, g.note, g.box.right() - pad - 64 - end));
  signature(p, Workload(g.number), {g.box.right() - pad, cy});
}

void command(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  p.fillBox(g.box, t.sunk, 8);
  if (g.ghost) return void(p.label(Face::Sans, size::note, g.box.x + 12, g.box.cy(), t.ink3, g.title));
  float x = g.box.x + 12;
  if (g.title.starts_with("kubectl ")) x = p.label(Face::Mono, size::note, x, g.box.cy(), t.ink3, "$ ");
  p.label(Face::Mono, size::note, x, g.box.cy(), t.ink, p.fit(Face::Mono, size::note, g.title, g.box.right() - 8 - x));
}

void prose(const Glyph& g, Painter& p) {
  const RichStyle style{.face = Face::Sans, .em = size::body, .monoEm = size::note, .line = 20};
  paint(layoutRich(g.spans, style, {g.box.x, g.box.y}, g.box.w, p), g.spans, style, p, p.theme->ink);
}

// A shape for each fate, so that none stands by its colour alone.
void fateShape(Painter& p, Fate fate, Point c) {
  const Theme& t = *p.theme;
  switch (fate) {
    case Fate::Kept: return stateShape(p, PodState::Ready, c, 8);
    case Fate::Lost: return stateShape(p, PodState::Failed, c, 8);
    case Fate::Waiting: return stateShape(p, PodState::Pending, c, 8);
    case Fate::None:
      p.ring(c, 7.25f, t.mute, {.width = 1.5f, .dash = dash::ring});
      return p.lineTo({c.x - 3, c.y}, {c.x + 3, c.y}, t.mute, {.width = 1.5f});
    case Fate::New:
      p.lineTo({c.x, c.y - 3.5f}, {c.x, c.y + 3.5f}, t.mute, {.width = 1.5f});
      p.lineTo({c.x - 3.5f, c.y}, {c.x + 3.5f, c.y}, t.mute, {.width = 1.5f});
      return p.ring(c, 7.25f, t.mute, {.width = 1.5f});
    case Fate::PerNode:
      p.border({c.x - 7.5f, c.y - 7.5f, 15, 15}, t.mute, 3, {.width = 1.5f});
      return p.disk(c, 2.5f, t.mute);
    case Fate::Free: return p.ring(c, 7.25f, t.mute, {.width = 1.5f});
    case Fate::Untouched: return p.lineTo({c.x - 5, c.y}, {c.x + 5, c.y}, t.ink3, {.width = 1.5f});
  }
}

void fate(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const Box& b = g.box;
  const bool one = b.w >= 390;
  const Fate f = Fate(g.number);
  const float cy = one ? b.cy() : b.y + 16;
  p.label(Face::Sans, size::note, b.x, cy, t.ink3, g.title);
  fateShape(p, f, {b.x + 64, cy});
  const Color c = f == Fate::Kept ? t.ready : f == Fate::Lost ? t.bad : f == Fate::Untouched ? t.ink3 : t.mute;
  p.label(Face::Sans, size::note, b.x + 80, cy, c, g.note);
  const float at = b.x + (one ? 142 : 144), noteAt = one ? at + std::floor((b.right() - at) * 0.45f) : at;
  const float until = one ? noteAt - 8 : b.right();
  p.label(Face::Mono, size::note, at, cy, t.ink, p.fit(Face::Mono, size::note, g.right, until - at));
  p.label(Face::Sans, size::note, noteAt, one ? cy : b.y + 34, t.ink2,
          p.fit(Face::Sans, size::note, g.line, b.right() - noteAt));
}

}  // namespace

bool paintCompared(const Glyph& g, Painter& p) {
  const bool mini = g.detail == Detail::Mini;
  switch (g.type) {
    case GlyphType::Card: return card(g, p), true;
    case GlyphType::Command: return command(g, p), true;
    case GlyphType::Prose: return prose(g, p), true;
    case GlyphType::Fate: return fate(g, p), true;
    case GlyphType::Lane: return mini && (lane(g, p), true);
    case GlyphType::Volume: return mini && (keptBeside(g, p), true);
    case GlyphType::Pod: return mini && g.ghost && (gone(g, p), true);
    default: return false;
  }
}

}  // namespace web
