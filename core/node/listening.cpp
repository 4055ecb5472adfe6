// What `nc -l -c COMMAND` and ncat send to whoever connects.
#include "core/node/container.hpp"
#include "core/node/environment.hpp"
#include "core/node/serving.hpp"

namespace node {
namespace {

/// The words of a script's line from `at` on, quotes taken off, up to its end.
std::vector<std::string> wordsFrom(std::string_view text, size_t at) {
  std::vector<std::string> words;
  std::string word;
  bool any = false;
  char quote = 0;
  for (; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : '\n';
    const bool joins = c == '\\' && at + 1 < text.size();
    if (joins) ++at;
    const bool blank =
        !quote && (joins ? text[at] == '\n' : c == ' ' || c == '\t' || c == '\n' || c == ';' || c == '&');
    if (blank) {
      if (any) words.push_back(std::exchange(word, {}));
      any = false;
      if (!joins && c != ' ' && c != '\t') break;
    } else if (!joins && (quote ? c == quote : c == '"' || c == '\'')) {
      quote = quote ? '\0' : c;
      any = true;
    } else {
      word += joins ? text[at] : c;
      any = true;
    }
  }
  return words;
}

/// The command that a listener runs for each connection; "" where it runs none.
std::string commandOf(const Role& role) {
  std::vector<std::string> words = role.argv;
  for (const std::string& text : role.argv) {
    for (std::string_view name : {"ncat -", "nc -"}) {
      const size_t at = text.find(name);
      if (at != text.npos && words.size() <= role.argv.size()) words = wordsFrom(text, at);
    }
  }
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "-c" || words[i] == "-e" || words[i] == "--sh-exec" || words[i] == "--exec") return words[i + 1];
  }
  return {};
}
}  // namespace

shell::Reached receiveFrom(NodeClient& client, const api::Pod& from, std::string_view host, int port, Turns& turns,
                           std::string& text) {
  const Arrival to = arrive(client, from, host, port, turns);
  if (to.reached != shell::Reached::ok || !to.pod) return to.reached;
  const std::string command =
      commandOf(roleOf(to.container, environmentOf(to.pod, to.container, client.view()).variables));
  if (command.empty()) return to.reached;
  ContainerRun run;
  ContainerSystem system(client, to.pod, to.container, run, turns);
  std::string ignored;
  system.sayTo(&text, &ignored);
  shell::Shell program = shell::Shell::script(command, system.variables());
  program.run(system, 2000);
  return to.reached;
}

}  // namespace node
