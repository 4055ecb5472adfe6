#pragma once
// The inside of a Console. Private to core/console.
#include <map>
#include <set>

#include "core/console/console.hpp"
#include "core/kubectl/kubectl.hpp"
#include "core/shell/shell.hpp"

namespace console {

/// What a kubectl that waits has been answered so far.
struct Record {
  apiserver::Response response;
  api::Millis now = 0;
  std::string text;
  bool ok = false, ended = false;
};
struct Job {
  std::vector<Record> records;
  size_t out = 0, err = 0;  ///< how much of its output is out
  size_t consumed = 0;      ///< of its input
  bool interrupted = false, reads = false;
  bool forwards = false;  ///< ports, as long as the pod is there
  std::string uid;        ///< of that pod
  size_t length = 0;      ///< where the session stood when the job last looked
  api::Millis time = 0, wakeAt = 0;
  size_t input = 0;
};
struct Forward {
  std::string ns, pod;
  int port = 0;
  int64_t job = 0;  ///< the kubectl that forwards it
};

struct Console::State {
  shell::Shell shell = shell::Shell::interactive(
      true, "", {{"HOME", "/root"}, {"LANG", "C.UTF-8"}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}});
  bool (*readFile)(const std::string&, std::string&) = nullptr;
  std::set<std::string> folders{"/", "/tmp", "/root"};
  std::map<int64_t, Job> jobs;
  std::map<int, Forward> forwards;
  int64_t lastJob = 0;
  std::vector<Piece> pieces;
};

}  // namespace console
