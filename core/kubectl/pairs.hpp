#pragma once
// Arguments like "pod p app=web tier-": resources first, then changes. Models kubectl cmd/util GetResourcesAndPairs.
#include "core/kubectl/command.hpp"

namespace kubectl {

struct Pairs {
  Strings resources, changes;
};

/// `what`: "label", "annotation", "image", "taint", for the error's words.
Error splitPairs(const Strings& args, std::string_view what, Pairs&);

}  // namespace kubectl
