// What discovery tells of but no object is kept for: kinds that are not modelled have no objects, and reviews of
// permissions are answered as for an administrator.
#include "core/apiserver/discovery.hpp"
#include "core/apiserver/table.hpp"
#include "core/manifest/manifest.hpp"

namespace apiserver {
using namespace api;

namespace {
struct Place {
  std::string groupVersion, resource, name;
  bool inNamespace = false, deeper = false;
};

bool placeOf(const Url& url, Place& out) {
  const auto& p = url.parts;
  const bool core = !p.empty() && p[0] == "api";
  size_t at = core ? 2 : 3;
  if (p.size() <= at || (!core && p[0] != "apis")) return false;
  out.groupVersion = core ? p[1] : p[1] + "/" + p[2];
  out.inNamespace = p[at] == "namespaces" && p.size() > at + 2;
  if (out.inNamespace) at += 2;
  out.resource = p[at];
  if (p.size() > at + 1) out.name = p[at + 1];
  out.deeper = p.size() > at + 2;
  return true;
}

/// "batch/v1" -> "batch"; "" for the core group.
std::string_view groupOf(std::string_view groupVersion) {
  const size_t slash = groupVersion.find('/');
  return slash == groupVersion.npos ? std::string_view() : groupVersion.substr(0, slash);
}

Response notThere(const Discovered& d, const std::string& name) {
  ResourceInfo i = info(Resource::pods);
  i.group = groupOf(d.groupVersion);
  i.plural = d.name;
  return notFound(i, name);
}

Response emptyList(const Discovered& d, bool table, uint64_t revision) {
  Response r;
  r.body = Value::object({{key::metadata, Value::object({{key::resourceVersion, std::to_string(revision)}})}});
  r.body.set(key::kind, table ? "Table" : std::string(d.kind) + "List");
  r.body.set(key::apiVersion, table ? "meta.k8s.io/v1" : d.groupVersion);
  if (table) r.body.set(Key("columnDefinitions"), Value::array({}));
  r.body.set(table ? Key("rows") : Key(key::items), Value::array({}));
  return r;
}

/// The status of a review, in which everybody may do everything; null where the resource is no review.
Value verdictOf(std::string_view resource) {
  if (resource == "selfsubjectaccessreviews" || resource == "subjectaccessreviews" ||
      resource == "localsubjectaccessreviews")
    return Value::object({{Key("allowed"), true}});
  const Value all = Value::array({"*"});
  if (resource == "selfsubjectrulesreviews")
    return Value::object(
        {{Key("incomplete"), false},
         {Key("resourceRules"),
          Value::array({Value::object({{Key("verbs"), all}, {Key("apiGroups"), all}, {key::resources, all}})})},
         {Key("nonResourceRules"),
          Value::array({Value::object({{Key("verbs"), all}, {Key("nonResourceURLs"), all}})})}});
  if (resource == "selfsubjectreviews")
    return Value::object(
        {{Key("userInfo"),
          Value::object({{Key("username"), "kubernetes-admin"},
                         {Key("groups"), Value::array({"system:masters", "system:authenticated"})}})}});
  return {};
}

Response review(const Discovered& d, const HttpRequest& http, Value verdict) {
  std::string error;
  Response r;
  r.code = 201;
  r.body = manifest::parseJson(http.body, error);
  if (!error.empty() || r.body.kind() != Kind::Object)
    return badRequest("the object provided is unrecognized (must be of type " + std::string(d.kind) + ")");
  r.body.set(key::kind, d.kind);
  r.body.set(key::apiVersion, d.groupVersion);
  if (!r.body.find(key::metadata)) r.body.set(key::metadata, Value::object({}));
  r.body.set(key::status, std::move(verdict));
  return r;
}
}  // namespace

bool serveUnmodelled(const Url& url, const HttpRequest& http, uint64_t revision, Response& out) {
  Place at;
  const Discovered* d = placeOf(url, at) && !at.deeper ? findDiscovered(at.groupVersion, at.resource) : nullptr;
  if (!d || (at.inNamespace && !d->namespaced) || (!at.inNamespace && d->namespaced && !at.name.empty())) return false;
  const std::string_view group = groupOf(d->groupVersion),
                         version = d->groupVersion.substr(group.empty() ? 0 : group.size() + 1);
  if (findResource(group, version, at.resource)) return false;
  if (Value verdict = verdictOf(at.resource); !verdict.isNull()) {
    out = http.method == "POST" && at.name.empty() ? review(*d, http, std::move(verdict)) : methodNotAllowed();
  } else if (!at.name.empty() && (http.method == "GET" || http.method == "DELETE" || http.method == "PATCH")) {
    out = notThere(*d, at.name);
  } else if (http.method == "GET" && url.get("watch").empty()) {
    const Accepted accepted = parseAccept(http.accept);
    out = emptyList(*d, accepted.table, revision);
  } else {
    out = methodNotAllowed();
  }
  if (group.empty() && d->name == "endpoints")
    out.warnings.push_back("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
  return true;
}

}  // namespace apiserver
