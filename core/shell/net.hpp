#pragma once
// What commands of the network share. Private to core/shell.
#include "core/shell/command.hpp"

namespace shell::commands {

/// A wait of some seconds before a timeout is told: true while it is to be waited.
bool waits(Call&, System&, api::Millis time);

}  // namespace shell::commands
