#pragma once
// The API server: REST over the store. handle() is the only door to the cluster's objects. A value: copying a Server
// copies the cluster's objects. Every effective write is given to the caller of takeChanges(), in order of revision.
#include <string>
#include <vector>

#include "core/api/time.hpp"
#include "core/apiserver/request.hpp"
#include "core/store/log.hpp"
#include "core/store/store.hpp"

namespace apiserver {

struct Settings {
  int64_t notReadyTolerationSeconds = 300;     ///< the recordings were made with 5
  int64_t unreachableTolerationSeconds = 300;  ///< the recordings were made with 5
  uint64_t seed = 1;                           ///< of UIDs and made-up names
  bool maxUnavailableStatefulSet = true;       ///< the gate of that name
};

class Server {
 public:
  explicit Server(Settings settings = {}) : settings_(settings), random_(settings.seed) {}

  Response handle(const HttpRequest&);
  Response handle(const Request&);

  const store::Objects& objects() const { return store_.objects(); }
  uint64_t revision() const { return store_.revision(); }
  void setTime(api::Millis now) { now_ = now; }
  api::Millis now() const { return now_; }
  /// Goes on from these objects, as of this revision: a server that answers as of an earlier time, or of a restored
  /// session.
  void restore(store::Objects objects, uint64_t revision) { store_.restore(std::move(objects), revision); }
  /// Remembers changes from now on, so that a watch can be told what happened since a revision. Without it a watch only
  /// gets the objects there are.
  void keepHistory();
  /// The writes since the last call.
  std::vector<store::Change> takeChanges() { return std::exchange(changes_, {}); }

 private:
  friend struct Serving;  ///< one request being served: serve_*.cpp
  Response serve(const Request&);
  uint64_t random();
  void record(store::Change);
  size_t historyAfter(uint64_t revision) const;  ///< the index of the first change after it
  Settings settings_;
  store::Store store_;
  api::Millis now_ = api::clusterEpoch;
  uint64_t random_;  ///< state of the generator behind UIDs, made-up names and addresses
  api::Value timeText_;
  api::Millis timeTextOf_ = -1;  ///< the second that timeText_ is about
  std::vector<store::Change> changes_;
  bool keepsHistory_ = false;
  uint64_t historyStart_ = UINT64_MAX;  ///< the revision from which on the history is whole
  store::SharedLog<store::Change> history_;
};

}  // namespace apiserver
