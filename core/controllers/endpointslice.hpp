#pragma once
// Keeps the EndpointSlices of Services with a selector: which pods stand behind a name or an address. Models
// pkg/controller/endpointslice and k8s.io/endpointslice (v1.37).
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeEndpointSliceController(const Settings&);

}  // namespace controllers
