#pragma once
// Patterns: file name patterns and regular expressions, both in time linear in the text, so that no pattern hangs.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

/// `*`, `?`, `[a-z]`, `[!a]`; a backslash takes the next character as it is.
bool globMatches(std::string_view pattern, std::string_view text);
/// Whether there is anything to match: an unquoted `*`, `?` or `[`.
bool isGlob(std::string_view pattern);
/// Takes the backslashes out.
std::string withoutEscapes(std::string_view pattern);

/// POSIX regular expressions, basic or extended, with \w \s \d \b as GNU and busybox have them. Leftmost; of several
/// the first alternative and the greediest repetition. NOT MODELLED: references back to groups in the pattern.
class Regex {
 public:
  struct Match {
    size_t begin = 0, end = 0;
    size_t group[20] = {};  ///< begin and end of \0 … \9; npos where a group took no part
    std::string_view of(std::string_view text, int n) const;
  };
  /// False where the pattern is wrong (or far too large).
  bool compile(std::string_view pattern, bool extended, bool ignoreCase = false);
  /// The first match at or after `from`.
  bool search(std::string_view text, size_t from, Match& m) const;
  bool matches(std::string_view text) const {
    Match m;
    return search(text, 0, m);
  }

 private:
  struct Instruction {
    enum Op : uint8_t { character, any, set, split, jump, save, begin, end, wordEdge, done } op;
    uint8_t c = 0;     ///< the character, or which group's edge
    int x = 0, y = 0;  ///< where split and jump go (x first); the set's number
  };
  struct Set {
    uint64_t bits[4] = {};
    bool has(unsigned char c) const { return bits[c >> 6] >> (c & 63) & 1; }
    void add(unsigned char c) { bits[c >> 6] |= uint64_t(1) << (c & 63); }
  };
  struct Compiler;
  std::vector<Instruction> program_;
  std::vector<Set> sets_;
  bool ignoreCase_ = false;
  mutable int64_t work_ = 0;
};

}  // namespace shell
