#pragma once
// One actor's turn: the Client that a sync works with. Private to core/sim.
#include <string>

#include "core/decision/recorder.hpp"
#include "core/sim/cluster.hpp"

namespace sim {

struct Cluster::Actor {
  std::unique_ptr<decision::Controller> controller;
  uint32_t mask = 0;     ///< of the resources it watches
  uint16_t journal = 0;  ///< its index in Journal::actors
  std::string node;      ///< of a kubelet
  decision::EventRecorder recorder;
  bool stopped = false;
  int failWrites = 0;                       ///< so many of its next writes fail
  std::unique_ptr<store::Objects> lagging;  ///< its view, while that stands still
  std::vector<store::Change> missed;        ///< what a stopped or lagging actor has not been told yet

  Actor() = default;
  Actor(Actor&&) noexcept = default;
  Actor& operator=(Actor&&) noexcept = default;
  Actor(const Actor& other);
  Actor& operator=(const Actor& other) { return *this = Actor(other); }
};

class Turn final : public decision::Client {
 public:
  Turn(Cluster& cluster, size_t actor);
  const decision::View& view() const override { return view_; }
  Millis now() const override { return cluster_.now(); }
  apiserver::Response send(const decision::Why&, apiserver::Request) override;
  void wait(const decision::Why&, std::string object) override;
  void event(const Value& regarding, std::string_view type, std::string_view reason, std::string_view message) override;
  const store::Facts& facts() const override { return cluster_.facts_; }
  void setFact(const decision::Why&, std::string key, Value fact, std::string object) override;
  uint64_t random(uint64_t bound) override;

 private:
  Cluster& cluster_;
  size_t actor_;
  decision::View view_;
};

}  // namespace sim
