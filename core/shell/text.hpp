#pragma once
// What commands that read texts share. Private to core/shell.
#include "core/shell/command.hpp"

namespace shell::commands {

/// The texts of the files named, or of standard input. Gives false where the command ends here: `outcome` says how.
struct Inputs {
  std::vector<std::pair<std::string, std::string>> texts;  ///< name and text
  Outcome outcome = Outcome::done;
  int exit = 0;
  std::string whole() const {
    std::string all;
    for (const auto& [name, text] : texts) all += text;
    return all;
  }
};

bool inputs(Call&, System&, std::vector<std::string> names, Inputs&);

}  // namespace shell::commands
