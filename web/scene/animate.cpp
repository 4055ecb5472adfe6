#include "web/scene/animate.hpp"

#include <cmath>
#include <unordered_map>

namespace web {
namespace {

// Seconds after the step: the chip lights, the path draws, the object changes. The path stays: it says who wrote what.
constexpr double chipEnd = 0.08, pathEnd = 0.28, changeEnd = 0.52;

float share(double t, double from, double to) { return float(std::clamp((t - from) / (to - from), 0.0, 1.0)); }
float easeOut(float t) { return 1 - (1 - t) * (1 - t) * (1 - t); }
float easeInOut(float t) { return t < 0.5f ? 4 * t * t * t : 1 - std::pow(-2 * t + 2, 3.f) / 2; }

}  // namespace

void Motion::set(Scene scene, bool tween, bool calm, double now) {
  from_ = std::move(to_);
  to_ = std::move(scene);
  tween_ = tween && !calm;
  calm_ = calm;
  start_ = now;
}

bool Motion::moving(double now) const { return tween_ && now - start_ < changeEnd; }

const Scene& Motion::at(double now, float& drawn) {
  const double t = now - start_;
  drawn = 1;
  if (!tween_) return to_;
  drawn = easeOut(share(t, chipEnd, pathEnd));
  if (t >= changeEnd) return to_;
  shown_ = to_;
  std::unordered_map<std::string_view, const Glyph*> before;
  for (const Glyph& g : from_.glyphs)
    if (!g.id.empty()) before.emplace(g.id, &g);
  const float grow = easeOut(share(t, pathEnd, changeEnd)), slide = easeInOut(share(t, pathEnd, changeEnd));
  for (Glyph& g : shown_.glyphs) {
    if (g.id.empty()) continue;
    const auto at = before.find(g.id);
    if (at == before.end()) {
      if (g.type == GlyphType::Pod || g.type == GlyphType::Claim || g.type == GlyphType::Volume) {
        g.alpha = grow;
        g.box.y -= 8 * (1 - grow);
      }
      continue;
    }
    const Glyph& old = *at->second;
    before.erase(at);
    if (!(old.box == g.box)) g.box = mix(old.box, g.box, slide);
    if (grow < 0.5f && old.type == g.type && g.type == GlyphType::Pod) {  // still as it was until the write arrives
      const Box box = g.box;
      const Ring ring = g.ring;
      g = old;
      g.box = box;
      g.ring = t < pathEnd ? Ring::None : ring;
    } else if (t < pathEnd && g.ring == Ring::Now) {
      g.ring = Ring::None;
    }
  }
  for (const auto& [id, old] : before) {
    if (old->type != GlyphType::Pod && old->type != GlyphType::Claim && old->type != GlyphType::Volume) continue;
    Glyph& ghost = shown_.glyphs.emplace_back(*old);
    ghost.alpha = 1 - share(t, pathEnd, pathEnd + 0.16);
    ghost.ring = Ring::None;
  }
  return shown_;
}

}  // namespace web
