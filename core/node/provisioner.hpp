#pragma once
// The external provisioner "simulated.example.com/disk": makes a volume for each claim that the binder hands to it, and
// deletes Released volumes whose reclaim policy is Delete. It may be played by hand: then it only does what it is told.
#include <memory>
#include <string>
#include <string_view>

#include "core/decision/controller.hpp"

namespace node {

inline constexpr std::string_view provisionerName = "simulated.example.com/disk";

/// With `automatic` false it does nothing by itself.
std::unique_ptr<decision::Controller> makeProvisioner(bool automatic);

/// Does the provisioner's part for one claim where it is asked for a volume: creates that volume. "" or why it could
/// not be done; a claim that does not ask for a volume (yet) is no error.
std::string provision(decision::Client&, std::string_view ns, std::string_view claim);

}  // namespace node
