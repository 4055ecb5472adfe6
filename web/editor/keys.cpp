#include "web/editor/keys.hpp"

#include <cmath>

#include "imgui.h"
#include "imgui_internal.h"
#include "web/platform.hpp"
#include "web/utf8.hpp"

namespace web {
namespace {

bool pressed(ImGuiKey k) { return ImGui::IsKeyPressed(k, true); }

bool editKeys(TextBuffer& b, bool singleLine, bool word) {
  const bool command = ImGui::GetIO().KeyCtrl, shift = ImGui::GetIO().KeyShift;
  const size_t before = b.text().size();
  const std::string* text = &b.text();
  bool changed = false;
  if (pressed(ImGuiKey_Backspace)) b.eraseBack(word), changed = before != text->size();
  if (pressed(ImGuiKey_Delete) && !shift) b.eraseForward(word), changed |= before != text->size();
  if (!singleLine && pressed(ImGuiKey_Enter) && !command) b.newLine(), changed = true;
  if (!command) return changed;
  if (pressed(ImGuiKey_Z)) changed |= shift ? b.redo() : b.undo();
  if (pressed(ImGuiKey_Y)) changed |= b.redo();
  if (ImGui::IsKeyPressed(ImGuiKey_A, false)) b.selectAll();
  const bool cut = ImGui::IsKeyPressed(ImGuiKey_X, false);
  if (cut || ImGui::IsKeyPressed(ImGuiKey_C, false)) {
    if (b.selecting()) ImGui::SetClipboardText(b.selected().c_str());
    if (cut && b.selecting()) b.insert(""), changed = true;
  }
  if (pressed(ImGuiKey_V))
    if (const char* clip = ImGui::GetClipboardText()) b.insert(clip), changed = true;
  return changed;
}

bool moveKeys(TextBuffer& b, bool singleLine, bool word) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool shift = io.KeyShift, command = io.KeyCtrl, mac = io.ConfigMacOSXBehaviors;
  const size_t caret = b.caret();
  const bool selecting = b.selecting();
  if (pressed(ImGuiKey_LeftArrow)) mac&& command ? b.moveHome(shift) : b.moveBy(-1, word, shift);
  if (pressed(ImGuiKey_RightArrow)) mac&& command ? b.moveEnd(shift) : b.moveBy(1, word, shift);
  if (!singleLine) {
    if (pressed(ImGuiKey_UpArrow)) b.moveLines(-1, shift);
    if (pressed(ImGuiKey_DownArrow)) b.moveLines(1, shift);
    if (pressed(ImGuiKey_PageUp)) b.moveLines(-20, shift);
    if (pressed(ImGuiKey_PageDown)) b.moveLines(20, shift);
  }
  if (pressed(ImGuiKey_Home)) command ? b.moveTo(0, shift) : b.moveHome(shift);
  if (pressed(ImGuiKey_End)) command ? b.moveTo(b.text().size(), shift) : b.moveEnd(shift);
  return caret != b.caret() || selecting != b.selecting();
}

}  // namespace

KeyResult typeInto(TextBuffer& b, bool singleLine) {
  ImGuiIO& io = ImGui::GetIO();
  const bool word = io.ConfigMacOSXBehaviors ? io.KeyAlt : io.KeyCtrl;
  KeyResult r;
  r.moved = moveKeys(b, singleLine, word);
  r.changed = editKeys(b, singleLine, word);
  if (ImGui::IsKeyPressed(ImGuiKey_Enter, false) && (singleLine || io.KeyCtrl)) r.submitted = true;
  std::string typed;
  for (ImWchar c : io.InputQueueCharacters)
    if (c >= 0x20 && c != 0x7F)
      utf8::append(typed, uint32_t(c));
    else if (c == '\n' && !singleLine)
      typed += '\n';
  io.InputQueueCharacters.resize(0);
  if (!typed.empty()) b.insert(typed), r.changed = true;
  r.moved |= r.changed;
  return r;
}

void wantText(Point caret, float lineHeight, bool shell) {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  g.PlatformImeData.WantTextInput = true;
  g.PlatformImeData.WantVisible = !shell;  // what the platform tells a terminal by: nobody else reads it
  g.PlatformImeData.InputPos = {caret.x, caret.y};
  g.PlatformImeData.InputLineHeight = lineHeight;
  g.PlatformImeData.ViewportId = ImGui::GetMainViewport()->ID;
}

bool caretBlink(double since, bool steady) {
  if (steady) return true;
  const double phase = std::fmod(since, 1.2);
  host::wakeIn((phase <= 0.8 ? 0.8 : 1.2) - phase + 0.02);  // a frame a moment too early would change nothing
  return phase <= 0.8;
}

}  // namespace web
