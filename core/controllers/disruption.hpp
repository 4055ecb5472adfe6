#pragma once
// The disruption controller: keeps the status of PodDisruptionBudgets, which evictions are checked against. Models
// pkg/controller/disruption/disruption.go (v1.37).
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeDisruptionController(const Settings&);

}  // namespace controllers
