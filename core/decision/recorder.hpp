#pragma once
// Kubernetes Events as client-go makes them: names, counting of repeats, aggregation of similar ones and the spam
// filter. Used by whoever implements decision::Client::event. A value: a copy goes on independently. The scheduler's
// Events are those of the newer events API (a series instead of counts), as in a real cluster.
// NOT MODELLED: retries while the API server is away.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.hpp"
#include "core/apiserver/request.hpp"

namespace decision {

class EventRecorder {
 public:
  /// Fills in the request (a new one) that makes an Event known: a creation, or a patch that counts a repeat. False
  /// where the spam filter drops it or the series is already known. `regarding` is any object, or an ObjectReference
  /// (it has no metadata) with a fieldPath. `host` is the node of a kubelet, else "".
  bool record(const api::Value& regarding, std::string_view type, std::string_view reason, std::string_view message,
              std::string_view component, std::string_view host, api::Millis now, apiserver::Request& out);
  /// The whole Event that the last record() was about: to be created where its patch was answered NotFound.
  apiserver::Request createInstead() const;

 private:
  struct Log {
    int64_t count = 0;
    api::Value name, firstTimestamp;
  };
  struct Similar {
    std::vector<uint64_t> messages;  ///< hashes, in order
    api::Millis last = INT64_MIN / 2;
  };
  struct Bucket {
    double tokens = 25;
    api::Millis last = 0;
  };
  struct Series {
    int64_t count = 1;
    api::Millis last = 0;
    api::Value name;
  };
  /// What client-go keeps in an LRU cache of 4096 entries, here in two generations of a hash table with open
  /// addressing. Order never reaches any output.
  template <class T>
  class Cache {
   public:
    T& operator[](uint64_t key);

   private:
    struct Slot {
      uint64_t key = 0;  ///< 0: none
      T value;
    };
    using Slots = std::vector<Slot>;  ///< a power of two of them, or none
    static Slot& slotOf(Slots&, uint64_t key);
    void grow();
    Slots young_, old_;
    size_t size_ = 0;  ///< of the young
  };

  bool recordSeries(const api::Value& regarding, std::string_view type, std::string_view reason,
                    std::string_view message, uint64_t object, api::Millis now, apiserver::Request& out);
  std::string eventName(std::string_view object, std::string_view component, std::string_view host, api::Millis now);

  Cache<Log> logs_;
  Cache<Similar> similar_;
  Cache<Bucket> buckets_;
  Cache<Series> series_;
  api::Value last_;
  api::Millis lastTime_ = 0;
  int64_t sequence_ = 0;
};

}  // namespace decision
