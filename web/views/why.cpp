// Why: who acted, the sentence, what it rests on, what was written, what comes next. The order never changes.
#include "imgui.h"
#include "web/views/views.hpp"

namespace web {
namespace {

std::string actorName(const Snapshot& s, const Ui& ui) {
  return s.why.actor.empty() ? ui.word(Text::You) : s.why.actor;
}

// Draws a sentence whose names can be clicked.
float links(Ui& ui, const std::vector<Span>& spans, const RichStyle& style, Point at, float width, Color color,
            const char* id) {
  ImguiPainter p = ui.painter();
  const RichText rich = layoutRich(spans, style, at, width, p);
  int hovered = -1;
  int n = 0;
  for (const RichPiece& piece : rich.pieces) {
    const Span& span = spans[size_t(piece.span)];
    if (!span.mono || span.id.empty()) continue;
    const Hit hit =
        ui.item(std::string(id) + std::to_string(n++), {piece.box.x, piece.box.y, piece.box.w, style.line}, 3);
    if (hit.hovered) hovered = piece.span, ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (hit.hovered && piece.text != span.text) ui.tooltip(span.text);
    if (hit.clicked) ui.command(Command::Select, {}, span.id);
  }
  paint(rich, spans, style, p, color, hovered);
  return rich.height;
}

}  // namespace

float WhyPanel::sentence(const Snapshot& s, Ui& ui, Point at, float width, bool more) {
  const bool zh = ui.language == Language::Chinese;
  const RichStyle big = zh ? RichStyle{Face::Sans, size::whyChinese, 16, 28, true}
                           : RichStyle{Face::SansBold, size::why, size::heading, 24, true};
  const float y = at.y;
  if (s.why.sentence.empty()) {
    std::string first = ui.word(Text::NothingYetMore);
    for (size_t i = 1; i < s.versions.size(); i++)  // what is special about one that is not the newest
      if (s.versions[i].used) first += " " + ui.word(Text::VersionNow, {s.versions[i].name, s.versions[i].note});
    const std::vector<Span> nothing{{ui.word(Text::NothingYet), false, {}}}, hint{{first, false, {}}};
    at.y += links(ui, nothing, big, at, width, ui.theme.ink, "why:");
    if (more)
      at.y += 8 + links(ui, hint, {Face::Sans, size::body, size::note, 20}, {at.x, at.y + 8}, width, ui.theme.ink2,
                        "more:");
    return at.y - y;
  }
  at.y += links(ui, s.why.sentence, big, at, width, ui.theme.ink, "why:");
  if (more && !s.why.more.empty())
    at.y += 8 + links(ui, s.why.more, {Face::Sans, size::body, size::note, zh ? 24.f : 20.f}, {at.x, at.y + 8}, width,
                      ui.theme.ink2, "more:");
  return at.y - y;
}

float WhyPanel::tiles(const Snapshot& s, Ui& ui, Point at, float width) {
  const size_t count = std::min<size_t>(3, s.why.tiles.size());
  if (count == 0) return 0;
  ImguiPainter p = ui.painter();
  const float w = (width - 16) / 3;
  for (size_t i = 0; i < count; i++) {
    const TileView& tile = s.why.tiles[i];
    const Box box{at.x + float(i) * (w + 8), at.y, w, 56};
    p.fillBox(box, ui.theme.sunk, 8);
    p.label(Face::SansBold, size::title, box.x + 12, box.y + 20,
            tile.tone == Tone::Plain ? ui.theme.ink : ink(ui.theme, tile.tone), tile.number);
    p.label(Face::Sans, size::note, box.x + 12, box.y + 42, ui.theme.ink2,
            p.fit(Face::Sans, size::note, tile.label, w - 16));
  }
  return 56;
}

float WhyPanel::diff(const Snapshot& s, Ui& ui, Point at, float width) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  const float y = at.y;
  const float end = p.label(Face::Sans, size::note, at.x, at.y + 10, t.ink3, ui.word(Text::Written));
  const float room = width - (end - at.x) - 16;
  p.label(Face::Mono, size::note, at.x + width, at.y + 10, t.ink2, p.fit(Face::Mono, size::note, s.why.written, room),
          Align::Right);
  at.y += 24;
  const float step = p.measure(Face::Mono, size::note, "  ");
  for (const DiffLine& l : s.why.diff) {
    const bool add = l.sign == '+', remove = l.sign == '-';
    if (add || remove) {
      p.fillBox({at.x, at.y, width, 20}, add ? t.addTint : t.removeTint);
      p.label(Face::Mono, size::note, at.x + 10, at.y + 10, add ? t.addInk : t.removeInk, add ? "+" : "−");
    }
    const float x = at.x + 26 + step * float(l.indent);
    const Color c = add ? t.addInk : remove ? t.removeInk : t.ink3;
    // A long value ends early, so that its field can be read.
    std::string shown = l.text;
    const float room = at.x + width - 6 - x;
    if (p.measure(Face::Mono, size::note, shown) > room)
      shown = shown.substr(0, p.byteAt(Face::Mono, size::note, shown, room - 10)) + "…";
    p.label(Face::Mono, size::note, x, at.y + 10, c, shown);
    if (shown != l.text && ImGui::IsMouseHoveringRect({at.x, at.y}, {at.x + width, at.y + 20})) ui.tooltip(l.text);
    at.y += 20;
  }
  return at.y - y;
}

float WhyPanel::waysOut(const Snapshot& s, Ui& ui, Point at, float width) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  const float y = at.y;
  p.label(Face::SansBold, size::body, at.x, at.y + 10, t.ink, ui.word(Text::WaysOut));
  at.y += 28;
  int n = 0;
  for (const WayOut& way : s.why.waysOut) {
    const Box box{at.x, at.y, width, 48};
    const Hit hit = ui.item("way:" + std::to_string(n++), box, 8);
    p.card(box, hit.hovered ? t.sunk : t.panel, hit.hovered ? t.line2 : t.line, 8);
    p.label(Face::Sans, size::body, box.x + 12, box.y + 15, t.ink,
            p.fit(Face::Sans, size::body, way.title, width - 60));
    p.label(Face::Sans, size::note, box.x + 12, box.y + 33, way.risky ? t.wait : t.ink2,
            p.fit(Face::Sans, size::note, way.note, width - 60));
    icon(p, way.risky ? Icon::Warning : Icon::Play, {box.right() - 20, box.cy()}, way.risky ? t.wait : t.ink2);
    if (hit.clicked) ui.command(way.command.starts_with("{") ? Command::Fault : Command::Kubectl, way.command);
    at.y += 56;
  }
  return at.y - y;
}

void WhyPanel::draw(const Snapshot& s, Shell&, Ui& ui, const Box& box) {
  const Theme& t = ui.theme;
  ui.painter().fillBox(box, t.panel);
  const Point origin = ui.begin("why", box);
  ImguiPainter p = ui.painter();
  const float x = origin.x + 20, width = box.w - 40;
  float y = origin.y + 26;
  if (!s.why.sentence.empty()) {
    p.disk({x + 4, y}, 4, t.now);
    p.label(Face::Sans, size::note, x + 16, y, t.now, actorName(s, ui));
  }
  p.label(Face::Sans, size::note, x + width, y, t.ink3, s.why.step, Align::Right);
  y += 22;
  y += sentence(s, ui, {x, y}, width, true) + 12;
  const float tilesHeight = tiles(s, ui, {x, y}, width);
  if (tilesHeight > 0) y += tilesHeight + 12;
  for (const FactView& f : s.why.facts) {
    const float end =
        p.label(Face::Sans, size::note, x, y + 12, t.ink2, p.fit(Face::Sans, size::note, f.name, width * 0.62f));
    const std::string value = p.fit(Face::Mono, size::note, f.value, x + width - end - 12);
    p.label(Face::Mono, size::note, x + width, y + 12, f.tone == Tone::Plain ? t.ink : ink(t, f.tone), value,
            Align::Right);
    y += 24;
    p.lineTo({x, y - 0.5f}, {x + width, y - 0.5f}, t.line);
  }
  if (!s.why.facts.empty()) y += 12;
  if (!s.why.diff.empty()) y += diff(s, ui, {x, y}, width) + 14;
  if (!s.why.next.empty()) {
    const float end = p.label(Face::Sans, size::note, x, y + 10, t.ink3, ui.word(Text::Next)) + 12;
    y +=
        links(ui, s.why.next, {Face::Sans, size::note, size::note, 20}, {end, y}, x + width - end, t.ink2, "next:") + 4;
  }
  if (!s.why.waysOut.empty()) {
    p.lineTo({box.x, y + 8.5f}, {box.right(), y + 8.5f}, t.line);
    y += 20;
    y += waysOut(s, ui, {x, y}, width);
  }
  ui.end({x, y + 2});
}

}  // namespace web
