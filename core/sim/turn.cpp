#include "core/sim/turn.hpp"

namespace sim {

Turn::Turn(Cluster& cluster, size_t actor)
    : cluster_(cluster),
      actor_(actor),
      view_(cluster.actors_[actor].lagging ? *cluster.actors_[actor].lagging : cluster.objects()) {}

apiserver::Response Turn::send(const decision::Why& why, apiserver::Request request) {
  return cluster_.perform(actor_, why, std::move(request));
}

void Turn::wait(const decision::Why& why, std::string object) { cluster_.recordWait(actor_, why, std::move(object)); }

void Turn::event(const Value& regarding, std::string_view type, std::string_view reason, std::string_view message) {
  cluster_.recordEvent(actor_, regarding, type, reason, message);
}

void Turn::setFact(const decision::Why& why, std::string key, Value fact, std::string object) {
  cluster_.recordFact(actor_, why, std::move(key), std::move(fact), std::move(object));
}

uint64_t Turn::random(uint64_t bound) { return cluster_.nextRandom() % bound; }

}  // namespace sim
