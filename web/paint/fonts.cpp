#include "web/paint/fonts.hpp"

#include <cstdio>

#include "imgui.h"
#include "imgui_internal.h"

namespace web {
namespace {

ImFont* faces[3];
constexpr float measured[3] = {1.21f, 1.21f, 1.32f};  // ascent plus descent, in ems
constexpr const char* names[3] = {"sans", "bold", "mono"};

}  // namespace

float imguiSize(Face f, float em) { return em * measured[int(f)]; }
float emOfSize(Face f) { return 1 / measured[int(f)]; }
ImFont* font(Face f) { return faces[int(f)]; }
float ascent(Face f, float em) { return font(f)->GetFontBaked(imguiSize(f, em))->Ascent; }

void loadFonts(FontFile sans, FontFile sansBold, FontFile mono, const ImFontLoader* fallback) {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  const FontFile files[3] = {sans, sansBold, mono};
  for (int i = 0; i < 3; i++) {
    const float size = imguiSize(Face(i), size::body);
    bool merge = false;
    if (files[i].data) {
      ImFontConfig config;
      config.FontDataOwnedByAtlas = false;
      config.OversampleH = 3;
      std::snprintf(config.Name, sizeof config.Name, "%s", names[i]);
      faces[i] = atlas->AddFontFromMemoryTTF(const_cast<void*>(files[i].data), int(files[i].size), size, &config);
      merge = true;
    }
    if (!fallback) continue;
    ImFontConfig config;
    config.MergeMode = merge;
    config.FontLoader = fallback;
    config.SizePixels = size;
    std::snprintf(config.Name, sizeof config.Name, "%s", names[i]);
    ImFont* added = atlas->AddFont(&config);
    if (!merge) faces[i] = added;
  }
}

}  // namespace web
