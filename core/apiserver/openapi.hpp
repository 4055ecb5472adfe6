#pragma once
// OpenAPI of what is served, made from the schema: types, keys of lists, patch strategies, and for each path its verbs
// and parameters. Without prose. Used for /openapi/v2 and /openapi/v3. NOT MODELLED: the protobuf form.
#include "core/apiserver/http.hpp"

namespace apiserver {

/// Answers what is below /openapi; false where the path is nothing of it.
bool serveOpenApi(const Url&, const HttpRequest&, Response&);

}  // namespace apiserver
