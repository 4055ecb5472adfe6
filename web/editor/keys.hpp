#pragma once
// Keys, typed characters, clipboard and pointer for a text buffer, and where the caret is for the input method.
#include "web/editor/buffer.hpp"
#include "web/paint/geometry.hpp"

namespace web {

struct KeyResult {
  bool changed = false, moved = false, submitted = false;
};
/// Takes this frame's keys and characters. `submitted`: Enter in a single line, Ctrl+Enter in several.
KeyResult typeInto(TextBuffer&, bool singleLine);
/// Up and Down of a single line are the caller's (history); others are handled.
/// Tells the platform that text is wanted at this place (hidden text area, phone keyboard). `shell`: the keys of a
/// terminal too (Ctrl+C, Ctrl+L, Ctrl+R).
void wantText(Point caret, float lineHeight, bool shell = false);
/// Whether the caret shows in this phase of its blinking, and asks for the frame at its next change.
bool caretBlink(double sinceChange, bool steady);

}  // namespace web
