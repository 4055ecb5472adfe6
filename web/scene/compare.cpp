// The comparison as a scene: a card for each workload with its lanes before and at the cursor, the same lanes in all
// three, and what became of names, DNS, data and nodes. Beside each other where there is room, else below each other.
#include <algorithm>
#include <cmath>

#include "web/paint/rich.hpp"
#include "web/scene/scene.hpp"
#include "web/text.hpp"

namespace web {
namespace {

constexpr size_t mostInLane = 6;

struct Cards {
  const Snapshot& s;
  const SceneOptions& o;
  const Painter& m;
  Scene out{};
  bool three = false;  // beside each other
  float pad = 20, lane = 48, verdict = 40;

  const char* word(Text t) const { return text(s.language, t); }
  Glyph& add(GlyphType type, std::string id, Box box) {
    Glyph& g = out.add(type, std::move(id), box);
    g.focusable = false;
    return g;
  }
  void label(Text t, float x, float y) { add(GlyphType::Label, "", {x - 12, y, 100, 20}).title = word(t); }
  void rule(float x0, float x1, float y) {
    out.links.push_back({{x0, std::floor(y) + 0.5f}, {x1, std::floor(y) + 0.5f}, LinkStyle::Drop, false});
  }

  static std::vector<const PodView*> on(const std::vector<PodView>& pods, const std::string& node);
  float laneHeight(const ColumnView*, const std::string& node, bool after) const;
  float lanes(const ColumnView&, bool after, float x, float y, float w);
  void row(const ColumnView&, bool after, const PodView&, Box row, float podAt, float podWidth, float gap);
  void kept(const PodView&, bool gone, Box);
  float card(int column, float x, float y, float w);
  float fates(const ColumnView&, float x, float y, float w);
  float missing(int column, float x, float y, float w);
};

std::vector<const PodView*> Cards::on(const std::vector<PodView>& pods, const std::string& node) {
  std::vector<const PodView*> out;
  for (const PodView& p : pods)
    if (p.node == node) out.push_back(&p);
  return out;
}

// The same in all columns that stand beside each other: as high as the fullest needs.
float Cards::laneHeight(const ColumnView* only, const std::string& node, bool after) const {
  size_t most = 1;
  for (const ColumnView& c : s.compare.columns)
    if (three || &c == only) most = std::max(most, on(after ? c.after : c.before, node).size());
  most = std::min(most, mostInLane);
  return most == 1 ? lane : 10 + 34 * float(most);
}

// What a pod keeps, beside it: a disk by its claim, or a quieter one for what goes with the pod or stays on the node.
void Cards::kept(const PodView& p, bool gone, Box box) {
  if (p.keeper == Keeper::Nothing) return;
  static constexpr Text words[] = {Text::Records, Text::Records, Text::OnTheNode, Text::InEmptyDir, Text::InContainer};
  Glyph& g = add(GlyphType::Volume, "", box);
  g.detail = Detail::Mini;
  g.ghost = p.keeper != Keeper::Claim;
  g.filled = gone || p.records == 0 ? 0 : 0.5f;
  g.title = text(s.language, words[int(p.keeper)], {std::to_string(p.records)});
  if (m.measure(Face::Sans, size::note, g.title) > box.w - 36) g.title = std::to_string(p.records);
  if (gone)
    g.title = word(p.keeper == Keeper::EmptyDir ? Text::FateEmptyDirGone : Text::FateLayerGone), g.tone = Tone::Bad;
}

void Cards::row(const ColumnView& c, bool after, const PodView& p, Box row, float podAt, float podWidth, float gap) {
  const Box box{row.x + podAt, row.y, podWidth, row.h};
  Glyph& g = add(GlyphType::Pod, after ? p.id : "before:" + p.id, box);
  g.detail = Detail::Mini;
  g.title = p.name;
  g.line = p.label;
  g.state = p.state;
  g.focusable = after;
  g.selected = after && p.id == o.selected;
  const auto same = [&](const PodView& q) { return q.uid == p.uid; };
  if (after && std::none_of(c.before.begin(), c.before.end(), same)) g.ring = Ring::Now;
  const float from = box.right() + (after && g.ring == Ring::Now ? 4 : 0), to = box.right() + gap;
  if (p.keeper == Keeper::Claim && gap > 8)
    out.links.push_back({{from, row.cy() - 1}, {to, row.cy() - 1}, LinkStyle::Storage, false});
  if (p.keeper == Keeper::Machine && gap > 8)
    out.links.push_back({{from, row.cy()}, {to, row.cy()}, LinkStyle::GhostIdentity, false});
  kept(p, false, {to, row.cy() - 14, row.right() - 12 - to, 28});
}

float Cards::lanes(const ColumnView& c, bool after, float x, float y, float w) {
  const bool narrow = w < 330;
  const float podAt = narrow ? 66 : 72, gap = narrow ? 8 : 32;
  const float podWidth = narrow ? std::floor((w - podAt - gap - 12) * 0.54f) : std::clamp(w * 0.36f, 120.f, 158.f);
  std::vector<const NodeView*> nodes;
  for (const NodeView& n : after ? s.nodes : s.compare.nodes) nodes.push_back(&n);
  const auto homeless = on(after ? c.after : c.before, "");
  bool any = false;
  for (const ColumnView& other : s.compare.columns)
    any |= (three || &other == &c) && !on(after ? other.after : other.before, "").empty();
  if (any) nodes.push_back(nullptr);
  for (const NodeView* n : nodes) {
    const std::string name = n ? n->name : "";
    const float h = laneHeight(&c, name, after);
    const std::vector<const PodView*> here = on(after ? c.after : c.before, name);
    Glyph& g = add(GlyphType::Lane, (after ? "lane:" : "before:") + c.id + "/" + name, {x, y, w, h});
    g.detail = Detail::Mini;
    g.title = n ? name : word(Text::NoNode);
    g.lost = n && n->lost;
    g.number = int(podAt);
    const size_t count = std::min(here.size(), mostInLane);
    const float ph = count > 1 ? 30 : 36, top = y + (h - float(count) * (ph + 4) + 4) / 2;
    for (size_t i = 0; i < count; i++)
      row(c, after, *here[i], {x, top + float(i) * (ph + 4), w, ph}, podAt, podWidth, gap);
    if (here.size() > mostInLane)
      add(GlyphType::Label, "", {x, y + h - 26, podAt, 20}).title = "+" + std::to_string(here.size() - mostInLane);
    // What was here and is nowhere any more, unless another has taken its place.
    if (after && here.empty())
      for (const PodView* p : on(c.before, name)) {
        const auto same = [&](const PodView& q) { return q.uid == p->uid || q.name == p->name; };
        if (std::any_of(c.after.begin(), c.after.end(), same)) continue;
        Glyph& ghost = add(GlyphType::Pod, "gone:" + p->uid, {x + podAt, y + h / 2 - 18, podWidth, 36});
        ghost.detail = Detail::Mini;
        ghost.ghost = true;
        ghost.title = p->name;
        ghost.state = PodState::NotCreated;
        if (p->keeper >= Keeper::EmptyDir)
          kept(*p, true, {x + podAt + podWidth + gap, y + h / 2 - 14, w - podAt - podWidth - gap - 12, 28});
        break;
      }
    y += h + 4;
  }
  return y;
}

float Cards::fates(const ColumnView& c, float x, float y, float w) {
  static constexpr Text names[] = {Text::FateName, Text::FateDns, Text::FateData, Text::FateNode};
  const float h = w >= 390 ? verdict : verdict + 8;
  for (int i = 0; i < 4; i++, y += h) {
    const FateView& f = c.fates[i];
    Glyph& g = add(GlyphType::Fate, c.id.empty() ? "" : "fate:" + c.id + std::to_string(i), {x, y, w, h});
    g.title = word(names[i]);
    g.note = f.word;
    g.right = f.value;
    g.line = f.note;
    g.number = int(f.fate);
  }
  return y;
}

float Cards::missing(int column, float x, float y, float w) {
  Glyph& g = add(GlyphType::Message, "", {x, y + 20, w, 64});
  g.title = text(s.language, Text::CompareMissing, {s.compare.columns[column].kind});
  return y + 104;
}

float Cards::card(int column, float x, float y, float w) {
  const ColumnView& c = s.compare.columns[column];
  const size_t at = out.glyphs.size();
  Glyph& frame = add(GlyphType::Card, "card:" + c.kind, {x, y, w, 0});
  frame.title = c.kind;
  frame.note = c.name;
  frame.number = column;
  frame.count = int(pad);
  const float left = x + pad, inner = w - 2 * pad;
  float bottom = y + 52;
  rule(x, x + w, bottom);
  if (c.id.empty()) {
    bottom = missing(column, left, bottom, inner);
    out.glyphs[at].box.h = bottom - y;
    return bottom;
  }
  const bool beside = !three && inner >= 640;  // before and after
  const float half = beside ? (inner - 24) / 2 : inner;
  float first = bottom + 12, second = 0;
  label(Text::Before, left, first);
  first = lanes(c, false, left, first + 24, half) + 8;
  second = beside ? bottom + 12 : first + 32 + 10;
  Glyph& line = add(GlyphType::Command, "", {left, first, beside ? half : inner, 32});
  line.title = c.command.empty() ? word(Text::CompareNothing) : c.command;
  line.ghost = c.command.empty();
  label(Text::After, beside ? left + half + 24 : left, second);
  second = lanes(c, true, beside ? left + half + 24 : left, second + 24, half);
  bottom = std::max(second + 8, beside ? first + 44 : 0);
  rule(x, x + w, bottom);
  const RichStyle style{.face = Face::Sans, .em = size::body, .monoEm = size::note, .line = 20};
  const float lines = layoutRich(c.why, style, {0, 0}, inner, m).height;
  const float prose = three ? std::max(lines, 40.f) : lines;
  add(GlyphType::Prose, "", {left, bottom + 12, inner, prose}).spans = c.why;
  bottom += prose + (prose > 0 ? 24 : 0);
  if (!three) {
    if (prose > 0) rule(x, x + w, bottom);
    bottom = fates(c, left, bottom + 4, inner) + 8;
  }
  out.glyphs[at].box.h = bottom - y;
  return bottom;
}

}  // namespace

Scene layoutCompare(const Snapshot& s, const SceneOptions& o, const Painter& metrics) {
  Cards c{.s = s, .o = o, .m = metrics};
  c.three = o.width >= 900;
  const float left = o.width < 560 ? 12 : 24, gap = c.three ? 24 : 16;
  c.pad = o.width < 560 ? 12 : o.width < 1180 ? 14 : 20;
  // The lanes shrink before anything has to scroll.
  float crowded = 0;
  for (const NodeView& n : s.nodes) crowded += c.laneHeight(nullptr, n.name, true) - c.lane;
  const float fixed = 52 + 2 * 36 + 50 + 72 + 16 + 168 + 16 + crowded;
  const float rows = 2 * float(std::max<size_t>(1, s.nodes.size()));
  c.lane = std::clamp(std::floor((o.height - fixed) / rows) - 4, 42.f, 48.f);
  if (o.height - fixed < rows * 46) c.verdict = 34;
  const float w = c.three ? (o.width - 2 * left - 2 * gap) / 3 : o.width - 2 * left;
  float y = 4, bottom = 0;
  for (int i = 0; i < 3; i++) {
    const float x = c.three ? left + float(i) * (w + gap) : left;
    const float end = c.card(i, x, y, w);
    bottom = std::max(bottom, end);
    if (!c.three) y = end + gap;
  }
  if (c.three)
    for (Glyph& g : c.out.glyphs)
      if (g.type == GlyphType::Card) g.box.h = bottom - g.box.y;
  if (c.three && s.compare.complete) {
    const float top = bottom + 16;
    const size_t at = c.out.glyphs.size();
    c.add(GlyphType::Card, "verdict", {left, top, o.width - 2 * left, 0}).number = -1;
    float end = top;
    for (int i = 0; i < 3; i++) {
      const float x = left + float(i) * (w + gap);
      end = c.fates(s.compare.columns[i], x + c.pad, top + 4, w - 2 * c.pad);
      if (i > 0)
        c.out.links.push_back(
            {{std::floor(x - gap / 2) + 0.5f, top}, {std::floor(x - gap / 2) + 0.5f, end + 4}, LinkStyle::Drop, false});
    }
    for (int i = 1; i < 4; i++) c.rule(left + c.pad, o.width - left - c.pad, top + 4 + float(i) * (end - top - 4) / 4);
    c.out.glyphs[at].box.h = end + 4 - top;
    bottom = end + 4;
  }
  c.out.bounds = {0, 0, o.width, bottom + 12};
  for (size_t i = 0; i < c.out.glyphs.size(); i++)
    if (c.out.glyphs[i].focusable && !c.out.glyphs[i].id.empty()) c.out.order.push_back(int(i));
  return std::move(c.out);
}

}  // namespace web
