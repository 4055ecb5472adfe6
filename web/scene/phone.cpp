// The same scene on a narrow screen: ordinals become rows, the rail runs down the left side.
#include <algorithm>

#include "web/scene/scene.hpp"
#include "web/text.hpp"

namespace web {
namespace {

struct Rows {
  const Snapshot& s;
  const SceneOptions& o;
  const Painter& m;
  Scene out;
  float left = 16, right = 0, y = 12;

  Glyph& add(GlyphType type, std::string id, Box box) {
    Glyph& g = out.add(type, std::move(id), box);
    mark(g, s, o);
    return g;
  }
  void top();
  void pod(const PodView&, float x);
  void row(const SetView&, size_t i, float& railFrom);
  void others(const SetView*);
};

void Rows::top() {
  float x = left;
  std::string name;
  for (const ActorView& a : s.actors)
    if (a.id == s.write.actor) name = a.name;
  if (name.empty() && s.write.actor.starts_with("kubelet ")) name = "kubelet";
  if (name.empty() && s.write.actor == "you") name = text(s.language, Text::You);
  if (!name.empty()) {
    const float w = m.measure(Face::Sans, size::note, name) + 28;
    Glyph& chip = add(GlyphType::Chip, s.write.actor, {x, y, w, 28});
    chip.title = name;
    chip.acting = true;
    chip.ring = Ring::None;
    x += w + 48;
    x = std::max(x, 152.f);
  }
  Glyph& api = add(GlyphType::Api, "api", {x, y, right - x, 28});
  api.title = text(s.language, Text::ApiServer);
  const float words =
      m.measure(Face::Sans, size::note, api.title) + m.measure(Face::Mono, size::note, s.write.revisions);
  if (s.write.any && words + 56 <= api.box.w) api.right = s.write.revisions;
  y += 28 + 16;
}

void Rows::pod(const PodView& p, float x) {
  Glyph& g = add(GlyphType::Pod, p.id, {x, y, right - x, 56});
  g.title = p.name;
  g.state = p.state;
  g.line = p.label;
  if (p.state != PodState::Unknown && p.state != PodState::TerminatingUnknown)
    g.note = std::to_string(p.ready) + "/" + std::to_string(p.containers);
  g.tag = p.revision;
  g.strong = p.updated;
  g.count = p.restarts;
  g.right = p.node;
  if (p.id == s.waitedFor && g.ring == Ring::None) g.ring = Ring::Waited;
}

void Rows::row(const SetView& set, size_t i, float& railFrom) {
  const SlotView& slot = set.slots[i];
  const PodView* found = nullptr;
  for (const PodView& p : s.pods)
    if (p.id == slot.id) found = &p;
  const float cards = left + 52, cy = y + (found ? 28 : 26);
  const bool shut = int(i) == set.gate;
  out.links.push_back({{left + 20, railFrom}, {left + 20, cy}, shut ? LinkStyle::GateRail : LinkStyle::Rail, false});
  if (shut) out.gate = {true, true, {left + 20, (railFrom + cy) / 2}};
  railFrom = cy;
  if (found) {
    pod(*found, cards);
    y += 56;
  } else {
    Glyph& g = add(GlyphType::Slot, "slot:" + slot.id, {cards, y, right - cards, 52});
    g.title = slot.name;
    g.note = slot.note;
    g.line = slot.reason;
    g.tone = slot.tone;
    g.disc = slot.disc;
    g.number = slot.ordinal;
    g.ghost = true;
    y += 52;
  }
  for (const ClaimView& c : s.claims) {
    if (c.set != set.id || c.ordinal != slot.ordinal || !c.exists) continue;
    const VolumeView* volume = nullptr;
    for (const VolumeView& v : s.volumes)
      if (!c.volume.empty() && v.id == c.volume) volume = &v;
    out.links.push_back(
        {{cards + 22, y}, {cards + 22, y + 8}, c.bound ? LinkStyle::Storage : LinkStyle::GhostIdentity, false});
    y += 8;
    Glyph& g = add(volume ? GlyphType::Volume : GlyphType::Claim, c.id, {cards, y, right - cards, 28});
    g.title = c.name;
    g.right = volume ? c.note + (s.language == Language::Chinese ? "，" : ", ") + volume->note : c.note;
    g.filled = volume ? volume->filled : 0;
    g.tone = c.tone;
    y += 28;
  }
  Glyph& disc = add(GlyphType::Slot, "", {left + 6, cy - 14, 28, 28});
  disc.disc = slot.disc;
  disc.number = slot.ordinal;
  disc.focusable = false;
  y += 20;
}

// Pods outside the set, in rows of their own.
void Rows::others(const SetView* set) {
  for (const SetView& other : s.sets) {
    if (&other == set) continue;
    Glyph& g = add(GlyphType::Set, other.id, {left, y, right - left, 28});
    g.note = other.kind, g.title = other.name, g.line = other.brief;
    y += 36;
  }
  for (const OtherView& other : s.others) {
    Glyph& g = add(GlyphType::Set, other.id, {left, y, right - left, 28});
    g.note = other.kind, g.title = other.name, g.line = other.note, g.tone = other.tone;
    y += 36;
  }
  for (const PodView& p : s.pods) {
    bool shown = false;
    if (set)
      for (const SlotView& slot : set->slots) shown |= slot.id == p.id;
    if (shown) continue;
    pod(p, left);
    y += 56 + 12;
  }
}

}  // namespace

Scene layoutPhone(const Snapshot& s, const SceneOptions& o, const Painter& metrics) {
  Rows r{s, o, metrics, {}};
  r.right = o.width - r.left;
  r.top();
  const SetView* set = s.sets.empty() ? nullptr : &s.sets[size_t(std::clamp(o.set, 0, int(s.sets.size()) - 1))];
  if (set) {
    Glyph& card = r.add(GlyphType::Set, set->id, {r.left, r.y, r.right - r.left, 36});
    card.note = set->kind;
    card.title = set->name;
    card.line = set->summary;
    const std::string policy = (s.language == Language::Chinese ? "，" : ", ") + set->policy;
    const float words = metrics.measure(Face::Sans, size::body, card.note) +
                        metrics.measure(Face::Mono, size::body, card.title) +
                        metrics.measure(Face::Sans, size::note, card.line + policy);
    if (!set->policy.empty() && words + 46 <= card.box.w) card.line += policy;
    float from = r.y + 40;
    r.y += 36 + 20;
    for (size_t i = 0; i < set->slots.size(); i++) r.row(*set, i, from);
  }
  r.others(set);
  if (!set && s.pods.empty()) {
    Glyph& g = r.add(GlyphType::Message, "", {r.left, r.y + 40, r.right - r.left, 64});
    g.title = text(s.language, Text::EmptyTitle);
    g.note = text(s.language, Text::NoSets);
    g.focusable = false;
    r.y += 120;
  }
  r.out.bounds = {0, 0, o.width, r.y + 8};
  route(r.out, s, o, metrics);
  for (size_t i = 0; i < r.out.glyphs.size(); i++)
    if (r.out.glyphs[i].focusable && !r.out.glyphs[i].id.empty()) r.out.order.push_back(int(i));
  return std::move(r.out);
}

}  // namespace web
