// The write path: chip → API server → object, in gutters only, never across text.
#include <cmath>

#include "web/scene/scene.hpp"

namespace web {
namespace {

// From the API server down to an object.
std::vector<Point> toObject(const Scene& scene, const Glyph& api, const Glyph& g, const SceneOptions& o) {
  const Box& b = g.box;
  const bool cut = scene.bounds.w > o.width + 1;
  if (g.type == GlyphType::Set && b.h < 32 && !o.phone) {  // a pill: from above, or past those above it
    const float cy = std::floor(b.cy()), x = b.right() + 9;
    if (b.y < api.box.bottom() + 36) return {{std::floor(b.cx()), api.box.bottom()}, {std::floor(b.cx()), b.y - 4}};
    return {{x, api.box.bottom()}, {x, cy}, {b.right() + 4, cy}};
  }
  if (g.type == GlyphType::Set) {
    if (o.embed) {
      const float x = api.box.x + 20, turn = api.box.bottom() + 13;
      return {{x, api.box.bottom()}, {x, turn}, {b.cx(), turn}, {b.cx(), b.y - 4}};
    }
    const float x = std::floor(b.x + 44);
    return {{x, api.box.bottom()}, {x, b.y - 4}};
  }
  if (cut && g.column) return {};  // it may be scrolled out of sight; the ring says enough
  const float off = g.type == GlyphType::Pod || g.type == GlyphType::Slot ? 4 : 5;
  if (g.type == GlyphType::Slot && g.detail != Detail::Dot) {
    const float x = std::floor(b.x + 22);
    return {{x, api.box.bottom()}, {x, b.y - 4}};
  }
  if (g.detail == Detail::Dot) return {{b.cx(), api.box.bottom()}, {b.cx(), b.y - 5}};
  float x = b.right() + 13;
  if (g.type == GlyphType::Lane) {  // a node: beside its name
    const float gx = b.x + 116;
    return {{gx, api.box.bottom()}, {gx, b.y + 22}, {gx - 12, b.y + 22}};
  }
  if (g.type == GlyphType::Service) x = b.right() + 14;
  return {{x, api.box.bottom()}, {x, std::floor(b.cy())}, {b.right() + off, std::floor(b.cy())}};
}

}  // namespace

void route(Scene& scene, const Snapshot& s, const SceneOptions& o, const Painter& metrics) {
  const Glyph* api = scene.find("api");
  if (!api || s.write.actor.empty()) return;
  WritePath& path = scene.path;
  const Glyph* chip = nullptr;
  const Glyph* dot = nullptr;
  for (const Glyph& g : scene.glyphs) {
    if (g.type == GlyphType::Chip && g.acting) chip = &g;
    if (g.type == GlyphType::Lane && g.acting) dot = &g;
  }
  if (!s.write.any) return;
  path.verb = s.write.verb;
  if (o.phone || o.embed) {
    path.verb.clear();
    if (chip) path.first = {{chip->box.right(), chip->box.cy() - 1}, {api->box.x, chip->box.cy() - 1}};
  } else if (chip) {
    const float x = std::floor(chip->box.cx());
    path.first = {{x, chip->box.bottom()}, {x, api->box.y}};
    const float w = metrics.measure(Face::Mono, size::note, path.verb);
    const float at = x + 12 + w < o.width - 24 ? x + 12 : x - 12 - w;
    path.verbAt = {at, chip->box.bottom() + 12};
  } else if (dot) {  // a kubelet writes from its node, around the left side
    const float x = 12, y = dot->box.y + (dot->box.h < 76 ? 48 : 58);
    path.first = {{dot->box.x + 16, y}, {x, y}, {x, api->box.cy()}, {api->box.x, api->box.cy()}};
    path.verbAt = {api->box.x, api->box.y - 12};
  } else {  // the user, from the editor or the console on the left
    path.first = {{0, api->box.cy()}, {api->box.x, api->box.cy()}};
    path.verbAt = {api->box.x, api->box.y - 12};
  }
  const Glyph* object = scene.find(s.write.shownAt);
  if (!object) object = scene.find("slot:" + s.write.shownAt);
  if (!object || object->type == GlyphType::Chip) return;
  if (o.phone) {
    if (object->type == GlyphType::Set)
      path.second = {{object->box.cx(), api->box.bottom()}, {object->box.cx(), object->box.y - 4}};
    return;
  }
  path.second = toObject(scene, *api, *object, o);
}

}  // namespace web
