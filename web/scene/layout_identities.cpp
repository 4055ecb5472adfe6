// The identities of a StatefulSet: a slot for each ordinal and its DNS name below, or discs where they are many.
#include <algorithm>

#include "web/scene/builder.hpp"

namespace web {

void Builder::identities(float height) {
  if (!set) return;
  Glyph& card = add(GlyphType::Set, set->id, {left, y, o.embed ? 84.f : 104.f, height});
  card.note = set->kind;
  card.title = set->name;
  card.line = set->summary;
  const float rail = y + height / 2 - 1;
  if (dots) {
    crowdOfIdentities();
    return;
  }
  float from = left + card.box.w;
  for (int i = 0; i < columns; i++) {
    const SlotView& slot = set->slots[size_t(i)];
    const float x = columnX(i);
    const bool shut = i == set->gate;
    if (from < x) link({from, rail}, {x, rail}, shut ? LinkStyle::GateRail : LinkStyle::Rail, i > 0);
    if (shut) out.gate = {true, false, {(i > 0 ? x - (x - from) / 2 : x - 10), rail + 1}};
    Glyph& g = add(GlyphType::Slot, "slot:" + slot.id, {x, y, columnWidth(), height});
    g.column = true;
    g.title = slot.name;
    g.note = slot.note;
    const bool fits = m.measure(Face::Sans, size::note, slot.reason) <= columnWidth() - 56;
    g.line = fits || slot.brief.empty() ? slot.reason : slot.brief;
    g.tone = slot.tone;
    g.disc = slot.disc;
    g.number = slot.ordinal;
    g.ghost = !slot.exists && slot.disc == Disc::Dotted;
    from = x + columnWidth();
  }
  slotsBottom = y + height;
  y += height + (tight ? 12 : 16);
}

// Too many for cards: discs in rows, in the order of their ordinals.
void Builder::crowdOfIdentities() {
  const float d = columns > 200 ? 10 : columns > 100 ? 14 : 18, step = d + (columns > 200 ? 4 : 6), x0 = columnX(0);
  const int perRow = std::max(1, int((right - x0) / step));
  for (int i = 0; i < columns; i++) {
    const SlotView& slot = set->slots[size_t(i)];
    Glyph& g =
        add(GlyphType::Slot, "slot:" + slot.id, {x0 + float(i % perRow) * step, y + float(i / perRow) * step, d, d});
    g.detail = Detail::Dot;
    g.disc = slot.disc;
    g.number = slot.ordinal;
    g.title = slot.name;
    g.note = slot.note;
    g.line = slot.reason;
  }
  y += std::max(64.f, float((columns + perRow - 1) / perRow) * step) + 16;
  slotsBottom = y - 16;
}

void Builder::names() {
  if (!set || dots || set->service.empty()) return;
  Glyph& pill = add(GlyphType::Service, set->serviceId, {left, y, 104, 24});
  pill.note = word(Text::Service);
  pill.title = set->service;
  const float cy = y + 11.5f;
  float from = left + 104;
  for (int i = 0; i < columns; i++) {
    const SlotView& slot = set->slots[size_t(i)];
    const float x = columnX(i);
    link({from, cy}, {x, cy}, LinkStyle::Net, i > 0);
    Glyph& g = add(GlyphType::Dns, "dns:" + slot.id, {x, y, columnWidth(), 24});
    g.column = true;
    g.title = slot.dns;
    g.right = slot.address;
    g.ghost = !slot.resolves;
    g.focusable = false;
    from = x + columnWidth();
  }
  y += 24 + (tight ? 12 : gutter);
}

}  // namespace web
