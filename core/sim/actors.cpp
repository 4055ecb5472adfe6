#include "core/sim/actors.hpp"

namespace sim {

std::vector<std::unique_ptr<decision::Controller>> makeActors(const Setup&) { return {}; }

node::KubeletMode kubeletMode(const Setup& setup) {
  switch (setup.kubelet) {
    case Setup::Kubelet::manual: return node::KubeletMode::manual;
    case Setup::Kubelet::automatic: return node::KubeletMode::oracleAuto;
    default: return node::KubeletMode::real;
  }
}

std::unique_ptr<decision::Controller> makeNodeActor(const Setup& setup, std::string_view node) {
  return node::makeKubelet(node, kubeletMode(setup));
}

}  // namespace sim
