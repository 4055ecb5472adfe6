#pragma once
// Keeps a volume that is being deleted until it is no longer Bound.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makePVProtectionController(const Settings&);

}  // namespace controllers
