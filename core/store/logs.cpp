#include "core/store/logs.hpp"

#include <algorithm>

namespace store {
namespace {
constexpr size_t mostLines = 20000;    ///< then the log is rotated, as the kubelet does by size
constexpr size_t longestLine = 16384;  ///< where the container runtime cuts one too
}  // namespace

void Logs::append(std::string_view key, api::Millis now, int stream, std::string_view text) {
  if (text.empty()) return;
  auto it = logs_.find(key);
  if (it == logs_.end()) it = logs_.emplace(std::string(key), Log()).first;
  Log& log = it->second;
  while (!text.empty()) {
    const size_t end = std::min({text.find('\n'), text.size(), longestLine});
    const bool whole = end < text.size() && text[end] == '\n';
    const bool goesOn =
        !log.empty() && !log.back().whole && log.back().stream == stream && log.back().text.size() + end <= longestLine;
    if (goesOn) {
      LogLine& last = log.editBack();
      last.text += text.substr(0, end);
      last.whole = whole;
    } else {
      if (log.size() >= mostLines) log = Log();
      log.push({now, uint8_t(stream), whole, std::string(text.substr(0, end))});
    }
    text.remove_prefix(std::min(end + (whole ? 1 : 0), text.size()));
  }
}

void Logs::erase(std::string_view prefix) {
  auto it = logs_.lower_bound(prefix);
  while (it != logs_.end() && it->first.compare(0, prefix.size(), prefix) == 0) it = logs_.erase(it);
}

}  // namespace store
