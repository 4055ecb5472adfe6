#pragma once
// Replays scenarios on the core and compares what it does, step by step, with the recording of the real control plane.
#include <string>
#include <vector>

#include "core/lesson/recording.hpp"

namespace lesson {

struct Divergence {
  bool found = false;
  size_t step = 0;
  std::string title;  ///< the step, as a person would write it
  std::string what;   ///< "output", "reply", "order", "state", "events", or what is wrong with the files
  std::string text;   ///< where and how they differ
};

/// The first divergence of a scenario from its recording (both as text); with `all` further ones are added to `more`.
Divergence conform(std::string_view scenarioYaml, std::string_view recordingJson,
                   std::vector<Divergence>* more = nullptr);

}  // namespace lesson
