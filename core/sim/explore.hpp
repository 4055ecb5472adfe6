#pragma once
// Exploration: from one state every order of work items, or many random ones, with the invariants asked after every
// write and wherever a cluster comes to rest.
//
// A state is what decides about the future: the objects (but for resourceVersion and managedFields), the facts, the
// clock, each actor's queue (which key is first does not count, as any may be next) and memory
// (decision::Controller::remember), the changes that a lagging actor has not been told, how much chance is used up, and
// how many of the user's moves are made. Kubernetes Events and waits are left out: nothing decides by them. UIDs and
// made-up names follow from what they name and how often (apiserver::Server::deriveNames), so that two orders that
// make the same objects meet in one state. Times count as they are: relative ones would let more states meet, but the
// objects hold absolute ones.
//
// A choice is: a work item that is ready (any key of any actor); the user's next move, at any time; that an actor's
// view begins to stand still, or catches up; that time passes, where nothing is ready (or, if the plan says so,
// although something is). States are visited in order of their distance, so the first violation is one of the nearest.
// NOT MODELLED: the programs in a real kubelet's containers are no part of a state, so all orders need played kubelets
// (random ones do not); requests of one work item between those of another: items are whole;
// who manages which field.
#include <string>
#include <string_view>
#include <vector>

#include "core/sim/invariants/invariant.hpp"

namespace sim {

/// What the user does in an exploration: moves that are made in their order, each at any time.
class Moves {
 public:
  virtual ~Moves() = default;
  virtual size_t count() const = 0;
  virtual std::string title(size_t move) const = 0;
  virtual void make(Cluster&, size_t move) const = 0;
};

struct Exploration {
  const Cluster* start = nullptr;
  const Moves* moves = nullptr;
  std::vector<std::string> lagging;  ///< actors whose view may stand still, one at a time
  int lags = 1;                      ///< how often in one history
  Millis time = 60000;               ///< how far the clock may go
  bool slow = false;                 ///< time may pass although something is ready
  uint64_t maxStates = 2000000;      ///< then it gives up
  uint64_t maxSteps = UINT64_MAX;
  uint64_t longest = 20000;  ///< a history with more steps is taken for one that never comes to rest
};

struct Choice {
  enum class Kind : uint8_t { item, move, lag, catchUp, time } kind = Kind::item;
  uint8_t actor = 0;
  uint16_t index = 0;  ///< of an item: among those that its actor may work on
};

struct Explored {
  uint64_t states = 0, steps = 0;
  uint64_t ends = 0;  ///< histories that came to rest
  bool whole = true;  ///< false: a limit was reached
  const Invariant* broken = nullptr;
  std::string how;           ///< it was broken
  std::vector<Choice> path;  ///< the shortest that was found
};

/// Every order.
Explored exploreAll(const Exploration&);
/// So many random orders, each until the cluster is at rest.
Explored exploreRandom(const Exploration&, uint64_t runs, uint64_t seed);
/// The journal of one history, in lines, with reasons: what led to a violation.
std::vector<std::string> retell(const Exploration&, const std::vector<Choice>& path, decision::Language);

}  // namespace sim
