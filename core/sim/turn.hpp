#pragma once
// One actor's turn: the Client that a sync works with. Private to core/sim.
#include <string>

#include "core/decision/recorder.hpp"
#include "core/node/client.hpp"
#include "core/sim/cluster.hpp"
#include "core/store/shared.hpp"

namespace sim {

struct Cluster::Actor {
  std::unique_ptr<decision::Controller> does;  ///< null of the user
  uint32_t mask = 0;                           ///< of the resources it watches
  uint16_t journal = 0;                        ///< its index in Journal::actors
  std::string node;                            ///< of a kubelet
  store::Shared<decision::EventRecorder> recorder;
  bool stopped = false;
  int failWrites = 0;                       ///< so many of its next writes fail
  std::unique_ptr<store::Objects> lagging;  ///< its view, while that stands still
  store::Logs logs;                         ///< of the first: what the programs in all containers have said
  std::vector<store::Change> missed;        ///< what a stopped or lagging actor has not been told yet
  mutable uint64_t digest = 0;              ///< of all this, 0 until it is asked for

  Actor() = default;
  Actor(Actor&&) noexcept = default;
  Actor& operator=(Actor&&) noexcept = default;
  Actor(const Actor& other);
  Actor& operator=(const Actor& other) { return *this = Actor(other); }
  decision::Controller* controller() { return does.get(); }
  const decision::Controller* controller() const { return does.get(); }
  /// Whether it may run work items.
  bool works() const { return does && !stopped; }
};

class Turn final : public node::NodeClient {
 public:
  Turn(Cluster& cluster, size_t actor);
  /// Hands a request on to the kubelet of the pod's node; `place` is what the API server said (connect.hpp).
  static apiserver::Response connect(Cluster&, std::string_view subresource, const apiserver::Response& place);
  static apiserver::Response readLog(Cluster&, const apiserver::Response& place, Millis until);
  const decision::View& view() const override { return view_; }
  Millis now() const override { return cluster_.now(); }
  apiserver::Response send(const decision::Why&, apiserver::Request&&) override;
  void wait(const decision::Why&, std::string object) override;
  void event(const Value& regarding, std::string_view type, std::string_view reason, std::string_view message) override;
  const store::Facts& facts() const override { return cluster_.facts_; }
  void setFact(const decision::Why&, std::string key, Value fact, std::string object) override;
  const store::Logs& logs() const override { return cluster_.actors_[0]->logs; }
  void log(std::string_view key, int stream, std::string_view text) override {
    cluster_.own(0).logs.append(key, cluster_.now(), stream, text);
  }
  void forgetLogs(std::string_view prefix) override { cluster_.own(0).logs.erase(prefix); }
  uint64_t random(uint64_t bound) override;

 private:
  Cluster& cluster_;
  size_t actor_;
  decision::View view_;
};

}  // namespace sim
