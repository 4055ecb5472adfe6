#pragma once
// One line of history: a live cluster at its end, what was done on the way, and checkpoints to go back to. And the look
// into its past. Private to core/sim.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/sim/replay.hpp"

namespace sim {

/// What there was after so many entries. A copy costs little: it shares what it has in common with the others.
struct Moment {
  size_t entries;
  store::Objects objects;
  store::Facts facts;
};

struct Branch {
  explicit Branch(const Setup& setup) : cluster(setup), start(cluster.now()), startRevision(cluster.revision()) {}

  Cluster cluster;
  Ops ops;
  Millis start;            ///< the time at entry 0
  uint64_t startRevision;  ///< the revision at entry 0
  size_t parent = 0, forkedAt = 0;
  std::string title;

  bool step(Millis deadline);
  void advance(Millis to);
  apiserver::Response request(const apiserver::Request&);
  apiserver::Response request(const apiserver::HttpRequest&);
  std::string input(const Input&);

  /// A branch that has run just the first `items` items of this one.
  Branch upTo(const Setup&, uint32_t items) const;
  Value saved() const;
  /// Forgets the checkpoints and moments past the cluster's last item: what led there has been taken back.
  void dropCheckpoints();
  /// Moments every few thousand entries, so that a look at any entry starts near it.
  const std::vector<Moment>& moments() const { return moments_; }
  /// "" or what is wrong. Runs what was saved.
  std::string load(const Value&, size_t self);

 private:
  struct Checkpoint {
    std::shared_ptr<const Cluster> cluster;
    size_t ops;     ///< how many ops it is past
    int64_t steps;  ///< and how many steps of the next one
  };
  std::vector<Checkpoint> checkpoints_;
  std::vector<Moment> moments_;
  uint32_t lastCheckpoint_ = 0;
  void checkpoint();
};

/// Takes back what a look ahead did to a branch when nothing came of it.
class Rewind {
 public:
  explicit Rewind(Branch& b) : branch_(b) {}
  void mark() {
    if (!saved_) saved_ = std::make_unique<Saved>(Saved{branch_.cluster, branch_.ops});
  }
  void forget() { saved_.reset(); }
  void back() {
    if (!saved_) return;
    branch_.cluster = std::move(saved_->cluster);
    branch_.ops = std::move(saved_->ops);
    branch_.dropCheckpoints();
    saved_.reset();
  }

 private:
  struct Saved {
    Cluster cluster;
    Ops ops;
  };
  Branch& branch_;
  std::unique_ptr<Saved> saved_;
};

/// The objects as of an entry before the end, rolled there from where they last stood.
class Past {
 public:
  const Moment& at(const Branch&, size_t cursor);
  /// A server that answers as of then; for reading only.
  apiserver::Server& server(const Setup&, const store::Objects&, uint64_t revision, Millis now);

 private:
  std::optional<Moment> state_;
  apiserver::Server server_;
};

}  // namespace sim
