#pragma once
// The small programs that containers run, chosen by their image: what a client can ask of them, where they keep data,
// how they end. Used by the kubelet, by exec and by whoever writes or counts records.
#include <string>
#include <string_view>
#include <vector>

#include "core/decision/controller.hpp"

namespace node {

struct Program {
  enum class Kind : uint8_t { webServer, recordStore, shell, sleep } kind = Kind::sleep;
  std::string_view dataDirectory;  ///< where it keeps what clients give it; "" : the first volume, else /tmp
  std::string_view recordFile;
  api::Millis stopTime = 500;  ///< from SIGTERM to its end
  bool known = false;          ///< an image that is not known runs as "sleep"
};

/// By the image's last path part without tag: "registry.k8s.io/nginx-slim:0.24" is a web server.
Program programOf(std::string_view image);
/// With what the container's command says: `sh -c 'exit 1'` ends with 1 at once, `sleep 5` after 5 seconds.
struct Run {
  bool ends = false;  ///< by itself
  api::Millis after = 0;
  int exitCode = 0;
  bool ignoresTerm = false;  ///< only SIGKILL at the end of the grace period ends it
};
Run runOf(const api::Container&);

/// A client writes a record to the program in a pod's first container. "" or why not.
std::string writeRecord(decision::Client&, std::string_view ns, std::string_view pod, std::string_view text);
/// What the program would answer to a client that reads everything.
std::vector<std::string> readRecords(const decision::View&, const store::Facts&, const api::Pod&);

}  // namespace node
