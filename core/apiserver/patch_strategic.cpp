// Strategic merge patch. Models apimachinery pkg/util/strategicpatch/patch.go (v1.37): mergeMap, mergeSlice,
// mergePatchIntoOriginal, normalizeElementOrder, in that order below.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/api/sort.hpp"
#include "core/apiserver/patch.hpp"

namespace apiserver {
using namespace api;

namespace {
constexpr std::string_view orderPrefix = "$setElementOrder/", deletePrefix = "$deleteFromPrimitiveList/";
using Items = std::vector<Value>;

struct Failure {
  int code = 0;
  std::string message;
};

struct Merger {
  Failure failure;

  bool fail(int code, std::string message) {
    if (!failure.code) failure = {code, std::move(message)};
    return false;
  }
  bool mergeMap(Value& original, Value patch, const Type* type);
  bool mergeMember(Value& original, Key k, const Value& patch, const Type* type, bool isDeleteList);
  bool retainKeys(Value& original, Value& patch);
  bool mergeOrdered(Value& original, Value& patch, const Type* type);
  bool mergeList(const Value& original, const Value& patch, const Type* type, const Field& field, bool isDeleteList,
                 Value& out);
  bool applySpecial(Items& original, const Items& patch, Key mergeKey, Items& rest);
};

bool hasPrefix(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

const Field* fieldOf(const Type* type, Key k) { return type ? type->find(k) : nullptr; }
bool merges(const Field* f) { return f && f->patchStrategy.find("merge") != std::string_view::npos; }
bool replaces(const Field* f) { return f && f->patchStrategy.find("replace") != std::string_view::npos; }
Items itemsOf(const Value& v) { return Items(v.values().begin(), v.values().end()); }

/// Without members that are null, in any depth.
Value withoutNulls(const Value& v) {
  if (v.kind() == Kind::Array) {
    Items items;
    for (const Value& i : v.values()) items.push_back(withoutNulls(i));
    return Value::array(std::move(items));
  }
  if (v.kind() != Kind::Object) return v;
  Value out = v;
  for (size_t i = v.size(); i-- > 0;) {
    const Key k = v.keyAt(i);
    if (v.values()[i].isNull()) {
      out.erase(k);
    } else if (v.values()[i].kind() >= Kind::Array) {
      out.set(k, withoutNulls(v.values()[i]));
    }
  }
  return out;
}

/// Without what carries a $patch; false where `v` itself does.
bool removeDirectives(const Value& v, Value& out) {
  out = v;
  if (v.kind() == Kind::Object) {
    if (v.find(key::patchDirective)) return false;
    for (size_t i = 0; i < v.size(); ++i) {
      Value member;
      if (removeDirectives(v.values()[i], member)) {
        out.set(v.keyAt(i), std::move(member));
      } else {
        out.erase(v.keyAt(i));
      }
    }
  } else if (v.kind() == Kind::Array) {
    Items items;
    for (const Value& i : v.values()) {
      Value item;
      if (removeDirectives(i, item)) items.push_back(std::move(item));
    }
    out = Value::array(std::move(items));
  }
  return true;
}

/// An item's identity within its list: the merge key's value, or the item itself where there is no key.
const Value& identity(const Value& item, const Key* mergeKey) { return mergeKey ? item[*mergeKey] : item; }

/// Where each identity of a list stands first.
class Places {
 public:
  Places(const Items& list, const Key* mergeKey) : mergeKey_(mergeKey) {
    for (size_t i = 0; i < list.size(); ++i) places_.emplace(toJson(identity(list[i], mergeKey)), long(i));
  }
  /// -1 where it is not there.
  long find(const Value& item) const {
    auto it = places_.find(toJson(identity(item, mergeKey_)));
    return it == places_.end() ? -1 : it->second;
  }

 private:
  const Key* mergeKey_;
  std::unordered_map<std::string, long> places_;
};

using Placed = std::vector<std::pair<long, Value>>;
void sortByPlace(Placed& items) {
  api::sort(items, [](const auto& a, const auto& b) { return a.first < b.first; });
}

/// Those of `merged` that `patch` names in the order of `patch`, the others where the live list had them. Models
/// normalizeElementOrder and mergeSortedSlice.
Items inOrder(const Items& merged, const Items& patch, const Items& live, const Key* mergeKey) {
  const Places inPatch(patch, mergeKey), inLive(live, mergeKey);
  Placed named, rest;
  for (const Value& v : merged) {
    const long at = inPatch.find(v);
    if (at >= 0) {
      named.emplace_back(at, v);
    } else {
      rest.emplace_back(inLive.find(v), v);
    }
  }
  sortByPlace(named);
  sortByPlace(rest);
  Items out;
  size_t i = 0, j = 0;
  while (i < rest.size() || j < named.size()) {
    bool takeRest = j == named.size();
    if (!takeRest && i < rest.size()) {
      const long l = rest[i].first, r = inLive.find(named[j].second);
      takeRest = l >= 0 && r >= 0 && l < r;
    }
    out.push_back(takeRest ? rest[i++].second : named[j++].second);
  }
  return out;
}

std::string noMergeKey(const Value& item, Key mergeKey) {
  return "map: " + goText(item) + " does not contain declared merge key: " + std::string(mergeKey.text());
}

bool Merger::mergeMap(Value& original, Value patch, const Type* type) {
  if (const Value* directive = patch.find(key::patchDirective)) {
    if (directive->asString() == "replace") {
      patch.erase(key::patchDirective);
      original = std::move(patch);
      return true;
    }
    if (directive->asString() == "delete") {
      original = Value::object({});
      return true;
    }
    return fail(500, "unknown patch type: " + goText(*directive) + " in map: " + goText(patch));
  }
  if (original.kind() != Kind::Object) original = Value::object({});
  if (!retainKeys(original, patch) || !mergeOrdered(original, patch, type)) return false;
  for (size_t i = 0; i < patch.size(); ++i) {
    Key k = patch.keyAt(i);
    const bool isDeleteList = hasPrefix(k.text(), deletePrefix);
    if (isDeleteList) k = Key(k.text().substr(deletePrefix.size()));
    if (!mergeMember(original, k, patch.values()[i], type, isDeleteList)) return false;
  }
  return true;
}

bool Merger::mergeMember(Value& original, Key k, const Value& patch, const Type* type, bool isDeleteList) {
  if (patch.isNull()) {
    original.erase(k);
    return true;
  }
  const Value* present = original.find(k);
  const bool sameKind = present && (present->kind() == patch.kind());
  if (!sameKind || patch.kind() < Kind::Array) {
    if (isDeleteList) return true;
    Value taken;
    if (removeDirectives(withoutNulls(patch), taken)) {
      original.set(k, std::move(taken));
    } else {
      original.erase(k);
    }
    return true;
  }
  const Field* field = fieldOf(type, k);
  Value merged = *present;
  if (patch.kind() == Kind::Object) {
    if (replaces(field)) {
      merged = patch;
    } else if (!mergeMap(merged, patch, field && field->shape == Shape::One ? elementType(*field) : nullptr)) {
      return false;
    }
  } else if (field && (merges(field) || isDeleteList)) {
    if (!mergeList(*present, patch, elementType(*field), *field, isDeleteList, merged)) return false;
  } else {
    merged = patch;
  }
  original.set(k, std::move(merged));
  return true;
}

/// $retainKeys: what the list does not name goes. Models applyRetainKeysDirective.
bool Merger::retainKeys(Value& original, Value& patch) {
  const Value* found = patch.find(key::patchRetainKeys);
  if (!found) return true;
  const Value list = *found;
  patch.erase(key::patchRetainKeys);
  constexpr const char* bad = "invalid patch format of retainKeys";
  if (list.kind() != Kind::Array) return fail(400, bad);
  auto listed = [&](std::string_view name) {
    for (const Value& v : list.values()) {
      if (v.asString() == name) return true;
    }
    return false;
  };
  for (size_t i = 0; i < patch.size(); ++i) {
    const std::string_view name = patch.keyAt(i).text();
    if (patch.values()[i].isNull() || hasPrefix(name, deletePrefix) || hasPrefix(name, orderPrefix)) continue;
    if (!listed(name)) return fail(400, bad);
  }
  for (size_t i = original.size(); i-- > 0;) {
    if (!listed(original.keyAt(i).text())) original.erase(original.keyAt(i));
  }
  return true;
}

/// $setElementOrder lists with the lists they are about, which are then done. Models mergePatchIntoOriginal.
bool Merger::mergeOrdered(Value& original, Value& patch, const Type* type) {
  for (size_t i = 0; i < patch.size(); ++i) {
    const Key directive = patch.keyAt(i);
    if (!hasPrefix(directive.text(), orderPrefix)) continue;
    const Value order = patch.values()[i];
    const Key k(directive.text().substr(orderPrefix.size()));
    patch.erase(directive);
    i = size_t(-1);  // the members moved
    if (order.kind() != Kind::Array) return fail(400, "invalid patch format of setElementOrder list");
    const Field* field = fieldOf(type, k);
    if (!field) return fail(500, "unable to find api field \"" + std::string(k.text()) + "\"");
    const Value live = original[k];
    const Value* given = patch.find(k);
    Value merged = live;
    if (!given && live.kind() != Kind::Array) continue;
    if (given && given->kind() != Kind::Array) continue;  // null: deleted below
    if (given && live.kind() == Kind::Array) {
      if (!merges(field)) {
        merged = *given;
      } else if (!mergeList(live, *given, elementType(*field), *field, false, merged)) {
        return false;
      }
    } else if (given) {
      removeDirectives(withoutNulls(*given), merged);
    }
    const Key mergeKey(field->patchMergeKey.empty() ? std::string_view("name") : field->patchMergeKey);
    const Key* by = field->patchMergeKey.empty() ? nullptr : &mergeKey;
    Items orderItems = itemsOf(order);
    original.set(k, Value::array(inOrder(itemsOf(merged), orderItems, itemsOf(live), by)));
    patch.erase(k);
  }
  return true;
}

/// Elements with a $patch of their own. Models mergeSliceWithSpecialElements.
bool Merger::applySpecial(Items& original, const Items& patch, Key mergeKey, Items& rest) {
  bool replace = false;
  for (const Value& v : patch) {
    const Value* directive = v.find(key::patchDirective);
    if (!directive) {
      rest.push_back(v);
    } else if (directive->asString() == "delete") {
      const Value* value = v.find(mergeKey);
      if (!value) return fail(500, noMergeKey(v, mergeKey));
      original.erase(
          std::remove_if(original.begin(), original.end(), [&](const Value& item) { return item[mergeKey] == *value; }),
          original.end());
    } else if (directive->asString() == "replace") {
      replace = true;
    } else if (directive->asString() == "merge") {
      return fail(500, "merging lists cannot yet be specified in the patch");
    } else {
      return fail(500, "unknown patch type: " + goText(*directive) + " in map: " + goText(v));
    }
  }
  if (replace) original = std::exchange(rest, {});
  return true;
}

bool Merger::mergeList(const Value& originalList, const Value& patchList, const Type* type, const Field& field,
                       bool isDeleteList, Value& out) {
  Items original = itemsOf(originalList), patch = itemsOf(patchList);
  out = originalList;
  if (original.empty() && patch.empty()) return true;
  for (const Value& v : patch) {
    if (v.kind() == Kind::Array) return fail(422, "lists of lists are not supported");
  }
  if (isDeleteList) {
    Items left;
    const Places gone(patch, nullptr);
    for (const Value& v : original) {
      if (gone.find(v) < 0) left.push_back(v);
    }
    out = Value::array(std::move(left));
    return true;
  }
  const bool objects = (original.empty() ? patch[0] : original[0]).kind() == Kind::Object;
  if (!objects) {
    Items merged;
    std::unordered_set<std::string> seen;
    for (const Items* list : {&original, &patch}) {
      for (const Value& v : *list) {
        if (seen.insert(toJson(v)).second) merged.push_back(v);
      }
    }
    out = Value::array(inOrder(merged, patch, original, nullptr));
    return true;
  }
  if (field.patchMergeKey.empty())
    return fail(500, "cannot merge lists without merge key for " + std::string(type ? type->name : ""));
  const Key mergeKey(field.patchMergeKey);
  for (const Value& v : patch) {
    if (v.kind() != Kind::Object) return fail(500, "expected a map, but received a " + goText(v));
  }
  Items rest;
  if (!applySpecial(original, patch, mergeKey, rest)) return false;
  Items merged = original;
  std::unordered_map<std::string, size_t> places;
  for (size_t i = 0; i < merged.size(); ++i) places.emplace(toJson(merged[i][mergeKey]), i);
  for (const Value& v : rest) {
    if (!v.find(mergeKey)) return fail(500, noMergeKey(v, mergeKey));
    const auto [place, fresh] = places.emplace(toJson(v[mergeKey]), merged.size());
    if (fresh) {
      Value taken;
      removeDirectives(v, taken);
      merged.push_back(std::move(taken));
    } else if (!mergeMap(merged[place->second], v, type)) {
      return false;
    }
  }
  out = Value::array(inOrder(merged, rest, original, &mergeKey));
  return true;
}
}  // namespace

Response strategicMergePatch(const Type& type, const Value& before, const Value& patch, Value& after) {
  Merger merger;
  after = before;
  if (merger.mergeMap(after, patch, &type)) return {};
  const char* reason = merger.failure.code == 400 ? "BadRequest" : merger.failure.code == 422 ? "Invalid" : "";
  return failure(merger.failure.code, reason, merger.failure.message);
}

}  // namespace apiserver
