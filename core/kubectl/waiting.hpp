#pragma once
// Waiting on the virtual clock for an object to be gone: delete, wait --for=delete, replace --force, drain.
#include "core/kubectl/builder.hpp"

namespace kubectl {

/// Until there is no such object, or another one of that name (if `uid` is known). At the deadline: a timeout error
/// that names it, or the end of patience where the command had no limit.
Error waitForDeletion(Invocation&, const Info&, const std::string& uid, api::Millis deadline, bool limited);

}  // namespace kubectl
