#pragma once
// The command line: what a user types after "kubectl ", run against a cluster as kubectl v1.37.2 would, with its exact
// texts and exit codes. Used by lesson (scenario steps, the console) and by the page. Commands that wait do so on the
// virtual clock, through Host::advance. Not modelled: pipes and shell syntax beyond quoting (the shell does those).
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.hpp"
#include "core/apiserver/request.hpp"

namespace manifest {
struct Parsed;
}

namespace kubectl {

struct Result {
  int exit = 0;
  std::string out, err;  ///< stdout, stderr
};

/// The cluster that a command talks to.
class Host {
 public:
  virtual ~Host() = default;
  /// As the user; the userAgent is "kubectl".
  virtual apiserver::Response send(apiserver::Request) = 0;
  virtual api::Millis now() const = 0;
  /// Lets the cluster do its next piece of work, moving the virtual clock up to the deadline if need be; false where
  /// nothing more happens before it (the clock then stands at the deadline).
  virtual bool advance(api::Millis deadline) = 0;
  /// `-f NAME`: the open manifests.
  virtual bool readFile(const std::string& name, std::string& text) = 0;
  /// A manifest's documents. A host that is asked for the same again and again may remember them.
  virtual std::shared_ptr<const manifest::Parsed> parse(std::string_view text);
  /// The cursor stands in the past: commands that write are refused with a clear text.
  virtual bool readOnly() const = 0;
  /// `kubectl cp` writes beside the open manifests. False where that cannot be.
  virtual bool writeFile(const std::string& name, const std::string& text) { return (void)name, (void)text, false; }
  /// What was typed since it was last asked, for programs in containers. False where the command has to wait for it.
  virtual bool readInput(std::string& text, bool& ended) { return text.clear(), ended = true, true; }
  /// The person reads Chinese: own texts, such as those of `explain`, are in it.
  virtual bool chinese() const { return false; }
  /// Input and output are a terminal.
  virtual bool terminal() const { return false; }
  /// Somebody pressed Ctrl+C: once true, and then false again.
  virtual bool interrupted() { return false; }
  /// A port of the console's own (0: one that is free, which it gives) leads to a pod's as long as the command runs.
  enum class Forwarded : uint8_t { done, taken, unavailable };
  virtual Forwarded forward(int& local, const std::string& ns, const std::string& pod, int port) {
    return (void)local, (void)ns, (void)pod, (void)port, Forwarded::unavailable;
  }
  /// Whether the pod that ports lead to still runs.
  virtual bool connected() { return false; }
  /// A person changes the text with their editor. False where there is none.
  virtual bool edit(const std::string& name, std::string& text) { return (void)name, (void)text, false; }
  /// For how long a command without a time limit waits before it is given up (exit -1): the recordings' patience.
  virtual api::Millis patience() const { return 30000; }
  /// A request as text, as the user (`--raw`, and paths outside the resources); answers 404 unless the host serves it.
  virtual apiserver::Response sendRaw(const apiserver::HttpRequest& request) {
    (void)request;
    apiserver::Response r;
    r.code = 404;
    r.text = "404 page not found\n";
    return r;
  }
};

/// Runs one command; `line` is what stands after "kubectl ", with shell quoting; `input` is its standard input.
Result run(Host&, std::string_view line, std::string_view input = {});
/// The same for words that a shell has taken apart already. What is said is added to the result as it is said.
void run(Host&, std::vector<std::string> words, std::string_view input, Result&);

}  // namespace kubectl
