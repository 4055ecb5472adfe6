#pragma once
// How kubectl speaks to the programs in a container: requests to the pod's connect subresources, with these members in
// the body of request and reply. A real cluster opens a stream; here each request carries what is typed and each reply
// what the program said since, so that everything is in the journal and can be played again.
//
// exec and attach (verb create):
//   request  container, command (exec only), stdin, tty: as in PodExecOptions
//            session   of an earlier reply: goes on with that program; container and command are not needed then
//            input     text for its standard input;  eof: true ends it
//            signal    2 for Ctrl+C
//   reply    stdout, stderr: what it said since the last reply
//            session   while it runs;  exitCode once it has ended
//            reads     true while it waits for input (an interactive shell at its prompt)
//            wakeAt    when it goes on by itself, in milliseconds; absent where only input or an event moves it
//   A program that runs on by itself does so in the cluster's own time: ask again with `session` after time has passed.
//
// log (verb get): request: container, previous, tailLines, sinceSeconds, timestamps, as in PodLogOptions; reply:
// `text`.
//
// portforward (verb create): request: port, method, path, body of one HTTP request to the pod's port; reply: code,
//   reason, body, or refused: true.
#include <string_view>

namespace shell::connect {

inline constexpr std::string_view container = "container", command = "command", standardInput = "stdin", tty = "tty",
                                  session = "session", input = "input", eof = "eof", signal = "signal",
                                  standardOutput = "stdout", standardError = "stderr", exitCode = "exitCode",
                                  reads = "reads", wakeAt = "wakeAt";

}  // namespace shell::connect
