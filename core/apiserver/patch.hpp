#pragma once
// Patches: JSON patch (RFC 6902), merge patch (RFC 7386) and strategic merge patch by the schema table. Server-side
// apply is in apply.hpp.
#include "core/api/schema.hpp"
#include "core/apiserver/request.hpp"
#include "core/apiserver/status.hpp"

namespace apiserver {

/// The object with the request's patch, not decoded yet, or why it cannot be patched.
Response applyPatch(const Request&, std::string_view typeName, const Value& before, Value& after);

/// Models apimachinery pkg/util/strategicpatch: lists merge by the schema's keys; $patch, $retainKeys, $setElementOrder
/// and $deleteFromPrimitiveList are obeyed.
Response strategicMergePatch(const api::Type&, const Value& before, const Value& patch, Value& after);
Response jsonPatch(const Value& before, const Value& operations, Value& after);

/// As Go's %v prints it: map[a:1 b:[x y]].
std::string goText(const Value&);
/// Go's %#v of a document: map[string]interface {}{"a":"b"}.
std::string goSyntax(const Value&);

}  // namespace apiserver
