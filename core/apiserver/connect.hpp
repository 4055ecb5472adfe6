#pragma once
// A pod's connect subresources, which the API server hands on to the pod's node. Used by it and by sim::Cluster.
#include "core/apiserver/request.hpp"

namespace apiserver {

/// exec, attach and portforward: the API server only says where (body {pod, options}); the node does it.
bool isConnect(const Request&);
bool isLog(const Request&);

struct Serving;
/// To which container of which pod the request leads: body {pod, options}.
Response connect(const Serving&);

}  // namespace apiserver
