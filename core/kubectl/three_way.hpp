#pragma once
// The patch that kubectl apply sends: from what was applied last, what shall be and what is. Models apimachinery
// pkg/util/strategicpatch CreateThreeWayMergePatch, with merge keys from the schema table.
#include "core/api/schema.hpp"
#include "core/api/value.hpp"

namespace kubectl {

/// `type` may be null (a type the schema does not know): lists are then replaced as a whole.
api::Value threeWayPatch(const api::Value& original, const api::Value& modified, const api::Value& current,
                         const api::Type* type);
/// What turns one version into the other, deletions included (edit, set, label…).
api::Value twoWayPatch(const api::Value& original, const api::Value& modified, const api::Type* type);

}  // namespace kubectl
