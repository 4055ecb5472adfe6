#pragma once
// The inside of a Shell: an explicit stack of frames instead of the C++ stack, so that a running program can be copied
// and can wait anywhere. Private to core/shell. execute.cpp runs frames, expand.cpp takes words apart, builtins.cpp has
// the commands that change the shell itself.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/shell/shell.hpp"
#include "core/shell/syntax.hpp"

namespace shell {

using Words = std::vector<std::string>;

constexpr size_t longestText = 1 << 20;   ///< of a pipe, a here-document, a substitution
constexpr size_t longestValue = 1 << 16;  ///< of a variable, a word
constexpr size_t mostFields = 20000;
constexpr size_t deepestFrames = 300;

struct Variable {
  std::string value;
  bool exported = false, readOnly = false;
};

/// What a subshell has for itself.
struct Environment {
  std::map<std::string, Variable, std::less<>> variables;
  std::map<std::string, NodePtr, std::less<>> functions;
  std::map<std::string, std::string, std::less<>> traps;
  Words args;  ///< $0, $1, …
  std::string cwd = "/";
  bool exitOnError = false, trace = false, unsetIsError = false, pipeFail = false, noGlob = false;
};

struct Stream {
  enum class Kind : uint8_t { input, terminal, buffer, file, null } kind = Kind::null;
  int number = 1;    ///< of a terminal: 1 or 2
  std::string text;  ///< of input and buffers; the path of a file
  size_t at = 0;     ///< how much of the input was read
  bool ends = true;  ///< no more input will come
};

inline Stream stream(Stream::Kind kind, std::string text = {}) {
  Stream s;
  s.kind = kind;
  s.text = std::move(text);
  return s;
}

struct Io {
  int in = 0, out = 1, err = 2;
};

struct Frame {
  enum class Kind : uint8_t {
    node,          ///< a command of the tree
    commands,      ///< argument lists run one after the other: xargs, find -exec
    interactive,   ///< lines from standard input
    subshell,      ///< runs node with an environment of its own
    function,      ///< runs node, gives back the arguments
    substitution,  ///< a subshell whose output becomes part of a word of the frame below
    call,          ///< the command that runs: Impl::call
  } kind = Kind::node;
  NodePtr node;
  int step = 0;
  bool redirected = false;
  bool isShell = false;                    ///< of a subshell: `sh`, which has traps of its own
  int status = 0;                          ///< a loop's or a list's so far
  bool exact = false;                      ///< of commands: the status is that of the last one, not xargs' 123
  bool testing = false;                    ///< its failure decides something, so `set -e` lets it pass
  size_t streams = 0;                      ///< how many there were
  Io io;                                   ///< to go back to
  std::vector<std::string> substitutions;  ///< what those of its words gave
  Words fields;                            ///< of a for loop
  std::vector<Words> lists;                ///< of commands
  std::optional<Environment> saved;        ///< of a subshell
  Words args;                              ///< of a function
  std::vector<std::pair<std::string, std::optional<Variable>>> locals;
  std::vector<std::pair<std::string, std::optional<Variable>>> forCommand;  ///< A=b before a command
  std::string pending;       ///< of an interactive shell: lines without an end
  int consumer = -1;         ///< of a pipeline: who reads what its program says (Impl::consumers)
  api::Millis deadline = 0;  ///< of `timeout`
};

enum class Control : uint8_t { none, breaks, continues, returns, exits };

struct Expansion;

struct Shell::Impl {
  Environment env;
  std::vector<Frame> frames;
  std::vector<Stream> streams;
  Io io;
  Call call;  ///< of the frame on top, if it is a call
  Outcome (*run_)(Call&, System&) = nullptr;
  State state = State::runnable;
  int status = 0, substituted = 0, level = 0;  ///< level: how many loops to leave
  Control control = Control::none;
  std::string prompt;
  bool terminal = false, direct = false, notFound = false;
  bool exitTrapRan = false, interrupted = false;
  int jobStatus = 0;  ///< of the one that `wait` or `fg` waited for
  int pendingSignal = 0, number = 1, jobDepth = 0;
  int jobNumber = 0;     ///< of a job: its N in %N
  int allowance = 12;    ///< of consumers, and of theirs
  bool onLines = false;  ///< the command that runs makes of each line what it makes of it
  size_t seenInput = 0;  ///< how much of its input that was the last time
  std::vector<Shell> jobs, consumers;
  std::string line;  ///< an interactive shell's last

  // ---- execute.cpp, simple.cpp, compound.cpp, jobs.cpp, pipes.cpp
  State run(System&, int steps);
  void step(System&);
  void push(NodePtr, bool testing = false);
  Frame& pushKind(Frame::Kind, NodePtr, bool testing);
  void pushSubshell(NodePtr, Frame::Kind = Frame::Kind::subshell);
  void pop();
  void finish(int status);
  bool redirect(System&, const Node&, const Words& targets);
  void simple(System&);
  void dispatch(System&, const Node&, Words words);
  void start(System&, Words words);
  bool script(System&, const std::string& file, const Words& words);
  void callAgain(System&);
  void pipeline(System&);
  void endPipeline();
  void loop();
  void forLoop(System&);
  void caseOf(System&);
  void test(System&);
  void interactive(System&);
  void commands(System&);
  void leave();
  void startJob(System&, NodePtr);
  void jobCommand(System&, const Words&);  ///< fg, bg, jobs, kill %N
  bool isInteractive() const;              ///< a person types into it
  bool runJobs(System&, int steps);
  void interrupt(System&);
  bool trap(System&, std::string_view name);
  bool replaced() const;
  void beginConsumer(size_t pipeline);
  void finishConsumer(System&);
  void drain(System&, Shell& consumer, const Io& to);
  bool flows(size_t frame) const;
  bool mayFlow() const;
  bool feed(System&);
  void unwind(System&, size_t frame);
  void expire(System&);
  bool runOnLines(System&, Stream& in);
  api::Millis wakeAt() const;
  void write(System&, int stream, std::string_view text);
  void say(System& system, std::string_view text) { write(system, io.err, text); }
  void fail(System&, std::string_view text, int code);
  int addStream(Stream);
  /// Whether the words' expansion stopped: a substitution runs first, or it was wrong.
  bool isHeldUp(System&, Expansion&);
  Expansion expansion(System&);
  bool readLine(std::string& line, bool& open);
  void markFailure();

  // ---- variables
  const std::string* find(std::string_view name) const;
  bool set(std::string_view name, std::string_view value);
  std::string path(std::string_view) const;  ///< made absolute and normalised

  // ---- builtins.cpp
  /// Runs a command that is part of the shell; false where there is none of that name.
  bool builtin(System&, Words& words);
};

/// "/a/./b/../c/" → "/a/c"; relative ones from `cwd`.
std::string normalised(std::string_view cwd, std::string_view path);

// ---- expand.cpp

/// Takes the words of one command apart. Where a $(command) has not run yet it stops: `wants` is what to run, and the
/// whole is done again with its output.
struct Expansion {
  Shell::Impl& shell;
  System& system;
  const std::vector<std::string>& results;  ///< of the substitutions, in order
  size_t used = 0;
  bool stopped = false;
  std::string wants;
  std::string error;
  std::vector<std::pair<std::string, std::string>>
      assigned;  ///< by ${x:=y} and $((x=1)): for the shell when all is done
  int depth = 0, work = 0;

  void fields(std::string_view word, Words& out);  ///< split, and file names put in
  std::string single(std::string_view word);       ///< of assignments, redirections, case
  std::string pattern(std::string_view word);      ///< with what was quoted behind backslashes
  std::string document(std::string_view body);     ///< of a here-document
  std::string variable(std::string_view name, bool& isSet);
  void commit();

 private:
  friend struct Expander;
};
/// For [[ a =~ b ]]: what was quoted is taken as it is, the rest as an extended regular expression.
std::string regexOf(std::string_view pattern);
/// $((…)); the text is expanded already.
int64_t arithmetic(Expansion&, std::string_view text);

}  // namespace shell
