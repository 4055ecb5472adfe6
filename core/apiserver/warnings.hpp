#pragma once
// What the server warns about although it takes it: the texts of Warning headers. Models the strategies'
// WarningsOnCreate and WarningsOnUpdate with pkg/api/{pod,service,persistentvolumeclaim} (v1.37). NOT MODELLED:
// deprecated annotations, node labels and volume plug-ins; odd spellings of IP addresses.
#include <string>
#include <vector>

#include "core/api/resources.hpp"

namespace apiserver {

/// `old` is null for a creation.
std::vector<std::string> warningsOf(api::Resource, const api::Value& object, const api::Value& old);

}  // namespace apiserver
