// kubectl delete, and waiting for what was deleted to be gone. Models kubectl pkg/cmd/delete.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/raw.hpp"
#include "core/kubectl/runs.hpp"
#include "core/kubectl/waiting.hpp"

namespace kubectl {
namespace {

using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;

struct Deleting {
  Invocation& in;
  DryRun dryRun = DryRun::none;
  int64_t gracePeriod = -1;
  std::string cascade;

  void print(const Info& info) const;
  Error one(const Info& info, std::string& uid);
};

void Deleting::print(const Info& info) const {
  const Mapping& m = *info.mapping;
  std::string kind = m.singular() + (m.group.empty() ? "" : "." + std::string(m.group));
  if (in.get("output") == "name") return in.print(kind + "/" + info.name + "\n");
  std::string text = kind + " \"" + info.name + "\" " + (gracePeriod == 0 ? "force deleted" : "deleted");
  if (m.namespaced) text += " from " + info.ns + " namespace";
  if (dryRun != DryRun::none) text += dryRun == DryRun::client ? " (dry run)" : " (server dry run)";
  in.print(text + "\n");
}

Error Deleting::one(const Info& info, std::string& uid) {
  if (dryRun == DryRun::client) {
    print(info);
    return {};
  }
  Response reply;
  if (info.mapping->served()) {
    Request r = in.request(Verb::remove, *info.mapping, info.ns, info.name);
    r.dryRun = dryRun == DryRun::server;
    if (gracePeriod >= 0) r.deleteOptions.gracePeriodSeconds = gracePeriod;
    r.deleteOptions.propagationPolicy = cascade;
    reply = in.send(std::move(r));
  } else {
    reply = in.fetch(*info.mapping, info.ns, info.name);
  }
  if (!reply.ok()) return withSource("deleting", info.source, fromResponse(reply));
  print(info);
  uid = str(reply.body, "kind") == "Status" ? str(reply.body, "details.uid") : str(reply.body, "metadata.uid");
  return {};
}

/// Models parseCascadingFlag; booleans are what earlier versions took.
bool cascadeOf(Invocation& in, const std::string& text, std::string& policy) {
  if (text == "background" || text == "true") policy = "Background";
  if (text == "foreground") policy = "Foreground";
  if (text == "orphan" || text == "false") policy = "Orphan";
  if (text == "true" || text == "false") {
    in.complain("warning: --cascade=" + text +
                " is deprecated (boolean value) and can be replaced with --cascade=" + lower(policy) + ".\n");
  }
  return !policy.empty();
}

Error waitUntilGone(Invocation& in, const std::vector<Info>& infos, const Strings& uids) {
  int64_t timeout = in.flags.millis("timeout");
  bool limited = timeout > 0;
  api::Millis deadline = limited ? in.host.now() + timeout : in.endOfPatience();
  for (size_t i = 0; i < infos.size(); ++i) {
    Error e = waitForDeletion(in, infos[i], uids[i], deadline, limited);
    if (e) return e;
  }
  return {};
}

Error validate(Invocation& in, Deleting& d) {
  bool force = in.is("force");
  d.gracePeriod = in.flags.number("grace-period");
  if (in.is("now")) {
    if (d.gracePeriod != -1) return plain("--now and --grace-period cannot be specified together");
    d.gracePeriod = 1;
  }
  if (d.gracePeriod == 0 && !force) d.gracePeriod = 1;
  if (force && d.gracePeriod < 0) d.gracePeriod = 0;
  Error error;
  d.dryRun = in.dryRun(error);
  if (error) return error;
  if (!cascadeOf(in, in.get("cascade"), d.cascade)) {
    return plain("invalid cascade value (" + in.get("cascade") +
                 "). Must be \"background\", \"foreground\", or \"orphan\"");
  }
  return {};
}

Error validateAfterLookup(Invocation& in, const Deleting& d) {
  const std::string& output = in.get("output");
  if (!output.empty() && output != "name") {
    return plain("unexpected -o output mode: " + output + ". We only support '-o name'");
  }
  if (d.gracePeriod == 0 && in.is("force")) {
    in.warn(
        "Immediate deletion does not wait for confirmation that the running resource has been terminated. The "
        "resource may continue to run on the cluster indefinitely.");
  } else if (d.gracePeriod > 0 && in.is("force")) {
    return plain("--force and --grace-period greater than 0 cannot be specified together");
  }
  return {};
}

}  // namespace

Error remove(Invocation& in) {
  Deleting d{in, {}, -1, {}};
  Error error = validate(in, d);
  if (error) return error;
  if (!in.get("raw").empty()) {
    error = validateAfterLookup(in, d);
    return error ? error : deleteRaw(in);
  }
  Query query;
  query.args = in.args;
  query.requireObject = false;
  query.selectAll = in.is("all");
  query.allNamespaces = in.is("all-namespaces");
  Selection found = select(in, query);
  if (found.error) return found.error;
  error = validateAfterLookup(in, d);
  if (error) return error;
  bool bySelector = in.is("all") || !in.get("selector").empty() || !in.get("field-selector").empty();
  bool ignoreNotFound = in.flags.changed("ignore-not-found") ? in.is("ignore-not-found") : bySelector;
  Strings uids;
  bool warned = false;
  for (const Info& info : found.infos) {
    if (in.nsExplicit && !info.mapping->namespaced && !in.is("all-namespaces") && !warned) {
      in.warn("deleting cluster-scoped resources, not scoped to the provided namespace");
      warned = true;
    }
    uids.emplace_back();
    Error e = d.one(info, uids.back());
    if (e) found.visits.push_back(std::move(e));
  }
  error = found.outcome();
  if (ignoreNotFound && error.isNotFound()) error = {};
  if (ignoreNotFound && error.type == Error::Type::aggregate) {  // what is left of several is printed as of several
    std::erase_if(error.list, [](const Error& e) { return e.isNotFound(); });
    if (error.list.empty()) error = {};
  }
  if (error) return error;
  if (found.infos.empty()) in.print("No resources found\n");
  if (in.get("wait") == "false" || d.dryRun != DryRun::none) return {};
  return waitUntilGone(in, found.infos, uids);
}

}  // namespace kubectl
