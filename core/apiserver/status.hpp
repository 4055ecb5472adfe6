#pragma once
// The API's errors: Status objects with the real reasons and wording. Used by whatever refuses a request. Models
// apimachinery pkg/api/errors/errors.go (v1.37).
#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/request.hpp"
#include "core/apiserver/validation.hpp"

namespace apiserver {

/// One cause of a refusal: "FieldValueInvalid", "Invalid value: …", "spec.replicas".
struct Cause {
  std::string reason, message, field;
};

/// `resource` of these as in "pods" or "statefulsets.apps".
Response notFound(const api::ResourceInfo&, std::string_view name);
Response alreadyExists(const api::ResourceInfo&, std::string_view name);
/// "Operation cannot be fulfilled on {resource} "{name}": {message}"; `resource` without its group
Response conflict(std::string_view group, std::string_view resource, std::string_view name, std::string_view message);
/// The conflict of a stale resourceVersion.
Response modified(const api::ResourceInfo&, std::string_view name);
Response badRequest(std::string_view message);
/// 403: "{resource} "{name}" is forbidden: {message}"
Response forbidden(const api::ResourceInfo&, std::string_view name, std::string_view message,
                   std::vector<Cause> causes = {});
/// What validation or admission turned down.
Response refuse(const Refusal&);
/// The replies the server gives before it knows an object: 404 without a name, 405, 406, 415.
Response genericNotFound();
Response methodNotAllowed();
Response internalError(std::string_view message);
/// Any other failure.
Response failure(int code, std::string_view reason, std::string_view message);
/// {"kind": "Status", "status": "Success"}, with details of what was removed.
Response success(int code);
Response removed(const api::ResourceInfo&, std::string_view name, std::string_view uid);
}  // namespace apiserver
