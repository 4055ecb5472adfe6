// Documents as text: YAML as sigs.k8s.io/yaml (goyaml v2) writes it, indented JSON as kubectl does.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/api/sort.hpp"
#include "core/manifest/manifest.hpp"
#include "core/manifest/scalar.hpp"

namespace manifest {
namespace {

using api::Kind;
using api::Value;

// ---- strings

enum class Style : uint8_t { Plain, Single, Double, Literal };

/// The code point at `i` and its length; broken bytes count as one special character.
uint32_t codePoint(std::string_view s, size_t i, size_t& width) {
  const unsigned char c = static_cast<unsigned char>(s[i]);
  width = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  if (i + width > s.size()) width = 1;
  uint32_t v = width == 1 ? c : c & (0xff >> (width + 1));
  for (size_t k = 1; k < width; ++k) v = (v << 6) | (static_cast<unsigned char>(s[i + k]) & 0x3f);
  return v;
}
bool isBreak(uint32_t c) { return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029; }
bool isPrintable(uint32_t c) {
  return c == 0x0a || (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xd7ff) ||
         (c >= 0xe000 && c <= 0xfffd && c != 0xfeff);
}

struct Analysis {
  bool plainAllowed = true, singleAllowed = true, blockAllowed = true;
};

// Models goyaml emitterc.go yaml_emitter_analyze_scalar for block context.
Analysis analyze(std::string_view s) {
  Analysis a;
  if (s.empty()) {
    a.blockAllowed = false;
    return a;
  }
  bool indicators = s.substr(0, 3) == "---" || s.substr(0, 3) == "...", breaks = false, special = false;
  bool edgeSpace = false, trailingSpace = false, breakSpace = false, spaceBreak = false;
  bool afterWhite = true, afterSpace = false, afterBreak = false;
  size_t width = 1;
  for (size_t i = 0; i < s.size(); i += width) {
    const uint32_t c = codePoint(s, i, width);
    const bool first = i == 0, last = i + width == s.size();
    const bool beforeWhite = last || std::string_view(" \t\r\n").find(s[i + width]) != std::string_view::npos;
    if (first) {
      if (c < 0x80 && std::string_view("#,[]{}&*!|>'\"%@`").find(char(c)) != std::string_view::npos) indicators = true;
      if ((c == '?' || c == ':' || c == '-') && beforeWhite) indicators = true;
    } else if ((c == ':' && beforeWhite) || (c == '#' && afterWhite)) {
      indicators = true;
    }
    if (!isPrintable(c)) special = true;
    if (c == ' ') {
      edgeSpace |= first || last;
      trailingSpace |= last;
      breakSpace |= afterBreak;
    } else if (isBreak(c)) {
      breaks = true;
      edgeSpace |= first || last;
      spaceBreak |= afterSpace;
    }
    afterSpace = c == ' ';
    afterBreak = isBreak(c);
    afterWhite = c == ' ' || c == '\t' || isBreak(c);
  }
  if (edgeSpace || breakSpace || spaceBreak || special || breaks || indicators) a.plainAllowed = false;
  if (breakSpace || spaceBreak || special) a.singleAllowed = false;
  if (trailingSpace || spaceBreak || special) a.blockAllowed = false;
  return a;
}

Style styleOf(std::string_view s, bool asKey) {
  const Analysis a = analyze(s);
  if (s.find('\n') != s.npos) return a.blockAllowed && !asKey ? Style::Literal : Style::Double;
  if (resolve(s).tag != Tag::String || isBase60Float(s)) return Style::Double;
  if (a.plainAllowed) return Style::Plain;
  return a.singleAllowed ? Style::Single : Style::Double;
}

void writeDouble(std::string_view s, std::string& out) {
  out += '"';
  size_t width = 1;
  for (size_t i = 0; i < s.size(); i += width) {
    const uint32_t c = codePoint(s, i, width);
    if (isPrintable(c) && !isBreak(c) && c != '"' && c != '\\') {
      out += s.substr(i, width);
      continue;
    }
    static constexpr uint32_t known[] = {0, 7, 8, 9, 10, 11, 12, 13, 0x1b, 0x22, 0x5c, 0x85, 0xa0, 0x2028, 0x2029};
    static constexpr char names[] = "0abtnvfre\"\\N_LP";
    const auto* at = std::find(std::begin(known), std::end(known), c);
    char text[12];
    if (at != std::end(known))
      std::snprintf(text, sizeof text, "\\%c", names[at - known]);
    else
      std::snprintf(text, sizeof text, c <= 0xff ? "\\x%02X" : c <= 0xffff ? "\\u%04X" : "\\U%08X", unsigned(c));
    out += text;
  }
  out += '"';
}

void writeLiteral(std::string_view s, size_t indent, std::string& out) {
  out += '|';
  if (s[0] == ' ' || s[0] == '\n') out += '2';
  if (s.back() != '\n')
    out += '-';
  else if (s.size() == 1 || s[s.size() - 2] == '\n')
    out += '+';
  for (size_t from = 0; from < s.size();) {
    size_t end = s.find('\n', from);
    if (end == s.npos) end = s.size();
    out += '\n';
    if (end > from) out.append(indent, ' ').append(s.substr(from, end - from));
    from = end + 1;
  }
  // The break after a kept last line is the caller's, all others are written above.
}

void writeText(std::string_view s, bool asKey, size_t indent, std::string& out) {
  switch (styleOf(s, asKey)) {
    case Style::Plain: out += s; return;
    case Style::Double: writeDouble(s, out); return;
    case Style::Literal: writeLiteral(s, indent, out); return;
    case Style::Single: break;
  }
  out += '\'';
  for (char c : s) (out += c == '\'' ? "'" : "") += c;
  out += '\'';
}

/// strconv.FormatFloat(d, 'g', -1, 64)
void writeFloat(double d, std::string& out) {
  if (std::isnan(d)) {
    out += ".nan";
    return;
  }
  if (std::isinf(d)) {
    out += d < 0 ? "-.inf" : ".inf";
    return;
  }
  char text[40];
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*e", digits - 1, d);
    if (std::strtod(text, nullptr) == d) {
      const int power = std::atoi(std::string_view(text).substr(std::string_view(text).find('e') + 1).data());
      if (power >= -4 && power < 6) std::snprintf(text, sizeof text, "%.*f", std::max(0, digits - 1 - power), d);
      break;
    }
  }
  out += text;
}

// ---- order of keys

bool letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80; }
bool digit(unsigned char c) { return c >= '0' && c <= '9'; }

// Models goyaml sorter.go keyList.Less: letters after everything else, runs of digits by their number.
bool before(std::string_view a, std::string_view b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const unsigned char x = static_cast<unsigned char>(a[i]), y = static_cast<unsigned char>(b[i]);
    if (x == y) continue;
    if (letter(x) && letter(y)) return x < y;
    if (letter(x) || letter(y)) return letter(y);
    int64_t an = 0, bn = 0;
    if (x == '0' || y == '0') {
      for (size_t j = i; j-- > 0 && digit(static_cast<unsigned char>(a[j]));) {
        if (a[j] != '0') {
          an = bn = 1;
          break;
        }
      }
    }
    size_t ai = i, bi = i;
    for (; ai < a.size() && digit(static_cast<unsigned char>(a[ai])) && an < (int64_t(1) << 58); ++ai)
      an = an * 10 + (a[ai] - '0');
    for (; bi < b.size() && digit(static_cast<unsigned char>(b[bi])) && bn < (int64_t(1) << 58); ++bi)
      bn = bn * 10 + (b[bi] - '0');
    if (an != bn) return an < bn;
    if (ai != bi) return ai < bi;
    return x < y;
  }
  return a.size() < b.size();
}

// ---- collections

/// Writes what stands after "key:" or "-". `indent`: of the collection around it; `inSequence`: of a sequence's item,
/// whose mapping starts on the line of its dash.
void write(const Value& v, size_t indent, bool inSequence, std::string& out);

void writeMap(const Value& v, size_t indent, bool firstInline, std::string& out) {
  std::vector<size_t> order(v.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  api::sort(order, [&](size_t a, size_t b) { return before(v.keyAt(a).text(), v.keyAt(b).text()); });
  bool first = true;
  for (size_t i : order) {
    if (!first || !firstInline) out.append(indent, ' ');
    first = false;
    const std::string_view key = v.keyAt(i).text();
    const bool simple = key.size() <= 128;
    if (!simple) out += "? ";
    writeText(key, true, indent, out);
    if (!simple) (out += '\n').append(indent, ' ');
    out += ':';
    write(v.values()[i], indent, false, out);
  }
}

void writeSequence(const Value& v, size_t indent, bool firstInline, std::string& out) {
  bool first = true;
  for (const Value& item : v.values()) {
    if (!first || !firstInline) out.append(indent, ' ');
    first = false;
    out += '-';
    write(item, indent, true, out);
  }
}

void write(const Value& v, size_t indent, bool inSequence, std::string& out) {
  if (v.size() && v.kind() == Kind::Object) {
    out += inSequence ? ' ' : '\n';
    return writeMap(v, indent + 2, inSequence, out);
  }
  if (v.size()) {
    out += inSequence ? ' ' : '\n';
    return writeSequence(v, inSequence ? indent + 2 : indent, inSequence, out);
  }
  out += ' ';
  switch (v.kind()) {
    case Kind::Object: out += "{}"; break;
    case Kind::Array: out += "[]"; break;
    case Kind::String: writeText(v.asString(), false, indent + 2, out); break;
    case Kind::Double: writeFloat(v.asDouble(), out); break;
    default: api::toJson(v, out); break;
  }
  out += '\n';
}

void writeJson(const Value& v, size_t depth, size_t indent, std::string& out) {
  if (v.kind() < Kind::Array || !v.size()) return api::toJson(v, out);
  const bool object = v.kind() == Kind::Object;
  out += object ? '{' : '[';
  for (size_t i = 0; i < v.size(); ++i) {
    if (i) out += ',';
    (out += '\n').append((depth + 1) * indent, ' ');
    if (object) {
      api::toJson(Value(v.keyAt(i).text()), out);
      out += ": ";
    }
    writeJson(v.values()[i], depth + 1, indent, out);
  }
  (out += '\n').append(depth * indent, ' ');
  out += object ? '}' : ']';
}
}  // namespace

std::string toYaml(const Value& v) {
  std::string out;
  if (v.size() && v.kind() == Kind::Object)
    writeMap(v, 0, true, out);
  else if (v.size())
    writeSequence(v, 0, true, out);
  else {
    write(v, 0, false, out);
    out.erase(0, 1);
  }
  return out;
}

std::string toIndentedJson(const Value& v, int indent) {
  std::string out;
  writeJson(v, 0, size_t(indent), out);
  return out;
}

}  // namespace manifest
