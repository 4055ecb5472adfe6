#pragma once
// The ReplicaSet controller: as many active Pods as spec.replicas says. Models pkg/controller/replicaset (v1.37).
#include <memory>

#include "core/controllers/settings.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

std::unique_ptr<decision::Controller> makeReplicaSetController(const Settings&);

/// Sorts active Pods by how dispensable they are, the most dispensable first. `rank`: how many active Pods of the same
/// Deployment share each Pod's node. Models ActivePodsWithRanks.
std::vector<api::Pod> sortedForDeletion(std::vector<std::pair<api::Pod, int>> podsWithRanks, api::Millis now);

}  // namespace controllers
