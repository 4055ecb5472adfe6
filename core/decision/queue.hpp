#pragma once
// A controller's work queue with the semantics of client-go's: a key waits at most once, failed keys come back after 5
// ms × 2^n (at most 1000 s), and keys can be added for later. Time is virtual. A value.
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/api/time.hpp"
#include "core/decision/digest.hpp"

namespace decision {

class WorkQueue {
 public:
  void add(std::string_view key);
  /// Adds the key once `delay` has passed. Of several delays for one key the shortest counts.
  void addAfter(std::string_view key, api::Millis delay, api::Millis now);
  /// Models client-go workqueue ItemExponentialFailureRateLimiter (5 ms base, 1000 s cap).
  void addRateLimited(std::string_view key, api::Millis now);
  void forget(std::string_view key);
  int numRequeues(std::string_view key) const;

  bool empty() const { return ready_.empty(); }
  size_t size() const { return ready_.size(); }
  const std::deque<std::string>& ready() const { return ready_; }
  std::string pop();
  /// Takes a ready key out of its turn; false where it is not there.
  bool take(std::string_view key);
  /// When the next delayed key is due; INT64_MAX where there is none.
  api::Millis nextDue() const;
  /// Moves what is due at `now` to the ready keys.
  void advance(api::Millis now);
  /// What is waiting for its time, by due time.
  const std::multimap<api::Millis, std::string>& delayed() const { return delayed_; }
  void digest(Digest&) const;

 private:
  /// Where a ready key is: its number counts all that ever became ready.
  struct Slot {
    uint64_t hash = 0, number = 0;  ///< number 0: none
  };
  bool isReady(std::string_view key) const;
  size_t slotOf(uint64_t hash) const { return size_t(hash) & (slots_.size() - 1); }
  void note(std::string_view key, uint64_t number);
  void removeFirst();
  void index();

  std::deque<std::string> ready_;
  uint64_t first_ = 1;       ///< the number of ready_'s first key
  std::vector<Slot> slots_;  ///< a hash table of the keys in ready_, once they are more than a few; a power of two
  std::multimap<api::Millis, std::string> delayed_;
  std::unordered_map<std::string, api::Millis> due_;
  std::unordered_map<std::string, int> failures_;
};

}  // namespace decision
