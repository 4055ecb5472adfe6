#pragma once
// The console of a session: a shell whose files are the open manifests and whose `kubectl` is ours. Used by the page's
// canvas, by JavaScript's shell(line) and by `ordinal shell`. What a line does to the cluster goes through the
// session's kubectl host, so it is in the journal like everything that a person does.
//
// run() does a line to its end at once, letting time pass where a command waits. begin() and go() do the same beside a
// clock that others drive: a command that waits (get -w, rollout status, logs -f) is run again from its first request
// with the replies it has had, and goes on where they end; so it needs no thread, and nothing happens twice.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/sim/session.hpp"

namespace console {

struct Piece {
  int stream = 1;  ///< 2 is stderr
  std::string text;
};

class Console {
 public:
  /// `readFile` reads what is no open manifest (from the working folder); null where there is no such thing.
  explicit Console(bool (*readFile)(const std::string& path, std::string& text) = nullptr);
  ~Console();
  Console(Console&&) noexcept;
  Console& operator=(Console&&) noexcept;

  /// One line, to its end. Lines that wait are given ten minutes; `get -w` and its like as long as something happens
  /// within half a minute. While a program in a container reads (`kubectl exec -it web-0 -- sh`), the line is for it.
  /// `order`: what was said on both streams, as it came.
  sim::Output run(sim::Session&, std::string_view line, std::vector<Piece>* order = nullptr);

  /// Begins a line; what it says comes from take().
  void begin(sim::Session&, std::string_view line);
  /// Goes on after the session has moved. `idle`: nothing more would happen in it by itself.
  void go(sim::Session&, bool idle);
  /// Ctrl+C.
  void interrupt(sim::Session&);
  /// A command runs that waits for time to pass.
  bool waits() const;
  /// A program reads lines of its own: what it said last is its prompt.
  bool reads() const;
  /// The lines so far are the beginning of a command: "for i in 0 1; do".
  bool continues() const;
  std::vector<Piece> take();
  /// Own texts come in Chinese from now on, or in English: the variable LANG.
  void setChinese(bool);

  /// Whole words for the last one of a line up to the cursor, sorted.
  std::vector<std::string> complete(sim::Session&, std::string_view line);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

/// A manifest of the Kubernetes documentation's tutorials, by its address; "" where it is not one that is known here.
std::string_view documentationManifest(std::string_view url);

}  // namespace console
