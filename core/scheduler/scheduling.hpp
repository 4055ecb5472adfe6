#pragma once
// The scheduler's class, for its own sources only: scheduler.cpp (informers, queue), schedule_one.cpp (one pod's
// cycle), binding.cpp (its claims, its node) and hints.cpp (what wakes a waiting pod). Models pkg/scheduler (v1.37).
// preemption.cpp makes room for a pod of higher priority.
// NOT MODELLED: back-off (a pod that was woken is tried as soon as nothing else is, as upstream does when its active
// queue is empty); the look every 5 minutes at pods that nothing has woken.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/scheduler/cycle.hpp"
#include "core/scheduler/node_cache.hpp"
#include "core/scheduler/nominator.hpp"
#include "core/scheduler/scheduler.hpp"

namespace scheduler {

using PluginSet = uint16_t;
constexpr PluginSet bit(Plugin p) { return PluginSet(1u << unsigned(p)); }

class Scheduler : public decision::Cloned<Scheduler> {
 public:
  std::string_view name() const override { return "scheduler"; }
  std::string_view component() const override { return "default-scheduler"; }
  bool watches(api::Resource) const override;
  void observe(const store::Change&, const decision::View&, api::Millis now) override;
  /// A key is a pod: one to be placed, or one whose claims are being bound.
  bool sync(const std::string& key, decision::Client&) override;
  void start(const decision::View&, api::Millis now) override;
  void remember(decision::Digest&) const override;

 private:
  /// A pod that fits nowhere, and the plugins that said so.
  struct Unschedulable {
    PluginSet plugins = 0;
    bool claimsUnbound = false;  ///< only because claims that bind immediately are not bound
    uint64_t heard = 0;          ///< the newest revision that this could take into account
    uint64_t number = 0;         ///< counts such pods as they failed: in this order they are tried again
  };
  /// A pod whose node is chosen and whose claims are being bound.
  struct Placement {
    std::string uid, node;
    std::vector<std::pair<std::string, std::string>> bindings;  ///< claim's key, volume's name
    std::vector<std::string> provisions;                        ///< claims' keys
    api::Millis deadline = 0;
  };
  struct Failure {
    std::string message;
    decision::Why why;
    PluginSet plugins = 0;
    bool claimsUnbound = false, error = false;
    bool clearNomination = false;
    std::string nominate = {};  ///< the node on which others make way
  };
  /// Pods that would have to go from a node, and what is said about it.
  struct Preemption {
    std::string message, node;
    std::vector<api::Pod> victims;
    bool stays = false;  ///< it is not even tried: a nomination stays as it is
  };
  struct Victims {
    std::vector<api::Pod> pods;
    int64_t violations = 0;  ///< of disruption budgets
  };
  using Rejections = std::vector<std::pair<size_t, Rejection>>;  ///< with the nodes' slots

  // Informers: scheduler.cpp.
  void observeNode(const store::Change&, const decision::View&);
  void observePod(const store::Change&, const decision::View&);
  void observeClaim(const store::Change&, const decision::View&);
  void observeVolume(const store::Change&, const decision::View&);
  void indexVolume(const api::PersistentVolume&, bool add);
  void park(const std::string& key, const Unschedulable&);
  void unpark(const std::string& key);
  bool wokenBeforeItWent(const std::string& key, const api::Pod&, const decision::View&) const;
  void wake(const std::string& key);
  void observeNomination(const std::string& key, const api::Pod& before, const api::Pod& after, const decision::View&);
  bool syncPod(const std::string& key, decision::Client&);
  std::string mostUrgent(const std::string& key, const decision::View&);
  void wakeAll(std::vector<std::string> keys);
  void wakeUnbound();

  // One pod's cycle: schedule_one.cpp.
  bool schedule(const api::Pod&, decision::Client&);
  std::vector<size_t> candidates(const Cycle&) const;
  size_t pick(const std::vector<int64_t>& scores, decision::Client&, int& best) const;
  bool fail(const api::Pod&, const Failure&, decision::Client&);

  // Making room: preemption.cpp.
  Preemption findPreemption(const api::Pod&, const Rejections&, const decision::View&) const;
  Victims selectVictims(const api::Pod&, size_t slot, const decision::View&, Rejection& whyNot) const;
  void preempt(const api::Pod&, const Preemption&, decision::Client&);
  void clearNominations(const api::Pod& preemptor, const std::string& node, decision::Client&);
  std::vector<api::Pod> nominatedBefore(const api::Pod&, size_t slot, const decision::View&) const;
  bool fitsBesideNominated(const api::Pod&, size_t slot, NodeCache&, Cycle&, const decision::View&, Rejection&) const;

  // Towards the node: binding.cpp.
  bool place(const api::Pod&, size_t slot, Cycle&, const decision::Why&, decision::Client&);
  bool startPlacement(const api::Pod&, const std::string& node, PodVolumes&, decision::Client&);
  bool continuePlacement(const std::string& key, decision::Client&);
  bool bind(const api::Pod&, const std::string& node, const decision::Why&, decision::Client&);
  bool failPlacement(const api::Pod&, const std::string& node, std::string message, decision::Client&);

  // What may have become possible: hints.cpp. `before` or `after` empty: it came, or it went.
  bool helpsAfterNodeChange(const api::Pod&, PluginSet, const api::Node& before, const api::Node& after) const;
  bool helpsAfterPodChange(const api::Pod&, PluginSet, const api::Pod& before, const api::Pod& after,
                           const decision::View&) const;
  template <class F>
  void wakeWhere(PluginSet, const decision::View&, F&& helps);

  NodeCache nodes_;
  FreeVolumes free_;
  Nominator nominator_;
  /// Only looked up: its order reaches nothing.
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <class T>
  using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

  ByText<Unschedulable> unschedulable_;
  std::set<std::string>
      byPlugin_[pluginCount];  ///< but those whose claims are unbound: only claims and classes wake them
  ByText<api::Pod> gone_;      ///< pods that were woken and deleted before their turn, as they were
  uint64_t heard_ = 0;         ///< the newest revision that was observed
  ByText<Placement> placements_;
  ByText<std::string> placementOfVolume_;
  size_t nextStartNode_ = 0;
  uint64_t parked_ = 0;  ///< the last number; which ready pod is next is a choice that explorers make themselves
  int64_t highest_ = 0;  ///< the highest priority that a pod ever had: one that has it need not be compared
};

/// Models framework FitError.Error: how many nodes have which reason, sorted as text.
std::string histogram(size_t total, const std::map<std::string, size_t>& reasons);

/// This scheduler's to place: its name, no node yet, not ended.
bool isOursToPlace(const api::Pod&);

}  // namespace scheduler
