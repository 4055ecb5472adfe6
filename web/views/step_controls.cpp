#include <algorithm>

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

// The sentence of an embed: in two lines, or in three small ones where it is long.
void sentence(const Snapshot& s, Ui& ui, const Box& box, float middle) {
  ImguiPainter p = ui.painter();
  RichStyle style{.face = Face::Sans, .em = size::body, .monoEm = size::note, .line = 20};
  std::vector<Span> why = s.why.sentence;
  if (why.empty()) why = {{ui.word(Text::NothingYet), false, {}}};
  RichText rich = layoutRich(why, style, {box.x, box.y}, box.w, p);
  if (rich.height > box.h)
    style.em = style.monoEm = size::note, style.line = 15, rich = layoutRich(why, style, {box.x, box.y}, box.w, p);
  p.pushClip(box);
  const float up = std::max(0.f, (box.h - rich.height) * middle);
  for (RichPiece& piece : rich.pieces) piece.box.y += up;
  paint(rich, why, style, p, ui.theme.ink);
  p.popClip();
}

// To the page of its own, with this session.
void openLink(Ui& ui, float right, float cy) {
  const Hit open = ui.item("open", {right - 76, cy - 14, 84, 28});
  const Color c = open.hovered ? ui.theme.ink : ui.theme.ink2;
  ImguiPainter p = ui.painter();
  p.label(Face::Sans, size::note, right - 20, cy, c, ui.word(Text::Ordinal), Align::Right);
  icon(p, Icon::External, {right - 8, cy}, c);
  if (open.clicked) ui.command(Command::OpenSite);
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
  sentence(s, ui, {box.x + 180, box.y + 2, divider - 16 - box.x - 180, box.h - 4}, 0.5f);
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
  openLink(ui, box.right() - 16, box.y + 42);
}

// A narrow embed: the sentence, where it stands, the buttons of a phone.
void StepControls::drawPhoneEmbed(const Snapshot& s, const Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  p.fillBox(box, ui.theme.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, ui.theme.line);
  sentence(s, ui, {box.x + 16, box.y + 10, box.w - 32, 64}, 0);
  const float cy = box.bottom() - 80;
  p.label(Face::Sans, size::note, box.x + 16, cy, ui.theme.ink3, ui.word(Text::StepNumber, {std::to_string(s.cursor)}));
  openLink(ui, box.right() - 16, cy);
  drawPhone(s, shell, ui, {box.x, box.bottom() - 64, box.w, 64});
}

void StepControls::drawPhone(const Snapshot& s, const Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  p.fillBox(box, ui.theme.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, ui.theme.line);
  const ButtonLook look{.radius = 10}, off{.disabled = true, .radius = 10};
  const float x = box.x + 16, y = box.y + std::min(14.f, (box.h - 48) / 2), end = box.right() - 16;
  if (ui.button("restart", {x, y, 48, 48}, Icon::Restart, {}, s.length == 0 ? off : look)) ui.command(Command::Restart);
  if (ui.button("back", {x + 56, y, 48, 48}, Icon::Back, {}, s.cursor == 0 ? off : look)) ui.command(Command::Back);
  play(shell, ui, {x + 112, y, 48, 48}, look);
  const ButtonLook primary{.primary = true, .radius = 10, .em = size::lesson};
  if (ui.button("step", {x + 168, y, end - 56 - x - 168, 48}, Icon::Step, ui.word(Text::Step), primary))
    ui.command(Command::Step);
  if (ui.button("rest", {end - 48, y, 48, 48}, Icon::Rest, {}, look)) ui.command(Command::Rest);
}

}  // namespace web
