#include "core/sim/branch.hpp"

#include <algorithm>

namespace sim {
using api::Key;

bool Branch::step(Millis deadline) {
  if (!cluster.step(deadline)) return false;
  ops.step();
  checkpoint();
  return true;
}

void Branch::advance(Millis to) {
  if (to <= cluster.now()) return;
  cluster.advanceTo(to);
  ops.advance(to);
}

apiserver::Response Branch::request(const apiserver::Request& r) {
  ops.add(Op::Kind::request, sim::saved(r));
  return cluster.request(r);
}
apiserver::Response Branch::request(const apiserver::HttpRequest& r) {
  ops.add(Op::Kind::http, sim::saved(r));
  return cluster.request(r);
}
std::string Branch::input(const Input& in) {
  ops.add(Op::Kind::input, in.what);
  return cluster.input(in);
}

constexpr size_t betweenMoments = 4096;

/// Often enough that going back replays little, seldom enough that copies cost little beside the work between them.
void Branch::checkpoint() {
  const size_t entries = cluster.journal().entries.size();
  if (entries >= (moments_.empty() ? 0 : moments_.back().entries) + betweenMoments)
    moments_.push_back({entries, cluster.objects(), cluster.facts()});
  const uint32_t apart = uint32_t(std::max<size_t>(1000, cluster.objects().count(Resource::pods) * 32));
  if (cluster.items() < lastCheckpoint_ + apart) return;
  lastCheckpoint_ = cluster.items();
  const bool inside = ops.list.back().kind == Op::Kind::steps;
  checkpoints_.push_back(
      {std::make_shared<Cluster>(cluster), ops.list.size() - (inside ? 1 : 0), inside ? ops.list.back().n : 0});
}

void Branch::dropCheckpoints() {
  while (!checkpoints_.empty() && checkpoints_.back().cluster->items() > cluster.items()) checkpoints_.pop_back();
  lastCheckpoint_ = checkpoints_.empty() ? 0 : checkpoints_.back().cluster->items();
  while (!moments_.empty() && moments_.back().entries > cluster.journal().entries.size()) moments_.pop_back();
}

Branch Branch::upTo(const Setup& setup, uint32_t items) const {
  Branch b(setup);
  b.start = start;
  b.startRevision = startRevision;
  size_t op = 0;
  int64_t done = 0;
  for (const Checkpoint& c : checkpoints_) {
    if (c.cluster->items() > items) break;
    b.cluster = *c.cluster;
    op = c.ops;
    done = c.steps;
    b.checkpoints_.push_back(c);
    b.lastCheckpoint_ = c.cluster->items();
  }
  b.ops.list.assign(ops.list.begin(), ops.list.begin() + long(op));
  for (; op < ops.list.size() && b.cluster.items() < items; ++op, done = 0) {
    Op rest = ops.list[op];
    rest.n -= rest.kind == Op::Kind::steps ? done : 0;
    const uint32_t before = b.cluster.items();
    replay(b.cluster, rest, items);
    if (rest.kind == Op::Kind::steps) rest.n = done + (b.cluster.items() - before);
    b.ops.list.push_back(std::move(rest));
  }
  for (const Moment& m : moments_) {
    if (m.entries <= b.cluster.journal().entries.size()) b.moments_.push_back(m);
  }
  return b;
}

Value Branch::saved() const {
  Value v;
  std::vector<Value> list;
  for (const Op& op : ops.list) list.push_back(sim::saved(op));
  v.set(Key("ops"), Value::array(std::move(list)));
  v.set(Key("parent"), int64_t(parent));
  v.set(Key("forkedAt"), int64_t(forkedAt));
  v.set(Key("title"), title);
  return v;
}

std::string Branch::load(const Value& v, size_t self) {
  parent = std::min<size_t>(size_t(std::max<int64_t>(v[Key("parent")].asInt(), 0)), self);
  title = v[Key("title")].asString();
  size_t index = 0;
  for (const Value& item : v[Key("ops")].values()) {
    Op op;
    if (std::string error = parseOp(item, op); !error.empty()) return "ops[" + std::to_string(index) + "]." + error;
    if (op.kind == Op::Kind::steps) {
      for (int64_t i = 0; i < op.n && step(INT64_MAX); ++i) {}
    } else {
      replay(cluster, op);
      ops.list.push_back(std::move(op));
    }
    ++index;
  }
  forkedAt =
      std::min<size_t>(size_t(std::max<int64_t>(v[Key("forkedAt")].asInt(), 0)), cluster.journal().entries.size());
  return "";
}

const Moment& Past::at(const Branch& branch, size_t cursor) {
  const auto& entries = branch.cluster.journal().entries;
  const auto way = [&](size_t from) { return from > cursor ? from - cursor : cursor - from; };
  size_t nearest = state_ ? way(state_->entries) : SIZE_MAX;
  const Moment* start = nullptr;
  for (const Moment& m : branch.moments()) {
    if (way(m.entries) < nearest) nearest = way(m.entries), start = &m;
  }
  if (way(entries.size()) < nearest) {
    state_.emplace(Moment{entries.size(), branch.cluster.objects(), branch.cluster.facts()});
  } else if (start) {
    state_ = *start;
  }
  for (size_t& at = state_->entries; at != cursor;) {
    if (at < cursor)
      applyForward(entries[at++], state_->objects, state_->facts);
    else
      applyBackward(entries[--at], state_->objects, state_->facts);
  }
  return *state_;
}

apiserver::Server& Past::server(const Setup& setup, const store::Objects& objects, uint64_t revision, Millis now) {
  if (server_.revision() != revision || server_.now() != now) server_ = apiserver::Server(serverSettings(setup));
  server_.setTime(now);
  server_.restore(objects, revision);
  return server_;
}

}  // namespace sim
