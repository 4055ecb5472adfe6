// The manifest editor on the canvas: tabs, line numbers, YAML colours, errors under their lines, caret and selection,
// and the row with Apply and Revert below.
#include <algorithm>
#include <cmath>

#include "imgui.h"
#include "web/editor/keys.hpp"
#include "web/paint/fonts.hpp"
#include "web/platform.hpp"
#include "web/utf8.hpp"
#include "web/views/views.hpp"

namespace web {
namespace {

constexpr float lineHeight = 18, gutter = 44, footerHeight = 48, tabsHeight = 36;

const ManifestError* errorAt(const Manifest& m, int line) {
  for (const ManifestError& e : m.errors)
    if (std::clamp(e.line, 1, m.buffer.lines()) == line + 1) return &e;
  return nullptr;
}

// Errors take a row under their line, so rows and lines differ.
float rowOf(const Manifest& m, int line) {
  float y = float(line) * lineHeight;
  int last = -1;
  for (const ManifestError& e : m.errors) {
    const int at = std::clamp(e.line, 1, m.buffer.lines());
    if (at <= line && at != last) y += e.height;
    last = at;
  }
  return y;
}

int lineAt(const Manifest& m, float y) {
  int line = std::clamp(int(y / lineHeight), 0, m.buffer.lines() - 1);
  while (line > 0 && rowOf(m, line) > y) line--;
  return line;
}

// Its message, with names in backquotes set as code.
const RichStyle messageStyle{Face::Sans, size::note, size::note, lineHeight};
std::vector<Span> messageOf(const ManifestError& e) {
  std::vector<Span> out;
  for (size_t from = 0; from <= e.message.size(); out.back().mono = out.size() % 2 == 0) {
    const size_t to = std::min(e.message.find('`', from), e.message.size());
    out.push_back({e.message.substr(from, to - from), false, {}});
    from = to + 1;
  }
  return out;
}

// Lines of megabytes are counted, not measured, and coloured at their beginning only.
constexpr size_t longLine = 4000;

float xOf(const Painter& p, std::string_view line, size_t bytes) {
  if (bytes > longLine) return p.measure(Face::Mono, size::note, "0") * float(utf8::length(line.substr(0, bytes)));
  return p.measure(Face::Mono, size::note, line.substr(0, bytes));
}

Color colorOf(const Theme& t, Token k) {
  switch (k) {
    case Token::Key: return t.yamlKey;
    case Token::Value: return t.yamlValue;
    case Token::Number: return t.yamlNumber;
    default: return t.yamlPunctuation;
  }
}

size_t hit(const Manifest& m, const Painter& p, float x, float y) {
  const int i = lineAt(m, y);
  return m.buffer.lineStart(i) + p.byteAt(Face::Mono, size::note, m.buffer.line(i), x);
}

}  // namespace

void Editor::tabKey(Shell& s, bool back) {
  if (s.manifests.empty()) return;
  s.manifests[size_t(s.manifest)].buffer.indent(back);
  changedAt_ = host::seconds();
  reveal_ = true;
}

void Editor::draw(const Snapshot& s, Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  if (shell.manifests.empty()) shell.manifests.push_back({"web.yaml", TextBuffer{}, {}, -1, {}});
  shell.manifest = std::clamp(shell.manifest, 0, int(shell.manifests.size()) - 1);
  tabs(shell, ui, {box.x, box.y, box.w - 40, tabsHeight});
  p.lineTo({box.x, box.y + 35.5f}, {box.right(), box.y + 35.5f}, t.line);
  Manifest& m = shell.manifests[size_t(shell.manifest)];
  text(m, shell, ui, {box.x, box.y + tabsHeight, box.w, box.h - tabsHeight - footerHeight});
  footer(s, m, ui, {box.x, box.bottom() - footerHeight, box.w, footerHeight});
}

// The open manifests, the chosen one in view, and what opens or closes one.
void Editor::tabs(Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const bool several = shell.manifests.size() > 1;
  const float room = box.w - 16 - (several ? 60 : 30);
  float natural = 0;
  for (const Manifest& m : shell.manifests) natural += p.measure(Face::Sans, size::note, m.name) + 20;
  const float each = natural <= room ? room : room / float(shell.manifests.size()) - 20;
  std::vector<std::string> names;
  float used = 0, left = 0, right = 0;  // of all names; of the chosen one
  for (const Manifest& m : shell.manifests) {
    if (int(names.size()) == shell.manifest) left = used;
    names.push_back(p.fit(Face::Sans, size::note, m.name, std::max(each, 64.f)));
    used += p.measure(Face::Sans, size::note, names.back()) + 20;
    if (int(names.size()) == shell.manifest + 1) right = used;
  }
  // Of those beside the chosen one the beginning shows, to be clicked.
  const float least = std::min(right + 24, used) - room;
  shift_ = std::clamp(shift_, std::max(0.f, least), std::max({0.f, least, std::min(left - 24, used - room)}));
  p.pushClip({box.x, box.y, room + 12, box.h});
  const int before = shell.manifest;
  ui.tabs("file", {box.x + 16 - shift_, box.y}, box.h, names, shell.manifest);
  p.popClip();
  if (before != shell.manifest) release();
  const float end = box.x + 16 + std::min(used, room);
  if (ui.button("file:new", {end - 2, box.y + 4, 28, 28}, Icon::Plus, {},
                {.bare = true, .tip = ui.word(Text::NewManifest)})) {
    std::string name;
    const auto taken = [&](const Manifest& m) { return m.name == name; };
    for (int n = 2; name.empty() || std::any_of(shell.manifests.begin(), shell.manifests.end(), taken); n++)
      name = "manifest-" + std::to_string(n) + ".yaml";
    shell.manifests.push_back({name, TextBuffer{}, {}, -1, {}});
    shell.manifest = int(shell.manifests.size()) - 1;
  }
  if (several && ui.button("file:close", {end + 28, box.y + 4, 28, 28}, Icon::Close, {},
                           {.bare = true, .tip = ui.word(Text::CloseManifest)})) {
    shell.manifests.erase(shell.manifests.begin() + shell.manifest);
    shell.manifest = std::max(0, shell.manifest - 1);
    release();
  }
}

void Editor::text(Manifest& m, Shell& shell, Ui& ui, const Box& box) {
  const Point origin = ui.begin("editor", box, true);
  const float top = origin.y + 4;
  const Hit hit = ui.item("editor:text", {box.x, box.y, box.w - 10, box.h - 10}, 2);
  if (hit.clicked || (hit.focused && ui.focus.visible && ui.focus.moved)) typing_ = true, typed_ = false;
  if (ui.focus.id != "editor:text" || !shell.focused) release();
  if (hit.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  pointer(m, ui, {origin.x, top}, hit.hovered);
  if (typing_) {
    const KeyResult keys = typeInto(m.buffer, false);
    if (keys.moved) changedAt_ = host::seconds(), reveal_ = true;
    if (keys.changed) typed_ = true, m.errors.clear();
    if (keys.submitted) ui.command(Command::Apply, m.buffer.text(), {}, shell.manifest);
  }
  ImguiPainter p = ui.painter();
  for (ManifestError& e : m.errors) e.height = layoutRich(messageOf(e), messageStyle, {}, box.w - 60, p).height + 8;
  const float from = box.y - top, to = from + box.h;
  float widest = 0;
  for (int i = lineAt(m, std::max(0.f, from)); i < m.buffer.lines(); i++) {
    const float y = rowOf(m, i);
    if (y > to) break;
    line(m, ui, p, i, top + y, box);
    widest = std::max(widest, xOf(p, m.buffer.line(i), m.buffer.line(i).size()));
  }
  const TextBuffer& b = m.buffer;
  const int caretLine = b.lineOf(b.caret());
  const float cx = origin.x + gutter + xOf(p, b.line(caretLine), b.caret() - b.lineStart(caretLine)),
              cy = top + rowOf(m, caretLine);
  if (typing_) {
    if (caretBlink(host::seconds() - changedAt_, shell.calm))
      p.fillBox({std::round(cx), cy + 1, 1.5f, 16}, ui.theme.now);
    wantText({cx, cy + 1}, 16);
  }
  if (reveal_) {
    const float x = cx - origin.x, y = cy - origin.y;
    if (y - ImGui::GetScrollY() < 4) ImGui::SetScrollY(std::max(0.f, y - 8));
    if (y + lineHeight - ImGui::GetScrollY() > box.h - 8) ImGui::SetScrollY(y + lineHeight + 8 - box.h);
    if (x - ImGui::GetScrollX() < gutter) ImGui::SetScrollX(std::max(0.f, x - gutter - 40));
    if (x - ImGui::GetScrollX() > box.w - 16) ImGui::SetScrollX(x - box.w + 60);
    reveal_ = false;
  }
  // The gutter stays when long lines scroll.
  ui.end({origin.x + gutter + widest + 12, top + rowOf(m, b.lines())});
}

void Editor::pointer(Manifest& m, Ui& ui, Point origin, bool hovered) {
  const ImGuiIO& io = ImGui::GetIO();
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) dragging_ = false;
  const bool pressed = hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  if (!pressed && !dragging_) return;
  ImguiPainter p = ui.painter();
  const size_t at = hit(m, p, io.MousePos.x - origin.x - gutter, io.MousePos.y - origin.y);
  if (pressed) {
    typing_ = dragging_ = true;
    typed_ = false;
    ui.focus.id = "editor:text";
    ui.focus.visible = false;
    changedAt_ = host::seconds();
    const int clicks = io.MouseClickedCount[0];
    if (clicks == 2)
      m.buffer.selectWord(at);
    else if (clicks >= 3)
      m.buffer.selectLine(at);
    else
      m.buffer.moveTo(at, io.KeyShift);
  } else if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0) {
    m.buffer.moveTo(at, true);
    reveal_ = true;
  }
}

void Editor::line(Manifest& m, Ui& ui, ImguiPainter& p, int i, float y, const Box& box) {
  const Theme& t = ui.theme;
  const TextBuffer& b = m.buffer;
  const std::string_view l = b.line(i);
  const ManifestError* error = errorAt(m, i);
  const float x0 = box.x - ImGui::GetScrollX() + gutter, cy = y + lineHeight / 2;
  const bool current = typing_ && b.lineOf(b.caret()) == i && !b.selecting();
  if (error)
    p.fillBox({box.x, y, box.w, lineHeight}, t.badTint);
  else if (current)
    p.fillBox({box.x, y, box.w, lineHeight}, t.sunk);
  const size_t start = b.lineStart(i), from = std::max(b.selectionStart(), start),
               to = std::min(b.selectionEnd(), start + l.size() + 1);
  if (b.selecting() && from < to) {
    const float left = xOf(p, l, from - start),
                right = xOf(p, l, std::min(to - start, l.size())) + (to - start > l.size() ? 6.f : 0.f);
    p.fillBox({x0 + left, y, right - left, lineHeight}, mixed(t.panel, t.now, typing_ ? 0.26f : 0.14f));
  }
  highlight(l.substr(0, longLine), tokens_);
  for (const TokenSpan& k : tokens_) {
    const float x = x0 + xOf(p, l, k.from);
    if (x > box.right()) break;
    p.label(Face::Mono, size::note, x, cy, colorOf(t, k.token), l.substr(k.from, std::min(k.to - k.from, size_t(400))));
  }
  // Numbers last, over lines that are scrolled under them.
  p.fillBox({box.x, y, 36, lineHeight}, error ? t.badTint : current ? t.sunk : t.panel);
  p.label(Face::Mono, size::note, box.x + 32, cy, error ? t.bad : t.ink3, std::to_string(i + 1), Align::Right);
  if (error) errors(m, ui, p, i, y, box);
}

void Editor::errors(const Manifest& m, Ui& ui, ImguiPainter& p, int i, float y, const Box& box) {
  const Theme& t = ui.theme;
  const ManifestError& e = *errorAt(m, i);
  const std::string_view l = m.buffer.line(i);
  const float x0 = box.x - ImGui::GetScrollX() + gutter;
  size_t from = std::min(l.find_first_not_of(' '), l.size()), to = l.size();
  if (e.column > 0) from = utf8::offset(l, size_t(e.column - 1));
  highlight(l.substr(0, longLine), tokens_);
  for (const TokenSpan& k : tokens_)
    if (k.from <= from && from < k.to) from = k.from, to = k.to;
  if (to > from) p.underWave(x0 + xOf(p, l, from), x0 + xOf(p, l, to), y + 17, t.bad);
  const Box row{box.x, y + lineHeight, box.w, e.height};
  p.fillBox(row, t.badTint);
  p.fillBox({row.x, row.y, 3, row.h}, t.bad);
  icon(p, Icon::Warning, {row.x + 24, row.y + 13}, t.bad);
  const std::vector<Span> words = messageOf(e);
  paint(layoutRich(words, messageStyle, {row.x + 44, row.y + 4}, box.w - 60, p), words, messageStyle, p, t.bad);
}

void Editor::footer(const Snapshot&, Manifest& m, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  const bool changed = m.buffer.text() != m.applied;
  const float cy = box.cy();
  std::string note;
  Color color = t.ink2;
  if (!m.errors.empty()) {
    const std::string line = std::to_string(m.errors.front().line), count = std::to_string(m.errors.size());
    note = ui.word(Text::ErrorsLine, {count, line});
    color = t.bad;
  } else if (typing_ && typed_ && ui.focus.visible) {
    note = ui.word(Text::EscThenTab);
  } else if (m.appliedAt < 0) {
    note = m.buffer.text().empty() ? "" : ui.word(Text::NotApplied);
  } else if (changed) {
    note = ui.word(Text::Changed);
  } else {
    note = ui.word(Text::AppliedAt, {std::to_string(m.appliedAt)});
  }
  const bool revert = changed && m.appliedAt >= 0;
  float room = box.w - 16 - 96 - (revert ? 80 : 0);
  float x = box.x + 16;
  if (m.appliedAt >= 0 && !changed && m.errors.empty()) {
    icon(p, Icon::Check, {x + 6, cy}, t.ready);
    x += 20, room -= 20;
  }
  p.label(Face::Sans, size::note, x, cy, color, p.fit(Face::Sans, size::note, note, room));
  if (revert && ui.button("revert", {box.right() - 168, cy - 16, 72, 32}, ui.word(Text::Revert))) {
    m.buffer.selectAll();
    m.buffer.insert(m.applied);
    m.errors.clear();
  }
  const bool can = changed && m.errors.empty() && !m.buffer.text().empty();
  if (ui.button("apply", {box.right() - 88, cy - 16, 72, 32}, ui.word(Text::Apply), {.primary = can, .disabled = !can}))
    ui.command(Command::Apply, m.buffer.text(), {}, -1);
}

}  // namespace web
