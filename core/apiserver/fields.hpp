#pragma once
// Which fields a field selector may name, and whether an object has what it asks for. Models
// pkg/registry/*/*/strategy.go (ToSelectableFields) and the conversion functions that know the labels (v1.37).
#include <vector>

#include "core/api/selector.hpp"
#include "core/apiserver/status.hpp"

namespace apiserver {

/// Ok, or the 400 about a field that cannot be selected by.
Response checkFields(const api::ResourceInfo&, const std::vector<api::FieldTerm>&);
bool matchesFields(const api::ResourceInfo&, const std::vector<api::FieldTerm>&, const api::Value& object);

}  // namespace apiserver
