#pragma once
// Where a schema's types are from, which only their full names in OpenAPI tell.
#include "core/api/schema.hpp"

namespace api {

/// "io.k8s.api.apps.v1"
std::string_view packageOf(const Type&);

}  // namespace api
