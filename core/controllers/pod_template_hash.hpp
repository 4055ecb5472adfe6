#pragma once
// The hash that names a Deployment's ReplicaSets and a DaemonSet's ControllerRevisions. Models
// pkg/controller/controller_utils.go ComputeHash (v1.37).
#include <cstdint>
#include <string>

#include "generated/api/types.hpp"

namespace controllers {

/// `collisionCount` null: none is hashed.
std::string computeHash(const api::PodTemplateSpec&, const int64_t* collisionCount);

}  // namespace controllers
