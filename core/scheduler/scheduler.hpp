#pragma once
// The scheduler: chooses a node for each pod that has none, binds it there, and says why where it cannot. Pods that fit
// nowhere wait until something happens that could change that.
#include <memory>

#include "core/decision/controller.hpp"

namespace scheduler {

std::unique_ptr<decision::Controller> makeScheduler();

}  // namespace scheduler
