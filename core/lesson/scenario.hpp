#pragma once
// A scenario: a cluster and what happens to it, step by step. The format is that of the recordings of the real control
// plane (tests/conformance/README.md). Played by conform (against a recording) and by `ordinal run` (as a narration).
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/sim/cluster.hpp"

namespace manifest {
struct Parsed;
}

namespace lesson {

using api::Value;

struct Step {
  enum class Kind : uint8_t { kubectl, request, input, wait } kind = Kind::kubectl;
  std::string line, input;         ///< of kubectl: the arguments and the standard input
  apiserver::HttpRequest request;  ///< of a request; its body is JSON text
  Value what;                      ///< of an input (sim/input.hpp): kubelet, node, provision, faults
  int seconds = 0;                 ///< of a wait
  bool unordered = false;          ///< what it leads to happens in an order left to chance
  /// Whether it only looks, so that nothing follows from it.
  bool reads() const;
  /// The step in one line, as a person would write it.
  std::string title() const;
};

struct Scenario {
  std::string name, summary;
  sim::Setup setup;
  std::vector<Step> steps;
  /// What is explored once the steps have been done (lesson/exploration.hpp).
  struct Explore {
    std::vector<Step> moves;           ///< what the user does, in this order, each at any time
    std::vector<std::string> lagging;  ///< actors whose view may stand still
    int lags = 1, seconds = 60;        ///< how often; how long it goes on
    bool slow = false;                 ///< time may pass although something is ready
    int64_t runs = 0;                  ///< so many random orders; 0: all orders
  } explore;
};

/// "" or what is wrong with the text, with its line.
std::string parseScenario(std::string_view yaml, Scenario&);

/// What a step answered.
struct Reply {
  bool isOutput = false, isReply = false;
  int exit = 0;
  std::string out, err;  ///< of kubectl
  int code = 0;          ///< of a request
  Value body;            ///< of a request; a text where the server answered in plain text
  std::string error;     ///< why an input could not be done
};

/// Manifests that have been read, by their text: for steps that are done again and again.
using Manifests = std::map<std::string, std::shared_ptr<const manifest::Parsed>, std::less<>>;

/// Does the step. kubectl that waits lets the cluster work for at most 30 s, as the recorder did. `known`: manifests
/// that need not be read again; a new one is added.
Reply perform(sim::Cluster&, const Step&, Manifests* known = nullptr);

}  // namespace lesson
