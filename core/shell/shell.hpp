#pragma once
// A running shell, as a value. The host creates it with what it is to run, calls run() and looks at the state:
//
//   shell::Shell sh = shell::Shell::script("while true; do date >> /data/log; sleep 5; done");
//   while (sh.run(system) == shell::State::waits) { … let time pass until sh.wakeAt() … }
//   sh.exit();
//
// Modelled: POSIX shell grammar but for aliases, stopped jobs and `trap` with other signals than TERM, INT and EXIT.
// Programs of a pipeline run one after the other, until one waits: then the others take what it has said (pipes.cpp).
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/shell/system.hpp"

namespace shell {

enum class State : uint8_t {
  ended,     ///< exit() says how
  waits,     ///< run again at wakeAt(), or for an external command when something happened
  reads,     ///< run again after input()
  runnable,  ///< the steps given to run() are used up
};

using Variables = std::vector<std::pair<std::string, std::string>>;

class Shell {
 public:
  /// `sh -c TEXT NAME ARGS…`. `env` are exported variables.
  static Shell script(std::string_view text, Variables env = {}, std::vector<std::string> args = {"sh"});
  /// One command, not by way of a shell: a container's command and args. `sh -c …` among them becomes a script.
  static Shell command(std::vector<std::string> args, Variables env = {});
  /// A shell that reads lines from input(), as `sh -i`: it prints `prompt` ("/ # ") before each where it has a
  /// terminal.
  static Shell interactive(bool terminal, std::string prompt, Variables env = {});

  Shell(const Shell&);
  Shell& operator=(const Shell&);
  Shell(Shell&&) noexcept;
  Shell& operator=(Shell&&) noexcept;
  ~Shell();

  /// Runs up to `steps` commands. Output goes to System::output as it comes.
  State run(System&, int steps = 10000);
  State state() const;
  /// An interactive shell has read the beginning of a command, and wants more lines.
  bool continues() const;
  int exit() const;            ///< of the last command; once ended, of the shell
  api::Millis wakeAt() const;  ///< while it waits; INT64_MAX: only when something happens

  void input(std::string_view text);  ///< adds to its standard input
  void closeInput();
  /// Standard input stays open for input(), and is a terminal if so said; before that it is empty. A shell among the
  /// command's words that reads its input ("sh" alone) prints `prompt` then.
  void openInput(bool terminal, std::string prompt = "/ # ");
  /// A signal to the program: 2 (Ctrl+C: ends the command that runs, and an interactive shell goes on), 15, 9. Gives
  /// whether it is acted on: a program that is process 1 has no default for 15 unless it traps it. Run again then.
  bool signal(int number, bool asProcess1 = false);
  /// A signal to the command that runs, which ends by it; the script goes on.
  void signalCommand(int number);
  /// The command that runs has taken the place of the shell (`exec`, or `sh -c` with that command alone).
  bool replaced() const;

  void set(std::string_view variable, std::string_view value);
  std::string get(std::string_view variable) const;
  std::string_view cwd() const;
  void chdir(std::string_view path);
  /// Shell::command was given a command that does not exist on this machine.
  bool notFound() const;
  /// The words of the command that runs now ("sleep", "3600"); none where none runs. For `ps`.
  const std::vector<std::string>& running() const;

  struct Impl;

 private:
  friend struct Impl;
  explicit Shell(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shell
