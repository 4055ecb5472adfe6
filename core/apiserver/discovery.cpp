// Discovery, version, health. Models apiserver pkg/endpoints/discovery and pkg/server/routes (v1.37).
#include "core/apiserver/discovery.hpp"

#include <algorithm>

#include "core/api/names.hpp"
#include "core/api/sort.hpp"
#include "core/apiserver/openapi.hpp"

namespace apiserver {
using namespace api;

namespace {
struct Group {
  std::string_view name, versions;
};
#define VERBS_ALL "create,delete,deletecollection,get,list,patch,update,watch"
#define VERBS_STATUS "get,patch,update"
constexpr Group groups[] = {
#define GROUP(...) {__VA_ARGS__},
#define RESOURCE(...)
#include "core/apiserver/discovery.def"
#undef GROUP
#undef RESOURCE
};
constexpr Discovered discovered[] = {
#define GROUP(...)
#define RESOURCE(...) {__VA_ARGS__},
#include "core/apiserver/discovery.def"
#undef GROUP
#undef RESOURCE
};

Value split(std::string_view list) {
  std::vector<Value> out;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    out.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return Value::array(std::move(out));
}

Value versionOf(std::string_view group, std::string_view version) {
  return Value::object(
      {{Key("groupVersion"), std::string(group) + "/" + std::string(version)}, {Key("version"), version}});
}

Value groupDocument(const Group& g, bool alone) {
  std::vector<Value> versions;
  const Value names = split(g.versions);
  for (const Value& v : names.values()) versions.push_back(versionOf(g.name, v.asString()));
  Value out = Value::object(
      {{key::name, g.name}, {Key("preferredVersion"), versions[0]}, {Key("versions"), Value::array(versions)}});
  if (alone) {
    out.set(key::kind, "APIGroup");
    out.set(key::apiVersion, "v1");
  }
  return out;
}

Value resourceDocument(const Discovered& d) {
  Value r = Value::object({{key::name, d.name},
                           {Key("singularName"), d.singular},
                           {Key("namespaced"), d.namespaced},
                           {key::kind, d.kind},
                           {Key("verbs"), split(d.verbs)}});
  if (const size_t slash = d.kindGroupVersion.find('/'); slash != d.kindGroupVersion.npos) {
    r.set(key::group, d.kindGroupVersion.substr(0, slash));
    r.set(Key("version"), d.kindGroupVersion.substr(slash + 1));
  }
  if (!d.shortNames.empty()) r.set(Key("shortNames"), split(d.shortNames));
  if (!d.categories.empty()) r.set(Key("categories"), split(d.categories));
  if (!d.hash.empty()) r.set(Key("storageVersionHash"), d.hash);
  return r;
}

/// The resources of a group version; false where the server has none such.
bool resourceList(std::string_view groupVersion, Value& out) {
  std::vector<Value> resources;
  bool found = false;
  for (const Discovered& d : discovered) {
    if (d.groupVersion == groupVersion) resources.push_back(resourceDocument(d));
  }
  if (resources.empty()) {  // a group of which nothing is modelled has no resources, but is there
    for (const Group& g : groups) {
      const Value names = split(g.versions);
      for (const Value& v : names.values())
        found |= std::string(g.name) + "/" + std::string(v.asString()) == groupVersion;
    }
    if (!found) return false;
  }
  out = Value::object({{key::kind, "APIResourceList"},
                       {Key("groupVersion"), groupVersion},
                       {key::resources, Value::array(std::move(resources))}});
  if (groupVersion != "v1") out.set(key::apiVersion, "v1");
  return true;
}

Value groupList() {
  std::vector<Value> list;
  for (const Group& g : groups) list.push_back(groupDocument(g, false));
  return Value::object(
      {{key::kind, "APIGroupList"}, {key::apiVersion, "v1"}, {Key("groups"), Value::array(std::move(list))}});
}

/// Name and verbs of a resource or subresource as aggregated discovery has them.
Value aggregatedResource(const Discovered& d, std::string_view nameKey, std::string_view name) {
  std::string_view group, version = d.groupVersion;
  if (!d.kindGroupVersion.empty()) version = d.kindGroupVersion;
  if (const size_t slash = version.find('/'); slash != version.npos) {
    group = version.substr(0, slash);
    version = version.substr(slash + 1);
  }
  return Value::object(
      {{Key(nameKey), name},
       {Key("responseKind"), Value::object({{key::group, group}, {Key("version"), version}, {key::kind, d.kind}})},
       {Key("verbs"), split(d.verbs)}});
}

/// A group version with its resources, each with its subresources.
Value aggregatedVersion(std::string_view groupVersion) {
  std::vector<Value> list;
  for (const Discovered& d : discovered) {
    if (d.groupVersion != groupVersion) continue;
    if (const size_t slash = d.name.find('/'); slash != d.name.npos) {
      Value subresources = list.back()[Key("subresources")];
      subresources.append(aggregatedResource(d, "subresource", d.name.substr(slash + 1)));
      list.back().set(Key("subresources"), std::move(subresources));
      continue;
    }
    Value r = aggregatedResource(d, "resource", d.name);
    r.set(Key("scope"), d.namespaced ? "Namespaced" : "Cluster");
    r.set(Key("singularResource"), d.singular);
    if (!d.shortNames.empty()) r.set(Key("shortNames"), split(d.shortNames));
    if (!d.categories.empty()) r.set(Key("categories"), split(d.categories));
    list.push_back(std::move(r));
  }
  const std::string_view version = groupVersion.substr(groupVersion.find('/') + 1);
  return Value::object(
      {{Key("version"), version}, {Key("freshness"), "Current"}, {key::resources, Value::array(std::move(list))}});
}

/// Models apiserver pkg/endpoints/discovery/aggregated.
Value aggregated(bool core) {
  std::vector<Value> items;
  if (core)
    items.push_back(Value::object(
        {{key::metadata, Value::object({})}, {Key("versions"), Value::array({aggregatedVersion("v1")})}}));
  for (const Group& g : groups) {
    if (core) break;
    std::vector<Value> list;
    const Value names = split(g.versions);
    for (const Value& v : names.values())
      list.push_back(aggregatedVersion(std::string(g.name) + "/" + std::string(v.asString())));
    items.push_back(Value::object(
        {{key::metadata, Value::object({{key::name, g.name}})}, {Key("versions"), Value::array(std::move(list))}}));
  }
  return Value::object({{key::kind, "APIGroupDiscoveryList"},
                        {key::apiVersion, "apidiscovery.k8s.io/v2"},
                        {key::metadata, Value::object({})},
                        {key::items, Value::array(std::move(items))}});
}

Value versions() {
  const Value address = Value::object({{Key("clientCIDR"), "0.0.0.0/0"}, {Key("serverAddress"), "127.0.0.1:6443"}});
  return Value::object({{key::kind, "APIVersions"},
                        {Key("versions"), Value::array({"v1"})},
                        {Key("serverAddressByClientCIDRs"), Value::array({address})}});
}

Value versionDocument(std::string_view version) {
  const int minor = (version[2] - '0') * 10 + (version[3] - '0');
  return Value::object({{Key("major"), "1"},
                        {Key("minor"), std::to_string(minor)},
                        {Key("emulationMajor"), "1"},
                        {Key("emulationMinor"), std::to_string(minor)},
                        {Key("minCompatibilityMajor"), "1"},
                        {Key("minCompatibilityMinor"), std::to_string(minor - 1)},
                        {Key("gitVersion"), "v" + std::string(version)},
                        {Key("gitCommit"), "$Format:%H$"},
                        {Key("gitTreeState"), "clean"},
                        {Key("buildDate"), "1970-01-01T00:00:00Z"},
                        {Key("goVersion"), "go1.26.8"},
                        {Key("compiler"), "gc"},
                        {Key("platform"), "linux/amd64"}});
}

Response plain(int code, std::string_view text) {
  Response r;
  r.code = code;
  r.text = text;
  return r;
}
Response document(Value body) {
  Response r;
  r.body = std::move(body);
  return r;
}

const Group* findGroup(std::string_view name) {
  for (const Group& g : groups) {
    if (g.name == name) return &g;
  }
  return nullptr;
}
}  // namespace

/// What the API server does once it has started, in the order in which /readyz names it; "!" stands where another check
/// comes between.
constexpr std::string_view startHooks =
    "start-apiserver-admission-initializer,generic-apiserver-start-informers,priority-and-fairness-config-consumer,"
    "priority-and-fairness-filter,storage-object-count-tracker-hook,start-apiextensions-informers,"
    "start-apiextensions-controllers,crd-informer-synced,start-system-namespaces-controller,"
    "peer-endpoint-reconciler-controller,start-cluster-authentication-info-controller,"
    "start-kube-apiserver-identity-lease-controller,start-kube-apiserver-identity-lease-garbage-collector,"
    "storage-readiness,start-legacy-token-tracking-controller,start-service-ip-repair-controllers,"
    "scheduling/bootstrap-system-priority-classes,priority-and-fairness-config-producer,bootstrap-controller,"
    "start-kubernetes-service-cidr-controller,start-kube-aggregator-informers,"
    "apiservice-status-local-available-controller,apiservice-status-remote-available-controller,"
    "apiservice-registration-controller,apiservice-discovery-controller,kube-apiserver-autoregistration,!,"
    "apiservice-openapi-controller,apiservice-openapiv3-controller";

/// What GET / lists: groups, checks of the server's health, and its other documents. Models apiserver
/// pkg/server/routes/index.go.
static Value rootPaths() {
  constexpr std::string_view checks = "autoregister-completion,etcd,log,ping";
  constexpr std::string_view others =
      "/.well-known/openid-configuration,/api,/api/v1,/apis,/apis/,/flagz,/metrics,/metrics/slis,/openapi/v2,/openapi/"
      "v3,"
      "/openapi/v3/,/openid/v1/jwks,/healthz/loopback-serving-certificate,/livez/loopback-serving-certificate,"
      "/readyz/etcd-readiness,/readyz/informer-sync,/readyz/shutdown,/statusz,/version";
  std::vector<std::string> paths;
  const auto add = [&](std::string prefix, std::string_view names) {
    const Value parts = split(names);  // must outlive the loop over what it holds
    for (const Value& name : parts.values()) {
      if (name.asString() != "!") paths.push_back(prefix + std::string(name.asString()));
    }
  };
  add("", others);
  for (const Group& g : groups) {
    const std::string path = "/apis/" + std::string(g.name);
    paths.push_back(path);
    add(path + "/", g.versions);
  }
  for (const char* check : {"/healthz", "/livez", "/readyz"}) {
    paths.emplace_back(check);
    add(std::string(check) + "/", checks);
    add(std::string(check) + "/poststarthook/", startHooks);
  }
  api::sort(paths);
  return Value::object({{Key("paths"), Value::array({paths.begin(), paths.end()})}});
}

/// /healthz, /livez and /readyz: all checks pass, and in words each is named. Models apiserver pkg/server/healthz
/// handleRootHealth.
static Response health(std::string_view name, const Url& url) {
  if (!url.has("verbose")) return plain(200, "ok");
  std::vector<std::string> excluded, checks;
  for (const auto& [k, v] : url.query) {
    if (k == "exclude") excluded.push_back(v);
  }
  const bool ready = name == "readyz";
  if (ready)
    checks = {"ping", "log", "etcd", "etcd-readiness", "informer-sync"};
  else
    checks = {"ping", "log", "loopback-serving-certificate", "etcd"};
  const Value all = split(startHooks);
  for (const Value& hook : all.values())
    checks.push_back(hook.asString() == "!" ? "autoregister-completion"
                                            : "poststarthook/" + std::string(hook.asString()));
  if (ready) checks.emplace_back("shutdown");
  api::sort(excluded);
  excluded.erase(std::unique(excluded.begin(), excluded.end()), excluded.end());
  std::string text;
  for (const std::string& check : checks) {
    const auto at = std::find(excluded.begin(), excluded.end(), check);
    text += "[+]" + check + (at == excluded.end() ? " ok\n" : " excluded: ok\n");
    if (at != excluded.end()) excluded.erase(at);
  }
  std::string unknown;
  for (const std::string& check : excluded) unknown += (unknown.empty() ? "" : ",") + api::quote(check);
  if (!unknown.empty()) text += "warn: some health checks cannot be excluded: no matches for " + unknown + "\n";
  return plain(200, text + std::string(name) + " check passed\n");
}

const Discovered* findDiscovered(std::string_view groupVersion, std::string_view name) {
  for (const Discovered& d : discovered) {
    if (d.groupVersion == groupVersion && d.name == name) return &d;
  }
  return nullptr;
}

bool serveDocument(const Url& url, const HttpRequest& http, std::string_view version, Response& out) {
  const std::string_view method = http.method;
  const auto& p = url.parts;
  const std::string_view first = p.empty() ? std::string_view() : std::string_view(p[0]);
  if ((first != "api" && first != "apis") || http.path.substr(0, 2) == "//") {
    if (p.empty() && method == "GET") {
      out = document(rootPaths());
    } else if (http.path.substr(0, 2) == "//") {
      out = plain(404, "404 page not found\n");
    } else if ((p.size() == 1 && first == "version") ||
               ((p.size() == 1 || (p.size() == 2 && p[1] == "ping")) &&
                (first == "healthz" || first == "livez" || first == "readyz"))) {
      out = first == "version" ? document(versionDocument(version))
            : p.size() == 1    ? health(first, url)
                               : plain(200, "ok");
      if (method != "GET" && first == "version") out = methodNotAllowed();
    } else if (first == "healthz" || first == "livez" || first == "readyz") {
      const Value all = rootPaths();
      const std::string_view path = std::string_view(http.path).substr(0, http.path.find('?'));
      const auto& paths = all[Key("paths")].values();
      const bool known = std::any_of(paths.begin(), paths.end(), [&](const Value& p) { return p.asString() == path; });
      out = known ? plain(200, "ok") : plain(404, "404 page not found\n");
    } else if (!serveOpenApi(url, http, out)) {
      out = plain(404, "404 page not found\n");
    }
    return true;
  }
  const bool core = first == "api";
  // The list of groups and each group's document are given to whatever is asked of them.
  if (method != "GET" && (core ? p.size() <= 2 : p.size() == 3)) {
    out = methodNotAllowed();
    return true;
  }
  if (p.size() == 1) {
    if (http.accept.find("as=APIGroupDiscoveryList") != std::string::npos) {
      out = document(aggregated(core));
      out.contentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
      return true;
    }
    out = document(core ? versions() : groupList());
    return true;
  }
  const Group* group = core ? nullptr : findGroup(p[1]);
  if (!core && !group) {
    out = plain(404, "404 page not found\n");
    return true;
  }
  if (!core && p.size() == 2) {
    out = document(groupDocument(*group, true));
    return true;
  }
  if (p.size() > (core ? 2u : 3u)) return false;
  Value list;
  out = resourceList(core ? p[1] : p[1] + "/" + p[2], list) ? document(std::move(list)) : genericNotFound();
  return true;
}

}  // namespace apiserver
