#pragma once
// What happens to machines, containers and disks from outside: a scenario's steps and a user's faults, as
// sim/input.hpp lists them.
#include <string>
#include <string_view>

#include "core/node/client.hpp"
#include "core/node/kubelet.hpp"

namespace node {

inline constexpr std::string_view inputTypes =
    "containerCrash, containerHang, diskFull, kubelet, node, nodeBack, nodeLost, outOfMemory, probe, readiness, write";
/// Whether it is one of them.
bool handlesInput(std::string_view type);
/// The node whose kubelet does it, "" where there is none yet.
std::string inputNode(const store::Objects&, const api::Value& what);
/// "" or why it could not be done.
std::string performInput(NodeClient&, NodeState&, KubeletMode, const api::Value& what);

/// The fact about a pod that a user has broken: {"crash": {"container", "exitCode", "reason", "serial"},
/// "readinessFails": true, "livenessFails": true, "startupFails": true, "hangs": {container: its restarts when it
/// hung}}.
std::string podFaultKey(std::string_view uid);

}  // namespace node
