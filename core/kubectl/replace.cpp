// kubectl replace: the whole object anew, or (with --force) deleted and created. Models kubectl pkg/cmd/replace.
#include "core/kubectl/apply.hpp"
#include "core/kubectl/creating.hpp"
#include "core/kubectl/raw.hpp"
#include "core/kubectl/runs.hpp"
#include "core/kubectl/waiting.hpp"

namespace kubectl {

using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;

namespace {
struct Replacing {
  Invocation& in;
  Printer printer = {};
  DryRun dryRun = DryRun::none;
  std::string fieldValidation = {};

  Error put(Info&);
  Error forced(Selection&);
};

void annotate(const Invocation& in, Info& info) {
  if (!lastApplied(info.object).isNull() || in.is("save-config")) setLastApplied(info.object);
}

Error Replacing::put(Info& info) {
  annotate(in, info);
  if (dryRun == DryRun::client) return printer.print(in, info.object, "replaced");
  if (info.name.empty()) return withSource("replacing", info.source, plain("resource name may not be empty"));
  Request r = in.request(Verb::update, *info.mapping, info.ns, info.name);
  r.body = info.object;
  r.dryRun = dryRun == DryRun::server;
  r.fieldValidation = fieldValidation;
  r.subresource = in.get("subresource");
  const Response reply = in.send(std::move(r));
  if (!reply.ok()) return withSource("replacing", info.source, fromResponse(reply));
  return printer.print(in, reply.body, "replaced");
}

// All are deleted and waited for before the first is created again; what goes wrong with one stops it between the two.
// Models forceReplace.
Error Replacing::forced(Selection& found) {
  for (const Info& info : found.infos) {
    Request r = in.request(Verb::remove, *info.mapping, info.ns, info.name);
    // A grace period of 0 that was asked for is one of 1, so that nothing is lost by accident.
    const bool asked = in.flags.changed("grace-period");
    r.deleteOptions.gracePeriodSeconds = asked ? std::max<int64_t>(in.flags.number("grace-period"), 1) : 0;
    r.deleteOptions.propagationPolicy = "Background";
    const Response reply = in.send(std::move(r));
    if (!reply.ok()) {
      if (!reply.isNotFound()) found.visits.push_back(withSource("deleting", info.source, fromResponse(reply)));
      continue;
    }
    const std::string group(info.mapping->group);
    in.print(info.mapping->singular() + (group.empty() ? "" : "." + group) + " " + quote(info.name) + " deleted" +
             (info.mapping->namespaced ? " from " + info.ns + " namespace\n" : "\n"));
  }
  if (Error e = found.outcome()) return e;
  for (const Info& info : found.infos) {
    if (Error e = waitForDeletion(in, info, {}, in.endOfPatience(), false)) return e;
  }
  for (Info& info : found.infos) {
    annotate(in, info);
    Request r = in.request(Verb::create, *info.mapping, info.ns, {});
    r.body = info.object;
    r.fieldValidation = fieldValidation;
    r.subresource = in.get("subresource");
    const Response reply = in.send(std::move(r));
    found.visits.push_back(reply.ok() ? printer.print(in, reply.body, "replaced") : fromResponse(reply));
  }
  return found.outcome();
}
}  // namespace

Error replace(Invocation& in) {
  Replacing replacing{in};
  Error error;
  replacing.dryRun = in.dryRun(error);
  replacing.fieldValidation = error ? "" : validation(in, error);
  if (!error) error = replacing.printer.prepare(in);
  if (!error) error = filesRequired(in);
  if (error) return error;
  const bool force = in.is("force");
  if (!force && in.flags.changed("grace-period")) return plain("--grace-period must have --force specified");
  if (!force && in.flags.millis("timeout")) return plain("--timeout must have --force specified");
  if (force && replacing.dryRun != DryRun::none) return plain("--dry-run can not be used when --force is set");
  if (!in.get("raw").empty()) return replaceRaw(in);
  Selection found = selectFiles(in, replacing.fieldValidation != "Ignore");
  if (found.error) return found.error;
  if (found.infos.empty() && found.errors.empty()) return plain("no objects passed to replace");
  if (force) return replacing.forced(found);
  for (Info& info : found.infos) found.visits.push_back(replacing.put(info));
  return found.outcome();
}

}  // namespace kubectl
