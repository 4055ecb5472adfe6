#include "core/kubectl/help.hpp"

#include <algorithm>

#include "core/kubectl/runs.hpp"

namespace kubectl {
namespace {

struct Group {
  std::string_view title, commands;
};
constexpr Group groups[] = {
    {"Basic Commands (Beginner):", "create expose run set"},
    {"Basic Commands (Intermediate):", "explain get edit delete"},
    {"Deploy Commands:", "rollout scale autoscale"},
    {"Cluster Management Commands:", "certificate cluster-info top cordon uncordon drain taint"},
    {"Troubleshooting and Debugging Commands:", "describe logs attach exec port-forward proxy cp auth debug events"},
    {"Advanced Commands:", "diff apply patch replace wait kustomize"},
    {"Settings Commands:", "label annotate completion"},
    {"Subcommands provided by plugins:", ""},
    {"Other Commands:", "api-resources api-versions config kuberc plugin version"},
};

constexpr std::string_view optionsLine =
    "Use \"kubectl options\" for a list of global command-line options (applies to all commands).\n";

constexpr std::string_view rolloutLong =
    "Manage the rollout of one or many resources.\n"
    "        \n Valid resource types include:\n\n  *  deployments\n  *  daemonsets\n  *  statefulsets\n\n"
    "Examples:\n"
    "  # Rollback to the previous deployment\n  kubectl rollout undo deployment/abc\n  \n"
    "  # Check the rollout status of a daemonset\n  kubectl rollout status daemonset/foo\n  \n"
    "  # Restart a deployment\n  kubectl rollout restart deployment/abc\n  \n"
    "  # Restart deployments with the 'app=nginx' label\n  kubectl rollout restart deployment --selector=app=nginx\n";
constexpr std::string_view setLong =
    "Configure application resources.\n\n These commands help you make changes to existing application resources.\n";

constexpr std::string_view secretLong =
    "Create a secret with specified type.\n        \n A docker-registry type secret is for accessing a container "
    "registry.\n        \n A generic type secret indicate an Opaque secret type.\n        \n A tls type secret holds "
    "TLS "
    "certificate and its associated key.\n";

const Command* named(std::string_view path) {
  for (const Command& c : commands()) {
    if (c.path == path) return &c;
  }
  return nullptr;
}

std::string row(std::string_view name, size_t width, std::string_view text) {
  std::string out = "  " + std::string(name);
  out.append(width - name.size() + 1, ' ');
  return out + std::string(text) + "\n";
}

int distance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = int(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = int(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      int above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

bool hasChildren(const Command& command) {
  for (const Command& c : commands()) {
    if (startsWith(c.path, std::string(command.path) + " ")) return true;
  }
  return false;
}

}  // namespace

std::string rootHelp() {
  std::string out =
      "kubectl controls the Kubernetes cluster manager.\n\n Find more information at: "
      "https://kubernetes.io/docs/reference/kubectl/\n\n";
  for (const Group& g : groups) {
    out += std::string(g.title) + "\n";
    for (const std::string& name : split(g.commands, ' ')) {
      if (const Command* c = named(name)) out += row(name, 15, c->shortHelp);
    }
    out += "\n";
  }
  out += "Usage:\n  kubectl [flags] [options]\n\n";
  out += "Use \"kubectl <command> --help\" for more information about a given command.\n";
  return out + std::string(optionsLine);
}

std::string helpText(const Command& command) {
  std::string path(command.path), out;
  if (path == "rollout") out = rolloutLong;
  if (path == "set") out = setLong;
  if (path == "create secret") out = secretLong;
  if (out.empty()) out = std::string(command.shortHelp) + ".\n";
  out += "\n";
  if (path == "create service") out += "Aliases:\nservice, svc\n\n";  // the only group that has another name
  if (hasChildren(command)) {
    size_t width = 0;
    for (const Command& c : commands()) {
      if (startsWith(c.path, path + " ")) width = std::max(width, c.path.size() - path.size() - 1);
    }
    width += 2;
    out += "Available Commands:\n";
    for (const Command& c : commands()) {
      std::string_view name = startsWith(c.path, path + " ") ? c.path.substr(path.size() + 1) : std::string_view();
      if (!name.empty() && !contains(name, " ")) out += row(name, width, c.shortHelp);
    }
    out += "\n";
  }
  std::string usage(command.usage);
  out += "Usage:\n  " + (usage.empty() ? "kubectl " + path + " [flags] [options]" : usage) + "\n\n";
  if (hasChildren(command)) {
    out += "Use \"kubectl " + path + " <command> --help\" for more information about a given command.\n";
  }
  return out + std::string(optionsLine);
}

// Models cobra's SuggestionsFor: at most two edits, or what begins with what was typed.
std::string suggestions(std::string_view typed) {
  std::string out, wanted = lower(typed);
  for (const Command& c : commands()) {
    if (contains(c.path, " ") || c.shortHelp.empty()) continue;
    bool close = distance(wanted, c.path) <= 2 || startsWith(c.path, wanted);
    bool meant = (c.path == "get" && (wanted == "list" || wanted == "ls")) ||
                 (c.path == "delete" && (wanted == "rm" || wanted == "remove"));
    if (close || meant) out += "\t" + std::string(c.path) + "\n";
  }
  return out.empty() ? out : "\nDid you mean this?\n" + out;
}

// Models kubectl cmd/util DefaultSubCommandRun.
Error group(Invocation& in, bool toStdout) {
  if (!in.args.empty()) {
    return plain("unknown command " + quote(join(in.args, " ")) + "\nSee '" + in.path + " -h' for help and examples");
  }
  (toStdout ? in.result.out : in.result.err) += helpText(*in.command);
  return silent();
}

Error rolloutGroup(Invocation& in) { return group(in, true); }
Error setGroup(Invocation& in) { return group(in, false); }
Error topGroup(Invocation& in) { return group(in, false); }
Error authGroup(Invocation& in) { return group(in, false); }
Error configGroup(Invocation& in) { return group(in, false); }
Error createSecretGroup(Invocation& in) { return group(in, false); }
Error createServiceGroup(Invocation& in) { return group(in, false); }

}  // namespace kubectl
