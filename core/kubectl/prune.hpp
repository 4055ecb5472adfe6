#pragma once
// What --prune of apply and diff is about: objects that were applied once and are not among those of now.
#include "core/kubectl/builder.hpp"

namespace kubectl {

/// The kinds that --prune-allowlist names.
Error pruneKinds(const Invocation&, std::vector<const Mapping*>&);
/// Objects of these kinds (where there are none: of the usual ones) in the visited namespaces that have the annotation
/// of apply and were not visited.
Error prunable(Invocation&, const std::vector<const Mapping*>& kinds, const std::vector<Info>& visited,
               std::vector<Info>&);

}  // namespace kubectl
