// kubectl at the left bottom: what was typed and answered, and a line to type the next command. Works as terminals do:
// what was said can be selected and copied, the wheel and Page Up look back, Ctrl+C stops what runs.
#include <algorithm>
#include <cmath>
#include <utility>

#include "imgui.h"
#include "web/editor/keys.hpp"
#include "web/platform.hpp"
#include "web/views/views.hpp"

namespace web {
namespace {

constexpr float margin = 16;

Color colorOf(const Theme& t, ConsoleLine::Kind k) {
  return k == ConsoleLine::Command  ? t.ink
         : k == ConsoleLine::Header ? t.ink3
         : k == ConsoleLine::Error  ? t.bad
                                    : t.ink2;
}

}  // namespace

bool Console::complete(Commands& commands) {
  if (!typing_ || input_.text().empty()) return false;
  commands.push_back({Command::Complete, {}, input_.text().substr(0, input_.caret()), 0});
  return true;
}

// Keys of the line that is typed: Enter, the history, completion, Ctrl+C, Ctrl+L, Ctrl+R, and those that look back.
void Console::keys(Shell& shell, Ui& ui, float page) {
  const bool ctrl = ImGui::GetIO().KeyCtrl;
  if (ctrl && ImGui::IsKeyPressed(ImGuiKey_C, false) && !input_.selecting()) {
    if (selecting()) {  // once: the next Ctrl+C is for what runs
      ImGui::SetClipboardText(selected(shell).c_str());
      anchor_ = caret_;
      return;
    }
    pending_.clear();
    ui.command(Command::Interrupt, input_.text());
    input_.reset({});
    recalled_ = -1;
    follow_ = true;
    return;
  }
  if (ctrl && ImGui::IsKeyPressed(ImGuiKey_L, false)) return shell.console.clear();
  if (ctrl && ImGui::IsKeyPressed(ImGuiKey_R, false)) return search(shell);
  if (ctrl && ImGui::IsKeyPressed(ImGuiKey_V, false)) return paste(shell);
  const int pages = int(ImGui::IsKeyPressed(ImGuiKey_PageDown)) - int(ImGui::IsKeyPressed(ImGuiKey_PageUp));
  if (pages != 0) ImGui::SetScrollY(std::max(0.f, ImGui::GetScrollY() + float(pages) * page)), host::wake();
  if (!shell.completion.empty()) input_.insert(std::exchange(shell.completion, {})), follow_ = true;
  const KeyResult keys = typeInto(input_, true);
  if (keys.moved) changedAt_ = host::seconds(), follow_ = true, anchor_ = caret_;
  const int count = int(shell.history.size());
  const int step = int(ImGui::IsKeyPressed(ImGuiKey_DownArrow)) - int(ImGui::IsKeyPressed(ImGuiKey_UpArrow));
  if (step != 0 && count > 0) recall(shell, std::clamp((recalled_ < 0 ? count : recalled_) + step, 0, count));
  if (keys.submitted) submit(shell);
}

void Console::submit(Shell& shell) {
  pending_.push_back(input_.text());
  if (!input_.text().empty()) shell.history.push_back(input_.text());
  input_.reset({});
  recalled_ = -1;
  follow_ = true;
}

// All lines but the last are entered.
void Console::paste(Shell& shell) {
  const char* clip = ImGui::GetClipboardText();
  std::string_view left = clip ? clip : "";
  for (size_t end; (end = left.find('\n')) != left.npos; left.remove_prefix(end + 1)) {
    input_.insert(left.substr(0, end));
    submit(shell);
  }
  input_.insert(left);
  changedAt_ = host::seconds();
  follow_ = true;
}

void Console::recall(const Shell& shell, int index) {
  const int count = int(shell.history.size());
  if (recalled_ < 0 || recalled_ == count) draft_ = input_.text();
  recalled_ = index;
  input_.reset(index < count ? shell.history[size_t(index)] : draft_);
  input_.moveTo(input_.text().size(), false);
  follow_ = true;
}

// Ctrl+R: the next older line of the history that holds what is typed.
void Console::search(const Shell& shell) {
  int from = recalled_ < 0 ? int(shell.history.size()) : recalled_;
  if (recalled_ < 0 || sought_.empty()) sought_ = input_.text();
  while (from-- > 0)
    if (shell.history[size_t(from)].find(sought_) != std::string::npos) return recall(shell, from);
}

size_t Console::rowOf(const Painter& p, std::string_view text) const {
  const float cell = p.measure(Face::Mono, size::note, "0");
  if (float(text.size()) * cell <= room_) return text.size();
  // The rows of a table keep their columns, and are looked at sideways.
  const size_t words = text.find_first_not_of(' ');
  if (words != text.npos && text.find("   ", words) != text.npos) return text.size();
  text = text.substr(0, 4 * size_t(std::max(room_ / cell, 1.f)) + 4);
  size_t end = p.byteAt(Face::Mono, size::note, text, room_ - cell / 2);
  if (end == 0) end = 1;
  while (end < text.size() && (text[end] & 0xc0) == 0x80) end++;  // never within a letter
  return end;
}

float Console::heightOf(const Painter& p, const ConsoleLine& l) const {
  float height = l.kind == ConsoleLine::Command ? 18 : 16;
  std::string_view left = l.text;
  for (size_t n; (n = rowOf(p, left)) < left.size(); left.remove_prefix(n)) height += 16;
  return height;
}

Console::Mark Console::markAt(const Shell& shell, const Painter& p, Point inside) const {
  float y = 4;
  for (size_t i = 0; i < shell.console.size(); i++) {
    const ConsoleLine& l = shell.console[i];
    float row = y + 16;
    y += heightOf(p, l);
    if (inside.y >= y) continue;
    std::string_view left = l.text;
    for (size_t n; row <= inside.y && (n = rowOf(p, left)) < left.size(); row += 16) left.remove_prefix(n);
    return {i, l.text.size() - left.size() +
                   p.byteAt(Face::Mono, size::note, left.substr(0, rowOf(p, left)), inside.x - margin)};
  }
  return {shell.console.size(), 0};
}

std::string Console::selected(const Shell& shell) const {
  const Mark from = std::min(anchor_, caret_), to = std::max(anchor_, caret_);
  std::string out;
  for (size_t i = from.line; i <= to.line && i < shell.console.size(); i++) {
    const std::string_view l = shell.console[i].text;
    const size_t first = i == from.line ? std::min(from.byte, l.size()) : 0;
    out += l.substr(first, i == to.line ? to.byte - std::min(to.byte, first) : l.npos);
    if (i < to.line) out += '\n';
  }
  return out;
}

// `typedAt`: where the typed text begins.
void Console::pointer(const Shell& shell, Ui& ui, const Box& area, Point origin, Point typedAt, bool hovered) {
  const ImGuiIO& io = ImGui::GetIO();
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) drag_ = Drag::None;
  const bool pressed = hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  if (!pressed && drag_ == Drag::None) return;
  const ImguiPainter p = ui.painter();
  const Point at{io.MousePos.x, io.MousePos.y};
  const size_t typed = p.byteAt(Face::Mono, size::note, input_.text(), at.x - typedAt.x);
  const Mark mark = markAt(shell, p, {at.x - origin.x, at.y - origin.y});
  if (pressed) {
    typing_ = true;
    ui.focus.id = "console:input";
    ui.focus.visible = false;
    changedAt_ = host::seconds();
    drag_ = at.y >= typedAt.y ? Drag::Typed : Drag::Said;
    const int clicks = io.MouseClickedCount[0];
    caret_ = mark;
    if (!io.KeyShift || drag_ == Drag::Typed) anchor_ = mark;
    if (drag_ == Drag::Typed) {
      clicks == 1 ? input_.moveTo(typed, io.KeyShift) : clicks == 2 ? input_.selectWord(typed) : input_.selectAll();
    } else if (clicks > 1 && mark.line < shell.console.size()) {  // a word, or the line
      const std::string& l = shell.console[mark.line].text;
      const size_t before = clicks == 2 && mark.byte > 0 ? l.find_last_of(' ', mark.byte - 1) : l.npos;
      anchor_.byte = before == l.npos ? 0 : before + 1;
      caret_.byte = clicks == 2 ? std::min(l.find(' ', mark.byte), l.size()) : l.size();
    }
    return;
  }
  if (io.MouseDelta.x == 0 && io.MouseDelta.y == 0 && area.contains(at)) return;
  if (drag_ == Drag::Typed) return input_.moveTo(typed, true);
  caret_ = mark;
  const float beyond = at.y < area.y ? at.y - area.y : std::max(0.f, at.y - area.bottom());
  if (beyond != 0) ImGui::SetScrollY(std::max(0.f, ImGui::GetScrollY() + beyond / 4)), host::wake();
}

// The bar above: folds the console, and is dragged (or moved by the arrows) for more room.
void Console::head(Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, t.line);
  p.label(Face::Sans, size::note, box.x + margin, box.y + 16, t.ink2, "kubectl");
  const Box fold{box.right() - 36, box.y + 2, 28, 28};
  if (shell.consoleOpen) {
    const Hit size = ui.item("console:size", {box.x, box.y, box.w - 44, 28}, 2);
    if (size.hovered || size.held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
    if (size.held) wanted = std::max(64.f, wanted - ImGui::GetIO().MouseDelta.y);
    if (size.focused && ui.focus.visible)
      wanted += 24.f * float(int(ImGui::IsKeyPressed(ImGuiKey_UpArrow)) - int(ImGui::IsKeyPressed(ImGuiKey_DownArrow)));
    if (size.held || size.focused) wanted = std::clamp(wanted, 64.f, ImGui::GetIO().DisplaySize.y);
  }
  const Hit hit = ui.item("console:fold", fold);
  if (hit.clicked) shell.consoleOpen = !shell.consoleOpen;
  if (hit.hovered) ui.tooltip(ui.word(shell.consoleOpen ? Text::Collapse : Text::Expand));
  icon(p, shell.consoleOpen ? Icon::ChevronDown : Icon::ChevronLeft, {fold.cx(), fold.cy()}, t.ink3);
}

void Console::draw(Shell& shell, Ui& ui, const Box& box) {
  const Theme& t = ui.theme;
  ui.painter().fillBox(box, t.sunk);
  head(shell, ui, box);
  if (!pending_.empty() && !shell.waits) {
    ui.command(Command::Line, pending_.front());
    pending_.erase(pending_.begin());
    host::wake();
  }
  if (!shell.consoleOpen) return;

  const Box area{box.x, box.y + 30, box.w, box.h - 32};
  const Point origin = ui.begin("console", area, true);
  const Hit hit = ui.item("console:input", {area.x, area.y, area.w - 10, area.h - 10}, 2);
  if (hit.clicked || (hit.focused && ui.focus.visible && ui.focus.moved)) typing_ = true, changedAt_ = host::seconds();
  if (ui.focus.id != "console:input" || !shell.focused) typing_ = false;
  if (hit.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  if (typing_) keys(shell, ui, area.h - 20);
  ImguiPainter in = ui.painter();
  const auto width = [&](std::string_view s) { return in.measure(Face::Mono, size::note, s); };
  const auto chosen = [&](float x, float y, float w, float h) {
    in.fillBox({x, y, w, h}, mixed(t.sunk, t.now, typing_ ? 0.26f : 0.14f));
  };
  const Mark from = std::min(anchor_, caret_), to = std::max(anchor_, caret_);
  const float left = origin.x + margin;
  room_ = area.w - 2 * margin - 10;
  // A row of line i, whose text begins at a byte.
  float widest = 0;
  const auto row = [&](size_t i, size_t begin, std::string_view text, float top, float height) {
    if (selecting() && from.line <= i && i <= to.line) {
      const size_t first = i == from.line ? std::clamp(from.byte, begin, begin + text.size()) - begin : 0;
      const size_t last = i == to.line ? std::clamp(to.byte, begin, begin + text.size()) - begin : text.size();
      const float a = width(text.substr(0, first)), b = width(text.substr(0, last)) + (i == to.line ? 0.f : 6.f);
      if (last > first || i < to.line) chosen(left + a, top, b - a, height);
    }
    in.label(Face::Mono, size::note, left, top + 8, colorOf(t, shell.console[i].kind), text);
    widest = std::max(widest, width(text));
  };
  float y = origin.y + 4;
  for (size_t i = 0; i < shell.console.size(); i++) {
    const ConsoleLine& l = shell.console[i];
    const float height = heightOf(in, l);
    if (y + height >= area.y && y < area.bottom()) {
      std::string_view rest = l.text;
      float top = y;
      for (size_t n; (n = rowOf(in, rest)) < rest.size(); rest.remove_prefix(n), top += 16)
        row(i, l.text.size() - rest.size(), rest.substr(0, n), top, 16);
      row(i, l.text.size() - rest.size(), rest, top, y + height - top);
    }
    y += height;
  }
  // What is typed stands behind the prompt; that of a program in a container is the last line of what it said.
  const bool open = !shell.console.empty() && shell.console.back().open;
  if (open) y -= 17;
  std::string_view prompt = open ? std::string_view(shell.console.back().text) : std::string_view(shell.prompt);
  if (open) {
    for (size_t n; (n = rowOf(in, prompt)) < prompt.size();) prompt.remove_prefix(n);
  }
  if (!open) in.label(Face::Mono, size::note, left, y + 9, t.ink3, prompt);
  const float x = left + width(prompt);
  pointer(shell, ui, area, origin, {x, y}, hit.hovered);
  const std::string_view typed = input_.text();
  if (input_.selecting()) {
    const float a = width(typed.substr(0, input_.selectionStart()));
    chosen(x + a, y, width(typed.substr(0, input_.selectionEnd())) - a, 18);
  }
  in.label(Face::Mono, size::note, x, y + 9, t.ink, typed);
  if (typed.empty() && !typing_) in.label(Face::Mono, size::note, x, y + 9, t.ink3, ui.word(Text::KubectlHint));
  const float caret = x + width(typed.substr(0, input_.caret()));
  if (typing_) {
    if (caretBlink(host::seconds() - changedAt_, shell.calm)) in.fillBox({std::round(caret), y + 1, 1.5f, 16}, t.now);
    wantText({caret, y + 1}, 16, true);
  }
  // What comes new is followed, unless someone looks back.
  if (lines_ != shell.console.size()) {
    follow_ |= ImGui::GetScrollY() > ImGui::GetScrollMaxY() - 40;
    lines_ = shell.console.size();
  }
  if (std::exchange(follow_, false)) {
    ImGui::SetScrollY(std::max(0.f, y + 30 - origin.y - area.h));
    const float room = area.w - margin - 24, at = caret - origin.x;
    if (at - ImGui::GetScrollX() > room) ImGui::SetScrollX(at - room);
    if (at - ImGui::GetScrollX() < margin + 40) ImGui::SetScrollX(std::max(0.f, at - room));
    host::wake();
  }
  ui.end({origin.x + 32 + std::max(widest, caret - origin.x), y + 24});
}

}  // namespace web
