// kubectl scale and patch. Models kubectl pkg/cmd/scale and pkg/cmd/patch.
#include "core/apiserver/patch.hpp"
#include "core/kubectl/patching.hpp"
#include "core/kubectl/runs.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {

using apiserver::PatchType;
using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;

namespace {

Response scaleRequest(Invocation& in, const Info& info, Verb verb, Value body, bool dryRun) {
  Request r = in.request(verb, *info.mapping, info.ns, info.name);
  if (!info.mapping->served() || !info.mapping->served()->scale) {
    Response none;
    none.code = 404;
    none.text = "404 page not found";
    return none;
  }
  r.subresource = "scale";
  r.body = std::move(body);
  r.dryRun = dryRun;
  if (verb == Verb::patch) r.patchType = PatchType::merge;
  return in.send(std::move(r));
}

Error mismatch(const char* what, const std::string& expected, const std::string& actual) {
  return plain(std::string("Expected ") + what + " to be " + expected + ", was " + actual);
}

Error scaleOne(Invocation& in, Info& info, DryRun dryRun) {
  int64_t replicas = in.flags.number("replicas"), current = in.flags.number("current-replicas");
  const std::string& version = in.get("resource-version");
  bool server = dryRun == DryRun::server;
  Response reply;
  if (current != -1 || !version.empty()) {
    reply = scaleRequest(in, info, Verb::get, {}, false);
    if (!reply.ok()) return fromResponse(reply);
    int64_t actual = num(reply.body, "spec.replicas");
    if (current != -1 && actual != current) {
      return mismatch("replicas", std::to_string(current), std::to_string(actual));
    }
    if (!version.empty() && version != str(reply.body, "metadata.resourceVersion")) {
      return mismatch("resource version", version, str(reply.body, "metadata.resourceVersion"));
    }
    Value body = reply.body;
    put(body, "spec.replicas", replicas);
    reply = scaleRequest(in, info, Verb::update, std::move(body), server);
  } else {
    Value body;
    put(body, "spec.replicas", replicas);
    reply = scaleRequest(in, info, Verb::patch, std::move(body), server);
  }
  if (!reply.ok()) return fromResponse(reply);
  put(info.object, "spec.replicas", num(reply.body, "spec.replicas"));
  int64_t timeout = in.flags.millis("timeout");
  if (timeout == 0 || dryRun != DryRun::none) return {};
  bool synced = in.wait(in.host.now() + timeout, [&] {
    Response r = scaleRequest(in, info, Verb::get, {}, false);
    if (!r.ok()) return true;
    int64_t wanted = num(r.body, "spec.replicas");
    return wanted != replicas || num(r.body, "status.replicas") == wanted;
  });
  return synced ? Error() : plain("timed out waiting for " + quote(info.name) + " to be synced");
}

}  // namespace

Error scale(Invocation& in) {
  Printer printer;
  Error error;
  DryRun dryRun = in.dryRun(error);
  if (!error) error = printer.prepare(in);
  if (error) return error;
  if (in.flags.number("replicas") < 0) {
    return plain("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
  }
  if (in.flags.number("current-replicas") < -1) {
    return plain("The --current-replicas must specify an integer of -1 or greater");
  }
  Query query;
  query.args = in.args;
  query.allowEmptySelector = in.is("all");
  Selection found = select(in, query);
  if (found.error) return found.error;
  if (found.infos.empty()) {
    return found.errors.empty() ? plain("no objects passed to scale") : aggregate(found.errors);
  }
  for (Info& info : found.infos) {
    if (dryRun == DryRun::client) {
      put(info.object, "spec.replicas", in.flags.number("replicas"));
    } else {
      error = scaleOne(in, info, dryRun);
      if (error) return error;
      patchCause(in, info, dryRun == DryRun::server);
    }
    error = printer.print(in, info.object, "scaled");
    if (error) return error;
  }
  return aggregate(found.errors);
}

namespace {

// JSON goes to the server as it is, so that is who complains about it; YAML is read here.
Error parsePatch(const std::string& text, Value& out) {
  std::string problem;
  std::string first = trim(text).substr(0, 1);
  out = manifest::parseJson(text, problem);
  if (problem.empty()) return {};
  if (first == "{" || first == "[") return statusError(400, "BadRequest", "invalid JSON patch");
  manifest::Parsed parsed = manifest::parseYaml(text);
  if (!parsed.errors.empty()) {
    std::string why = parsed.errors[0].message;
    constexpr std::string_view converting = "error converting YAML to JSON: ";
    if (startsWith(why, converting)) why.erase(0, converting.size());
    return plain("unable to parse " + quote(text) + ": " + why);
  }
  out = parsed.documents.empty() ? Value() : parsed.documents[0].value;
  return {};
}

Error patchOne(Invocation& in, Info& info, PatchType type, const Value& body, DryRun dryRun, Printer& printer) {
  Response reply;
  if (dryRun == DryRun::client && type == PatchType::merge) {
    reply.body = api::mergePatch(info.object, body);
  } else {
    reply = sendPatch(in, info, type, body, dryRun != DryRun::none);
  }
  if (!reply.ok()) return fromResponse(reply);
  if (dryRun != DryRun::client) patchCause(in, info, dryRun == DryRun::server);
  bool changed = !(reply.body == info.object);
  if (dryRun == DryRun::client) printer.withoutDryRunNote();  // as the real command forgets it
  return printer.print(in, reply.body, changed ? "patched" : "patched (no change)");
}

/// --local: the file's object is changed here and only shown.
Error patchLocally(Invocation& in, const Info& info, PatchType type, const Value& body, Printer& printer) {
  Value after;
  Response reply;
  if (type == PatchType::merge) {
    after = api::mergePatch(info.object, body);
  } else if (type == PatchType::json) {
    reply = apiserver::jsonPatch(info.object, body, after);
  } else if (const api::Type* known = api::findType(info.mapping->kind)) {
    reply = apiserver::strategicMergePatch(*known, info.object, body, after);
  }
  if (!reply.ok()) return plain(std::string(reply.message()));
  return printer.print(in, after, after == info.object ? "patched (no change)" : "patched");
}

}  // namespace

Error patch(Invocation& in) {
  std::string text = in.get("patch");
  const std::string &file = in.get("patch-file"), &typeName = in.get("type");
  Printer printer;
  Error error;
  DryRun dryRun = in.dryRun(error);
  if (!error) error = printer.prepare(in);
  if (error) return error;
  if (!text.empty() && !file.empty()) return plain("cannot specify --patch and --patch-file together");
  if (text.empty() && file.empty()) {
    return plain("must specify --patch or --patch-file containing the contents of the patch");
  }
  if (in.is("local") && !in.args.empty()) return plain("cannot specify --local and server resources");
  if (in.is("local") && dryRun == DryRun::server)
    return plain("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
  std::string small = lower(typeName);
  PatchType type = small == "json"        ? PatchType::json
                   : small == "merge"     ? PatchType::merge
                   : small == "strategic" ? PatchType::strategic
                                          : PatchType::none;
  if (type == PatchType::none) { return plain("--type must be one of [json merge strategic], not " + quote(typeName)); }
  if (!file.empty() && !in.host.readFile(file, text)) {
    return plain("unable to read patch file: open " + file + ": no such file or directory");
  }
  Value body;
  Error unreadable = parsePatch(text, body);
  if (unreadable && unreadable.type == Error::Type::plain) return unreadable;
  Query query;
  query.args = in.args;
  query.subresource = in.get("subresource");
  Selection found = select(in, query);
  if (found.error) return found.error;
  if (in.is("local") && unreadable) unreadable = plain("invalid JSON document");
  for (Info& info : found.infos) {
    if (in.is("local") && !unreadable) {
      found.visits.push_back(patchLocally(in, info, type, body, printer));
      continue;
    }
    found.visits.push_back(unreadable ? unreadable : patchOne(in, info, type, body, dryRun, printer));
  }
  if (found.infos.empty() && found.errors.empty()) return plain("no objects passed to patch");
  return found.outcome();
}

}  // namespace kubectl
