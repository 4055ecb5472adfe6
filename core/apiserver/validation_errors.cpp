// The texts of field errors and the Status they add up to. Models apimachinery pkg/util/validation/field/errors.go and
// pkg/api/errors NewInvalid.
#include <algorithm>

#include "core/apiserver/validation.hpp"

namespace apiserver {
namespace {
struct Words {
  std::string_view reason, text;
  bool printsValue;
};
constexpr Words words[] = {
    {"FieldValueNotFound", "Not found", true},
    {"FieldValueRequired", "Required value", false},
    {"FieldValueDuplicate", "Duplicate value", true},
    {"FieldValueInvalid", "Invalid value", true},
    {"FieldValueNotSupported", "Unsupported value", true},
    {"FieldValueForbidden", "Forbidden", false},
    {"FieldValueTooLong", "Too long", false},
    {"FieldValueTooMany", "Too many", true},
    {"FieldValueTooFew", "Too few", true},
    {"FieldValueTooShort", "Too short", false},
    {"InternalError", "Internal error", false},
    {"FieldValueTypeInvalid", "Invalid value", true},
};
}  // namespace

std::string_view reasonText(ErrorType type) { return words[size_t(type)].reason; }

std::string body(const FieldError& e) {
  const Words& w = words[size_t(e.type)];
  std::string out(w.text);
  if (w.printsValue && !e.badValue.empty()) out += ": " + e.badValue;
  if (!e.detail.empty()) out += ": " + e.detail;
  return out;
}

std::string text(const FieldError& e) { return e.field + ": " + body(e); }

std::string text(const ErrorList& errors) {
  std::vector<std::string> texts;
  for (const FieldError& e : errors) {
    std::string t = text(e);
    if (std::find(texts.begin(), texts.end(), t) == texts.end()) texts.push_back(std::move(t));
  }
  if (texts.size() == 1) return texts[0];
  std::string out = "[";
  for (size_t i = 0; i < texts.size(); ++i) out += (i ? ", " : "") + texts[i];
  return out + "]";
}

Refusal invalid(std::string_view group, std::string_view kind, std::string_view name, const ErrorList& errors) {
  using namespace api;
  std::vector<Value> causes;
  for (size_t i = 0; i < errors.size(); ++i) {
    const FieldError& e = errors[i];
    if (std::find(errors.begin(), errors.begin() + long(i), e) != errors.begin() + long(i)) continue;
    causes.push_back(
        Value::object({{key::field, e.field}, {key::message, body(e)}, {key::reason, reasonText(e.type)}}));
  }
  std::vector<std::pair<Key, Value>> details{{key::causes, Value::array(std::move(causes))}, {key::kind, kind}};
  if (!group.empty()) details.emplace_back(key::group, group);
  if (!name.empty()) details.emplace_back(key::name, name);
  std::string message(kind);
  if (!group.empty()) message += "." + std::string(group);
  message += " \"" + std::string(name) + "\" is invalid";
  if (!errors.empty()) message += ": " + text(errors);
  return {422, "Invalid", std::move(message), Value::object(std::move(details))};
}

Refusal invalid(Resource r, std::string_view name, const ErrorList& errors) {
  return invalid(api::info(r).group, api::info(r).kind, name, errors);
}

}  // namespace apiserver
