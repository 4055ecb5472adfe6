// What a write changed, as a reader of YAML sees it: changed lines with signs under the keys that lead to them.
#include "core/manifest/manifest.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

using api::Kind;
using api::Value;

bool bookkeeping(std::string_view key, int depth) {
  return key == "managedFields" || key == "resourceVersion" || (depth <= 1 && key == "uid") || key == "generation" ||
         key == "creationTimestamp";
}

std::string scalar(const Value& v) {
  switch (v.kind()) {
    case Kind::String: return v.asString().empty() ? "\"\"" : std::string(v.asString());
    case Kind::Object: return "{}";
    case Kind::Array: return "[]";
    default: return api::toJson(v);
  }
}

bool nested(const Value& v) { return (v.kind() == Kind::Object || v.kind() == Kind::Array) && v.size() > 0; }

struct Walker {
  std::vector<DiffLine>& out;

  void line(char sign, int indent, std::string text) { out.push_back({sign, indent, std::move(text)}); }

  // A whole value, with a sign.
  void all(char sign, int indent, const std::string& key, const Value& v) {
    if (!nested(v)) return line(sign, indent, key + scalar(v));
    const bool item = key == "- ";
    if (!item) line(sign, indent, key.substr(0, key.size() - 1));
    bool first = true;
    for (size_t i = 0; i < v.size(); i++) {
      const std::string name = v.kind() == Kind::Object ? std::string(v.keyAt(i).text()) + ": " : "- ";
      if (v.kind() == Kind::Object && bookkeeping(v.keyAt(i).text(), indent)) continue;
      if (item && first)
        all(sign, indent, "- " + name, v.values()[i]);
      else
        all(sign, indent + 1, name, v.values()[i]);
      first = false;
    }
  }

  void object(int indent, const Value& before, const Value& after) {
    std::vector<api::Key> keys;
    for (size_t i = 0; i < before.size(); i++) keys.push_back(before.keyAt(i));
    for (size_t i = 0; i < after.size(); i++)
      if (!before.find(after.keyAt(i))) keys.push_back(after.keyAt(i));
    for (api::Key key : keys) {
      if (bookkeeping(key.text(), indent)) continue;
      const Value *a = before.find(key), *b = after.find(key);
      if (a && b && *a == *b) continue;
      const std::string name = std::string(key.text()) + ": ";
      if (a && b && nested(*a) && nested(*b) && a->kind() == b->kind()) {
        const size_t at = out.size();
        line(' ', indent, std::string(key.text()) + ":");
        if (a->kind() == Kind::Object)
          object(indent + 1, *a, *b);
        else
          array(indent + 1, *a, *b);
        if (out.size() == at + 1) out.pop_back();
        continue;
      }
      if (a) all('-', indent, name, *a);
      if (b) all('+', indent, name, *b);
    }
  }

  // Items are matched by what names them (type, name), or by place.
  static std::string nameOf(const Value& v) {
    for (const char* key : {"type", "name", "key", "uid"})
      if (const Value* n = v.find(key); n && n->kind() == Kind::String)
        return std::string(key) + ": " + std::string(n->asString());
    return {};
  }
  static const Value* match(const Value& list, const Value& item, size_t at) {
    const std::string name = nameOf(item);
    if (name.empty()) return at < list.size() ? &list.values()[at] : nullptr;
    for (const Value& v : list.values())
      if (nameOf(v) == name) return &v;
    return nullptr;
  }
  void array(int indent, const Value& before, const Value& after) {
    for (size_t i = 0; i < before.size(); i++)
      if (!match(after, before.values()[i], i)) all('-', indent, "- ", before.values()[i]);
    for (size_t i = 0; i < after.size(); i++) {
      const Value& b = after.values()[i];
      const Value* a = match(before, b, i);
      if (a && *a == b) continue;
      if (a && a->kind() == Kind::Object && b.kind() == Kind::Object && !nameOf(b).empty()) {
        line(' ', indent, "- " + nameOf(b));
        object(indent + 1, *a, b);
      } else {
        if (a) all('-', indent, "- ", *a);
        all('+', indent, "- ", b);
      }
    }
  }
};

}  // namespace

std::vector<DiffLine> diffLines(const Value& before, const Value& after, size_t limit) {
  std::vector<DiffLine> out;
  Walker w{out};
  if (before.isNull() || after.isNull()) {
    const Value& v = after.isNull() ? before : after;
    const char sign = after.isNull() ? '-' : '+';
    for (const char* part : {"metadata", "spec", "data", "endpoints"})
      if (const Value* p = v.find(part); p && nested(*p)) {
        w.line(' ', 0, std::string(part) + ":");
        for (size_t i = 0; i < p->size(); i++) {
          if (p->kind() == Kind::Object && bookkeeping(p->keyAt(i).text(), 1)) continue;
          w.all(sign, 1, p->kind() == Kind::Object ? std::string(p->keyAt(i).text()) + ": " : "- ", p->values()[i]);
        }
      }
  } else {
    w.object(0, before, after);
  }
  if (out.size() > limit) {
    const size_t left = out.size() - limit + 1;
    out.resize(limit - 1);
    out.push_back({' ', 0, "… +" + std::to_string(left)});
  }
  return out;
}

std::vector<std::string> yamlLines(const Value& v) {
  Value shown = v;
  const api::Step path[] = {api::key::metadata, api::Key("managedFields")};
  shown.erase(api::Path(path, 2));
  const std::string text = manifest::toYaml(shown);
  std::vector<std::string> out;
  for (size_t from = 0; from < text.size();) {
    const size_t to = std::min(text.find('\n', from), text.size());
    out.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

}  // namespace web
