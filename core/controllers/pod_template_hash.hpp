#pragma once
// The hash that names a Deployment's ReplicaSets and a DaemonSet's ControllerRevisions. Models
// pkg/controller/controller_utils.go ComputeHash (v1.37).
#include <cstdint>
#include <string>

#include "generated/api/types.hpp"

namespace controllers {

/// The template as Go prints its struct for hashing: all fields in the order of the Go type, absent ones too.
std::string dumpForHash(const api::PodTemplateSpec&);
/// `collisionCount` null: none is hashed.
std::string computeHash(const api::PodTemplateSpec&, const int64_t* collisionCount);

}  // namespace controllers
