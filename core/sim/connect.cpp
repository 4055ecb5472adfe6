#include "core/sim/connect.hpp"

#include "core/apiserver/connect.hpp"
#include "core/decision/rules.hpp"
#include "core/sim/turn.hpp"

namespace sim {
using api::Key;
using api::Value;
using apiserver::Request;
using apiserver::Response;

Response connect(Cluster& cluster, const Request& request) {
  const Response place = cluster.read(request);
  return place.ok() ? Turn::connect(cluster, request.subresource, place) : place;
}

Response readLog(Cluster& cluster, const Request& request) {
  Response place = cluster.read(request);
  // A stream that is open gives what was said to the end, though the pod is gone.
  if (const Value* opened = place.code == 404 ? request.body.find("opened") : nullptr) {
    place = Response();
    place.body = Value::object({{Key("pod"), *opened}, {Key("options"), request.body}});
  }
  return isLogReply(place) ? readLog(cluster, place, cluster.now()) : place;
}

bool isLogReply(const Response& r) {
  return r.ok() && r.body.find("pod") && r.body.find("options") && !r.body.find(api::key::kind);
}

Response readLog(Cluster& cluster, const Response& place, Millis until) { return Turn::readLog(cluster, place, until); }

bool wroteSince(const Journal& journal, size_t entry) {
  for (size_t i = entry; i < journal.entries.size(); ++i) {
    const Entry& e = journal.entries[i];
    const bool files =
        e.why.rule == decision::Rule::FilesWritten || e.why.rule == decision::Rule::FilesWrittenToContainer;
    if (!files) return true;
  }
  return false;
}

}  // namespace sim
