#pragma once
// The API server: REST over the store. handle() is the only door to the cluster's objects. A value: copying a Server
// copies the cluster's objects. Every effective write is given to the caller of takeChanges(), in order of revision.
#include <string>
#include <vector>

#include "core/apiserver/history.hpp"
#include "core/apiserver/request.hpp"

namespace apiserver {

struct Settings {
  int64_t notReadyTolerationSeconds = 300;     ///< the recordings were made with 5
  int64_t unreachableTolerationSeconds = 300;  ///< the recordings were made with 5
  uint64_t seed = 1;                           ///< of UIDs and made-up names
  std::string_view version = "1.37.2";         ///< of Kubernetes; static text
  bool maxUnavailableStatefulSet = true;       ///< the feature gate of a StatefulSet's maxUnavailable
};

/// A watch that goes on. Begun and fed by the Server; a value.
struct Watch {
  Request request;
  uint64_t since = 0;   ///< everything up to this revision has been told
  bool begun = false;   ///< the objects there were have been told
  bool headed = false;  ///< a Table's columns have been sent
  Response refused;     ///< not ok: told as an event of the type ERROR, after which the watch ends
};

class Server {
 public:
  explicit Server(Settings settings = {}) : settings_(settings), random_(settings.seed) {}

  /// `history` is what the server may know of the past. With `watch` given, a request to watch is answered by an empty
  /// 200 and *watch begins; without it by what there is to tell now.
  Response handle(const HttpRequest&, const History* history = nullptr, std::optional<Watch>* watch = nullptr);
  Response handle(const Request&, const History* history = nullptr);
  /// The watch's events since the last call: {"type": "ADDED", "object": …} each.
  std::vector<Value> events(Watch&, const History*);
  /// A bookmark as of now: the client has seen everything up to here.
  Value bookmark(const Watch&) const;

  const store::Objects& objects() const { return store_.objects(); }
  uint64_t revision() const { return store_.revision(); }
  void setTime(api::Millis now) { now_ = now; }
  api::Millis now() const { return now_; }
  /// Goes on from these objects, as of this revision: a server that answers as of an earlier time, or of a restored
  /// session.
  void restore(store::Objects objects, uint64_t revision) { store_.restore(std::move(objects), revision); }
  /// Writes down in managedFields what the history tells of the control plane's own writes, because the history ends
  /// here. No version changes by it.
  void noteManagers(const History&);
  /// From now on UIDs and made-up names follow from what they name and from how many of that name went before, not from
  /// chance: then two orders of the same creations lead to the same objects. Who manages which field is no longer
  /// noted.
  void deriveNames() { derivesNames_ = true; }
  /// How much chance has been used up.
  uint64_t chance() const { return random_; }
  /// The writes since the last call.
  std::vector<store::Change> takeChanges() { return std::exchange(changes_, {}); }
  /// The same, for who clears them having read them: what they lie in is used again.
  std::vector<store::Change>& changes() { return changes_; }

 private:
  friend struct Serving;  ///< one request being served: serve_*.cpp
  Response serve(const Request&, const History*);
  uint64_t random();
  void record(store::Change);
  Settings settings_;
  store::Store store_;
  api::Millis now_ = api::clusterEpoch;
  uint64_t random_;  ///< state of the generator behind UIDs, made-up names and addresses
  api::Value timeText_;
  api::Millis timeTextOf_ = -1;  ///< the second that timeText_ is about
  std::vector<store::Change> changes_;
  bool derivesNames_ = false;
  store::SharedMap<uint32_t> removed_;  ///< while names are derived: how many of a name are gone
};

}  // namespace apiserver
