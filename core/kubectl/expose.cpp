// kubectl expose and run. Models kubectl pkg/cmd/expose and pkg/cmd/run.
#include "core/apiserver/patch.hpp"
#include "core/kubectl/connecting.hpp"
#include "core/kubectl/creating.hpp"
#include "core/kubectl/patching.hpp"
#include "core/kubectl/runs.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {
namespace {

Error parseLabels(const std::string& text, Value& out) {
  for (const std::string& part : split(text, ',')) {
    size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0) return plain("unexpected label spec: " + part);
    out.set(api::Key(part.substr(0, equals)), part.substr(equals + 1));
  }
  return {};
}

struct Port {
  int64_t number;
  std::string protocol;
};

std::vector<Port> portsOf(const Mapping& m, const Value& object) {
  std::vector<Port> out;
  auto add = [&](const Value& list, const char* field) {
    for (const Value& p : list.values()) {
      int64_t n = num(p, field);
      bool seen = false;
      for (const Port& o : out) seen = seen || o.number == n;
      std::string protocol = str(p, "protocol");
      if (!seen) out.push_back({n, protocol.empty() ? "TCP" : protocol});
    }
  };
  if (m.kind == "Service") {
    add(at(object, "spec.ports"), "port");
    return out;
  }
  for (const Value& c : at(object, podSpecPath(m) + ".containers").values()) add(at(c, "ports"), "containerPort");
  return out;
}

Error selectorOf(const Mapping& m, const Value& object, Value& out) {
  std::string why;
  if (m.kind == "Pod") {
    out = at(object, "metadata.labels");
    if (out.size() == 0) why = "the pod has no labels and cannot be exposed";
  } else if (m.kind == "Service") {
    out = at(object, "spec.selector");
    if (out.isNull()) why = "the service has no pod selector set";
  } else {
    out = at(object, "spec.selector.matchLabels");
    if (out.size() == 0) why = "invalid " + m.singular() + ": no selectors, therefore cannot be exposed";
  }
  return why.empty() ? Error() : plain("couldn't retrieve selectors via --selector flag or introspection: " + why);
}

Error portList(Invocation& in, const Mapping& m, const Value& object, std::vector<Value>& out) {
  std::vector<Port> own = portsOf(m, object), ports;
  const std::string& wanted = in.get("port");
  if (wanted.empty()) {
    ports = own;
    if (ports.empty() && in.get("cluster-ip") != "None") {
      return plain("couldn't find port via --port flag or introspection");
    }
  } else {
    for (const std::string& part : split(wanted, ',')) {
      int64_t n = 0;
      if (!parseInt(part, 32, n)) return plain("strconv.Atoi: parsing " + quote(part) + ": invalid syntax");
      ports.push_back({n, "TCP"});
      for (const Port& o : own) {
        if (o.number == n) ports.back().protocol = o.protocol;
      }
    }
  }
  for (size_t i = 0; i < ports.size(); ++i) {
    Value p;
    if (ports.size() > 1) put(p, "name", "port-" + std::to_string(i + 1));
    put(p, "port", ports[i].number);
    put(p, "protocol", in.get("protocol").empty() ? ports[i].protocol : in.get("protocol"));
    put(p, "targetPort", in.get("target-port").empty() ? Value(ports[i].number) : intOrString(in.get("target-port")));
    out.push_back(std::move(p));
  }
  return {};
}

/// What --overrides changes, as --override-type says. Models kubectl cmd/util override_options.go.
Error override(const Invocation& in, Value& object) {
  if (in.get("overrides").empty()) return {};
  const std::string& type = in.get("override-type");
  std::string problem;
  const Value overrides = manifest::parseJson(in.get("overrides"), problem);
  if (!type.empty() && type != "merge" && type != "strategic" && type != "json")
    return plain("invalid override type: " + type);
  if (!problem.empty()) return plain("Invalid JSON Patch");
  if (type == "merge" || type.empty()) {
    object = api::mergePatch(object, overrides);
    return {};
  }
  apiserver::Request request;
  request.patchType = type == "json" ? apiserver::PatchType::json : apiserver::PatchType::strategic;
  request.body = overrides;
  const Value before = object;
  const apiserver::Response reply = apiserver::applyPatch(request, str(before, "kind"), before, object);
  return reply.ok() ? Error() : plain(std::string(reply.message()));
}

Error serviceFor(Invocation& in, const Info& info, Value& service) {
  const Mapping& m = *info.mapping;
  Value selector, labels = at(info.object, "metadata.labels");
  Error e =
      in.get("selector").empty() ? selectorOf(m, info.object, selector) : parseLabels(in.get("selector"), selector);
  std::vector<Value> ports;
  if (!e) e = portList(in, m, info.object, ports);
  if (!e && !in.get("labels").empty()) {
    labels = Value();
    e = parseLabels(in.get("labels"), labels);
  }
  if (e) return e;
  service = newObject(in, *findMapping("svc"), in.get("name").empty() ? info.name.substr(0, 63) : in.get("name"));
  if (labels.size()) put(service, "metadata.labels", labels);
  put(service, "spec.selector", selector);
  if (!ports.empty()) put(service, "spec.ports", Value::array(std::move(ports)));
  if (!in.get("type").empty()) put(service, "spec.type", in.get("type"));
  if (!in.get("cluster-ip").empty()) put(service, "spec.clusterIP", in.get("cluster-ip"));
  if (!in.get("external-ip").empty()) put(service, "spec.externalIPs", Value::array({in.get("external-ip")}));
  const std::string& affinity = in.get("session-affinity");
  if (!affinity.empty() && affinity != "None" && affinity != "ClientIP") {
    return plain("unknown session affinity: " + affinity);
  }
  if (!affinity.empty()) put(service, "spec.sessionAffinity", affinity);
  put(service, "status.loadBalancer", Value::object({}));
  return override(in, service);
}

bool canBeExposed(const Mapping& m) {
  for (std::string_view kind : {"ReplicationController", "Service", "Pod", "Deployment", "ReplicaSet"}) {
    if (m.kind == kind) return true;
  }
  return false;
}

Error exposeOne(Invocation& in, const Info& info) {
  if (!canBeExposed(*info.mapping)) {
    return plain("cannot expose a " + std::string(info.mapping->kind) +
                 (info.mapping->group.empty() ? "" : "." + std::string(info.mapping->group)));
  }
  Value service;
  Error e = serviceFor(in, info, service);
  return e ? e : createObject(in, std::move(service), "exposed", "");
}

}  // namespace

Error expose(Invocation& in) {
  // --selector names the new Service's pods here, not the objects to look for.
  Query query;
  query.typed = true;
  query.args = in.args;
  Flags kept = in.flags;
  Flags lookup;
  lookup.declare("filename,f:a kustomize,k:s");
  Strings none;
  int dash = -1;
  Strings files;
  for (const std::string& f : in.flags.list("filename")) files.push_back("-f=" + f);
  lookup.parse(files, 0, none, dash);
  in.flags = lookup;
  Selection found = select(in, query);
  in.flags = kept;
  if (found.error) return found.error;
  for (const Info& info : found.infos) found.visits.push_back(exposeOne(in, info));
  return found.outcome();
}

namespace {

Error podFor(Invocation& in, const std::string& name, Value& pod) {
  const std::string &port = in.get("port"), &labels = in.get("labels");
  int64_t number = 0;
  if (!port.empty() && !parseInt(port, 32, number)) return plain("--port must be a number");
  pod = newObject(in, *findMapping("pods"), name);
  Value map, container;
  Error e = labels.empty() ? Error() : parseLabels(labels, map);
  if (e) return e;
  put(pod, "metadata.labels", labels.empty() ? Value::object({{api::Key("run"), Value(name)}}) : map);
  Value annotations;
  for (const std::string& a : in.flags.list("annotations")) e = parseLabels(a, annotations);
  if (e) return e;
  if (annotations.size()) put(pod, "metadata.annotations", annotations);
  put(container, "name", name);
  put(container, "image", in.get("image"));
  put(container, "resources", Value::object({}));
  if (!in.get("image-pull-policy").empty()) put(container, "imagePullPolicy", in.get("image-pull-policy"));
  if (!port.empty()) {
    Value p;
    put(p, "containerPort", number);
    put(container, "ports", Value::array({p}));
  }
  std::vector<Value> env, words(in.args.begin() + 1, in.args.end());
  for (const std::string& text : in.flags.list("env")) {
    size_t equals = text.find('=');
    if (equals == std::string::npos) return plain("invalid env: " + text);
    Value v;
    put(v, "name", text.substr(0, equals));
    if (equals + 1 < text.size()) put(v, "value", text.substr(equals + 1));
    env.push_back(std::move(v));
  }
  if (!env.empty()) put(container, "env", Value::array(std::move(env)));
  if (!words.empty()) put(container, in.is("command") ? "command" : "args", Value::array(std::move(words)));
  if (in.is("stdin")) put(container, "stdin", true), put(container, "stdinOnce", true);
  if (in.is("tty")) put(container, "tty", true);
  put(pod, "spec.containers", Value::array({container}));
  put(pod, "spec.dnsPolicy", "ClusterFirst");
  put(pod, "spec.restartPolicy", in.get("restart"));
  put(pod, "status", Value::object({}));
  if (in.is("privileged")) {
    put(container, "securityContext.privileged", true);
    put(pod, "spec.containers", Value::array({container}));
  }
  return override(in, pod);
}

}  // namespace

namespace {
Error exposeRun(Invocation& in) {
  Value service = newObject(in, *findMapping("svc"), in.args[0]), port;
  put(port, "port", intOrString(in.get("port")));
  put(port, "protocol", "TCP");
  put(port, "targetPort", intOrString(in.get("port")));
  put(service, "spec.ports", Value::array({port}));
  Value labels;
  if (const std::string& given = in.get("labels"); given.empty()) {
    put(service, "spec.selector.run", in.args[0]);
  } else {
    if (Error e = parseLabels(given, labels)) return e;
    put(service, "metadata.labels", labels);
    put(service, "spec.selector", labels);
  }
  put(service, "status.loadBalancer", Value::object({}));
  return createObject(in, std::move(service), "created", "");
}
/// Why a text names no image; null where it does. Models distribution/reference Parse, as far as people get it wrong.
const char* imageProblem(std::string_view image) {
  const size_t digest = std::min(image.find('@'), image.size()), slash = image.rfind('/', digest);
  const size_t colon = image.substr(0, digest).rfind(':');
  const bool tagged = colon != image.npos && (slash == image.npos || colon > slash);
  const std::string_view name = image.substr(0, tagged ? colon : digest);
  const auto good = [](std::string_view text, std::string_view also) {
    return !text.empty() && text.find_first_not_of(also) == text.npos;
  };
  constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz0123456789._-/:[]",
                             all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/:[]";
  if (!good(name, all) || (tagged && !good(image.substr(colon + 1, digest - colon - 1), all.substr(0, 65))))
    return "invalid reference format";
  const size_t host = name.find('/');  // a registry's host may have large letters
  const bool registry = host != name.npos && name.substr(0, host).find_first_of(".:") != name.npos;
  if (!good(registry ? name.substr(host + 1) : name, lower)) return "repository name must be lowercase";
  return nullptr;
}
}  // namespace

Error runPod(Invocation& in) {
  if (in.args.empty() || in.dash == 0) return plain("NAME is required for run");
  if (in.get("image").empty()) return plain("--image is required");
  if (in.is("tty") && !in.is("stdin")) return plain("-i/--stdin is required for containers with -t/--tty=true");
  if (in.is("expose") && in.get("port").empty()) return plain("--port must be set when exposing a service");
  bool attach = in.is("attach") || in.is("stdin");
  if (!attach && in.is("rm")) return plain("--rm should only be used for attached containers");
  const std::string& restart = in.get("restart");
  if (restart != "Always" && restart != "OnFailure" && restart != "Never") {
    return plain("invalid restart policy: " + restart + ", valid values are: Always, OnFailure, Never");
  }
  const std::string& image = in.get("image");
  if (const char* why = imageProblem(image)) return plain("invalid image name " + quote(image) + ": " + why);
  Value pod;
  Error e = podFor(in, in.args[0], pod);
  const size_t before = in.result.out.size();
  if (!e) e = createObject(in, std::move(pod), "created", "");
  if (e) return e;
  if (attach && in.get("dry-run") == "none") in.result.out.resize(before);  // the pod's own words come instead
  if (in.is("expose") && (e = exposeRun(in))) return e;
  return attach && in.get("dry-run") == "none" ? attachToRun(in, in.args[0]) : Error();
}

}  // namespace kubectl
