#include "web/app.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "web/platform.hpp"

namespace web {
namespace {

void style(const Theme& t) {
  ImGuiStyle& s = ImGui::GetStyle();
  s.WindowPadding = s.ItemSpacing = {0, 0};
  s.WindowBorderSize = s.PopupBorderSize = s.ChildBorderSize = 0;
  s.ScrollbarSize = 8;
  s.ScrollbarRounding = 4;
  s.WindowRounding = s.PopupRounding = 8;
  const auto set = [&](ImGuiCol i, Color c, float a = 1) { s.Colors[i] = ImGui::ColorConvertU32ToFloat4(faded(c, a)); };
  set(ImGuiCol_WindowBg, t.bg);
  set(ImGuiCol_PopupBg, t.panel, 0);
  set(ImGuiCol_ScrollbarBg, t.panel, 0);
  set(ImGuiCol_ScrollbarGrab, t.line2, 0.55f);
  set(ImGuiCol_ScrollbarGrabHovered, t.line2);
  set(ImGuiCol_ScrollbarGrabActive, t.rail);
  set(ImGuiCol_NavCursor, t.now, 0);
}

}  // namespace

// One frame: what there is, what shows it, what was asked for.
void App::frame() {
  const Theme& theme = shell.dark ? darkTheme : lightTheme;
  style(theme);
  refresh();
  const ImGuiViewport* view = ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(view->Pos);
  ImGui::SetNextWindowSize(view->Size);
  ImGui::Begin("ordinal", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollWithMouse |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav);
  focus_.begin();
  Ui ui(theme, shell.language, focus_, commands_, shell.touch);
  panels(ui, {view->Pos.x, view->Pos.y, view->Size.x, view->Size.y});
  if (!canvas_.menuFor.empty()) menu_.open(std::exchange(canvas_.menuFor, {}));
  menu_.draw(*snapshot_, shell, ui);
  shortcuts();
  focus_.end();
  ImGui::End();
  playOn();
  perform();
}

void App::changed() { host::wake(); }

void App::setLayout(std::string_view layout) {
  if (layout == layout_) return;
  if (layout == "compare" || layout_ == "compare") shell.comparing = layout == "compare";
  layout_ = layout;
  canvas_.changed(false);
  host::wake();
}

void App::refresh() {
  source_.sync(shell);
  const uint64_t version = source_.version();
  if (snapshot_ && version == version_ && shownLanguage_ == shell.language && shownSelected_ == shell.selected &&
      snapshot_->compare.shown == shell.comparing)
    return;
  const int before = snapshot_ ? snapshot_->cursor : 0;
  snapshot_ = &source_.snapshot(shell);
  canvas_.changed(version != version_ && snapshot_->cursor == before + 1,
                  snapshot_->cursor != before && !shell.comparing);
  version_ = version;
  shownLanguage_ = shell.language;
  shownSelected_ = shell.selected;
}

void App::panels(Ui& ui, const Box& room) {
  if (shell.comparing) return comparePanels(ui, room);
  const bool embed = layout_ == "embed";
  const Mode mode = embed ? Mode::Embed : Mode::Full;
  if (mode != shell.mode) canvas_.changed(false);
  shell.mode = mode;
  if (room.w < 560 || (!embed && room.w < 768 && room.h >= 560))
    phonePanels(ui, room);
  else if (embed)
    embedPanels(ui, room);
  else if (room.h < 560)
    shortPanels(ui, room);
  else
    fullPanels(ui, room);
}

void App::fullPanels(Ui& ui, const Box& room) {
  topBar_.draw(*snapshot_, shell, ui, {room.x, room.y, room.w, 48});
  const float lane = 17;
  const float timeline = room.w < 1024 || room.h < 780 ? 49 + 4 * lane + 8 : 176;
  const bool wide = room.w >= 1280;
  const float left = shell.leftOpen && (wide || leftAsked_) ? (wide ? 328.f : 300.f) : 40.f;
  const bool drawer = room.w < 1024;
  const float right = drawer ? 0.f : room.w < 1280 ? 300.f : 332.f;
  const float below = drawer ? std::min(190.f, room.h * 0.3f) : 0;
  const float top = room.y + 48, h = room.h - 48 - timeline;
  // Where a drawer leaves little room, the canvas shows what an embed does.
  const Mode mode = std::exchange(shell.mode, h - below < 480 ? Mode::Embed : Mode::Full);
  canvas_.draw(*snapshot_, shell, ui, {room.x + left, top, room.w - left - right, h - below}, false);
  shell.mode = mode;
  leftPanel(ui, {room.x, top, left, h});
  if (drawer)
    why_.draw(*snapshot_, shell, ui, {room.x + left, top + h - below, room.w - left, below});
  else
    rightPanel(ui, {room.right() - right, top, right, h});
  timeline_.draw(*snapshot_, shell, ui, {room.x, room.bottom() - timeline, room.w, timeline});
}

void App::leftPanel(Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  p.lineTo({box.right() - 0.5f, box.y}, {box.right() - 0.5f, box.bottom()}, t.line);
  const bool strip = box.w < 60;
  const Box fold{box.right() - 36, box.y + 2, 32, 32};
  if (strip) {
    const Hit open = ui.item("left:fold", {box.x + 4, box.y + 2, 32, 32});
    icon(p, Icon::ChevronRight, {box.cx(), box.y + 18}, open.hovered ? t.ink : t.ink3);
    const Hit book = ui.item("left:manifest", {box.x + 4, box.y + 38, 32, 32});
    icon(p, Icon::Book, {box.cx(), box.y + 54}, book.hovered ? t.ink : t.ink2);
    const Hit prompt = ui.item("left:kubectl", {box.x + 4, box.y + 74, 32, 32});
    p.label(Face::Mono, size::body, box.cx(), box.y + 90, prompt.hovered ? t.ink : t.ink2, "$_", Align::Center);
    if (open.hovered || book.hovered) ui.tooltip(ui.word(Text::Manifest));
    if (prompt.hovered) ui.tooltip("kubectl");
    if (prompt.clicked) shell.consoleOpen = true;
    if (open.clicked || book.clicked || prompt.clicked) shell.leftOpen = leftAsked_ = true, canvas_.changed(false);
    return;
  }
  const float console = shell.consoleOpen ? std::clamp(console_.wanted, 64.f, std::max(104.f, box.h - 200)) : 32;
  editor_.draw(*snapshot_, shell, ui, {box.x, box.y, box.w - 1, box.h - console});
  const Hit close = ui.item("left:fold", fold);
  icon(p, Icon::ChevronLeft, {fold.cx() + 2, fold.cy()}, close.hovered ? t.ink : t.ink3);
  if (close.hovered) ui.tooltip(ui.word(Text::Collapse));
  if (close.clicked) shell.leftOpen = leftAsked_ = false, canvas_.changed(false);
  console_.draw(shell, ui, {box.x, box.bottom() - console, box.w - 1, console});
}

void App::rightPanel(Ui& ui, const Box& box) {
  const bool inspect = !snapshot_->inspected.id.empty() && (snapshot_->why.waysOut.empty() || !shell.selected.empty());
  const float below = inspect ? std::max(176.f, box.h * 0.26f) : 0;
  why_.draw(*snapshot_, shell, ui, {box.x + 1, box.y, box.w - 1, box.h - below});
  if (inspect) inspector_.draw(*snapshot_, shell, ui, {box.x + 1, box.bottom() - below, box.w - 1, below});
  ui.painter().lineTo({box.x + 0.5f, box.y}, {box.x + 0.5f, box.bottom()}, ui.theme.line);
}

void App::embedPanels(Ui& ui, const Box& room) {
  canvas_.draw(*snapshot_, shell, ui, {room.x, room.y, room.w, room.h - 64}, false);
  controls_.drawEmbed(*snapshot_, shell, ui, {room.x, room.bottom() - 64, room.w, 64});
}

// Wide and short: the embed's canvas, and the panels one at a time in a drawer beside it or below it.
void App::shortPanels(Ui& ui, const Box& room) {
  const int before = shortTab_;
  topBar_.drawShort(*snapshot_, shell, ui, {room.x, room.y, room.w, 40}, shortTab_);
  if (before != shortTab_) canvas_.changed(false), editor_.release(), console_.release();
  const float controls = 64, below = shortTab_ == 4 ? std::min(125.f, room.h * 0.3f) : 0;
  const float left = shortTab_ == 0 || shortTab_ == 4 ? 0 : std::clamp(std::floor(room.w * 0.45f), 280.f, 400.f);
  const Box area{room.x, room.y + 40, room.w, room.h - 40 - controls};
  const Box drawer{area.x, area.y, left, area.h};
  const float rest = area.w - left;
  const Mode mode = std::exchange(shell.mode, Mode::Embed);
  canvas_.draw(*snapshot_, shell, ui, {area.x + left, area.y, rest, area.h - below}, rest < 500);
  shell.mode = mode;
  if (shortTab_ == 1) why_.draw(*snapshot_, shell, ui, drawer);
  if (shortTab_ == 2) editor_.draw(*snapshot_, shell, ui, drawer);
  if (shortTab_ == 3) shell.consoleOpen = true, console_.draw(shell, ui, drawer);
  if (left > 0)
    ui.painter().lineTo({drawer.right() - 0.5f, area.y}, {drawer.right() - 0.5f, area.bottom()}, ui.theme.line);
  if (below > 0) timeline_.draw(*snapshot_, shell, ui, {area.x, area.bottom() - below, area.w, below});
  controls_.drawEmbed(*snapshot_, shell, ui, {room.x, room.bottom() - controls, room.w, controls});
}

// Three workloads under the same trouble; the controls as in the layouts above.
void App::comparePanels(Ui& ui, const Box& room) {
  shell.mode = Mode::Full;
  const bool phone = room.w < 560 || (room.w < 768 && room.h >= 560), low = !phone && room.h < 560;
  const float top = phone ? 52 : low ? 40 : 48, controls = phone ? 80 : low ? 64 : 0, strip = phone || low ? 0 : 44;
  if (phone)
    topBar_.drawPhone(*snapshot_, shell, ui, {room.x, room.y, room.w, top});
  else if (low)
    topBar_.drawShort(*snapshot_, shell, ui, {room.x, room.y, room.w, top}, shortTab_);
  else
    topBar_.draw(*snapshot_, shell, ui, {room.x, room.y, room.w, top});
  const float head = compare_.height(ui, room.w), bottom = room.bottom() - controls - strip;
  ui.painter().fillBox({room.x, room.y + top, room.w, head}, ui.theme.bg);
  compare_.draw(*snapshot_, ui, {room.x, room.y + top, room.w, head});
  const float y = room.y + top + head;
  canvas_.draw(*snapshot_, shell, ui, {room.x, y, room.w, bottom - y}, phone);
  if (strip > 0) timeline_.drawStrip(*snapshot_, ui, {room.x, bottom, room.w, strip});
  if (phone) controls_.drawPhone(*snapshot_, shell, ui, {room.x, bottom, room.w, controls});
  if (low) controls_.drawEmbed(*snapshot_, shell, ui, {room.x, bottom, room.w, controls});
}

void App::phonePanels(Ui& ui, const Box& room) {
  if (shell.mode == Mode::Embed) {
    const float below = 168;
    canvas_.draw(*snapshot_, shell, ui, {room.x, room.y, room.w, room.h - below}, true);
    controls_.drawPhoneEmbed(*snapshot_, shell, ui, {room.x, room.bottom() - below, room.w, below});
    return;
  }
  const float top = 52, controls = 80, writes = sheetTab_ == 1 || sheetTab_ == 3 ? 0.5f : 0.356f;
  // Its tiles have room from 280 on, which the canvas gives where it keeps most.
  const float sheetHeight = std::floor(std::max({220.f, room.h * writes, std::min(284.f, room.h * 0.42f)}));
  topBar_.drawPhone(*snapshot_, shell, ui, {room.x, room.y, room.w, top});
  const float bottom = room.bottom() - controls - sheetHeight;
  canvas_.draw(*snapshot_, shell, ui, {room.x, room.y + top, room.w, bottom - room.y - top}, true);
  sheet(ui, {room.x, bottom, room.w, sheetHeight});
  controls_.drawPhone(*snapshot_, shell, ui, {room.x, room.bottom() - controls, room.w, controls});
}

void App::sheet(Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  p.fillBox(box, t.panel);
  p.lineTo({box.x, box.y + 0.5f}, {box.right(), box.y + 0.5f}, t.line);
  p.fillBox({box.cx() - 20, box.y + 8, 40, 4}, t.line2, 2);
  p.lineTo({box.x, box.y + 55.5f}, {box.right(), box.y + 55.5f}, t.line);
  const std::string events = std::string(ui.word(Text::Events)) +
                             (snapshot_->events.empty() ? "" : "\t" + std::to_string(snapshot_->eventCount));
  ui.tabs("sheet", {box.x + 16, box.y + 16}, 40, {ui.word(Text::Why), ui.word(Text::Manifest), events, "kubectl"},
          sheetTab_);
  const Box area{box.x, box.y + 56, box.w, box.h - 56};
  if (sheetTab_ == 1) return editor_.draw(*snapshot_, shell, ui, area);
  if (sheetTab_ == 2) return timeline_.events(*snapshot_, ui, area);
  if (sheetTab_ == 3) return shell.consoleOpen = true, console_.draw(shell, ui, area);
  const Box text{area.x, area.y, area.w, area.h - 76};
  const Point origin = ui.begin("sheet:why", text);
  float y = origin.y + 14;
  y += why_.sentence(*snapshot_, ui, {origin.x + 16, y}, box.w - 32, false) + 14;
  if (area.h >= 224) y += why_.tiles(*snapshot_, ui, {origin.x + 16, y}, box.w - 32);
  ui.end({origin.x + 16, y + 8});
  timeline_.drawPhone(*snapshot_, ui, {area.x, area.bottom() - 76, area.w, 60});
}

// Keys that work wherever the focus is, but in a text and in a menu.
void App::shortcuts() {
  if (!shell.focused || editor_.typing() || console_.typing() || GImGui->OpenPopupStack.Size > 0) return;
  const auto add = [&](Command::Type t) { commands_.push_back({t, {}, {}, 0}); };
  if (ImGui::IsKeyPressed(ImGuiKey_RightArrow)) add(Command::Step);
  if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow)) add(Command::Back);
  if (ImGui::IsKeyPressed(ImGuiKey_Home, false)) add(Command::Restart);
  if (ImGui::IsKeyPressed(ImGuiKey_End, false)) add(Command::Rest);
  const bool onItem = focus_.visible && !focus_.id.empty();
  if (ImGui::IsKeyPressed(ImGuiKey_Space, false) && !onItem) add(Command::TogglePlay);
}

// Playing waits as long as the sentence takes to read.
void App::playOn() {
  if (!shell.playing) return;
  const double now = host::seconds();
  if (now >= playAt_) {
    commands_.push_back({Command::Step, {}, {}, 0});
    // As long as it takes to read, unless it is the console that waits.
    size_t characters = 0;
    for (const Span& span : snapshot_->why.sentence) characters += span.text.size();
    playAt_ = now + (shell.waits ? 0.25 : std::max(0.6, double(characters) * 0.028)) / double(shell.speed);
  }
  host::wakeIn(std::max(0.001, playAt_ - now));
}

void App::play(bool on) {
  shell.playing = on;
  playAt_ = host::seconds() + (on ? 0.05 : 0);
  host::wake();
}

void App::perform() {
  if (commands_.empty()) return;
  Commands todo;
  todo.swap(commands_);
  for (const Command& c : todo) {
    switch (c.type) {
      case Command::TogglePlay: play(!shell.playing); break;
      case Command::Select:
        shell.selected = c.id == shell.selected ? "" : c.id.starts_with("slot:") ? c.id.substr(5) : c.id;
        for (int i = 0; i < int(snapshot_->sets.size()); i++)
          if (snapshot_->sets[size_t(i)].id == c.id) shell.set = i;
        break;
      case Command::Language: shell.language = c.text == "zh" ? Language::Chinese : Language::English; break;
      case Command::Theme: shell.dark = c.text == "dark"; break;
      default: break;
    }
    if (c.type == Command::Compare) canvas_.changed(false);
    if (c.type == Command::Back || c.type == Command::Seek || c.type == Command::Restart) shell.playing = false;
    const uint64_t before = source_.version();
    source_.perform(c, shell);
    if (c.type == Command::Step && source_.version() == before) {  // at rest
      source_.rests(shell);
      if (source_.version() == before || !shell.waits) shell.playing = false;
    }
  }
  host::wake();
}

bool App::tab(bool back) {
  if (GImGui->OpenPopupStack.Size > 0) return true;
  if (editor_.wantsTab()) return editor_.tabKey(shell, back), true;
  if (!back && console_.complete(commands_)) return host::wake(), true;
  editor_.release();
  console_.release();
  return focus_.tab(back);
}

bool App::escape() {
  if (GImGui->OpenPopupStack.Size > 0) return ImGui::ClosePopupToLevel(0, true), true;
  if (editor_.typing() || console_.typing()) {
    editor_.release();
    console_.release();
    focus_.visible = true;
    return true;
  }
  if (!shell.selected.empty()) return shell.selected.clear(), true;
  return false;
}

void App::focus(bool on, bool byKeyboard) {
  shell.focused = on;
  if (!on) focus_.visible = false;
  if (!on || !byKeyboard) return;
  focus_.visible = true;
  if (focus_.id.empty()) focus_.tab(false);
}

}  // namespace web
