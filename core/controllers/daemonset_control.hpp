#pragma once
// One sync of one DaemonSet: history, Pods for nodes, rolling update, status. Models
// pkg/controller/daemon/{daemon_controller,update}.go (v1.37).
#include <map>
#include <string>
#include <vector>

#include "core/controllers/daemonset_utils.hpp"
#include "core/controllers/error.hpp"
#include "core/controllers/expectations.hpp"
#include "core/controllers/refs.hpp"

namespace controllers::daemonset {

using api::ControllerRevision;
using api::Millis;

/// How soon a failed Pod of one node is deleted again: 1 s, 2 s, 4 s, … 15 min. Models client-go util/flowcontrol.
class FailedPodsBackoff {
 public:
  bool isInBackOff(const std::string& key, Millis now) const;
  Millis get(const std::string& key) const;
  void next(const std::string& key, Millis now);
  void remember(decision::Digest& out) const {
    for (const auto& [key, e] : byKey_) out << key << e.backoff << e.since;
  }

 private:
  struct Entry {
    Millis backoff = 0, since = 0;
  };
  std::map<std::string, Entry> byKey_;
};

/// What outlives a sync.
struct Memory {
  Expectations expectations;
  ConsistencyStore consistency;
  FailedPodsBackoff backoff;
};

class DaemonSetControl {
 public:
  DaemonSetControl(decision::Client&, decision::WorkQueue&, Memory&, const DaemonSet&);
  Error sync();

 private:
  struct Deletion {
    Pod pod;
    decision::Rule rule;
  };
  using PodsByNode = std::map<std::string, std::vector<Pod>, std::less<>>;

  // The history (daemonset_history.cpp).
  Error constructHistory();
  Error controlledHistories(std::vector<ControllerRevision>&);
  Error snapshot(const api::Value& data, int64_t revision);
  Error dedupCurHistories(std::vector<ControllerRevision>);
  Error cleanupHistory();

  Error getDaemonPods(std::vector<Pod>&);
  Error getNodesToDaemonPods(PodsByNode&, bool includeDeletedTerminal);
  Error updateDaemonSet();
  Error manage();
  void podsShouldBeOnNode(const Node&, const PodsByNode&);
  void manageRunningPods(std::vector<Pod> running, const Node&, bool shouldRun);
  void manageFailedPod(const Pod&, std::string_view node);
  Error rollingUpdate();
  Error updateWithoutSurge(const PodsByNode&, int64_t maxUnavailable);
  Error updateWithSurge(const PodsByNode&, int64_t maxSurge, int64_t desired);
  Error syncNodes(std::vector<Deletion> podsToDelete, std::vector<std::string> nodes, decision::Rule createRule);
  Error updateDaemonSetStatus(bool updateObservedGeneration);
  Error storeStatus(const api::DaemonSetStatus&);

  Fit fit(const Node& node) const { return nodeShouldRunDaemonPod(node, podSpec_); }
  bool shouldRunOn(std::string_view node) const;
  bool isAvailable(const Pod&) const;
  bool findUpdatedPodsOnNode(const std::vector<Pod>&, Pod& newPod, Pod& oldPod) const;
  void wait(decision::Rule, std::string_view node, std::string_view pod, int64_t count = 0, int64_t limit = 0);
  std::string_view name() const { return ds_.doc[api::key::metadata][api::key::name].asString(); }
  std::string_view ns() const { return ds_.doc[api::key::metadata][api::key::namespace_].asString(); }

  decision::Client& client_;
  decision::WorkQueue& queue_;
  Memory& memory_;
  DaemonSet ds_;
  std::string key_;
  api::PodSpec podSpec_;  ///< the template's, with the daemon tolerations
  std::vector<Node> nodes_;
  std::string hash_;  ///< of the current revision
  std::vector<ControllerRevision> oldHistories_;
  std::vector<Deletion> podsToDelete_;
  std::vector<std::string> nodesNeedingDaemonPods_;
};

}  // namespace controllers::daemonset
