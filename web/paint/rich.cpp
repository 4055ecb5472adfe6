#include "web/paint/rich.hpp"

#include "web/utf8.hpp"

namespace web {
namespace {

bool closing(uint32_t c) {
  switch (c) {
    case 0x3001:
    case 0x3002:
    case 0xFF0C:
    case 0xFF1A:
    case 0xFF1B:
    case 0xFF01:
    case 0xFF1F:
    case 0xFF09:
    case 0x201D:
    case 0x300D:
    case 0x300B: return true;
    default: return false;
  }
}

// Does this begin with punctuation that no line begins with?
bool sticking(std::string_view s) {
  return closing(utf8::decode(s, 0)) || std::string_view(",.:;)").find(s[0]) != std::string_view::npos;
}

// The end of the shortest part from `i` after which a line may break.
size_t unbroken(std::string_view s, size_t i) {
  while (i < s.size()) {
    const uint32_t c = utf8::decode(s, i);
    const size_t after = utf8::next(s, i);
    if (c == ' ') return after;
    if (after < s.size()) {
      const uint32_t next = utf8::decode(s, after);
      if ((utf8::wide(c) || utf8::wide(next)) && !closing(next) && next != ' ') return after;
    }
    i = after;
  }
  return s.size();
}

// How wide the punctuation is that must stand beside the name before it.
float punctuationAfter(const std::vector<Span>& spans, size_t i, const RichStyle& style, const Painter& p) {
  if (i + 1 >= spans.size() || spans[i + 1].mono || spans[i + 1].text.empty()) return 0;
  const std::string& text = spans[i + 1].text;
  return sticking(text) ? p.measure(style.face, style.em, std::string_view(text).substr(0, utf8::next(text, 0))) : 0;
}

}  // namespace

RichText layoutRich(const std::vector<Span>& spans, const RichStyle& style, Point at, float width, const Painter& p) {
  RichText out;
  float x = at.x, y = at.y;
  bool glued = false;  // the last piece must not be parted from what follows (a name and its comma)
  const auto newLine = [&] { x = at.x, y += style.line; };
  for (int i = 0; i < int(spans.size()); i++) {
    const Span& span = spans[size_t(i)];
    const Face face = span.mono ? Face::Mono : style.face;
    const float em = span.mono ? style.monoEm : style.em;
    for (size_t from = 0; from < span.text.size();) {
      size_t to = span.mono ? span.text.size() : unbroken(span.text, from);
      std::string part = span.text.substr(from, to - from);
      if (p.measure(face, em, part) > width) {  // a name is shortened, a word broken where it must be
        if (!span.mono) to = from + std::max(utf8::next(part, 0), p.byteAt(face, em, part, width - em));
        part = span.mono ? p.fit(face, em, part, width - punctuationAfter(spans, size_t(i), style, p))
                         : part.substr(0, to - from);
      }
      std::string solid = part;
      while (!solid.empty() && solid.back() == ' ') solid.pop_back();
      const float w = p.measure(face, em, part), solidWidth = p.measure(face, em, solid);
      const bool sticks = !span.mono && from == 0 && sticking(part);
      if (x > at.x && x + solidWidth > at.x + width && !(glued && sticks)) newLine();
      if (x == at.x && part == " ") {
        from = to;
        continue;
      }
      if (!out.pieces.empty() && out.pieces.back().span == i && out.pieces.back().box.y == y) {
        out.pieces.back().text += part;
        out.pieces.back().box.w += w;
      } else {
        out.pieces.push_back({{x, y, w, style.line}, i, part});
      }
      x += w;
      glued = span.mono;
      from = to;
    }
  }
  out.height = y + style.line - at.y;
  out.lines = int(out.height / style.line + 0.5f);
  return out;
}

void paint(const RichText& rich, const std::vector<Span>& spans, const RichStyle& style, Painter& p, Color ink,
           int hovered) {
  for (const RichPiece& piece : rich.pieces) {
    const Span& span = spans[size_t(piece.span)];
    const Color c = hovered == piece.span && !span.id.empty() ? p.theme->now : ink;
    p.label(span.mono ? Face::Mono : style.face, span.mono ? style.monoEm : style.em, piece.box.x, piece.box.cy(), c,
            piece.text);
    if (style.underline && span.mono) {
      const float y = piece.box.cy() + 10.5f;
      p.lineTo({piece.box.x, y}, {piece.box.right(), y},
               hovered == piece.span && !span.id.empty() ? p.theme->now : p.theme->line2);
    }
  }
}

}  // namespace web
