// -o kyaml: YAML of braces and quotes. Models sigs.k8s.io/yaml kyaml.Encoder.
#include "core/kubectl/printer.hpp"
#include "core/manifest/scalar.hpp"

namespace kubectl {
namespace {

struct Encoder {
  std::string out;

  void indent(int level) { out.append(size_t(level) * 2, ' '); }
  void text(std::string_view s, int level, bool folded);
  void key(std::string_view s, int level);
  void node(const Value& v, int level);
  void sequence(const Value& v, int level);
};

/// Whether a key has to be quoted: it could be read as something else, or has other characters than names have.
bool needsQuotes(std::string_view s) {
  if (s.empty() || manifest::resolve(s).tag != manifest::Tag::String) return true;
  if (s.size() == 1 && std::string_view("tTfF").find(s[0]) != s.npos) return true;
  for (size_t i = 0; i < s.size(); ++i) {
    const char c = s[i], small = char(c | 32);
    if ((small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80)) continue;
    const bool inside = i > 0 && i + 1 < s.size();
    if (!inside || (c != '-' && c != '.' && c != '/')) return true;
  }
  return false;
}

/// Folded: after each line break the text goes on in the next line, one column in.
void Encoder::text(std::string_view s, int level, bool folded) {
  const bool lines = folded && s.find('\n') != s.npos;
  out += lines ? "\"\\\n" : "\"";
  for (char c : s) {
    if (lines && out.back() == '\n') {
      indent(level);
      out += c == ' ' || c == '\t' || c == '\r' ? '\\' : ' ';
    }
    switch (c) {
      case '\n': out += lines ? "\\n\\\n" : "\\n"; break;
      case '\t': folded ? out += '\t' : out += "\\t"; break;
      case '\r': out += "\\r"; break;
      case '"':
      case '\\': (out += '\\') += c; break;
      default:
        if (c >= 0 && c < ' ') {
          out += "\\x";
          out += "01"[c >> 4];
          out += "0123456789abcdef"[c & 15];
        } else {
          out += c;
        }
    }
  }
  if (lines) {
    if (out.back() != '\n') out += "\\\n";
    indent(level);
  }
  out += '"';
}

void Encoder::key(std::string_view s, int level) { needsQuotes(s) ? text(s, level, false) : void(out += s); }

void Encoder::sequence(const Value& v, int level) {
  bool cuddled = true;
  for (const Value& item : v.values())
    cuddled = cuddled && (item.kind() == api::Kind::Array || item.kind() == api::Kind::Object);
  out += '[';
  if (!cuddled) {
    out += '\n';
    indent(level);
  }
  bool first = true;
  for (const Value& item : v.values()) {
    if (cuddled) {
      if (!first) out += ", ";
      node(item, level);
    } else {
      out += "  ";
      node(item, level + 1);
      out += ",\n";
      indent(level);
    }
    first = false;
  }
  out += ']';
}

void Encoder::node(const Value& v, int level) {
  switch (v.kind()) {
    case api::Kind::String: return text(v.asString(), level + 1, true);
    case api::Kind::Array: return v.size() ? sequence(v, level) : void(out += "[]");
    case api::Kind::Object: break;
    default: out += api::toJson(v); return;
  }
  if (!v.size()) {
    out += "{}";
    return;
  }
  out += "{\n";
  for (size_t i = 0; i < v.size(); ++i) {
    indent(level + 1);
    key(v.keyAt(i).text(), level + 1);
    out += ": ";
    node(v.values()[i], level + 1);
    out += ",\n";
  }
  indent(level);
  out += '}';
}

}  // namespace

std::string toKyaml(const Value& object) {
  Encoder encoder;
  encoder.out = "---\n";
  encoder.node(object, 0);
  return encoder.out + "\n";
}

}  // namespace kubectl
