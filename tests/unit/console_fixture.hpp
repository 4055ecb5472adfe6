#pragma once
// A console over a cluster with the documentation's StatefulSet, and what it said.
#include <string>
#include <string_view>

#include "core/console/console.hpp"

/// Applies the Service nginx and the StatefulSet web of the tutorial.
inline const std::string web = "kubectl apply -f https://k8s.io/examples/application/web/web.yaml";

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// All that the console has said since it was last asked.
inline std::string said(console::Console& c) {
  std::string all;
  for (const console::Piece& p : c.take()) all += p.text;
  return all;
}
