#pragma once
// --raw: a request goes as it is, and its answer is printed as it comes, but for the order of its members: that of
// their names, where a real API server has that of its types. Models kubectl pkg/rawhttp.
#include "core/kubectl/command.hpp"

namespace kubectl {

// What each command lets stand beside --raw. Needs: --raw is given; for create and replace a file.
Error getRaw(Invocation&);
Error createRaw(Invocation&);
Error replaceRaw(Invocation&);
Error deleteRaw(Invocation&);

}  // namespace kubectl
