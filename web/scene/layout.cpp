// Where everything stands on the wide canvas and in an embed: the parts from top to bottom. Start reading at layout().
#include <algorithm>
#include <cmath>

#include "core/api/sort.hpp"
#include "web/scene/builder.hpp"

namespace web {
namespace {

void tabOrder(Scene& scene) {
  for (size_t i = 0; i < scene.glyphs.size(); i++)
    if (scene.glyphs[i].focusable && !scene.glyphs[i].id.empty()) scene.order.push_back(int(i));
  api::sort(scene.order, [&](int a, int b) {
    const Box &p = scene.glyphs[size_t(a)].box, &q = scene.glyphs[size_t(b)].box;
    return p.y != q.y ? p.y < q.y : p.x < q.x;
  });
}

}  // namespace

void Builder::chooseColumns() {
  right = o.width - left;
  if (!s.sets.empty()) set = &s.sets[size_t(std::clamp(o.set, 0, int(s.sets.size()) - 1))];
  columns = set ? int(set->slots.size()) : 0;
  dots = columns > int(crowd);
  const float room = right - columnX(0) - (o.embed ? 8 : 12);
  const float gap = o.embed ? 16 : gutter;
  pitch = o.embed ? 200 : 204;
  if (columns > 0) pitch = std::clamp(std::floor((room + gap) / float(columns)), o.embed ? 144.f : 164.f, pitch);
  out.pinned = columnX(0) - 12;
}

void Builder::legend() {
  static constexpr Text words[] = {Text::Ready,          Text::NotReady,    Text::Creating, Text::Pending,
                                   Text::CrashLoopShort, Text::Terminating, Text::Failed,   Text::Unknown};
  Glyph& g = add(GlyphType::Legend, "", {left, std::max(y, 0.f), right - left, 32});
  for (Text t : words) g.words.emplace_back(0.f, word(t));
  g.focusable = false;
  y += 40;
}

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
  if (s.sets.empty() && s.pods.empty() && s.others.empty()) {
    Glyph& g = b.add(GlyphType::Message, "", {b.left, b.y - 8, b.right - b.left, 64});
    g.title = b.word(Text::EmptyTitle);
    g.note = b.word(s.cursor < s.length ? Text::NoSetsYet : Text::NoSets);
    g.focusable = false;
    b.y += 72;
  }
  // Lanes shrink before anything scrolls: what stands below them needs 136 (an embed: 52).
  const float need = b.y + rows * 88 + (homeless ? 64 : 0) + (o.embed ? 52 : 136);
  const bool high = need <= o.height && s.nodes.size() <= 3;
  b.snug = o.embed && b.y + (rows + float(homeless)) * 62 + 44 > o.height;
  const float lane = high ? 80.f : b.snug ? 44.f : b.tight ? 56.f : homeless ? 60.f : 64.f;
  b.lanes(lane);
  b.storage();
  b.loose();
  // A legend that would be all there is to scroll to is left out.
  const bool cut = b.y + 40 > o.height && b.y - 16 <= o.height;
  if (!o.embed && !cut) b.legend();
  for (const Glyph& g : b.out.glyphs) b.out.bounds = b.out.bounds | g.box;
  b.out.bounds = {0, 0, std::max(o.width, b.out.bounds.right() + b.left), b.out.bounds.bottom() + 4};
  route(b.out, s, o, metrics);
  tabOrder(b.out);
  return std::move(b.out);
}

}  // namespace web
