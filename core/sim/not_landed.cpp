// Holds the place of what lands in the next minutes, so that everything links meanwhile.
#include "core/apiserver/server.hpp"

namespace apiserver {
__attribute__((weak)) Response Server::handle(const HttpRequest&) { return {}; }
}  // namespace apiserver
