#pragma once
// What a pod asks for and what a node has, in the units the scheduler counts in. Models
// component-helpers/resource PodRequests and pkg/scheduler/framework Resource (v1.37). NOT MODELLED: the resources that
// a running pod's status reports while it is resized in place; dynamic resource allocation.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "generated/api/types.hpp"

namespace scheduler {

struct Resources {
  int64_t milliCPU = 0, memory = 0, ephemeralStorage = 0;
  int64_t pods = 0;                                     ///< of a node: how many it takes
  std::vector<std::pair<std::string, int64_t>> scalar;  ///< hugepages and extended resources, sorted by name

  int64_t get(std::string_view name) const;
  int64_t& at(std::string_view name);
  void add(const Resources&, int64_t times = 1);
  void max(const Resources&);
  bool none() const { return !milliCPU && !memory && !ephemeralStorage && scalar.empty(); }
};

/// Of a map by resource name, as requests, allocatable and overhead have it.
Resources resourcesOf(const api::StringMap&);
/// What the pod asks for. With `nonMissing` a container that says nothing counts 100m and 200Mi, as scores assume.
Resources podRequests(const api::PodSpec&, bool nonMissing = false);

}  // namespace scheduler
