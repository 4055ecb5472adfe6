#include "core/kubectl/command.hpp"

namespace kubectl {

using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;
namespace key = api::key;

void Invocation::warn(const std::string& text) {
  for (const std::string& w : warnings) {
    if (w == text) return;
  }
  warnings.push_back(text);
  complain("Warning: " + text + "\n");
}

Error Invocation::usage(const std::string& text) const {
  return plain(text + "\nSee '" + path + " -h' for help and examples");
}

DryRun Invocation::dryRun(Error& error) const {
  const std::string& text = get("dry-run");
  if (text == "client") return DryRun::client;
  if (text == "server") return DryRun::server;
  if (text.empty() || text == "none") return DryRun::none;
  if (text == "unchanged") {
    constexpr std::string_view warning =
        "W0101 00:00:00.000000       1 helpers.go:714] --dry-run is deprecated and can be replaced with "
        "--dry-run=client.\n";
    if (result.err.find(warning) == result.err.npos) result.err += warning;  // asked for twice, said once
    return DryRun::client;
  }
  error = plain("Invalid dry-run value (" + text + "). Must be \"none\", \"server\", or \"client\".");
  return DryRun::none;
}

Error killed() { return {Error::Type::killed, {}, {}, {}, -1}; }

api::Millis Invocation::endOfPatience() const { return host.now() + host.patience(); }

static Response notFound(const std::string& message) {
  Response r;
  r.code = 404;
  r.body = statusError(404, "NotFound", message).status;
  return r;
}

static Response refusedInThePast() {
  Response refused;
  refused.code = 403;
  refused.body = statusError(403, "Forbidden",
                             "you are looking at the past, where nothing can be changed; go to the end, or start a "
                             "branch from here")
                     .status;
  return refused;
}

Response Invocation::sendRaw(apiserver::HttpRequest request) {
  if (request.method != "GET" && host.readOnly()) return refusedInThePast();
  request.userAgent = "kubectl";
  if (!request.body.empty()) request.contentType = "application/json";
  Response reply = host.sendRaw(request);
  for (const std::string& w : reply.warnings) warn(w);
  return reply;
}

Response Invocation::send(Request request) {
  bool reads = request.verb == Verb::get || request.verb == Verb::list || request.verb == Verb::watch;
  if (!reads && host.readOnly() && !request.dryRun) return refusedInThePast();
  request.userAgent = "kubectl";
  request.showManagers = !request.asTable;
  if (!reads && request.fieldManager.empty()) request.fieldManager = fieldManager;
  Response reply = host.send(std::move(request));
  for (const std::string& w : reply.warnings) warn(w);
  return reply;
}

Request Invocation::request(Verb verb, const Mapping& mapping, std::string_view ns, std::string_view name) const {
  Request r;
  r.verb = verb;
  if (const api::ResourceInfo* info = mapping.served()) r.resource = info->resource;
  if (mapping.namespaced) r.namespace_ = ns;
  r.name = name;
  return r;
}

/// Endpoints are not served here; the API server that has them warns whoever asks.
static void warnOfDeprecated(Invocation& in, const Mapping& mapping) {
  if (mapping.plural == "endpoints")
    in.warn("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
}

Response Invocation::fetch(const Mapping& mapping, std::string_view ns, std::string_view name) {
  warnOfDeprecated(*this, mapping);
  if (!mapping.served()) return notFound(mapping.groupResource() + " " + quote(name) + " not found");
  return send(request(Verb::get, mapping, ns, name));
}

Error Invocation::list(const Mapping& mapping, std::string_view ns, std::string_view labels, std::string_view fields,
                       std::vector<Value>& items) {
  warnOfDeprecated(*this, mapping);
  if (!mapping.served()) return {};
  Request r = request(Verb::list, mapping, ns, {});
  r.labelSelector = labels;
  r.fieldSelector = fields;
  Response reply = send(std::move(r));
  if (!reply.ok()) return fromResponse(reply);
  for (const Value& item : reply.body[key::items].values()) {
    Value copy = item;
    copy.set(key::apiVersion, mapping.apiVersion());
    copy.set(key::kind, mapping.kind);
    items.push_back(std::move(copy));
  }
  return {};
}

}  // namespace kubectl
