#pragma once
// The schema of every type that the playground's kinds reach, as one table generated from schemas.json. It drives
// strict decoding, strategic merge patch, server-side apply, completion and `kubectl explain` for all kinds alike.
#include <span>
#include <string_view>

#include "core/api/value.hpp"

namespace api {

enum class FieldType : uint8_t {
  String,
  Bytes,
  Time,
  MicroTime,
  Quantity,
  IntOrString,
  Int32,
  Int64,
  Double,
  Bool,
  Raw,
  Object
};
enum class Shape : uint8_t { One, Array, Map };

struct Field {
  Key key;
  FieldType type;  ///< of the field, or of the elements of an array or map
  Shape shape;
  bool required;                   ///< by OpenAPI; what the server demands is decided by validation
  int16_t element;                 ///< index of an Object's type in types(), else -1
  std::string_view listType;       ///< "atomic", "set", "map" or ""
  std::string_view listMapKeys;    ///< comma-separated
  std::string_view patchStrategy;  ///< "merge", "retainKeys", "merge,retainKeys", "replace" or ""
  std::string_view patchMergeKey;
  std::string_view enumValues;  ///< comma-separated
  std::string_view mapType;     ///< "atomic" or ""
  std::string_view goType;      ///< of the Go field, without its pointer: "int32", "[]v1.Container", "v1.PullPolicy"
  bool pointer;                 ///< the Go field is a pointer: an explicit zero is kept
  bool omitEmpty;               ///< an empty value is not written
};

struct Type {
  std::string_view name;          ///< as in Go: "StatefulSetSpec"
  std::span<const Field> fields;  ///< in the order of their keys' texts
  std::string_view mapType;
  const Field* find(Key) const;
};

std::span<const Type> types();
/// Null where there is no type of that name.
const Type* findType(std::string_view name);
/// The type of an Object field's value (or of its elements).
const Type* elementType(const Field&);

}  // namespace api
