#include "core/scheduler/node_cache.hpp"

#include <algorithm>

#include "core/api/pods.hpp"

namespace scheduler {
using namespace api;
using decision::View;

std::vector<HostPort> hostPorts(const Pod& pod) {
  std::vector<HostPort> out;
  const auto collect = [&](const Container& c) {
    for (const ContainerPort& p : c.ports()) {
      if (p.hostPort() <= 0) continue;
      const std::string_view ip = p.hostIP().empty() ? "0.0.0.0" : p.hostIP();
      const std::string_view protocol = p.protocol().empty() ? "TCP" : p.protocol();
      out.push_back({std::string(ip), std::string(protocol), p.hostPort()});
    }
  };
  for (const Container& c : pod.spec().containers()) collect(c);
  for (const Container& c : pod.spec().initContainers()) {
    if (c.restartPolicy() == "Always") collect(c);
  }
  return out;
}

bool conflict(const HostPort& a, const HostPort& b) {
  return a.port == b.port && a.protocol == b.protocol && (a.ip == b.ip || a.ip == "0.0.0.0" || b.ip == "0.0.0.0");
}

const NodeInfo* NodeCache::find(std::string_view name) const {
  const auto it = slots_.find(name);
  return it == slots_.end() || !infos_[it->second].exists() ? nullptr : &infos_[it->second];
}

size_t NodeCache::slotFor(std::string_view name) {
  const auto it = slots_.find(name);
  if (it != slots_.end()) return it->second;
  infos_.emplace_back();
  infos_.back().name = name;
  return slots_.emplace(name, infos_.size() - 1).first->second;
}

void NodeCache::sortNodes() {
  order_.clear();
  for (const auto& [name, slot] : slots_) {
    if (infos_[slot].exists()) order_.push_back(slot);
  }
}

void NodeCache::putNode(const Node& node) {
  NodeInfo& info = infos_[slotFor(node.metadata().name())];
  const bool isNew = !info.exists();
  if (isNew || !(info.node.status().allocatable() == node.status().allocatable()))
    info.allocatable = resourcesOf(node.status().allocatable());
  info.unschedulable = node.spec().unschedulable();
  info.tainted = !node.spec().taints().empty();
  info.node = node;
  info.hostname = labelOf(info.node, Key("kubernetes.io/hostname"));
  info.zone = labelOf(info.node, Key("topology.kubernetes.io/zone"));
  if (isNew) sortNodes();
}

// Its pods may stay for a while; the slot keeps counting them, should the node come back.
void NodeCache::removeNode(std::string_view name) {
  if (const auto it = slots_.find(name); it != slots_.end()) {
    NodeInfo& info = infos_[it->second];
    info.hostname = info.zone = nullptr;
    info.node = {};
  }
  sortNodes();
}

void NodeCache::observePod(const Pod& before, const Pod& after, const View& view) {
  const Pod& pod = after ? after : before;
  const bool was = before && isPlaced(before), is = after && isPlaced(after), settles = is || !after;
  const std::string key =
      assumed_.empty() || !settles ? "" : store::keyOf(pod.metadata().namespace_(), pod.metadata().name());
  if (const auto it = assumed_.find(key); it != assumed_.end()) {
    const Pod assumed = it->second.first;
    const ObjectMeta a = assumed.metadata(), b = pod.metadata();
    if (a.uid() == b.uid()) {
      // The usual case: it is where it was assumed to be, and already counted there.
      const bool same = is && !was && infos_[it->second.second].name == after.spec().nodeName() &&
                        a.labels() == b.labels() && a.hasDeletionTimestamp() == b.hasDeletionTimestamp();
      if (same) {
        assumed_.erase(it);
        return;
      }
      forget(key, view);
    }
  }
  if (was && is && before.spec().doc.same(after.spec().doc)) {
    const ObjectMeta a = before.metadata(), b = after.metadata();
    if (a.labels() == b.labels() && a.hasDeletionTimestamp() == b.hasDeletionTimestamp()) return;
  }
  if (was) place(before, slotFor(before.spec().nodeName()), -1, view);
  if (is) place(after, slotFor(after.spec().nodeName()), 1, view);
}

void NodeCache::assume(const Pod& pod, std::string_view node, const View& view) {
  const size_t slot = slotFor(node);
  assumed_.insert_or_assign(store::keyOf(pod.doc), std::pair(pod, slot));
  place(pod, slot, 1, view);
}

void NodeCache::forget(std::string_view podKey, const View& view) {
  const auto it = assumed_.find(podKey);
  if (it == assumed_.end()) return;
  const auto [pod, slot] = it->second;
  assumed_.erase(it);
  place(pod, slot, -1, view);
}

namespace {
void countTerm(NodeCache::PlacedTerms& terms, const Term& term, size_t slot, int change) {
  std::string name = term.pods.key() + '\0' + term.topologyKey + '\0' + std::to_string(term.weight);
  auto it = terms.find(name);
  if (it == terms.end()) it = terms.emplace(std::move(name), PlacedTerm{term, {}}).first;
  std::vector<int>& bySlot = it->second.bySlot;
  if (bySlot.size() <= slot) bySlot.resize(slot + 1);
  bySlot[slot] += change;
  if (change < 0 && std::all_of(bySlot.begin(), bySlot.end(), [](int n) { return n <= 0; })) terms.erase(it);
}
}  // namespace

void NodeCache::place(const Pod& pod, size_t slot, int change, const View& view) {
  NodeInfo& info = infos_[slot];
  const PodSpec spec = pod.spec();
  info.requested.add(podRequests(spec), change);
  info.nonZero.add(podRequests(spec, true), change);
  info.pods += change;
  if (int& n = info.priorities[spec.priority()]; (n += change) <= 0) info.priorities.erase(spec.priority());
  for (const HostPort& p : hostPorts(pod)) {
    if (change > 0) {
      info.ports.push_back(p);
    } else if (const auto it = std::find(info.ports.begin(), info.ports.end(), p); it != info.ports.end()) {
      info.ports.erase(it);
    }
  }
  counters_.add(pod, slot, change, view);
  const Terms terms = termsOf(pod);
  for (const Term& t : terms.antiAffinity) countTerm(antiAffinity_, t, slot, change);
  for (const Term& t : terms.preferred) countTerm(attraction_, t, slot, change);
  for (Term t : terms.affinity) {
    t.weight = 1;  // hardPodAffinityWeight
    countTerm(attraction_, t, slot, change);
  }
}

}  // namespace scheduler
