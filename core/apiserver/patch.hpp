#pragma once
// Patches: JSON patch (RFC 6902), merge patch (RFC 7386), strategic merge patch by the schema table. Server-side apply
// is in apply.hpp.
#include "core/apiserver/request.hpp"
#include "core/apiserver/status.hpp"

namespace apiserver {

/// The object with the request's patch, or why it cannot be patched.
Response applyPatch(const api::ResourceInfo&, const Request&, const Value& before, Value& after);

}  // namespace apiserver
