#pragma once
// The functions of Go templates, and what values count as and look like in them. Private to gotemplate*.cpp.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/value.hpp"

namespace kubectl {

/// Whether `if` takes it for true: neither zero nor empty.
bool truth(const api::Value&);
std::string shown(const api::Value&);
bool isTemplateFunction(std::string_view name);
/// What the function gives; `error` where there is none of that name, or it refuses.
api::Value templateFunction(const std::string& name, const std::vector<api::Value>& args, std::string& error);

}  // namespace kubectl
