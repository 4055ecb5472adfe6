#include "core/decision/queue.hpp"

#include <algorithm>

#include "core/store/shared_map.hpp"

namespace decision {

// ---- which keys are ready: looked through while they are few, then in a table that a long queue's keys need not be
// read for. Collisions go to the next slot.

constexpr size_t few = 8;

bool WorkQueue::isReady(std::string_view key) const {
  if (slots_.empty()) return std::find(ready_.begin(), ready_.end(), key) != ready_.end();
  const uint64_t hash = store::hashOf(key);
  for (size_t i = slotOf(hash); slots_[i].number; i = (i + 1) & (slots_.size() - 1)) {
    if (slots_[i].hash == hash && ready_[slots_[i].number - first_] == key) return true;
  }
  return false;
}

void WorkQueue::note(std::string_view key, uint64_t number) {
  const uint64_t hash = store::hashOf(key);
  size_t i = slotOf(hash);
  while (slots_[i].number) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = {hash, number};
}

/// Makes the table anew, for twice as many keys as there are.
void WorkQueue::index() {
  size_t room = few * 4;
  while (room < ready_.size() * 4) room *= 2;
  slots_.assign(room, {});
  for (size_t i = 0; i < ready_.size(); ++i) note(ready_[i], first_ + i);
}

/// Takes the first key's slot out; what had gone past it moves back.
void WorkQueue::removeFirst() {
  const size_t mask = slots_.size() - 1;
  size_t hole = slotOf(store::hashOf(ready_.front()));
  while (slots_[hole].number != first_) hole = (hole + 1) & mask;
  for (size_t i = (hole + 1) & mask; slots_[i].number; i = (i + 1) & mask) {
    if (((i - slotOf(slots_[i].hash)) & mask) < ((i - hole) & mask)) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole] = {};
}

void WorkQueue::add(std::string_view key) {
  if (isReady(key)) return;
  ready_.emplace_back(key);
  if (slots_.empty() ? ready_.size() > few : ready_.size() * 2 > slots_.size()) {
    index();
  } else if (!slots_.empty()) {
    note(key, first_ + ready_.size() - 1);
  }
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
  if (!slots_.empty()) removeFirst();
  std::string key = std::move(ready_.front());
  ready_.pop_front();
  first_++;
  if (ready_.empty()) slots_.clear();
  return key;
}

bool WorkQueue::take(std::string_view key) {
  auto it = std::find(ready_.begin(), ready_.end(), key);
  if (it == ready_.end()) return false;
  ready_.erase(it);
  if (!slots_.empty()) index();
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
