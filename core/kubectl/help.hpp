#pragma once
// Help texts: the root's list of commands, the lists of groups, one paragraph for the others.
#include "core/kubectl/command.hpp"

namespace kubectl {

std::string rootHelp();
std::string helpText(const Command&);
/// "Did you mean this?" with the names close to what was typed; "" where none is.
std::string suggestions(std::string_view typed);
/// What a command with subcommands only does: its help without a word after it, else an error. `toStdout`: where real
/// kubectl prints the help.
Error group(Invocation&, bool toStdout);

}  // namespace kubectl
