#pragma once
// Which actors make up a control plane, in the order of their turns.
#include <memory>
#include <string_view>
#include <vector>

#include "core/sim/cluster.hpp"

namespace sim {

/// All actors but the kubelets.
std::vector<std::unique_ptr<decision::Controller>> makeActors(const Setup&);
node::KubeletMode kubeletMode(const Setup&);
std::unique_ptr<decision::Controller> makeNodeActor(const Setup&, std::string_view node);

}  // namespace sim
