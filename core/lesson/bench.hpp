#pragma once
// The work that benchmarks measure: a Parallel StatefulSet with a claim for each pod, from its manifest to the last
// Ready pod. No clock is read here; who calls measures.
#include <memory>

#include "core/sim/session.hpp"

namespace lesson {

class Bench {
 public:
  /// A cluster with as many nodes as `pods` need, at rest.
  explicit Bench(int pods);
  /// Applies the manifests and lets the cluster work until it rests. False: not all pods became Ready.
  bool run();
  size_t writes() const;   ///< revisions written by run()
  size_t entries() const;  ///< journal entries made by run()
  const sim::Cluster& cluster() const { return *cluster_; }

 private:
  int pods_;
  std::unique_ptr<sim::Cluster> cluster_;
  uint64_t revision_ = 0;
};

}  // namespace lesson
