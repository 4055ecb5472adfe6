#include "core/decision/queue.hpp"

#include <algorithm>

namespace decision {

void WorkQueue::add(std::string_view key) {
  std::string text(key);
  if (waiting_.find(text) != waiting_.end()) return;
  ready_.push_back(text);
  waiting_.insert(std::move(text));
}

void WorkQueue::addAfter(std::string_view key, api::Millis delay, api::Millis now) {
  if (delay <= 0) return add(key);
  auto it = due_.find(std::string(key));
  if (it != due_.end()) {
    if (it->second <= now + delay) return;
    for (auto [at, end] = delayed_.equal_range(it->second); at != end; ++at) {
      if (at->second == key) {
        delayed_.erase(at);
        break;
      }
    }
    it->second = now + delay;
  } else {
    due_.emplace(key, now + delay);
  }
  delayed_.emplace(now + delay, key);
}

void WorkQueue::addRateLimited(std::string_view key, api::Millis now) {
  auto it = failures_.find(std::string(key));
  if (it == failures_.end()) it = failures_.emplace(key, 0).first;
  const int n = it->second++;
  addAfter(key, n >= 18 ? 1000000 : std::min<api::Millis>(api::Millis(5) << n, 1000000), now);
}

void WorkQueue::forget(std::string_view key) {
  if (!failures_.empty()) failures_.erase(std::string(key));
}

int WorkQueue::numRequeues(std::string_view key) const {
  auto it = failures_.find(std::string(key));
  return it == failures_.end() ? 0 : it->second;
}

std::string WorkQueue::pop() {
  std::string key = std::move(ready_.front());
  ready_.pop_front();
  waiting_.erase(key);
  return key;
}

bool WorkQueue::take(std::string_view key) {
  auto it = std::find(ready_.begin(), ready_.end(), key);
  if (it == ready_.end()) return false;
  waiting_.erase(*it);
  ready_.erase(it);
  return true;
}

/// Which key is first among the ready ones does not count: any of them may be next. Failures count, as the next delay
/// follows from them; their table has no order.
void WorkQueue::digest(Digest& out) const {
  uint64_t ready = 0, failures = 0;
  for (const std::string& key : ready_) ready += store::hashOf(key) | 1;
  for (const auto& [key, n] : failures_) failures += (Digest() << key << n).value();
  (out << ready << failures).pairs(delayed_);
}

api::Millis WorkQueue::nextDue() const { return delayed_.empty() ? INT64_MAX : delayed_.begin()->first; }

void WorkQueue::advance(api::Millis now) {
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    due_.erase(delayed_.begin()->second);
    add(delayed_.begin()->second);
    delayed_.erase(delayed_.begin());
  }
}

}  // namespace decision
