#pragma once
// The panels around and on the canvas. Each is a struct with its own small state and a draw that reads the snapshot,
// paints into a box and appends commands.
#include <compare>
#include <map>
#include <string>
#include <vector>

#include "web/editor/highlight.hpp"
#include "web/paint/rich.hpp"
#include "web/scene/animate.hpp"
#include "web/scene/scene.hpp"
#include "web/shell.hpp"
#include "web/ui.hpp"

namespace web {

/// Which Kubernetes is modelled, and what differs; where the bar has no room, what it leaves out too.
struct ClusterMenu {
  void open(Point corner);
  void draw(const Snapshot&, Shell&, Ui&, bool whole);

 private:
  Point at_;
};

struct TopBar {
  void draw(const Snapshot&, Shell&, Ui&, const Box&);
  void drawPhone(const Snapshot&, Shell&, Ui&, const Box&);
  /// Where the page is wide and short: the panels as tabs (0: the canvas alone).
  void drawShort(const Snapshot&, Shell&, Ui&, const Box&, int& tab);

 private:
  float version(const Snapshot&, Ui&, Point);
  void tools(const Snapshot&, Shell&, Ui&, Point right, float side);
  ClusterMenu menu_;
};

/// Restart, back, play, step, run to rest: in the top bar, under an embed, at a phone's bottom.
struct StepControls {
  float draw(const Snapshot&, const Shell&, Ui&, Point center);
  void drawEmbed(const Snapshot&, const Shell&, Ui&, const Box&);
  void drawPhone(const Snapshot&, const Shell&, Ui&, const Box&);
  void drawPhoneEmbed(const Snapshot&, const Shell&, Ui&, const Box&);
};

struct Editor {
  void draw(const Snapshot&, Shell&, Ui&, const Box&);
  bool typing() const { return typing_; }
  void release() { typing_ = typed_ = false; }
  bool wantsTab() const { return typing_ && typed_; }
  void tabKey(Shell&, bool back);

 private:
  void tabs(Shell&, Ui&, const Box&);
  void text(Manifest&, Shell&, Ui&, const Box&);
  void pointer(Manifest&, Ui&, Point origin, bool hovered);
  void line(Manifest&, Ui&, ImguiPainter&, int i, float y, const Box&);
  void errors(const Manifest&, Ui&, ImguiPainter&, int i, float y, const Box&);
  void footer(const Snapshot&, Manifest&, Ui&, const Box&);
  bool typing_ = false, typed_ = false, reveal_ = false, dragging_ = false;
  double changedAt_ = 0;
  float shift_ = 0;  // of tabs that have no room
  std::vector<TokenSpan> tokens_;
};

struct Console {
  void draw(Shell&, Ui&, const Box&);
  bool typing() const { return typing_; }
  void release() { typing_ = false; }
  /// Tab: asks for the end of the word at the caret. False where nothing is typed, so that the focus moves on.
  bool complete(Commands&);
  float wanted = 148;  ///< its height, where the panel has room for it

 private:
  struct Mark {  ///< a place in what was said
    size_t line = 0, byte = 0;
    auto operator<=>(const Mark&) const = default;
  };
  enum class Drag : uint8_t { None, Said, Typed };
  void head(Shell&, Ui&, const Box&);
  void keys(Shell&, Ui&, float page);
  void paste(Shell&);
  void submit(Shell&);
  void recall(const Shell&, int index);
  void search(const Shell&);
  void pointer(const Shell&, Ui&, const Box& area, Point origin, Point typedAt, bool hovered);
  /// How much of a text stands in its first row: a long line goes on in the next one, as in a terminal.
  size_t rowOf(const Painter&, std::string_view text) const;
  float heightOf(const Painter&, const ConsoleLine&) const;
  Mark markAt(const Shell&, const Painter&, Point inside) const;
  std::string selected(const Shell&) const;
  bool selecting() const { return anchor_ != caret_; }

  TextBuffer input_{{}, true};
  bool typing_ = false, follow_ = true;
  Drag drag_ = Drag::None;
  Mark anchor_, caret_;  // of the selection in what was said
  int recalled_ = -1;
  std::string sought_, draft_;        // by Ctrl+R; what was typed before the history was looked through
  std::vector<std::string> pending_;  // lines that wait until the one before has ended
  size_t lines_ = 0;
  float room_ = 0;  ///< of a row
  double changedAt_ = 0;
};

struct CanvasView {
  void draw(const Snapshot&, Shell&, Ui&, const Box&, bool phone);
  const Scene& scene() const { return motion_.target(); }
  /// Asks for a new layout (the snapshot changed); `tween`: by one step forward; `follow`: what changed comes into
  /// sight.
  void changed(bool tween, bool follow = false) { stale_ = true, tween_ = tween, follow_ |= follow; }
  Hit objects(const Snapshot&, Shell&, Ui&, const View&);
  std::string menuFor;  ///< id of the object whose menu opens

 private:
  Motion motion_;
  bool stale_ = true, tween_ = false, follow_ = false;
  std::string key_;
  std::string hovered_;
  double hoverSince_ = 0;
};

/// Above the comparison: its question, and what can be done to the three workloads.
struct CompareHeader {
  float height(const Ui&, float width) const { return width >= 900 ? 80.f : width >= 560 ? 92.f : 108.f; }
  void draw(const Snapshot&, Ui&, const Box&);
};

struct WhyPanel {
  void draw(const Snapshot&, Shell&, Ui&, const Box&);
  /// The sentence alone, in as much height as it needs.
  float sentence(const Snapshot&, Ui&, Point, float width, bool large);
  float tiles(const Snapshot&, Ui&, Point, float width);

 private:
  float diff(const Snapshot&, Ui&, Point, float width);
  float waysOut(const Snapshot&, Ui&, Point, float width);
};

struct Inspector {
  void draw(const Snapshot&, Shell&, Ui&, const Box&);
  int tab = 0;
};

struct Timeline {
  void draw(const Snapshot&, Shell&, Ui&, const Box&);
  void drawPhone(const Snapshot&, Ui&, const Box&);
  void drawStrip(const Snapshot&, Ui&, const Box&);
  void events(const Snapshot&, Ui&, const Box&);

 private:
  void legend(Ui&, ImguiPainter&, float right, float cy);
  void scrubber(const Snapshot&, Ui&, float x0, float w, float y);
  void lanes(const Snapshot&, Ui&, const Box&);
  int tab_ = 0, lastCursor_ = -1;
};

/// Faults and actions on an object.
struct ObjectMenu {
  void draw(const Snapshot&, Shell&, Ui&);
  void open(std::string id) { id_ = id.starts_with("slot:") ? id.substr(5) : std::move(id), opening_ = true; }

 private:
  std::string id_;
  bool opening_ = false;
};

}  // namespace web
