#include "web/ui.hpp"

#include "imgui.h"
#include "imgui_internal.h"
#include "web/paint/rich.hpp"

namespace web {

bool Focus::tab(bool back) {
  visible = true;
  if (order.empty()) return false;
  int at = -1;
  for (size_t i = 0; i < order.size(); i++)
    if (order[i] == id) at = int(i);
  const int next = at < 0 ? (back ? int(order.size()) - 1 : 0) : at + (back ? -1 : 1);
  if (next < 0 || next >= int(order.size())) {
    id.clear();
    return false;
  }
  id = order[size_t(next)];
  moved = true;
  return true;
}

ImguiPainter Ui::painter() const { return ImguiPainter(theme, ImGui::GetWindowDrawList()); }

Hit Ui::item(std::string_view id, const Box& box, float radius, bool focusable) {
  Hit hit;
  if (box.w < 1 || box.h < 1) return hit;
  const std::string name(id);
  ImGui::SetCursorScreenPos({box.x, box.y});
  ImGui::SetNextItemAllowOverlap();
  const bool pressed = ImGui::InvisibleButton(name.c_str(), {box.w, box.h}, ImGuiButtonFlags_MouseButtonLeft);
  hit.hovered = ImGui::IsItemHovered();
  hit.held = ImGui::IsItemActive();
  hit.clicked = pressed;
  hit.menu = hit.hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Right);
  hit.dx = std::clamp((ImGui::GetIO().MousePos.x - box.x) / box.w, 0.f, 1.f);
  if (pressed) focus.id = name, focus.visible = false;
  if (!focusable) return hit;
  focus.building.push_back(name);
  hit.focused = focus.id == name;
  if (!hit.focused || !focus.visible) return hit;
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (focus.moved) ImGui::ScrollToRect(window, ImRect(box.x - 8, box.y - 8, box.right() + 8, box.bottom() + 8));
  ImGui::GetWindowDrawList()->PushClipRect({box.x - 6, box.y - 6}, {box.right() + 6, box.bottom() + 6}, false);
  // Around a small thing, inside the edge of a large one (a text, which fills its panel).
  painter().border(box.grown(box.h > 70 && box.w > 250 ? -1 : 4), theme.now, radius + 4, {.width = 2});
  ImGui::GetWindowDrawList()->PopClipRect();
  if (ImGui::GetCurrentContext()->OpenPopupStack.Size == 0) {
    hit.clicked |= ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_Space, false);
    hit.menu |= ImGui::IsKeyPressed(ImGuiKey_Menu, false);
  }
  return hit;
}

namespace {

struct Look {
  Color fill, line, ink;
};
Look lookOf(const Theme& t, const ButtonLook& b, const Hit& h) {
  if (b.primary) {
    const Color c = h.held ? mixed(t.now, t.ink, 0.18f) : h.hovered ? mixed(t.now, t.ink, 0.08f) : t.now;
    return b.disabled ? Look{t.sunk, t.line, t.ink3} : Look{c, c, t.onNow};
  }
  const Color fill = b.disabled ? t.panel : h.held ? mixed(t.sunk, t.line, 0.6f) : h.hovered || b.on ? t.sunk : t.panel;
  return {fill, b.on ? t.line2 : h.hovered && !b.disabled ? t.line2 : t.line, b.disabled ? t.ink3 : t.ink};
}

}  // namespace

bool Ui::button(std::string_view id, const Box& box, std::string_view label, ButtonLook look) {
  const Hit hit = item(id, box, look.radius);
  ImguiPainter p = painter();
  const Look c = lookOf(theme, look, hit);
  if (!look.bare) p.card(box, c.fill, c.line, look.radius);
  p.label(Face::Sans, look.em, box.cx(), box.cy(), c.ink, p.fit(Face::Sans, look.em, label, box.w - 8), Align::Center);
  return hit.clicked && !look.disabled;
}

bool Ui::button(std::string_view id, const Box& box, Icon which, std::string_view label, ButtonLook look) {
  const Hit hit = item(id, box, look.radius);
  ImguiPainter p = painter();
  const Look c = lookOf(theme, look, hit);
  if (look.bare) {
    if (hit.hovered || look.on) p.fillBox(box, theme.sunk, look.radius);
  } else {
    p.card(box, c.fill, c.line, look.radius);
  }
  const float w = p.measure(Face::Sans, look.em, label);
  if (label.empty() || w + 27 > box.w) {
    icon(p, which, {box.cx(), box.cy()}, look.bare && !hit.hovered ? theme.ink2 : c.ink);
  } else {
    const float x = box.cx() - (w + 19) / 2;
    icon(p, which, {x + 6, box.cy()}, c.ink);
    p.label(Face::Sans, look.em, x + 19, box.cy(), c.ink, label);
  }
  if (look.tip && hit.hovered && !hit.held) tooltip(look.tip);
  return hit.clicked && !look.disabled;
}

float Ui::tabs(std::string_view id, Point at, float height, const std::vector<std::string>& names, int& chosen) {
  ImguiPainter p = painter();
  float x = at.x;
  for (int i = 0; i < int(names.size()); i++) {
    // A name may end in a count after a tab sign, which is drawn quieter.
    const std::string& whole = names[size_t(i)];
    const size_t split = whole.find('\t');
    const std::string name = whole.substr(0, split), count = split == std::string::npos ? "" : whole.substr(split + 1);
    const float w = p.measure(Face::Sans, size::note, name),
                more = count.empty() ? 0 : 8 + p.measure(Face::Sans, size::note, count);
    const Box box{x - 8, at.y + 2, w + more + 16, height - 4};
    const Hit hit = item(std::string(id) + ":" + std::to_string(i), box, 4);
    if (hit.clicked) chosen = i;
    const bool on = i == chosen;
    p.label(Face::Sans, size::note, x, at.y + height / 2, on || hit.hovered ? theme.ink : theme.ink3, name);
    if (more > 0) p.label(Face::Sans, size::note, x + w + 8, at.y + height / 2, theme.ink3, count);
    if (on) p.fillBox({x, at.y + height - 2, w, 2}, theme.ink);
    x += w + more + 20;
  }
  return x - at.x;
}

void Ui::tooltip(std::string_view s) const {
  if (s.empty()) return;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::BeginTooltip();
  ImguiPainter p = painter();
  const float w = p.measure(Face::Sans, size::note, s);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  p.card({at.x, at.y, w + 20, 28}, theme.panel, theme.line2, 6);
  p.label(Face::Sans, size::note, at.x + 10, at.y + 14, theme.ink, s);
  ImGui::Dummy({w + 20, 28});
  ImGui::EndTooltip();
  ImGui::PopStyleVar();
}

int Ui::menu(const char* id, std::string_view title, const std::vector<MenuItem>& items, std::string_view note,
             Point at) {
  if (!ImGui::IsPopupOpen(id)) return -1;
  const ImguiPainter m = painter();
  const float row = touch ? 48 : 32, top = title.empty() ? 4 : 36;
  float w = std::max(note.empty() ? 0.f : 264.f, m.measure(Face::Mono, size::note, title)), h = top + 4;
  for (const MenuItem& i : items) {
    const float more = i.note.empty() ? 0 : 20 + m.measure(Face::Sans, size::note, i.note);
    w = std::max(w, m.measure(Face::Sans, size::body, i.label) + more + (i.on ? 20 : 0));
    h += row + (i.separated ? 9 : 0);
  }
  const std::vector<Span> words{{std::string(note), false, {}}};
  const RichStyle style{Face::Sans, size::note, size::note, 18};
  const float below = note.empty() ? 0 : layoutRich(words, style, {}, w, m).height + 20;
  w += 28;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  if (at.x >= 0) ImGui::SetNextWindowPos({std::max(4.f, std::min(at.x, screen.x - w - 12)), at.y});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  int chosen = -1;
  if (ImGui::BeginPopup(id, ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBackground)) {
    const bool fresh = ImGui::IsWindowAppearing();
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const ImGuiIO& io = ImGui::GetIO();
    ImguiPainter p = painter();
    p.card({corner.x, corner.y, w, h + below}, theme.panel, theme.line2, 8);
    p.label(Face::Mono, size::note, corner.x + 14, corner.y + 18, theme.ink3, title);
    const int count = int(items.size());
    if (fresh) focus.line = 0;
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) focus.line = (focus.line + 1) % count;
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) focus.line = (focus.line + count - 1) % count;
    const bool enter = !fresh && ImGui::IsKeyPressed(ImGuiKey_Enter, false);
    float y = corner.y + top;
    for (int i = 0; i < count; i++, y += row) {
      const MenuItem& line = items[size_t(i)];
      if (line.separated) {
        p.lineTo({corner.x + 1, y + 4.5f}, {corner.x + w - 1, y + 4.5f}, theme.line);
        y += 9;
      }
      const Box box{corner.x + 4, y, w - 8, row};
      const Hit hit = item("menu:" + std::to_string(i), box, 6, false);
      if (hit.hovered && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0)) focus.line = i;
      if (focus.line == i && !touch) p.fillBox(box, theme.sunk, 6);
      const float end = p.label(Face::Sans, size::body, box.x + 10, box.cy(), theme.ink, line.label);
      if (line.on) icon(p, Icon::Check, {end + 14, box.cy()}, theme.ink);
      p.label(Face::Sans, size::note, box.right() - 10, box.cy(), theme.ink2, line.note, Align::Right);
      if (hit.clicked || (enter && focus.line == i)) chosen = i;
    }
    paint(layoutRich(words, style, {corner.x + 14, y + 8}, w - 28, p), words, style, p, theme.ink2);
    ImGui::SetCursorScreenPos(corner);
    ImGui::Dummy({w, h + below});
    if (chosen >= 0) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
  return chosen;
}

Point Ui::begin(std::string_view id, const Box& box, bool horizontal) {
  ImGui::SetCursorScreenPos({box.x, box.y});
  ImGui::BeginChild(std::string(id).c_str(), {std::max(1.f, box.w), std::max(1.f, box.h)}, ImGuiChildFlags_None,
                    (horizontal ? ImGuiWindowFlags_HorizontalScrollbar : 0) | ImGuiWindowFlags_NoBackground |
                        ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav);
  return {box.x - ImGui::GetScrollX(), box.y - ImGui::GetScrollY()};
}

void Ui::end(Point content) {
  ImGui::SetCursorScreenPos({content.x - 1, content.y - 1});
  ImGui::Dummy({1, 1});
  ImGui::EndChild();
}

}  // namespace web
