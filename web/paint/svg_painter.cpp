#include "web/paint/svg_painter.hpp"

#include <cstdio>

namespace web {

void SvgPainter::number(float f) {
  char out[32];
  int n = std::snprintf(out, sizeof out, "%.2f", double(f));
  while (n > 0 && out[n - 1] == '0') n--;
  if (n > 0 && out[n - 1] == '.') n--;
  body_.append(out, size_t(n));
}

void SvgPainter::paint(const char* attribute, Color c) {
  c = faded(c, alpha);
  char out[64];
  std::snprintf(out, sizeof out, " %s=\"#%02X%02X%02X\"", attribute, c & 0xFF, c >> 8 & 0xFF, c >> 16 & 0xFF);
  body_ += out;
  if (c >> 24 == 0xFF) return;
  std::snprintf(out, sizeof out, " %s-opacity=\"%.2f\"", attribute, double(c >> 24) / 255);
  body_ += out;
}

void SvgPainter::points(const Path& path) {
  body_ += "<path d=\"";
  char command = 'M';
  for (Point p : path.points()) {
    body_ += command;
    number(p.x);
    body_ += ' ';
    number(p.y);
    command = 'L';
  }
  body_ += path.closed() ? "Z\"" : "\"";
}

void SvgPainter::fill(const Path& path, Color c) {
  points(path);
  paint("fill", c);
  body_ += "/>\n";
}

void SvgPainter::stroke(const Path& path, Color c, Stroke s) {
  points(path);
  body_ += " fill=\"none\"";
  paint("stroke", c);
  body_ += " stroke-width=\"";
  number(s.width);
  body_ += '"';
  if (!s.dash.solid()) {
    body_ += " stroke-dasharray=\"";
    number(s.dash.on);
    body_ += ' ';
    number(s.dash.off);
    body_ += '"';
  }
  if (s.round) body_ += " stroke-linecap=\"round\"";
  body_ += " stroke-linejoin=\"round\"/>\n";
}

void SvgPainter::fillBox(const Box& b, Color c, float radius) {
  body_ += "<rect x=\"";
  number(b.x);
  body_ += "\" y=\"";
  number(b.y);
  body_ += "\" width=\"";
  number(b.w);
  body_ += "\" height=\"";
  number(b.h);
  body_ += '"';
  if (radius > 0) {
    body_ += " rx=\"";
    number(std::min({radius, b.w / 2, b.h / 2}));
    body_ += '"';
  }
  paint("fill", c);
  body_ += "/>\n";
}

void SvgPainter::disk(Point center, float r, Color c) {
  body_ += "<circle cx=\"";
  number(center.x);
  body_ += "\" cy=\"";
  number(center.y);
  body_ += "\" r=\"";
  number(r);
  body_ += '"';
  paint("fill", c);
  body_ += "/>\n";
}

void SvgPainter::text(Face f, float em, Point at, Color c, std::string_view s) {
  if (s.empty()) return;
  body_ += f == Face::Mono ? "<text class=\"m\" x=\"" : f == Face::SansBold ? "<text class=\"b\" x=\"" : "<text x=\"";
  number(at.x);
  body_ += "\" y=\"";
  number(at.y);
  body_ += "\" font-size=\"";
  number(em);
  body_ += '"';
  paint("fill", c);
  body_ += '>';
  for (char ch : s) {
    if (ch == '<')
      body_ += "&lt;";
    else if (ch == '&')
      body_ += "&amp;";
    else
      body_ += ch;
  }
  body_ += "</text>\n";
}

void SvgPainter::pushClip(const Box& b) {
  const std::string id = "c" + std::to_string(++clips_);
  body_ += "<clipPath id=\"" + id + "\">";
  fillBox(b, 0xFF000000, 0);
  body_ += "</clipPath><g clip-path=\"url(#" + id + ")\">\n";
  depth_++;
}

void SvgPainter::popClip() {
  if (depth_ > 0) body_ += "</g>\n", depth_--;
}

std::string SvgPainter::document(const Box& area) const {
  char head[160];
  std::snprintf(head, sizeof head, "width=\"%.0f\" height=\"%.0f\" viewBox=\"%.0f %.0f %.0f %.0f\"", double(area.w),
                double(area.h), double(area.x), double(area.y), double(area.w), double(area.h));
  return std::string("<svg xmlns=\"http://www.w3.org/2000/svg\" ") + head +
         "><style>text{font-family:Inter,\"Noto Sans SC\",sans-serif;white-space:pre}.b{font-weight:600}"
         ".m{font-family:\"JetBrains Mono\",\"Noto Sans SC\",monospace}</style>\n" +
         body_ + "</svg>\n";
}

}  // namespace web
