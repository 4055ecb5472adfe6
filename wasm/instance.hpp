#pragma once
// One embedded playground: the session that the canvas (web/) and JavaScript (api.cpp) both work with. There is one for
// each instance of the WebAssembly module, so a page may hold several playgrounds.
#include <string>
#include <string_view>

#include "core/console/console.hpp"
#include "core/lesson/exercise.hpp"
#include "core/sim/session.hpp"

namespace wasm {

/// What the canvas does when JavaScript asks. The program's main() sets it; without one (in Node.js, where there is no
/// canvas) nothing happens.
class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void sessionChanged() = 0;   ///< draw again
  virtual void sessionReplaced() = 0;  ///< it is another one now
  virtual void applied(std::string_view yaml, const sim::Output&) = 0;
  virtual void setLanguage(decision::Language) = 0;
  virtual void setDark(bool) = 0;
  /// "full", "embed" (no editor, no timeline) or "compare" (three workloads).
  virtual void setLayout(std::string_view) = 0;
  virtual void compare(bool) = 0;
  virtual void select(std::string_view object) = 0;  ///< "Pod/default/web-0"
  virtual void play(bool) = 0;
};

struct Instance {
  sim::Session session;
  console::Console console;  ///< JavaScript's own; the canvas has another
  decision::Language language = decision::Language::en;
  bool dark = false, comparing = false;
  int64_t changes = 0;  ///< counts what the session itself does not: edits, a language chosen
  Canvas* canvas = nullptr;
  lesson::Exercise exercise;  ///< with no checks while there is none
  size_t exerciseStart = 0;   ///< the entry at which the learner began
};
Instance& instance();

/// The canvas has changed the session (a step, an edit of an open manifest, a language chosen …): JavaScript's
/// listeners and the accessible view hear of it, and the session is kept for the next visit.
void changedByCanvas();

/// Calls of the page's JavaScript (element.mjs): a method's name and its arguments as a JSON object; the answer as
/// JSON.
/// {"error": …} where there is no such method or the arguments are not to be used. Never throws.
std::string call(std::string_view method, std::string_view arguments);

}  // namespace wasm
