#pragma once
// What the scheduler knows about nodes: their room and what is taken of it, kept up to date with each change, so that a
// pod is placed by looking at nodes only, never at all pods. Pods that are on their way to a node count as there
// (assumed). Models pkg/scheduler/backend/cache (v1.37).
#include <string>
#include <string_view>
#include <vector>

#include "core/scheduler/resources.hpp"
#include "core/scheduler/terms.hpp"

namespace scheduler {

struct HostPort {
  std::string ip, protocol;
  int64_t port;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};
/// The ports that a pod's containers want of the node itself.
std::vector<HostPort> hostPorts(const api::Pod&);
/// Models HostPortInfo.CheckConflict: 0.0.0.0 stands for every address.
bool conflict(const HostPort&, const HostPort&);

struct NodeInfo {
  std::string name;
  api::Node node;                                         ///< empty where only pods are left of it
  const api::Value *hostname = nullptr, *zone = nullptr;  ///< its labels of that meaning, within `node`
  Resources allocatable, requested, nonZero;
  int64_t pods = 0;
  bool unschedulable = false, tainted = false;
  std::vector<HostPort> ports;
  std::map<int64_t, int> priorities;  ///< how many of its pods have which
  bool exists() const { return bool(node); }
};

/// A term of pods that are placed, and how many of those pods each node has.
struct PlacedTerm {
  Term term;
  std::vector<int> bySlot;
};

/// The value of a node's label; null where it has none.
const api::Value* labelOf(const api::Node&, std::string_view key);
const api::Value* labelOf(const api::Node&, api::Key);

class NodeCache {
 public:
  void putNode(const api::Node&);
  void removeNode(std::string_view name);
  /// A change of a pod as the informer tells it; either may be empty.
  void observePod(const api::Pod& before, const api::Pod& after, const decision::View&);
  /// The pod is on its way to the node. It counts there until it is observed there, or forgotten.
  void assume(const api::Pod&, std::string_view node, const decision::View&);
  void forget(std::string_view podKey, const decision::View&);
  bool isAssumed(std::string_view podKey) const { return assumed_.find(podKey) != assumed_.end(); }
  const AssumedPods& assumed() const { return assumed_; }

  /// The nodes that exist, by name: slots of infos().
  const std::vector<size_t>& nodes() const { return order_; }
  const NodeInfo& at(size_t slot) const { return infos_[slot]; }
  const NodeInfo* find(std::string_view name) const;
  /// Placed pods by node that the selectors mean, all at once.
  const std::vector<int>& count(const std::vector<PodSelector>& selectors, bool living, const decision::View& view) {
    return counters_.count(selectors, living, view, slots_, assumed_);
  }
  using PlacedTerms = std::map<std::string, PlacedTerm, std::less<>>;
  const PlacedTerms& antiAffinity() const { return antiAffinity_; }  ///< required
  const PlacedTerms& attraction() const { return attraction_; }      ///< preferred, and required affinity (weight 1)

 private:
  size_t slotFor(std::string_view name);
  void place(const api::Pod&, size_t slot, int change, const decision::View&);
  void sortNodes();

  std::vector<NodeInfo> infos_;
  SlotsByName slots_;
  std::vector<size_t> order_;
  AssumedPods assumed_;
  PodCounters counters_;
  PlacedTerms antiAffinity_, attraction_;
};

}  // namespace scheduler
