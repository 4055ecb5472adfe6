#pragma once
// What the server demands of an object, field by field, with Kubernetes' own texts. Used by serving (create, update,
// subresources) and, through check.hpp, by the editor. Models k8s.io/kubernetes pkg/apis/*/validation and
// apimachinery pkg/util/validation/field.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/resources.hpp"

namespace apiserver {

using api::Resource;
using api::Value;

enum class ErrorType : uint8_t {
  NotFound,
  Required,
  Duplicate,
  Invalid,
  NotSupported,
  Forbidden,
  TooLong,
  TooMany,
  TooFew,
  TooShort,
  Internal,
  TypeInvalid
};

struct FieldError {
  ErrorType type;
  std::string field;     ///< "spec.containers[0].image"
  std::string badValue;  ///< as the message prints it (quoted, a number or JSON); not printed for some types
  std::string detail;
  friend bool operator==(const FieldError&, const FieldError&) = default;
};
using ErrorList = std::vector<FieldError>;

std::string_view reasonText(ErrorType);  ///< a cause's reason: "FieldValueInvalid"
std::string body(const FieldError&);     ///< `Invalid value: "x": must be …`
std::string text(const FieldError&);     ///< `spec.x: Invalid value: "x": must be …`
/// All errors as one text: one alone as it is, several in brackets, repeated ones once.
std::string text(const ErrorList&);

/// A request that is turned down, to be answered as a Status.
struct Refusal {
  int code = 0;  ///< 0: none
  std::string reason, message;
  Value details;  ///< of the Status; null where it has none
  explicit operator bool() const { return code != 0; }
};
/// 422 Invalid: `StatefulSet.apps "web" is invalid: …` with a cause for each error.
Refusal invalid(std::string_view group, std::string_view kind, std::string_view name, const ErrorList&);
Refusal invalid(Resource, std::string_view name, const ErrorList&);

/// Errors of a new object (its defaults set, metadata completed); empty where it is good.
ErrorList validateCreate(Resource, const Value& object);
/// Of a Service only the addresses, which are looked at before any are given out.
ErrorList validateAddresses(const Value& service);
/// Errors of a new version. `subresource` is "", "status", "scale", "resize", "ephemeralcontainers" or "binding".
/// Parts that the old version shares with the new one are not checked again where the rules allow it.
ErrorList validateUpdate(Resource, const Value& object, const Value& old, std::string_view subresource);

}  // namespace apiserver
