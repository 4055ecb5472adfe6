#pragma once
// What views draw with: a painter on the current window, things that can be clicked and focused, scrolling areas.
// Keyboard focus is our own: everything clickable registers itself in order, Tab walks that order and leaves the canvas
// at its ends.
#include <string>
#include <string_view>
#include <vector>

#include "web/commands.hpp"
#include "web/model.hpp"
#include "web/paint/icons.hpp"
#include "web/paint/imgui_painter.hpp"
#include "web/text.hpp"

namespace web {

/// The order of what can have the focus, kept from frame to frame.
struct Focus {
  std::string id;        ///< what has it; empty for none
  bool visible = false;  ///< show it: the keyboard was used last
  bool moved = false;    ///< since the last frame: bring it into view
  int line = 0;          ///< of the open menu: which would be chosen
  std::vector<std::string> order, building;

  bool tab(bool back);
  void begin() { building.clear(); }
  void end() {
    order.swap(building);
    moved = false;
  }
};

struct Hit {
  bool hovered = false, held = false, clicked = false, menu = false, focused = false;
  float dx = 0;  ///< while held: the pointer's x inside the box, 0 to 1
};

struct ButtonLook {
  bool primary = false, bare = false, on = false, disabled = false;
  float radius = 6, em = size::note;
  const char* tip = nullptr;  ///< its name, where only an icon says it
};

struct MenuItem {
  std::string label, note;
  bool separated = false, on = false;
};

class Ui {
 public:
  Ui(const Theme& t, Language l, Focus& f, Commands& c, bool touch)
      : theme(t), language(l), focus(f), out(c), touch(touch) {}

  const Theme& theme;
  Language language;
  Focus& focus;
  Commands& out;
  bool touch;

  /// Paints on the current window.
  ImguiPainter painter() const;
  const char* word(Text t) const { return text(language, t); }
  std::string word(Text t, std::initializer_list<std::string_view> v) const { return text(language, t, v); }

  /// Something at a place that reacts. `radius` is its corner, for the focus outline.
  Hit item(std::string_view id, const Box&, float radius = 6, bool focusable = true);
  bool button(std::string_view id, const Box&, std::string_view label, ButtonLook = {});
  bool button(std::string_view id, const Box&, Icon, std::string_view label = {}, ButtonLook = {});
  /// Words in a row with a bar under the chosen one; gives the width used.
  float tabs(std::string_view id, Point at, float height, const std::vector<std::string>& names, int& chosen);
  void tooltip(std::string_view) const;
  /// The open popup `id`: lines to choose from, a title above and a note below where there are words for them. Gives
  /// the line that was chosen just now, or -1. `at`: its corner; with a negative x it stands where it was opened.
  int menu(const char* id, std::string_view title, const std::vector<MenuItem>&, std::string_view note = {},
           Point at = {-1, 0});

  /// A scrolling area; everything until `end` is clipped to it. Content starts at the returned point.
  Point begin(std::string_view id, const Box&, bool horizontal = false);
  void end(Point contentEnd);
  void command(Command::Type t, std::string text = {}, std::string id = {}, int number = 0) const {
    out.push_back({t, std::move(id), std::move(text), number});
  }
};

}  // namespace web
