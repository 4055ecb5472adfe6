#pragma once
// The kubelets: what runs on nodes, as the API server comes to know it. One actor a node. Used by sim::Cluster.
#include <memory>
#include <string>
#include <string_view>

#include "core/decision/controller.hpp"

namespace node {

enum class KubeletMode : uint8_t {
  manual,      ///< pods change only by kubeletEvent()
  oracleAuto,  ///< bound pods start, become Ready and terminate by themselves, as the recordings' automatic kubelets
  real,        ///< images, volumes, probes, restarts with back-off, grace periods, Events
};

std::unique_ptr<decision::Controller> makeKubelet(std::string_view nodeName, KubeletMode);

/// Which addresses pods have got. Scenarios count across the cluster (index 0), a kubelet for its node.
struct NodeState {
  int64_t index = 0;  ///< the pods of a node have 10.244.<index>.<n>
  int64_t lastAddress = 0;
  std::string nextAddress();
};

/// Writes what a kubelet would write when a pod's containers change: running, ready, unready, crash, restart, failed,
/// succeeded, terminated. False and why where it could not be done. Models the oracle's kubelet.go event, but for the
/// removal that follows `terminated`: controllers may see the ended pod before, so it is a step of its own.
bool kubeletEvent(decision::Client&, NodeState&, std::string_view ns, std::string_view pod, std::string_view event,
                  std::string& error);
/// Removes a pod whose containers have ended.
bool removeEndedPod(decision::Client&, std::string_view ns, std::string_view pod, std::string& error);

}  // namespace node
