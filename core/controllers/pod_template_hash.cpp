#include "core/controllers/pod_template_hash.hpp"

#include <charconv>
#include <map>
#include <string_view>
#include <vector>

#include "core/controllers/revisions.hpp"

namespace controllers {
using api::Kind;
using api::Value;

extern const char* const podTemplateTypes;  // pod_template_types.cpp

namespace {

struct GoField {
  std::string_view name, type;
  std::string json;  ///< "" where the field is inline
};
using GoTypes = std::map<std::string_view, std::vector<GoField>>;

/// The text up to `separator`, which is taken off `text` with it.
std::string_view cut(std::string_view& text, char separator) {
  const size_t end = text.find(separator);
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return head;
}

const GoTypes& goTypes() {
  static const GoTypes types = [] {
    GoTypes out;
    std::string_view text = podTemplateTypes;
    while (!text.empty()) {
      std::string_view line = cut(text, '\n');
      std::vector<GoField>& fields = out[cut(line, '|')];
      while (!line.empty()) {
        std::string_view field = cut(line, '|');
        GoField f;
        f.name = cut(field, ' ');
        f.json = cut(field, ' ');
        f.type = field;
        if (f.json.empty()) {
          f.json = f.name;
          f.json[0] = char(f.json[0] - 'A' + 'a');
        } else if (f.json == "~") {
          f.json.clear();
        }
        fields.push_back(std::move(f));
      }
    }
    return out;
  }();
  return types;
}

/// Prints a value as spew's %#v prints the Go value that it stands for. Models k8s.io/utils/dump ForHash.
class Dump {
 public:
  explicit Dump(std::string& out) : out_(out) {}
  void value(std::string_view type, const Value& v, bool withType) {
    if (type[0] == '*') return pointer(type.substr(1), v, withType);
    if (withType) parenthesized(type);
    if (type.starts_with("[]")) return list(type.substr(2), v);
    if (type.starts_with("map[")) return map("string", v);
    if (type == "v1.ResourceList") return map("resource.Quantity", v);
    if (type == "resource.Quantity") return quantity(v.asString());
    if (type == "intstr.IntOrString") return intOrString(v);
    if (type == "v1.Time") {
      out_ += "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}";
    } else if (type == "bool") {
      out_ += v.asBool() ? "true" : "false";
    } else if (type == "int32" || type == "int64") {
      out_ += std::to_string(v.asInt());
    } else if (auto it = goTypes().find(type); it != goTypes().end()) {
      structure(it->second, v);
    } else {
      out_ += v.asString();
    }
  }

 private:
  void parenthesized(std::string_view text) { out_.append("(").append(text).append(")"); }

  void pointer(std::string_view type, const Value& v, bool withType) {
    const bool nil = v.isNull();
    if (withType)
      parenthesized("*" + std::string(type));
    else
      out_ += nil ? "<nil>" : "<*>";
    if (!nil)
      value(type, v, false);
    else if (withType)
      out_ += "<nil>";
  }

  void list(std::string_view type, const Value& v) {
    if (v.isNull()) return void(out_ += "<nil>");
    out_ += '[';
    for (size_t i = 0; i < v.size(); ++i) {
      if (i) out_ += ' ';
      value(type, v.values()[i], false);
    }
    out_ += ']';
  }

  void map(std::string_view type, const Value& v) {
    if (v.isNull()) return void(out_ += "<nil>");
    out_ += "map[";
    for (size_t i = 0; i < v.size(); ++i) {
      if (i) out_ += ' ';
      out_.append(v.keyAt(i).text()).append(":");
      value(type, v.values()[i], false);
    }
    out_ += ']';
  }

  void structure(const std::vector<GoField>& fields, const Value& v) {
    out_ += '{';
    for (size_t i = 0; i < fields.size(); ++i) {
      const GoField& f = fields[i];
      if (i) out_ += ' ';
      out_.append(f.name).append(":");
      const Value* member = f.json.empty() ? &v : v.find(f.json);
      value(f.type, member ? *member : nothing_, true);
    }
    out_ += '}';
  }

  void intOrString(const Value& v) {
    const bool text = v.kind() == Kind::String;
    out_.append("{Type:(intstr.Type)").append(text ? "1" : "0");
    out_.append(" IntVal:(int32)").append(std::to_string(v.asInt()));
    out_.append(" StrVal:(string)").append(v.asString()).append("}");
  }

  // A quantity is kept as a whole number and a power of ten, and with its text where that is in canonical form. Models
  // resource.ParseQuantity for what fits into int64.
  void quantity(std::string_view text) {
    static constexpr std::pair<std::string_view, int> decimal[] = {{"n", -9}, {"u", -6}, {"m", -3}, {"k", 3}, {"M", 6},
                                                                   {"G", 9},  {"T", 12}, {"P", 15}, {"E", 18}};
    std::string digits;
    int64_t scale = 0;
    size_t i = 0;
    bool fraction = false;
    for (;
         i < text.size() && (text[i] == '.' || text[i] == '-' || text[i] == '+' || (text[i] >= '0' && text[i] <= '9'));
         ++i) {
      if (text[i] == '.')
        fraction = true;
      else if (text[i] != '+')
        digits += text[i];
      scale -= fraction && text[i] != '.';
    }
    const std::string_view suffix = text.substr(i);
    int64_t amount = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), amount);
    bool canonical = digits[0] != '0' && !digits.ends_with("000");
    std::string_view format = "DecimalSI";
    for (const auto& [name, power] : decimal) {
      if (suffix == name) scale += power;
    }
    if (const size_t at = std::string_view("KMGTPE").find(suffix.substr(0, 1));
        suffix.size() == 2 && suffix[1] == 'i' && at != std::string_view::npos) {
      format = "BinarySI";
      canonical = amount & 7;
      for (size_t k = 0; k <= at; ++k) amount *= 1024;
    } else if (suffix.size() > 1) {
      format = "DecimalExponent";
      int64_t power = 0;
      std::from_chars(suffix.data() + 1 + (suffix[1] == '+'), suffix.data() + suffix.size(), power);
      scale += power;
    }
    canonical = text == "0" || (canonical && (format == "BinarySI" || scale % 3 == 0));
    out_.append("{i:(resource.int64Amount){value:(int64)").append(std::to_string(amount));
    out_.append(" scale:(resource.Scale)").append(std::to_string(scale));
    out_.append("} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)")
        .append(canonical ? text : "")
        .append(" Format:(resource.Format)");
    out_.append(format).append("}");
  }

  std::string& out_;
  const Value nothing_;
};
}  // namespace

std::string dumpForHash(const api::PodTemplateSpec& podTemplate) {
  std::string out;
  Dump(out).value("v1.PodTemplateSpec", podTemplate.doc, true);
  return out;
}

// FNV-1a of the dump and of the collision count in eight bytes, least significant first.
std::string computeHash(const api::PodTemplateSpec& podTemplate, const int64_t* collisionCount) {
  uint32_t h = 2166136261u;
  auto add = [&](std::string_view s) {
    for (const unsigned char c : s) h = (h ^ c) * 16777619u;
  };
  add(dumpForHash(podTemplate));
  if (collisionCount) {
    char bytes[8] = {};
    for (int i = 0; i < 4; ++i) bytes[i] = char(uint32_t(*collisionCount) >> (8 * i));
    add({bytes, sizeof bytes});
  }
  return safeEncodeString(std::to_string(h));
}

}  // namespace controllers
