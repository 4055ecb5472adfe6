#pragma once
// Which pods an affinity term or a spread constraint means, and how many of them each node has: counters that are kept
// up to date pod by pod, so that placing a pod never counts all others. A pod template's pods share their counters.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/selector.hpp"
#include "core/decision/controller.hpp"

namespace scheduler {

/// The pods of some namespaces whose labels match.
struct PodSelector {
  std::vector<std::string> namespaces;  ///< sorted
  bool allNamespaces = false;
  api::Value namespaceSelector;  ///< null: only those listed
  api::Selector labels;
  bool matches(const api::Pod&, const decision::View&) const;
  std::string key() const;
};

/// One term of pod affinity or anti-affinity.
struct Term {
  PodSelector pods;
  std::string topologyKey;
  int weight = 0;  ///< of preferred terms; negative for anti-affinity
};
Term termOf(const api::PodAffinityTerm&, std::string_view podNamespace, int weight = 0);

/// A pod's terms by kind.
struct Terms {
  std::vector<Term> affinity, antiAffinity, preferred;
  bool none() const { return affinity.empty() && antiAffinity.empty() && preferred.empty(); }
};
Terms termsOf(const api::Pod&);
/// False for no terms at all, as upstream's podMatchesAllAffinityTerms.
bool matchesAll(const std::vector<Term>&, const api::Pod&, const decision::View&);
bool matchesAny(const std::vector<Term>&, const api::Pod&, const decision::View&);

/// Pods that count as placed although the API server does not know yet: by "namespace/name", with their node's slot.
using AssumedPods = std::map<std::string, std::pair<api::Pod, size_t>, std::less<>>;
using SlotsByName = std::map<std::string, size_t, std::less<>>;

/// A pod that takes room on a node: bound and not ended.
bool isPlaced(const api::Pod&);

/// How many of the placed pods that a group of selectors means (all of them at once) stand on each node.
class PodCounters {
 public:
  /// Of nodes by slot; the counter is made from the view when it is asked for first. Valid until the next call.
  /// `living`: pods that are being deleted do not count.
  const std::vector<int>& count(const std::vector<PodSelector>&, bool living, const decision::View&, const SlotsByName&,
                                const AssumedPods&);
  /// A placed pod has come or gone.
  void add(const api::Pod&, size_t slot, int change, const decision::View&);
  void clear() { counters_.clear(); }

 private:
  struct Counter {
    std::vector<PodSelector> selectors;
    bool living;
    uint64_t lastUse;
    std::vector<int> bySlot;
    bool counts(const api::Pod&, const decision::View&) const;
  };
  std::map<std::string, Counter, std::less<>> counters_;
  uint64_t uses_ = 0;
};

}  // namespace scheduler
