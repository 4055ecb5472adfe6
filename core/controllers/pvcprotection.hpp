#pragma once
// Keeps a claim that is being deleted until no scheduled pod uses it, and writes the claim's condition Unused.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makePVCProtectionController(const Settings&);

}  // namespace controllers
