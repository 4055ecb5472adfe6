#pragma once
// Empties namespaces that are being deleted: pods first, then everything else. Models pkg/controller/namespace (v1.37).
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeNamespaceController(const Settings&);

}  // namespace controllers
