#pragma once
// Flags as spf13/pflag parses them, declared in short texts so that a command's flags are one line of data.
#include <string>
#include <string_view>
#include <vector>

#include "core/kubectl/text.hpp"

namespace kubectl {

/// One flag. In a declaration: NAME[,SHORT]:TYPE[?VALUE][=DEFAULT], separated by spaces. TYPE: s string, b bool, i int,
/// j int32, l int64, d duration, a list (each use and each comma adds), r list (each use adds). ?VALUE is what the flag
/// means without one (bools: true).
struct Flag {
  std::string_view name;  ///< in the declaration's text
  char shorthand = 0, type = 's';
  bool hasBareValue = false, changed = false;
  std::string_view bareValue;
  std::string value;  ///< the default until it is set
  Strings list;
};

class Flags {
 public:
  /// A name that is declared already keeps its first meaning. The text has to outlive the flags.
  void declare(std::string_view text);
  /// Parses; the words that are no flags go to `args`. "" or pflag's error. `dash`: how many args stood before "--".
  std::string parse(const Strings& words, size_t from, Strings& args, int& dash);
  const Flag* find(std::string_view name) const;
  bool changed(std::string_view name) const;
  const std::string& get(std::string_view name) const;
  bool on(std::string_view name) const { return get(name) == "true"; }
  int64_t number(std::string_view name) const;
  int64_t millis(std::string_view name) const;
  const Strings& list(std::string_view name) const;
  /// All that were set, in the order of the words: " --replicas=3 --record=true".
  const std::string& given() const { return given_; }

 private:
  Flag* own(std::string_view name) { return const_cast<Flag*>(find(name)); }
  Flag* findShort(char c);
  std::string set(Flag&, const std::string& value);
  std::vector<Flag> flags_;
  std::string given_;
};

}  // namespace kubectl
