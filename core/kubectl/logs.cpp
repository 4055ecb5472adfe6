// kubectl logs. Models kubectl pkg/cmd/logs.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/connecting.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {

using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;

namespace {

struct Source {
  std::string pod, container;
  int64_t position = 0;
  bool ended = false;
  Value seen = {};  ///< the pod, when it was last there
};

struct Reader {
  Invocation& in;
  std::string wanted;
  std::vector<Source> sources = {};

  Error add(const Value& pod);
  Error read(Source&, bool first);
};

Error Reader::add(const Value& pod) {
  const std::string name = str(pod, "metadata.name");
  const Value& containers = at(pod, "spec.containers");
  if (in.is("all-containers")) {
    for (std::string_view list : {"spec.initContainers", "spec.containers"}) {
      for (const Value& c : at(pod, list).values()) sources.push_back({name, str(c, "name"), 0, false, {}});
    }
    return {};
  }
  if (!wanted.empty()) {
    sources.push_back({name, wanted, 0, false, {}});
    return {};
  }
  Strings names;
  for (const Value& c : containers.values()) names.push_back(str(c, "name"));
  for (const Value& c : at(pod, "spec.initContainers").values()) names.push_back(str(c, "name") + " (init)");
  std::string chosen(member(at(pod, "metadata.annotations"), "kubectl.kubernetes.io/default-container").asString());
  if (chosen.empty() && !names.empty()) {
    chosen = names[0];
    if (names.size() > 1) in.complain("Defaulted container " + quote(chosen) + " out of: " + join(names, ", ") + "\n");
  }
  sources.push_back({name, chosen, 0, false, {}});
  return {};
}

Error Reader::read(Source& s, bool first) {
  Request r = in.request(Verb::get, *findMapping("pods"), in.ns, s.pod);
  r.subresource = "log";
  r.body = Value::object({});
  put(r.body, "container", s.container);
  if (in.is("previous")) put(r.body, "previous", true);
  if (in.is("timestamps")) put(r.body, "timestamps", true);
  if (first) {
    int64_t tail = in.flags.number("tail");
    if (!in.get("selector").empty() && !in.flags.changed("tail") && !in.is("follow")) tail = 10;
    if (tail >= 0) put(r.body, "tailLines", tail);
    if (in.flags.millis("since") > 0) put(r.body, "sinceSeconds", (in.flags.millis("since") + 999) / 1000);
    if (!in.get("since-time").empty()) put(r.body, "sinceTime", in.get("since-time"));
    if (in.flags.number("limit-bytes") > 0) put(r.body, "limitBytes", in.flags.number("limit-bytes"));
  } else {
    put(r.body, "position", s.position);
    if (!s.seen.isNull()) put(r.body, "opened", s.seen);
  }
  const Response reply = in.send(std::move(r));
  if (!reply.ok()) {
    s.ended = true;
    return first ? fromResponse(reply) : Error();
  }
  s.position = num(reply.body, "position", s.position);
  if (!in.is("prefix")) {
    in.print(reply.text);
    return {};
  }
  Strings lines = split(reply.text, '\n');
  for (size_t i = 0; i + 1 < lines.size(); ++i) in.print("[pod/" + s.pod + "/" + s.container + "] " + lines[i] + "\n");
  return {};
}

/// Whether a pod's container still runs: a log that is followed ends with it.
bool goesOn(Invocation& in, Source& s) {
  const Response r = in.fetch(*findMapping("pods"), in.ns, s.pod);
  if (!r.ok()) return false;
  s.seen = r.body;
  for (std::string_view list : {"status.containerStatuses", "status.initContainerStatuses"}) {
    for (const Value& c : at(r.body, list).values()) {
      if (str(c, "name") == s.container) return !has(c, "state.terminated");
    }
  }
  return false;
}

}  // namespace

Error logs(Invocation& in) {
  if (in.args.empty() && in.get("selector").empty()) {
    return in.usage(
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required "
        "argument for the logs command");
  }
  Reader reader{in, in.args.size() > 1 && in.get("container").empty() ? in.args[1] : in.get("container")};
  if (in.args.empty()) {
    std::vector<Value> pods;
    Error e = in.list(*findMapping("pods"), in.ns, in.get("selector"), {}, pods);
    if (e) return e;
    if (pods.empty()) {
      in.complain("No resources found in " + in.ns + " namespace.\n");
      return {};
    }
    for (const Value& pod : pods) reader.add(pod);
  } else {
    Value pod;
    Error e = findPod(in, in.args[0], pod);
    if (e.isNotFound()) {
      return plain("error from server (NotFound): " + e.message() + " in namespace " + quote(in.ns));
    }
    if (!e) e = reader.add(pod);
    if (e) return e;
  }
  for (Source& s : reader.sources) {
    Error e = reader.read(s, true);
    if (e) return e;
  }
  if (!in.is("follow")) return {};
  const api::Millis end = in.endOfPatience();
  for (;;) {
    bool any = false;
    for (Source& s : reader.sources) {
      const bool running = !s.ended && goesOn(in, s);
      if (!s.ended) reader.read(s, false);
      s.ended = s.ended || !running;
      any = any || running;
    }
    if (!any) return {};
    if (in.host.now() >= end || !in.host.advance(end)) return killed();
  }
}

}  // namespace kubectl
