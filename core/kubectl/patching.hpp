#pragma once
// Changing an object as label, set, scale and rollout do: read, change the document, send the difference as a patch.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/printer.hpp"

namespace kubectl {

/// Sends what differs between the object read and `changed`; info.object becomes the reply. `differs`: whether there
/// was anything to send.
Error patchObject(Invocation&, Info&, const Value& changed, DryRun, bool& differs);
/// With --record the object says which command changed it.
void recordCause(const Invocation&, Value& object);
/// The same by a patch of its own, for commands that change the object in another way. What is wrong is not told.
void patchCause(Invocation&, const Info&, bool dryRun);
/// One patch request.
apiserver::Response sendPatch(Invocation&, const Info&, apiserver::PatchType, Value body, bool dryRun);
/// The pod template's spec of workloads and pods: "spec.template.spec" or "spec"; "" for other kinds.
std::string podSpecPath(const Mapping&);

}  // namespace kubectl
