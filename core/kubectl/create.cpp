// kubectl create from files, and the subcommands that make objects of flags. Models kubectl pkg/cmd/create.
#include "core/api/names.hpp"
#include "core/kubectl/apply.hpp"
#include "core/kubectl/creating.hpp"
#include "core/kubectl/patching.hpp"
#include "core/kubectl/raw.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {

using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;
namespace key = api::key;

Value intOrString(const std::string& text) {
  int64_t n = 0;
  return parseInt(text, 32, n) ? Value(n) : Value(text);
}

Value newObject(const Invocation& in, const Mapping& m, std::string_view name) {
  Value v;
  put(v, "apiVersion", m.apiVersion());
  put(v, "kind", m.kind);
  put(v, "metadata.name", name);
  if (in.nsExplicit && m.namespaced) put(v, "metadata.namespace", in.ns);
  return v;
}

Error filesRequired(const Invocation& in) {
  if (!in.flags.list("filename").empty() || !in.get("kustomize").empty()) return {};
  return plain("must specify one of -f and -k");
}

Error createObject(Invocation& in, Value object, std::string_view operation, std::string_view failure) {
  Printer printer;
  Error error;
  DryRun dryRun = in.dryRun(error);
  if (!error) error = printer.prepare(in);
  std::string fieldValidation = error || !in.flags.find("validate") ? "" : validation(in, error);
  if (error) return error;
  if (in.is("save-config")) setLastApplied(object);
  recordCause(in, object);
  if (dryRun == DryRun::client) return printer.print(in, object, operation);
  const Mapping* m = mappingForKind(str(object, "apiVersion"), str(object, "kind"));
  Request r = in.request(Verb::create, *m, in.ns, {});
  r.body = object;
  r.dryRun = dryRun == DryRun::server;
  r.fieldValidation = fieldValidation;
  Response reply = in.send(std::move(r));
  if (reply.ok()) return printer.print(in, reply.body, operation);
  Error e = fromResponse(reply);
  return failure.empty() ? e : plain(std::string(failure) + e.message());
}

namespace {

/// The one NAME of a subcommand; what stands after "--" does not count. Models NameFromCommandArgs.
Error nameOf(const Invocation& in, std::string& name) {
  size_t count = in.dash >= 0 ? size_t(in.dash) : in.args.size();
  if (count != 1) return in.usage("exactly one NAME is required, got " + std::to_string(count));
  name = in.args[0];
  return {};
}

Error literals(const Invocation& in, std::vector<std::pair<std::string, std::string>>& out) {
  for (const std::string& literal : in.flags.list("from-literal")) {
    size_t equals = literal.find('=');
    if (equals == std::string::npos || equals == 0)
      return plain("invalid literal source " + literal + ", expected key=value");
    std::string value = literal.substr(equals + 1);
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.front() == value.back()) {
      value = value.substr(1, value.size() - 2);
    }
    out.emplace_back(literal.substr(0, equals), value);
  }
  for (const std::string& source : in.flags.list("from-file")) {
    size_t equals = source.find('=');
    std::string file = equals == std::string::npos ? source : source.substr(equals + 1), text;
    if (!in.host.readFile(file, text)) return plain("error reading " + file + ": no such file or directory");
    size_t slash = file.rfind('/');
    std::string base = slash == std::string::npos ? file : file.substr(slash + 1);
    out.emplace_back(equals == std::string::npos ? base : source.substr(0, equals), text);
  }
  for (const std::string& file : in.flags.list("from-env-file")) {
    std::string text;
    if (!in.host.readFile(file, text)) return plain("error reading " + file + ": no such file or directory");
    for (const std::string& whole : split(text, '\n')) {
      const std::string line = whole.substr(std::min(whole.find_first_not_of(" \t\r"), whole.size()));
      if (line.empty() || line[0] == '#') continue;
      const size_t equals = line.find('=');
      out.emplace_back(line.substr(0, equals), equals == std::string::npos ? "" : line.substr(equals + 1));
    }
  }
  return {};
}

}  // namespace

Error create(Invocation& in) {
  if (!in.args.empty()) return in.usage("Unexpected args: [" + join(in.args, " ") + "]");
  Printer printer;
  Error error;
  DryRun dryRun = in.dryRun(error);
  std::string fieldValidation = error ? "" : validation(in, error);
  if (!error) error = printer.prepare(in);
  if (!error) error = filesRequired(in);
  if (error) return error;
  if (!in.get("raw").empty()) return createRaw(in);
  Selection found = selectFiles(in, fieldValidation != "Ignore");
  if (found.error) return found.error;
  for (Info& info : found.infos) {
    if (in.is("save-config")) setLastApplied(info.object);
    recordCause(in, info.object);
    if (dryRun != DryRun::client) {
      Request r = in.request(Verb::create, *info.mapping, info.ns, {});
      r.body = info.object;
      r.dryRun = dryRun == DryRun::server;
      r.fieldValidation = fieldValidation;
      Response reply = in.send(std::move(r));
      if (!reply.ok()) {
        found.visits.push_back(withSource("creating", info.source, fromResponse(reply)));
        continue;
      }
      info.object = reply.body;
    }
    found.visits.push_back(printer.print(in, info.object, "created"));
  }
  if (found.infos.empty() && found.errors.empty()) return plain("no objects passed to create");
  return found.outcome();
}

Error createNamespace(Invocation& in) {
  std::string name;
  if (Error e = nameOf(in, name)) return e;
  Value object = newObject(in, *findMapping("ns"), name);
  put(object, "spec", Value::object({}));
  put(object, "status", Value::object({}));
  return createObject(in, object, "created", "");
}

Error createServiceAccount(Invocation& in) {
  std::string name;
  Error e = nameOf(in, name);
  return e ? e
           : createObject(in, newObject(in, *findMapping("sa"), name), "created", "failed to create serviceaccount: ");
}

Error createConfigMap(Invocation& in) {
  std::string name;
  std::vector<std::pair<std::string, std::string>> pairs;
  Error e = nameOf(in, name);
  if (!e) e = literals(in, pairs);
  if (e) return e;
  Value object = newObject(in, *findMapping("cm"), name), data;
  for (const auto& [k, v] : pairs) {
    if (api::Complaints why = api::isConfigMapKey(k); !why.empty())
      return plain(quote(k) + " is not a valid key name for a ConfigMap: " + join(why, ","));
    if (data.find(std::string_view(k))) {
      return plain("cannot add key " + quote(k) + ", another key by that name already exists in Data for ConfigMap " +
                   quote(name));
    }
    data.set(api::Key(k), v);
  }
  if (data.size()) put(object, "data", data);
  return createObject(in, std::move(object), "created", "failed to create configmap: ");
}

Error createSecret(Invocation& in) {
  std::string name;
  std::vector<std::pair<std::string, std::string>> pairs;
  Error e = nameOf(in, name);
  if (!e) e = literals(in, pairs);
  if (e) return e;
  Value object = newObject(in, *findMapping("secrets"), name), data;
  for (const auto& [k, v] : pairs) {
    if (api::Complaints why = api::isConfigMapKey(k); !why.empty())
      return plain(quote(k) + " is not valid key name for a Secret " + join(why, ";"));
    if (data.find(std::string_view(k)))
      return plain("cannot add key " + k + ", another key by that name already exists");
    data.set(api::Key(k), base64(v));
  }
  if (data.size()) put(object, "data", data);
  if (!in.get("type").empty()) put(object, "type", in.get("type"));
  return createObject(in, std::move(object), "created", "failed to create secret ");
}

// Models kubectl pkg/cmd/create/create_secret_docker.go.
Error createDockerSecret(Invocation& in) {
  std::string name;
  if (Error e = nameOf(in, name)) return e;
  const std::string &user = in.get("docker-username"), &password = in.get("docker-password");
  std::string server = in.get("docker-server");
  if (!in.flags.changed("docker-server")) server = "https://index.docker.io/v1/";
  if (in.flags.list("from-file").empty() && (user.empty() || password.empty() || server.empty())) {
    return plain(
        "either --from-file or the combination of --docker-username, --docker-password and --docker-server is "
        "required");
  }
  Value object = newObject(in, *findMapping("secrets"), name);
  const auto text = [](const std::string& s) { return api::toJson(Value(s)); };
  // Members in the order of the struct, as Go writes them.
  std::string entry = "{\"username\":" + text(user) + ",\"password\":" + text(password);
  if (const std::string& email = in.get("docker-email"); !email.empty()) entry += ",\"email\":" + text(email);
  entry += ",\"auth\":" + text(base64(user + ":" + password)) + "}";
  object.set({key::data, api::Key(".dockerconfigjson")}, base64("{\"auths\":{" + text(server) + ":" + entry + "}}"));
  put(object, "type", "kubernetes.io/dockerconfigjson");
  return createObject(in, std::move(object), "created", "failed to create secret ");
}

// Models kubectl pkg/cmd/create/create_secret_tls.go; that the certificate belongs to the key is not looked at.
Error createTlsSecret(Invocation& in) {
  std::string name;
  if (Error e = nameOf(in, name)) return e;
  if (in.get("cert").empty() || in.get("key").empty()) return plain("key and cert must be specified");
  Value object = newObject(in, *findMapping("secrets"), name);
  for (const char* part : {"cert", "key"}) {
    std::string text;
    if (!in.host.readFile(in.get(part), text))
      return plain("Cannot read file " + in.get(part) + ", open " + in.get(part) + ": no such file or directory");
    object.set({key::data, api::Key(part == std::string_view("cert") ? "tls.crt" : "tls.key")}, base64(text));
  }
  put(object, "type", "kubernetes.io/tls");
  return createObject(in, std::move(object), "created", "failed to create secret ");
}

Error createPodDisruptionBudget(Invocation& in) {
  std::string name;
  Error e = nameOf(in, name);
  if (e) return e;
  const std::string &selector = in.get("selector"), &least = in.get("min-available"), &most = in.get("max-unavailable");
  if (selector.empty()) return plain("a selector must be specified");
  if (least.empty() && most.empty()) return plain("one of min-available or max-unavailable must be specified");
  if (!least.empty() && !most.empty()) return plain("min-available and max-unavailable cannot be both specified");
  for (const auto& [text, flag] : {std::pair(&least, "min-available"), std::pair(&most, "max-unavailable")}) {
    const size_t digits = text->find_first_not_of("0123456789");
    const bool fine = text->empty() || (digits != 0 && (digits == text->npos || text->substr(digits) == "%"));
    if (!fine) return plain(std::string("invalid format specified for ") + flag);
  }
  Value object = newObject(in, *findMapping("pdb"), name), labels;
  if (std::string problem = toLabelSelector(selector, labels); !problem.empty()) return plain(problem);
  put(object, "spec.selector", labels);
  put(object, least.empty() ? "spec.maxUnavailable" : "spec.minAvailable", intOrString(least.empty() ? most : least));
  for (const char* count : {"currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"})
    put(object, std::string("status.") + count, int64_t(0));
  return createObject(in, std::move(object), "created", "failed to create poddisruptionbudgets: ");
}

Error createPriorityClass(Invocation& in) {
  std::string name;
  Error e = nameOf(in, name);
  if (e) return e;
  Value object = newObject(in, *findMapping("pc"), name);
  put(object, "value", in.flags.number("value"));
  if (in.is("global-default")) put(object, "globalDefault", true);
  if (!in.get("description").empty()) put(object, "description", in.get("description"));
  put(object, "preemptionPolicy", in.get("preemption-policy"));
  return createObject(in, std::move(object), "created", "failed to create priorityclass: ");
}

namespace {

std::string containerName(const std::string& image) {
  std::string name = image.substr(image.rfind('/') == std::string::npos ? 0 : image.rfind('/') + 1);
  name = name.substr(0, name.find_first_of(":@"));
  for (char& c : name) {
    if (c == '_' || c == '.') c = '-';
  }
  return lower(name);
}

}  // namespace

Error createDeployment(Invocation& in) {
  std::string name;
  Error e = nameOf(in, name);
  if (e) return e;
  Strings command(in.args.begin() + 1, in.args.end());
  const Strings& images = in.flags.list("image");
  if (images.size() > 1 && !command.empty()) return plain("cannot specify multiple --image options and command");
  Value object = newObject(in, *findMapping("deploy"), name);
  put(object, "metadata.labels.app", name);
  put(object, "spec.replicas", in.flags.number("replicas"));
  put(object, "spec.selector.matchLabels.app", name);
  put(object, "spec.strategy", Value::object({}));
  put(object, "spec.template.metadata.labels.app", name);
  std::vector<Value> containers;
  for (const std::string& image : images) {
    Value c;
    put(c, "name", containerName(image));
    put(c, "image", image);
    put(c, "resources", Value::object({}));
    if (!command.empty()) put(c, "command", Value::array({command.begin(), command.end()}));
    if (containers.empty() && in.flags.number("port") >= 0) {
      Value port;
      put(port, "containerPort", in.flags.number("port"));
      put(c, "ports", Value::array({port}));
    }
    containers.push_back(std::move(c));
  }
  put(object, "spec.template.spec.containers", Value::array(std::move(containers)));
  put(object, "status", Value::object({}));
  return createObject(in, std::move(object), "created", "failed to create deployment: ");
}

namespace {

Error createService(Invocation& in, std::string_view type) {
  std::string name;
  Error e = nameOf(in, name);
  if (e) return e;
  const std::string& clusterIP = in.get("clusterip");
  if (clusterIP != "None" && in.flags.list("tcp").empty() && type != "ExternalName") {
    return plain("at least one tcp port specifier must be provided");
  }
  Value object = newObject(in, *findMapping("svc"), name);
  put(object, "metadata.labels.app", name);
  put(object, "spec.selector.app", name);
  put(object, "spec.type", type);
  if (!clusterIP.empty()) put(object, "spec.clusterIP", clusterIP);
  if (type == "ExternalName") put(object, "spec.externalName", in.get("external-name"));
  std::vector<Value> ports;
  for (const std::string& tcp : in.flags.list("tcp")) {
    Strings parts = split(tcp, ':');
    int64_t port = 0;
    if (!parseInt(parts[0], 32, port)) {
      return plain("strconv.ParseUint: parsing " + quote(parts[0]) + ": invalid syntax");
    }
    Value p;
    put(p, "name", replaceAll(tcp, ":", "-"));
    put(p, "port", port);
    put(p, "protocol", "TCP");
    put(p, "targetPort", parts.size() > 1 ? intOrString(parts[1]) : Value(port));
    if (in.flags.number("node-port")) put(p, "nodePort", in.flags.number("node-port"));
    ports.push_back(std::move(p));
  }
  if (!ports.empty()) put(object, "spec.ports", Value::array(std::move(ports)));
  put(object, "status.loadBalancer", Value::object({}));
  return createObject(in, std::move(object), "created", "failed to create " + std::string(type) + " service: ");
}

}  // namespace

Error createServiceClusterIP(Invocation& in) { return createService(in, "ClusterIP"); }
Error createServiceNodePort(Invocation& in) { return createService(in, "NodePort"); }
Error createServiceLoadBalancer(Invocation& in) { return createService(in, "LoadBalancer"); }
Error createServiceExternalName(Invocation& in) { return createService(in, "ExternalName"); }

}  // namespace kubectl
