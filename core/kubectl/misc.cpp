// Commands about the client and the cluster as a whole, and those that need what is inside of containers.
#include <algorithm>

#include "core/kubectl/builder.hpp"
#include "core/kubectl/help.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/runs.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {

namespace {

constexpr std::string_view kubernetesVersion = "v1.37.2";

/// The server's version as it tells it, "v1.37.2" where it tells none.
std::string serverVersion(Invocation& in) {
  const apiserver::Response r = in.sendRaw({"GET", "/version", {}, {}, {}, {}});
  const std::string_view said = r.ok() ? r.body[api::Key("gitVersion")].asString() : std::string_view();
  return std::string(said.empty() ? kubernetesVersion : said);
}

std::string minorOf(std::string_view version) { return std::string(version.substr(3, 2)); }

Value versionOf(std::string_view version, bool server) {
  Value v;
  put(v, "buildDate", "1970-01-01T00:00:00Z");
  put(v, "compiler", "gc");
  put(v, "gitCommit", "$Format:%H$");
  put(v, "gitTreeState", "clean");
  put(v, "gitVersion", version);
  put(v, "goVersion", "go1.26.8");
  put(v, "major", "1");
  put(v, "minor", minorOf(version));
  put(v, "platform", "linux/amd64");
  if (server) {
    put(v, "emulationMajor", "1");
    put(v, "emulationMinor", minorOf(version));
    put(v, "minCompatibilityMajor", "1");
    put(v, "minCompatibilityMinor", std::to_string(std::stoi(minorOf(version)) - 1));
  }
  return v;
}

/// As Go writes its structs: in the order of their fields.
std::string versionJson(const Value& v) {
  constexpr std::string_view fields =
      "major,minor,emulationMajor,emulationMinor,minCompatibilityMajor,minCompatibilityMinor,gitVersion,gitCommit,"
      "gitTreeState,buildDate,goVersion,compiler,platform";
  std::string out = "{\n";
  const auto info = [&](const char* name) {
    std::string members;
    for (const std::string& field : split(fields, ',')) {
      if (!has(v, name + ("." + field))) continue;
      members += (members.empty() ? "" : ",\n") + ("    \"" + field + "\": " + quote(str(v, name + ("." + field))));
    }
    out += std::string("  \"") + name + "\": {\n" + members + "\n  }";
  };
  info("clientVersion");
  out += ",\n  \"kustomizeVersion\": \"v5.8.1\"";
  if (has(v, "serverVersion")) {
    out += ",\n";
    info("serverVersion");
  }
  return out + "\n}\n";
}

}  // namespace

Error version(Invocation& in) {
  if (!in.args.empty()) return in.usage("unknown command " + quote(in.args[0]) + " for \"kubectl version\"");
  const std::string& output = in.get("output");
  if (!output.empty() && output != "yaml" && output != "json") return plain("--output must be 'yaml' or 'json'");
  bool server = !in.is("client");
  if (output.empty()) {
    in.print("Client Version: " + std::string(kubernetesVersion) + "\nKustomize Version: v5.8.1\n");
    if (!server) return {};
    const std::string version = serverVersion(in), minor = minorOf(version);
    in.print("Server Version: " + version + "\n");
    if (std::abs(std::stoi(minor) - 37) > 1)
      in.result.err += "WARNING: version difference between client (1.37) and server (1." + minor +
                       ") exceeds the supported minor version skew of +/-1\n";
    return {};
  }
  Value v;
  put(v, "clientVersion", versionOf(kubernetesVersion, false));
  put(v, "kustomizeVersion", "v5.8.1");
  if (server) put(v, "serverVersion", versionOf(serverVersion(in), true));
  in.print(output == "yaml" ? manifest::toYaml(v) : versionJson(v));
  return {};
}

Error clusterInfo(Invocation& in) {
  in.print(
      "Kubernetes control plane is running at https://localhost:6443\n\n"
      "To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  return {};
}

Error configCurrentContext(Invocation& in) {
  in.print("x\n");
  return {};
}

Error configGetContexts(Invocation& in) {
  if (in.get("output") == "name") {
    in.print("x\n");
    return {};
  }
  TabWriter w = TabWriter::forTables();
  if (!in.is("no-headers")) w.write("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n");
  w.write("*\tx\tx\tx\t\n");
  w.flush(in.result.out);
  return {};
}

Error configUseContext(Invocation& in) {
  if (in.args.size() != 1) return in.usage("Unexpected args: [" + join(in.args, " ") + "]");
  if (in.args[0] != "x") return plain("no context exists with the name: " + quote(in.args[0]));
  in.print("Switched to context \"x\".\n");
  return {};
}

Error completion(Invocation& in) {
  if (in.args.empty()) return in.usage("Shell not specified.");
  if (in.args.size() > 1) return in.usage("Too many arguments. Expected only the shell type.");
  const Strings shells = {"bash", "zsh", "fish", "powershell"};
  if (std::find(shells.begin(), shells.end(), in.args[0]) == shells.end())
    return in.usage("Unsupported shell type " + quote(in.args[0]) + ".");
  return plain("kubectl completion has no meaning in this simulated cluster");
}

Error pluginList(Invocation&) { return plain("unable to find any kubectl plugins in your PATH"); }
Error pluginGroup(Invocation& in) { return group(in, false); }

Error configView(Invocation& in) {
  in.print(
      "apiVersion: v1\nclusters:\n- cluster:\n    server: https://localhost:6443\n  name: x\ncontexts:\n- context:\n"
      "    cluster: x\n    user: x\n  name: x\ncurrent-context: x\nkind: Config\nusers:\n- name: x\n  user: {}\n");
  return {};
}

Error authCanI(Invocation& in) {
  if (in.is("list")) return plain("everything is allowed here: there is one user, and no authorization is simulated");
  if (in.args.size() != 2) {
    return plain(
        "you must specify two arguments: verb resource or verb resource/resourceName.\n"
        "See 'kubectl auth can-i -h' for help and examples.");
  }
  const Strings verbs = split(
      "get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest",
      ' ');
  if (std::find(verbs.begin(), verbs.end(), in.args[0]) == verbs.end())
    in.complain("Warning: verb '" + in.args[0] + "' is not a known verb\n\n");
  if (!findMapping(split(in.args[1], '/')[0]) && in.args[1] != "*" && in.args[1][0] != '/') {
    in.complain("Warning: the server doesn't have a resource type '" + in.args[1] + "'\n\n");
  }
  if (!in.is("quiet")) in.print("yes\n");
  return {};
}

Error authWhoAmI(Invocation& in) {
  in.print("ATTRIBUTE   VALUE\nUsername    kubernetes-admin\nGroups      [system:masters system:authenticated]\n");
  return {};
}

Error top(Invocation&) { return plain("Metrics API not available"); }

namespace {

Error editOne(Invocation& in, const Info& info) {
  Value shown = info.object;
  if (!in.is("show-managed-fields")) drop(shown, "metadata.managedFields");
  const std::string head =
      "# Please edit the object below. Lines beginning with a '#' will be ignored,\n"
      "# and an empty file will abort the edit. If an error occurs while saving this file will be\n"
      "# reopened with the relevant failures.\n#\n";
  const std::string original = manifest::toYaml(shown);
  std::string text = head + original;
  const std::string name = "kubectl-edit-" + std::string(info.mapping->singular()) + "-" + info.name + ".yaml";
  if (!in.host.edit(name, text)) {
    in.print("opened " + name + " in the editor: change it there and apply it\n");
    return {};
  }
  Strings kept;
  for (const std::string& line : split(text, '\n')) {
    if (!startsWith(line, "#")) kept.push_back(line);
  }
  const std::string edited = join(kept, "\n");
  if (edited == original) return bare("Edit cancelled, no changes made.");
  manifest::Parsed parsed = manifest::parseYaml(edited);
  if (parsed.documents.size() != 1 || !parsed.errors.empty()) {
    return bare("error: " + name + " is not valid\nerror: Edit cancelled, no valid changes were saved.");
  }
  apiserver::Request r = in.request(apiserver::Verb::update, *info.mapping, info.ns, info.name);
  r.body = parsed.documents[0].value;
  const apiserver::Response reply = in.send(std::move(r));
  if (!reply.ok()) return fromResponse(reply);
  in.print(info.mapping->object(info.name) + " edited\n");
  return {};
}

}  // namespace

Error edit(Invocation& in) {
  Query query;
  query.args = in.args;
  query.latest = true;
  query.allowEmptySelector = true;
  Selection found = select(in, query);
  Error e = found.failure();
  if (e) return e;
  if (found.infos.empty()) return bare("edit cancelled, no objects found");
  std::vector<Error> errors;
  for (const Info& info : found.infos) errors.push_back(editOne(in, info));
  return aggregate(std::move(errors));
}

}  // namespace kubectl
