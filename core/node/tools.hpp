#pragma once
// Commands of images that are more than a client of a store: nginx -s, nodetool, dd, fallocate… Those that only start
// the image's server are not among them.
#include "core/node/files.hpp"
#include "core/node/roles.hpp"

namespace node {

/// Runs it; `unknown` where it is none of these.
shell::Outcome runTool(shell::Call&, shell::System&, Files&, const Role&, api::Millis now);
/// What a server says when it starts.
std::string startText(const Program&, std::string_view hostname);

}  // namespace node
