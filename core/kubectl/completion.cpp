#include "core/kubectl/completion.hpp"

#include <algorithm>

#include "core/api/sort.hpp"
#include "core/kubectl/command.hpp"

namespace kubectl {
namespace {

struct Completing {
  Host& host;
  std::string last;     ///< the word that is being typed
  Strings before, out;  ///< `before`: the words in front of it, without the command's own
  std::string ns = "default";

  void offer(std::string_view candidate) {
    if (startsWith(candidate, last)) out.emplace_back(candidate);
  }
  void commandsBelow(std::string_view path);
  void flags(const Command& command);
  void names(const Mapping& mapping, const std::string& prefix);
  void types();
  void positional(const Command& command);
};

void Completing::commandsBelow(std::string_view path) {
  for (const Command& c : commands()) {
    if (c.shortHelp.empty()) continue;
    std::string_view rest = c.path;
    if (!path.empty()) {
      if (!startsWith(rest, std::string(path) + " ")) continue;
      rest = rest.substr(path.size() + 1);
    }
    if (!contains(rest, " ")) offer(rest);
  }
}

void Completing::flags(const Command& command) {
  for (std::string_view declared : {command.flags, globalFlags}) {
    for (const std::string& word : split(declared, ' ')) {
      if (!word.empty()) offer("--" + word.substr(0, word.find_first_of(",:")));
    }
  }
}

void Completing::names(const Mapping& mapping, const std::string& prefix) {
  Result ignored;
  Invocation in{host, {}, ignored, nullptr, {}, {}, {}, -1, ns, false, {}, {}};
  std::vector<Value> items;
  in.list(mapping, ns, {}, {}, items);
  for (const Value& item : items) offer(prefix + str(item, "metadata.name"));
}

void Completing::types() {
  size_t comma = last.rfind(',');
  std::string prefix = comma == last.npos ? "" : last.substr(0, comma + 1);
  for (const Mapping& m : mappings()) {
    if (m.served()) offer(prefix + std::string(m.plural));
  }
}

/// Commands whose arguments are a pod's name, a node's, or a type and names.
void Completing::positional(const Command& command) {
  constexpr std::string_view ofPods[] = {"logs", "exec", "attach", "port-forward"};
  constexpr std::string_view ofNodes[] = {"cordon", "uncordon", "drain"};
  constexpr std::string_view none[] = {"apply", "create", "run", "replace", "diff", "version"};
  auto among = [&](const auto& list) {
    return std::find(std::begin(list), std::end(list), command.path) != std::end(list);
  };
  if (among(none) || startsWith(command.path, "create ")) return;
  size_t slash = last.find('/');
  if (slash != last.npos) {
    const Mapping* m = findMapping(last.substr(0, slash));
    if (m) names(*m, last.substr(0, slash + 1));
  } else if (among(ofPods)) {
    if (before.empty()) names(*findMapping("pods"), "");
  } else if (among(ofNodes)) {
    names(*findMapping("nodes"), "");
  } else if (before.empty()) {
    types();
  } else if (const Mapping* m = findMapping(before[0])) {
    names(*m, "");
  }
}

}  // namespace

Strings complete(Host& host, std::string_view line) {
  Completing c{host, {}, {}, {}, "default"};
  std::string error;
  shellWords(line, c.before, error);
  if (!error.empty()) return {};
  if (!line.empty() && line.back() != ' ' && !c.before.empty()) {
    c.last = c.before.back();
    c.before.pop_back();
  }
  std::string previous = c.before.empty() ? "" : c.before.back();
  const Command* command = findCommand(c.before);
  Strings args;
  for (size_t i = 0; i < c.before.size(); ++i) {
    const std::string& word = c.before[i];
    if ((word == "-n" || word == "--namespace") && i + 1 < c.before.size()) c.ns = c.before[++i];
    if (startsWith(word, "--namespace=")) c.ns = word.substr(12);
    if (!startsWith(word, "-") && word != c.ns) args.push_back(word);
  }
  c.before = std::move(args);
  if (previous == "-n" || previous == "--namespace") {
    c.names(*findMapping("namespaces"), "");
  } else if (!command) {
    c.commandsBelow("");
  } else if (startsWith(c.last, "-")) {
    c.flags(*command);
  } else {
    c.commandsBelow(command->path);
    if (c.out.empty()) c.positional(*command);
  }
  api::sort(c.out);
  c.out.erase(std::unique(c.out.begin(), c.out.end()), c.out.end());
  return c.out;
}

}  // namespace kubectl
