#pragma once
// Sets of fields, as managedFields hold them, and the questions server-side apply asks: which fields has a document,
// what differs between two, what remains when fields go. Lists are told apart by the schema: atomic, sets, or maps by
// key. Models sigs.k8s.io/structured-merge-diff fieldpath and typed.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/schema.hpp"

namespace apiserver {

using api::Value;

/// A tree of path elements as fieldsV1 writes them: "f:spec", `k:{"name":"a"}`, `v:"x"`.
struct FieldSet {
  bool member = false;
  std::map<std::string, FieldSet, std::less<>> children;
  bool empty() const { return !member && children.empty(); }
  friend bool operator==(const FieldSet& a, const FieldSet& b) {
    return a.member == b.member && a.children == b.children;
  }
};

FieldSet unite(const FieldSet&, const FieldSet&);
FieldSet intersect(const FieldSet&, const FieldSet&);
FieldSet subtract(const FieldSet&, const FieldSet&);
Value toFieldsV1(const FieldSet&);
FieldSet fromFieldsV1(const Value&);
/// The members' paths: ".spec.containers[name=\"a\"].image".
std::vector<std::string> pathsOf(const FieldSet&);

/// A place in a document: its type, or the field that says what it holds.
struct Shaped {
  const api::Type* type = nullptr;    ///< of an object, where it is known
  const api::Field* field = nullptr;  ///< of a list or map
};

FieldSet fieldsOf(const Value&, const api::Type&);
/// Where a document is not of its schema: ".data.a: expected string, got …", and lists that hold two items of one key:
/// ".spec.containers: duplicate entries for key …".
std::vector<std::string> schemaFaults(const Value&, const api::Type&);
/// A path element as conflicts show it: ".spec", `[name="a"]`.
std::string shownElement(std::string_view element);
struct Comparison {
  FieldSet added, modified, removed;
};
Comparison compare(const Value& before, const Value& after, const api::Type&);
/// The live document with what `config` says.
Value mergeConfig(const Value& live, const Value& config, const api::Type&);
/// `value` without what `last` names and `owned` does not.
Value prune(const Value& value, const FieldSet& last, const FieldSet& owned, const api::Type&);

}  // namespace apiserver
