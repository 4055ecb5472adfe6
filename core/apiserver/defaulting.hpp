#pragma once
// Fills in what an object leaves out, as the API server does before it validates and stores it. Models
// k8s.io/kubernetes pkg/apis/*/v1/defaults.go and zz_generated.defaults.go.
#include "core/api/resources.hpp"

namespace apiserver {

/// Sets the defaults of a decoded object. What is complete already (a pod made from a stored template) costs one walk.
void setDefaults(api::Resource, api::Value& object);

}  // namespace apiserver
