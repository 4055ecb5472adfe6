// The journal as a picture: a lane for each actor, a tick for each entry, the cursor as a line that can be dragged, the
// branches as pills on the user's lane.
#include <cmath>

#include "imgui.h"
#include "web/paint/shapes.hpp"
#include "web/platform.hpp"
#include "web/views/views.hpp"

namespace web {
namespace {

constexpr float headerHeight = 28, rulerHeight = 20, labelWidth = 136;

float laneHeight(const Ui& ui) { return ui.language == Language::Chinese ? 17.f : 16.f; }

// Ticks stand 48 px apart, closer when the journal is long; from 6 px on it scrolls.
struct Scale {
  float step, x0;
  float at(int entry) const { return x0 + step * float(entry); }
  int entry(float x) const { return int(std::lround((x - x0) / step)); }
};

int rulerStep(float step) {
  for (int n : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})
    if (step * float(n) >= 60) return n >= 5 ? n : 5;
  return 2000;
}

void branch(Ui& ui, ImguiPainter& p, const BranchView& b, int index, const Scale& scale, float y, float& free) {
  const Theme& t = ui.theme;
  const float x = scale.at(b.from);
  p.disk({x, y}, 4, t.panel);
  p.ring({x, y}, 4, t.ink2, {.width = 1.5f});
  const float at = std::max(x + 16, free);
  const size_t shown = std::min<size_t>(8, b.ticks.size());
  const float text = p.measure(Face::Sans, size::note, b.label), w = 28 + text + 12 + 7 * float(shown) + 6;
  const Box pill{at, y - 9, w, 18};
  p.lineTo({x + 4, y}, {at, y}, t.rail, {.width = 1.5f});
  const Hit hit = ui.item("branch:" + std::to_string(index), pill, 9);
  p.card(pill, hit.hovered ? t.sunk : t.panel, t.rail, 9, {.width = 1, .dash = dash::branch});
  icon(p, Icon::Branch, {pill.x + 16, y}, t.ink2);
  float tick = p.label(Face::Sans, size::note, pill.x + 28, y, t.ink2, b.label) + 12;
  for (size_t i = 0; i < shown; i++, tick += 7)
    p.fillBox({tick, y - 4, 4, 8}, faded(kindColor(t, b.ticks[i].group), 0.75f), 1);
  if (hit.clicked) ui.command(Command::Branch, {}, {}, b.id);
  free = pill.right() + 8;
}

}  // namespace

void Timeline::legend(Ui& ui, ImguiPainter& p, float right, float cy) {
  const Theme& t = ui.theme;
  static constexpr Text words[] = {Text::LegendWork,   Text::LegendPod,    Text::LegendStore,
                                   Text::LegendNet,    Text::LegendNode,   Text::LegendCreate,
                                   Text::LegendUpdate, Text::LegendDelete, Text::LegendNone};
  float x = right;
  for (int i = 8; i >= 0; i--) {
    const float w = p.measure(Face::Sans, size::note, ui.word(words[i]));
    x -= w;
    p.label(Face::Sans, size::note, x, cy, t.ink3, ui.word(words[i]));
    x -= 11;
    if (i >= 5)
      tick(p, Verb(i - 5), {x, cy}, t.ink3, t.panel);
    else
      p.fillBox({x - 7, cy - 4, 8, 8}, kindColor(t, KindGroup(i)), 2);
    x -= i == 5 ? 18 : 17;
    if (i == 5) {
      p.lineTo({std::floor(x) + 0.5f, cy - 6}, {std::floor(x) + 0.5f, cy + 6}, t.line);
      x -= 16;
    }
  }
}

void Timeline::draw(const Snapshot& s, Shell&, Ui& ui, const Box& box) {
  const Theme& t = ui.theme;
  ImguiPainter p = ui.painter();
  p.fillBox(box, t.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, t.line);
  p.lineTo({box.x, box.y + 28.5f}, {box.right(), box.y + 28.5f}, t.line);
  const std::string eventsTitle =
      std::string(ui.word(Text::Events)) + (s.events.empty() ? "" : "\t" + std::to_string(s.eventCount));
  ui.tabs("timeline", {box.x + 16, box.y}, headerHeight, {ui.word(Text::Timeline), eventsTitle}, tab_);
  if (box.w > 1000 && tab_ == 0) legend(ui, p, box.right() - 16, box.y + 14);
  const Box area{box.x, box.y + headerHeight + 1, box.w, box.h - headerHeight - 1};
  if (tab_ == 0)
    lanes(s, ui, area);
  else
    events(s, ui, area);
}

void Timeline::lanes(const Snapshot& s, Ui& ui, const Box& box) {
  const Theme& t = ui.theme;
  const float lane = laneHeight(ui), left = box.x + labelWidth, room = box.w - labelWidth - 16;
  const int length = std::max(1, s.length);
  const float step = std::clamp((room - 48) / float(std::max(12, length)), 8.f, 48.f);
  const float contentWidth = std::max(room, step * float(length) + 48);
  const float contentHeight = rulerHeight + lane * float(s.timeline.lanes.size()) + 4;

  // Labels to the left do not scroll sideways.
  const Point origin = ui.begin("lanes", {left, box.y, room + 16, box.h}, true);
  ImguiPainter p = ui.painter();
  const Scale scale{step, origin.x + 8};
  const float y0 = origin.y + rulerHeight + lane / 2 - 1;
  const Hit scrub = ui.item("timeline:scrub", {left, box.y, room, std::max(20.f, box.h - 4)}, 4);
  if (scrub.held) {
    const int to = std::clamp(scale.entry(ImGui::GetIO().MousePos.x), 0, s.length);
    if (to != s.cursor) ui.command(Command::Seek, {}, {}, to);
  }
  const int first = std::max(0, scale.entry(left) - 1), last = std::min(s.length, scale.entry(left + room + 16) + 1);
  for (size_t i = 0; i < s.timeline.lanes.size(); i++) {
    const float y = std::floor(y0 + lane * float(i)) + 0.5f;
    p.lineTo({left, y}, {left + room, y}, t.line);
  }
  const int every = rulerStep(step);
  const float cx = std::floor(scale.at(s.cursor));
  for (int n = (first / every) * every; n <= last; n += every)
    if (n > 0 && std::abs(scale.at(n) - cx) > 24)
      p.label(Face::Mono, size::note, scale.at(n), origin.y + 10, t.ink3, std::to_string(n), Align::Center);
  p.fillBox({cx - 1, origin.y + 10, 2, box.h - 16}, t.now);
  for (int n = std::max(1, first); n <= last; n++) {
    const TickView& k = s.timeline.ticks[size_t(n - 1)];
    const Point at{scale.at(n), y0 + lane * float(k.lane)};
    const bool current = n == s.cursor;
    if (current) {
      const Box around{at.x - 6, at.y - 8, 12, 16};
      p.fillBox(around, t.panel, 3);
      p.border(around, t.now, 3, {.width = 1.5f});
    }
    const Color c = kindColor(t, k.group);
    tick(p, k.verb, at, n > s.cursor ? mixed(t.panel, c, 0.35f) : c, t.panel);
  }
  float free = 0;
  for (size_t i = 0; i < s.timeline.branches.size(); i++)
    branch(ui, p, s.timeline.branches[i], int(i), scale, y0, free);
  const std::string number = std::to_string(s.cursor);
  const float w = p.measure(Face::Mono, size::note, number) + 12;
  p.fillBox({cx - w / 2, origin.y + 1, w, 18}, t.now, 9);
  p.label(Face::Mono, size::note, cx, origin.y + 10, t.onNow, number, Align::Center);
  if (lastCursor_ != s.cursor && !scrub.held) {
    // What is new is wide only in the next frame: until then the cursor stays to be brought into view.
    const float x = scale.at(s.cursor) - origin.x, seen = x - ImGui::GetScrollX();
    if (seen > room - 20)
      ImGui::SetScrollX(x - room * 0.7f), host::wake();
    else if (seen < 8)
      ImGui::SetScrollX(std::max(0.f, x - room * 0.3f)), host::wake();
    else
      lastCursor_ = s.cursor;
  }
  ui.end({origin.x + contentWidth, origin.y + contentHeight});

  ImguiPainter q = ui.painter();
  q.pushClip({box.x, box.y + rulerHeight - 2, labelWidth, box.h - rulerHeight + 2});
  const int acting =
      s.cursor > 0 && s.cursor <= int(s.timeline.ticks.size()) ? s.timeline.ticks[size_t(s.cursor - 1)].lane : -1;
  const float scrolled = origin.y - box.y;
  for (size_t i = 0; i < s.timeline.lanes.size(); i++)
    q.label(Face::Sans, size::note, box.x + 16, box.y + scrolled + rulerHeight + lane / 2 - 1 + lane * float(i),
            int(i) == acting ? t.now : t.ink2, q.fit(Face::Sans, size::note, s.timeline.lanes[i], labelWidth - 24));
  q.popClip();
}

void Timeline::events(const Snapshot& s, Ui& ui, const Box& box) {
  const Theme& t = ui.theme;
  const Point origin = ui.begin("all-events", box);
  ImguiPainter p = ui.painter();
  float y = origin.y + 8;
  for (const EventView& e : s.events) {
    if (y + 20 > box.y && y < box.bottom()) {
      p.label(Face::Mono, size::note, box.x + 16, y + 9, t.ink3, e.time);
      p.label(Face::Sans, size::note, box.x + 88, y + 9, e.type == "Warning" ? t.wait : t.ink, e.reason);
      p.label(Face::Mono, size::note, box.x + 248, y + 9, t.ink2, p.fit(Face::Mono, size::note, e.object, 220));
      p.label(Face::Sans, size::note, box.x + 480, y + 9, t.ink2,
              p.fit(Face::Sans, size::note, e.message, box.w - 500));
    }
    y += 20;
  }
  if (s.events.empty()) p.label(Face::Sans, size::note, box.x + 16, y + 9, t.ink3, ui.word(Text::NoEvents));
  ui.end({box.x + 16, y + 4});
}

// The whole journal on one line, to be dragged along.
void Timeline::scrubber(const Snapshot& s, Ui& ui, float x0, float w, float y) {
  const Theme& t = ui.theme;
  ImguiPainter p = ui.painter();
  p.lineTo({x0, y}, {x0 + w, y}, t.line2, {.width = 2});
  const int length = std::max(1, s.length);
  const int stride = std::max(1, int(std::ceil(float(length) / (w / 7))));
  const auto at = [&](int n) { return x0 + 8 + (w - 22) * float(n - 1) / float(std::max(1, length - 1)); };
  for (int n = 1; n <= s.length; n += stride) {
    const Color c = kindColor(t, s.timeline.ticks[size_t(n - 1)].group);
    p.fillBox({std::floor(at(n)) - 2, y - 4, 4, 9}, n > s.cursor ? mixed(t.panel, c, 0.35f) : c, 1);
  }
  const Hit hit = ui.item("timeline:scrub", {x0, y - 24, w, 48}, 6);
  if (hit.held) {
    const int to = std::clamp(int(std::lround(hit.dx * float(s.length))), 0, s.length);
    if (to != s.cursor) ui.command(Command::Seek, {}, {}, to);
  }
  const float cx = s.cursor == 0 ? x0 : at(s.cursor);
  p.fillBox({cx - 1, y - 14, 2, 28}, t.now);
  p.disk({cx, y}, 7, t.now);
}

void Timeline::drawPhone(const Snapshot& s, Ui& ui, const Box& box) {
  scrubber(s, ui, box.x + 16, box.w - 32, box.y + 16);
  ui.painter().label(Face::Sans, size::note, box.x + 16, box.y + 40, ui.theme.ink3,
                     ui.word(Text::StepOf, {std::to_string(s.cursor), std::to_string(s.length)}));
}

// Below the comparison: who acts, the journal, what comes next.
void Timeline::drawStrip(const Snapshot& s, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, t.line);
  const bool wide = box.w >= 900;
  const float side = wide ? 232.f : 0.f, x = box.x + 24;
  if (wide && !s.why.actor.empty()) {
    p.disk({x + 4, box.cy()}, 4, t.now);
    p.label(Face::Sans, size::note, x + 16, box.cy(), t.now, p.fit(Face::Sans, size::note, s.why.actor, side - 24));
  }
  if (wide && !s.why.next.empty()) {
    const float end = p.label(Face::Sans, size::note, box.right() - side, box.cy(), t.ink3, ui.word(Text::Next)) + 8;
    p.label(Face::Sans, size::note, end, box.cy(), t.ink2,
            p.fit(Face::Sans, size::note, s.why.next[0].text, box.right() - 24 - end));
  }
  scrubber(s, ui, x + side, box.w - 48 - 2 * side, box.cy());
}

}  // namespace web
