// Documents as JSON text, as Go writes it.
#include "core/api/value.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace api {
namespace {
void writeString(std::string_view s, std::string& out) {
  static const char hex[] = "0123456789abcdef";
  out += '"';
  size_t plain = 0;
  for (size_t i = 0; i < s.size(); ++i) {
    const unsigned char c = s[i];
    const bool separator =
        c == 0xe2 && s.size() > i + 2 && s[i + 1] == '\x80' && (s[i + 2] & ~1) == '\xa8';  // U+2028, U+2029
    if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && !separator) continue;
    out.append(s, plain, i - plain);
    plain = i + 1;
    if (separator) {
      out += s[i + 2] & 1 ? "\\u2029" : "\\u2028";
      i += 2;
      plain = i + 1;
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += char(c);
    } else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\b')
      out += "\\b";
    else if (c == '\f')
      out += "\\f";
    else {
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    }
  }
  out.append(s, plain);
  out += '"';
}

/// Go's form: the shortest digits that read back the same, no ".0", an exponent below 1e-6 and from 1e21.
void writeDouble(double d, std::string& out) {
  char text[40];
  const double size = d < 0 ? -d : d;
  const bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*e", digits - 1, d);
    if (std::strtod(text, nullptr) != d) continue;
    if (!exponent) {
      const int power = std::atoi(std::strchr(text, 'e') + 1);
      std::snprintf(text, sizeof text, "%.*f", std::max(0, digits - 1 - power), d);
    }
    break;
  }
  std::string_view t(text);
  const size_t e = t.find('e');
  if (e != t.npos && t[e + 2] == '0' && t.size() == e + 4) {  // e-07 -> e-7
    out.append(t.substr(0, e + 2));
    out += t[e + 3];
    return;
  }
  out += t;
}
}  // namespace

void toJson(const Value& v, std::string& out) {
  switch (v.kind()) {
    case Kind::Null: out += "null"; return;
    case Kind::Bool: out += v.asBool() ? "true" : "false"; return;
    case Kind::Int: out += std::to_string(v.asInt()); return;
    case Kind::Double: return writeDouble(v.asDouble(), out);
    case Kind::String: return writeString(v.asString(), out);
    case Kind::Array:
    case Kind::Object: break;
  }
  const bool object = v.kind() == Kind::Object;
  out += object ? '{' : '[';
  for (size_t i = 0; i < v.size(); ++i) {
    if (i) out += ',';
    if (object) {
      writeString(v.keyAt(i).text(), out);
      out += ':';
    }
    toJson(v.values()[i], out);
  }
  out += object ? '}' : ']';
}
std::string toJson(const Value& v) {
  std::string out;
  toJson(v, out);
  return out;
}

}  // namespace api
