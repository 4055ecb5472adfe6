#pragma once
// The StatefulSet controller. Models pkg/controller/statefulset (v1.37); statefulset_control.hpp decides, this watches.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeStatefulSetController(const Settings&);

}  // namespace controllers
