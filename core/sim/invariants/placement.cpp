// Where Pods go.
#include "core/api/quantity.hpp"
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
bool toleratesCordon(const api::Pod& pod) {
  for (const api::Toleration& t : pod.spec().tolerations()) {
    if (t.key() == "node.kubernetes.io/unschedulable" || (t.key().empty() && t.operator_() == "Exists")) return true;
  }
  return false;
}

int64_t pods(const store::Objects& objects, std::string_view node) {
  int64_t n = 0;
  for (const std::string& key : objects.podsOnNode(node)) {
    const Value* pod = objects.getByKey(Resource::pods, key);
    n += pod && !api::isPodTerminal({{*pod}});
  }
  return n;
}

std::string claimsBound(const Seen& seen, const api::Pod& pod) {
  for (const api::Volume& v : pod.spec().volumes()) {
    const std::string_view name = v.persistentVolumeClaim().claimName();
    const Value* claim = seen.before.get(Resource::persistentvolumeclaims, pod.metadata().namespace_(), name);
    if (name.empty()) continue;
    if (!claim) return text({pod.metadata().name(), " was bound to a node without its claim ", name});
    if (api::PersistentVolumeClaim{{*claim}}.spec().volumeName().empty())
      return text({pod.metadata().name(), " was bound to a node before its claim ", name, " had a volume"});
  }
  return "";
}

std::string write(const Seen& seen) {
  if (seen.removes() || seen.creates()) return "";
  const api::Pod was{{seen.change.before}}, is{{seen.change.after}};
  const std::string_view from = was.spec().nodeName(), to = is.spec().nodeName(), name = is.metadata().name();
  if (from == to) return "";
  if (!from.empty()) return text({name, " moved from ", from, " to ", to});
  if (seen.actor != "scheduler") return "";
  const Value* found = seen.view.get(Resource::nodes, "", to);
  if (!found) return text({name, " was bound to ", to, ", which does not exist"});
  const api::Node node{{*found}};
  // A node that was chosen before its cordon is kept while the Pod's volumes are bound.
  const bool chosenBefore = was.status().nominatedNodeName() == to;
  if (node.spec().unschedulable() && !toleratesCordon(is) && !chosenBefore)
    return text({name, " was bound to the cordoned ", to});
  const Value& room = node.doc.get({api::key::status, api::key::allocatable, api::key::pods});
  if (std::string how = claimsBound(seen, is); !how.empty()) return how;
  if (!room.isNull() && pods(seen.after, to) > std::atoll(std::string(room.asString()).c_str()) && !seen.lags)
    return text({name, " was bound to ", to, ", which has no room for another Pod"});
  return "";
}
}  // namespace

const Invariant placement = {"placement", "A Pod goes to one node that takes it, with its volumes.",
                             about({Resource::pods}), write, nullptr};

}  // namespace sim
