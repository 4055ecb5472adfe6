#include "core/sim/actors.hpp"

namespace sim {

std::vector<std::unique_ptr<decision::Controller>> makeActors(const Setup&) { return {}; }
std::unique_ptr<decision::Controller> makeNodeActor(const Setup&, std::string_view) { return nullptr; }

}  // namespace sim
