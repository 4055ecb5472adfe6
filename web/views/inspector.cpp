// The chosen object: its YAML as of the cursor, its Events, its owners.
#include "imgui.h"
#include "web/editor/highlight.hpp"
#include "web/views/views.hpp"

namespace web {
namespace {

float eventList(const std::vector<EventView>& events, Ui& ui, ImguiPainter& p, Point at, float width, bool withObject) {
  const float y = at.y;
  const Theme& t = ui.theme;
  for (const EventView& e : events) {
    p.label(Face::Mono, size::note, at.x, at.y + 9, t.ink3, e.time);
    const float x = at.x + std::max(44.f, p.measure(Face::Mono, size::note, e.time) + 10);
    const float end = p.label(Face::Sans, size::note, x, at.y + 9, e.type == "Warning" ? t.wait : t.ink, e.reason);
    if (withObject) p.label(Face::Mono, size::note, end + 10, at.y + 9, t.ink3, e.object);
    const std::vector<Span> words{{e.message, false, {}}};
    const RichText rich =
        layoutRich(words, {Face::Sans, size::note, size::note, 17}, {x, at.y + 17}, width - (x - at.x), p);
    paint(rich, words, {Face::Sans, size::note, size::note, 17}, p, t.ink2);
    at.y += 17 + rich.height + 6;
  }
  if (events.empty()) {
    p.label(Face::Sans, size::note, at.x, at.y + 9, t.ink3, ui.word(Text::NoEvents));
    at.y += 20;
  }
  return at.y - y;
}

float yamlList(const std::vector<std::string>& lines, Ui& ui, ImguiPainter& p, Point at, const Box& visible) {
  std::vector<TokenSpan> tokens;
  const Theme& t = ui.theme;
  float y = at.y;
  for (const std::string& line : lines) {
    if (y + 18 > visible.y && y < visible.bottom()) {
      highlight(line, tokens);
      for (const TokenSpan& k : tokens) {
        const Color c = k.token == Token::Key      ? t.yamlKey
                        : k.token == Token::Value  ? t.yamlValue
                        : k.token == Token::Number ? t.yamlNumber
                                                   : t.yamlPunctuation;
        const float x = at.x + p.measure(Face::Mono, size::note, std::string_view(line).substr(0, k.from));
        p.label(Face::Mono, size::note, x, y + 9, c, std::string_view(line).substr(k.from, k.to - k.from));
      }
    }
    y += 18;
  }
  return y - at.y;
}

}  // namespace

void Inspector::draw(const Snapshot& s, Shell&, Ui& ui, const Box& box) {
  const Theme& t = ui.theme;
  ImguiPainter p = ui.painter();
  p.fillBox(box, t.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, t.line);
  p.lineTo({box.x, box.y + 35.5f}, {box.right(), box.y + 35.5f}, t.line);
  const InspectView& o = s.inspected;
  if (o.id.empty()) {
    p.label(Face::Sans, size::note, box.x + 20, box.y + 18, t.ink3, ui.word(Text::NothingSelected));
    return;
  }
  const std::string events =
      std::string(ui.word(Text::Events)) + (o.events.empty() ? "" : "\t" + std::to_string(o.eventCount));
  float room = box.w - 40 - 3 * 20;
  for (const std::string_view other :
       {std::string_view(ui.word(Text::Yaml)), std::string_view(events), std::string_view(ui.word(Text::Owners))})
    room -= p.measure(Face::Sans, size::note, other);
  const std::string title = p.fit(Face::Sans, size::note, o.title, std::min(110.f, room));
  ui.tabs("inspect", {box.x + 20, box.y}, 36, {title, ui.word(Text::Yaml), events, ui.word(Text::Owners)}, tab);
  const Box area{box.x, box.y + 36, box.w, box.h - 36};
  const Point origin = ui.begin(("inspect" + std::to_string(tab)).c_str(), area, tab == 1);
  ImguiPainter in = ui.painter();
  Point at{origin.x + 20, origin.y + 12};
  const float width = box.w - 40;
  float right = at.x + width;
  if (tab == 1) {
    at.y += yamlList(o.yaml, ui, in, at, area);
    for (const std::string& l : o.yaml) right = std::max(right, at.x + 7.2f * float(l.size()) + 16);
  } else if (tab == 3) {
    for (const FactView& f : o.owners) {
      const float end = in.label(Face::Sans, size::note, at.x, at.y + 10, t.ink2, f.name);
      in.label(Face::Mono, size::note, at.x + width, at.y + 10, t.ink,
               in.fit(Face::Mono, size::note, f.value, at.x + width - end - 12), Align::Right);
      at.y += 28;
    }
    if (o.owners.empty()) in.label(Face::Sans, size::note, at.x, at.y + 9, t.ink3, ui.word(Text::NoOwner));
  } else {
    at.y += eventList(o.events, ui, in, at, width, false);
  }
  ui.end({tab == 1 ? right : origin.x + 20, at.y + 8});
}

}  // namespace web
