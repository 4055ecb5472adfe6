// What exploration needs of a cluster: its runnable items, and a digest of its state.
#include <algorithm>

#include "core/sim/turn.hpp"

namespace sim {

void Cluster::rehearse(bool silent) {
  rehearses_ = silent;
  server_.deriveNames();
  waits_.clear();
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

std::vector<Cluster::Item> Cluster::runnable() const {
  std::vector<Item> out;
  for (size_t i = 0; i < actors_.size(); ++i) {
    if (!actors_[i]->works()) continue;
    for (const std::string& key : actors_[i]->controller()->queue.ready()) out.push_back({i, key});
  }
  return out;
}

void Cluster::run(const Item& item) {
  own(item.actor).controller()->queue.take(item.key);
  run(item.actor, item.key);
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

std::vector<Entry> Cluster::takeEntries() {
  std::vector<Entry> out;
  out.reserve(journal_.entries.size());
  for (size_t i = 0; i < journal_.entries.size(); ++i) out.push_back(journal_.entries[i]);
  journal_.entries = {};
  journalStart_ = revision();
  return out;
}

}  // namespace sim
