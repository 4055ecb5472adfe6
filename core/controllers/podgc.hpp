#pragma once
// Removes pods that no kubelet will remove: those of nodes that are gone, those that end on out-of-service nodes, those
// that end without a node, and the oldest of too many terminated ones. Models pkg/controller/podgc (v1.37).
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makePodGCController(const Settings&);

}  // namespace controllers
