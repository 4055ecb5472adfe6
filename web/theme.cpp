#include "web/theme.hpp"

namespace web {

const Theme lightTheme = {
    .dark = false,
    .bg = rgb(0xFAFAF7),
    .panel = rgb(0xFFFFFF),
    .sunk = rgb(0xF3F3EF),
    .line = rgb(0xE4E4DE),
    .line2 = rgb(0xBDBEB8),
    .rail = rgb(0x868D97),
    .ink = rgb(0x1B1F24),
    .ink2 = rgb(0x4A525E),
    .ink3 = rgb(0x646C78),
    .now = rgb(0x4A43D6),
    .nowTint = rgb(0xECEBFC),
    .onNow = rgb(0xFFFFFF),
    .ready = rgb(0x007A5E),
    .readyTint = rgb(0xE2F4EE),
    .wait = rgb(0x8A5A00),
    .waitTint = rgb(0xFBF1DC),
    .bad = rgb(0xB3123F),
    .badTint = rgb(0xFCE9EE),
    .mute = rgb(0x56606F),
    .muteTint = rgb(0xF0F2F4),
    .kindWork = rgb(0x1B1F24),
    .kindPod = rgb(0x2768B5),
    .kindStore = rgb(0x8A3D84),
    .kindNet = rgb(0x0E6E8C),
    .kindNode = rgb(0x757D89),
    .yamlKey = rgb(0x24579B),
    .yamlValue = rgb(0x1B1F24),
    .yamlNumber = rgb(0x8A3D84),
    .yamlPunctuation = rgb(0x646C78),
    .addTint = rgb(0xE2F4EE),
    .addInk = rgb(0x006A52),
    .removeTint = rgb(0xFCE9EE),
    .removeInk = rgb(0xA30F38),
    .hatch = rgb(0xDADBD6),
};

const Theme darkTheme = {
    .dark = true,
    .bg = rgb(0x0E1115),
    .panel = rgb(0x14181D),
    .sunk = rgb(0x1A1F26),
    .line = rgb(0x282F38),
    .line2 = rgb(0x4A535F),
    .rail = rgb(0x75808E),
    .ink = rgb(0xE9EBEE),
    .ink2 = rgb(0xB1B9C4),
    .ink3 = rgb(0x8D97A5),
    .now = rgb(0xA39DFF),
    .nowTint = rgb(0x25244A),
    .onNow = rgb(0x12112B),
    .ready = rgb(0x5BD19A),
    .readyTint = rgb(0x14291F),
    .wait = rgb(0xEDBE4F),
    .waitTint = rgb(0x2C230F),
    .bad = rgb(0xF5836A),
    .badTint = rgb(0x331A15),
    .mute = rgb(0xA9B3BF),
    .muteTint = rgb(0x1D232B),
    .kindWork = rgb(0xE9EBEE),
    .kindPod = rgb(0x74ABEB),
    .kindStore = rgb(0xD38FCC),
    .kindNet = rgb(0x57BFCE),
    .kindNode = rgb(0x8D97A5),
    .yamlKey = rgb(0x84B4F0),
    .yamlValue = rgb(0xE9EBEE),
    .yamlNumber = rgb(0xD9A0D3),
    .yamlPunctuation = rgb(0x8D97A5),
    .addTint = rgb(0x14291F),
    .addInk = rgb(0x6BD6A1),
    .removeTint = rgb(0x331A15),
    .removeInk = rgb(0xF79A85),
    .hatch = rgb(0x262D36),
};

Color ink(const Theme& t, Tone tone) {
  switch (tone) {
    case Tone::Now: return t.now;
    case Tone::Ready: return t.ready;
    case Tone::Wait: return t.wait;
    case Tone::Bad: return t.bad;
    case Tone::Mute: return t.mute;
    case Tone::Plain: break;
  }
  return t.ink2;
}

Color tint(const Theme& t, Tone tone) {
  switch (tone) {
    case Tone::Now: return t.nowTint;
    case Tone::Ready: return t.readyTint;
    case Tone::Wait: return t.waitTint;
    case Tone::Bad: return t.badTint;
    case Tone::Mute: return t.muteTint;
    case Tone::Plain: break;
  }
  return t.panel;
}

}  // namespace web
