#pragma once
// A recording of what a cluster did, in the form in which the real control plane's were made: what is random or of the
// moment is replaced by tokens, so that both can be compared. Used by conform.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/scenario.hpp"

namespace lesson {

struct RecordedStep {
  std::map<std::string, std::vector<std::string>> order;  ///< per controlling object, in order of revisions
  std::vector<std::string> events;                        ///< sorted, each once
  int exit = 0;
  std::string out, err;
  int code = 0;
  Value body;
};

class Recorder {
 public:
  explicit Recorder(const sim::Setup& setup) : provisioner_(setup.provisioner) {}
  /// The step with the tokens in it replaced by what they stand for.
  Step realNames(Step) const;
  /// Takes in the journal from `from` on and what the step answered.
  RecordedStep observe(const sim::Journal&, size_t from, const Reply&);
  /// All objects, keyed "Kind/namespace/name".
  const std::map<std::string, Value>& state() const { return state_; }
  /// Whether more may follow from the changes later than usual: pods changed where there are EndpointSlices, or a claim
  /// did.
  bool moreMayFollow(const sim::Journal&, size_t from) const;

 private:
  void learn(const store::Change&);
  std::string replace(std::string_view) const;
  Value tokenise(const Value&) const;
  Value cleaned(const Value&) const;
  std::string cleanedText(std::string) const;
  void hideUnknownUids(Value&) const;
  void token(std::string real, std::string token);

  bool provisioner_;
  std::map<std::string, std::string, std::less<>> tokens_;
  std::vector<std::string> byLength_;  ///< the keys of tokens_, longest first
  std::map<std::string, int> incarnation_, generated_;
  std::map<std::string, bool> deleting_;
  std::map<std::string, Value> state_;
};

/// Replaces what the recordings leave out of texts: times, ages, widths of columns.
std::string normalisedOutput(std::string);
std::string withoutTimes(std::string_view);
/// The output of `kubectl explain` without its sentences: the API's documentation is not ours to copy. Headings, field
/// names, types, -required- marks and enum values stay.
std::string withoutProse(std::string_view explained);

}  // namespace lesson
