// What field sets say about documents. Models sigs.k8s.io/structured-merge-diff typed/{tofieldset,compare,merge,
// remove}.go.
#include "core/apiserver/fieldset.hpp"

namespace apiserver {
using namespace api;

namespace {
enum class How : uint8_t { leaf, object, listMap, listSet };

/// What a value is merged as: a whole, by member, by key, by item.
How howOf(const Value& v, const Shaped& s) {
  if (v.kind() == Kind::Object) {
    if (s.field && s.field->shape != Shape::Array && s.field->mapType == "atomic") return How::leaf;
    if (s.type && s.type->mapType == "atomic") return How::leaf;
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

const Value* findItem(const Value* list, const std::string& element, How how, const Shaped& s) {
  if (!list) return nullptr;
  for (const Value& item : list->values()) {
    if (elementOf(item, how, s) == element) return &item;
  }
  return nullptr;
}

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
  const How how = howOf(b ? *b : *a, s);
  const bool empty = (!a || a->size() == 0) && (!b || b->size() == 0);
  const bool sameKind = !a || !b || a->kind() == b->kind();
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
  for (const Value* side : {a, b}) {
    if (!side) continue;
    for (size_t i = 0; i < side->size(); ++i) {
      if (how == How::object) {
        const Key k = side->keyAt(i);
        const Value* before = a ? a->find(k) : nullptr;
        if (side == b && before) continue;  // done with the first side
        compareChild(elementOf(k), before, b ? b->find(k) : nullptr, memberOf(s, k), out);
        continue;
      }
      const std::string element = elementOf(side->values()[i], how, s);
      const Value* before = findItem(a, element, how, s);
      if (side == b && before) continue;
      compareChild(element, before, findItem(b, element, how, s), itemOf(s), out);
    }
  }
}

Value merged(const Value& live, const Value& config, const Shaped& s);

/// Models mergingWalker.visitListItems: the config's order, with the live items it does not name where they were.
Value mergedList(const Value& live, const Value& config, How how, const Shaped& s) {
  std::vector<std::string> left, right;
  for (const Value& v : live.values()) left.push_back(elementOf(v, how, s));
  for (const Value& v : config.values()) right.push_back(elementOf(v, how, s));
  const auto has = [](const std::vector<std::string>& list, const std::string& e) {
    for (const std::string& x : list) {
      if (x == e) return true;
    }
    return false;
  };
  std::vector<std::string> shared, done;
  for (const std::string& e : right) {
    if (has(left, e)) shared.push_back(e);
  }
  std::vector<Value> out;
  const auto take = [&](const std::string& e) {
    const Value *l = findItem(&live, e, how, s), *r = findItem(&config, e, how, s);
    out.push_back(l && r && how == How::listMap ? merged(*l, *r, itemOf(s)) : r ? *r : *l);
    done.push_back(e);
    if (!shared.empty() && shared[0] == e) shared.erase(shared.begin());
  };
  size_t i = 0, j = 0;
  while (i < left.size() || j < right.size()) {
    if (i < left.size() && j < right.size()) {
      if (left[i] == right[j]) {
        take(right[j]);
        ++i, ++j;
        continue;
      }
      if (has(right, left[i]) && !shared.empty() && shared[0] != left[i]) {
        ++i;
        continue;
      }
    }
    if (i < left.size()) {
      if (!has(right, left[i])) {
        take(left[i++]);
        continue;
      }
      if (has(done, left[i])) ++i;
    }
    if (j < right.size()) take(right[j++]);
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
