#include "core/sim/cluster.hpp"

#include <algorithm>
#include <utility>

#include "core/apiserver/connect.hpp"
#include "core/decision/rules.hpp"
#include "core/sim/actors.hpp"
#include "core/sim/connect.hpp"
#include "core/sim/turn.hpp"

namespace sim {
using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;
using decision::Why;

// ---- the main loop

bool Cluster::step(Millis deadline) {
  const Millis due = nextDue();
  if (due > deadline || due == INT64_MAX) return false;
  if (due > now()) advanceTo(due);
  size_t actor = 0;
  if (!pick(actor)) return false;
  run(actor, own(actor).controller()->queue.pop());
  return true;
}

void Cluster::run(size_t actor, const std::string& key) {
  beginItem();
  Turn turn(*this, actor);
  decision::Controller& controller = *own(actor).controller();
  if (controller.sync(key, turn)) {
    controller.queue.forget(key);
  } else {
    controller.queue.addRateLimited(key, now());
  }
  endItem();
}

/// An actor to be changed: no copy of this cluster sees the change.
Cluster::Actor& Cluster::own(size_t actor) {
  Actor& a = actors_[actor].own();
  a.digest = 0;
  return a;
}

/// The actor whose turn it is goes on until its queue is empty; then the next in their order has its turn. What comes
/// from outside is noticed in their order, from the first. Only who hurries comes between.
bool Cluster::pick(size_t& actor) {
  const auto runnable = [this](size_t i) { return actors_[i]->works() && !actors_[i]->controller()->queue.empty(); };
  if (setup_.order == Order::shuffle) {
    size_t total = 0;
    for (size_t i = 0; i < actors_.size(); ++i) total += runnable(i) ? actors_[i]->controller()->queue.size() : 0;
    if (!total) return false;
    size_t choice = nextRandom() % total;
    for (actor = 0; actor < actors_.size(); ++actor) {
      const size_t n = runnable(actor) ? actors_[actor]->controller()->queue.size() : 0;
      if (choice < n) return true;
      choice -= n;
    }
    return false;
  }
  if (hurried_ && runnable(hurried_)) {
    actor = std::exchange(hurried_, 0);
    return true;
  }
  if (turn_ == deployment_ && pickMeanwhile(actor)) return true;
  for (size_t i = 0; i < actors_.size(); ++i) {
    actor = (turn_ + i) % actors_.size();
    if (runnable(actor)) {
      turn_ = actor;
      meanwhile_ = actor == deployment_ ? replicaset_ : 0;
      return true;
    }
  }
  return false;
}

/// One sync of a Deployment writes so often that meanwhile the ReplicaSet controller answers to the last one: it makes
/// the pods that are wanted now, and they get their node, before the next sync gives them up again.
bool Cluster::pickMeanwhile(size_t& actor) {
  const auto runnable = [this](size_t i) { return actors_[i]->works() && !actors_[i]->controller()->queue.empty(); };
  if (!meanwhile_ || !runnable(meanwhile_)) return false;
  actor = meanwhile_;
  meanwhile_ = scheduler_;
  return true;
}

size_t Cluster::actorNamed(std::string_view name) const {
  for (size_t i = 0; i < actors_.size(); ++i) {
    if (actors_[i]->controller() && actors_[i]->controller()->name() == name) return i;
  }
  return 0;
}

Millis Cluster::nextDue() const {
  Millis due = INT64_MAX;
  for (const auto& a : actors_) {
    if (!a->works()) continue;
    if (!a->controller()->queue.empty()) return now();
    due = std::min(due, a->controller()->queue.nextDue());
  }
  return std::max(due, now());
}

void Cluster::advanceTo(Millis t) {
  if (t > now()) server_.setTime(t);
  advanceQueues();
}

void Cluster::advanceQueues() {
  for (size_t i = 0; i < actors_.size(); ++i) {
    const Actor& a = *actors_[i];
    if (a.works() && a.controller()->queue.nextDue() <= now()) own(i).controller()->queue.advance(now());
  }
}

void Cluster::settle(Millis quiet, Millis limit) {
  const Millis end = now() + limit;
  Millis last = now();
  size_t seen = journal_.entries.size();
  while (step(std::min(last + quiet, end))) {
    if (wroteSince(journal_, seen)) last = now();
    seen = journal_.entries.size();
  }
  advanceTo(std::min(last + quiet, end));
}

// ---- one item's writes

namespace {
/// The same text, as long as the program runs. There are few subresources.
std::string_view lasting(std::string_view text) { return text.empty() ? text : api::Key(text).text(); }

}  // namespace

void Cluster::beginItem() {
  ++item_;
  itemStart_ = journal_.entries.size();
}

void Cluster::endItem() {
  for (const store::Change& c : untold_) {
    if (c.resource == Resource::nodes && c.before.isNull()) addMissingKubelets();
    const uint32_t bit = 1u << unsigned(c.resource);
    if (!(watched_ & bit)) continue;
    for (size_t i = 0; i < actors_.size(); ++i) {
      if (!(actors_[i]->mask & bit)) continue;
      if (!actors_[i]->node.empty() && c.resource == Resource::pods) continue;  // told below, by the pod's node
      tell(i, c);
      if (c.after.isNull() && actors_[i]->controller() && actors_[i]->controller()->hurries(c)) hurried_ = i;
    }
    if (c.resource != Resource::pods) continue;
    auto it = kubelets_.find(c.object().get({api::key::spec, api::key::nodeName}).asString());
    if (it != kubelets_.end() && (actors_[it->second]->mask & bit)) tell(it->second, c);
  }
  untold_.clear();
  for (const store::FactChange& c : std::exchange(untoldFacts_, {})) {
    for (size_t i = 0; i < actors_.size(); ++i) {
      const Actor& a = *actors_[i];
      if (!a.controller() || !a.controller()->watchesFacts()) continue;
      own(i).controller()->observeFact(c, decision::View(objects()), now());
    }
  }
}

void Cluster::tell(size_t actor, const store::Change& c) {
  Actor& a = own(actor);
  if (a.lagging) {
    a.missed.push_back(c);
  } else {
    a.controller()->observe(c, decision::View(objects()), now());
  }
}

Response Cluster::perform(size_t actor, const Why& why, Request&& request) {
  const Actor& a = *actors_[actor];
  const bool writes = request.verb >= Verb::create;
  if (a.controller()) request.userAgent = managerOf(journal_.actors[a.journal]);
  Response response;
  int* failing = a.failWrites > 0 ? &own(actor).failWrites : failWrites_ > 0 && actor != 0 ? &failWrites_ : nullptr;
  if (writes && failing && request.resource != Resource::events) {
    --*failing;
    response.code = 500;
    response.body.set(api::key::kind, "Status");
    response.body.set(api::key::reason, "InternalError");
    response.body.set(api::key::message, "Internal error occurred: the write was made to fail");
    response.body.set(api::key::code, 500);
  } else {
    const JournalHistory past = history();
    response = server_.handle(request, request.trusted ? nullptr : &past);
  }
  if (!writes) return response;
  if (!response.ok() && actor != 0 && request.resource != Resource::events) {
    Entry& e = newEntry(actor, EntryKind::failed, why);
    e.code = int16_t(response.code);
    e.message = response.message();
    e.subresource = lasting(request.subresource);
    std::string name = request.name;
    if (name.empty()) name = api::Object{{request.body}}.metadata().name();
    e.object = store::objectName(api::info(request.resource).kind, request.namespace_, name);
  }
  record(actor, why, request);
  return response;
}

/// What was written, since the last time, to the journal.
void Cluster::record(size_t actor, const Why& why, const Request& request) {
  for (store::Change& c : server_.changes()) {
    untold_.push_back(c);
    if (c.resource == Resource::events) {
      if (journal_.entries.size() > itemStart_) {
        journal_.entries.editBack().events.push_back(std::move(c));
      } else {
        Entry& e = newEntry(actor, EntryKind::event, why);
        e.noted = !request.trusted;
        e.object = store::objectName("Event", c.namespace_(), c.name());
        e.events.push_back(std::move(c));
      }
      continue;
    }
    EntryKind kind = request.verb == Verb::patch ? EntryKind::patch : EntryKind::update;
    if (c.before.isNull()) kind = EntryKind::create;
    if (c.after.isNull() || request.verb == Verb::remove || request.verb == Verb::deletecollection)
      kind = EntryKind::remove;
    Entry& e = newEntry(actor, kind, why);
    e.subresource = lasting(request.subresource);
    e.managed = request.verb <= Verb::patch && request.subresource != "binding" && request.subresource != "eviction";
    e.noted = !request.trusted;
    if (c.before.isNull() && request.trusted && c.resource == Resource::persistentvolumeclaims) {
      static constexpr std::initializer_list<api::Step> className = {api::key::spec, api::key::storageClassName};
      e.noted = !c.after[api::key::metadata][api::key::managedFields].isNull();
      e.defaulted = request.body.get(className).isNull() && !c.after.get(className).isNull();
    }
    if (waits_.size() > 0) waits_.erase(store::objectName(api::info(c.resource).kind, c.namespace_(), c.name()));
    e.change = std::move(c);
  }
  server_.changes().clear();
}

Entry& Cluster::newEntry(size_t actor, EntryKind kind, const Why& why) {
  Entry& e = journal_.entries.add();
  e.time = now();
  e.actor = actors_[actor]->journal;
  e.kind = kind;
  e.item = item_;
  e.why.rule = why.rule;
  // Copies of what a reason is about are for those who read it.
  if (!rehearses_) e.why.inputs = why.inputs;
  return e;
}

void Cluster::recordWait(size_t actor, const Why& why, std::string object) {
  if (rehearses_) return;
  std::optional<Why>& last = waits_.edit(object);
  if (last == why) return;
  last = why;
  newEntry(actor, EntryKind::wait, why).object = object;
}

void Cluster::recordEvent(size_t actor, const Value& regarding, std::string_view type, std::string_view reason,
                          std::string_view message) {
  if (rehearses_) return;
  Actor& a = own(actor);
  const std::string_view component = a.controller() ? a.controller()->component() : std::string_view("kubectl");
  Request request;
  if (!a.recorder.own().record(regarding, type, reason, message, component, a.node, now(), request)) return;
  Why why = decision::Rule::RecordEvent;
  // Where there is a write that it goes with, nobody is told why it was recorded.
  if (journal_.entries.size() == itemStart_) why.inputs = {{"source", Value(component)}, {"reason", Value(reason)}};
  const Response response = perform(actor, why, std::move(request));
  if (response.isNotFound()) perform(actor, why, actors_[actor]->recorder->createInstead());
}

void Cluster::recordFact(size_t actor, const Why& why, std::string key, Value fact, std::string object) {
  const Value& before = facts_.get(key);
  if (before == fact) return;
  store::FactChange change{std::move(key), before, std::move(fact)};
  facts_.apply(change);
  untoldFacts_.push_back(change);
  const bool same = journal_.entries.size() > itemStart_ && journal_.entries.back().why.rule == why.rule &&
                    journal_.entries.back().objectName() == object;
  Entry& e = same ? journal_.entries.editBack() : newEntry(actor, EntryKind::fact, why);
  if (!same) e.object = object;
  e.facts.push_back(std::move(change));
}

// ---- from outside

namespace {
Why asked(const Request& r) {
  std::string name = r.name.empty() ? std::string(api::Object{{r.body}}.metadata().name()) : r.name;
  if (name.empty()) name = info(r.resource).plural;
  return {decision::Rule::UserRequest, {{"verb", Value(apiserver::text(r.verb))}, {"object", Value(name)}}};
}
}  // namespace

Response Cluster::request(Request request) {
  turn_ = 0;
  beginItem();
  const Why why = asked(request);
  Response response =
      apiserver::isConnect(request) ? sim::connect(*this, request) : perform(0, why, std::move(request));
  endItem();
  return response;
}

Response Cluster::request(const apiserver::HttpRequest& http) {
  turn_ = 0;
  beginItem();
  const JournalHistory past = history();
  Response response = server_.handle(http, &past);
  Request shape;
  shape.verb = http.method == "PATCH" ? Verb::patch : http.method == "DELETE" ? Verb::remove : Verb::update;
  record(0, Why(decision::Rule::UserRequest, {{"verb", Value(http.method)}, {"object", Value(http.path)}}), shape);
  endItem();
  return response;
}

uint64_t Cluster::nextRandom() {
  uint64_t z = (random_ += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::vector<Cluster::ActorState> Cluster::actors() const {
  std::vector<ActorState> out;
  for (const auto& a : actors_) {
    if (!a->controller()) continue;
    const decision::WorkQueue& q = a->controller()->queue;
    out.push_back({a->controller()->name(), a->stopped ? 0 : q.size(), q.empty() ? q.nextDue() : now()});
  }
  return out;
}

}  // namespace sim
