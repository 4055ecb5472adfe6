#include "core/manifest/places.hpp"

#include <algorithm>

#include "core/api/sort.hpp"

namespace manifest {
namespace {
using Entry = std::pair<std::string, Place>;
const Place* lookUp(const std::vector<Entry>& all, std::string_view path) {
  auto it =
      std::lower_bound(all.begin(), all.end(), path, [](const Entry& e, std::string_view p) { return e.first < p; });
  return it != all.end() && it->first == path ? &it->second : nullptr;
}
}  // namespace

Place Places::find(std::string_view path) const {
  while (true) {
    if (const Place* p = lookUp(keys, path)) return *p;
    if (const Place* p = lookUp(values, path)) return *p;
    if (path.empty()) return {};
    // One step up: "a.b[0]" -> "a.b" -> "a" -> "".
    const size_t cut = path.find_last_of(".[");
    path = path.substr(0, cut == path.npos ? 0 : cut);
  }
}

Lines::Lines(std::string_view text) : text_(text) {
  starts_.push_back(0);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts_.push_back(i + 1);
  }
}

Place Lines::at(size_t offset, size_t length) const {
  auto line = std::upper_bound(starts_.begin(), starts_.end(), offset) - 1;
  const size_t start = *line, next = line + 1 == starts_.end() ? text_.size() + 1 : line[1];
  Place p;
  p.line = int(line - starts_.begin()) + 1;
  p.column = int(offset - start) + 1;
  p.endColumn = int(std::min(offset + std::max<size_t>(length, 1), next - 1) - start) + 1;
  if (p.endColumn <= p.column) p.endColumn = p.column + 1;
  return p;
}

std::string_view Lines::rest(int line, int column) const {
  if (line < 1 || size_t(line) > starts_.size()) return {};
  const size_t from = starts_[size_t(line) - 1] + size_t(std::max(column, 1) - 1);
  if (from >= text_.size()) return {};
  return text_.substr(from, text_.find('\n', from) - from);
}

void sortPlaces(Places& p) {
  auto byPath = [](const Entry& a, const Entry& b) { return a.first < b.first; };
  api::sort(p.keys, byPath);
  api::sort(p.values, byPath);
}

}  // namespace manifest
