// Plays a script on a session and prints the journal of each branch, one entry a line. See README.md.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "core/manifest/manifest.hpp"
#include "core/sim/session.hpp"

namespace {

std::string readAll(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// "" or what is wrong with the line.
std::string play(sim::Session& session, const std::string& line) {
  const size_t space = line.find(' ');
  const std::string verb = line.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
  const int64_t n = std::atoll(rest.c_str());
  std::string problem;
  if (verb == "apply") {
    session.apply(readAll(rest));
  } else if (verb == "kubectl") {
    session.kubectl(rest);
  } else if (verb == "fault") {
    const api::Value what = manifest::parseJson(rest, problem);
    if (problem.empty()) problem = session.fault({what});
  } else if (verb == "step") {
    for (int64_t i = 0; i < n; i++) session.step();
  } else if (verb == "back") {
    for (int64_t i = 0; i < n; i++) session.back();
  } else if (verb == "seek") {
    session.seek(size_t(n));
  } else if (verb == "rest") {
    session.rest();
  } else if (verb == "wait") {
    session.wait(n);
  } else if (verb == "switch") {
    session.switchTo(size_t(n));
  } else {
    problem = "no such verb";
  }
  return problem;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sim::Session session;
  std::ifstream script(argv[1]);
  for (std::string line; std::getline(script, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::string problem = play(session, line);
    if (!problem.empty()) {
      std::cerr << argv[1] << ": " << line << ": " << problem << "\n";
      return 1;
    }
  }
  for (const sim::BranchInfo& branch : session.branches()) {
    session.switchTo(branch.id);
    std::cout << "branch " << branch.id << "\n";
    for (size_t i = 0; i < session.length(); i++) {
      std::string out;
      sim::toJson(session.journal(), i, out);
      std::cout << out << "\n";
    }
  }
}
