// How each glyph looks: one function a type, the measures are those of the design's section 2.
#include "web/paint/icons.hpp"
#include "web/paint/shapes.hpp"
#include "web/scene/scene.hpp"
#include "web/text.hpp"

namespace web {
namespace {

void ring(const Glyph& g, Painter& p, float radius) {
  if (g.ring == Ring::Now) p.border(g.box.grown(4), p.theme->now, radius + 4, {.width = 2});
  if (g.ring == Ring::Waited)
    p.border(g.box.grown(5), p.theme->wait, radius + 4, {.width = 1.5f, .dash = dash::waited});
}

void chip(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  if (g.acting)
    p.fillBox(g.box, t.now, 14);
  else
    p.card(g.box, t.panel, t.line, 14);
  p.label(Face::Sans, size::note, g.box.cx(), g.box.cy(), g.acting ? t.onNow : t.ink2, g.title, Align::Center);
}

void api(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const float cy = g.box.cy();
  p.card(g.box, t.panel, t.line2, 8);
  icon(p, Icon::Server, {g.box.x + 20, cy}, t.ink2);
  const bool wide = !g.words.empty();
  const float end =
      p.label(wide ? Face::SansBold : Face::Sans, wide ? size::body : size::note, g.box.x + 36, cy, t.ink, g.title);
  if (wide) p.lineTo({end + 16, cy - 8}, {end + 16, cy + 8}, t.line);
  for (const auto& [x, word] : g.words)
    p.label(Face::Sans, size::note, g.box.x + x, cy, &word == &g.words.front().second ? t.ink3 : t.ink2, word);
  for (const Bar& b : g.bars) {
    const Box bar{g.box.x + b.x, cy - 5, 5, 10};
    p.fillBox(bar, kindColor(t, b.group), 1);
    if (b.written) p.border(bar.grown(2).moved(0, 0), t.now, 2, {.width = 1.5f});
  }
  p.label(Face::Mono, size::note, g.box.right() - (wide ? 16 : 10), cy, t.now, g.right, Align::Right);
}

// One of several workloads: its signature, its name, how many of its pods are Ready.
void pill(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  p.card(g.box, g.strong ? t.sunk : t.panel, g.selected ? t.ink : t.line2, 14, {.width = g.selected ? 2.f : 1.f});
  const float cy = g.box.cy();
  float x = g.box.x + 48;
  static constexpr const char* kinds[] = {"StatefulSet", "Deployment", "DaemonSet"};
  for (int i = 0; i < 3; i++)
    if (g.note == kinds[i]) signature(p, Workload(i), {g.box.x + 42, cy}, 0.56f);
  if (g.note == "PodDisruptionBudget") x = p.label(Face::Sans, size::note, g.box.x + 12, cy, t.ink3, "PDB") + 8;
  if (g.note == "ReplicaSet") x = p.label(Face::Sans, size::note, g.box.x + 12, cy, t.ink3, "RS") + 8;
  const float end = g.box.right() - 12 - p.measure(Face::Sans, size::note, g.line);
  p.label(Face::Mono, size::note, x, cy, t.ink, p.fit(Face::Mono, size::note, g.title, end - 8 - x));
  p.label(Face::Sans, size::note, end, cy, g.tone == Tone::Plain ? t.ink2 : ink(t, g.tone), g.line);
  ring(g, p, 14);
}

void setCard(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  if (g.box.h < 32) return pill(g, p);
  p.card(g.box, t.panel, g.selected ? t.ink : t.line2, 10, {.width = g.selected ? 2.f : 1.f});
  if (g.box.h < 40) {  // phone: one line
    const float end = p.label(Face::Sans, size::body, g.box.x + 16, g.box.cy(), t.ink3, g.note);
    const float name = p.label(Face::Mono, size::body, end + 5, g.box.cy(), t.ink, g.title);
    p.label(Face::Sans, size::note, g.box.right() - 12, g.box.cy(), t.ink2,
            p.fit(Face::Sans, size::note, g.line, g.box.right() - 24 - name), Align::Right);
  } else {
    const float x = g.box.x + (g.box.w < 100 ? 10 : 12), w = g.box.right() - 8 - x;
    const bool small = g.box.h < 60;
    p.label(Face::Sans, size::note, x, g.box.y + (small ? 18 : 14), t.ink3, p.fit(Face::Sans, size::note, g.note, w));
    p.label(Face::Mono, size::body, x, g.box.y + (small ? 38 : 32), t.ink, p.fit(Face::Mono, size::body, g.title, w));
    if (!small) p.label(Face::Sans, size::note, x, g.box.y + 50, t.ink2, p.fit(Face::Sans, size::note, g.line, w));
  }
  ring(g, p, 10);
}

void disc(const Glyph& g, Painter& p, Point c, float r) {
  const Theme& t = *p.theme;
  Color number = t.ink;
  switch (g.disc) {
    case Disc::Filled:
      p.disk(c, r, t.ink);
      number = t.panel;
      break;
    case Disc::Ring:
      p.disk(c, r - 0.75f, t.panel);
      p.ring(c, r - 0.75f, t.ink, {.width = 1.5f});
      break;
    case Disc::Waited:
      p.disk(c, r - 0.75f, t.panel);
      p.ring(c, r - 0.75f, t.wait, {.width = 2});
      number = t.wait;
      break;
    case Disc::Dotted:
      p.disk(c, r - 0.75f, t.bg);
      p.ring(c, r - 0.75f, t.rail, {.width = 1.5f, .dash = dash::ghost});
      number = t.ink3;
      break;
  }
  if (r > 7)
    p.label(Face::SansBold, g.number > 99 ? size::note : size::body, c.x, c.y, number, std::to_string(g.number),
            Align::Center);
}

void slot(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  if (g.detail == Detail::Dot) {
    disc(g, p, {g.box.cx(), g.box.cy()}, g.box.w / 2);
    if (g.ring == Ring::Now) p.ring({g.box.cx(), g.box.cy()}, g.box.w / 2 + 2.5f, t.now, {.width = 2});
    return;
  }
  const bool discOnly = g.title.empty();
  if (discOnly) return disc(g, p, {g.box.cx(), g.box.cy()}, g.box.w / 2);
  const bool beside = g.box.w > 200;  // phone: the disc stands on the rail, outside
  if (g.ghost)
    p.card(g.box, t.bg, t.rail, beside ? 8 : 10, {.width = 1, .dash = dash::ghost});
  else
    p.card(g.box, t.panel, g.selected ? t.ink : t.line2, 10, {.width = g.selected ? 2.f : 1.f});
  const bool narrow = g.box.w < 150;
  float x = g.box.x + 16;
  if (!beside) {
    disc(g, p, {g.box.x + 22, g.box.cy()}, narrow ? 12 : 13);
    x = g.box.x + (narrow ? 40 : 48);
  }
  const float w = g.box.right() - (narrow ? 4 : 8) - x, up = g.box.y + (beside ? 16 : 22),
              down = g.box.y + (beside ? 36 : 44);
  const std::string name = p.fit(Face::Mono, size::body, g.title, w);
  const float end = p.label(Face::Mono, size::body, x, up, g.ghost ? t.ink2 : t.ink, name) + 8;
  if (end + p.measure(Face::Sans, size::note, g.note) <= g.box.right() - 4)
    p.label(Face::Sans, size::note, end, up, t.ink3, g.note);
  p.label(Face::Sans, size::note, x, down, ink(t, g.tone), p.fit(Face::Sans, size::note, g.line, w));
  ring(g, p, 10);
}

void service(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  p.card(g.box, t.panel, g.selected ? t.ink : t.line2, 12, {.width = g.selected ? 2.f : 1.f});
  const float end = p.label(Face::Sans, size::note, g.box.x + 12, g.box.cy(), t.ink3, g.note) + 4;
  p.label(Face::Mono, size::note, end, g.box.cy(), t.ink,
          p.fit(Face::Mono, size::note, g.title, g.box.right() - 8 - end));
  ring(g, p, 12);
}

/// A Pod's DNS name in so much room. What tells it from its neighbours, the ordinal, stays: "a-very-lo…-0".
std::string fitName(const Painter& p, const std::string& name, float room) {
  std::string whole = p.fit(Face::Mono, size::note, name, room);
  const size_t dot = std::min(name.find('.'), name.size()), dash = name.substr(0, dot).rfind('-');
  if (whole == name || dash == name.npos) return whole;
  const std::string ordinal = name.substr(dash, dot - dash);
  const float left = room - p.measure(Face::Mono, size::note, ordinal);
  if (p.measure(Face::Mono, size::note, name.substr(0, dash)) > left)
    return p.fit(Face::Mono, size::note, name.substr(0, dash), left) + ordinal;
  return whole;
}

void dns(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const Point plug{g.box.x + 22, g.box.cy()};
  if (g.ghost) {
    p.card(g.box, t.bg, t.rail, 12, {.width = 1, .dash = dash::ghost});
    p.disk(plug, 5, t.panel);
    p.ring(plug, 5, t.rail, {.width = 1.5f, .dash = dash::plug});
  } else {
    p.card(g.box, t.panel, t.line2, 12);
    p.disk(plug, 5.75f, t.kindNet);
    p.disk(plug, 1.5f, t.panel);
  }
  const Face face = g.ghost ? Face::Sans : Face::Mono;
  // The name comes whole where it can, if need be a little closer to both sides.
  const float name = p.measure(Face::Mono, size::note, g.title), end = p.measure(face, size::note, g.right);
  const bool tight = name + end + 8 > g.box.w - 48;
  const bool alone = name + end + 4 > g.box.w - 40;  // then only the name: the plug says whether it resolves
  const float x = g.box.x + (tight ? 32 : 36), right = g.box.right() - (tight ? 8 : 12);
  p.label(Face::Mono, size::note, x, g.box.cy(), g.ghost ? t.ink2 : t.ink,
          fitName(p, g.title, right - x - (alone ? 0 : end + 4)));
  if (!alone) p.label(face, size::note, right, g.box.cy(), g.ghost ? t.ink3 : t.ink2, g.right, Align::Right);
  ring(g, p, 12);
}

void lane(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const Box& b = g.box;
  if (g.ghost) {
    p.border(b, t.rail, 10, {.width = 1, .dash = dash::ghost});
  } else if (g.lost) {
    p.fillBox(b, t.bg, 10);
    p.hatch(b.grown(-1));
    p.border(b, t.rail, 10, {.width = 1, .dash = dash::pending});
    p.fillBox({b.x + 6, b.y + 8, 110, b.h - 16}, t.bg, 6);
  } else {
    p.card(b, t.panel, g.selected ? t.ink : t.line, 10, {.width = g.selected ? 2.f : 1.f});
  }
  const bool small = b.h < 76, three = !g.right.empty() && b.h >= 60;
  const float first = g.note.empty()   ? b.h / 2
                      : small && three ? 16
                      : b.h < 50       ? 12
                                       : 22,
              step = small ? (three ? 16 : 20) : 18;
  p.label(Face::Mono, size::body, b.x + 16, b.y + first, g.ghost ? t.ink2 : t.ink,
          p.fit(Face::Mono, size::body, g.title, 98));
  p.label(Face::Sans, size::note, b.x + 16, b.y + first + step, g.tone == Tone::Plain ? t.ink3 : ink(t, g.tone),
          g.note);
  if (three) {
    const Point dot{b.x + 20, b.y + first + 2 * step};
    if (g.lost)
      p.ring(dot, 3, t.ink3, {.width = 1.25f});
    else
      p.disk(dot, 3, g.acting ? t.now : t.ink3);
    p.label(Face::Sans, size::note, b.x + 28, dot.y, g.acting ? t.now : t.ink3, g.right);
  }
  if (g.ring == Ring::Now) p.border(b.grown(3), t.now, 13, {.width = 2});
}

void pod(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const Color color = ink(t, toneOf(g.state)), behind = tint(t, toneOf(g.state));
  const Box& b = g.box;
  if (g.detail == Detail::Dot) {
    const Point c{b.cx(), b.cy()};
    if (g.ring == Ring::Now || g.selected) p.ring(c, b.w / 2 + 2.5f, g.selected ? t.ink : t.now, {.width = 2});
    return stateShape(p, g.state, c, b.w / 2);
  }
  p.fillBox(b, behind, 8);
  if (g.state == PodState::Unknown || g.state == PodState::TerminatingUnknown) {
    p.hatch(b.grown(-1));
    p.fillBox({b.x + 36, b.y + 6, b.w - 42, b.h - 12}, behind, 4);
  }
  p.border(b, color, 8, {.width = g.selected ? 2.f : 1.f, .dash = borderOf(g.state)});
  ring(g, p, 8);
  if (g.detail == Detail::Mini) {
    stateShape(p, g.state, {b.x + 18, b.cy()}, 8);
    p.label(Face::Mono, size::note, b.x + 33, b.cy(), t.ink, p.fit(Face::Mono, size::note, g.title, b.w - 40));
    return;
  }
  const bool narrow = b.w < 150;
  stateShape(p, g.state, {b.x + 22, b.cy()}, narrow ? 9 : 10);
  const float apart = b.h < 44 ? 9 : 10, up = b.cy() - apart, down = b.cy() + apart, x = b.x + (narrow ? 38 : 40);
  float right = b.right() - 8;
  // Names are not cut for the revision: where both have no room it stands beside the state, or nowhere.
  const float tagWidth = p.measure(Face::Sans, size::note, g.tag) + 10, beside = right - tagWidth - 6;
  const bool above = x + p.measure(Face::Mono, size::body, g.title) <= beside || b.w >= 150;
  const bool below = g.right.empty() && g.count == 0 && x + p.measure(Face::Sans, size::note, g.line) <= beside;
  if (!g.tag.empty() && (above || below)) {
    const float at = above ? up : down;
    const Box tag{right - tagWidth, at - 9, tagWidth, 18};
    if (g.strong)
      p.fillBox(tag, t.ink, 4);
    else
      p.card(tag, t.panel, t.line2, 4);
    p.label(Face::Sans, size::note, tag.cx(), at, g.strong ? t.panel : t.ink2, g.tag, Align::Center);
    if (above) right = beside;
  }
  const float countWidth = g.note.empty() ? 0 : p.measure(Face::Mono, size::note, g.note) + 10;
  const float whole = p.measure(Face::Mono, size::body, g.title);
  const bool showCount = countWidth > 0 && x + whole + countWidth <= right;
  const float end = p.label(Face::Mono, size::body, x, up, t.ink, p.fit(Face::Mono, size::body, g.title, right - x));
  if (showCount) p.label(Face::Mono, size::note, end + 10, up, t.ink2, g.note);
  float stop = b.right() - 10;
  if (!g.right.empty()) stop -= p.measure(Face::Mono, size::note, g.right) + 8;
  if (!g.right.empty()) p.label(Face::Mono, size::note, b.right() - 10, down, t.ink2, g.right, Align::Right);
  if (g.count > 0) {
    const std::string number = std::to_string(g.count);
    p.label(Face::Mono, size::note, stop, down, t.bad, number, Align::Right);
    stop -= p.measure(Face::Mono, size::note, number) + 9;
    icon(p, Icon::Loop, {stop, down}, t.bad);
    stop -= 9;
  }
  p.label(Face::Sans, size::note, x, down, color, p.fit(Face::Sans, size::note, g.line, stop - x));
}

void stored(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  const Box& b = g.box;
  const bool claim = g.type == GlyphType::Claim, loose = g.tone == Tone::Wait && claim;
  if (g.ghost)
    p.card(b, t.bg, t.rail, 6, {.width = 1, .dash = dash::ghost});
  else if (loose)
    p.card(b, t.panel, t.rail, 6, {.width = 1, .dash = dash::ghost});
  else
    p.card(b, t.panel, g.selected ? t.ink : t.line2, 6, {.width = g.selected ? 2.f : 1.f});
  const Color line = g.ghost ? t.rail : t.kindStore;
  const Point at{b.x + 22, b.cy()};
  if (claim)
    ticket(p, at, line, g.ghost ? t.bg : t.panel, g.ghost || loose ? dash::plug : Dash{});
  else
    cylinder(p, at, 15, 18, line, t.panel, g.filled);
  // A bound claim's note goes first where there is little room: the solid ticket says it too.
  const float whole = p.measure(Face::Mono, size::note, g.title), end = p.measure(Face::Sans, size::note, g.right);
  const bool alone = claim && g.tone == Tone::Plain && 40 + whole + end + 18 > b.w;
  const float room = b.w - 40 - (alone ? 6 : 18 + end);
  p.label(Face::Mono, size::note, b.x + 40, b.cy(), g.ghost ? t.ink2 : t.ink,
          p.fit(Face::Mono, size::note, g.title, room));
  const Color note = g.tone == Tone::Plain ? (g.ghost ? t.ink3 : t.ink2) : ink(t, g.tone);
  if (!alone) p.label(Face::Sans, size::note, b.right() - 10, b.cy(), note, g.right, Align::Right);
  ring(g, p, 6);
}

void legend(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  p.lineTo({g.box.x, g.box.y + 0.5f}, {g.box.right(), g.box.y + 0.5f}, t.line);
  float x = g.box.x;
  const float cy = g.box.y + 20;
  static constexpr PodState states[] = {PodState::Ready,   PodState::NotReady,  PodState::Creating,
                                        PodState::Pending, PodState::CrashLoop, PodState::Terminating,
                                        PodState::Failed,  PodState::Unknown};
  for (size_t i = 0; i < g.words.size() && i < std::size(states); i++) {
    const std::string& word = g.words[i].second;
    const float end = x + 18 + p.measure(Face::Sans, size::note, word);
    if (end > g.box.right() + 1) break;
    stateShape(p, states[i], {x + 7, cy}, 6);
    p.label(Face::Sans, size::note, x + 18, cy, t.ink3, word);
    x = end + 15;
  }
}

void message(const Glyph& g, Painter& p) {
  const Theme& t = *p.theme;
  p.label(Face::SansBold, size::heading, g.box.cx(), g.box.cy() - 12, t.ink, g.title, Align::Center);
  p.label(Face::Sans, size::body, g.box.cx(), g.box.cy() + 12, t.ink2, g.note, Align::Center);
}

}  // namespace

void paint(const Glyph& g, Painter& p) {
  const float before = p.alpha;
  p.alpha *= g.alpha;
  if (paintCompared(g, p)) return void(p.alpha = before);
  switch (g.type) {
    case GlyphType::Chip: chip(g, p); break;
    case GlyphType::Api: api(g, p); break;
    case GlyphType::Set: setCard(g, p); break;
    case GlyphType::Slot: slot(g, p); break;
    case GlyphType::Service: service(g, p); break;
    case GlyphType::Dns: dns(g, p); break;
    case GlyphType::Lane: lane(g, p); break;
    case GlyphType::Pod: pod(g, p); break;
    case GlyphType::Claim:
    case GlyphType::Volume: stored(g, p); break;
    case GlyphType::Label: p.label(Face::Sans, size::note, g.box.x + 12, g.box.cy(), p.theme->ink2, g.title); break;
    case GlyphType::Legend: legend(g, p); break;
    case GlyphType::Message: message(g, p); break;
    default: break;
  }
  p.alpha = before;
}

}  // namespace web
