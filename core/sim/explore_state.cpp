#include "core/sim/explore_state.hpp"

namespace sim {
namespace {
uint64_t weigh(Resource resource, const Value& object) {
  if (object.isNull()) return 0;
  return (decision::Digest() << resource << decision::digestOfObject(object)).value();
}
uint64_t weigh(std::string_view fact, const Value& value) {
  return value.isNull() ? 0 : (decision::Digest() << fact << value).value();
}

void setLag(Cluster& cluster, std::string_view actor, bool on) {
  Value what;
  what.set(api::key::type, "lag");
  what.set(api::Key("actor"), actor);
  what.set(api::Key("on"), on);
  cluster.input(Input{what});
}
}  // namespace

ExploredState::ExploredState(const Exploration& plan, For use)
    : plan_(&plan), cluster_(*plan.start), end_(plan.start->now() + plan.time), use_(use) {
  cluster_.rehearse(use != For::telling);
  for (const std::string& name : plan.lagging) {
    if (const size_t actor = actorNamed(name)) mayLag_.push_back(uint8_t(actor));
  }
  for (const api::ResourceInfo& r : api::resources()) {
    if (r.resource == Resource::events) continue;
    cluster_.objects().each(r.resource, "", [&](const Value& o) { sum_ += weigh(r.resource, o); });
  }
  for (const auto& [key, value] : cluster_.facts().all()) sum_ += weigh(key, value);
}

size_t ExploredState::actorNamed(std::string_view name) const {
  const size_t count = cluster_.actors().size();
  for (size_t i = 1; i <= count; ++i) {
    if (cluster_.actorName(i) == name) return i;
  }
  return 0;
}

void ExploredState::choices(std::vector<Choice>& out) const {
  using enum Choice::Kind;
  out.clear();
  const std::vector<Cluster::Item> items = cluster_.runnable();
  for (size_t i = 0; i < items.size(); ++i) out.push_back({item, uint8_t(items[i].actor), uint16_t(i)});
  if (made_ < plan_->moves->count()) out.push_back({move, 0, 0});
  bool lags = false;
  for (uint8_t actor : mayLag_) {
    if (!cluster_.isLagging(actor)) continue;
    lags = true;
    out.push_back({catchUp, actor, 0});
  }
  const bool timePasses = (items.empty() || plan_->slow) && cluster_.nextTimer() <= end_;
  if (timePasses) out.push_back({time, 0, 0});
  // A view that stands still where nothing more will happen makes no difference.
  if (lags || lagged_ >= uint32_t(plan_->lags) || out.empty()) return;
  for (uint8_t actor : mayLag_) out.push_back({lag, actor, 0});
}

std::string ExploredState::title(Choice c) const {
  switch (c.kind) {
    case Choice::Kind::item: {
      const Cluster::Item item = cluster_.runnable()[c.index];
      return std::string(cluster_.actorName(item.actor)) + " works on " + item.key;
    }
    case Choice::Kind::move: return "you: " + plan_->moves->title(made_);
    case Choice::Kind::lag: return "the view of " + std::string(cluster_.actorName(c.actor)) + " stands still";
    case Choice::Kind::catchUp: return "the view of " + std::string(cluster_.actorName(c.actor)) + " catches up";
    case Choice::Kind::time: return "time passes";
  }
  return "";
}

const Invariant* ExploredState::choose(Choice c, std::string& how) {
  const store::Objects before = cluster_.objects();
  const std::string_view actor = cluster_.actorName(c.actor);
  switch (c.kind) {
    case Choice::Kind::item: cluster_.run(cluster_.runnable()[c.index]); break;
    case Choice::Kind::move: plan_->moves->make(cluster_, made_++); break;
    case Choice::Kind::time: cluster_.advanceTo(cluster_.nextTimer()); return nullptr;
    default: lag(c); return nullptr;
  }
  if (use_ == For::telling) return nullptr;
  const std::vector<Entry> entries = cluster_.takeEntries();
  if (use_ == For::comparing) account(entries);
  return look(actor, before, cluster_.isLagging(c.actor) ? cluster_.viewOf(c.actor) : before, entries, how);
}

void ExploredState::lag(Choice c) {
  const bool on = c.kind == Choice::Kind::lag;
  lagged_ += on;
  setLag(cluster_, cluster_.actorName(c.actor), on);
  if (use_ != For::telling) cluster_.takeEntries();
}

void ExploredState::account(const std::vector<Entry>& entries) {
  for (const Entry& e : entries) {
    if (e.writes()) sum_ += weigh(e.change.resource, e.change.after) - weigh(e.change.resource, e.change.before);
    for (const store::FactChange& f : e.facts) sum_ += weigh(f.key, f.after) - weigh(f.key, f.before);
  }
}

const Invariant* ExploredState::look(std::string_view actor, const store::Objects& first, const store::Objects& view,
                                     const std::vector<Entry>& entries, std::string& how) {
  const bool lags = &view != &first;
  store::Objects before = first;
  for (const Entry& e : entries) {
    if (!e.writes()) continue;
    store::Objects after = before;
    after.apply(e.change);
    const Seen seen{cluster_, actor, view, before, after, lags, e.change, e};
    for (const Invariant& i : invariants()) {
      if (!i.write || !(i.resources >> unsigned(e.change.resource) & 1)) continue;
      how = i.write(seen);
      if (!how.empty()) return &i;
    }
    before = std::move(after);
  }
  return nullptr;
}

const Invariant* ExploredState::rest(std::string& how) const {
  for (const Invariant& i : invariants()) {
    if (!i.rest) continue;
    how = i.rest(cluster_);
    if (!how.empty()) return &i;
  }
  return nullptr;
}

uint64_t ExploredState::digest() const {
  return (decision::Digest() << sum_ << cluster_.digest() << made_ << lagged_).value();
}

}  // namespace sim
