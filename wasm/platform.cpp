// The C++ half of the platform layer: turns calls from platform.js into Dear ImGui events and says when to draw again.
#include "platform.hpp"

#include <GLES3/gl3.h>
#include <emscripten.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "imgui.h"
#include "imgui_impl_opengl3.h"
#include "imgui_internal.h"
#include "web/paint/fonts.hpp"

// Implemented in platform.js.
extern "C" {
int pf_js_start();  // bits: macOS keys, less motion, dark, Chinese, touch; negative: no WebGL 2
const void* pf_js_font(const char* name, int* size);
void pf_js_open(const char* url);
void pf_js_tell(const char* event, const char* detail);
void pf_js_request();
void pf_js_ime(int wanted, double x, double y, double height);
void pf_js_cursor(int cursor);
void pf_js_copy(const char* text);
void pf_js_measure_glyph(unsigned codepoint, double px, int* box, double* advance);
void pf_js_draw_glyph(unsigned codepoint, double px, int x, int y, int w, int h, unsigned char* out);
}

namespace {

web::Hooks hooks;
web::Preferences preferred;
int settle;             // frames still to draw: a click needs a few until layout, focus and hover have caught up
double wakeAfter = -1;  // seconds to the next frame asked for by the interface
ImGuiKeyChord mods;
bool focused, inDomCopy;
std::string clipboard;

// --- Glyphs: what the Latin subsets lack the browser rasterises, so any Chinese text works without a Chinese font ---

bool glyphSourceInit(ImFontAtlas*, ImFontConfig*) { return true; }
bool glyphContains(ImFontAtlas*, ImFontConfig*, ImWchar c) { return c >= 0x20; }
bool glyphBakedInit(ImFontAtlas*, ImFontConfig* src, ImFontBaked* baked, void*) {
  if (!src->MergeMode) {
    baked->Ascent = baked->Size * 0.8f;
    baked->Descent = -baked->Size * 0.2f;
  }
  return true;
}
bool glyphLoad(ImFontAtlas* atlas, ImFontConfig* src, ImFontBaked* baked, void*, ImWchar c, ImFontGlyph* glyph,
               float* advanceOnly) {
  const float density = src->RasterizerDensity * baked->RasterizerDensity;
  const web::Face face = src->Name[0] == 'm' ? web::Face::Mono : web::Face::Sans;
  const double px = baked->Size * density * web::emOfSize(face);
  int box[4];
  double width;
  pf_js_measure_glyph(c, px, box, &width);
  // Whole device pixels keep every glyph of a line on the pixel grid; a fraction would blur all but the first.
  const float advance = float(std::round(width)) / density;
  if (advanceOnly) {
    *advanceOnly = advance;
    return true;
  }
  glyph->Codepoint = c;
  glyph->AdvanceX = advance;
  const int w = box[2] - box[0], h = box[3] - box[1];
  if (w <= 0 || h <= 0) return true;
  const ImFontAtlasRectId id = ImFontAtlasPackAddRect(atlas, w, h);
  if (id == ImFontAtlasRectId_Invalid) return false;
  std::vector<unsigned char> alpha(size_t(w) * h);
  pf_js_draw_glyph(c, px, box[0], box[1], w, h, alpha.data());
  const float base = std::round(baked->Ascent * density);
  glyph->X0 = box[0] / density;
  glyph->Y0 = (box[1] + base) / density;
  glyph->X1 = box[2] / density;
  glyph->Y1 = (box[3] + base) / density;
  glyph->Visible = true;
  glyph->PackId = id;
  ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, src, glyph, ImFontAtlasPackGetRect(atlas, id), alpha.data(),
                                     ImTextureFormat_Alpha8, w);
  return true;
}

// --- Frames ---

void tick(double seconds, bool draw) {
  ImGuiIO& io = ImGui::GetIO();
  io.DeltaTime = float(std::clamp(seconds, 0.0001, 1.0));
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  hooks.frame();
  ImGui::Render();
  if (!draw) return;
  glViewport(0, 0, int(io.DisplaySize.x * io.DisplayFramebufferScale.x + 0.5f),
             int(io.DisplaySize.y * io.DisplayFramebufferScale.y + 0.5f));
  const ImVec4& back = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
  glClearColor(back.x, back.y, back.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

// ImGui spreads fast input over several frames. A DOM handler that needs the result now (clipboard, phone keyboard)
// runs them here.
void drain() {
  if (ImGui::GetIO().DisplaySize.x <= 0) return;  // not laid out yet: there is nothing that input could be for
  for (int n = 0; n < 256 && !GImGui->InputEventsQueue.empty(); n++) tick(0.001, false);
  tick(0.001, false);
  web::host::wake();
}

bool keyHeld() {
  for (int key = ImGuiKey_Keyboard_BEGIN; key < ImGuiKey_Keyboard_END; key++)
    if (!(key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper) && ImGui::IsKeyDown(ImGuiKey(key))) return true;
  return false;
}

// What to do after this frame: 0 = draw the next one, positive = a frame after so many seconds, negative = nothing
// until input.
double nextFrame() {
  const ImGuiContext& g = *GImGui;
  if (settle > 0) settle--;
  const bool busy = settle > 0 || !g.InputEventsQueue.empty() || ImGui::IsAnyMouseDown() || keyHeld() ||
                    (g.HoverItemDelayId && g.HoverItemDelayTimer < g.Style.HoverDelayNormal) || g.NavWindowingTarget;
  if (busy) return 0;
  return std::exchange(wakeAfter, -1);
}

// --- Keys ---

ImGuiKey keyOf(const char* name) {
  static const struct {
    const char* name;
    ImGuiKey key;
  } named[] = {{"ArrowLeft", ImGuiKey_LeftArrow}, {"ArrowRight", ImGuiKey_RightArrow},
               {"ArrowUp", ImGuiKey_UpArrow},     {"ArrowDown", ImGuiKey_DownArrow},
               {"PageUp", ImGuiKey_PageUp},       {"PageDown", ImGuiKey_PageDown},
               {"Home", ImGuiKey_Home},           {"End", ImGuiKey_End},
               {"Insert", ImGuiKey_Insert},       {"Delete", ImGuiKey_Delete},
               {"Backspace", ImGuiKey_Backspace}, {"Enter", ImGuiKey_Enter},
               {"Escape", ImGuiKey_Escape},       {" ", ImGuiKey_Space},
               {"ContextMenu", ImGuiKey_Menu},    {"/", ImGuiKey_Slash}};
  for (const auto& entry : named)
    if (!std::strcmp(entry.name, name)) return entry.key;
  if (name[0] && !name[1]) {
    const char c = name[0];
    if (c >= 'a' && c <= 'z') return ImGuiKey(ImGuiKey_A + (c - 'a'));
    if (c >= 'A' && c <= 'Z') return ImGuiKey(ImGuiKey_A + (c - 'A'));
    if (c >= '0' && c <= '9') return ImGuiKey(ImGuiKey_0 + (c - '0'));
  }
  return ImGuiKey_None;
}

void setMods(ImGuiKeyChord chord) {
  ImGuiIO& io = ImGui::GetIO();
  for (const ImGuiKey mod : {ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiMod_Alt, ImGuiMod_Super})
    io.AddKeyEvent(mod, (chord & mod) != 0);
}

// A complete key press that does not come from a held key: from a phone keyboard, or for a clipboard event.
void press(ImGuiKey key, bool command) {
  ImGuiIO& io = ImGui::GetIO();
  if (command) setMods(io.ConfigMacOSXBehaviors ? ImGuiMod_Super : ImGuiMod_Ctrl);
  io.AddKeyEvent(key, true);
  io.AddKeyEvent(key, false);
  if (command) setMods(mods);
}

// The window under a point that can scroll by this much (in CSS pixels), or null.
ImGuiWindow* scrollableAt(ImVec2 at, ImVec2 by) {
  ImGuiWindow* window = nullptr;
  ImGui::FindHoveredWindowEx(at, true, &window, nullptr);
  for (; window; window = window->ParentWindow) {
    const bool y =
        by.y && window->ScrollMax.y > 0 && (by.y > 0 ? window->Scroll.y < window->ScrollMax.y : window->Scroll.y > 0);
    const bool x =
        by.x && window->ScrollMax.x > 0 && (by.x > 0 ? window->Scroll.x < window->ScrollMax.x : window->Scroll.x > 0);
    if (x || y) return window;
  }
  return nullptr;
}

}  // namespace

namespace web::host {

void wake(int frames) {
  settle = std::max(settle, frames);
  pf_js_request();
}
void wakeIn(double seconds) { wakeAfter = wakeAfter < 0 ? seconds : std::min(wakeAfter, seconds); }
Preferences preferences() { return preferred; }
void openLink(std::string_view url) { pf_js_open(std::string(url).c_str()); }
void tell(std::string_view event, std::string_view detail) {
  pf_js_tell(std::string(event).c_str(), std::string(detail).c_str());
}
double seconds() { return emscripten_get_now() / 1000; }

}  // namespace web::host

namespace platform {
namespace {

const ImFontLoader* glyphLoader() {
  static const ImFontLoader loader = [] {
    ImFontLoader l;
    l.Name = "browser";
    l.FontSrcInit = glyphSourceInit;
    l.FontSrcContainsGlyph = glyphContains;
    l.FontBakedInit = glyphBakedInit;
    l.FontBakedLoadGlyph = glyphLoad;
    return l;
  }();
  return &loader;
}

web::FontFile fontFile(const char* name) {
  int size = 0;
  const void* data = pf_js_font(name, &size);
  return {data, size_t(size)};
}

}  // namespace

bool run(const web::Hooks& wanted) {
  hooks = wanted;
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.BackendPlatformName = "web";
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  // Keyboard navigation is our own (focus order over canvas objects); Dear ImGui's would fight with it.
  io.ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;

  ImGuiPlatformIO& pio = ImGui::GetPlatformIO();
  pio.Platform_GetClipboardTextFn = [](ImGuiContext*) { return clipboard.c_str(); };
  pio.Platform_SetClipboardTextFn = [](ImGuiContext*, const char* text) {
    clipboard = text;
    if (!inDomCopy) pf_js_copy(text);  // a copy button: no DOM copy event to fill
  };
  pio.Platform_SetImeDataFn = [](ImGuiContext*, ImGuiViewport*, ImGuiPlatformImeData* data) {
    pf_js_ime(!data->WantTextInput ? 0
              : data->WantVisible  ? 1
                                   : 2,
              data->InputPos.x, data->InputPos.y, data->InputLineHeight);
  };

  const int flags = pf_js_start();
  if (flags < 0) return false;
  io.ConfigMacOSXBehaviors = flags & 1;
  preferred = {
      .dark = (flags & 4) != 0, .chinese = (flags & 8) != 0, .calm = (flags & 2) != 0, .touch = (flags & 16) != 0};
  io.ConfigInputTextCursorBlink = !preferred.calm;
  web::loadFonts(fontFile("inter-400"), fontFile("inter-600"), fontFile("mono-400"), glyphLoader());
  ImGui_ImplOpenGL3_Init("#version 300 es");
  return true;
}

}  // namespace platform

// --- Called by platform.js ---

#define EXPORT extern "C" EMSCRIPTEN_KEEPALIVE

EXPORT double pf_frame(double seconds, int draw) {
  tick(seconds, draw);
  pf_js_cursor(ImGui::GetMouseCursor());
  return nextFrame();
}
EXPORT void pf_drain() { drain(); }

EXPORT void pf_resize(double w, double h, int deviceW, int deviceH) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(float(w), float(h));
  io.DisplayFramebufferScale = ImVec2(float(deviceW / w), float(deviceH / h));
  web::host::wake();
}
EXPORT void pf_restored() {
  ImGui_ImplOpenGL3_DestroyDeviceObjects();  // forgets the dead handles; the next frame makes shaders and font textures
                                             // again
  web::host::wake();
}

EXPORT void pf_focus(int on, int byKeyboard) {
  focused = on;
  ImGui::GetIO().AddFocusEvent(on);
  if (!on) mods = 0;
  hooks.focus(on, byKeyboard);
  web::host::wake();
}
EXPORT int pf_tab(int back) {
  if (!GImGui->InputEventsQueue.empty()) drain();  // what was typed before it comes first
  const bool stays = hooks.tab(back);
  drain();  // a word is completed before what is typed next: asked for in one frame, put in in the next
  drain();
  return stays;
}
// Escape closes what is open; otherwise it is not ours and the focus leaves.
EXPORT int pf_escape() {
  if (!GImGui->InputEventsQueue.empty()) drain();
  const bool closed = hooks.escape();
  web::host::wake();
  return closed;
}
EXPORT void pf_mods(int ctrl, int shift, int alt, int super) {
  const ImGuiKeyChord now = (ctrl ? ImGuiMod_Ctrl : 0) | (shift ? ImGuiMod_Shift : 0) | (alt ? ImGuiMod_Alt : 0) |
                            (super ? ImGuiMod_Super : 0);
  if (now == mods) return;
  setMods(mods = now);
  web::host::wake();
}
EXPORT void pf_key(const char* name, int down) {
  if (const ImGuiKey key = keyOf(name)) {
    ImGui::GetIO().AddKeyEvent(key, down);
    web::host::wake();
  }
}
EXPORT void pf_press(const char* name, int command) {
  press(keyOf(name), command);
  web::host::wake();
}
EXPORT void pf_text(const char* utf8) {
  ImGui::GetIO().AddInputCharactersUTF8(utf8);
  web::host::wake();
}

EXPORT void pf_pointer(double x, double y, int touch) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(touch ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
  io.AddMousePosEvent(float(x), float(y));
  web::host::wake();
}
EXPORT void pf_pointer_gone() {
  ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  web::host::wake();
}
EXPORT void pf_button(int domButton, int down) {
  static const int button[] = {0, 2, 1, 3, 4};  // the DOM counts left, middle, right
  if (domButton < 0 || domButton > 4) return;
  ImGui::GetIO().AddMouseButtonEvent(button[domButton], down);
  web::host::wake();
}
// Both return 0 when nothing under the pointer can scroll that way, so that the page scrolls instead.
EXPORT int pf_wheel(double x, double y, double dx, double dy) {
  if (!scrollableAt(ImVec2(float(x), float(y)), ImVec2(float(dx), float(dy)))) return 0;
  ImGui::GetIO().AddMouseWheelEvent(float(-dx / 100), float(-dy / 100));
  web::host::wake();
  return 1;
}
EXPORT int pf_pan(double x, double y, double dx, double dy) {
  ImGuiWindow* window = scrollableAt(ImVec2(float(x), float(y)), ImVec2(float(dx), float(dy)));
  if (!window) return 0;
  ImGui::SetScrollX(window, window->Scroll.x + float(dx));
  ImGui::SetScrollY(window, window->Scroll.y + float(dy));
  web::host::wake();
  return 1;
}

EXPORT const char* pf_copy(int cut) {
  clipboard.clear();
  inDomCopy = true;
  press(cut ? ImGuiKey_X : ImGuiKey_C, true);
  drain();
  inDomCopy = false;
  return clipboard.c_str();
}
EXPORT void pf_paste(const char* utf8) {
  clipboard = utf8;
  press(ImGuiKey_V, true);
  drain();
}
