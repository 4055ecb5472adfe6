// The control plane: chips of the controllers, the API server with what it stores, the workloads as pills.
#include <algorithm>
#include <cmath>

#include "web/scene/builder.hpp"

namespace web {

// Chips share the width evenly, with the gaps growing as there is room.
void Builder::chips() {
  float total = 0;
  for (const ActorView& a : s.actors) total += m.measure(Face::Sans, size::note, a.name) + 24;
  const float room = right - left, gaps = float(std::max<size_t>(1, s.actors.size() - 1));
  float gap = std::min(16.f, (room - total) / gaps), x = left;
  const bool tight = gap < 4;
  if (tight) gap = std::max(4.f, (room - total) / gaps + 12);
  for (const ActorView& a : s.actors) {
    const bool acting = a.id == s.write.actor;
    if (o.embed && !acting) continue;
    float w = m.measure(Face::Sans, size::note, a.name) + 24;
    if (tight && !o.embed) {  // what does not fit is left out, but for the one acting
      w = std::max(28.f, w - 12);
      if (x + w > right && !acting) continue;
      x = std::min(x, right - w);
    }
    Glyph& g = add(GlyphType::Chip, a.id, {x, y, w, 28});
    g.title = a.name;
    g.acting = acting;
    g.ring = Ring::None;
    if (!acting && !o.embed)
      link({std::floor(x + w / 2) + 0.5f, y + 28}, {std::floor(x + w / 2) + 0.5f, y + 52}, LinkStyle::Drop, false);
    x += w + gap;
  }
  if (!o.embed) y += 28 + 24;
}

void Builder::storedBars(Glyph& g) {
  float x = 36 + m.measure(Face::SansBold, size::body, g.title) + 32;
  const float end = g.box.w - 32 - m.measure(Face::Mono, size::note, g.right);
  const auto say = [&](const std::string& w) {
    g.words.emplace_back(x, w);
    x += m.measure(Face::Sans, size::note, w);
  };
  say(word(Text::Store));
  x += 2;
  for (const StoredView& kind : s.stored) {
    if (kind.ids.empty()) continue;
    const bool many = kind.ids.size() > 8;
    const std::string shown = many ? kind.name + " " + std::to_string(kind.ids.size()) : kind.name;
    const float need = 14 + m.measure(Face::Sans, size::note, shown) + 8 + 7 * float(many ? 1 : kind.ids.size());
    if (x + need > end) break;
    x += 14;
    say(shown);
    x += 8;
    for (size_t i = 0; i < (many ? 1 : kind.ids.size()); i++, x += 7) {
      bool written = s.write.any && kind.ids[i] == s.write.object;
      if (many) written = s.write.any && std::find(kind.ids.begin(), kind.ids.end(), s.write.object) != kind.ids.end();
      g.bars.push_back({x, kind.group, written});
    }
    x -= 2;
  }
}

void Builder::apiServer(float height) {
  float x = left;
  if (o.embed && !out.glyphs.empty()) x = std::max(out.glyphs.back().box.right() + 28, left + 116);
  Glyph& g = add(GlyphType::Api, "api", {x, o.embed ? y - 2 : y, right - x, height});
  g.title = word(Text::ApiServer);
  g.right = s.write.any ? s.write.revisions : "";
  storedBars(g);
  y += height + (o.embed ? 28 : tight ? 20 : 32);
}

// What else there is beside the set with the columns, in their grid, so that the gutters stay free.
void Builder::workloads() {
  int n = 0;
  const int perRow = pillsPerRow();
  const auto pill = [&](const std::string& id, const std::string& kind, const std::string& name,
                        std::string note) -> Glyph& {
    Glyph& g = add(GlyphType::Set, id, {columnX(n % perRow), y + float(n / perRow) * 36, columnWidth(), 28});
    g.note = kind;
    g.title = name;
    g.line = std::move(note);
    n++;
    return g;
  };
  if (s.sets.size() > 1)
    for (const SetView& other : s.sets) {
      const size_t space = other.id.find('/') + 1;
      const std::string in = other.id.substr(space, other.id.rfind('/') - space);
      Glyph& g = pill(other.id, other.kind, in == "default" ? other.name : in + "/" + other.name, other.brief);
      g.strong = &other == set;
      if (g.strong) g.focusable = false, g.id = "pill:" + g.id, g.ring = Ring::None, g.selected = false;
    }
  for (const OtherView& other : s.others) pill(other.id, other.kind, other.name, other.note).tone = other.tone;
  if (n > 0) y += float((n + perRow - 1) / perRow) * 36 + (tight ? 2 : 8);
}

}  // namespace web
