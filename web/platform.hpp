#pragma once
// What the interface asks of the machine under it, and what that asks back. In the browser wasm/platform.cpp answers;
// tests without a screen have an answer of their own.
#include <cstdint>
#include <string_view>

namespace web {

struct Hooks {
  void (*frame)();
  /// Tab: moves the focus inside; false when it was at the last (or first) object, so that the page goes on.
  bool (*tab)(bool back);
  /// Escape: closes what is open; false when nothing was, so that the focus leaves.
  bool (*escape)();
  /// The focus came in; by keyboard or by pointer.
  void (*focus)(bool on, bool byKeyboard);
};

struct Preferences {
  bool dark = false, chinese = false, calm = false, touch = false;
};

namespace host {

void wake(int frames = 3);    ///< something changed outside input: draw, then settle
void wakeIn(double seconds);  ///< one frame at a later time
Preferences preferences();
void openLink(std::string_view url);
/// Tells the page that something happened ("share", "theme", …), for the JavaScript around the canvas.
void tell(std::string_view event, std::string_view detail);
double seconds();  ///< for tweens only

}  // namespace host
}  // namespace web
