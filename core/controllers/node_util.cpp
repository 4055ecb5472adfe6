#include "core/controllers/node_util.hpp"

#include <algorithm>

namespace controllers {
namespace {
using api::Value;
namespace key = api::key;

bool same(const Value& taint, TaintRef ref) {
  return taint[key::key].asString() == ref.key && taint[key::effect].asString() == ref.effect;
}
}  // namespace

std::string_view nodeCondition(const api::Node& node, std::string_view type) {
  for (const Value& c : node.doc.get({key::status, key::conditions}).values()) {
    if (c[key::type].asString() == type) return c[key::status].asString();
  }
  return {};
}

bool isNodeReady(const api::Node& node) { return nodeCondition(node, "Ready") == "True"; }

bool taintExists(const api::Node& node, TaintRef ref) {
  const auto taints = node.doc.get({key::spec, key::taints}).values();
  return std::any_of(taints.begin(), taints.end(), [&](const Value& t) { return same(t, ref); });
}

bool taintKeyExists(const api::Node& node, std::string_view name) {
  const auto taints = node.doc.get({key::spec, key::taints}).values();
  return std::any_of(taints.begin(), taints.end(), [&](const Value& t) { return t[key::key].asString() == name; });
}

bool swapTaints(decision::Client& client, const decision::Why& why, std::string_view name,
                const std::vector<TaintRef>& add, const std::vector<TaintRef>& remove) {
  const apiserver::Response found = client.get(api::Resource::nodes, "", name);
  if (!found.ok()) return found.isNotFound();
  const Value& before = found.body.get({key::spec, key::taints});
  std::vector<Value> taints;
  bool changed = false;
  for (const Value& t : before.values()) {
    const bool gone = std::any_of(remove.begin(), remove.end(), [&](TaintRef r) { return same(t, r); });
    changed |= gone;
    if (!gone) taints.push_back(t);
  }
  for (TaintRef r : add) {
    if (std::any_of(taints.begin(), taints.end(), [&](const Value& t) { return same(t, r); })) continue;
    taints.push_back(
        Value::object({{key::key, r.key}, {key::effect, r.effect}, {key::timeAdded, api::formatTime(client.now())}}));
    changed = true;
  }
  if (!changed) return true;
  const Value version = found.body.get({key::metadata, key::resourceVersion});
  const Value patch = Value::object(
      {{key::metadata, Value::object({{key::resourceVersion, version}})},
       {key::spec, Value::object({{key::taints, taints.empty() ? Value() : Value::array(std::move(taints))}})}});
  return client.patch(why, api::Resource::nodes, "", name, apiserver::PatchType::strategic, patch).ok();
}

apiserver::Response patchPodCondition(decision::Client& client, const decision::Why& why, const api::Pod& pod,
                                      std::string_view type, std::string_view reason, std::string_view message,
                                      std::string_view phase) {
  const api::ObjectMeta meta = pod.metadata();
  Value status = Value::object({});
  if (!phase.empty()) {
    status.set(key::phase, phase);
    status.set(key::observedGeneration, meta.generation());
  }
  if (!type.empty()) {
    Value condition = Value::object({{key::type, type},
                                     {key::status, "True"},
                                     {key::lastProbeTime, Value()},
                                     {key::lastTransitionTime, api::formatTime(client.now())},
                                     {key::reason, reason},
                                     {key::message, message},
                                     {key::observedGeneration, meta.generation()}});
    status.set(key::conditions, Value::array({std::move(condition)}));
    // As in a patch that was made by comparing: in which order the conditions shall be.
    std::vector<Value> order;
    bool there = false;
    for (const api::PodCondition& c : pod.status().conditions()) {
      order.push_back(Value::object({{key::type, c.type()}}));
      there |= c.type() == type;
    }
    if (!there) order.push_back(Value::object({{key::type, type}}));
    status.set(api::Key("$setElementOrder/conditions"), Value::array(std::move(order)));
  }
  const Value patch =
      Value::object({{key::metadata, Value::object({{key::uid, meta.uid()}})}, {key::status, std::move(status)}});
  return client.patch(why, api::Resource::pods, meta.namespace_(), meta.name(), apiserver::PatchType::strategic, patch,
                      "status");
}

Value nodeReference(std::string_view name, std::string_view uid) {
  return Value::object({{key::kind, "Node"}, {key::apiVersion, "v1"}, {key::name, name}, {key::uid, uid}});
}

}  // namespace controllers
