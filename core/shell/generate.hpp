#pragma once
// Many words from one: braces and the names of files. Private to core/shell.
#include <string>
#include <string_view>

#include "core/shell/machine.hpp"

namespace shell {

/// Adds the files that a pattern names; the pattern itself where there is none. At most `mostFields` are kept.
void fileNames(System&, const std::string& cwd, const std::string& pattern, Words& out);
/// {a,b} and {1..3}, as far as the words of a command need them; not within quotes. `depth`: of braces in what other
/// braces gave.
void braces(std::string_view word, Words& out, int depth = 0);

}  // namespace shell
