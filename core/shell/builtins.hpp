#pragma once
// Commands that are part of the shell. Private to core/shell: builtins.cpp chooses among them.
#include "core/shell/machine.hpp"

namespace shell::builtins {

bool isName(std::string_view);
/// test(1), [ and [[: gives its status.
int test(Shell::Impl&, System&, const Words&);
/// export, readonly, declare and local.
void exportNames(Shell::Impl&, System&, const Words&, bool local);
void setOptions(Shell::Impl&, System&, const Words&);
void readVariables(Shell::Impl&, System&, const Words&);
void runText(Shell::Impl&, System&, std::string_view text);
/// sh [-ex] [-c TEXT [NAME ARGS…] | FILE ARGS…]
void subshell(Shell::Impl&, System&, const Words&);

/// Runs commands one after the other. `exact`: the status is that of the last, not xargs'.
Frame& runLists(Shell::Impl&, std::vector<Words> lists, bool exact = true);
void xargs(Shell::Impl&, System&, const Words&);
void find(Shell::Impl&, System&, const Words&);
/// env [A=b…] [COMMAND…], and those that only stand before a command: nohup, time, command, exec …
void prefixed(Shell::Impl&, System&, Words, size_t skip);
/// timeout [-s SIGNAL] [-k TIME] TIME COMMAND…
void timeout(Shell::Impl&, System&, const Words&);
/// watch [-n SECONDS] COMMAND: again and again, each time on a cleared screen.
void watch(Shell::Impl&, System&, const Words&);
/// How the shell would find a command; "" where it would not.
std::string kindOf(Shell::Impl&, System&, const std::string& name, bool brief);

}  // namespace shell::builtins
