#pragma once
// A pod's quality of service: what its requests and limits say about it. Models pkg/apis/core/v1/helper/qos/qos.go.
#include <string_view>

#include "generated/api/types.hpp"

namespace api {

/// "Guaranteed", "Burstable" or "BestEffort".
std::string_view qosClass(const PodSpec&);

}  // namespace api
