#include "core/manifest/json.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "core/manifest/places.hpp"

namespace manifest {
namespace {

using api::Key;
using api::Kind;
using api::Value;

constexpr int deepest = 1000;

/// A character as Go's scanner quotes it in its errors.
std::string quoted(std::string_view text, size_t at) {
  const unsigned char c = static_cast<unsigned char>(text[at]);
  if (c == '\'') return "'\\''";
  if (c == '"') return "'\"'";
  if (c == '\n') return "'\\n'";
  if (c == '\t') return "'\\t'";
  if (c == '\r') return "'\\r'";
  char out[12];
  if (c >= 0x20 && c < 0x7f)
    std::snprintf(out, sizeof out, "'%c'", c);
  else if (c >= 0x80)  // Go reads bytes and prints each as the Latin-1 character of that number
    std::snprintf(out, sizeof out, c >= 0xa1 && c != 0xad ? "'%c%c'" : "'\\u00%02x'",
                  c >= 0xa1 && c != 0xad ? 0xc0 | (c >> 6) : c, 0x80 | (c & 0x3f));
  else
    std::snprintf(out, sizeof out, "'\\x%02x'", c);
  return out;
}

struct Reader {
  std::string_view text;
  size_t at;
  JsonRead& out;
  const Lines* lines;
  std::string path;

  bool fail(std::string_view context) {
    if (!out.error.empty()) return false;
    out.error = at >= text.size() ? "unexpected end of JSON input"
                                  : "invalid character " + quoted(text, at) + " " + std::string(context);
    out.offset = at < text.size() ? at + 1 : text.size();
    return false;
  }
  void space() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) ++at;
  }

  bool value(Value& v, int depth) {
    space();
    if (depth > deepest) {
      out.error = "exceeded max depth";
      out.offset = at;
      return false;
    }
    if (at >= text.size()) return fail("");
    const size_t from = at;
    bool good = false;
    switch (text[at]) {
      case '{': good = object(v, depth); break;
      case '[': good = array(v, depth); break;
      case '"': {
        std::string s;
        good = string(s);
        v = Value(s);
        break;
      }
      case 't': good = literal("true", v, true); break;
      case 'f': good = literal("false", v, false); break;
      case 'n': good = literal("null", v, Value()); break;
      default: good = number(v);
    }
    if (good && lines) out.places.values.emplace_back(path, lines->at(from, at - from));
    return good;
  }

  bool literal(std::string_view word, Value& v, Value meaning) {
    for (size_t i = 0; i < word.size(); ++i, ++at) {
      if (at >= text.size() || text[at] != word[i])
        return fail("in literal " + std::string(word) + " (expecting " + quoted(word, i) + ")");
    }
    v = std::move(meaning);
    return true;
  }

  bool digits(std::string_view context) {
    if (at >= text.size() || text[at] < '0' || text[at] > '9') return fail(context);
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return true;
  }

  bool number(Value& v) {
    const size_t from = at;
    if (text[at] == '-') {
      ++at;
      if (at >= text.size() || text[at] < '0' || text[at] > '9') return fail("in numeric literal");
    }
    if (at >= text.size() || text[at] < '0' || text[at] > '9') return fail("looking for beginning of value");
    if (text[at] == '0')
      ++at;
    else
      digits("");
    bool whole = true;
    if (at < text.size() && text[at] == '.') {
      ++at;
      whole = false;
      if (!digits("after decimal point in numeric literal")) return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
      ++at;
      whole = false;
      if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
      if (!digits("in exponent of numeric literal")) return false;
    }
    const std::string n(text.substr(from, at - from));
    int64_t i = 0;
    if (whole && std::from_chars(n.data(), n.data() + n.size(), i).ec == std::errc())
      v = Value(i);
    else
      v = Value(std::strtod(n.c_str(), nullptr));
    return true;
  }

  bool hex4(uint32_t& code) {
    code = 0;
    for (int i = 0; i < 4; ++i, ++at) {
      const char c = at < text.size() ? text[at] : 0;
      const int d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
      if (d < 0) return fail("in \\u hexadecimal character escape");
      code = code << 4 | uint32_t(d);
    }
    return true;
  }
  static void utf8(uint32_t c, std::string& s) {
    if (c < 0x80)
      s += char(c);
    else if (c < 0x800)
      (s += char(0xc0 | c >> 6)) += char(0x80 | (c & 63));
    else if (c < 0x10000)
      ((s += char(0xe0 | c >> 12)) += char(0x80 | (c >> 6 & 63))) += char(0x80 | (c & 63));
    else
      (((s += char(0xf0 | c >> 18)) += char(0x80 | (c >> 12 & 63))) += char(0x80 | (c >> 6 & 63))) +=
          char(0x80 | (c & 63));
  }

  bool escape(std::string& s) {
    ++at;
    if (at >= text.size()) return fail("");
    static constexpr std::string_view names = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    if (const size_t i = names.find(text[at]); i != names.npos) {
      s += meant[i];
      ++at;
      return true;
    }
    if (text[at] != 'u') return fail("in string escape code");
    ++at;
    uint32_t c = 0, low = 0;
    if (!hex4(c)) return false;
    if (c >= 0xd800 && c < 0xdc00 && text.substr(at, 2) == "\\u") {
      const size_t back = at;
      at += 2;
      if (!hex4(low)) return false;
      if (low >= 0xdc00 && low < 0xe000) {
        utf8(0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00), s);
        return true;
      }
      at = back;
    }
    utf8(c >= 0xd800 && c < 0xe000 ? 0xfffd : c, s);
    return true;
  }

  bool string(std::string& s) {
    for (++at;;) {
      const size_t from = at;
      while (at < text.size() && text[at] != '"' && text[at] != '\\' && static_cast<unsigned char>(text[at]) >= 0x20)
        ++at;
      s += text.substr(from, at - from);
      if (at >= text.size()) return fail("");
      if (text[at] == '"') {
        ++at;
        return true;
      }
      if (text[at] != '\\') return fail("in string literal");
      if (!escape(s)) return false;
    }
  }

  bool array(Value& v, int depth) {
    std::vector<Value> items;
    const size_t length = path.size();
    ++at;
    space();
    if (at < text.size() && text[at] == ']') {
      ++at;
      v = Value::array({});
      return true;
    }
    while (true) {
      if (lines) path += "[" + std::to_string(items.size()) + "]";
      if (!value(items.emplace_back(), depth + 1)) return false;
      path.resize(length);
      space();
      if (at < text.size() && text[at] == ',') {
        ++at;
        continue;
      }
      if (at >= text.size() || text[at] != ']') return fail("after array element");
      ++at;
      v = Value::array(std::move(items));
      return true;
    }
  }

  bool object(Value& v, int depth) {
    std::vector<std::pair<Key, Value>> members;
    const size_t length = path.size();
    ++at;
    space();
    if (at < text.size() && text[at] == '}') {
      ++at;
      v = Value::object({});
      return true;
    }
    while (true) {
      space();
      if (at >= text.size() || text[at] != '"') return fail("looking for beginning of object key string");
      const size_t from = at;
      std::string name;
      if (!string(name)) return false;
      path += (length ? "." : "") + name;
      members.emplace_back(Key(name), Value());
      if (lines) out.places.keys.emplace_back(path, lines->at(from, at - from));
      repeated(members, from);
      space();
      if (at >= text.size() || text[at] != ':') return fail("after object key");
      ++at;
      Value item;
      if (!value(item, depth + 1)) return false;
      members.back().second = std::move(item);
      path.resize(length);
      space();
      if (at < text.size() && text[at] == ',') {
        ++at;
        continue;
      }
      if (at >= text.size() || text[at] != '}') return fail("after object key:value pair");
      ++at;
      v = Value::object(std::move(members));
      return true;
    }
  }

  /// Small objects are searched at once; large ones (a ConfigMap's data) are not worth a quadratic search.
  void repeated(const std::vector<std::pair<Key, Value>>& members, size_t from) {
    const size_t n = members.size() - 1, first = n > 256 ? n - 256 : 0;
    for (size_t i = first; i < n; ++i) {
      if (!(members[i].first == members[n].first)) continue;
      out.duplicates.push_back({lines ? lines->at(from) : Place{}, "duplicate key", path});
      return;
    }
  }
};
}  // namespace

JsonRead readJson(std::string_view text, size_t from, bool wantPlaces) {
  JsonRead out;
  const Lines lines(wantPlaces ? text : std::string_view());
  Reader r{text, from, out, wantPlaces ? &lines : nullptr, {}};
  if (!r.value(out.value, 0)) out.value = Value();
  out.end = r.at;
  sortPlaces(out.places);
  return out;
}

api::Value parseJson(std::string_view text, std::string& error) {
  std::vector<std::string> duplicates;
  return parseJson(text, error, duplicates);
}

api::Value parseJson(std::string_view text, std::string& error, std::vector<std::string>& duplicates) {
  JsonRead r = readJson(text, 0, false);
  error = r.error;
  for (size_t i = r.end; error.empty() && i < text.size(); ++i) {
    if (text[i] != ' ' && text[i] != '\n' && text[i] != '\t' && text[i] != '\r')
      error = "invalid character " + quoted(text, i) + " after top-level value";
  }
  for (Error& d : r.duplicates) duplicates.push_back(std::move(d.path));
  return error.empty() ? r.value : Value();
}

}  // namespace manifest
