#pragma once
// The node lifecycle controller: nodes whose heartbeats stop become Unknown, get taints, and their pods lose the
// condition Ready. Models pkg/controller/nodelifecycle (v1.37); heartbeats are facts (core/store/heartbeats.hpp).
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeNodeLifecycleController(const Settings&);

}  // namespace controllers
