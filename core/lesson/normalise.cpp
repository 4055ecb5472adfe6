// The texts of a recording without what differs from run to run. The patterns are those of the recorder
// (tests/conformance/README.md).
#include <algorithm>
#include <cctype>

#include "core/lesson/recording.hpp"

namespace lesson {
namespace {
bool digit(char c) { return c >= '0' && c <= '9'; }

/// Whether `s` at `i` fits a pattern in which 0 is a digit, a and A are letters, and anything else itself.
bool fits(std::string_view s, size_t i, std::string_view pattern) {
  if (s.size() - i < pattern.size()) return false;
  for (size_t k = 0; k < pattern.size(); ++k) {
    const char c = s[i + k], p = pattern[k];
    if (p == '0'   ? !digit(c)
        : p == 'a' ? !std::islower(static_cast<unsigned char>(c))
        : p == 'A' ? !std::isupper(static_cast<unsigned char>(c))
                   : c != p)
      return false;
  }
  return true;
}

/// The end of a duration such as 5m30s at `i`; `i` where there is none.
size_t durationEnd(std::string_view s, size_t i) {
  size_t end = i;
  for (size_t k = i; k < s.size() && digit(s[k]);) {
    while (k < s.size() && digit(s[k])) ++k;
    if (s.compare(k, 2, "ms") == 0) {
      k += 2;
    } else if (k < s.size() && (s[k] == 's' || s[k] == 'm' || s[k] == 'h' || s[k] == 'd')) {
      k += 1;
    } else {
      break;
    }
    end = k;
  }
  return end;
}

bool space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

std::string replaceAll(std::string s, std::string_view from, std::string_view to) {
  for (size_t i = 0; (i = s.find(from, i)) != s.npos; i += to.size()) s.replace(i, from.size(), to);
  return s;
}

/// `<age> (x3 over <age>)` is an age too.
std::string withoutRepeats(std::string s) {
  for (size_t i = 0; (i = s.find("<age> (x", i)) != s.npos; ++i) {
    size_t k = i + 8;
    while (k < s.size() && digit(s[k])) ++k;
    if (k > i + 8 && s.compare(k, 12, " over <age>)") == 0) s.replace(i, k + 12 - i, "<age>");
  }
  return s;
}

/// A line of the log of client-go, `W0102 03:04:05.123456   789 helpers.go:714] …`, without its time and process.
std::string withoutLogTime(std::string line) {
  constexpr std::string_view stamp = "0000 00:00:00.";
  if (line.empty() || std::string_view("EWI").find(line[0]) == std::string_view::npos || !fits(line, 1, stamp))
    return line;
  size_t i = 1 + stamp.size();
  const auto pass = [&](auto&& is) {
    const size_t from = i;
    while (i < line.size() && is(line[i])) ++i;
    return i > from;
  };
  const auto blank = [](char c) { return c == ' '; };
  if (!pass(digit) || !pass(blank) || !pass(digit) || i >= line.size() || line[i] != ' ') return line;
  return "<log>" + line.substr(i);
}

std::string withoutRevisions(std::string s) {
  for (size_t i = 0; (i = s.find("resourceVersion", i)) != s.npos;) {
    size_t k = i + 15;
    if (k < s.size() && s[k] == '"') ++k;
    i = k;
    if (s.compare(k, 2, ": ") != 0) continue;
    size_t from = k + 2;
    if (from < s.size() && s[from] == '"') ++from;
    size_t end = from;
    while (end < s.size() && digit(s[end])) ++end;
    if (end == from) continue;
    if (end < s.size() && s[end] == '"') ++end;
    s.replace(k, end - k, ": <revision>");
  }
  return s;
}

void sortRandomRows(std::vector<std::string>& rows) {
  auto random = [](const std::string& row) {
    const std::string name = row.substr(0, row.find(' '));
    return name.find('{') != name.npos || name.find("uid(") != name.npos;
  };
  for (size_t i = 0; i < rows.size();) {
    size_t j = i;
    while (j < rows.size() && random(rows[j])) ++j;
    std::sort(rows.begin() + long(i), rows.begin() + long(j));
    i = j + 1;
  }
}
/// Whether a line of `kubectl explain` names a field: `  name\t<type>`, perhaps with -required-.
bool namesField(std::string_view line) {
  const size_t tab = line.find('\t');
  return tab != line.npos && tab + 1 < line.size() && line[tab + 1] == '<';
}
}  // namespace

std::string withoutProse(std::string_view explained) {
  std::string out;
  bool prose = false, field = false;
  for (size_t i = 0; i < explained.size();) {
    const size_t end = std::min(explained.find('\n', i), explained.size());
    const std::string_view line = explained.substr(i, end - i);
    const bool heading = line == "DESCRIPTION:" || line == "FIELDS:";
    prose |= heading;
    const size_t start = std::min(line.find_first_not_of(' '), line.size());
    const bool values = field && line.substr(start, 6) == "enum: ";
    field = namesField(line);
    if (!prose || heading || field || values) out += std::string(line) + "\n";
    i = end + 1;
  }
  return out;
}

std::string withoutTimes(std::string_view s) {
  std::string out;
  for (size_t i = 0; i < s.size();) {
    if (fits(s, i, "0000-00-00T00:00:00")) {
      size_t end = i + 19;
      if (end < s.size() && s[end] == '.' && end + 1 < s.size() && digit(s[end + 1])) {
        for (++end; end < s.size() && digit(s[end]);) ++end;
      }
      if (end < s.size() && s[end] == 'Z') {
        out += "<time>";
        i = end + 1;
        continue;
      }
    }
    if (fits(s, i, "Aaa, 00 Aaa 0000 00:00:00 +0000")) {
      out += "<time>";
      i += 31;
      continue;
    }
    out += s[i++];
  }
  return out;
}

std::string withoutAges(std::string_view s) {
  std::string out;
  for (size_t i = 0; i < s.size();) {
    const bool starts = i == 0 || space(s[i - 1]) || s[i - 1] == '(';
    const size_t end = starts && digit(s[i]) ? durationEnd(s, i) : i;
    if (end > i && (end == s.size() || space(s[end]) || s[end] == ')')) {
      out += "<age>";
      i = end;
    } else {
      out += s[i++];
    }
  }
  return out;
}

std::string normalisedOutput(std::string s) {
  s = withoutTimes(s);
  std::vector<std::string> rows;
  for (size_t i = 0;;) {
    const size_t end = s.find('\n', i);
    rows.push_back(withoutAges(withoutLogTime(s.substr(i, end == s.npos ? end : end - i))));
    if (end == s.npos) break;
    i = end + 1;
  }
  sortRandomRows(rows);
  std::string out;
  for (size_t r = 0; r < rows.size(); ++r) {
    if (r) out += '\n';
    for (size_t i = 0; i < rows[r].size(); ++i) {
      size_t end = i;
      while (end < rows[r].size() && rows[r][end] == ' ') ++end;
      if (end - i >= 2) {
        out += "   ";
        i = end - 1;
      } else if (rows[r][i] != '\r') {
        out += rows[r][i];
      }
    }
  }
  out = withoutRevisions(withoutRepeats(std::move(out)));
  std::string trimmed;
  for (char c : out) {
    if (c == '\n') {
      while (!trimmed.empty() && trimmed.back() == ' ') trimmed.pop_back();
    }
    trimmed += c;
  }
  while (!trimmed.empty() && trimmed.back() == ' ') trimmed.pop_back();
  return replaceAll(std::move(trimmed), "\r", "");
}

}  // namespace lesson
