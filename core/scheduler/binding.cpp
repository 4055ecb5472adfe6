// The way to the chosen node: first the pod's claims, then the pod. Models pkg/scheduler/schedule_one.go bindingCycle
// and framework/plugins/volumebinding/binder.go (v1.37). Upstream looks at the claims each second; here each change of
// them is looked at.
#include "core/decision/rules.hpp"
#include "core/scheduler/scheduling.hpp"

namespace scheduler {
using namespace api;
using decision::Client;
using decision::Rule;
using decision::Why;
using Claim = PersistentVolumeClaim;
using PV = PersistentVolume;

namespace {
constexpr Millis bindTimeout = 600000;

std::string keyOf(const Value& doc) { return store::keyOf(doc); }
}  // namespace

bool Scheduler::place(const Pod& pod, size_t slot, Cycle& cycle, const Why& why, Client& client) {
  const std::string node = nodes_.at(slot).name;
  nodes_.assume(pod, node, client.view());
  if (cycle.hasUnboundClaims()) {
    Why nominate(Rule::NominateNode, {{"pod", pod.metadata().name()}, {"node", Value(node)}});
    nominate.inputs.add({"choice", decision::info(why.rule).id});
    for (const decision::Input& input : why.inputs) {
      if (input.text() != "pod" && input.text() != "node") nominate.inputs.add(input);
    }
    if (pod.status().nominatedNodeName() != node) {
      Value patch;
      patch.set({key::status, key::nominatedNodeName}, node);
      const ObjectMeta meta = pod.metadata();
      client.patch(nominate, Resource::pods, meta.namespace_(), meta.name(), apiserver::PatchType::strategic, patch,
                   "status");
    }
    return startPlacement(pod, node, cycle.volumes(slot), client);
  }
  return bind(pod, node, why, client);
}

// Models bindAPIUpdate: volumes that are there are reserved, for others the claim is told the node.
bool Scheduler::startPlacement(const Pod& pod, const std::string& node, PodVolumes& volumes, Client& client) {
  const std::string key = keyOf(pod.doc);
  const Value podName = pod.metadata().name();
  Placement placement;
  placement.uid = pod.metadata().uid();
  placement.node = node;
  placement.deadline = client.now() + bindTimeout;
  for (const PodVolumes::Binding& b : volumes.bindings) {
    bool changed;
    const PV volume = boundTo(b.volume, b.claim, changed);
    const Why why(Rule::ReserveVolumeForPod, {{"volume", volume.metadata().name()},
                                              {"claim", b.claim.metadata().name()},
                                              {"node", Value(node)},
                                              {"pod", podName}});
    const apiserver::Response reply = client.update(why, volume);
    if (!reply.ok()) return failPlacement(pod, node, std::string(reply.message()), client);
    placement.bindings.emplace_back(keyOf(b.claim.doc), volume.metadata().name());
  }
  for (Claim claim : volumes.provisions) {
    ObjectMeta meta = claim.metadata();
    setAnnotation(meta, annotation::selectedNode, node);
    claim.metadata(std::move(meta));
    const Why why(Rule::SelectNodeForClaim,
                  {{"claim", claim.metadata().name()}, {"node", Value(node)}, {"pod", podName}});
    const apiserver::Response reply = client.update(why, claim);
    if (!reply.ok()) return failPlacement(pod, node, std::string(reply.message()), client);
    placement.provisions.push_back(keyOf(claim.doc));
  }
  for (const auto& [claim, volume] : placement.bindings) placementOfVolume_[volume] = key;
  client.wait({Rule::PodWaitsForItsVolumes, {{"pod", podName}, {"node", Value(node)}}}, "Pod/" + key);
  placements_[key] = std::move(placement);
  queue.addAfter(key, bindTimeout, client.now());
  return true;
}

// Models checkBindings: all bound, not yet, or no longer possible.
bool Scheduler::continuePlacement(const std::string& key, Client& client) {
  const Placement placement = placements_.find(key)->second;
  const decision::View& view = client.view();
  const Pod pod = view.getByKey<Pod>(key);
  const auto give = [&] {
    for (const auto& [claim, volume] : placement.bindings) placementOfVolume_.erase(volume);
    placements_.erase(key);
  };
  const auto giveUp = [&](const std::string& message) {
    give();
    return failPlacement(pod, placement.node, "binding volumes: " + message, client);
  };
  if (!pod || pod.metadata().uid() != placement.uid) {
    give();
    nodes_.forget(key, view);
    if (isOursToPlace(pod)) queue.add(key);
    return true;
  }
  const Node node = view.get<Node>({}, placement.node);
  if (!node) return giveUp("failed to get node \"" + placement.node + "\": node \"" + placement.node + "\" not found");
  bool all = true;
  const auto unreachable = [&](const PV& volume) {
    return giveUp("pv \"" + std::string(volume.metadata().name()) + "\" node affinity doesn't match node \"" +
                  placement.node + "\": no matching NodeSelectorTerms");
  };
  for (const auto& [claimKey, volumeName] : placement.bindings) {
    const PV volume = view.get<PV>({}, volumeName);
    const Claim claim = view.getByKey<Claim>(claimKey);
    if (!volume || !claim) return giveUp("failed to check binding: could not find the object");
    if (!matchesNodeAffinity(volume, node)) return unreachable(volume);
    if (volume.spec().claimRef().uid().empty()) return giveUp("ClaimRef got reset for pv \"" + volumeName + "\"");
    all = all && isFullyBound(claim);
  }
  for (const std::string& claimKey : placement.provisions) {
    const Claim claim = view.getByKey<Claim>(claimKey);
    if (!claim) return giveUp("failed to check provisioning pvc: could not find the object");
    if (claim.metadata().annotations().get(annotation::selectedNode) != placement.node)
      return giveUp("provisioning failed for PVC \"" + std::string(claim.metadata().name()) + "\"");
    const PV volume = view.get<PV>({}, claim.spec().volumeName());
    if (volume && !matchesNodeAffinity(volume, node)) return unreachable(volume);
    all = all && isFullyBound(claim) && (volume || claim.spec().volumeName().empty());
  }
  if (!all) return client.now() < placement.deadline || giveUp("context deadline exceeded");
  give();
  const Why why(Rule::PodGoesWhereItsVolumesAre, {{"pod", pod.metadata().name()}, {"node", Value(placement.node)}});
  return bind(pod, placement.node, why, client);
}

bool Scheduler::bind(const Pod& pod, const std::string& node, const Why& why, Client& client) {
  const ObjectMeta meta = pod.metadata();
  const Value ofPod = Value::object(
      {{key::name, meta.doc[key::name]}, {key::namespace_, meta.doc[key::namespace_]}, {key::uid, meta.doc[key::uid]}});
  apiserver::Request request;
  request.verb = apiserver::Verb::create;
  request.resource = Resource::pods;
  request.namespace_ = meta.namespace_();
  request.name = meta.name();
  request.subresource = "binding";
  request.body = Value::object({{key::apiVersion, "v1"},
                                {key::kind, "Binding"},
                                {key::metadata, ofPod},
                                {key::target, Value::object({{key::kind, "Node"}, {key::name, node}})}});
  request.trusted = true;
  const apiserver::Response reply = client.send(why, std::move(request));
  if (!reply.ok()) return failPlacement(pod, node, std::string(reply.message()), client);
  client.event(
      pod.doc, "Normal", "Scheduled",
      "Successfully assigned " + std::string(meta.namespace_()) + "/" + std::string(meta.name()) + " to " + node);
  return true;
}

// Models handleBindingCycleError: what was assumed is given back, and the pod is tried again after a while.
bool Scheduler::failPlacement(const Pod& pod, const std::string& node, std::string message, Client& client) {
  nodes_.forget(keyOf(pod.doc), client.view());
  if (!client.view().getByKey<Pod>(keyOf(pod.doc))) return true;
  const Why why(Rule::PlacementFailed,
                {{"pod", pod.metadata().name()}, {"node", Value(node)}, {"message", Value(message)}});
  return fail(pod, {std::move(message), why, 0, false, true, true}, client);
}

}  // namespace scheduler
