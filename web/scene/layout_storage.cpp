// Claims and volumes under their column, the lines that lead down to them, and those that belong to no column.
#include <algorithm>

#include "web/scene/builder.hpp"

namespace web {

void Builder::storageOf(const SlotView& slot, int column, float claimsAt, float volumesAt, int row) {
  const float x = columnX(column), cx = x + 22;
  for (const ClaimView& c : s.claims) {
    if (c.set != set->id || c.ordinal != slot.ordinal || c.row != row) continue;
    const VolumeView* volume = nullptr;
    for (const VolumeView& v : s.volumes)
      if (!c.volume.empty() && v.id == c.volume) volume = &v;
    if (!o.embed) {
      Glyph& g = add(GlyphType::Claim, c.id, {x, claimsAt, columnWidth(), 28});
      g.column = true;
      g.title = c.name;
      g.right = c.note;
      g.tone = c.tone;
      g.ghost = !c.exists;
      g.focusable = c.exists;
    }
    if (volume) {
      if (!o.embed) link({cx, claimsAt + 28}, {cx, volumesAt}, LinkStyle::Storage);
      Glyph& g = add(GlyphType::Volume, volume->id, {x, volumesAt, columnWidth(), 28});
      g.column = true;
      g.title = volume->name;
      g.right = volume->note;
      g.filled = volume->filled;
      g.tone = volume->lost ? Tone::Bad : Tone::Plain;
    }
  }
}

void Builder::storage() {
  int rows = 0;
  size_t claims = 0, bound = 0;
  if (set)
    for (const ClaimView& c : s.claims)
      if (c.set == set->id) rows = std::max(rows, c.row + 1), claims += c.exists, bound += c.bound;
  const auto label = [&](Text t) {
    Glyph& g = add(GlyphType::Label, "", {left, y, 104, 28});
    g.title = word(t);
    g.focusable = false;
  };
  if (rows == 0) return;
  if (dots) {
    label(Text::Claims);
    Glyph& g = add(GlyphType::Claim, "claims", {columnX(0), y, 184, 28});
    g.title = std::to_string(bound) + " / " + std::to_string(claims);
    g.right = word(Text::Bound);
    g.focusable = false;
    y += 28 + 16;
    return;
  }
  const float claimsAt = y;
  const int perColumn = rows;
  const float volumesAt = o.embed ? y : y + float(perColumn) * 36 + (tight ? 2 : 8);
  if (!o.embed) label(Text::Claims);
  y = volumesAt;
  label(Text::Volumes);
  for (int i = 0; i < columns; i++) {
    const SlotView& slot = set->slots[size_t(i)];
    const Glyph* pod = out.find(slot.id);
    const float cx = columnX(i) + 22;
    bool bound = false, named = false;
    for (const ClaimView& c : s.claims)
      if (c.set == set->id && c.ordinal == slot.ordinal) bound |= c.bound, named = true;
    const float end = o.embed ? volumesAt : claimsAt;
    const float from = slotsBottom;
    if (pod) {
      const float cy = pod->box.cy();
      link({cx, from}, {cx, cy}, LinkStyle::Identity);
      if (named) link({cx, cy}, {cx, end}, bound ? LinkStyle::Storage : LinkStyle::GhostIdentity);
    } else {
      link({cx, from}, {cx, end}, LinkStyle::GhostIdentity);
    }
    for (int row = 0; row < rows; row++)
      storageOf(slot, i, claimsAt + float(row) * 36, volumesAt + float(row) * 36, row);
  }
  y = volumesAt + float(rows) * 36 - 8 + 16;
}

// Claims and volumes that belong to no column: made by hand, or of another workload.
void Builder::loose() {
  if (o.embed) return;
  const auto row = [&](Text title, std::vector<Glyph> cards) {
    if (cards.empty()) return;
    Glyph& g = add(GlyphType::Label, "", {left, y, 120, 28});
    g.title = word(title);
    g.focusable = false;
    const float x0 = left + columnsAt, w = 184;
    const int perRow = std::max(1, int((right - x0 + gutter) / (w + gutter)));
    int i = 0;
    for (Glyph& card : cards) {
      card.box = {x0 + float(i % perRow) * (w + gutter), y + float(i / perRow) * 36, w, 28};
      if (card.id == s.write.shownAt && s.write.any) card.ring = Ring::Now;
      card.selected = card.id == o.selected;
      out.glyphs.push_back(card);
      i++;
    }
    y += float((i + perRow - 1) / perRow) * 36 + 8;
  };
  if (dots) return;
  std::vector<Glyph> claims, volumes;
  for (const ClaimView& c : s.claims) {
    if (!c.exists || out.find(c.id)) continue;
    Glyph& g = claims.emplace_back();
    g.type = GlyphType::Claim;
    g.id = c.id;
    g.title = c.name;
    g.right = c.note;
    g.tone = c.tone;
  }
  for (const VolumeView& v : s.volumes) {
    if (out.find(v.id)) continue;
    Glyph& g = volumes.emplace_back();
    g.type = GlyphType::Volume;
    g.id = v.id;
    g.title = v.name;
    g.right = v.note;
    g.filled = v.filled;
  }
  row(set ? Text::OtherClaims : Text::Claims, std::move(claims));
  row(set ? Text::OtherVolumes : Text::Volumes, std::move(volumes));
}

}  // namespace web
