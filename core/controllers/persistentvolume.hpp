#pragma once
// The volume binder: brings claims and volumes together, asks provisioners for volumes, releases and reclaims them.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makePersistentVolumeController(const Settings&);

}  // namespace controllers
