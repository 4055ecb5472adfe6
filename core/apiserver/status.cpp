#include "core/apiserver/status.hpp"

namespace apiserver {
namespace {
using namespace api;

Value details(std::string_view name, std::string_view group, std::string_view kind, std::string_view uid = {},
              const std::vector<Cause>& causes = {}) {
  Value d = Value::object({});
  if (!name.empty()) d.set(key::name, name);
  if (!group.empty()) d.set(key::group, group);
  if (!kind.empty()) d.set(key::kind, kind);
  if (!uid.empty()) d.set(key::uid, uid);
  for (const Cause& c : causes) {
    Value v = Value::object({});
    if (!c.reason.empty()) v.set(key::reason, c.reason);
    if (!c.message.empty()) v.set(key::message, c.message);
    if (!c.field.empty()) v.set(key::field, c.field);
    Value list = d[key::causes];
    list.append(std::move(v));
    d.set(key::causes, std::move(list));
  }
  return d;
}

Response status(int code, std::string_view reason, std::string_view message, Value details = {}) {
  Value s = Value::object({{key::apiVersion, "v1"}, {key::kind, "Status"}, {key::metadata, Value::object({})}});
  s.set(key::status, code < 300 ? "Success" : "Failure");
  if (!message.empty()) s.set(key::message, message);
  if (!reason.empty()) s.set(key::reason, reason);
  if (!details.isNull()) s.set(key::details, std::move(details));
  if (code >= 300) s.set(key::code, code);
  Response r;
  r.code = code;
  r.body = std::move(s);
  return r;
}

std::string quoted(std::string_view s) { return "\"" + std::string(s) + "\""; }

std::string qualified(std::string_view plural, std::string_view group) {
  return std::string(plural) + (group.empty() ? "" : "." + std::string(group));
}
}  // namespace

Response notFound(const ResourceInfo& i, std::string_view name) {
  return status(404, "NotFound", qualified(i.plural, i.group) + " " + quoted(name) + " not found",
                details(name, i.group, i.plural));
}

Response alreadyExists(const ResourceInfo& i, std::string_view name) {
  return status(409, "AlreadyExists", qualified(i.plural, i.group) + " " + quoted(name) + " already exists",
                details(name, i.group, i.plural));
}

Response conflict(std::string_view group, std::string_view resource, std::string_view name, std::string_view message) {
  return status(409, "Conflict",
                "Operation cannot be fulfilled on " + qualified(resource, group) + " " + quoted(name) + ": " +
                    std::string(message),
                details(name, group, resource));
}

Response modified(const ResourceInfo& i, std::string_view name) {
  return conflict(i.group, i.plural, name,
                  "the object has been modified; please apply your changes to the latest version and try again");
}

Response badRequest(std::string_view message) { return status(400, "BadRequest", message); }

Response forbidden(const ResourceInfo& i, std::string_view name, std::string_view message, std::vector<Cause> causes) {
  std::string text = qualified(i.plural, i.group);
  if (!name.empty()) text += " " + quoted(name);
  return status(403, "Forbidden", text + " is forbidden: " + std::string(message),
                details(name, i.group, i.plural, {}, causes));
}

Response refuse(const Refusal& r) { return status(r.code, r.reason, r.message, r.details); }

Response genericNotFound() {
  return status(404, "NotFound", "the server could not find the requested resource", Value::object({}));
}
Response methodNotAllowed() {
  return status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource",
                Value::object({}));
}
Response internalError(std::string_view message) {
  return status(500, "InternalError", "Internal error occurred: " + std::string(message),
                details({}, {}, {}, {}, {{"", std::string(message), ""}}));
}
Response failure(int code, std::string_view reason, std::string_view message) { return status(code, reason, message); }
Response success(int code) {
  Response r = status(code, "", "");
  r.body.set(key::code, code);
  return r;
}
Response removed(const ResourceInfo& i, std::string_view name, std::string_view uid) {
  return status(200, "", "", details(name, i.group, i.plural, uid));
}

}  // namespace apiserver
