#pragma once
// From an HTTP request to a Request: paths, queries, bodies, media types. Used by Server::handle(const HttpRequest&).
#include <string>
#include <utility>
#include <vector>

#include "core/apiserver/status.hpp"

namespace apiserver {

/// A path's parts and its query, percent-decoding undone.
struct Url {
  std::vector<std::string> parts;  ///< "/api/v1/pods" -> api, v1, pods
  std::vector<std::pair<std::string, std::string>> query;
  /// The first value of a parameter, "" where it is not given.
  const std::string& get(std::string_view name) const;
  bool has(std::string_view name) const;
};
Url parseUrl(std::string_view path);
/// The next piece of a list, which loses it; without the blanks around it.
std::string_view nextPiece(std::string_view& rest, char separator);

/// What an Accept header asks for; `good` is false where the server can give none of it.
struct Accepted {
  bool good = true, table = false, metadata = false, yaml = false;
  bool metadataList = false;  ///< metadata of a list, which single objects are not
  bool beta = false;          ///< in version v1beta1 of meta.k8s.io
  bool known = false;         ///< of a type the server has, but in a form it has not
};
Accepted parseAccept(std::string_view accept);

/// Where a path leads: a resource, or nothing it serves (then `refused` is the answer).
struct Route {
  const api::ResourceInfo* info = nullptr;
  std::string namespace_, name, subresource;
  Response refused;
};
Route route(const Url&);

}  // namespace apiserver
