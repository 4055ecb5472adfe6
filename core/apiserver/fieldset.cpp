// The sets themselves; what they say about documents is in fieldset_documents.cpp.
#include "core/apiserver/fieldset.hpp"

#include "core/manifest/manifest.hpp"

namespace apiserver {
using namespace api;

FieldSet unite(const FieldSet& a, const FieldSet& b) {
  FieldSet out = a;
  out.member |= b.member;
  for (const auto& [k, child] : b.children) {
    auto [it, fresh] = out.children.try_emplace(k, child);
    if (!fresh) it->second = unite(it->second, child);
  }
  return out;
}

FieldSet intersect(const FieldSet& a, const FieldSet& b) {
  FieldSet out;
  out.member = a.member && b.member;
  for (const auto& [k, child] : a.children) {
    auto it = b.children.find(k);
    if (it == b.children.end()) continue;
    if (FieldSet both = intersect(child, it->second); !both.empty()) out.children.emplace(k, std::move(both));
  }
  return out;
}

FieldSet subtract(const FieldSet& a, const FieldSet& b) {
  FieldSet out;
  out.member = a.member && !b.member;
  for (const auto& [k, child] : a.children) {
    auto it = b.children.find(k);
    FieldSet left = it == b.children.end() ? child : subtract(child, it->second);
    if (!left.empty()) out.children.emplace(k, std::move(left));
  }
  return out;
}

Value toFieldsV1(const FieldSet& set) {
  std::vector<std::pair<Key, Value>> members;
  static const Key self(".");
  if (set.member && !set.children.empty()) members.emplace_back(self, Value::object({}));
  for (const auto& [k, child] : set.children) members.emplace_back(Key(k), toFieldsV1(child));
  return Value::object(std::move(members));
}

FieldSet fromFieldsV1(const Value& v) {
  FieldSet out;
  for (size_t i = 0; i < v.size(); ++i) {
    const std::string_view k = v.keyAt(i).text();
    if (k == ".") continue;
    FieldSet child = fromFieldsV1(v.values()[i]);
    child.member = v.values()[i].size() == 0 || v.values()[i].find(".");
    out.children.emplace(k, std::move(child));
  }
  return out;
}

std::string shownElement(std::string_view element) {
  const std::string_view text = element.substr(2);
  if (element[0] == 'f') return "." + std::string(text);
  if (element[0] == 'v') return "[=" + std::string(text) + "]";
  if (element[0] == 'i') return "[" + std::string(text) + "]";
  std::string error;
  const Value keys = manifest::parseJson(text, error);
  std::string out = "[";
  for (size_t i = 0; i < keys.size(); ++i)
    out += (i ? "," : "") + std::string(keys.keyAt(i).text()) + "=" + toJson(keys.values()[i]);
  return out + "]";
}

namespace {
void collect(const FieldSet& set, const std::string& path, std::vector<std::string>& out) {
  for (const auto& [k, child] : set.children) {
    if (child.member) out.push_back(path + shownElement(k));
  }
  for (const auto& [k, child] : set.children) collect(child, path + shownElement(k), out);
}
}  // namespace

std::vector<std::string> pathsOf(const FieldSet& set) {
  std::vector<std::string> out;
  collect(set, "", out);
  return out;
}

}  // namespace apiserver
