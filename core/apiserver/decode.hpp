#pragma once
// Strict decoding: from any document to one of a schema's type, as Go's typed decoding followed by encoding does it
// (unknown members go, null is absent, empty optional members go, members that are always written appear). Errors and
// strict errors have the real decoder's texts. Models sigs.k8s.io/json and apimachinery pkg/runtime/serializer/json.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/schema.hpp"
#include "core/apiserver/validation.hpp"

namespace apiserver {

struct Decoded {
  Value object;
  /// `unknown field "spec.nodename"`, `duplicate field "metadata"`, in the order of the text where it is known
  std::vector<std::string> strict;
  std::string error;  ///< `json: cannot unmarshal …`, or ""
};

/// `duplicates`: paths of members that the text gave twice.
Decoded decode(const api::Type&, const Value& document, const std::vector<std::string>& duplicates = {});

/// A create's or update's body: kind and version are checked and set, unknown fields handled as fieldValidation says
/// ("" is Warn: the texts of Warning headers are appended). Gives 400 BadRequest with the real message or nothing.
Refusal decodeBody(Resource, Value& body, std::string_view fieldValidation, const std::vector<std::string>& duplicates,
                   std::vector<std::string>& warnings);

/// Errors of the query's options: `kind` is "CreateOptions", "UpdateOptions", "PatchOptions" or "DeleteOptions"; gives
/// 422 Invalid of group meta.k8s.io or nothing. `dryRun` holds the values of the parameter.
Refusal validateOptions(std::string_view kind, const std::vector<std::string>& dryRun, std::string_view fieldManager,
                        std::string_view fieldValidation, bool applyPatch, bool forceGiven);

}  // namespace apiserver
