#pragma once
// Every namespace has a ServiceAccount "default". Models pkg/controller/serviceaccount/serviceaccounts_controller.go.
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeServiceAccountController(const Settings&);

}  // namespace controllers
