#pragma once
// A command of the table, and one invocation of it: what the user typed, where its output goes, and the cluster.
#include <span>
#include <string>
#include <string_view>

#include "core/kubectl/document.hpp"
#include "core/kubectl/error.hpp"
#include "core/kubectl/flags.hpp"
#include "core/kubectl/kubectl.hpp"
#include "core/kubectl/mapping.hpp"

namespace kubectl {

enum class DryRun : uint8_t { none, client, server };

struct Invocation;

struct Command {
  std::string_view path;           ///< "get", "rollout undo"
  std::string_view flags;          ///< flags.hpp says how
  Error (*run)(Invocation&);       ///< null: a command of which only the name and the help exist
  std::string_view shortHelp;      ///< as in the lists of commands
  std::string_view usage = {};     ///< "get [(-o|--output=)…] …"
  std::string_view required = {};  ///< flags that must be set, separated by spaces
};

/// All commands, in the order of kubectl's own help. A command's subcommands follow it.
std::span<const Command> commands();

/// The command that words begin with (flags before it skipped), which are taken out; null where there is none.
const Command* findCommand(Strings& words);
/// The flags that every command has.
extern const std::string_view globalFlags;

struct Invocation {
  Host& host;
  std::string_view input;
  Result& result;
  const Command* command = nullptr;
  std::string path;  ///< "kubectl rollout undo"
  Flags flags;
  Strings args;
  int dash = -1;  ///< how many args stand before "--"
  std::string ns = "default";
  bool nsExplicit = false;
  std::string fieldManager;
  Strings warnings;  ///< that were printed already

  void print(std::string_view text) { result.out += text; }
  void complain(std::string_view text) { result.err += text; }
  void warn(const std::string& text);
  bool is(std::string_view flag) const { return flags.on(flag); }
  const std::string& get(std::string_view flag) const { return flags.get(flag); }
  /// As cmdutil.UsageErrorf.
  Error usage(const std::string& text) const;
  DryRun dryRun(Error&) const;

  /// Sends as kubectl; prints the reply's warnings; refuses writes in the past.
  apiserver::Response send(apiserver::Request);
  /// The same for a request as text.
  apiserver::Response sendRaw(apiserver::HttpRequest);
  apiserver::Request request(apiserver::Verb, const Mapping&, std::string_view ns, std::string_view name) const;
  /// One object; answers NotFound for types that the cluster does not serve.
  apiserver::Response fetch(const Mapping&, std::string_view ns, std::string_view name);
  /// A list's items, each with apiVersion and kind.
  Error list(const Mapping&, std::string_view ns, std::string_view labels, std::string_view fields,
             std::vector<Value>& items);

  /// How long a command without a time limit of its own waits before it gives up (as an impatient user does).
  api::Millis endOfPatience() const;
  /// Whether the host ended a wait before its deadline: the command counts as killed.
  bool cutShort(api::Millis deadline) const { return host.now() < deadline; }
  /// Waits until `done` says so; false at the deadline, or where the host lets no more time pass.
  template <class Done>
  bool wait(api::Millis deadline, Done done) {
    while (!done()) {
      if (host.now() >= deadline || !host.advance(deadline)) return done();
    }
    return true;
  }
};

Error killed();

/// Flags that many commands share.
inline constexpr std::string_view printFlags =
    "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b ";
inline constexpr std::string_view fileFlags = "filename,f:a kustomize,k:s recursive,R:b ";

}  // namespace kubectl
