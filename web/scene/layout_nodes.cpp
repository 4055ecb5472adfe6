// A lane for each node with its pods: those with an identity in their column, the others where there is room.
#include <algorithm>

#include "core/api/sort.hpp"
#include "web/scene/builder.hpp"

namespace web {

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
      const float h = podHeight(lane.h);
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
    used = (lane.h + podHeight(lane.h)) / 2 + 8;
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
    grid(free, o.embed ? 180 : 184, podHeight(lane.h), gutter, Detail::Full);
  }
  return std::max(lane.h, used);
}

void Builder::lanes(float height) {
  if (set)
    for (int i = 0; i < columns; i++) podX[set->slots[size_t(i)].id] = columnX(i);
  bool homeless = false;
  for (const PodView& p : s.pods) homeless |= p.node.empty();
  // Where columns go on beyond the room, lanes do too.
  const float end = !dots && columns > 0 && columnX(columns) - gutter > right ? o.width + 12 : right;
  const auto place = [&](const NodeView* node, float h) {
    const size_t at = out.glyphs.size();
    add(GlyphType::Lane, node ? node->id : "lane:none", {left, y, end - left, h});
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
      if (!o.embed) lane.note = word(Text::NoNodeNote);  // in an embed the first pod stands where it would end
      lane.ghost = true;
      lane.focusable = false;
    }
    y += needed + (snug ? 4 : tight ? 6 : 8);
  };
  if (homeless) place(nullptr, std::min(height, 56.f));
  for (const NodeView& n : s.nodes) place(&n, height);
  y += o.embed ? 8 : tight ? 10 : 16;
}

}  // namespace web
