// Inputs from outside: the simulation's own (failing writes, lagging and stopped actors); those of nodes and disks are
// handed on.
#include "core/sim/input.hpp"

#include "core/node/inputs.hpp"
#include "core/sim/actors.hpp"
#include "core/sim/turn.hpp"

namespace sim {
using api::Key;

std::string Cluster::input(const Input& in) {
  beginItem();
  std::string error = control(in.what);
  endItem();
  return error;
}

std::string Cluster::control(const Value& what) {
  const std::string_view type = what[api::key::type].asString();
  if (node::handlesInput(type)) return nodeInput(what);
  const bool known = type == "failWrite" || type == "lag" || type == "stop";
  if (!known) return "unknown input";
  const std::string_view name = what[Key("actor")].asString();
  const bool on = what[Key("on")].isNull() || what[Key("on")].asBool();
  bool found = false;
  for (Actor& a : actors_) {
    if (!a.controller || (!name.empty() && a.controller->name() != name)) continue;
    found = true;
    if (type == "failWrite") a.failWrites = what[Key("times")].isNull() ? 1 : int(what[Key("times")].asInt());
    if (type == "stop") {
      a.stopped = on;
      a.controller->queue.advance(now());
    }
    if (type == "lag" && on && !a.lagging) a.lagging = std::make_unique<store::Objects>(objects());
    if (type == "lag" && !on && a.lagging) {
      a.lagging.reset();
      for (const store::Change& c : std::exchange(a.missed, {}))
        a.controller->observe(c, decision::View(objects()), now());
    }
  }
  if (!found) return "there is no actor \"" + std::string(name) + "\"";
  Entry& e = newEntry(0, EntryKind::fact, decision::Why(decision::Rule::FaultInjected, {{"fault", what}}));
  e.object = "Actor//" + std::string(name);
  return "";
}

/// The kubelet of the node that it concerns does it, where there is one.
std::string Cluster::nodeInput(const Value& what) {
  const auto kubelet = kubelets_.find(node::inputNode(objects(), what));
  const size_t actor = kubelet == kubelets_.end() || what[api::key::type].asString() == "write" ? 0 : kubelet->second;
  Turn turn(*this, actor);
  return node::performInput(turn, nodeState_, kubeletMode(setup_), what);
}

}  // namespace sim
