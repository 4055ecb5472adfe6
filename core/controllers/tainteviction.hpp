#pragma once
// Deletes the pods of nodes with a NoExecute taint once their toleration ends. Models pkg/controller/tainteviction.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeTaintEvictionController(const Settings&);

}  // namespace controllers
