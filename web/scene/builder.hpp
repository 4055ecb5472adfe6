#pragma once
// What puts the wide canvas and the embed together, from top to bottom: layout.cpp calls the parts in their order,
// layout_control.cpp places the control plane, layout_identities.cpp the columns' heads, layout_nodes.cpp the rows with
// their pods, layout_storage.cpp what stands below. Columns are ordinals (pitch 204, or 164 when they would not fit),
// rows are nodes; the measures are those of the design's section 5. Not for others than these files.
#include <map>

#include "web/scene/scene.hpp"
#include "web/text.hpp"

namespace web {

struct Builder {
  static constexpr float columnsAt = 128, gutter = 20;
  static constexpr size_t crowd = 24;  ///< more ordinals than this become dots

  const Snapshot& s;
  const SceneOptions& o;
  const Painter& m;
  Scene out{};
  float left = 24, right = 0, y = 24, pitch = 204;
  int columns = 0;
  const SetView* set = nullptr;
  bool dots = false, tight = false;                  // tight: the gaps shrink before anything has to scroll
  bool snug = false;                                 // and then the pods of an embed
  std::map<std::string, float, std::less<>> podX{};  // pods of the columns
  float slotsBottom = 0;

  float columnWidth() const { return pitch - (o.embed ? 16 : gutter); }
  float columnX(int i) const { return left + (o.embed ? 92 : columnsAt) + pitch * float(i); }
  static float podHeight(float lane) { return lane < 50 ? 40 : lane < 76 ? 48 : 56; }
  const char* word(Text t) const { return text(s.language, t); }

  Glyph& add(GlyphType type, std::string id, Box box) {
    Glyph& g = out.add(type, std::move(id), box);
    mark(g, s, o);
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

}  // namespace web
