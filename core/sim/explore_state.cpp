#include "core/sim/explore_state.hpp"

#include <optional>

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
    : plan_(&plan), cluster_(*plan.start), before_(cluster_.objects()), end_(plan.start->now() + plan.time), use_(use) {
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
  for (size_t actor = 0; actor < cluster_.actorCount(); ++actor) {
    const size_t ready = cluster_.runnable(actor).size();
    for (size_t i = 0; i < ready; ++i) out.push_back({item, uint8_t(actor), uint16_t(i)});
  }
  const bool idle = out.empty();
  if (made_ < plan_->moves->count()) out.push_back({move, 0, 0});
  bool lags = false;
  for (uint8_t actor : mayLag_) {
    if (!cluster_.isLagging(actor)) continue;
    lags = true;
    out.push_back({catchUp, actor, 0});
  }
  const bool timePasses = (idle || plan_->slow) && cluster_.nextTimer() <= end_;
  if (timePasses) out.push_back({time, 0, 0});
  // A view that stands still where nothing more will happen makes no difference.
  if (lags || lagged_ >= uint32_t(plan_->lags) || out.empty()) return;
  for (uint8_t actor : mayLag_) out.push_back({lag, actor, 0});
}

std::string ExploredState::title(Choice c) const {
  switch (c.kind) {
    case Choice::Kind::item:
      return std::string(cluster_.actorName(c.actor)) + " works on " + cluster_.runnable(c.actor)[c.index];
    case Choice::Kind::move: return "you: " + plan_->moves->title(made_);
    case Choice::Kind::lag: return "the view of " + std::string(cluster_.actorName(c.actor)) + " stands still";
    case Choice::Kind::catchUp: return "the view of " + std::string(cluster_.actorName(c.actor)) + " catches up";
    case Choice::Kind::time: return "time passes";
  }
  return "";
}

const Invariant* ExploredState::choose(Choice c, std::string& how) {
  switch (c.kind) {
    case Choice::Kind::item: cluster_.runItem(c.actor, c.index); break;
    case Choice::Kind::move: plan_->moves->make(cluster_, made_++); break;
    case Choice::Kind::time: cluster_.advanceTo(cluster_.nextTimer()); return nullptr;
    default: lag(c); return nullptr;
  }
  if (use_ == For::telling) return nullptr;
  if (use_ == For::comparing) account();
  const Invariant* broken = look(c.actor, how);
  cluster_.forgetEntries();
  return broken;
}

void ExploredState::lag(Choice c) {
  const bool on = c.kind == Choice::Kind::lag;
  lagged_ += on;
  setLag(cluster_, cluster_.actorName(c.actor), on);
  if (use_ != For::telling) cluster_.forgetEntries();
}

void ExploredState::account() {
  const auto& entries = cluster_.journal().entries;
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry& e = entries[i];
    if (e.writes()) sum_ += weigh(e.change.resource, e.change.after) - weigh(e.change.resource, e.change.before);
    for (const store::FactChange& f : e.facts) sum_ += weigh(f.key, f.after) - weigh(f.key, f.before);
  }
}

/// Write by write. Between two of them the objects are as the cluster no longer has them; after the last it has them.
const Invariant* ExploredState::look(size_t actor, std::string& how) {
  const auto& entries = cluster_.journal().entries;
  size_t writes = 0;
  for (size_t i = 0; i < entries.size(); ++i) writes += entries[i].writes();
  if (writes == 0) return nullptr;
  const bool lags = cluster_.isLagging(actor);
  std::optional<store::Objects> first, between;
  if (writes > 1 && !lags) first = before_;
  const store::Objects& view = lags ? cluster_.viewOf(actor) : first ? *first : before_;
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry& e = entries[i];
    if (!e.writes()) continue;
    if (--writes > 0) {
      between = before_;
      between->apply(e.change);
    }
    const store::Objects& after = writes > 0 ? *between : cluster_.objects();
    const Seen seen{cluster_, cluster_.actorName(actor), view, before_, after, lags, e.change, e};
    for (const Invariant& invariant : invariants()) {
      if (!invariant.write || !(invariant.resources >> unsigned(e.change.resource) & 1)) continue;
      how = invariant.write(seen);
      if (!how.empty()) return &invariant;
    }
    // States that are kept share their objects with this one; a lone one would pay for sharing them with itself.
    if (use_ == For::checking)
      before_.apply(e.change);
    else
      before_ = after;
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
