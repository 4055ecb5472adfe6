// Commands about the client and the cluster as a whole, and those that need what is inside of containers.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/runs.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {

namespace {

constexpr std::string_view kubernetesVersion = "v1.37.2";

Value versionOf(bool server) {
  Value v;
  put(v, "buildDate", "1970-01-01T00:00:00Z");
  put(v, "compiler", "gc");
  put(v, "gitCommit", "");
  put(v, "gitTreeState", "clean");
  put(v, "gitVersion", kubernetesVersion);
  put(v, "goVersion", "go1.26");
  put(v, "major", "1");
  put(v, "minor", "37");
  put(v, "platform", "linux/amd64");
  if (server) {
    put(v, "emulationMajor", "1");
    put(v, "emulationMinor", "37");
    put(v, "minCompatibilityMajor", "1");
    put(v, "minCompatibilityMinor", "36");
  }
  return v;
}

}  // namespace

Error version(Invocation& in) {
  if (!in.args.empty()) return in.usage("unknown command " + quote(in.args[0]) + " for \"kubectl version\"");
  const std::string& output = in.get("output");
  if (!output.empty() && output != "yaml" && output != "json") return plain("--output must be 'yaml' or 'json'");
  bool server = !in.is("client");
  if (output.empty()) {
    in.print("Client Version: " + std::string(kubernetesVersion) + "\nKustomize Version: v5.8.1\n");
    if (server) in.print("Server Version: " + std::string(kubernetesVersion) + "\n");
    return {};
  }
  Value v;
  put(v, "clientVersion", versionOf(false));
  put(v, "kustomizeVersion", "v5.8.1");
  if (server) put(v, "serverVersion", versionOf(true));
  in.print(output == "yaml" ? manifest::toYaml(v) : manifest::toIndentedJson(v, 2) + "\n");
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

Error configView(Invocation& in) {
  in.print(
      "apiVersion: v1\nclusters:\n- cluster:\n    server: https://localhost:6443\n  name: x\ncontexts:\n- context:\n"
      "    cluster: x\n    user: x\n  name: x\ncurrent-context: x\nkind: Config\nusers:\n- name: x\n  user: {}\n");
  return {};
}

Error authCanI(Invocation& in) {
  if (in.is("list")) return plain("everything is allowed here: there is one user, and no authorization is simulated");
  if (in.args.size() < 2) {
    return plain(
        "you must specify two arguments: verb resource or verb resource/resourceName.\n"
        "See 'kubectl auth can-i -h' for help and examples.");
  }
  if (!findMapping(split(in.args[1], '/')[0]) && in.args[1] != "*") {
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

/// The pod that "web-0", "pod/web-0" or "sts/web" means.
Error findPod(Invocation& in, const std::string& argument, Value& pod) {
  Strings parts = split(argument, '/');
  std::string name = parts.back();
  if (parts.size() == 2) {
    Error e;
    const Mapping* m = mappingFor(parts[0], e);
    if (!m) return e;
    apiserver::Response r = in.fetch(*m, in.ns, name);
    if (!r.ok()) return fromResponse(r);
    if (m->kind != "Pod") {
      std::vector<Value> pods;
      std::string selector = m->kind == "Service" ? formatLabels(at(r.body, "spec.selector"))
                                                  : formatSelector(at(r.body, "spec.selector"));
      e = in.list(*findMapping("pods"), in.ns, selector, {}, pods);
      if (!e && pods.empty()) e = plain("error finding pods for " + argument);
      if (!e) pod = pods[0];
      return e;
    }
    pod = r.body;
    return {};
  }
  apiserver::Response r = in.fetch(*findMapping("pods"), in.ns, name);
  if (!r.ok()) return fromResponse(r);
  pod = r.body;
  return {};
}

}  // namespace

Error logs(Invocation& in) {
  if (in.args.empty() && in.get("selector").empty()) {
    return in.usage(
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required "
        "argument for the logs command");
  }
  Value pod;
  Error e = in.args.empty() ? Error() : findPod(in, in.args[0], pod);
  if (e.isNotFound()) {
    return plain("error from server (NotFound): " + e.message() + " in namespace " + quote(in.ns));
  }
  if (e) return e;
  return plain("the programs inside the containers print no logs yet");
}

Error exec(Invocation& in) {
  if (in.args.empty() && in.flags.list("filename").empty()) {
    return plain("pod, type/name or --filename must be specified");
  }
  if (in.args.size() < 2) return plain("you must specify at least one command for the container");
  Value pod;
  Error e = findPod(in, in.args[0], pod);
  if (e) return e;
  return plain("the programs inside the containers cannot be spoken to yet");
}

Error portForward(Invocation& in) {
  if (in.args.size() < 2) return in.usage("TYPE/NAME and list of ports are required for port-forward");
  return plain("there is no port to forward to in a simulated cluster yet");
}

Error cp(Invocation& in) {
  if (in.args.size() < 2) return plain("source and destination are required");
  return plain("the files inside the containers cannot be copied yet");
}

Error edit(Invocation& in) {
  Query query;
  query.args = in.args;
  query.latest = true;
  query.allowEmptySelector = true;
  Selection found = select(in, query);
  Error e = found.failure();
  if (e) return e;
  return plain("there is no text editor in this terminal: change the manifest and apply it");
}

}  // namespace kubectl
