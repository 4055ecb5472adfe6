#pragma once
// Values as the API server's internal Go types marshal to JSON: some messages print them ("Invalid value: {"Type":…}")
// or their difference. Only error paths come here.
#include <string>
#include <string_view>

#include "core/api/value.hpp"

namespace apiserver {

/// One line a type: its name, then its fields in Go's order, each a letter for its form, its Go name, "=" its key in
/// documents where that is not the Go name with a small first letter, ":" the element's type. Forms: s text, S pointer
/// to text, i number or such, b boolean, q quantity, P whatever is null when absent, o struct, O pointer to struct,
/// L list of structs, m the object's metadata inlined.
std::string_view internalTypes();

/// `value` as the internal type of that name prints, without spaces.
std::string internalJson(std::string_view type, const api::Value& value);
/// The same of a list of that type.
std::string internalJsonList(std::string_view type, const api::Value& list);
/// What apimachinery's diff.Diff prints of two values of a type: a unified diff of their indented JSON.
std::string internalDiff(std::string_view type, const api::Value& before, const api::Value& after);

}  // namespace apiserver
