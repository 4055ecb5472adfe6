#pragma once
// The table of commands, and what they share. A command is a function of its Call; it is called once, or again and
// again where it waits. Commands that run other commands (xargs, env, sh, …) are in builtins.cpp.
#include "core/shell/system.hpp"

namespace shell {

struct CommandEntry {
  std::string_view name;
  Outcome (*run)(Call&, System&);
  bool reads = false;  ///< it may read its standard input
};
const CommandEntry* findCommand(std::string_view name);
/// Whether what it says of a line follows from the lines up to it.
bool worksOnLines(std::string_view name);
/// Names of the table, in order; for completion and `help`.
std::vector<std::string_view> commandNames();

Outcome done(Call&, int exit = 0);
/// "NAME: TEXT" to stderr; ends with `exit`.
Outcome fail(Call&, std::string_view text, int exit = 1);
/// The file's text, or standard input for "-"; false after saying why not. `again` is set where more input must come.
bool slurp(Call&, System&, std::string_view name, std::string& text);
/// What a device file gives: nothing (/dev/null), or the beginning of something endless (zeros, random bytes), of which
/// there is as much as any command here makes use of. False where the path is no device.
bool readDevice(const System&, std::string_view path, std::string& text);
/// Standard input as a whole; false: return Outcome::reads.
bool input(Call&);
std::string absolute(const Call&, std::string_view path);

/// Options as getopt reads them: `spec` as "nrk:u", long ones are given as they stand to `longOption`. Gives the words
/// that are none; false after saying what is wrong.
struct Options {
  std::vector<std::pair<char, std::string>> list;
  std::vector<std::string> words;
  bool has(char c) const;
  const std::string* value(char c) const;
};
bool options(Call&, std::string_view spec, Options&);

std::vector<std::string_view> lines(std::string_view text);
/// A number at the start of a text, as atof.
double number(std::string_view text);
std::string numberText(double);
int64_t integer(std::string_view text, int64_t otherwise = 0);
std::string padded(std::string_view text, int width);  ///< negative: to the left
/// printf(1): what the format and the arguments make.
std::string formatted(std::string_view format, const std::vector<std::string>& args, size_t from);
/// "\n", "\t", "\033", "\x1b" …
std::string unescaped(std::string_view text, bool* stop = nullptr);
/// strftime, in UTC.
std::string formatTime(api::Millis, std::string_view format);

}  // namespace shell
