// Inputs from outside: the simulation's own (failing writes, lagging and stopped actors, a user's deletions); those of
// machines, containers and disks are handed on to where they belong.
#include "core/sim/input.hpp"

#include "core/decision/rules.hpp"
#include "core/node/inputs.hpp"
#include "core/node/provisioner.hpp"
#include "core/sim/turn.hpp"

namespace sim {
using api::Key;

namespace {
std::string_view text(const Value& what, std::string_view name) {
  const Value* v = what.find(name);
  return v ? v->asString() : std::string_view();
}

node::KubeletMode modeOf(const Setup& setup) { return node::KubeletMode(setup.kubelet); }
}  // namespace

std::string Cluster::input(const Input& in) {
  turn_ = 0;
  beginItem();
  Value what = in.what;
  if (const Value* on = what.find("true")) {  // YAML takes the key `on` for a boolean
    const bool value = on->asBool();
    what.set(Key("on"), value);
    what.erase(Key("true"));
  }
  const std::string_view type = text(what, "type");
  std::string error;
  if (type == "podDelete") {
    error = deletePod(what);
  } else if (node::handlesInput(type)) {
    const std::string name = node::inputNode(objects(), what);
    const auto kubelet = kubelets_.find(name);
    Turn turn(*this, kubelet == kubelets_.end() ? 0 : kubelet->second);
    error = node::performInput(turn, nodes_, modeOf(setup_), what);
  } else if (type == "provision") {
    Turn turn(*this, 0);
    const std::string_view ns = text(what, "namespace");
    error = node::provision(turn, ns.empty() ? "default" : ns, text(what, "claim"));
  } else {
    error = control(what);
  }
  endItem();
  return error;
}

std::string Cluster::deletePod(const Value& what) {
  apiserver::Request r;
  r.verb = apiserver::Verb::remove;
  r.resource = Resource::pods;
  r.namespace_ = text(what, "namespace").empty() ? "default" : text(what, "namespace");
  r.name = text(what, "pod");
  r.userAgent = "kubectl";
  const Value* force = what.find("force");
  if (force && force->asBool()) r.deleteOptions.gracePeriodSeconds = 0;
  const apiserver::Response response =
      perform(0, decision::Why(decision::Rule::UserRequest, {{"verb", Value("delete")}, {"object", Value(r.name)}}),
              std::move(r));
  return response.ok() ? "" : std::string(response.message());
}

std::string Cluster::control(const Value& what) {
  const std::string_view type = text(what, "type"), name = text(what, "actor");
  if (type != "failWrite" && type != "lag" && type != "stop")
    return "there is no fault of type \"" + std::string(type) + "\"; the types are " + std::string(node::inputTypes) +
           ", failWrite, lag, podDelete, provision, stop";
  const Value *onGiven = what.find("on"), *times = what.find("times");
  const bool on = !onGiven || onGiven->asBool();
  bool found = false;
  for (size_t i = 0; i < actors_.size(); ++i) {
    if (!actors_[i]->controller() || (!name.empty() && actors_[i]->controller()->name() != name)) continue;
    found = true;
    Actor& a = own(i);
    if (type == "failWrite" && !name.empty()) a.failWrites = times ? int(times->asInt()) : 1;
    if (type == "stop") {
      a.stopped = on;
      a.controller()->queue.advance(now());
    }
    if (type == "lag" && on && !a.lagging) a.lagging = std::make_unique<store::Objects>(objects());
    if (type == "lag" && !on && a.lagging) {
      a.lagging.reset();
      for (const store::Change& c : std::exchange(a.missed, {}))
        a.controller()->observe(c, decision::View(objects()), now());
    }
  }
  if (!found) return "there is no actor \"" + std::string(name) + "\"";
  if (type == "failWrite" && name.empty()) failWrites_ = times ? int(times->asInt()) : 1;
  newEntry(0, EntryKind::fact, decision::Why(decision::Rule::FaultInjected, {{"fault", what}})).object =
      "Actor//" + std::string(name);
  return "";
}

}  // namespace sim
