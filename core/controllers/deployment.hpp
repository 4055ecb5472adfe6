#pragma once
// The Deployment controller. Models pkg/controller/deployment (v1.37); deployment_control.hpp decides, this watches.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeDeploymentController(const Settings&);

}  // namespace controllers
