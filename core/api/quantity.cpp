#include "core/api/quantity.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace api {
namespace {

constexpr const char* wrongFormat =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
constexpr const char* wrongSuffix = "unable to parse quantity's suffix";
constexpr __int128 nano = 1000000000;
constexpr __int128 most = nano * nano * nano * 10;  // 10^28 in billionths

bool digit(char c) { return c >= '0' && c <= '9'; }

/// The parts of a text: sign, digits before the point (without leading zeros) and after it, suffix.
struct Parts {
  bool positive = true;
  std::string_view num, denom, suffix;
};

// Models resource.parseQuantityString: "1.G", ".", "+" and "Mi" pass it, as they do there.
bool split(std::string_view s, Parts& p) {
  size_t i = 0;
  if (!s.empty() && (s[0] == '-' || s[0] == '+')) p.positive = s[i++] == '+';
  while (i < s.size() && s[i] == '0') ++i;
  size_t from = i;
  while (i < s.size() && digit(s[i])) ++i;
  p.num = i == from ? std::string_view("0") : s.substr(from, i - from);
  if (i < s.size() && s[i] == '.') {
    from = ++i;
    while (i < s.size() && digit(s[i])) ++i;
    p.denom = s.substr(from, i - from);
  }
  from = i;
  while (i < s.size() && std::string_view("eEinumkKMGTP").find(s[i]) != std::string_view::npos) ++i;
  if (i < s.size() && (s[i] == '-' || s[i] == '+')) ++i;
  while (i < s.size() && digit(s[i])) ++i;
  p.suffix = s.substr(from, i - from);
  return i == s.size();
}

struct Suffix {
  std::string_view text;
  int base, exponent;
};
constexpr Suffix suffixes[] = {{"n", 10, -9}, {"u", 10, -6}, {"m", 10, -3}, {"", 10, 0},   {"k", 10, 3},  {"M", 10, 6},
                               {"G", 10, 9},  {"T", 10, 12}, {"P", 10, 15}, {"E", 10, 18}, {"Ki", 2, 10}, {"Mi", 2, 20},
                               {"Gi", 2, 30}, {"Ti", 2, 40}, {"Pi", 2, 50}, {"Ei", 2, 60}};

bool interpret(std::string_view text, int& base, int& exponent, Quantity::Format& format) {
  for (const Suffix& s : suffixes) {
    if (s.text != text) continue;
    base = s.base;
    exponent = s.exponent;
    format = base == 2 ? Quantity::Format::BinarySI : Quantity::Format::DecimalSI;
    return true;
  }
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return false;
  size_t i = 1;
  const bool negative = text[i] == '-';
  if (text[i] == '-' || text[i] == '+') ++i;
  if (i == text.size()) return false;
  int value = 0;
  for (; i < text.size(); ++i) {
    if (!digit(text[i])) return false;
    value = std::min(value * 10 + (text[i] - '0'), 100000);
  }
  base = 10;
  exponent = negative ? -value : value;
  format = Quantity::Format::DecimalExponent;
  return true;
}

/// Digits times 10^shift, capped; what is lost on the right rounds up, so that a tiny wish is not none.
__int128 decimal(std::string_view num, std::string_view denom, int shift) {
  __int128 value = 0;
  bool lost = false;
  const int size = int(std::min<size_t>(num.size() + denom.size(), 1000000)), keep = size + std::min(shift, 0);
  for (int i = 0; i < size; ++i) {
    const char c = size_t(i) < num.size() ? num[size_t(i)] : denom[size_t(i) - num.size()];
    if (i >= keep)
      lost |= c != '0';
    else if (value < most)
      value = value * 10 + (c - '0');
  }
  for (; shift > 0 && value && value < most; --shift) value *= 10;
  return std::min(value + lost, most);
}

/// The whole part, rounded away from zero.
__int128 ceiling(__int128 nanos, __int128 unit) {
  __int128 q = nanos / unit;
  if (nanos % unit) q += nanos < 0 ? -1 : 1;
  return q;
}

void append(std::string& out, __int128 v) {
  if (v < 0) out += '-';
  char text[48];
  char* at = std::end(text);
  unsigned __int128 u = v < 0 ? -static_cast<unsigned __int128>(v) : static_cast<unsigned __int128>(v);
  do *--at = char('0' + int(u % 10));
  while (u /= 10);
  out.append(at, size_t(std::end(text) - at));
}

}  // namespace

Quantity::Quantity(std::string_view text) {
  if (parseQuantity(text, *this)) *this = Quantity();
}

int64_t Quantity::scaled(int64_t unit) const {
  const __int128 v = ceiling(nanos, unit), limit = INT64_MAX;
  return int64_t(std::clamp(v, -limit, limit));
}

const char* parseQuantity(std::string_view text, Quantity& out) {
  if (text.empty()) return wrongFormat;
  Parts p;
  if (!split(text, p)) return wrongFormat;
  int base = 10, exponent = 0;
  if (!interpret(p.suffix, base, exponent, out.format)) return wrongSuffix;
  const int places = int(std::min<size_t>(p.denom.size(), 1000000));
  if (base == 10) {
    out.nanos = decimal(p.num, p.denom, exponent - places + 9);
  } else {
    // Exact: a power of two times the digits, then the point moves.
    const __int128 cap = nano * INT64_MAX, two = __int128(1) << exponent;
    const __int128 whole = decimal(p.num, {}, 0);
    out.nanos = whole > INT64_MAX / two ? cap : whole * two * nano;
    if (places) {
      const __int128 part =
          decimal({}, p.denom.substr(0, std::min<size_t>(p.denom.size(), 9)), 9 - std::min(places, 9));
      out.nanos += part <= (most / two) ? part * two : ceiling(part, nano) * two * nano;
    }
    out.nanos = std::min(out.nanos, cap);
    if (out.nanos > 0 && out.nanos < nano) out.format = Quantity::Format::DecimalSI;
  }
  if (!p.positive) out.nanos = -out.nanos;
  return nullptr;
}

std::string toString(Quantity q) {
  if (q.isZero()) return "0";
  using enum Quantity::Format;
  const __int128 thousand = 1024 * nano;
  if (q.format == BinarySI && ((q.nanos > -thousand && q.nanos < thousand) || q.nanos % nano)) q.format = DecimalSI;
  std::string out;
  if (q.format == BinarySI) {
    __int128 v = q.nanos / nano;
    size_t unit = 0;
    for (; v % 1024 == 0 && unit < 6; ++unit) v /= 1024;
    append(out, v);
    if (unit) out += suffixes[9 + unit].text;
    return out;
  }
  __int128 v = q.nanos;
  int exponent = -9;
  for (; v % 1000 == 0 && (exponent < 18 || q.format == DecimalExponent); exponent += 3) v /= 1000;
  append(out, v);
  if (q.format == DecimalSI)
    out += suffixes[exponent / 3 + 3].text;
  else if (exponent)
    out += "e" + std::to_string(exponent);
  return out;
}

// Models the fast path of resource.ParseQuantity, which keeps the text of what it takes for canonical.
std::string canonicalQuantity(std::string_view text) {
  Quantity q;
  Parts p;
  int base = 10, exponent = 0;
  Quantity::Format format = Quantity::Format::DecimalSI;
  if (parseQuantity(text, q) || !split(text, p) || !interpret(p.suffix, base, exponent, format))
    return std::string(text);
  if (text == "0") return "0";
  const size_t digits = p.num.size() + p.denom.size();
  const std::string shifted = std::string(p.num) + std::string(p.denom);
  bool keep = false;
  if (base == 10) {
    const int scale = exponent - int(std::min<size_t>(p.denom.size(), 1000));
    keep = digits <= 18 && scale >= -9 && scale % 3 == 0 && shifted[0] != '0' &&
           !(shifted.size() >= 3 && shifted.compare(shifted.size() - 3, 3, "000") == 0);
  } else if (p.denom.empty() && 15 - int(p.num.size()) - int(float(exponent) * 3 / 10) - 1 >= 0) {
    const long long value = std::atoll(shifted.c_str());
    keep = exponent % 10 == 0 && (value & 7) != 0;
  }
  return keep ? std::string(text) : toString(q);
}

}  // namespace api
