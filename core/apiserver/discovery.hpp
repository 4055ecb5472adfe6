#pragma once
// What discovery tells of: also kinds that are not modelled. Used by http.cpp.
#include "core/apiserver/http.hpp"

namespace apiserver {

/// A resource as discovery tells of it; lists are comma-separated.
struct Discovered {
  std::string_view groupVersion, name, singular, kind;
  bool namespaced;
  std::string_view kindGroupVersion, verbs, shortNames, categories, hash;
};
/// Null where there is none.
const Discovered* findDiscovered(std::string_view groupVersion, std::string_view name);

/// Discovery, /version, health, OpenAPI: what is not about objects. False where the path is none of these. `version` is
/// of Kubernetes: "1.37.2".
bool serveDocument(const Url&, const HttpRequest&, std::string_view version, Response&);

/// Kinds that no object is kept of. False where the path leads to none such.
bool serveUnmodelled(const Url&, const HttpRequest&, uint64_t revision, Response&);

}  // namespace apiserver
