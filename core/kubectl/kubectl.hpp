#pragma once
// The command line: what a user types after "kubectl ", run against a cluster as kubectl v1.37.2 would, with its exact
// texts and exit codes. Used by lesson (scenario steps, the console) and by the page. Commands that wait do so on the
// virtual clock, through Host::advance. Not modelled: pipes and shell syntax beyond quoting (the shell does those).
#include <string>
#include <string_view>

#include "core/api/time.hpp"
#include "core/apiserver/request.hpp"

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
  /// The cursor stands in the past: commands that write are refused with a clear text.
  virtual bool readOnly() const = 0;
  /// For how long a command without a time limit waits before it is given up (exit -1): the recordings' patience.
  virtual api::Millis patience() const { return 30000; }
  /// A request as text for paths outside the resources (`get --raw`); answers 404 unless the host serves it.
  virtual apiserver::Response sendRaw(const std::string& path) {
    (void)path;
    apiserver::Response r;
    r.code = 404;
    r.text = "404 page not found\n";
    return r;
  }
};

/// Runs one command; `line` is what stands after "kubectl ", with shell quoting; `input` is its standard input.
Result run(Host&, std::string_view line, std::string_view input = {});

}  // namespace kubectl
