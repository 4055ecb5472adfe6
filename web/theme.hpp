#pragma once
// The colours of the design, light and dark, and the sizes of text. Used by everything that paints; a view never names
// a colour itself. State hues never stand alone: each comes with a shape and a word.
#include <cstdint>

namespace web {

/// Red in the lowest byte and alpha in the highest, as Dear ImGui packs colours.
using Color = uint32_t;
constexpr Color rgb(uint32_t hex) { return 0xFF000000u | (hex & 0xFF) << 16 | (hex & 0xFF00) | (hex >> 16 & 0xFF); }
/// The same colour with its alpha multiplied.
constexpr Color faded(Color c, float alpha) {
  const float a = float(c >> 24) * (alpha < 0 ? 0 : alpha > 1 ? 1 : alpha);
  return (c & 0xFFFFFFu) | uint32_t(a + 0.5f) << 24;
}
constexpr Color mixed(Color a, Color b, float t) {
  Color out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const float x = float(a >> shift & 0xFF), y = float(b >> shift & 0xFF);
    out |= uint32_t(x + (y - x) * t + 0.5f) << shift;
  }
  return out;
}

struct Theme {
  bool dark;
  Color bg, panel, sunk, line, line2, rail, ink, ink2, ink3;
  Color now, nowTint, onNow;
  Color ready, readyTint, wait, waitTint, bad, badTint, mute, muteTint;
  Color kindWork, kindPod, kindStore, kindNet, kindNode;
  Color yamlKey, yamlValue, yamlNumber, yamlPunctuation;
  Color addTint, addInk, removeTint, removeInk;
  Color hatch;
};
extern const Theme lightTheme, darkTheme;

/// What a colour says on the canvas. `now` is the only accent: acting at this step.
enum class Tone : uint8_t { Plain, Now, Ready, Wait, Bad, Mute };
Color ink(const Theme&, Tone);
Color tint(const Theme&, Tone);

/// Text sizes in em pixels. Nothing is smaller than `note`.
namespace size {
inline constexpr float note = 12, body = 13, lesson = 14, heading = 15, why = 16, whyChinese = 17, title = 20;
}

}  // namespace web
