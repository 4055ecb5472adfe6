#include "core/apiserver/http.hpp"

#include <algorithm>

#include "core/api/names.hpp"
#include "core/apiserver/connect.hpp"
#include "core/apiserver/decode.hpp"
#include "core/apiserver/discovery.hpp"
#include "core/apiserver/serving.hpp"
#include "core/apiserver/table.hpp"
#include "core/manifest/manifest.hpp"

namespace apiserver {
using namespace api;

namespace {
constexpr size_t maxBody = 3 * 1024 * 1024;

bool toInteger(std::string_view text, int64_t& out) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return false;
  out = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  if (negative) out = -out;
  return true;
}

Response notAcceptable(bool lists) {
  Response r = failure(406, "NotAcceptable",
                       "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, "
                       "application/vnd.kubernetes.protobuf" +
                           std::string(lists ? ", application/json;stream=watch, "
                                               "application/vnd.kubernetes.protobuf;stream=watch"
                                             : ""));
  r.body.set(key::details, Value::object({}));
  return r;
}

/// A media type that is known, of a form that is not.
Response cannotTransform() {
  return failure(406, "NotAcceptable",
                 "only the following media types are accepted: application/json, application/yaml, "
                 "application/vnd.kubernetes.protobuf");
}

/// The older form of a watch, "/api/v1/watch/pods", is the newer one of the same objects; of one object it selects it.
bool takeWatchPrefix(Url& url) {
  auto& p = url.parts;
  const size_t at = !p.empty() && p[0] == "api" ? 2 : 3;
  if (p.size() <= at + 1 || p[at] != "watch" || (p[0] != "api" && p[0] != "apis")) return false;
  p.erase(p.begin() + long(at));
  const size_t named = p[at] == "namespaces" && p.size() > at + 2 ? at + 3 : at + 1;
  if (p.size() == named + 1) {
    url.query.emplace_back("fieldSelector", "metadata.name=" + p.back());
    p.pop_back();
  }
  return true;
}

/// A body as the error about it shows it. Models apiserver pkg/endpoints/handlers/rest.go summarizeData.
std::string summaryOf(std::string_view body) {
  static constexpr char digits[] = "0123456789abcdef";
  constexpr size_t most = 30;
  if (body.empty()) return "<empty>";
  std::string out;
  for (unsigned char c : body.substr(0, most)) {
    if (body[0] == '{') {
      out += char(c);
    } else {
      (out += digits[c >> 4]) += digits[c & 15];
    }
  }
  return body.size() > most ? out + " ..." : out;
}

/// A parameter that is there is true unless it says otherwise. Models apimachinery runtime
/// Convert_Slice_string_To_bool.
bool isTrue(const Url& url, std::string_view name) {
  if (!url.has(name)) return false;
  const std::string& v = url.get(name);
  return v != "0" && v != "false" && v != "False" && v != "FALSE";
}

/// "strconv.ParseInt: …" where a parameter is no number.
Response checkInteger(const Url& url, std::string_view name, int64_t& out) {
  const std::string& text = url.get(name);
  if (text.empty() || toInteger(text, out)) return {};
  const size_t sign = text[0] == '-' || text[0] == '+' ? 1 : 0;
  const bool digits = text.size() > sign && text.find_first_not_of("0123456789", sign) == std::string::npos;
  return badRequest("strconv.ParseInt: parsing \"" + text + (digits ? "\": value out of range" : "\": invalid syntax"));
}
}  // namespace

namespace {

/// The older name of what tables and metadata are in.
void asBeta(Value& body) {
  static const Key rows("rows"), object("object");
  const auto rename = [](Value& v) {
    if (v[key::apiVersion].asString() == "meta.k8s.io/v1") v.set(key::apiVersion, "meta.k8s.io/v1beta1");
  };
  rename(body);
  for (size_t i = 0; i < body[rows].size(); ++i) {
    Value row = body[rows][i][object];
    rename(row);
    if (!row.isNull()) body.set({rows, api::Step::index(i), object}, row);
  }
  for (size_t i = 0; i < body[key::items].size(); ++i) {
    Value item = body[key::items][i];
    rename(item);
    body.set({key::items, api::Step::index(i)}, item);
  }
}

/// What a reply becomes in the form that the client accepts. Models apiserver pkg/endpoints/handlers/response.go.
void inForm(const Request& request, const Accepted& accepted, Millis now, Response& r) {
  const ResourceInfo& of = info(request.resource);
  const bool lists = request.verb == Verb::list, single = request.verb == Verb::get;
  if (accepted.metadata && (lists || single) && lists != accepted.metadataList && request.subresource.empty()) {
    const std::string package(of.group.empty() ? "core" : of.group.substr(0, of.group.find('.')));
    const std::string type = " (*" + package + "." + std::string(of.kind) + (lists ? "List)" : ")");
    r = failure(406, "NotAcceptable",
                lists ? "you requested PartialObjectMetadata, but the requested object is a list" + type
                      : "you requested PartialObjectMetadataList, but the requested object is not a list" + type);
    return;
  }
  const bool writes = request.verb == Verb::create || request.verb == Verb::update || request.verb == Verb::patch;
  if (writes && accepted.table && r.body[key::kind].asString() == of.kind) {
    const Value metadata = Value::object({{key::resourceVersion, r.body.get({key::metadata, key::resourceVersion})}});
    r.body = tableOf(of, {r.body}, false, request.includeObject, metadata, now);
  } else if (writes && accepted.metadata) {
    r.body = metadataOf(r.body);
  }
  if (accepted.beta) asBeta(r.body);
}

}  // namespace

Route route(const Url& url) {
  Route r;
  const auto& parts = url.parts;
  const bool core = parts[0] == "api";
  const size_t start = core ? 2 : 3;
  const std::string_view group = core ? std::string_view() : parts[1], version = parts[start - 1];
  size_t at = start;
  if (parts[at] == "namespaces" && parts.size() > at + 2 &&
      !(core && (parts[at + 2] == "finalize" || parts[at + 2] == "status"))) {
    r.namespace_ = parts[at + 1];
    at += 2;
  }
  r.info = findResource(group, version, parts[at]);
  if (core && parts[at] == "bindings") {  // the older door to a pod's binding
    r.info = &info(Resource::pods);
    r.subresource = "binding";
    return r;
  }
  if (!r.info || (!r.namespace_.empty() && !r.info->namespaced) || parts.size() > at + 3) {
    r.refused = genericNotFound();
    r.info = nullptr;
    return r;
  }
  if (parts.size() > at + 1) r.name = parts[at + 1];
  if (parts.size() > at + 2) r.subresource = parts[at + 2];
  if (r.info->namespaced && r.namespace_.empty() && !r.name.empty()) {
    r.refused = genericNotFound();
    r.info = nullptr;
  }
  return r;
}

namespace {
bool verbOf(const HttpRequest& http, const Route& r, bool watch, Verb& verb) {
  const bool named = !r.name.empty(), sub = !r.subresource.empty();
  if (http.method == "GET") {
    verb = named ? Verb::get : watch ? Verb::watch : Verb::list;
    return r.subresource != "binding" && r.subresource != "eviction" && r.subresource != "finalize";
  }
  if (http.method == "POST") {
    verb = Verb::create;
    return sub ? r.subresource == "binding" || r.subresource == "eviction"
               : !named && !(r.info->namespaced && r.namespace_.empty());
  }
  if (!named) {
    verb = Verb::deletecollection;
    return http.method == "DELETE" && r.info->resource != Resource::namespaces && !sub &&
           !(r.info->namespaced && r.namespace_.empty());
  }
  verb = http.method == "PUT" ? Verb::update : http.method == "PATCH" ? Verb::patch : Verb::remove;
  if (http.method == "PUT") return r.subresource != "binding" && r.subresource != "eviction";
  if (http.method == "PATCH")
    return r.subresource != "binding" && r.subresource != "eviction" && r.subresource != "finalize";
  return http.method == "DELETE" && !sub;
}

/// A body's text as a document. `kind` is what the server expects, for the error.
Response readBody(const HttpRequest& http, std::string_view type, std::string_view kind, Request& request) {
  if (type == "application/yaml" || type == "application/apply-patch+yaml") {
    manifest::Parsed parsed = manifest::parseYaml(http.body);
    if (!parsed.errors.empty()) {
      std::string_view why = parsed.errors[0].message;
      if (const size_t at = why.find("yaml: "); at != why.npos) why.remove_prefix(at);
      if (request.verb == Verb::patch) return badRequest("error encoding patch: " + std::string(why));
      return badRequest("the object provided is unrecognized (must be of type " + std::string(kind) +
                        "): " + std::string(why) + " (" + summaryOf(http.body) + ")");
    }
    if (!parsed.documents.empty()) {
      request.body = std::move(parsed.documents[0].value);
      for (const manifest::Error& e : parsed.documents[0].duplicates) request.duplicates.push_back(e.path);
    }
    return {};
  }
  std::string error;
  request.body = manifest::parseJson(http.body, error, request.duplicates);
  if (error.empty() && request.body.isNull()) request.body = Value::object({});
  if (const std::string_view version = request.body[key::apiVersion].asString();
      request.verb != Verb::patch && std::count(version.begin(), version.end(), '/') > 1)
    return badRequest("the object provided is unrecognized (must be of type " + std::string(kind) +
                      "): unexpected GroupVersion string: " + std::string(version) + " (" + summaryOf(http.body) + ")");
  if (error.empty() && (request.body.kind() == Kind::Object || request.verb == Verb::patch)) return {};
  if (request.verb == Verb::patch) return badRequest("invalid JSON patch");
  if (error.empty()) {
    const char* what = request.body.kind() == Kind::String  ? "string"
                       : request.body.kind() == Kind::Array ? "array"
                       : request.body.kind() == Kind::Bool  ? "bool"
                                                            : "number";
    error = std::string("json: cannot unmarshal ") + what +
            " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
            "\"json:\\\"kind,omitempty\\\"\" }";
  }
  return badRequest("the object provided is unrecognized (must be of type " + std::string(kind) +
                    "): couldn't get version/kind; json parse error: " + error + " (" + summaryOf(http.body) + ")");
}

PatchType patchTypeOf(std::string_view type) {
  if (type == "application/json-patch+json") return PatchType::json;
  if (type == "application/merge-patch+json") return PatchType::merge;
  if (type == "application/strategic-merge-patch+json") return PatchType::strategic;
  if (type == "application/apply-patch+yaml") return PatchType::apply;
  return PatchType::none;
}

Response unsupportedMediaType(Verb verb) {
  if (verb == Verb::patch) {
    Response r = failure(415, "UnsupportedMediaType", "415: Unsupported Media Type");
    r.body.set(key::details, Value::object({}));
    return r;
  }
  return failure(415, "UnsupportedMediaType",
                 "the body of the request was in an unknown format - accepted media types include: application/json, "
                 "application/yaml, application/vnd.kubernetes.protobuf");
}

std::string_view optionsKind(Verb v) {
  switch (v) {
    case Verb::create: return "CreateOptions";
    case Verb::update: return "UpdateOptions";
    case Verb::patch: return "PatchOptions";
    default: return "DeleteOptions";
  }
}

/// DeleteOptions, if a body gives them.
Response readDeleteBody(const HttpRequest& http, Request& request) {
  if (http.body.empty()) return {};
  std::string error;
  request.body = manifest::parseJson(http.body, error);
  if (!error.empty()) return badRequest("couldn't get version/kind; json parse error: " + error);
  const std::string_view kind = request.body[key::kind].asString(), version = request.body[key::apiVersion].asString();
  if (!kind.empty() && kind != "DeleteOptions")
    return badRequest("no kind " + quote(kind) + " is registered for version " + quote(version) +
                      " in scheme \"pkg/runtime/scheme.go:111\"");
  const Decoded decoded = decode(*findType("DeleteOptions"), request.body, {});
  if (!decoded.error.empty()) return badRequest(decoded.error);
  return {};
}

void readDeleteOptions(const Url& url, const Value& body, DeleteOptions& options, std::vector<std::string>& dryRun) {
  int64_t seconds = 0;
  if (toInteger(url.get("gracePeriodSeconds"), seconds)) options.gracePeriodSeconds = seconds;
  if (body[key::gracePeriodSeconds].kind() == Kind::Int)
    options.gracePeriodSeconds = body[key::gracePeriodSeconds].asInt();
  options.propagationPolicy = url.get("propagationPolicy");
  if (const Value& policy = body[key::propagationPolicy]; !policy.isNull())
    options.propagationPolicy = policy.asString();
  Value orphan = body[key::orphanDependents];
  if (url.has("orphanDependents")) orphan = url.get("orphanDependents") == "true" || url.get("orphanDependents") == "1";
  options.orphanDependentsToo = !options.propagationPolicy.empty() && !orphan.isNull();
  if (options.propagationPolicy.empty() && !orphan.isNull())
    options.propagationPolicy = orphan.asBool() ? "Orphan" : "Background";
  options.uid = body.get({key::preconditions, key::uid}).asString();
  options.resourceVersion = body.get({key::preconditions, key::resourceVersion}).asString();
  for (const Value& v : body[key::dryRun].values()) dryRun.emplace_back(v.asString());
}

/// The query's parameters that all verbs share or that their verb reads.
Response readQuery(const Url& url, Request& request) {
  request.labelSelector = url.get("labelSelector");
  request.fieldSelector = url.get("fieldSelector");
  request.continue_ = url.get("continue");
  request.resourceVersion = url.get("resourceVersion");
  request.resourceVersionMatch = url.get("resourceVersionMatch");
  request.fieldManager = url.get("fieldManager");
  request.fieldValidation = url.get("fieldValidation");
  request.includeObject = url.get("includeObject");
  request.force = isTrue(url, "force");
  if (url.has("sendInitialEvents")) request.sendInitialEvents = isTrue(url, "sendInitialEvents");
  request.allowWatchBookmarks = isTrue(url, "allowWatchBookmarks");
  int64_t number = 0;
  for (std::string_view name : {"timeoutSeconds", "gracePeriodSeconds"}) {
    if (Response refused = checkInteger(url, name, number); !refused.ok()) return refused;
  }
  return checkInteger(url, "limit", request.limit);
}
}  // namespace

namespace {
/// PodLogOptions from the query.
Value logOptions(const Url& url) {
  Value options = Value::object({});
  for (const auto& [name, value] : url.query) {
    int64_t n = 0;
    if (name == "tailLines" || name == "sinceSeconds" || name == "limitBytes") {
      if (toInteger(value, n)) options.set(Key(name), n);
    } else if (name == "previous" || name == "timestamps" || name == "follow") {
      options.set(Key(name), value == "true" || value == "1");
    } else if (name == "container" || name == "sinceTime") {
      options.set(Key(name), value);
    }
  }
  return options;
}
}  // namespace

Response Server::handle(const HttpRequest& http, const History* history, std::optional<Watch>* watching) {
  Url url = parseUrl(http.path);
  const bool watched = takeWatchPrefix(url);
  Response document;
  if (serveDocument(url, http, settings_.version, document)) return document;
  const Route to = route(url);
  if (!to.info) return serveUnmodelled(url, http, revision(), document) ? document : to.refused;
  if (!servesSubresource(*to.info, to.subresource)) return genericNotFound();
  Request request;
  request.resource = to.info->resource;
  request.subresource = to.subresource;
  if (isConnect(request)) {
    if (!objects().get(Resource::pods, to.namespace_, to.name)) return notFound(*to.info, to.name);
    return badRequest("Upgrade request required");
  }
  if (to.subresource == "log") {
    if (http.method != "GET") return methodNotAllowed();
    request.namespace_ = to.namespace_;
    request.name = to.name;
    request.body = logOptions(url);
    return serve(request, history);
  }
  if (!verbOf(http, to, watched || isTrue(url, "watch"), request.verb)) {
    Response refused = methodNotAllowed();
    if (http.method == "HEAD") refused.body = {};
    return refused;
  }
  const bool lists = request.verb == Verb::list || request.verb == Verb::watch;
  const Accepted accepted = parseAccept(http.accept);
  if (!accepted.good) return accepted.known ? cannotTransform() : notAcceptable(lists);
  const std::string& include = url.get("includeObject");
  if (accepted.table && !include.empty() && include != "None" && include != "Metadata" && include != "Object")
    return badRequest("Unable to convert to Table as requested: includeObject: Invalid value: " + quote(include) +
                      ": must be 'Metadata', 'Object', 'None', or empty");
  request.namespace_ = to.namespace_;
  request.name = to.name;
  request.asTable =
      accepted.table && (to.subresource.empty() || to.subresource == "status" || to.subresource == "scale");
  request.metadataOnly = accepted.metadata && to.subresource.empty();
  request.showManagers = true;
  request.userAgent = http.userAgent;
  if (Response refused = readQuery(url, request); !refused.ok()) return refused;
  if (http.body.size() > maxBody)
    return failure(413, "RequestEntityTooLarge", "Request entity too large: limit is " + std::to_string(maxBody));
  std::vector<std::string> dryRun;
  for (const auto& [k, v] : url.query) {
    if (k == "dryRun") dryRun.push_back(v);
  }
  std::string_view rest = http.contentType;
  std::string_view type = nextPiece(rest, ';');
  const bool writes = request.verb == Verb::create || request.verb == Verb::update || request.verb == Verb::patch;
  if (request.verb == Verb::patch) request.patchType = patchTypeOf(type);
  if (writes &&
      (request.verb == Verb::patch ? request.patchType == PatchType::none
                                   : !type.empty() && type != "application/json" && type != "application/yaml"))
    return unsupportedMediaType(request.verb);
  if (request.verb == Verb::remove || request.verb == Verb::deletecollection) {
    if (Response refused = readDeleteBody(http, request); !refused.ok()) return refused;
    if (!http.body.empty()) dryRun.clear();  // options in a body stand for all there are
  } else if (writes || !http.body.empty()) {
    if (Response refused = readBody(http, type, to.info->kind, request); !refused.ok()) return refused;
  }
  if (request.verb == Verb::remove || request.verb == Verb::deletecollection)
    readDeleteOptions(http.body.empty() ? url : Url(), request.body, request.deleteOptions, dryRun);
  if (request.deleteOptions.orphanDependentsToo)
    return refuse(invalid("meta.k8s.io", "DeleteOptions", "",
                          {{ErrorType::Invalid, "propagationPolicy", quote(request.deleteOptions.propagationPolicy),
                            "orphanDependents and deletionPropagation cannot be both set"}}));
  if (writes || request.verb == Verb::remove) {
    const Refusal refusal =
        validateOptions(optionsKind(request.verb), dryRun, request.fieldManager, request.fieldValidation,
                        request.patchType == PatchType::apply, url.has("force"));
    if (refusal) return refuse(refusal);
  }
  request.dryRun = !dryRun.empty();
  if (request.verb == Verb::watch && watching) {
    Watch begun;
    Response r = Serving{*this, request, info(request.resource), history}.beginWatch(begun);
    if (r.ok()) *watching = std::move(begun);
    return r;
  }
  Response r = serve(request, history);
  if (r.ok()) inForm(request, accepted, now_, r);
  if (accepted.yaml) r.contentType = "application/yaml";
  return r;
}

}  // namespace apiserver
