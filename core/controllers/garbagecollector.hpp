#pragma once
// The garbage collector: dependents go with their owners (background), before them (foreground) or are let go (orphan).
// Models pkg/controller/garbagecollector (v1.37). The graph is a value: for each owner's UID its dependents; owners are
// looked up at the API server, as upstream does, so it needs no nodes of its own for objects without owners.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeGarbageCollector(const Settings&);

}  // namespace controllers
