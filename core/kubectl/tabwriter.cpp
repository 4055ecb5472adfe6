#include "core/kubectl/text.hpp"

namespace kubectl {
namespace {

int width(std::string_view cell) {
  int n = 0;
  for (unsigned char c : cell) n += (c & 0xc0) != 0x80;
  return n;
}

}  // namespace

void TabWriter::flush(std::string& out) {
  if (pending_.empty()) return;
  std::vector<Strings> lines;
  for (const std::string& line : split(pending_, '\n')) lines.push_back(split(line, '\t'));
  pending_.clear();
  widths_.clear();
  format(lines, 0, lines.size(), out);
}

// Models text/tabwriter (*Writer).format: columns are blocks of consecutive lines that have a cell there.
void TabWriter::format(const std::vector<Strings>& lines, size_t from, size_t to, std::string& out) {
  size_t column = widths_.size();
  for (size_t at = from; at < to; ++at) {
    if (column + 1 >= lines[at].size()) continue;
    writeLines(lines, from, at, out);
    from = at;
    int wide = min_;
    for (; at < to && column + 1 < lines[at].size(); ++at) {
      int w = width(lines[at][column]) + padding_;
      if (w > wide) wide = w;
    }
    if (remember_) {
      if (remembered_.size() <= column) remembered_.resize(column + 1, 0);
      if (remembered_[column] > wide) wide = remembered_[column];
      remembered_[column] = wide;
    }
    widths_.push_back(wide);
    format(lines, from, at, out);
    widths_.pop_back();
    from = at--;
  }
  writeLines(lines, from, to, out);
}

void TabWriter::writeLines(const std::vector<Strings>& lines, size_t from, size_t to, std::string& out) const {
  for (size_t i = from; i < to; ++i) {
    for (size_t j = 0; j < lines[i].size(); ++j) {
      out += lines[i][j];
      if (j < widths_.size() && j + 1 < lines[i].size()) {
        out.append(size_t(std::max(0, widths_[j] - width(lines[i][j]))), ' ');
      }
    }
    if (i + 1 < lines.size()) out += '\n';
  }
}

}  // namespace kubectl
