#pragma once
// The machines below the control plane: what makes a Node appear, fall silent and come back. Used by sim for scenarios
// and faults. A machine's silence is a fact ("node/<name>"); heartbeats themselves are no API writes, so that they do
// not flood the journal. Models the oracle's kubelet.go.
#include <string>
#include <string_view>

#include "core/decision/controller.hpp"
#include "core/store/heartbeats.hpp"

namespace node {

inline constexpr std::string_view kubernetesVersion = "v1.37.2";

using store::isSilent;
using store::machineKey;
using store::silentSince;

/// The Node that a machine registers: 4 CPUs, 8Gi, 110 pods; `index` from 1 gives its address.
api::Node newNode(std::string_view name, int index, api::Millis now);
/// "" or why it could not be done, as the functions below.
std::string addNode(decision::Client&, std::string_view name, int index);
/// The machine falls silent: its kubelet neither writes nor acts on what is written.
std::string nodeUnreachable(decision::Client&, std::string_view name);
/// The machine is back: the conditions that a kubelet posts once it runs again.
std::string nodeRecovered(decision::Client&, std::string_view name);

}  // namespace node
