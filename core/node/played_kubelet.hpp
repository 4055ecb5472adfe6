#pragma once
// The kubelets of the recordings, made by makeKubelet().
#include <memory>
#include <string>
#include <string_view>

#include "core/decision/controller.hpp"

namespace node {

std::unique_ptr<decision::Controller> makePlayedKubelet(std::string_view nodeName, bool automatic);

/// The fact that a played pod's containers have ended for good, so that it is to be removed; it holds the pod's key.
std::string endedKey(std::string_view uid);

/// A number from 1 that tells a node's pod addresses from others': the last part of the node's own address.
int64_t nodeIndex(const api::Node&);

}  // namespace node
