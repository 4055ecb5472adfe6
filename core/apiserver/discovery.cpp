// Discovery, version, health. Models apiserver pkg/endpoints/discovery and pkg/server/routes (v1.37).
#include "core/apiserver/http.hpp"

namespace apiserver {
using namespace api;

namespace {
struct Group {
  std::string_view name, versions;
};
struct Discovered {
  std::string_view groupVersion, name, singular, kind;
  bool namespaced;
  std::string_view kindGroupVersion, verbs, shortNames, categories, hash;
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
  for (const Discovered& d : discovered) {
    if (d.groupVersion == groupVersion) resources.push_back(resourceDocument(d));
  }
  if (resources.empty()) return false;
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

Value versions() {
  const Value address = Value::object({{Key("clientCIDR"), "0.0.0.0/0"}, {Key("serverAddress"), "127.0.0.1:6443"}});
  return Value::object({{key::kind, "APIVersions"},
                        {Key("versions"), Value::array({"v1"})},
                        {Key("serverAddressByClientCIDRs"), Value::array({address})}});
}

Value versionDocument() {
  return Value::object({{Key("major"), "1"},
                        {Key("minor"), "37"},
                        {Key("emulationMajor"), "1"},
                        {Key("emulationMinor"), "37"},
                        {Key("minCompatibilityMajor"), "1"},
                        {Key("minCompatibilityMinor"), "36"},
                        {Key("gitVersion"), "v1.37.2"},
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

bool serveDocument(const Url& url, std::string_view method, Response& out) {
  const auto& p = url.parts;
  const std::string_view first = p.empty() ? std::string_view() : std::string_view(p[0]);
  if (first != "api" && first != "apis") {
    if (p.size() == 1 && (first == "version" || first == "healthz" || first == "livez" || first == "readyz")) {
      out = first == "version" ? document(versionDocument()) : plain(200, "ok");
      if (method != "GET") out = methodNotAllowed();
    } else {
      out = plain(404, "404 page not found\n");
    }
    return true;
  }
  const bool core = first == "api";
  if (p.size() == 1) {
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
