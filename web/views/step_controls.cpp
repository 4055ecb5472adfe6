#include "web/views/views.hpp"

namespace web {
namespace {

// What an icon stands for, as a tooltip.
ButtonLook named(Ui& ui, Text name, bool disabled = false, ButtonLook look = {}) {
  look.tip = ui.word(name);
  look.disabled = disabled;
  return look;
}

// Play or pause.
void play(const Shell& shell, Ui& ui, const Box& box, ButtonLook look = {}) {
  look.on = shell.playing;
  if (ui.button("play", box, shell.playing ? Icon::Pause : Icon::Play, {},
                named(ui, shell.playing ? Text::Pause : Text::Play, false, look)))
    ui.command(Command::TogglePlay);
}

}  // namespace

float StepControls::draw(const Snapshot& s, const Shell& shell, Ui& ui, Point at) {
  const float y = at.y - 16;
  if (ui.button("restart", {at.x, y, 32, 32}, Icon::Restart, {}, named(ui, Text::Restart, s.length == 0)))
    ui.command(Command::Restart);
  if (ui.button("back", {at.x + 40, y, 32, 32}, Icon::Back, {}, named(ui, Text::Back, s.cursor == 0)))
    ui.command(Command::Back);
  play(shell, ui, {at.x + 76, y, 32, 32});
  if (ui.button("step", {at.x + 112, y, 84, 32}, Icon::Step, ui.word(Text::Step), {.primary = true}))
    ui.command(Command::Step);
  if (ui.button("rest", {at.x + 200, y, 40, 32}, Icon::Rest, {}, named(ui, Text::Rest))) ui.command(Command::Rest);
  return at.x + 240;
}

void StepControls::drawEmbed(const Snapshot& s, const Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, t.line);
  const float y = box.y + 16, x = box.x + 16;
  if (ui.button("back", {x, y, 32, 32}, Icon::Back, {}, named(ui, Text::Back, s.cursor == 0)))
    ui.command(Command::Back);
  play(shell, ui, {x + 36, y, 32, 32});
  if (ui.button("step", {x + 72, y, 76, 32}, Icon::Step, ui.word(Text::Step), {.primary = true}))
    ui.command(Command::Step);
  const float divider = box.right() - 99.5f;
  p.lineTo({divider, y}, {divider, y + 32}, t.line);
  const RichStyle style{.face = Face::Sans, .em = size::body, .monoEm = size::note, .line = 20};
  std::vector<Span> why = s.why.sentence;
  if (why.empty()) why = {{ui.word(Text::NothingYet), false, {}}};
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
    const ButtonLook bare{.bare = true};
    if (ui.button("restart", {last.x, last.y, 32, 28}, Icon::Restart, {},
                  named(ui, Text::Restart, s.length == 0, bare)))
      ui.command(Command::Restart);
    if (ui.button("rest", {last.x + 44, last.y, 32, 28}, Icon::Rest, {}, named(ui, Text::Rest, false, bare)))
      ui.command(Command::Rest);
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
  play(shell, ui, {x + 112, y, 48, 48}, look);
  const ButtonLook primary{.primary = true, .radius = 10, .em = size::lesson};
  if (ui.button("step", {x + 168, y, end - 56 - x - 168, 48}, Icon::Step, ui.word(Text::Step), primary))
    ui.command(Command::Step);
  if (ui.button("rest", {end - 48, y, 48, 48}, Icon::Rest, {}, look)) ui.command(Command::Rest);
}

}  // namespace web
