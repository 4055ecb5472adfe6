#include "core/kubectl/three_way.hpp"

#include <algorithm>

#include "core/kubectl/document.hpp"
#include "core/kubectl/text.hpp"

namespace kubectl {
namespace {

using api::Field;
using api::Key;
using api::Kind;
using api::Type;
using api::Value;

struct Options {
  bool ignoreChanges = false, ignoreDeletions = false, setElementOrder = false, retainKeys = false;
};

const Field* fieldOf(const Type* type, Key key) { return type ? type->find(key) : nullptr; }
const Type* typeOf(const Field* f) { return f && f->element >= 0 ? api::elementType(*f) : nullptr; }
Key prefixed(std::string_view prefix, Key key) { return Key(std::string(prefix) + std::string(key.text())); }

Value diffMaps(const Value& original, const Value& modified, const Type* type, Options options);

const Value* findByKey(const Value& list, Key mergeKey, const Value& wanted) {
  for (const Value& item : list.values()) {
    if (scalar(item[mergeKey]) == scalar(wanted)) return &item;
  }
  return nullptr;
}

bool sameOrder(const Value& a, const Value& b, Key mergeKey) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!(a[i][mergeKey] == b[i][mergeKey])) return false;
  }
  return true;
}

// Items are told apart by their merge key; those that are gone leave a directive.
void diffObjectLists(Key key, const Value& original, const Value& modified, const Field& field, Options options,
                     Value& patch) {
  Key mergeKey{std::string_view(field.patchMergeKey)};
  const Type* type = typeOf(&field);
  std::vector<Value> items, gone;
  for (const Value& item : modified.values()) {
    const Value* old = findByKey(original, mergeKey, item[mergeKey]);
    if (!old) {
      if (!options.ignoreChanges) items.push_back(item);
      continue;
    }
    Value change = diffMaps(*old, item, type, options);
    if (change.size() == 0) continue;
    change.set(mergeKey, item[mergeKey]);
    items.push_back(std::move(change));
  }
  for (const Value& item : original.values()) {
    if (options.ignoreDeletions || findByKey(modified, mergeKey, item[mergeKey])) continue;
    Value directive;
    directive.set(Key("$patch"), "delete");
    directive.set(mergeKey, item[mergeKey]);
    gone.push_back(std::move(directive));
  }
  items.insert(items.end(), gone.begin(), gone.end());
  bool changed = !items.empty();
  bool order =
      options.setElementOrder && ((!options.ignoreChanges && (changed || !sameOrder(original, modified, mergeKey))) ||
                                  (!options.ignoreDeletions && changed));
  if (changed) patch.set(key, Value::array(std::move(items)));
  if (!order) return;
  std::vector<Value> keys;
  for (const Value& item : modified.values()) {
    Value one;
    one.set(mergeKey, item[mergeKey]);
    keys.push_back(std::move(one));
  }
  if (!keys.empty()) patch.set(prefixed("$setElementOrder/", key), Value::array(std::move(keys)));
}

bool inList(const Value& list, const Value& item) {
  return std::any_of(list.values().begin(), list.values().end(), [&](const Value& v) { return v == item; });
}

void diffScalarLists(Key key, const Value& original, const Value& modified, Options options, Value& patch) {
  std::vector<Value> added, gone;
  for (const Value& v : modified.values()) {
    if (!options.ignoreChanges && !inList(original, v)) added.push_back(v);
  }
  for (const Value& v : original.values()) {
    if (!options.ignoreDeletions && !inList(modified, v)) gone.push_back(v);
  }
  bool order = options.setElementOrder &&
               ((!options.ignoreDeletions && !gone.empty()) || (!options.ignoreChanges && !(original == modified)));
  if (!added.empty()) patch.set(key, Value::array(std::move(added)));
  if (!gone.empty()) patch.set(prefixed("$deleteFromPrimitiveList/", key), Value::array(std::move(gone)));
  if (order && modified.size()) patch.set(prefixed("$setElementOrder/", key), modified);
}

void diffLists(Key key, const Value& original, const Value& modified, const Field* field, Options options,
               Value& patch) {
  bool merges = field && contains(field->patchStrategy, "merge");
  options.retainKeys = field && contains(field->patchStrategy, "retainKeys");
  if (!merges) {
    if (!options.ignoreChanges && !(original == modified)) patch.set(key, modified);
  } else if (original.size() == 0) {
    if (modified.size() && !options.ignoreChanges) patch.set(key, modified);
  } else if (!field->patchMergeKey.empty()) {
    diffObjectLists(key, original, modified, *field, options, patch);
  } else {
    diffScalarLists(key, original, modified, options, patch);
  }
}

void diffMember(Key key, const Value& original, const Value& modified, const Type* type, Options options,
                Value& patch) {
  const Field* field = fieldOf(type, key);
  if (original.kind() == modified.kind() && modified.kind() == Kind::Array) {
    diffLists(key, original, modified, field, options, patch);
  } else if (original.kind() == modified.kind() && modified.kind() == Kind::Object) {
    options.retainKeys = field && contains(field->patchStrategy, "retainKeys");
    if (field && contains(field->patchStrategy, "replace")) {
      if (!options.ignoreChanges) patch.set(key, modified);
      return;
    }
    Value inner = diffMaps(original, modified, typeOf(field), options);
    if (inner.size()) patch.set(key, std::move(inner));
  } else if (!options.ignoreChanges && !(original == modified)) {
    patch.set(key, modified);
  }
}

Value diffMaps(const Value& original, const Value& modified, const Type* type, Options options) {
  Value patch = Value::object({});
  if (original.same(modified)) return patch;
  std::vector<Value> retained;
  bool moreInOriginal = false;
  for (size_t i = 0; i < modified.size(); ++i) {
    Key key = modified.keyAt(i);
    const Value& now = modified.values()[i];
    if (options.retainKeys && !now.isNull()) retained.push_back(Value(key.text()));
    const Value* before = original.find(key);
    if (before) {
      diffMember(key, *before, now, type, options, patch);
    } else if (!options.ignoreChanges) {
      patch.set(key, now);
    }
  }
  for (size_t i = 0; i < original.size(); ++i) {
    Key key = original.keyAt(i);
    if (modified.find(key)) continue;
    moreInOriginal = true;
    if (!options.ignoreDeletions) patch.set(key, Value());
  }
  if (!retained.empty() && (patch.size() || moreInOriginal)) {
    patch.set(Key("$retainKeys"), Value::array(std::move(retained)));
  }
  return patch;
}

bool isDirective(const Value& item) { return !str(item, "$patch").empty(); }

// Joins the deletions and the changes, which do not overlap but in lists of objects.
void joinPatches(Value& patch, const Value& more, const Type* type) {
  for (size_t i = 0; i < more.size(); ++i) {
    Key key = more.keyAt(i);
    const Value& theirs = more.values()[i];
    const Value* ours = patch.find(key);
    const Field* field = fieldOf(type, key);
    if (ours && ours->kind() == Kind::Object && theirs.kind() == Kind::Object) {
      Value inner = *ours;
      joinPatches(inner, theirs, typeOf(field));
      patch.set(key, std::move(inner));
    } else if (ours && ours->kind() == Kind::Array && field && !field->patchMergeKey.empty()) {
      Key mergeKey{std::string_view(field->patchMergeKey)};
      std::vector<Value> items(theirs.values().begin(), theirs.values().end());
      for (const Value& item : ours->values()) {
        auto same = std::find_if(items.begin(), items.end(), [&](const Value& other) {
          return other[mergeKey] == item[mergeKey] && !isDirective(other) && !isDirective(item);
        });
        if (same == items.end()) {
          items.push_back(item);
        } else {
          Value joined = item;
          joinPatches(joined, *same, typeOf(field));
          *same = std::move(joined);
        }
      }
      patch.set(key, Value::array(std::move(items)));
    } else {
      patch.set(key, theirs);
    }
  }
}

}  // namespace

Value threeWayPatch(const Value& original, const Value& modified, const Value& current, const Type* type) {
  Options deletions{true, false, true, false}, delta{false, true, true, false};
  Value patch = diffMaps(original, modified, type, deletions);
  joinPatches(patch, diffMaps(current, modified, type, delta), type);
  return patch;
}

Value twoWayPatch(const Value& original, const Value& modified, const Type* type) {
  return diffMaps(original, modified, type, {false, false, true, false});
}

}  // namespace kubectl
