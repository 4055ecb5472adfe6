#pragma once
// Notices claims that ask for more than they have. Growing the volume is the affair of a driver outside Kubernetes.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeExpandController(const Settings&);

}  // namespace controllers
