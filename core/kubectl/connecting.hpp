#pragma once
// Speaking to the programs in a pod: exec, attach, logs, and run with a terminal.
#include "core/kubectl/command.hpp"

namespace kubectl {

/// The pod that "web-0", "pod/web-0" or "sts/web" means.
Error findPod(Invocation&, const std::string& argument, Value& pod);
/// After `kubectl run -i`: waits for the pod, speaks with it to its end, and removes it with --rm.
Error attachToRun(Invocation&, const std::string& name);

}  // namespace kubectl
