#include "web/views/views.hpp"

namespace web {
namespace {

// One button with its name as a tooltip.
bool control(Ui& ui, const char* id, const Box& box, Icon i, Text name, ButtonLook look = {}) {
  const bool clicked = ui.button(id, box, i, {}, look);
  return clicked;
  (void)name;
}

}  // namespace

float StepControls::draw(const Snapshot& s, const Shell& shell, Ui& ui, Point at) {
  const float y = at.y - 16;
  const ButtonLook off{.disabled = true}, on{};
  const bool start = s.cursor == 0;
  if (control(ui, "restart", {at.x, y, 32, 32}, Icon::Restart, Text::Restart, s.length == 0 ? off : on))
    ui.command(Command::Restart);
  if (control(ui, "back", {at.x + 40, y, 32, 32}, Icon::Back, Text::Back, start ? off : on)) ui.command(Command::Back);
  if (control(ui, "play", {at.x + 76, y, 32, 32}, shell.playing ? Icon::Pause : Icon::Play, Text::Play,
              {.on = shell.playing}))
    ui.command(Command::TogglePlay);
  const ButtonLook primary{.primary = true};
  if (ui.button("step", {at.x + 112, y, 84, 32}, Icon::Step, ui.word(Text::Step), primary)) ui.command(Command::Step);
  if (control(ui, "rest", {at.x + 200, y, 40, 32}, Icon::Rest, Text::Rest)) ui.command(Command::Rest);
  return at.x + 240;
}

void StepControls::drawEmbed(const Snapshot& s, const Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, t.line);
  const float y = box.y + 16, x = box.x + 16;
  if (ui.button("back", {x, y, 32, 32}, Icon::Back, {}, {.disabled = s.cursor == 0})) ui.command(Command::Back);
  if (ui.button("play", {x + 36, y, 32, 32}, shell.playing ? Icon::Pause : Icon::Play, {}, {.on = shell.playing}))
    ui.command(Command::TogglePlay);
  if (ui.button("step", {x + 72, y, 76, 32}, Icon::Step, ui.word(Text::Step), {.primary = true}))
    ui.command(Command::Step);
  const float divider = box.right() - 99.5f;
  p.lineTo({divider, y}, {divider, y + 32}, t.line);
  const RichStyle style{.face = Face::Sans, .em = size::body, .monoEm = size::note, .line = 20};
  const std::vector<Span>& why = s.why.sentence;
  const RichText rich = layoutRich(why, style, {box.x + 180, box.y + 12}, divider - 16 - box.x - 180, p);
  p.pushClip({box.x + 180, box.y + 4, divider - box.x - 188, box.h - 8});
  const float up = rich.lines == 1 ? 10.f : 0.f;
  RichText moved = rich;
  for (RichPiece& piece : moved.pieces) piece.box.y += up;
  paint(moved, why, style, p, t.ink);
  p.popClip();
  p.label(Face::Sans, size::note, box.right() - 16, box.y + 24, t.ink3,
          ui.word(Text::StepNumber, {std::to_string(s.cursor)}), Align::Right);
  if (shell.mode == Mode::Full) {  // the page itself: there is no other to open
    const Box last{divider + 12, box.y + 32, 80, 28};
    if (ui.button("restart", {last.x, last.y, 32, 28}, Icon::Restart, {}, {.bare = true, .disabled = s.length == 0}))
      ui.command(Command::Restart);
    if (ui.button("rest", {last.x + 44, last.y, 32, 28}, Icon::Rest, {}, {.bare = true})) ui.command(Command::Rest);
    return;
  }
  const Hit open = ui.item("open", {divider + 8, box.y + 32, 84, 28});
  const Color c = open.hovered ? t.ink : t.ink2;
  p.label(Face::Sans, size::note, box.right() - 36, box.y + 42, c, ui.word(Text::Ordinal), Align::Right);
  icon(p, Icon::External, {box.right() - 24, box.y + 42}, c);
  if (open.clicked) ui.command(Command::OpenSite);
}

void StepControls::drawPhone(const Snapshot& s, const Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  p.fillBox(box, ui.theme.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, ui.theme.line);
  const ButtonLook look{.radius = 10}, off{.disabled = true, .radius = 10};
  const float x = box.x + 16, y = box.y + 14, end = box.right() - 16;
  if (ui.button("restart", {x, y, 48, 48}, Icon::Restart, {}, s.length == 0 ? off : look)) ui.command(Command::Restart);
  if (ui.button("back", {x + 56, y, 48, 48}, Icon::Back, {}, s.cursor == 0 ? off : look)) ui.command(Command::Back);
  if (ui.button("play", {x + 112, y, 48, 48}, shell.playing ? Icon::Pause : Icon::Play, {}, look))
    ui.command(Command::TogglePlay);
  const ButtonLook primary{.primary = true, .radius = 10, .em = size::lesson};
  if (ui.button("step", {x + 168, y, end - 56 - x - 168, 48}, Icon::Step, ui.word(Text::Step), primary))
    ui.command(Command::Step);
  if (ui.button("rest", {end - 48, y, 48, 48}, Icon::Rest, {}, look)) ui.command(Command::Rest);
}

}  // namespace web
