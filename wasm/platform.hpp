#pragma once
// Small web platform layer for Dear ImGui: one canvas, one hidden text area, DOM events, frames on demand. One module
// instance drives one canvas; a page with two canvases makes two instances. The other half is platform.js.
#include "web/platform.hpp"

namespace platform {

/// Sets Dear ImGui up in the host element and draws the first frame; call it from main(). False where there is no WebGL
/// 2: then the page keeps its text view.
bool run(const web::Hooks&);

}  // namespace platform
