#pragma once
// The parts of a pod's status that kubelets write, built from Go's zero values up: what both the played and the real
// kubelet share.
#include <string>
#include <string_view>

#include "core/api/resources.hpp"
#include "core/api/time.hpp"

namespace node {

/// Sets a condition in place, or appends it; the transition time moves only when the status changes. reason and message
/// "" stand for none.
void setCondition(api::PodStatus&, std::string_view type, bool ok, std::string_view reason, std::string_view message,
                  api::Millis now);
/// The same with the generation that the kubelet has seen, as kubelets since 1.35 report it; 0 for none.
void setCondition(api::PodStatus&, std::string_view type, bool ok, std::string_view reason, std::string_view message,
                  int64_t observedGeneration, api::Millis now);

void setAddress(api::PodStatus&, std::string_view ip);
void setHost(api::PodStatus&, const api::Node&);

api::ContainerState runningState(api::Millis startedAt);
api::ContainerState waitingState(std::string_view reason, std::string_view message);
api::ContainerState exitedState(int64_t exitCode, std::string_view reason, api::Millis startedAt,
                                api::Millis finishedAt);

/// The node's InternalIP, else its first address.
std::string_view hostAddress(const api::Node&);

}  // namespace node
