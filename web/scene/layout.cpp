// Where everything stands on the wide canvas and in an embed. Columns are ordinals (pitch 204, or 164 when they would
// not fit), rows are nodes. The measures are those of the design's section 5.
#include <algorithm>
#include <cmath>
#include <map>

#include "core/api/sort.hpp"
#include "web/scene/scene.hpp"
#include "web/text.hpp"

namespace web {
namespace {

constexpr float columnsAt = 128, gutter = 20;
constexpr size_t crowd = 24;  // more ordinals than this become dots

struct Builder {
  const Snapshot& s;
  const SceneOptions& o;
  const Painter& m;
  Scene out{};
  float left = 24, right = 0, y = 24, pitch = 204;
  int columns = 0;
  const SetView* set = nullptr;
  bool dots = false, tight = false;                  // tight: the gaps shrink before anything has to scroll
  std::map<std::string, float, std::less<>> podX{};  // pods of the columns
  float slotsBottom = 0;

  float columnWidth() const { return pitch - (o.embed ? 16 : gutter); }
  float columnX(int i) const { return left + (o.embed ? 92 : columnsAt) + pitch * float(i); }
  const char* word(Text t) const { return text(s.language, t); }

  Glyph& add(GlyphType type, std::string id, Box box) {
    Glyph& g = out.glyphs.emplace_back();
    g.type = type;
    g.id = std::move(id);
    g.box = box;
    g.selected = !g.id.empty() && g.id == o.selected;
    if (!g.id.empty() && g.id == s.write.shownAt && s.write.any) g.ring = Ring::Now;
    return g;
  }
  void link(Point a, Point b, LinkStyle style, bool column = true) { out.links.push_back({a, b, style, column}); }

  void chooseColumns();
  void chips();
  void apiServer(float height);
  void storedBars(Glyph&);
  size_t pills() const { return s.others.size() + (s.sets.size() > 1 ? s.sets.size() : 0); }
  int pillsPerRow() const { return std::max(1, int((right - 12 - columnX(0) + gutter) / pitch)); }
  void workloads();
  void identities(float height);
  void crowdOfIdentities();
  void names();
  void lanes(float height);
  float laneContent(const NodeView*, Box lane, int at);
  void pod(const PodView&, Box, Detail);
  void storage();
  void storageOf(const SlotView&, int column, float claimsAt, float volumesAt, int row);
  void loose();
  void legend();
};

void Builder::chooseColumns() {
  right = o.width - left;
  if (!s.sets.empty()) set = &s.sets[size_t(std::clamp(o.set, 0, int(s.sets.size()) - 1))];
  columns = set ? int(set->slots.size()) : 0;
  dots = columns > int(crowd);
  const float room = right - columnX(0) - (o.embed ? 8 : 12);
  const float gap = o.embed ? 16 : gutter;
  pitch = o.embed ? 200 : 204;
  if (columns > 0) pitch = std::clamp(std::floor((room + gap) / float(columns)), 164.f, pitch);
  out.pinned = columnX(0) - 12;
}

// Chips share the width evenly, with the gaps growing as there is room.
void Builder::chips() {
  float total = 0;
  for (const ActorView& a : s.actors) total += m.measure(Face::Sans, size::note, a.name) + 24;
  const float room = right - left, gaps = float(std::max<size_t>(1, s.actors.size() - 1));
  float gap = std::min(16.f, (room - total) / gaps), x = left;
  const bool tight = gap < 4;
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
    x += w + (tight ? 4 : gap);
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
  const float d = columns > 200 ? 10 : 18, step = d + (columns > 200 ? 4 : 6), x0 = columnX(0);
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

void Builder::pod(const PodView& p, Box box, Detail detail) {
  Glyph& g = add(GlyphType::Pod, p.id, box);
  g.title = p.name;
  g.state = p.state;
  g.detail = detail;
  g.line = box.w < 150 && !p.brief.empty() ? p.brief : p.label;
  if (p.state != PodState::Unknown && p.state != PodState::TerminatingUnknown)
    g.note = std::to_string(p.ready) + "/" + std::to_string(p.containers);
  g.tag = p.revision;
  g.strong = p.updated;
  g.count = p.restarts;
  // What a claim keeps its volume says; else the pod says it, where there is room beside its state.
  const std::string records = text(s.language, Text::Records, {std::to_string(p.records)});
  if (detail != Detail::Full && p.records > 0) g.line += ", " + records;
  if (detail == Detail::Full && p.records > 0 && p.keeper != Keeper::Claim && p.restarts == 0 &&
      m.measure(Face::Sans, size::note, g.line) + m.measure(Face::Mono, size::note, records) + 68 < box.w)
    g.right = records;
  if (p.id == s.waitedFor && g.ring == Ring::None) g.ring = Ring::Waited;
}

// Places the pods of one node; gives the height that they need.
float Builder::laneContent(const NodeView* node, Box lane, int) {
  std::vector<const PodView*> free, crowded;
  const std::string name = node ? node->name : "";
  for (const PodView& p : s.pods) {
    if (p.node != name) continue;
    const auto at = podX.find(p.id);
    if (at == podX.end()) {
      free.push_back(&p);
    } else if (dots) {
      crowded.push_back(&p);
    } else {
      const float h = lane.h < 76 ? 48 : 56;
      pod(p, {at->second, lane.y + (lane.h - h) / 2, columnWidth(), h}, Detail::Full);
      out.glyphs.back().column = true;
    }
  }
  const float x0 = left + (o.embed ? 92 : columnsAt), inner = right - 12 - x0;
  float used = crowded.empty() && !dots ? lane.h : 12;
  const auto grid = [&](const std::vector<const PodView*>& pods, float w, float h, float gap, Detail d) {
    const int perRow = std::max(1, int((inner + gap) / (w + gap)));
    for (size_t i = 0; i < pods.size(); i++)
      pod(*pods[i], {x0 + float(int(i) % perRow) * (w + gap), lane.y + used + float(int(i) / perRow) * (h + gap), w, h},
          d);
    if (!pods.empty()) used += float((int(pods.size()) + perRow - 1) / perRow) * (h + gap) - gap + 12;
  };
  grid(crowded, 12, 12, 6, Detail::Dot);
  if (!crowded.empty() || dots) used = std::max(used, 64.f);
  api::sort(free,
            [](const PodView* a, const PodView* b) { return a->daemon != b->daemon ? a->daemon : a->name < b->name; });
  bool anyColumn = false;
  for (const PodView& p : s.pods) anyColumn |= p.node == name && podX.count(p.id) && !dots;
  if (!free.empty() && columns == 0)
    used = 12;  // no columns: the row is theirs
  else if (!free.empty() && !anyColumn && !dots)
    used = 12;
  else if (!free.empty() && !dots)
    used = (lane.h + (lane.h < 76 ? 48 : 56)) / 2 + 8;
  if (free.size() > crowd) {
    grid(free, 12, 12, 6, Detail::Dot);
  } else if (columns > 0 && !dots) {
    // Beside the identity lines, which run 22 px into each column and mean nothing to them.
    const float w = columnWidth() - 44;
    const int perRow = std::max(1, int((inner + gutter) / pitch));
    for (size_t i = 0; i < free.size(); i++) {
      const float x = x0 + float(int(i) % perRow) * pitch + 44;
      pod(*free[i], {x, lane.y + used + float(int(i) / perRow) * 44, w, 36}, Detail::Mini);
    }
    if (!free.empty()) used += float((int(free.size()) + perRow - 1) / perRow) * 44 + 4;
  } else if (free.size() > 6) {
    grid(free, 140, 36, 8, Detail::Mini);
  } else {
    grid(free, o.embed ? 180 : 184, lane.h < 76 ? 48 : 56, gutter, Detail::Full);
  }
  return std::max(lane.h, used);
}

void Builder::lanes(float height) {
  if (set)
    for (int i = 0; i < columns; i++) podX[set->slots[size_t(i)].id] = columnX(i);
  bool homeless = false;
  for (const PodView& p : s.pods) homeless |= p.node.empty();
  const auto place = [&](const NodeView* node, float h) {
    const size_t at = out.glyphs.size();
    add(GlyphType::Lane, node ? node->id : "lane:none", {left, y, right - left, h});
    const float needed = laneContent(node, {left, y, right - left, h}, 0);
    Glyph& lane = out.glyphs[at];
    lane.box.h = needed;
    if (node) {
      lane.title = node->name;
      lane.note = node->condition;
      if (!o.embed) lane.right = node->kubelet;
      lane.tone = node->tone;
      lane.lost = node->lost;
      lane.acting = s.write.actor == "kubelet " + node->name;
    } else {
      lane.title = word(Text::NoNode);
      lane.note = word(Text::NoNodeNote);
      lane.ghost = true;
      lane.focusable = false;
    }
    y += needed + (tight ? 6 : 8);
  };
  if (homeless) place(nullptr, 56);
  for (const NodeView& n : s.nodes) place(&n, height);
  y += o.embed ? 8 : tight ? 10 : 16;
}

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

void Builder::legend() {
  static constexpr Text words[] = {Text::Ready,          Text::NotReady,    Text::Creating, Text::Pending,
                                   Text::CrashLoopShort, Text::Terminating, Text::Failed,   Text::Unknown};
  Glyph& g = add(GlyphType::Legend, "", {left, std::max(y, 0.f), right - left, 32});
  for (Text t : words) g.words.emplace_back(0.f, word(t));
  g.focusable = false;
  y += 40;
}

void tabOrder(Scene& scene) {
  for (size_t i = 0; i < scene.glyphs.size(); i++)
    if (scene.glyphs[i].focusable && !scene.glyphs[i].id.empty()) scene.order.push_back(int(i));
  api::sort(scene.order, [&](int a, int b) {
    const Box &p = scene.glyphs[size_t(a)].box, &q = scene.glyphs[size_t(b)].box;
    return p.y != q.y ? p.y < q.y : p.x < q.x;
  });
}

}  // namespace

Scene layout(const Snapshot& s, const SceneOptions& o, const Painter& metrics) {
  if (o.compare) return layoutCompare(s, o, metrics);
  if (o.phone) return layoutPhone(s, o, metrics);
  Builder b{.s = s, .o = o, .m = metrics};
  b.left = o.embed ? 16 : 24;
  b.y = 16;
  bool homeless = false;
  for (const PodView& p : s.pods) homeless |= p.node.empty();
  const float rows = float(s.nodes.size());
  b.chooseColumns();
  const float pills = float((b.pills() + size_t(b.pillsPerRow()) - 1) / size_t(b.pillsPerRow())) * 36;
  b.tight = o.height < (o.embed ? 192 : 400) + rows * 72 + pills;
  b.chips();
  b.apiServer(o.embed ? 32 : 36);
  b.workloads();
  b.identities(o.embed ? 56 : 64);
  if (!o.embed) b.names();
  // Lanes shrink before anything scrolls: what stands below them needs 136 (an embed: 52).
  const float need = b.y + rows * 88 + (homeless ? 64 : 0) + (o.embed ? 52 : 136);
  const bool high = !o.embed && need <= o.height && s.nodes.size() <= 3;
  const float lane = high ? 80.f : b.tight ? 56.f : homeless ? 60.f : 64.f;
  b.lanes(lane);
  b.storage();
  b.loose();
  if (s.sets.empty() && s.pods.empty()) {
    Glyph& g = b.add(GlyphType::Message, "", {b.left, b.y, b.right - b.left, 64});
    g.title = b.word(Text::EmptyTitle);
    g.note = b.word(Text::NoSets);
    g.focusable = false;
    b.y += 72;
  }
  if (!o.embed) b.legend();
  for (const Glyph& g : b.out.glyphs) b.out.bounds = b.out.bounds | g.box;
  b.out.bounds = {0, 0, std::max(o.width, b.out.bounds.right() + b.left), b.out.bounds.bottom() + 4};
  route(b.out, s, o, metrics);
  tabOrder(b.out);
  return std::move(b.out);
}

}  // namespace web
