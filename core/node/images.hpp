#pragma once
// The images that are known here: which small program each runs, where that listens and keeps its data, which files
// and commands it brings. Everything else runs as "sleep". Used by the kubelet, by whoever connects to a container, and
// by the shell that runs in one.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.hpp"
#include "core/api/value.hpp"

namespace node {

struct Program {
  enum class Kind : uint8_t { webServer, recordStore, shell, sleep } kind = Kind::sleep;
  std::string_view name;           ///< "nginx", "mysql"…: what speaks; "" of a shell and of sleep
  std::string_view dataDirectory;  ///< a web server's documents, a store's records
  int port = 0;                    ///< it listens on; 0: on none, or on all that the container declares
  int otherPort = 0;
  std::string_view commandLine;  ///< as ps shows it
  std::string_view executables;  ///< the commands that start it or speak to it, each between blanks: " nginx "
  api::Millis startTime = 0;     ///< until it listens
  api::Millis stopTime = 500;    ///< from SIGTERM to its end
  bool known = false;            ///< an image that is not known runs as "sleep"
};

/// By the image's last path part without tag: "registry.k8s.io/nginx-slim:0.24" is nginx.
const Program& programOf(std::string_view image);
/// The image's repository and tag: "docker.io/library/nginx" and "1.27" of "nginx:1.27".
struct ImageName {
  std::string repository, tag;  ///< the tag with its ':' or '@'
  bool valid = true;
};
ImageName parseImageName(std::string_view image);
/// Whether there is no such image, as far as one can tell by its name: a tag that a known program never had, or a name
/// that says so ("does-not-exist").
bool isMissingImage(std::string_view image);
/// The files and folders of an image: {path: text, or true for a folder}. Shared by all that run it.
const api::Value& imageFiles(const Program&);
/// Whether the image has this command. Shells and small systems have all of the shell's own.
bool hasCommand(const Program&, std::string_view command);
/// Where the image has it, as a file that can be moved away.
std::string executablePath(std::string_view command);

}  // namespace node
