#include "core/manifest/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iterator>

namespace manifest {
namespace {

using api::Value;

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Takes up to `most` digits; -1 where there is none.
int number(std::string_view& s, size_t most) {
  size_t n = 0;
  int value = 0;
  while (n < most && n < s.size() && digit(s[n])) value = value * 10 + (s[n++] - '0');
  s.remove_prefix(n);
  return n ? value : -1;
}
bool take(std::string_view& s, char c) {
  if (s.empty() || s[0] != c) return false;
  s.remove_prefix(1);
  return true;
}

bool timestamp(std::string_view s) {
  if (s.size() < 8 || !std::all_of(s.begin(), s.begin() + 4, digit) || s[4] != '-') return false;
  const int year = number(s, 4);
  take(s, '-');
  const int month = number(s, 2);
  if (month < 1 || month > 12 || !take(s, '-')) return false;
  const int day = number(s, 2);
  static constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day < 1 || day > days[month - 1] + (month == 2 && leap)) return false;
  if (s.empty()) return true;
  const bool spaced = take(s, ' ');
  if (!spaced && !take(s, 'T') && !take(s, 't')) return false;
  const int hour = number(s, 2);
  if (hour < 0 || hour > 23 || !take(s, ':')) return false;
  const int minute = number(s, 2);
  if (minute < 0 || minute > 59 || !take(s, ':')) return false;
  const int second = number(s, 2);
  if (second < 0 || second > 59) return false;
  if (take(s, '.') && number(s, 9) < 0) return false;
  if (spaced) return s.empty();
  if (take(s, 'Z')) return s.empty();
  if (!take(s, '+') && !take(s, '-')) return false;
  const int zone = number(s, 2);
  return zone >= 0 && zone <= 24 && take(s, ':') && number(s, 2) >= 0 && s.empty();
}

/// strconv.ParseInt(s, 0, 64), then ParseUint: a sign, a base by its prefix, digits.
bool integer(std::string_view s, Value& out) {
  bool negative = false;
  std::string_view digits = s;
  if (take(digits, '-'))
    negative = true;
  else
    take(digits, '+');
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char p = char(digits[1] | 0x20);
    base = p == 'x' ? 16 : p == 'b' ? 2 : 8;
    digits.remove_prefix(p == 'x' || p == 'b' || p == 'o' ? 2 : 1);
  }
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || end != digits.data() + digits.size() || error != std::errc()) return false;
  const uint64_t limit = uint64_t(INT64_MAX) + negative;
  if (value <= limit)
    out = Value(negative ? int64_t(~value + 1) : int64_t(value));
  else if (!negative && s[0] != '+')
    out = Value(double(value));
  else
    return false;
  return true;
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool floatFormat(std::string_view s) {
  if (!take(s, '-')) take(s, '+');
  auto run = [&] {
    size_t n = 0;
    while (n < s.size() && digit(s[n])) ++n;
    s.remove_prefix(n);
    return n;
  };
  const size_t whole = run();
  if (take(s, '.')) {
    if (!run() && !whole) return false;
  } else if (!whole) {
    return false;
  }
  if (take(s, 'e') || take(s, 'E')) {
    if (!take(s, '-')) take(s, '+');
    if (!run()) return false;
  }
  return s.empty();
}

template <size_t N>
bool oneOf(std::string_view s, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), s) != std::end(words);
}
}  // namespace

Resolved resolve(std::string_view s) {
  static constexpr std::string_view yes[] = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
  static constexpr std::string_view no[] = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
  static constexpr std::string_view none[] = {"", "~", "null", "Null", "NULL"};
  static constexpr std::string_view infinite[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf",
                                                  "+.INF", "-.inf", "-.Inf", "-.INF"};
  static constexpr std::string_view nan[] = {".nan", ".NaN", ".NAN"};
  if (oneOf(s, none)) return {Tag::Null, Value()};
  const char c = s[0];
  if (std::string_view("yYnNtTfFoO").find(c) != std::string_view::npos) {
    if (oneOf(s, yes)) return {Tag::Bool, true};
    if (oneOf(s, no)) return {Tag::Bool, false};
    return {Tag::String, s};
  }
  if (!digit(c) && c != '.' && c != '-' && c != '+') return {Tag::String, s};
  if (oneOf(s, infinite)) return {Tag::Float, c == '-' ? -INFINITY : double(INFINITY)};
  if (oneOf(s, nan)) return {Tag::Float, double(NAN)};
  if (c != '.' && timestamp(s)) return {Tag::Timestamp, s};
  std::string plain(s);
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  Value v;
  if (c != '.' && integer(plain, v)) return {Tag::Int, v};
  if (floatFormat(c == '.' ? s : std::string_view(plain))) return {Tag::Float, std::strtod(plain.c_str(), nullptr)};
  return {Tag::String, s};
}

bool isBase60Float(std::string_view s) {
  if (!take(s, '-')) take(s, '+');
  if (s.empty() || !digit(s[0])) return false;
  while (!s.empty() && (digit(s[0]) || s[0] == '_')) s.remove_prefix(1);
  int groups = 0;
  while (take(s, ':')) {
    const int v = number(s, 2);
    if (v < 0 || v > 59) return false;
    ++groups;
  }
  if (take(s, '.'))
    while (!s.empty() && (digit(s[0]) || s[0] == '_')) s.remove_prefix(1);
  return groups && s.empty();
}

}  // namespace manifest
