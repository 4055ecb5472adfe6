#pragma once
// The DaemonSet controller. Models pkg/controller/daemon (v1.37); daemonset_control.hpp decides, this watches.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeDaemonSetController(const Settings&);

}  // namespace controllers
