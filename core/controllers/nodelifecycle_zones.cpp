#include "core/controllers/nodelifecycle_zones.hpp"

#include <algorithm>
#include <cmath>

namespace controllers {

std::string zoneKey(const api::Node& node) {
  const api::StringMap labels = node.metadata().labels();
  const std::string_view zone = labels.get("topology.kubernetes.io/zone"),
                         region = labels.get("topology.kubernetes.io/region");
  if (zone.empty() && region.empty()) return {};
  return std::string(region) + "\n" + std::string(zone);
}

ZoneState computeZoneState(int ready, int notReady) {
  constexpr double unhealthyZoneThreshold = 0.55;  // the flag's default
  if (ready == 0 && notReady > 0) return ZoneState::fullDisruption;
  if (notReady > 2 && double(notReady) / (notReady + ready) >= unhealthyZoneThreshold)
    return ZoneState::partialDisruption;
  return ZoneState::normal;
}

bool TaintQueue::add(const std::string& node) {
  if (!known_.insert(node).second) return false;
  waiting_.push_back(node);
  return true;
}

bool TaintQueue::remove(const std::string& node) {
  waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), node), waiting_.end());
  return known_.erase(node) > 0;
}

double TaintQueue::refilled(api::Millis now) const {
  return std::min(1.0, tokens_ + double(now - last_) / 1000 * qps_);
}

bool TaintQueue::tryAccept(api::Millis now) {
  tokens_ = refilled(now);
  last_ = now;
  if (qps_ == 0 || tokens_ < 1 - 1e-9) return false;
  tokens_ -= 1;
  return true;
}

/// A limiter that has nothing left hands that on to the new one.
void TaintQueue::swapLimiter(double qps, api::Millis now) {
  if (qps == qps_) return;
  const bool drained = !tryAccept(now);
  qps_ = qps;
  tokens_ = 1;
  last_ = now;
  if (drained) tryAccept(now);
}

std::string TaintQueue::take(api::Millis now) {
  if (waiting_.empty() || !tryAccept(now)) return {};
  std::string node = std::move(waiting_.front());
  waiting_.pop_front();
  return node;
}

api::Millis TaintQueue::nextDue(api::Millis now) const {
  if (waiting_.empty() || qps_ == 0) return INT64_MAX;
  const double missing = 1 - refilled(now);
  return missing <= 1e-9 ? now : now + api::Millis(std::ceil(missing / qps_ * 1000));
}

}  // namespace controllers
