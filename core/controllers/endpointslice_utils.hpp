#pragma once
// What an endpoint says about its pod, and the parts of a slice. Models k8s.io/endpointslice utils.go and
// util/controller_utils.go (v1.37).
#include <string>
#include <string_view>

#include "core/api/resources.hpp"

namespace controllers {

inline constexpr std::string_view endpointSliceManager = "endpointslice-controller.k8s.io";

/// Neither terminal nor without an address.
bool shouldPodBeInEndpoints(const api::Pod&);
/// An update that may change an endpoint. `labels`: it may change which services the pod belongs to.
void podEndpointsChanged(const api::Value& before, const api::Value& after, bool& pod, bool& labels);
/// Null where the pod has no address of the family.
api::Value podToEndpoint(const api::Pod&, const api::Node&, const api::Service&, std::string_view addressType);
/// The slice's ports for this pod, in upstream's order (by a hash); null where there is none. Pods with equal ports
/// share slices.
api::Value endpointPorts(const api::Service&, const api::Pod&);

bool isServiceIPSet(const api::Service&);
bool sliceOwnedBy(const api::Value& slice, const api::Service&);
/// The labels that a service's slices have; `changed` where the given ones differ beyond the reserved labels.
api::Value endpointSliceLabels(const api::Value& present, const api::Service&, bool& changed);
api::Value newEndpointSlice(const api::Service&, const api::Value& ports, std::string_view addressType);

}  // namespace controllers
