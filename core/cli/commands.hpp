#pragma once
// The native program's commands. Each takes its arguments and gives the exit code.
#include <string>
#include <vector>

namespace cli {

int run(const std::vector<std::string>& args);
int shell(const std::vector<std::string>&);
int check(const std::vector<std::string>& args);
int conform(const std::vector<std::string>& args);
int serve(const std::vector<std::string>& args);
int explore(const std::vector<std::string>& args);
int bench(const std::vector<std::string>& args);

/// False where the file cannot be read.
bool readFile(const std::string& path, std::string& text);

}  // namespace cli
