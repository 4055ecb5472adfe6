#pragma once
// One state of an exploration, and what may happen next in it. Private to core/sim.
#include <string>
#include <vector>

#include "core/sim/explore.hpp"

namespace sim {

class ExploredState {
 public:
  enum class For : uint8_t {
    comparing,  ///< digest() is wanted
    checking,   ///< only the invariants are
    telling,    ///< neither, but the journal
  };
  ExploredState(const Exploration&, For);

  const Cluster& cluster() const { return cluster_; }
  /// Empty: the cluster is at rest and the user has made all moves.
  void choices(std::vector<Choice>& out) const;
  /// Does it and asks the invariants. Null: none is broken.
  const Invariant* choose(Choice, std::string& how);
  const Invariant* rest(std::string& how) const;
  uint64_t digest() const;
  /// What a choice is, for a person: "statefulset default/web".
  std::string title(Choice) const;

 private:
  size_t actorNamed(std::string_view) const;
  void lag(Choice);
  const Invariant* look(size_t actor, std::string& how);
  void account();

  const Exploration* plan_;
  Cluster cluster_;
  store::Objects before_;        ///< as they were before the last item
  std::vector<uint8_t> mayLag_;  ///< actors
  Millis end_;
  uint32_t made_ = 0, lagged_ = 0;
  uint64_t sum_ = 0;  ///< of the digests of all objects and facts
  For use_;
};

}  // namespace sim
