#include "core/shell/generate.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/shell/match.hpp"

namespace shell {
void fileNames(System& system, const std::string& cwd, const std::string& pattern, Words& out) {
  Words found{""};  // directories, each with its slash, as far as the pattern is done
  size_t at = 0;
  if (pattern[0] == '/') {
    found = {"/"};
    while (at < pattern.size() && pattern[at] == '/') ++at;
  }
  while (at < pattern.size()) {
    const size_t slash = std::min(pattern.find('/', at), pattern.size());
    const std::string part = pattern.substr(at, slash - at);
    const bool last = slash == pattern.size();
    Words next;
    for (const std::string& folder : found) {
      if (!isGlob(part)) {
        const std::string name = folder + withoutEscapes(part);
        if (system.stat(normalised(cwd, name)).kind != FileInfo::Kind::none) next.push_back(name + (last ? "" : "/"));
        continue;
      }
      Words names;
      system.list(normalised(cwd, folder.empty() ? "." : folder), names);
      for (const std::string& n : names) {
        if ((n[0] == '.') != (part[0] == '.') || !globMatches(part, n) || next.size() >= mostFields) continue;
        next.push_back(folder + n + (last ? "" : "/"));
      }
    }
    found = std::move(next);
    at = slash + 1;
  }
  if (found.empty()) found = {withoutEscapes(pattern)};
  for (std::string& f : found) {
    if (out.size() < mostFields) out.push_back(std::move(f));
  }
}

void braces(std::string_view word, Words& out, int depth) {
  for (size_t i = 0; i < word.size() && depth < 8; ++i) {
    const char c = word[i];
    if (c == '\\') {
      ++i;
    } else if (c == '\'' || c == '"' || c == '`' ||
               (c == '$' && i + 1 < word.size() && (word[i + 1] == '(' || word[i + 1] == '{'))) {
      const size_t end = endOfPart(word, i);
      if (end == word.npos) break;
      i = end - 1;
    } else if (c == '{') {
      const size_t close = word.find('}', i);
      const std::string_view inside = close == word.npos ? std::string_view() : word.substr(i + 1, close - i - 1);
      if (inside.empty() || inside.find('{') != inside.npos) break;
      Words parts;
      const size_t dots = inside.find("..");
      if (dots != inside.npos && inside.find_first_not_of("0123456789.") == inside.npos) {
        const long a = std::strtol(std::string(inside.substr(0, dots)).c_str(), nullptr, 10);
        const long b = std::strtol(std::string(inside.substr(dots + 2)).c_str(), nullptr, 10);
        const long step = a <= b ? 1 : -1;
        for (long k = a, n = 0; n < 1000; k += step, ++n) {
          parts.push_back(std::to_string(k));
          if (k == b) break;
        }
      } else if (inside.find(',') != inside.npos) {
        for (size_t from = 0; from <= inside.size();) {
          const size_t comma = std::min(inside.find(',', from), inside.size());
          parts.emplace_back(inside.substr(from, comma - from));
          from = comma + 1;
        }
      } else {
        break;
      }
      for (const std::string& p : parts) {
        std::string made(word.substr(0, i));
        braces((made += p) += word.substr(close + 1), out, depth + 1);
        if (out.size() > mostFields) return;
      }
      return;
    }
  }
  out.emplace_back(word);
}

}  // namespace shell
