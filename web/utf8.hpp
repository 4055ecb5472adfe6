#pragma once
// UTF-8 without tables: lengths, offsets and steps by character. Bytes that are no UTF-8 count as one character each.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace web::utf8 {

inline bool continues(char c) { return (uint8_t(c) & 0xC0) == 0x80; }

inline size_t next(std::string_view s, size_t i) {
  if (i < s.size()) i++;
  while (i < s.size() && continues(s[i])) i++;
  return i;
}
inline size_t previous(std::string_view s, size_t i) {
  if (i > 0) i--;
  while (i > 0 && continues(s[i])) i--;
  return i;
}
inline size_t length(std::string_view s) {
  size_t n = 0;
  for (char c : s) n += !continues(c);
  return n;
}
/// The byte at which character number `n` starts.
inline size_t offset(std::string_view s, size_t n) {
  size_t i = 0;
  while (n-- > 0 && i < s.size()) i = next(s, i);
  return i;
}
inline void append(std::string& s, uint32_t c) {
  if (c < 0x80) {
    s += char(c);
  } else if (c < 0x800) {
    s += char(0xC0 | c >> 6);
    s += char(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    s += char(0xE0 | c >> 12);
    s += char(0x80 | (c >> 6 & 0x3F));
    s += char(0x80 | (c & 0x3F));
  } else {
    s += char(0xF0 | c >> 18);
    s += char(0x80 | (c >> 12 & 0x3F));
    s += char(0x80 | (c >> 6 & 0x3F));
    s += char(0x80 | (c & 0x3F));
  }
}
/// The character that starts at `i`.
inline uint32_t decode(std::string_view s, size_t i) {
  const auto b = [&](size_t k) { return uint32_t(i + k < s.size() ? uint8_t(s[i + k]) : 0); };
  const uint32_t c = b(0);
  if (c < 0x80 || (c & 0xC0) == 0x80) return c;
  if (c < 0xE0) return (c & 0x1F) << 6 | (b(1) & 0x3F);
  if (c < 0xF0) return (c & 0x0F) << 12 | (b(1) & 0x3F) << 6 | (b(2) & 0x3F);
  return (c & 0x07) << 18 | (b(1) & 0x3F) << 12 | (b(2) & 0x3F) << 6 | (b(3) & 0x3F);
}
/// Chinese, Japanese, Korean and their punctuation: a line may break before and after.
inline bool wide(uint32_t c) { return c >= 0x2E80; }

}  // namespace web::utf8
