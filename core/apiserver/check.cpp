#include "core/apiserver/check.hpp"

#include <algorithm>

#include "core/api/names.hpp"
#include "core/api/quantity.hpp"
#include "core/api/sort.hpp"
#include "core/apiserver/decode.hpp"
#include "core/apiserver/defaulting.hpp"
#include "core/manifest/manifest.hpp"

namespace apiserver {
namespace {

using namespace api;

// ---- what was probably meant

size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
      const size_t change = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

/// Keeps the nearer of two candidates; what differs in more than a third of its letters is none.
struct Nearest {
  std::string_view wanted;
  std::string best;
  size_t least;
  explicit Nearest(std::string_view w) : wanted(w), least(std::max<size_t>(w.size() / 3, 1) + 1) {}
  void offer(std::string_view candidate) {
    if (wanted.size() > 64) return;
    if (const size_t d = distance(wanted, candidate); d < least) {
      least = d;
      best = std::string(candidate);
    }
  }
};

/// The type that holds the last step of a path: "spec.containers[0].imge" -> Container.
const Type* typeAt(const Type* type, std::string_view path) {
  while (type) {
    const size_t dot = path.find('.');
    if (dot == path.npos) return type;
    const std::string_view step = path.substr(0, std::min(path.find('['), dot));
    path.remove_prefix(dot + 1);
    Key k(key::Id(0));
    const Field* f = Key::known(step, k) ? type->find(k) : nullptr;
    type = f ? elementType(*f) : nullptr;
  }
  return type;
}

std::string fieldMeant(const Type* root, std::string_view path) {
  const Type* type = typeAt(root, path);
  if (!type) return "";
  Nearest n(path.substr(path.rfind('.') == path.npos ? 0 : path.rfind('.') + 1));
  for (const Field& f : type->fields) n.offer(f.key.text());
  return n.best;
}

/// "1Go", "1GB", "512mb" -> "1Gi", "1G", "512M".
std::string quantityMeant(std::string_view text) {
  size_t digits = 0;
  while (digits < text.size() && ((text[digits] >= '0' && text[digits] <= '9') || text[digits] == '.')) ++digits;
  size_t unit = digits;
  while (unit < text.size() && text[unit] == ' ') ++unit;
  if (!digits || unit == text.size()) return "";
  const char prefix = char(text[unit] & ~32);
  if (std::string_view("KMGTPE").find(prefix) == std::string_view::npos) return "";
  std::string_view rest = text.substr(unit + 1);
  const bool decimal = rest.size() == 1 && (rest[0] | 32) == 'b';
  std::string out(text.substr(0, digits));
  if (decimal) return out + (prefix == 'K' ? 'k' : prefix);
  return out + prefix + "i";
}

/// The first value that should be a quantity and is none; its path, or "".
std::string badQuantity(const Type& type, const Value& object, const std::string& path, std::string& text) {
  for (size_t i = 0; i < object.size() && object.kind() == Kind::Object; ++i) {
    const Field* f = type.find(object.keyAt(i));
    if (!f) continue;
    const std::string at = path + (path.empty() ? "" : ".") + std::string(object.keyAt(i).text());
    const Value& v = object.values()[i];
    const bool many = f->shape != Shape::One;
    for (size_t j = 0; j < (many ? v.size() : 1); ++j) {
      const Value& item = many ? v.values()[j] : v;
      const std::string where = f->shape == Shape::Array           ? at + "[" + std::to_string(j) + "]"
                                : many && v.kind() == Kind::Object ? at + "." + std::string(v.keyAt(j).text())
                                                                   : at;
      Quantity q;
      if (f->type == FieldType::Quantity && item.kind() == Kind::String && parseQuantity(item.asString(), q)) {
        text = std::string(item.asString());
        return where;
      }
      if (const Type* element = elementType(*f)) {
        if (std::string found = badQuantity(*element, item, where, text); !found.empty()) return found;
      }
    }
  }
  return "";
}

// ---- sentences

struct Sentence {
  std::string_view theirs, en, zh;
};
constexpr Sentence sentences[] = {
    {"found character that cannot start any token",
     "This character cannot begin a value here. Indentation is made of spaces, never of tabs.",
     "这里不能以这个字符开头。缩进只能用空格，不能用制表符（Tab）。"},
    {"could not find expected ':'", "This line needs a colon after its key.", "这一行的键后面缺少冒号。"},
    {"mapping values are not allowed in this context",
     "A key cannot stand here: check this line's indentation, and quotes around text that holds a colon.",
     "这里不能出现键：请检查这一行的缩进；含有冒号的文本要加引号。"},
    {"did not find expected ',' or ']'", "A bracket [ is not closed: a ] or a comma is missing.",
     "方括号 [ 没有闭合：缺少 ] 或逗号。"},
    {"did not find expected ',' or '}'", "A brace { is not closed: a } or a comma is missing.",
     "花括号 { 没有闭合：缺少 } 或逗号。"},
    {"did not find expected key", "This line does not line up with the keys above it.", "这一行没有与上面的键对齐。"},
    {"did not find expected '-' indicator", "This line does not line up with the list above it.",
     "这一行没有与上面的列表对齐。"},
    {"found unexpected end of stream", "A quotation mark is not closed.", "引号没有闭合。"},
    {"block sequence entries are not allowed in this context", "A list's dash cannot stand here.",
     "这里不能出现列表的短横线。"},
    {"did not find expected node content", "This bracket closes nothing.", "这个括号没有对应的开括号。"},
    {"excessive aliasing", "The anchors of this text expand to too much.", "锚点展开后的内容过多。"},
    {"exceeded max depth", "This text is nested too deeply.", "嵌套层数过多。"},
    {"larger than 3 MiB", "The text is larger than 3 MiB; the API server takes no more.",
     "文本超过 3 MiB；API 服务器不会接受。"},
    {"referenced", "This alias names no anchor.", "这个别名没有对应的锚点。"},
};

struct Checker {
  std::string_view whole;  ///< the text
  std::vector<Finding> out{};

  void add(manifest::Place p, std::string en, std::string zh, std::string path = "", std::string suggestion = "") {
    if (out.size() >= 20) return;
    Finding f;
    f.line = std::max(p.line, 1);
    f.column = std::max(p.column, 1);
    f.endColumn = std::max(p.endColumn, f.column + 1);
    if (!suggestion.empty()) {
      en += " Did you mean `" + suggestion + "`?";
      zh += "您是不是想写 `" + suggestion + "`？";
    }
    f.message = std::move(en);
    f.messageZh = std::move(zh);
    f.path = std::move(path);
    f.suggestion = std::move(suggestion);
    out.push_back(std::move(f));
  }

  /// Whether a tab stands in the line's indentation: then that is what is wrong, whatever the parser fell over.
  bool isTabbed(int line) const {
    std::string_view rest = whole;
    for (; line > 1 && !rest.empty(); --line) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    return rest.substr(0, rest.find_first_not_of(" \t")).find('\t') != rest.npos;
  }

  void syntax(const manifest::Error& e) {
    if (isTabbed(e.place.line)) return add(e.place, std::string(sentences[0].en), std::string(sentences[0].zh));
    for (const Sentence& s : sentences) {
      if (e.message.find(s.theirs) != e.message.npos) return add(e.place, std::string(s.en), std::string(s.zh));
    }
    add(e.place, e.message, "语法错误：" + e.message);
  }

  static std::string_view quotedPart(std::string_view text) {
    const size_t from = text.find('"');
    return from == text.npos ? std::string_view() : text.substr(from + 1, text.rfind('"') - from - 1);
  }

  const ResourceInfo* kindOf(const manifest::Document& d) {
    const std::string version(d.value[key::apiVersion].asString()), kind(d.value[key::kind].asString());
    if (version.empty()) add(d.places.find(""), "apiVersion not set", "没有写 apiVersion", "apiVersion");
    if (kind.empty()) {
      add(d.places.find(""), "kind not set", "没有写 kind", "kind");
      return nullptr;
    }
    if (const ResourceInfo* info = findKind(version, kind)) return info;
    const std::string en = "no matches for kind \"" + kind + "\" in version \"" + version + "\".",
                      zh = "版本 \"" + version + "\" 中没有 \"" + kind + "\" 这种对象。";
    if (const ResourceInfo* known = findKind(kind)) {
      if (!version.empty()) add(d.places.find("apiVersion"), en, zh, "apiVersion", known->apiVersion());
      return known;
    }
    Nearest n(kind);
    for (const ResourceInfo& r : resources()) n.offer(r.kind);
    add(d.places.find("kind"), en, zh, "kind", n.best);
    return nullptr;
  }

  /// The place of a path without indices ("spec.containers.image"): the first value that has it.
  static manifest::Place placeOf(const manifest::Document& d, std::string_view bare) {
    for (const auto& [path, place] : d.places.values) {
      std::string plain;
      for (size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '[') i = path.find(']', i);
        if (i >= path.size()) break;
        if (path[i] != ']') plain += path[i];
      }
      if (plain == bare) return place;
    }
    return d.places.find(bare);
  }

  void decoding(const manifest::Document& d, const Type& type, const Decoded& decoded) {
    for (const std::string& s : decoded.strict) {
      const std::string path(quotedPart(s));
      const bool unknown = s.compare(0, 7, "unknown") == 0;
      add(d.places.find(path), s + (unknown ? "." : ""), (unknown ? "没有这个字段：" : "字段重复：") + path + "。",
          path, unknown ? fieldMeant(&type, path) : "");
    }
    if (decoded.error.empty()) return;
    std::string text;
    if (decoded.error.compare(0, 10, "quantities") == 0 || decoded.error.find("suffix") != decoded.error.npos) {
      const std::string path = badQuantity(type, d.value, "", text);
      return add(valuePlace(d, path), "`" + text + "` is no quantity: " + decoded.error + ".",
                 "`" + text + "` 不是合法的数量，例如 500m、1Gi。", path, quantityMeant(text));
    }
    const size_t from = decoded.error.find("struct field "), dot = decoded.error.find('.', from);
    const std::string path =
        from == decoded.error.npos ? "" : decoded.error.substr(dot + 1, decoded.error.find(" of type", dot) - dot - 1);
    add(placeOf(d, path), decoded.error, "类型不对：" + path + "（" + decoded.error + "）", path);
  }

  static manifest::Place valuePlace(const manifest::Document& d, const std::string& path) {
    for (const auto& [p, place] : d.places.values) {
      if (p == path) return place;
    }
    return d.places.find(path);
  }

  /// A List's items, each with its own part of the places.
  void list(const manifest::Document& d) {
    const Value& items = d.value[key::items];
    for (size_t i = 0; i < items.size() && items[i][key::kind].asString() != "List"; ++i) {
      manifest::Document item;
      item.value = items[i];
      const std::string prefix = "items[" + std::to_string(i) + "]";
      auto part = [&](const auto& from, auto& to) {
        for (const auto& [path, place] : from) {
          if (path == prefix)
            to.emplace_back("", place);
          else if (path.compare(0, prefix.size() + 1, prefix + ".") == 0)
            to.emplace_back(path.substr(prefix.size() + 1), place);
        }
      };
      part(d.places.keys, item.places.keys);
      part(d.places.values, item.places.values);
      document(item);
    }
  }

  void document(const manifest::Document& d) {
    if (d.value.kind() != Kind::Object)
      return add(d.places.find(""), "An object is needed here: apiVersion, kind, metadata, …",
                 "这里应该是一个对象：apiVersion、kind、metadata……");
    if (d.value[key::kind].asString() == "List") return list(d);
    const ResourceInfo* info = kindOf(d);
    if (!info) return;
    const Type& type = *findType(info->kind);
    std::vector<std::string> duplicates;
    for (const manifest::Error& e : d.duplicates) duplicates.push_back(e.path);
    Decoded decoded = decode(type, d.value, duplicates);
    decoding(d, type, decoded);
    if (!decoded.error.empty()) return;
    Value object = std::move(decoded.object);
    if (info->namespaced && object.get({key::metadata, key::namespace_}).asString().empty())
      object.set({key::metadata, key::namespace_}, "default");
    setDefaults(info->resource, object);
    // The server keeps both in step before it validates.
    const Value clusterIP = object.get({key::spec, key::clusterIP});
    if (info->resource == Resource::services && !clusterIP.asString().empty() &&
        object.get({key::spec, key::clusterIPs}).isNull())
      object.set({key::spec, key::clusterIPs}, Value::array({clusterIP}));
    for (const FieldError& e : validateCreate(info->resource, object)) {
      const manifest::Place p = d.places.find(e.field);
      add(p.line ? p : d.places.find(""), text(e), "校验失败：" + text(e), e.field);
    }
  }
};
}  // namespace

std::vector<Finding> checkManifest(std::string_view text) {
  Checker c{text};
  const manifest::Parsed parsed = manifest::parseYaml(text);
  for (const manifest::Error& e : parsed.errors) c.syntax(e);
  if (parsed.documents.empty() && parsed.errors.empty())
    c.add({}, "There is no object in this text.", "文本里没有任何对象。");
  for (const manifest::Document& d : parsed.documents) c.document(d);
  api::sort(c.out, [](const Finding& a, const Finding& b) { return a.line < b.line; });
  return std::move(c.out);
}

}  // namespace apiserver
