#pragma once
// The three faces: Inter 400 and 600 for words, JetBrains Mono 400 for object names, YAML and numbers in lists. Small
// Latin subsets are loaded; what they lack (Chinese, rare letters) comes from a fallback, in the browser its own
// rasteriser. Needs a Dear ImGui context.
#include <cstddef>
#include <string_view>

#include "web/paint/painter.hpp"

struct ImFont;
struct ImFontLoader;

namespace web {

struct FontFile {
  const void* data = nullptr;  ///< kept by the caller for as long as the context lives
  size_t size = 0;
};
/// Adds the faces to the context's atlas. Where a file is missing, the fallback draws that face too.
void loadFonts(FontFile sans, FontFile sansBold, FontFile mono, const ImFontLoader* fallback);

ImFont* font(Face);
/// The size by Dear ImGui's measure (ascent to descent) of an em.
float imguiSize(Face, float em);
/// The em in which the fallback draws for a face, as a share of Dear ImGui's size.
float emOfSize(Face);
/// From the top of a line to its baseline.
float ascent(Face, float em);

}  // namespace web
