#include "web/paint/shapes.hpp"

namespace web {
namespace {

void check(Painter& p, Point c, float r, Color color) {
  p.stroke(Path()
               .move(c.x - 0.444f * r, c.y + 0.022f * r)
               .line(c.x - 0.133f * r, c.y + 0.333f * r)
               .line(c.x + 0.444f * r, c.y - 0.333f * r),
           color, {.width = 0.194f * r, .round = true});
}

void unknown(Painter& p, Point c, float r, Color line, Color fill) {
  const float d = r + 1.5f;
  const Path diamond = Path().move(c.x, c.y - d).line(c.x + d, c.y).line(c.x, c.y + d).line(c.x - d, c.y).close();
  p.fill(diamond, fill);
  p.stroke(diamond, line, {.width = 1.5f});
  const float q = 2.2f;
  p.stroke(Path().arc(c.x, c.y - 1.8f, q, q, 180, 450).line(c.x, c.y + 1.4f), line, {.width = 1.5f, .round = true});
  p.disk({c.x, c.y + 4}, 1, line);
}

}  // namespace

Tone toneOf(PodState s) {
  switch (s) {
    case PodState::Ready: return Tone::Ready;
    case PodState::NotReady: return Tone::Wait;
    case PodState::CrashLoop:
    case PodState::Failed: return Tone::Bad;
    default: return Tone::Mute;
  }
}

Dash borderOf(PodState s) {
  switch (s) {
    case PodState::Pending:
    case PodState::WaitsForVolume:
    case PodState::Terminating:
    case PodState::TerminatingUnknown:
    case PodState::Unknown: return dash::pending;
    case PodState::NotCreated: return dash::ghost;
    default: return {};
  }
}

void triangle(Painter& p, Point c, float r, Color fill, Color sign) {
  const float d = r + 1;
  const Path shape = Path().move(c.x, c.y - d).line(c.x + d, c.y + 0.78f * d).line(c.x - d, c.y + 0.78f * d).close();
  p.fill(shape, fill);
  p.stroke(shape, fill, {.width = 1.5f});
  p.stroke(Path().move(c.x, c.y - 0.38f * r).line(c.x, c.y + 0.2f * r), sign, {.width = 1.75f, .round = true});
  p.disk({c.x, c.y + 0.52f * r}, 1.1f, sign);
}

void stateShape(Painter& p, PodState s, Point c, float r) {
  const Theme& t = *p.theme;
  const Color color = ink(t, toneOf(s)), paper = t.panel;
  const float thin = 1.5f, edge = r - 0.75f;
  const auto ring = [&](Color line, Dash d = {}) {
    p.disk(c, edge, paper);
    p.ring(c, edge, line, {.width = thin, .dash = d});
  };
  switch (s) {
    case PodState::Ready: p.disk(c, r, color); return check(p, c, r, paper);
    case PodState::Succeeded: ring(color); return check(p, c, r * 0.9f, color);
    case PodState::NotReady: ring(color); return p.fill(Path().arc(c.x, c.y, r - 3, r - 3, 0, 180).close(), color);
    case PodState::Creating:
      ring(t.line2);
      p.stroke(Path().arc(c.x, c.y, edge, edge, -90, 110), color, {.width = 2, .round = true});
      return p.disk(c, r > 8 ? 2 : 1.2f, color);
    case PodState::Pending: return ring(color, dash::ring);
    case PodState::WaitsForVolume:
      ring(color, dash::ring);
      return cylinder(p, c, r * 0.78f, r * 0.78f, color, paper, 0);
    case PodState::CrashLoop: return triangle(p, c, r, color, paper);
    case PodState::Terminating:
      ring(color);
      return p.lineTo({c.x - 0.42f * r, c.y}, {c.x + 0.42f * r, c.y}, color, {.width = 1.75f, .round = true});
    case PodState::Failed: {
      const float d = r - 0.5f, k = 0.38f * r;
      p.fillBox({c.x - d, c.y - d, 2 * d, 2 * d}, color, 3);
      p.stroke(Path().move(c.x - k, c.y - k).line(c.x + k, c.y + k), paper, {.width = 1.75f, .round = true});
      return p.stroke(Path().move(c.x + k, c.y - k).line(c.x - k, c.y + k), paper, {.width = 1.75f, .round = true});
    }
    case PodState::Unknown:
    case PodState::TerminatingUnknown: return unknown(p, c, r, color, paper);
    case PodState::NotCreated: p.ring(c, edge, t.rail, {.width = thin, .dash = dash::ghost}); return;
  }
}

void ticket(Painter& p, Point c, Color line, Color fill, Dash d) {
  Path shape;
  shape.move(c.x - 8, c.y - 6).line(c.x + 8, c.y - 6).line(c.x + 8, c.y - 2).arc(c.x + 8, c.y, 2, 2, 270, 90);
  shape.line(c.x + 8, c.y + 6).line(c.x - 8, c.y + 6).line(c.x - 8, c.y + 2).arc(c.x - 8, c.y, 2, 2, 90, -90).close();
  p.fill(shape, fill);
  p.stroke(shape, line, {.width = 1.5f, .dash = d});
}

void cylinder(Painter& p, Point c, float w, float h, Color line, Color fill, float share) {
  const float rx = w / 2, ry = w * 0.18f, top = c.y - h / 2 + ry, bottom = c.y + h / 2 - ry;
  const auto body = [&](float from) {
    return Path().arc(c.x, from, rx, ry, 180, from == top ? 360 : 0).arc(c.x, bottom, rx, ry, 0, 180).close();
  };
  p.fill(body(top), fill);
  if (share > 0) p.fill(body(mix(bottom, top, std::min(1.f, share))), faded(line, 0.35f));
  p.stroke(Path().arc(c.x, top, rx, ry, 0, 360).close(), line, {.width = 1.5f});
  p.stroke(Path().move(c.x - rx, top).line(c.x - rx, bottom).arc(c.x, bottom, rx, ry, 180, 0).line(c.x + rx, top), line,
           {.width = 1.5f});
}

void tick(Painter& p, Verb verb, Point c, Color color, Color behind) {
  switch (verb) {
    case Verb::Create: return p.fillBox({c.x - 3, c.y - 6, 6, 12}, color, 1.5f);
    case Verb::Update: return p.fillBox({c.x - 3, c.y - 3, 6, 6}, color, 1.5f);
    case Verb::Delete:
      p.fillBox({c.x - 3.5f, c.y - 6, 7, 12}, behind, 1.5f);
      p.border({c.x - 3.5f, c.y - 6, 7, 12}, color, 1.5f, {.width = 1.5f});
      return p.lineTo({c.x - 6, c.y + 5}, {c.x + 6, c.y - 5}, color, {.width = 1.5f, .round = true});
    case Verb::None: p.disk(c, 2.5f, behind); return p.ring(c, 2.5f, color, {.width = 1.25f});
  }
}

Color kindColor(const Theme& t, KindGroup k) {
  switch (k) {
    case KindGroup::Work: return t.kindWork;
    case KindGroup::Pod: return t.kindPod;
    case KindGroup::Store: return t.kindStore;
    case KindGroup::Net: return t.kindNet;
    case KindGroup::Node: break;
  }
  return t.kindNode;
}

}  // namespace web
