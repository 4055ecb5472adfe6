// What field sets say about documents. Models sigs.k8s.io/structured-merge-diff typed/{tofieldset,compare,merge,
// remove}.go.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/apiserver/fieldset.hpp"
#include "core/apiserver/patch.hpp"

namespace apiserver {
using namespace api;

namespace {
enum class How : uint8_t { leaf, object, listMap, listSet };

/// What a value is merged as: a whole, by member, by key, by item.
How howOf(const Value& v, const Shaped& s) {
  if (v.kind() == Kind::Object) {
    if (s.field && s.field->shape != Shape::Array && s.field->mapType == "atomic") return How::leaf;
    const bool granular = s.field && s.field->mapType == "granular";
    if (s.type && s.type->mapType == "atomic" && !granular) return How::leaf;
    if (s.field && s.field->type == FieldType::Raw) return How::leaf;
    return How::object;
  }
  if (v.kind() == Kind::Array && s.field && s.field->shape == Shape::Array) {
    if (s.field->listType == "map") return How::listMap;
    if (s.field->listType == "set") return How::listSet;
  }
  return How::leaf;
}

Shaped memberOf(const Shaped& s, Key k) {
  if (s.field && s.field->shape == Shape::Map) return {elementType(*s.field), nullptr};
  if (!s.type) return {};
  const Field* f = s.type->find(k);
  if (!f) return {};
  return {f->shape == Shape::One ? elementType(*f) : nullptr, f};
}
Shaped itemOf(const Shaped& s) { return {s.field ? elementType(*s.field) : nullptr, nullptr}; }

std::string elementOf(Key k) { return "f:" + std::string(k.text()); }

/// `k:{"containerPort":80,"protocol":"TCP"}` of a list's item, or `v:"x"`.
std::string elementOf(const Value& item, How how, const Shaped& s) {
  if (how == How::listSet) return "v:" + toJson(item);
  Value keys = Value::object({});
  std::string_view rest = s.field->listMapKeys;
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const Key k(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (const Value* v = item.find(k)) {
      keys.set(k, *v);
    } else if (k == Key(key::protocol)) {
      keys.set(k, "TCP");
    }
  }
  return "k:" + toJson(keys);
}

void addFields(const Value& v, const Shaped& s, FieldSet& set) {
  const How how = howOf(v, s);
  if (how == How::leaf || v.size() == 0) {
    set.member = true;
    return;
  }
  if (how == How::object) {
    const bool isStruct = s.type && !(s.field && s.field->shape == Shape::Map);
    for (size_t i = 0; i < v.size(); ++i) {
      const Key k = v.keyAt(i);
      FieldSet& child = set.children[elementOf(k)];
      if (!isStruct || v.values()[i].isNull()) child.member = true;
      addFields(v.values()[i], memberOf(s, k), child);
    }
    return;
  }
  for (const Value& item : v.values()) {
    FieldSet& child = set.children[elementOf(item, how, s)];
    child.member = true;
    if (how == How::listMap) addFields(item, itemOf(s), child);
  }
}

/// What a scalar of another kind is told; "" where the kind fits. Models structured-merge-diff typed validateScalar.
std::string scalarFault(const Value& v, FieldType type) {
  const Kind k = v.kind();
  const bool scalar = k != Kind::Object && k != Kind::Array;
  switch (type) {
    case FieldType::Int32:
    case FieldType::Int64:
    case FieldType::Double:
      if (k == Kind::Int || k == Kind::Double) return {};
      return std::string("expected numeric (int or float), got ") + (k == Kind::String   ? "string"
                                                                     : k == Kind::Bool   ? "bool"
                                                                     : k == Kind::Object ? "map[string]interface {}"
                                                                                         : "[]interface {}");
    case FieldType::String:
    case FieldType::Bytes:
      return k == Kind::String ? "" : "expected string, got &value.valueUnstructured{Value:" + goSyntax(v) + "}";
    case FieldType::Bool: return k == Kind::Bool ? "" : "expected boolean, got &{" + goText(v) + "}";
    case FieldType::Raw: return {};
    default: return scalar ? "" : "expected any scalar, got &{" + goText(v) + "}";
  }
}

/// `element`: the field of a list or map that the value is an element of. Models structured-merge-diff
/// typed/validate.go.
void findFaults(const Value& v, const Shaped& s, const Field* element, const std::string& path,
                std::vector<std::string>& out) {
  const Field* f = element ? element : s.field;
  if (v.isNull() || (f && f->type == FieldType::Raw)) return;
  const bool whole = f && !element;
  const bool list = whole && f->shape == Shape::Array, map = (whole && f->shape == Shape::Map) || s.type || !f;
  std::string fault;
  if (list && v.kind() != Kind::Array) fault = "expected list, got &{" + goText(v) + "}";
  if (!list && map && v.kind() != Kind::Object) fault = "expected map, got &{" + goText(v) + "}";
  if (!list && !map) fault = scalarFault(v, f->type);
  if (!fault.empty()) return void(out.push_back(path + ": " + fault));
  if (!list && !map) return;
  if (!list) {
    const bool plain = whole && f->shape == Shape::Map;
    for (size_t i = 0; i < v.size(); ++i) {
      const Shaped member = memberOf(s, v.keyAt(i));
      if (plain || member.field)
        findFaults(v.values()[i], member, plain ? f : nullptr, path + shownElement(elementOf(v.keyAt(i))), out);
    }
    return;
  }
  const How how = howOf(v, s);
  std::vector<std::string> seen;
  for (size_t i = 0; i < v.size(); ++i) {
    const Value& item = v.values()[i];
    if (how == How::leaf || (how == How::listMap && item.kind() != Kind::Object)) {
      findFaults(item, itemOf(s), f, path + "[" + std::to_string(i) + "]", out);
      continue;
    }
    const std::string e = elementOf(item, how, s);
    if (std::count(seen.begin(), seen.end(), e))
      out.push_back(path + ": duplicate entries for key " + shownElement(e));
    else
      findFaults(item, itemOf(s), f, path + shownElement(e), out);
    seen.push_back(e);
  }
}

/// A list's items by their path elements; of equal ones the first.
struct Items {
  std::vector<std::string> elements;
  std::unordered_map<std::string_view, const Value*> byElement;
  Items(const Value* list, How how, const Shaped& s) {
    if (!list) return;
    for (const Value& item : list->values()) elements.push_back(elementOf(item, how, s));
    for (size_t i = 0; i < elements.size(); ++i) byElement.emplace(elements[i], &list->values()[i]);
  }
  Items(const Items&) = delete;
  bool has(const std::string& e) const { return byElement.count(e) != 0; }
  const Value* find(const std::string& e) const {
    auto it = byElement.find(e);
    return it == byElement.end() ? nullptr : it->second;
  }
};

void compareInto(const Value* a, const Value* b, const Shaped& s, Comparison& out);

void compareChild(const std::string& element, const Value* a, const Value* b, const Shaped& s, Comparison& out) {
  Comparison child;
  compareInto(a, b, s, child);
  if (!child.added.empty()) out.added.children[element] = std::move(child.added);
  if (!child.modified.empty()) out.modified.children[element] = std::move(child.modified);
  if (!child.removed.empty()) out.removed.children[element] = std::move(child.removed);
}

void compareInto(const Value* a, const Value* b, const Shaped& s, Comparison& out) {
  if (a && b && a->same(*b)) return;
  const How how = howOf(b && (!b->isNull() || !a) ? *b : *a, s);
  const bool empty = (!a || a->size() == 0) && (!b || b->size() == 0);
  const bool sameKind = !a || !b || a->isNull() || b->isNull() || a->kind() == b->kind();
  if (how == How::leaf || empty || !sameKind) {
    if (!a) {
      out.added.member = true;
    } else if (!b) {
      out.removed.member = true;
    } else if (!(*a == *b)) {
      out.modified.member = true;
    }
    return;
  }
  if (!a) out.added.member = true;
  if (!b) out.removed.member = true;
  if (how != How::object) {
    const Items left(a, how, s), right(b, how, s);
    for (const std::string& e : left.elements) compareChild(e, left.find(e), right.find(e), itemOf(s), out);
    for (const std::string& e : right.elements) {
      if (!left.has(e)) compareChild(e, nullptr, right.find(e), itemOf(s), out);
    }
    return;
  }
  for (size_t i = 0; a && i < a->size(); ++i) {
    const Key k = a->keyAt(i);
    compareChild(elementOf(k), &a->values()[i], b ? b->find(k) : nullptr, memberOf(s, k), out);
  }
  for (size_t i = 0; b && i < b->size(); ++i) {
    const Key k = b->keyAt(i);
    if (!a || !a->find(k)) compareChild(elementOf(k), nullptr, &b->values()[i], memberOf(s, k), out);
  }
}

Value merged(const Value& live, const Value& config, const Shaped& s);

/// Models mergingWalker.visitListItems: the config's order, with the live items it does not name where they were.
Value mergedList(const Value& live, const Value& config, How how, const Shaped& s) {
  const Items left(&live, how, s), right(&config, how, s);
  std::vector<std::string> shared;
  for (const std::string& e : right.elements) {
    if (left.has(e)) shared.push_back(e);
  }
  std::unordered_set<std::string_view> done;
  size_t nextShared = 0;
  std::vector<Value> out;
  const auto take = [&](const std::string& e) {
    const Value *l = left.find(e), *r = right.find(e);
    out.push_back(l && r && how == How::listMap ? merged(*l, *r, itemOf(s)) : r ? *r : *l);
    done.insert(e);
    if (nextShared < shared.size() && shared[nextShared] == e) ++nextShared;
  };
  size_t i = 0, j = 0;
  while (i < left.elements.size() || j < right.elements.size()) {
    const std::string* l = i < left.elements.size() ? &left.elements[i] : nullptr;
    const std::string* r = j < right.elements.size() ? &right.elements[j] : nullptr;
    if (l && r && *l == *r) {
      take(*r);
      ++i, ++j;
    } else if (l && r && right.has(*l) && nextShared < shared.size() && shared[nextShared] != *l) {
      ++i;
    } else if (l && !right.has(*l)) {
      take(*l);
      ++i;
    } else {
      if (l && done.count(*l)) ++i;
      if (r) {
        take(*r);
        ++j;
      }
    }
  }
  return Value::array(std::move(out));
}

Value merged(const Value& live, const Value& config, const Shaped& s) {
  const How how = howOf(config, s);
  if (how == How::leaf || live.kind() != config.kind()) return config;
  if (how != How::object) return mergedList(live, config, how, s);
  Value out = live;
  for (size_t i = 0; i < config.size(); ++i) {
    const Key k = config.keyAt(i);
    const Value* present = live.find(k);
    out.set(k, present ? merged(*present, config.values()[i], memberOf(s, k)) : config.values()[i]);
  }
  return out;
}

Value pruned(const Value& v, const FieldSet& last, const FieldSet& owned, const Shaped& s) {
  const How how = howOf(v, s);
  if (how == How::leaf) return v;
  static const FieldSet none;
  const auto childOf = [](const FieldSet& set, const std::string& e) -> const FieldSet& {
    auto it = set.children.find(e);
    return it == set.children.end() ? none : it->second;
  };
  Value out = v;
  if (how == How::object) {
    for (size_t i = v.size(); i-- > 0;) {
      const Key k = v.keyAt(i);
      const std::string e = elementOf(k);
      const FieldSet &l = childOf(last, e), &o = childOf(owned, e);
      if (l.empty()) continue;
      if (o.empty()) {
        out.erase(k);
      } else {
        out.set(k, pruned(v.values()[i], l, o, memberOf(s, k)));
      }
    }
    return out;
  }
  std::vector<Value> items;
  for (const Value& item : v.values()) {
    const std::string e = elementOf(item, how, s);
    const FieldSet &l = childOf(last, e), &o = childOf(owned, e);
    if (l.empty()) {
      items.push_back(item);
    } else if (!o.empty()) {
      items.push_back(how == How::listMap ? pruned(item, l, o, itemOf(s)) : item);
    }
  }
  return Value::array(std::move(items));
}
}  // namespace

FieldSet fieldsOf(const Value& v, const Type& type) {
  FieldSet set;
  addFields(v, {&type, nullptr}, set);
  set.member = false;
  return set;
}

std::vector<std::string> schemaFaults(const Value& v, const Type& type) {
  std::vector<std::string> out;
  findFaults(v, {&type, nullptr}, nullptr, "", out);
  return out;
}

Comparison compare(const Value& before, const Value& after, const Type& type) {
  Comparison out;
  compareInto(&before, &after, {&type, nullptr}, out);
  return out;
}

Value mergeConfig(const Value& live, const Value& config, const Type& type) {
  return merged(live, config, {&type, nullptr});
}

Value prune(const Value& value, const FieldSet& last, const FieldSet& owned, const Type& type) {
  return pruned(value, last, owned, {&type, nullptr});
}

}  // namespace apiserver
