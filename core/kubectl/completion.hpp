#pragma once
// What can stand at the end of a line: commands, flags, types, names and namespaces of the cluster. For consoles.
#include "core/kubectl/kubectl.hpp"
#include "core/kubectl/text.hpp"

namespace kubectl {

/// `line` is what stands after "kubectl " up to the cursor. Gives whole words for its last one, sorted; none where
/// anything may follow.
Strings complete(Host&, std::string_view line);

}  // namespace kubectl
