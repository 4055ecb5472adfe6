#pragma once
// The PriorityClasses that the API server makes when it starts, and that nobody may change into others or delete one by
// one. Models pkg/apis/scheduling/v1/helpers.go.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace apiserver {

struct SystemPriorityClass {
  std::string_view name;
  int64_t value;
  std::string_view uid;  ///< given, so that they use up no chance
  std::string_view description;
};
inline constexpr SystemPriorityClass systemPriorityClasses[] = {
    {"system-node-critical", 2000001000, "5a1e0c9d-7f42-4b8e-9c63-d20f8b7a4e11",
     "Used for system critical pods that must not be moved from their current node."},
    {"system-cluster-critical", 2000000000, "c83d92b6-14fa-4e07-8a5c-6be1f03d7920",
     "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."},
};
/// Null where there is none of that name.
inline const SystemPriorityClass* findSystemPriorityClass(std::string_view name) {
  const auto* end = std::end(systemPriorityClasses);
  const auto* found = std::find_if(std::begin(systemPriorityClasses), end,
                                   [&](const SystemPriorityClass& c) { return c.name == name; });
  return found == end ? nullptr : found;
}

}  // namespace apiserver
