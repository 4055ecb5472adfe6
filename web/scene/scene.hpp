#pragma once
// The canvas as a value: glyphs with positions, links, a gate, the write path. It follows from a snapshot and the room
// alone, so it can be tested, animated between two entries, painted on the canvas or as SVG, and mirrored as DOM.
// Columns are ordinals, rows are nodes; place and order stay fixed between steps.
#include <string>
#include <vector>

#include "web/model.hpp"
#include "web/paint/painter.hpp"

namespace web {

enum class GlyphType : uint8_t {
  Chip,
  Api,
  Set,
  Slot,
  Service,
  Dns,
  Lane,
  Pod,
  Claim,
  Volume,
  Label,
  Legend,
  Message,
  Card,     ///< of the comparison: `number` is the kind of workload, -1 for none
  Command,  ///< a line as it was typed
  Prose,    ///< `spans`
  Fate,     ///< `number` is the Fate; title, note, right, line are its four texts
};
enum class Detail : uint8_t { Full, Compact, Mini, Dot };  ///< how much a pod says
enum class Ring : uint8_t { None, Now, Waited };

struct Bar {
  float x;
  KindGroup group;
  bool written;
};
struct Glyph {
  GlyphType type = GlyphType::Label;
  std::string id;  ///< of the object; of an actor for chips
  Box box;
  std::string title, note, line, right, tag;  ///< what its texts say, by place
  PodState state = PodState::Ready;
  Tone tone = Tone::Plain;
  Detail detail = Detail::Full;
  Disc disc = Disc::Filled;
  Ring ring = Ring::None;
  int number = 0, count = 0;  ///< ordinal; restarts
  float filled = 0;
  bool ghost = false, acting = false, lost = false, strong = false, selected = false, focusable = true;
  bool column = false;                               ///< scrolls sideways with the ordinals; the label column does not
  std::vector<std::pair<float, std::string>> words;  ///< API server: kinds at their x
  std::vector<Bar> bars;
  std::vector<Span> spans;
  float alpha = 1;

  bool ground() const { return type == GlyphType::Lane || type == GlyphType::Card; }  ///< painted below everything
};

enum class LinkStyle : uint8_t { Identity, GhostIdentity, Storage, Rail, GateRail, Net, Drop };
struct Link {
  Point a, b;
  LinkStyle style;
  bool column = true;
};
struct Gate {
  bool shown = false, vertical = false;
  Point at;
};
/// From the acting chip to the API server to the object, in gutters only.
struct WritePath {
  std::vector<Point> first, second;
  std::string verb;
  Point verbAt;
};

struct Scene {
  std::vector<Glyph> glyphs;  ///< in painting order
  std::vector<Link> links;
  Gate gate;
  WritePath path;
  Box bounds;              ///< of everything; larger than the room when it scrolls
  float pinned = 0;        ///< columns are cut off at this x when the canvas scrolls sideways
  std::vector<int> order;  ///< glyphs in tab order: top down, then left to right

  /// A new glyph on top of the others. Valid until the next.
  Glyph& add(GlyphType, std::string id, Box);
  const Glyph* find(std::string_view id) const;
  const Glyph* at(Point) const;
};

struct SceneOptions {
  float width = 780, height = 676;
  bool embed = false, phone = false, compare = false;
  std::string selected;
  int set = 0;  ///< which of several StatefulSets has the columns
};

/// Shows that a glyph is chosen, and that its object is the one that was just written.
void mark(Glyph&, const Snapshot&, const SceneOptions&);

/// The whole picture, origin at the room's top left. `metrics` only measures text.
Scene layout(const Snapshot&, const SceneOptions&, const Painter& metrics);
Scene layoutPhone(const Snapshot&, const SceneOptions&, const Painter& metrics);
Scene layoutCompare(const Snapshot&, const SceneOptions&, const Painter& metrics);

/// How to paint: from where, scrolled how far, how much of the write path is drawn.
struct View {
  Box room;
  Point scroll;
  float drawn = 1;
};
void paint(const Scene&, Painter&, const View&);
void paint(const Glyph&, Painter&);
/// The glyphs that only the comparison has; false for others.
bool paintCompared(const Glyph&, Painter&);
/// Where a glyph stands in a scrolled room.
Box placed(const Glyph&, const View&);
/// How far to scroll so that the pod or volume that was written, else the one that is waited for, is in sight.
Point followed(const Scene&, const View&);

/// The write path through the gutters, once all glyphs stand.
void route(Scene&, const Snapshot&, const SceneOptions&, const Painter& metrics);

}  // namespace web
