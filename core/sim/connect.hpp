#pragma once
// What reaches the programs in a cluster's pods through the API server: exec, attach, portforward, logs. And whether
// the journal tells of more than those programs' own writing.
#include "core/sim/cluster.hpp"

namespace sim {

/// A request to a connect subresource: the API server says where, the node's kubelet does it.
apiserver::Response connect(Cluster&, const apiserver::Request&);
/// A request for a log; its body's member `until` (milliseconds) asks for no more than there was then.
apiserver::Response readLog(Cluster&, const apiserver::Request&);
/// The same for a request as text, of which the API server's reply says only where.
bool isLogReply(const apiserver::Response&);
apiserver::Response readLog(Cluster&, const apiserver::Response& place, Millis until);
/// Whether entries from that one on are more than programs in containers writing files, which may go on for ever.
bool wroteSince(const Journal&, size_t entry);

}  // namespace sim
