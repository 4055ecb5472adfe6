#include "core/node/kubelet.hpp"

#include "core/node/played_kubelet.hpp"

namespace node {

std::unique_ptr<decision::Controller> makeKubelet(std::string_view nodeName, KubeletMode mode) {
  return makePlayedKubelet(nodeName, mode != KubeletMode::manual);
}

}  // namespace node
