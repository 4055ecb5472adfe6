#pragma once
// What goes through the API server's only door, and what comes back. A client in this program (controller, kubectl,
// user interface) fills a Request directly and hands documents over; an HTTP request is first turned into one by
// routing (server.hpp). Both are then served by the same code, admission and validation included.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/resources.hpp"

namespace apiserver {

using api::Resource;
using api::Value;

enum class Verb : uint8_t { get, list, watch, create, update, patch, remove, deletecollection };
std::string_view text(Verb);  ///< as in RBAC: "get", …, "delete", "deletecollection"

enum class PatchType : uint8_t { none, json, merge, strategic, apply };

struct DeleteOptions {
  std::optional<int64_t> gracePeriodSeconds;
  std::string propagationPolicy;     ///< "", "Background", "Foreground" or "Orphan"
  std::string uid, resourceVersion;  ///< preconditions; "" where there is none
  bool orphanDependentsToo = false;  ///< the old name of the policy was given as well, which is refused
};

struct Request {
  Verb verb = Verb::get;
  Resource resource = Resource::pods;
  std::string namespace_, name;
  std::string subresource;  ///< "", "status", "scale", "binding", "eviction", "resize", …
  Value body;               ///< of create, update, patch; for apply a document too
  PatchType patchType = PatchType::none;
  DeleteOptions deleteOptions;
  std::string labelSelector, fieldSelector, continue_, resourceVersion, resourceVersionMatch;
  int64_t limit = 0;
  bool dryRun = false, force = false, asTable = false, allowWatchBookmarks = false;
  bool metadataOnly = false;              ///< PartialObjectMetadata instead of objects
  std::optional<bool> sendInitialEvents;  ///< of watches
  bool showManagers = false;              ///< the reply's managedFields also tell of the control plane's own writes
  std::string includeObject;              ///< of Tables: "", "None", "Metadata", "Object"
  std::string fieldManager;               ///< "" : taken from userAgent
  std::string
      fieldValidation;    ///< "", "Ignore", "Warn", "Strict"; what a typed client in this program sends needs none
  std::string userAgent;  ///< "kubectl", "kube-controller-manager", "kube-scheduler", "kubelet", …
  std::vector<std::string> duplicates;  ///< paths of members that the body's text gave twice
  bool trusted = false;  ///< the body is of the schema's types already (a controller's), so decoding is skipped
};

struct Response {
  int code = 200;
  Value body;        ///< the object, list, Table or Status
  std::string text;  ///< instead of a body, where the real server answers in plain text ("404 page not found")
  std::vector<std::string> warnings;  ///< texts of Warning headers, in order
  std::string contentType;            ///< of the body where it is not plain JSON; "application/yaml" asks for YAML
  bool ok() const { return code < 300; }
  std::string_view reason() const { return ok() ? std::string_view() : body[api::key::reason].asString(); }
  std::string_view message() const { return ok() ? std::string_view() : body[api::key::message].asString(); }
  bool isNotFound() const { return code == 404; }
  bool isConflict() const { return code == 409 && reason() == "Conflict"; }
  bool isAlreadyExists() const { return code == 409 && reason() == "AlreadyExists"; }
};

/// A request as text, from HTTP, JavaScript or a scenario's request step.
struct HttpRequest {
  std::string method, path;  ///< the path with its query: "/api/v1/namespaces/default/pods?limit=2"
  std::string body, contentType, accept, userAgent;
};

}  // namespace apiserver
