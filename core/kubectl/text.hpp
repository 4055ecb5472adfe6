#pragma once
// Small helpers on text that every command uses: splitting, Go's quoting, and Go's text/tabwriter.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.hpp"
#include "core/api/value.hpp"

namespace kubectl {

using Strings = std::vector<std::string>;

/// As strings.Split: at least one part.
Strings split(std::string_view text, char separator);
std::string join(const Strings& parts, std::string_view separator);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
std::string trim(std::string_view text, std::string_view characters = " \t\r\n");
std::string replaceAll(std::string_view text, std::string_view from, std::string_view to);
inline bool startsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}
inline bool endsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}
inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
/// As Go's %q.
std::string quote(std::string_view text);
/// As Go's strconv.ParseInt in base 10; false where it is none or does not fit in `bits`.
bool parseInt(std::string_view text, int bits, int64_t& out);
/// As Go's time.ParseDuration, in milliseconds.
bool parseDuration(std::string_view text, int64_t& millis);
/// As Go prints a time.Duration: "1m30s", "3s", "0s".
std::string formatDuration(int64_t millis);
/// As Kubernetes prints ages: "5s", "3m20s", "2d".
std::string humanDuration(int64_t millis);
/// The age of an object as describe and events print it: "<unknown>" without a time.
std::string since(api::Millis now, std::string_view time);
/// RFC 1123 with a numeric zone, as describe prints: "Fri, 01 Jan 2027 00:00:00 +0000".
std::string rfc1123(std::string_view time);
/// Words as a POSIX shell splits them: quotes and backslashes. False (and an error) where a quote is not closed.
bool shellWords(std::string_view line, Strings& words, std::string& error);
std::string base64(std::string_view bytes);
std::string unbase64(std::string_view text);
/// Go's %v of a document: map[a:b], [x y].
std::string goText(const api::Value&);
/// A scalar as text; other values as JSON.
std::string scalar(const api::Value&);

/// Go's text/tabwriter: columns of cells that end with a tab; a column is as wide as its widest cell in the block.
class TabWriter {
 public:
  TabWriter(int minWidth, int padding, bool remember) : min_(minWidth), padding_(padding), remember_(remember) {}
  static TabWriter forTables() { return TabWriter(6, 3, true); }
  static TabWriter forDescribe() { return TabWriter(0, 2, false); }
  void write(std::string_view text) { pending_ += text; }
  /// Appends what was written since the last flush, aligned.
  void flush(std::string& out);
  void forgetWidths() { remembered_.clear(); }

 private:
  struct Lines;
  void format(const std::vector<Strings>& lines, size_t from, size_t to, std::string& out);
  void writeLines(const std::vector<Strings>& lines, size_t from, size_t to, std::string& out) const;
  int min_, padding_;
  bool remember_;
  std::string pending_;
  std::vector<int> widths_, remembered_;
};

}  // namespace kubectl
