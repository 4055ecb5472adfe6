// kubectl port-forward. Models kubectl pkg/cmd/portforward and client-go tools/portforward.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/connecting.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {

namespace {

/// Which of the pod's ports is meant: a number, a container port's name, or a port of the Service that was given.
/// Models kubectl pkg/cmd/portforward translateServicePortToTargetPort and convertPodNamedPortToNumber.
Error remotePort(const Value& pod, const Value& service, std::string port, int64_t& number) {
  bool named = !parseInt(port, 32, number);
  if (!service.isNull()) {
    const Value* found = nullptr;
    for (const Value& p : at(service, "spec.ports").values()) {
      if (!found && (named ? str(p, "name") == port : num(p, "port") == number)) found = &p;
    }
    if (!found) {
      return named ? plain("Service '" + str(service, "metadata.name") + "' does not have a named port '" + port + "'")
                   : plain("Service " + str(service, "metadata.name") + " does not have a service port " + port);
    }
    number = num(*found, "port");
    const Value& target = at(*found, "targetPort");
    named = target.kind() == api::Kind::String && str(service, "spec.clusterIP") != "None";
    if (named) port = target.asString();
    if (target.kind() == api::Kind::Int && str(service, "spec.clusterIP") != "None") number = target.asInt();
  }
  if (!named) return {};
  for (const Value& c : at(pod, "spec.containers").values()) {
    for (const Value& p : at(c, "ports").values()) {
      if (str(p, "name") == port) return number = num(p, "containerPort"), Error();
    }
  }
  return plain("Pod '" + str(pod, "metadata.name") + "' does not have a named port '" + port + "'");
}

struct Forwarding {
  int local = 0;
  int64_t remote = 0;
};

Error forwardingsOf(Invocation& in, const Value& pod, std::vector<Forwarding>& out) {
  Value service;
  const Strings target = split(in.args[0], '/');
  const Mapping* m = target.size() == 2 ? findMapping(target[0]) : nullptr;
  if (m && m->kind == "Service") service = in.fetch(*m, in.ns, target[1]).body;
  for (size_t i = 1; i < in.args.size(); ++i) {
    const Strings ports = split(in.args[i], ':');
    if (ports.size() > 2) return plain("invalid port format '" + in.args[i] + "'");
    if (ports.back().empty()) return plain("remote port cannot be empty");
    Forwarding f;
    if (Error e = remotePort(pod, service, ports.back(), f.remote)) return e;
    int64_t local = f.remote;  // of a name alone
    if (ports.size() == 2 || parseInt(ports[0], 32, local)) {
      if (ports[0].empty()) local = 0;
      if (!ports[0].empty() && (!parseInt(ports[0], 32, local) || local < 0 || local > 65535)) {
        return plain("error parsing local port '" + ports[0] + "': strconv.ParseUint: parsing " + quote(ports[0]) +
                     (local > 65535 ? ": value out of range" : ": invalid syntax"));
      }
    }
    if (f.remote <= 0) return plain("remote port must be > 0");
    f.local = int(local);
    out.push_back(f);
  }
  return {};
}

}  // namespace

Error portForward(Invocation& in) {
  if (in.args.size() < 2) return in.usage("TYPE/NAME and list of ports are required for port-forward");
  Value pod;
  Error e = findPod(in, in.args[0], pod);
  if (e) return e;
  std::vector<Forwarding> ports;
  if (e = forwardingsOf(in, pod, ports); e) return e;
  const std::string phase = str(pod, "status.phase");
  if (phase != "Running") return plain("unable to forward port because pod is not running. Current status=" + phase);
  Strings wanted;
  bool listens = false;
  for (Forwarding& f : ports) {
    wanted.push_back("{" + std::to_string(f.local) + " " + std::to_string(f.remote) + "}");
    const auto how = in.host.forward(f.local, in.ns, str(pod, "metadata.name"), int(f.remote));
    const std::string local = std::to_string(f.local);
    if (how == Host::Forwarded::unavailable) {
      return plain("ports are forwarded in a console only, where curl http://localhost:" + local + " reaches them");
    }
    if (how == Host::Forwarded::taken) {
      const std::string one = "unable to create listener: Error listen ", taken = ": bind: address already in use";
      in.complain("Unable to listen on port " + local + ": Listeners failed to create with the following errors: [" +
                  one + "tcp4 127.0.0.1:" + local + taken + " " + one + "tcp6 [::1]:" + local + taken + "]\n");
      continue;
    }
    listens = true;
    for (std::string_view address : {"127.0.0.1", "[::1]"}) {
      in.print("Forwarding from " + std::string(address) + ":" + local + " -> " + std::to_string(f.remote) + "\n");
    }
  }
  if (!listens) return plain("unable to listen on any of the requested ports: [" + join(wanted, " ") + "]");
  while (in.host.advance(INT64_MAX)) {
    if (!in.host.connected()) return plain("lost connection to pod");
  }
  return {};
}

}  // namespace kubectl
