#include "core/apiserver/paging.hpp"

#include "core/api/value.hpp"
#include "core/manifest/manifest.hpp"

namespace apiserver {
namespace {
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view text) {
  std::string out;
  uint32_t bits = 0;
  int have = 0;
  for (unsigned char c : text) {
    bits = bits << 8 | c;
    for (have += 8; have >= 6; have -= 6) out += alphabet[bits >> (have - 6) & 63];
  }
  if (have) out += alphabet[bits << (6 - have) & 63];
  return out;
}

/// The position of the first bad character, or npos.
size_t decode(std::string_view text, std::string& out) {
  uint32_t bits = 0;
  int have = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t digit = alphabet.find(text[i]);
    if (digit == alphabet.npos) return i;
    bits = bits << 6 | uint32_t(digit);
    have += 6;
    if (have >= 8) out += char(bits >> (have -= 8) & 255);
  }
  return text.size() % 4 == 1 ? text.size() - 1 : std::string_view::npos;
}

/// A byte as Go's JSON decoder shows it: 'x', '\u009e'.
std::string shown(unsigned char c) {
  static constexpr char hex[] = "0123456789abcdef";
  if (c >= 0x20 && c < 0x7f) return std::string("'") + char(c) + "'";
  if (c < 0x20 || c == 0x7f) return std::string("'\\x") + hex[c >> 4] + hex[c & 15] + "'";
  if (c >= 0xa1 && c != 0xad) {
    const char utf8[] = {char(0xc0 | c >> 6), char(0x80 | (c & 63)), 0};
    return "'" + std::string(utf8) + "'";
  }
  return std::string("'\\u00") + hex[c >> 4] + hex[c & 15] + "'";
}
}  // namespace

std::string writeContinue(uint64_t revision, std::string_view start) {
  using namespace api;
  return encode(
      toJson(Value::object({{Key("v"), "meta.k8s.io/v1"}, {Key("rv"), int64_t(revision)}, {Key("start"), start}})));
}

std::string readContinue(std::string_view token, uint64_t& revision, std::string& start) {
  using namespace api;
  std::string text;
  if (const size_t bad = decode(token, text); bad != std::string_view::npos)
    return "continue key is not valid: illegal base64 data at input byte " + std::to_string(bad);
  if (text.empty() || text[0] != '{')
    return "continue key is not valid: " + (text.empty()
                                                ? "unexpected end of JSON input"
                                                : "invalid character " + shown(static_cast<unsigned char>(text[0])) +
                                                      " looking for beginning of value");
  std::string error;
  const Value v = manifest::parseJson(text, error);
  if (!error.empty()) return "continue key is not valid: " + error;
  if (v[Key("v")].asString() != "meta.k8s.io/v1")
    return "continue key is not valid: server does not recognize this encoded version " +
           std::string(v[Key("v")].asString());
  if (v[Key("start")].asString().empty())
    return "continue key is not valid: encoded start key empty (version meta.k8s.io/v1)";
  revision = uint64_t(v[Key("rv")].asInt());
  start = v[Key("start")].asString();
  return {};
}

}  // namespace apiserver
