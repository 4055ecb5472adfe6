#include <cmath>
#include <cstdio>

#include "web/views/views.hpp"

namespace web {
namespace {

std::string speedText(float v) {
  char out[16];
  std::snprintf(out, sizeof out, v < 1 ? "%.2g×" : "%.0f×", double(v));
  return out;
}

// Speeds double along the slider: ¼ to 16.
constexpr float speeds[] = {0.25f, 0.5f, 1, 2, 4, 8, 16};

void speed(Shell& s, Ui& ui, Point at) {
  const Box track{at.x, at.y - 16, 60, 32};
  const Hit hit = ui.item("speed", track, 6);
  int now = 0;
  for (int i = 0; i < int(std::size(speeds)); i++)
    if (speeds[i] <= s.speed) now = i;
  if (hit.held)
    now = int(hit.dx * 6.99f);
  else if (hit.clicked && hit.focused)
    now = (now + 1) % 7;
  s.speed = speeds[now];
  ImguiPainter p = ui.painter();
  p.lineTo({track.x, at.y}, {track.right(), at.y}, ui.theme.line2, {.width = 2, .round = true});
  const float x = now == 2 ? at.x + 24 : at.x + 4 + 52 * float(now) / 6;
  p.disk({x, at.y}, 6, ui.theme.panel);
  p.ring({x, at.y}, 6, hit.hovered || hit.held ? ui.theme.ink : ui.theme.ink2, {.width = 1.5f});
  p.label(Face::Mono, size::note, track.right() + 12, at.y, ui.theme.ink2, speedText(s.speed));
  if (hit.hovered && !hit.held) ui.tooltip(ui.word(Text::Speed));
}

void languages(Shell& s, Ui& ui, Point at) {
  ImguiPainter p = ui.painter();
  const Box box{at.x, at.y, 92, 32};
  p.fillBox(box, ui.theme.sunk, 6);
  const Text names[] = {Text::English, Text::Chinese};
  for (int i = 0; i < 2; i++) {
    const Box half{box.x + (i ? 46.f : 2.f), box.y + 2, 44, 28};
    const Hit hit = ui.item(i ? "lang:zh" : "lang:en", half, 5);
    const bool on = int(s.language) == i;
    if (on) p.card({box.x + (i ? 47.f : 2.f), box.y + 2, i ? 43.f : 36.f, 28}, ui.theme.panel, ui.theme.line2, 5);
    p.label(Face::Sans, size::note, i ? box.x + 66 : box.x + 20, box.cy(),
            on || hit.hovered ? ui.theme.ink : ui.theme.ink3, ui.word(names[i]), Align::Center);
    if (hit.clicked) ui.command(Command::Language, i ? "zh" : "en");
  }
}

}  // namespace

// Language, share and the menu as bare buttons, from the right.
void TopBar::tools(const Snapshot& s, Shell& shell, Ui& ui, Point right, float side) {
  const auto place = [&](int i) { return Box{right.x - float(i) * (side + 4) + 4, right.y - side / 2, side, side}; };
  const bool zh = shell.language == Language::Chinese;
  if (ui.button("lang", place(3), ui.word(zh ? Text::English : Text::Chinese), {.bare = true, .radius = 10}))
    ui.command(Command::Language, zh ? "en" : "zh");
  if (ui.button("share", place(2), Icon::Share, {}, {.bare = true, .radius = 10, .tip = ui.word(Text::Share)}))
    ui.command(Command::Share);
  if (ui.button("menu", place(1), Icon::Menu, {}, {.bare = true, .radius = 10, .tip = ui.word(Text::Menu)}))
    menu_.open({place(1).right(), place(1).bottom() + 4});
  menu_.draw(s, shell, ui, true);
}

void TopBar::draw(const Snapshot& s, Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  p.lineTo({box.x, box.bottom() - 0.5f}, {box.right(), box.bottom() - 0.5f}, t.line);
  const float cy = box.y + 24;
  logo(p, {box.x + 18, cy});
  float x = p.label(Face::SansBold, size::heading, box.x + 64, cy, t.ink, ui.word(Text::Ordinal));
  p.lineTo({std::floor(x + 15) + 0.5f, cy - 10}, {std::floor(x + 15) + 0.5f, cy + 10}, t.line);
  const std::string title =
      !shell.title.empty() ? shell.title : ui.word(shell.comparing && box.w < 900 ? Text::Comparison : Text::Free);
  const float titleAt = std::floor(x + 15) + 16;
  const float titleEnd = titleAt + p.measure(Face::Sans, size::body, title);
  const bool chooser = !shell.title.empty();  // a lesson has others beside it
  if (chooser) {
    const Box around{titleAt - 8, cy - 14, titleEnd - titleAt + 32, 28};
    const Hit lesson = ui.item("lesson", around, 6);
    if (lesson.hovered) p.fillBox(around, t.sunk, 6);
    icon(p, Icon::ChevronDown, {titleEnd + 12, cy}, t.ink3);
    if (lesson.clicked) ui.command(Command::Lesson);
  }
  float titleRight = titleEnd + 30;
  if (chooser) {
    p.label(Face::Sans, size::body, titleAt, cy, t.ink, title);
    if (box.w >= 1180) p.label(Face::Sans, size::note, titleEnd + 30, cy, t.ink3, shell.subtitle);
  } else if (box.w < 900) {
    p.label(Face::Sans, size::body, titleAt, cy, t.ink, title);
    if (ui.button("menu", {titleEnd + 8, cy - 16, 32, 32}, Icon::Menu, {}, {.bare = true, .tip = ui.word(Text::Menu)}))
      menu_.open({titleEnd + 8, cy + 20});
    titleRight = titleEnd + 36;
  } else {  // the canvas, or three workloads compared
    int now = shell.comparing;
    titleRight = titleAt + ui.tabs("view", {titleAt, box.y}, box.h - 1, {title, ui.word(Text::Comparison)}, now);
    if (now != int(shell.comparing)) ui.command(Command::Compare, now ? "on" : "off");
    titleRight = version(s, ui, {titleRight, cy});
  }
  menu_.draw(s, shell, ui, box.w < 900);

  // The controls sit in the middle of the window, or after the title where that is not free.
  const float from = std::max(box.x + std::floor(box.w / 2) - 178, titleRight + 14);
  const float end = StepControls().draw(s, shell, ui, {from, cy});
  const std::string steps = ui.word(Text::StepOf, {std::to_string(s.cursor), std::to_string(s.length)});
  const float right = box.right() - 16;
  const float share = 26 + p.measure(Face::Sans, size::note, ui.word(Text::Share)) + 17;
  const float languageAt = right - share - 8 - 32 - 12 - 92;
  const float after = end + 16 + p.measure(Face::Sans, size::note, steps);
  if (after + 12 < languageAt) p.label(Face::Sans, size::note, end + 16, cy, t.ink2, steps);
  if (after + 30 + 100 < languageAt) speed(shell, ui, {std::max(from + 372, after + 30), cy - 0.f});
  languages(shell, ui, {languageAt, cy - 16});
  if (ui.button("theme", {right - share - 40, cy - 16, 32, 32}, shell.dark ? Icon::Sun : Icon::Moon, {},
                {.tip = ui.word(shell.dark ? Text::ThemeLight : Text::ThemeDark)}))
    ui.command(Command::Theme, shell.dark ? "light" : "dark");
  if (ui.button("share", {right - share, cy - 16, share, 32}, Icon::Share, ui.word(Text::Share)))
    ui.command(Command::Share);
}

// Which Kubernetes is modelled; gives where the button ends.
float TopBar::version(const Snapshot& s, Ui& ui, Point at) {
  ImguiPainter p = ui.painter();
  std::string name = "v";
  for (const VersionView& v : s.versions)
    if (v.used) name += v.name;
  const float w = p.measure(Face::Mono, size::note, name) + 36;
  const Box box{at.x, at.y - 16, w, 32};
  const Hit hit = ui.item("version", box);
  p.card(box, hit.hovered ? ui.theme.sunk : ui.theme.panel, ui.theme.line, 6);
  p.label(Face::Mono, size::note, box.x + 10, at.y, ui.theme.ink2, name);
  icon(p, Icon::ChevronDown, {box.right() - 14, at.y}, ui.theme.ink3);
  if (hit.clicked) menu_.open({box.x, box.bottom() + 4});
  return box.right();
}

void TopBar::drawPhone(const Snapshot& s, Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  p.lineTo({box.x, box.bottom() - 0.5f}, {box.right(), box.bottom() - 0.5f}, t.line);
  const float cy = box.cy();
  logo(p, {box.x + 18, cy});
  const std::string title =
      !shell.title.empty() ? shell.title : ui.word(shell.comparing ? Text::Comparison : Text::Free);
  const std::string shown = p.fit(Face::SansBold, size::heading, title, box.w - 64 - 160);
  const float end = p.label(Face::SansBold, size::heading, box.x + 64, cy, t.ink, shown);
  if (!shell.title.empty()) {
    icon(p, Icon::ChevronDown, {end + 12, cy}, t.ink3);
    if (ui.item("lesson", {box.x + 56, cy - 24, end - box.x - 32, 48}).clicked) ui.command(Command::Lesson);
  }
  tools(s, shell, ui, {box.right() - 8, cy}, 40);
}

void TopBar::drawShort(const Snapshot& s, Shell& shell, Ui& ui, const Box& box, int& tab) {
  ImguiPainter p = ui.painter();
  p.fillBox(box, ui.theme.panel);
  p.lineTo({box.x, box.bottom() - 0.5f}, {box.right(), box.bottom() - 0.5f}, ui.theme.line);
  logo(p, {box.x + 16, box.cy()});
  if (shell.comparing)
    p.label(Face::Sans, size::note, box.x + 72, box.cy(), ui.theme.ink, ui.word(Text::Comparison));
  else
    ui.tabs("short", {box.x + 72, box.y}, box.h - 1,
            {ui.word(Text::Cluster), ui.word(Text::Why), ui.word(Text::Manifest), "kubectl", ui.word(Text::Timeline)},
            tab);
  tools(s, shell, ui, {box.right() - 8, box.cy()}, 34);
}

}  // namespace web
