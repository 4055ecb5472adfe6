#include "core/kubectl/kubectl.hpp"

#include "core/kubectl/help.hpp"
#include "core/kubectl/runs.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {
const std::string_view globalFlags =
    "as:s as-group:r as-uid:s as-user-extra:r cache-dir:s certificate-authority:s client-certificate:s client-key:s "
    "cluster:s context:s disable-compression:b insecure-skip-tls-verify:b kubeconfig:s kuberc:s "
    "log-flush-frequency:d=5s match-server-version:b namespace,n:s password:s profile:s=none "
    "profile-output:s=profile.pprof request-timeout:s=0 server,s:s tls-server-name:s token:s user:s username:s v,v:s=0 "
    "vmodule:s warnings-as-errors:b help,h:b";

namespace {

struct Alias {
  std::string_view typed, path;
};
constexpr Alias aliases[] = {
    {"create cm", "create configmap"},
    {"create deploy", "create deployment"},
    {"create ns", "create namespace"},
    {"create pdb", "create poddisruptionbudget"},
    {"create pc", "create priorityclass"},
    {"create resourcequota", "create quota"},
    {"create cj", "create cronjob"},
    {"create ing", "create ingress"},
    {"create svc", "create service"},
    {"create sa", "create serviceaccount"},
    {"set sa", "set serviceaccount"},
    {"top pod", "top pods"},
    {"top po", "top pods"},
    {"top node", "top nodes"},
    {"top no", "top nodes"},
};

const Command* commandAt(std::string_view path) {
  for (const Alias& a : aliases) {
    if (a.typed == path) path = a.path;
  }
  for (const Command& c : commands()) {
    if (c.path == path) return &c;
  }
  return nullptr;
}

}  // namespace

const Command* findCommand(Strings& words) {
  const Command* found = nullptr;
  std::string path;
  for (size_t i = 0; i < words.size();) {
    if (startsWith(words[i], "-")) {
      // A flag before the command's name: those with a value take the next word.
      bool takesWord = words[i] == "-n" || words[i] == "--namespace" || words[i] == "-s" || words[i] == "--context";
      i += !found && takesWord ? 2 : 1;
      if (found) break;
      continue;
    }
    const Command* next = commandAt(path.empty() ? words[i] : path + " " + words[i]);
    if (!next) break;
    found = next;
    path = next->path;
    words.erase(words.begin() + long(i));
  }
  return found;
}

namespace {

/// Those that can write down on the object what they were.
bool canRecord(std::string_view path) {
  constexpr std::string_view all =
      " annotate apply autoscale create edit expose label patch run scale set-image set-resources set-selector "
      "set-serviceaccount ";
  std::string word = " " + std::string(path) + " ";
  if (const size_t space = word.find(' ', 1); space + 1 < word.size()) word[space] = '-';
  return contains(all, word);
}

Error execute(Invocation& in, const Strings& words) {
  in.flags.declare(in.command->flags);
  if (canRecord(in.command->path)) in.flags.declare("record:b");
  in.flags.declare(globalFlags);
  std::string problem = in.flags.parse(words, 0, in.args, in.dash);
  if (in.flags.changed("record"))
    in.complain("Flag --record has been deprecated, --record will be removed in the future\n");
  if (!problem.empty() && in.command->path == "diff") {
    Error error = in.usage(problem);
    error.code = 2;
    return error;
  }
  if (!problem.empty()) return plain(problem + "\nSee '" + in.path + " --help' for usage.");
  if (in.is("help")) {
    in.print(helpText(*in.command));
    return {};
  }
  Strings missing;
  for (const std::string& name : split(in.command->required, ' ')) {
    if (!name.empty() && !in.flags.changed(name)) missing.push_back(quote(name));
  }
  if (!missing.empty()) return plain("required flag(s) " + join(missing, ", ") + " not set");
  const std::string& context = in.get("context");
  if (!context.empty() && context != "x") {
    return {Error::Type::configuration, "context was not found for specified context: " + context, {}, {}, 1};
  }
  in.nsExplicit = in.flags.changed("namespace") && !in.get("namespace").empty();
  if (in.nsExplicit) in.ns = in.get("namespace");
  in.fieldManager = in.get("field-manager");
  if (!in.command->run) {
    return plain("kubectl " + std::string(in.command->path) + " has no meaning in this simulated cluster");
  }
  return in.command->run(in);
}

}  // namespace

/// `help WORD…`: a command's help, or what there is help on.
static void explainTopic(Strings words, Result& result) {
  const std::string typed = join(words, " ");
  if (const Command* command = findCommand(words)) {
    result.out = helpText(*command);
    return;
  }
  const std::string help = rootHelp();
  Strings topics;
  for (const std::string& word : split(typed, ' ')) topics.push_back("`" + word + "`");
  result.err = "Unknown help topic [" + join(topics, " ") + "]\n\n\n" + help.substr(help.find("Basic Commands"));
}

std::shared_ptr<const manifest::Parsed> Host::parse(std::string_view text) {
  return std::make_shared<const manifest::Parsed>(manifest::parseYaml(text));
}

Result run(Host& host, std::string_view line, std::string_view input) {
  Result result;
  Strings words;
  std::string problem;
  if (!shellWords(line, words, problem)) return {2, {}, "error: " + problem + "\n"};
  run(host, std::move(words), input, result);
  return result;
}

void run(Host& host, Strings words, std::string_view input, Result& result) {
  const Command* command = findCommand(words);
  if (!command) {
    std::string typed;
    for (const std::string& w : words) {
      if (!startsWith(w, "-")) {
        typed = w;
        break;
      }
    }
    if (!typed.empty() && typed != "help") {
      result.exit = 1;
      result.err = "error: unknown command " + quote(typed) + " for \"kubectl\"\n" + suggestions(typed);
      return;
    }
    if (typed == "help" && words.size() > 1 && !startsWith(words[1], "-")) {
      explainTopic(Strings(words.begin() + 1, words.end()), result);
      return;
    }
    result.out = rootHelp();
    return;
  }
  Invocation in{host,      input, result, command, "kubectl " + std::string(command->path), {}, {}, -1,
                "default", false, {},     {}};
  Error error = execute(in, words);
  if (!error) return;
  result.exit = error.code;
  result.err += describeError(error);
}

}  // namespace kubectl
