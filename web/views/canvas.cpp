// The canvas: lays the scene out when something changed, paints it, and makes its glyphs clickable in tab order.
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "web/platform.hpp"
#include "web/views/views.hpp"

namespace web {

void CanvasView::draw(const Snapshot& s, Shell& shell, Ui& ui, const Box& box, bool phone) {
  const std::string key = std::to_string(int(box.w)) + "x" + std::to_string(int(box.h)) + shell.selected + "/" +
                          std::to_string(shell.set) + (s.compare.shown ? "c" : "");
  const double now = host::seconds();
  ui.painter().fillBox(box, ui.theme.bg);
  if (stale_ || key != key_) {
    SceneOptions o;
    o.width = box.w;
    o.height = box.h;
    o.embed = shell.mode == Mode::Embed;
    o.phone = phone;
    o.compare = s.compare.shown;
    o.selected = shell.selected;
    o.set = shell.set;
    motion_.set(layout(s, o, ui.painter()), stale_ && tween_ && key == key_ && shell.speed <= 4, shell.calm, now);
    key_ = key;
    stale_ = tween_ = false;
  }
  const bool sideways = motion_.target().bounds.w > box.w + 1;
  const Point origin = ui.begin("canvas", box, sideways);
  View view{box, {box.x - origin.x, box.y - origin.y}};
  if (std::exchange(follow_, false)) {
    const Point to = followed(motion_.target(), view);
    if (to.x != view.scroll.x) ImGui::SetScrollX(to.x);
    if (to.y != view.scroll.y) ImGui::SetScrollY(to.y);
    if (to.x != view.scroll.x || to.y != view.scroll.y) host::wake(2);
  }
  const Scene& scene = motion_.at(now, view.drawn);
  ImguiPainter p = ui.painter();
  paint(scene, p, view);
  objects(s, shell, ui, view);
  ui.end({origin.x + motion_.target().bounds.w, origin.y + motion_.target().bounds.h});
  if (motion_.moving(now)) host::wake(1);
}

Hit CanvasView::objects(const Snapshot&, Shell& shell, Ui& ui, const View& view) {
  const Scene& scene = motion_.target();
  const Glyph* under = nullptr;
  // Larger things first, so that a pod in a lane wins over the lane; the tab order is the scene's.
  for (const bool lanes : {true, false})
    for (int i : scene.order) {
      const Glyph& g = scene.glyphs[size_t(i)];
      if (g.ground() != lanes) continue;
      const Box box = placed(g, view);
      if (!box.meets(view.room) && ui.focus.id != "object:" + g.id && !(ui.focus.visible)) continue;
      const float radius = g.type == GlyphType::Chip ? 14 : g.type == GlyphType::Service ? 12 : 8;
      const Hit hit = ui.item("object:" + g.id, box, radius, !lanes || true);
      if (hit.hovered) under = &g;
      if (hit.clicked) ui.command(Command::Select, {}, g.id);
      // A finger that stays down opens the menu; a tap is down and up in one frame.
      const bool pressed = hit.held && ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen;
      if (hit.menu || (pressed && menuFor.empty() && GImGui->OpenPopupStack.Size == 0)) menuFor = g.id;
      if (hit.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    }
  const std::string id = under ? under->id : "";
  if (id != hovered_) hovered_ = id, hoverSince_ = host::seconds();
  if (!under || ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) return {};
  // Full names and states of what is drawn too small for them.
  const bool pill = under->type == GlyphType::Set && under->box.h < 32;
  const bool terse = pill || under->detail == Detail::Dot || under->detail == Detail::Mini;
  if (host::seconds() - hoverSince_ < 0.3 && !terse) {
    host::wakeIn(0.32);
    return {};
  }
  (void)shell;
  if (terse)
    ui.tooltip((pill ? under->note + " " : "") + under->title + (under->line.empty() ? "" : "  " + under->line));
  return {};
}

}  // namespace web
