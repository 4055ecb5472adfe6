#include "core/sim/turn.hpp"

#include "core/node/logs.hpp"

namespace sim {

Turn::Turn(Cluster& cluster, size_t actor)
    : cluster_(cluster),
      actor_(actor),
      view_(cluster.actors_[actor]->lagging ? *cluster.actors_[actor]->lagging : cluster.objects()) {}

apiserver::Response Turn::connect(Cluster& cluster, std::string_view subresource, const apiserver::Response& place) {
  const Value& pod = place.body[api::Key("pod")];
  const auto kubelet = cluster.kubelets_.find(pod.get({api::key::spec, api::key::nodeName}).asString());
  if (kubelet == cluster.kubelets_.end()) return place;
  Turn turn(cluster, kubelet->second);
  auto& agent = static_cast<node::Agent&>(*cluster.own(kubelet->second).controller());
  return agent.connect(pod, subresource, place.body[api::key::options], turn);
}

apiserver::Response Turn::readLog(Cluster& cluster, const apiserver::Response& place, Millis until) {
  const Value &pod = place.body[api::Key("pod")], &options = place.body[api::key::options];
  return node::readLog(cluster.actors_[0]->logs, cluster.facts_, api::as<api::Pod>(pod), options, until);
}

apiserver::Response Turn::send(const decision::Why& why, apiserver::Request&& request) {
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
