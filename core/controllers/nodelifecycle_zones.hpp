#pragma once
// The zones of a cluster and how fast their silent nodes are tainted. Models
// pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go and ComputeZoneState. A value.
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/api/resources.hpp"
#include "core/api/time.hpp"
#include "core/decision/digest.hpp"

namespace controllers {

enum class ZoneState : uint8_t { initial, normal, partialDisruption, fullDisruption };

/// "" for a node without zone and region.
std::string zoneKey(const api::Node&);
ZoneState computeZoneState(int ready, int notReady);

/// Nodes that wait for their NoExecute taint: one every 10 s a zone; none while the limit is 0.
class TaintQueue {
 public:
  /// False where the node is known already.
  bool add(const std::string& node);
  bool remove(const std::string& node);
  void swapLimiter(double qps, api::Millis now);
  /// The next node if the limit allows one now; "" otherwise.
  std::string take(api::Millis now);
  /// When take() may give one; INT64_MAX where nothing waits or nothing is allowed.
  api::Millis nextDue(api::Millis now) const;
  void retry(const std::string& node) { waiting_.push_back(node); }
  void remember(decision::Digest& out) const {
    out.all(waiting_).all(known_) << int64_t(qps_ * 1e6) << int64_t(tokens_ * 1e6) << last_;
  }

 private:
  bool tryAccept(api::Millis now);
  double refilled(api::Millis now) const;

  std::deque<std::string> waiting_;
  std::set<std::string> known_;
  double qps_ = 0.1, tokens_ = 1;
  api::Millis last_ = 0;
};

struct Zone {
  ZoneState state = ZoneState::initial;
  TaintQueue queue;
};

}  // namespace controllers
