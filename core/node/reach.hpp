#pragma once
// How a connection from a container finds the program at its other end: names by the cluster's DNS, Services by their
// ready endpoints in turn, pods by their address, and what happens when nobody is there. Models kube-proxy with
// iptables (REJECT without endpoints, silence for ports that a Service does not have). NOT MODELLED: the world outside
// the cluster, NetworkPolicies, UDP.
#include <map>
#include <string>
#include <string_view>

#include "core/node/client.hpp"
#include "core/shell/system.hpp"

namespace node {

/// Whose turn it is among the endpoints of each Service port; one a node, as each node has its kube-proxy.
using Turns = std::map<std::string, uint32_t, std::less<>>;

struct Arrival {
  shell::Reached reached = shell::Reached::unknownHost;
  std::string address;       ///< that the host's name stands for
  api::Pod pod;              ///< at the other end; empty for the API server
  api::Container container;  ///< the one that listens
  int port = 0;              ///< of the pod
};
/// `from` is the pod that connects; an empty one stands for the node or the user.
Arrival arrive(NodeClient&, const api::Pod& from, std::string_view host, int port, Turns&);

/// The address of a name as seen from a pod; "" where there is none.
std::string addressOf(const decision::View&, const api::Pod& from, std::string_view host);
shell::Lookup lookUp(const decision::View&, const api::Pod& from, std::string_view name, std::string_view type,
                     bool search);
shell::Reached pingPod(NodeClient&, const api::Pod& from, std::string_view host, std::string& address);

/// The container of a pod that listens on a port; an empty one where none does. `hangs`: it does, but does not answer.
api::Container listenerOf(NodeClient&, const api::Pod&, int port, bool& hangs);

}  // namespace node
