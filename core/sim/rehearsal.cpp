// What exploration needs of a cluster: its runnable items, and a digest of its state.
#include <algorithm>

#include "core/sim/turn.hpp"

namespace sim {

void Cluster::rehearse(bool silent) {
  rehearses_ = silent;
  server_.deriveNames();
  waits_ = {};
  server_.noteManagers(history());
  journal_.entries = {};
  journalStart_ = revision();
}

Millis Cluster::nextTimer() const {
  Millis due = INT64_MAX;
  for (const auto& a : actors_) {
    if (a->works()) due = std::min(due, a->controller()->queue.nextDue());
  }
  return due;
}

const std::deque<std::string>& Cluster::runnable(size_t actor) const {
  static const std::deque<std::string> none;
  return actors_[actor]->works() ? actors_[actor]->controller()->queue.ready() : none;
}

void Cluster::runItem(size_t actor, size_t index) {
  decision::WorkQueue& queue = own(actor).controller()->queue;
  const std::string key = queue.ready()[index];
  queue.take(key);
  run(actor, key);
}

std::string_view Cluster::actorName(size_t actor) const {
  const decision::Controller* controller = actors_[actor]->controller();
  return controller ? controller->name() : std::string_view("you");
}

const store::Objects& Cluster::viewOf(size_t actor) const {
  return actors_[actor]->lagging ? *actors_[actor]->lagging : objects();
}

bool Cluster::isLagging(size_t actor) const { return actors_[actor]->lagging != nullptr; }

uint64_t Cluster::digest() const {
  decision::Digest out;
  out << now() << random_ << server_.chance() << failWrites_ << nodes_.index << nodes_.lastAddress;
  for (const auto& a : actors_) {
    if (!a->digest && a->controller()) {
      decision::Digest d;
      a->controller()->queue.digest(d);
      a->controller()->remember(d);
      d << a->stopped << a->failWrites << bool(a->lagging) << a->missed.size();
      for (const store::Change& c : a->missed) {
        d << c.resource << decision::digestOfObject(c.before) << decision::digestOfObject(c.after);
      }
      a->digest = d.value() | 1;
    }
    out << a->digest;
  }
  return out.value();
}

void Cluster::forgetEntries() {
  if (!journal_.entries.empty()) journal_.entries = {};
  journalStart_ = revision();
}

}  // namespace sim
