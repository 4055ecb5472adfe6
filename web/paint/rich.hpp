#pragma once
// A sentence whose object names are set in mono and can be links, broken into lines: at spaces, and anywhere between
// Chinese characters (but not before closing punctuation).
#include <string>
#include <vector>

#include "web/model.hpp"
#include "web/paint/painter.hpp"

namespace web {

struct RichStyle {
  Face face = Face::Sans;
  float em = size::body, monoEm = size::note, line = 20;
  bool underline = false;  ///< under names, to show that they are links
};
/// A piece of a laid out sentence: its box is from the baseline's line box.
struct RichPiece {
  Box box;
  int span;
  std::string text;
};
struct RichText {
  std::vector<RichPiece> pieces;
  float height = 0;
  int lines = 0;
};
RichText layoutRich(const std::vector<Span>&, const RichStyle&, Point at, float width, const Painter&);
void paint(const RichText&, const std::vector<Span>&, const RichStyle&, Painter&, Color ink, int hovered = -1);

}  // namespace web
