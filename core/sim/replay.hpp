#pragma once
// What was done to a cluster, in the least words from which everything follows again: items run, time passed, inputs,
// requests.
#include <cstdint>
#include <string>
#include <vector>

#include "core/sim/cluster.hpp"

namespace sim {

struct Op {
  enum class Kind : uint8_t { steps, advance, input, request, http } kind = Kind::steps;
  int64_t n = 0;  ///< of steps: how many; of advance: to which time
  Value what;     ///< of an input; of a request in its saved form
};

struct Ops {
  std::vector<Op> list;
  void step();
  void advance(Millis to);
  void add(Op::Kind, Value what);
};

/// Runs an op, of steps only so many that the cluster has run `untilItem` items. False: that point is reached.
bool replay(Cluster&, const Op&, uint32_t untilItem = UINT32_MAX);

Value saved(const apiserver::Request&);
apiserver::Request request(const Value& saved);
Value saved(const apiserver::HttpRequest&);
apiserver::HttpRequest httpRequest(const Value& saved);
Value saved(const Setup&);
/// "" or what is wrong with it.
std::string parseSetup(const Value&, Setup&);
/// The modelled Kubernetes of that name ("1.36"); false where there is none.
bool findVersion(std::string_view name, Setup::Version& out);
Value saved(const Op&);
std::string parseOp(const Value&, Op&);

}  // namespace sim
