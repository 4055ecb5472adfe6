#pragma once
// What the API server itself sees to: the Service kubernetes and its EndpointSlice, looked for every 10 seconds, and
// the four namespaces of every cluster, looked for every minute. Whatever is missing then is made again. Models
// pkg/controlplane/controller/{kubernetesservice,systemnamespaces} and pkg/controlplane/reconcilers. NOT MODELLED: the
// Endpoints kubernetes, and other API servers. While nothing is missing it has no timer.
#include <memory>
#include <vector>

#include "core/api/resources.hpp"
#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

/// Those objects, complete, in the order in which a cluster begins with them.
std::vector<api::Value> controlPlaneObjects();
std::unique_ptr<decision::Controller> makeControlPlane(const Settings&);

}  // namespace controllers
