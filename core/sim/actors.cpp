#include "core/sim/actors.hpp"

#include "core/controllers/statefulset.hpp"
#include "core/node/kubelet.hpp"

namespace sim {

std::vector<std::unique_ptr<decision::Controller>> makeActors(const Setup&) {
  controllers::Settings settings;
  std::vector<std::unique_ptr<decision::Controller>> actors;
  actors.push_back(controllers::makeStatefulSetController(settings));
  return actors;
}

std::unique_ptr<decision::Controller> makeNodeActor(const Setup& setup, std::string_view node) {
  return node::makeKubelet(node, node::KubeletMode(setup.kubelet));
}

}  // namespace sim
