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

constexpr float lineHeight = 18, errorHeight = 26, gutter = 44, footerHeight = 48, tabsHeight = 36;

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
    if (at <= line && at != last) y += errorHeight;
    last = at;
  }
  return y;
}

int lineAt(const Manifest& m, float y) {
  int line = std::clamp(int(y / lineHeight), 0, m.buffer.lines() - 1);
  while (line > 0 && rowOf(m, line) > y) line--;
  return line;
}

float xOf(const Painter& p, std::string_view line, size_t bytes) {
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
  const std::string_view l = m.buffer.line(i);
  size_t at = 0;
  while (at < l.size()) {
    const size_t next = utf8::next(l, at);
    if (x < (xOf(p, l, at) + xOf(p, l, next)) / 2) break;
    at = next;
  }
  return m.buffer.lineStart(i) + at;
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
  std::vector<std::string> names;
  float used = 16;
  for (const Manifest& m : shell.manifests) {
    names.push_back(p.fit(Face::Sans, size::note, m.name, 120));
    used += p.measure(Face::Sans, size::note, names.back()) + 20;
  }
  p.pushClip({box.x, box.y, box.w - 40, tabsHeight});
  const int before = shell.manifest;
  ui.tabs("file", {box.x + 16, box.y}, tabsHeight, names, shell.manifest);
  if (before != shell.manifest) release();
  if (box.x + used + 12 < box.right() - 60) {
    const Box plus{box.x + used - 2, box.y + 4, 28, 28};
    const Hit add = ui.item("file:new", plus);
    if (add.hovered) p.fillBox(plus, t.sunk, 6), ui.tooltip(ui.word(Text::NewManifest));
    icon(p, Icon::Plus, {plus.cx(), plus.cy()}, t.ink3);
    if (add.clicked) {
      shell.manifests.push_back(
          {"manifest-" + std::to_string(shell.manifests.size() + 1) + ".yaml", TextBuffer{}, {}, -1, {}});
      shell.manifest = int(shell.manifests.size()) - 1;
    }
  }
  p.popClip();
  p.lineTo({box.x, box.y + 35.5f}, {box.right(), box.y + 35.5f}, t.line);
  Manifest& m = shell.manifests[size_t(shell.manifest)];
  text(m, shell, ui, {box.x, box.y + tabsHeight, box.w, box.h - tabsHeight - footerHeight});
  footer(s, m, ui, {box.x, box.bottom() - footerHeight, box.w, footerHeight});
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
  highlight(l, tokens_);
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

float Editor::errors(const Manifest& m, Ui& ui, ImguiPainter& p, int i, float y, const Box& box) {
  const Theme& t = ui.theme;
  const ManifestError& e = *errorAt(m, i);
  const std::string_view l = m.buffer.line(i);
  const float x0 = box.x - ImGui::GetScrollX() + gutter;
  size_t from = std::min(l.find_first_not_of(' '), l.size()), to = l.size();
  if (e.column > 0) from = utf8::offset(l, size_t(e.column - 1));
  highlight(l, tokens_);
  for (const TokenSpan& k : tokens_)
    if (k.from <= from && from < k.to) from = k.from, to = k.to;
  if (to > from) p.underWave(x0 + xOf(p, l, from), x0 + xOf(p, l, to), y + 17, t.bad);
  const Box row{box.x, y + lineHeight, box.w, errorHeight};
  p.fillBox(row, t.badTint);
  p.fillBox({row.x, row.y, 3, row.h}, t.bad);
  icon(p, Icon::Warning, {row.x + 24, row.cy()}, t.bad);
  const std::string shown = p.fit(Face::Sans, size::note, e.message, box.w - 56);
  p.label(Face::Sans, size::note, row.x + 44, row.cy(), t.bad, shown);
  if (shown != e.message && ImGui::IsMouseHoveringRect({row.x, row.y}, {row.right(), row.bottom()}))
    ui.tooltip(e.message);
  return errorHeight;
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
    note = m.errors.size() == 1 ? ui.word(Text::ErrorLine, {line}) : ui.word(Text::ErrorsLine, {count, line});
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
