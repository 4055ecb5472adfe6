// kubectl at the left bottom: what was typed and answered, and a line to type the next command.
#include <algorithm>
#include <cmath>
#include <utility>

#include "imgui.h"
#include "web/editor/keys.hpp"
#include "web/platform.hpp"
#include "web/views/views.hpp"

namespace web {

bool Console::complete(Commands& commands) {
  if (!typing_ || input_.text().empty()) return false;
  commands.push_back({Command::Complete, {}, input_.text().substr(0, input_.caret()), 0});
  return true;
}

// Keys of the line that is typed: Enter, the history, completion, Ctrl+C, Ctrl+L, Ctrl+R.
void Console::keys(Shell& shell, Ui& ui) {
  const bool ctrl = ImGui::GetIO().KeyCtrl;
  if (ctrl && ImGui::IsKeyPressed(ImGuiKey_C, false) && !input_.selecting()) {
    ui.command(Command::Interrupt, input_.text());
    input_.reset({});
    recalled_ = -1;
    return;
  }
  if (ctrl && ImGui::IsKeyPressed(ImGuiKey_L, false)) return shell.console.clear();
  if (ctrl && ImGui::IsKeyPressed(ImGuiKey_R, false)) return search(shell, ui);
  if (!shell.completion.empty()) input_.insert(std::exchange(shell.completion, {})), follow_ = true;
  const KeyResult keys = typeInto(input_, true);
  if (keys.moved) changedAt_ = host::seconds(), follow_ = true;
  const int count = int(shell.history.size());
  const int step = (ImGui::IsKeyPressed(ImGuiKey_UpArrow) ? -1 : 0) + (ImGui::IsKeyPressed(ImGuiKey_DownArrow) ? 1 : 0);
  if (step != 0 && count > 0) {
    recalled_ = std::clamp((recalled_ < 0 ? count : recalled_) + step, 0, count);
    input_.reset(recalled_ < count ? shell.history[size_t(recalled_)] : "");
    input_.moveTo(input_.text().size(), false);
  }
  if (!keys.submitted) return;
  ui.command(Command::Line, input_.text());
  if (!input_.text().empty()) shell.history.push_back(input_.text());
  input_.reset({});
  recalled_ = -1;
  follow_ = true;
}

// Ctrl+R: the next older line of the history that holds what is typed.
void Console::search(Shell& shell, Ui&) {
  int from = recalled_ < 0 ? int(shell.history.size()) : recalled_;
  if (recalled_ < 0 || sought_.empty()) sought_ = input_.text();
  while (from-- > 0) {
    if (shell.history[size_t(from)].find(sought_) == std::string::npos) continue;
    recalled_ = from;
    input_.reset(shell.history[size_t(from)]);
    input_.moveTo(input_.text().size(), false);
    return;
  }
}

void Console::draw(Shell& shell, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.sunk);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, t.line);
  p.label(Face::Sans, size::note, box.x + 16, box.y + 16, t.ink2, "kubectl");
  const Box fold{box.right() - 36, box.y + 2, 28, 28};
  if (ui.item("console:fold", fold).clicked) shell.consoleOpen = !shell.consoleOpen;
  icon(p, shell.consoleOpen ? Icon::ChevronDown : Icon::ChevronLeft, {fold.cx(), fold.cy()}, t.ink3);
  if (!shell.consoleOpen) return;

  const Box area{box.x, box.y + 30, box.w, box.h - 32};
  const Point origin = ui.begin("console", area, true);
  const Hit hit = ui.item("console:input", {area.x, area.y, area.w - 10, area.h - 10}, 2);
  if (hit.clicked || (hit.focused && ui.focus.visible && ui.focus.moved)) typing_ = true, changedAt_ = host::seconds();
  if (ui.focus.id != "console:input" || !shell.focused) typing_ = false;
  if (hit.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  if (typing_) keys(shell, ui);
  ImguiPainter in = ui.painter();
  float y = origin.y + 4, widest = 0;
  for (const ConsoleLine& l : shell.console) {
    if (y + 16 >= area.y && y < area.bottom()) {
      const Color c = l.kind == ConsoleLine::Command  ? t.ink
                      : l.kind == ConsoleLine::Header ? t.ink3
                      : l.kind == ConsoleLine::Error  ? t.bad
                                                      : t.ink2;
      const std::string& shown = l.text;
      in.label(Face::Mono, size::note, origin.x + 16, y + 8, c, shown);
      widest = std::max(widest, in.measure(Face::Mono, size::note, shown));
    }
    y += l.kind == ConsoleLine::Command ? 18 : 16;
  }
  // What is typed stands behind the prompt; that of a program in a container is the last line of what it said.
  const bool open = !shell.console.empty() && shell.console.back().open;
  if (open) y -= 17;
  const std::string prompt = open ? shell.console.back().text : shell.prompt;
  if (!open) in.label(Face::Mono, size::note, origin.x + 16, y + 9, t.ink3, prompt);
  const float x = origin.x + 16 + in.measure(Face::Mono, size::note, prompt);
  if (input_.selecting()) {
    const float a =
        in.measure(Face::Mono, size::note, std::string_view(input_.text()).substr(0, input_.selectionStart()));
    const float b =
        in.measure(Face::Mono, size::note, std::string_view(input_.text()).substr(0, input_.selectionEnd()));
    in.fillBox({x + a, y, b - a, 18}, mixed(t.sunk, t.now, 0.26f));
  }
  in.label(Face::Mono, size::note, x, y + 9, t.ink, input_.text());
  if (input_.text().empty() && !typing_) in.label(Face::Mono, size::note, x, y + 9, t.ink3, ui.word(Text::KubectlHint));
  const float caret = x + in.measure(Face::Mono, size::note, std::string_view(input_.text()).substr(0, input_.caret()));
  if (typing_) {
    if (caretBlink(host::seconds() - changedAt_, shell.calm)) in.fillBox({std::round(caret), y + 1, 1.5f, 16}, t.now);
    wantText({caret, y + 1}, 16);
  }
  if (lines_ != shell.console.size()) follow_ = true, lines_ = shell.console.size();
  if (follow_) ImGui::SetScrollY(std::max(0.f, y + 30 - origin.y - area.h)), follow_ = false, host::wake();
  ui.end({origin.x + 32 + std::max(widest, caret - origin.x), y + 24});
}

}  // namespace web
