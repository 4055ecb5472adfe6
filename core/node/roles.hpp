#pragma once
// What a container runs as its process 1: its image's program, or what its command and args say instead.
#include <string>
#include <string_view>
#include <vector>

#include "core/decision/controller.hpp"
#include "core/node/images.hpp"
#include "core/shell/shell.hpp"
#include "generated/api/types.hpp"

namespace node {

struct Role {
  enum class Kind : uint8_t {
    server,   ///< the image's program
    command,  ///< argv, run by the shell's interpreter
    idle,     ///< sleeps
  } kind = Kind::idle;
  const Program* program = nullptr;
  std::vector<std::string> argv;  ///< command and args, filled in; empty where the image's own counts
  bool serves = false;            ///< the image's program runs, be it from a script
  bool mentions(std::string_view word) const;
};
Role roleOf(const api::Container&, const shell::Variables&);
/// The same with the container's own environment, which is worked out only where its command or arguments ask for it.
Role roleOf(const api::Pod&, const api::Container&, const decision::View&);

/// Whether a command starts a program that goes on for ever ("nginx", "mysqld"), and not one of its clients.
bool isDaemon(std::string_view command);

/// The ports that the container listens on. `configuration` is the text of its program's configuration files.
std::vector<int> portsOf(const api::Container&, const Role&, std::string_view configuration);
/// The folder whose files a web server serves.
std::string documentRoot(const Role&, std::string_view configuration);

}  // namespace node
