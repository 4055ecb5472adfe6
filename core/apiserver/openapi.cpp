#include "core/apiserver/openapi.hpp"

#include <set>

#include "core/api/packages.hpp"
#include "core/store/shared_map.hpp"

namespace apiserver {
using namespace api;

namespace {
/// Scalars with a schema of their own: name, and what their JSON is.
struct Scalar {
  FieldType type;
  std::string_view name, jsonType, format;
};
constexpr Scalar scalars[] = {
    {FieldType::Time, "io.k8s.apimachinery.pkg.apis.meta.v1.Time", "string", "date-time"},
    {FieldType::MicroTime, "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", "string", "date-time"},
    {FieldType::Quantity, "io.k8s.apimachinery.pkg.api.resource.Quantity", "", ""},
    {FieldType::IntOrString, "io.k8s.apimachinery.pkg.util.intstr.IntOrString", "", "int-or-string"},
    {FieldType::Raw, "io.k8s.apimachinery.pkg.runtime.RawExtension", "object", ""},
};

const Scalar* scalarOf(FieldType t) {
  for (const Scalar& s : scalars) {
    if (s.type == t) return &s;
  }
  return nullptr;
}

std::string fullName(const Type& t) {
  // Of the two types EndpointPort one goes by another name in this program.
  const std::string_view name = t.name == "DiscoveryEndpointPort" ? std::string_view("EndpointPort") : t.name;
  return std::string(packageOf(t)) + "." + std::string(name);
}

/// One document being written: version 2 or 3, and which types it must hold.
struct Writer {
  bool v3;
  std::set<const Type*> needed = {};
  std::set<const Scalar*> scalarsNeeded = {};

  Value reference(std::string_view name) const {
    return Value::object({{Key("$ref"), (v3 ? "#/components/schemas/" : "#/definitions/") + std::string(name)}});
  }
  /// A reference beside which other members may stand.
  Value referenceIn(std::string_view name) const {
    return v3 ? Value::object({{Key("allOf"), Value::array({reference(name)})}}) : reference(name);
  }
  void need(const Type& t) {
    if (!needed.insert(&t).second) return;
    for (const Field& f : t.fields) {
      if (const Type* e = elementType(f)) need(*e);
      if (const Scalar* s = scalarOf(f.type)) scalarsNeeded.insert(s);
    }
  }
  Value element(const Field& f) const {
    if (const Type* t = elementType(f)) return referenceIn(fullName(*t));
    if (const Scalar* s = scalarOf(f.type)) return referenceIn(s->name);
    Value out = Value::object({});
    const auto is = [&](std::string_view type, std::string_view format) {
      out.set(key::type, type);
      if (!format.empty()) out.set(Key("format"), format);
    };
    switch (f.type) {
      case FieldType::Bytes: is("string", "byte"); break;
      case FieldType::Int32: is("integer", "int32"); break;
      case FieldType::Int64: is("integer", "int64"); break;
      case FieldType::Double: is("number", "double"); break;
      case FieldType::Bool: is("boolean", ""); break;
      default: is("string", "");
    }
    if (!f.enumValues.empty()) out.set(Key("enum"), list(f.enumValues));
    return out;
  }
  static Value list(std::string_view commas) {
    Value out = Value::array({});
    while (!commas.empty()) {
      const size_t comma = std::min(commas.find(','), commas.size());
      out.append(commas.substr(0, comma));
      commas.remove_prefix(std::min(comma + 1, commas.size()));
    }
    return out;
  }
  Value property(const Field& f) const {
    Value out = element(f);
    if (f.shape == Shape::Array) out = Value::object({{key::type, "array"}, {key::items, out}});
    if (f.shape == Shape::Map) out = Value::object({{key::type, "object"}, {Key("additionalProperties"), out}});
    const auto mark = [&](std::string_view name, std::string_view value) {
      if (!value.empty()) out.set(Key(name), value);
    };
    mark("x-kubernetes-list-type", f.listType);
    if (!f.listMapKeys.empty()) out.set(Key("x-kubernetes-list-map-keys"), list(f.listMapKeys));
    mark("x-kubernetes-patch-strategy", f.patchStrategy);
    mark("x-kubernetes-patch-merge-key", f.patchMergeKey);
    mark("x-kubernetes-map-type", f.mapType);
    return out;
  }
  static Value kindOf(const ResourceInfo& i) {
    return Value::object({{key::group, i.group}, {key::kind, i.kind}, {Key("version"), i.version}});
  }
  Value schema(const Type& t) const {
    std::vector<std::pair<Key, Value>> properties;
    Value required = Value::array({});
    for (const Field& f : t.fields) {
      properties.emplace_back(f.key, property(f));
      if (f.required) required.append(f.key.text());
    }
    Value out = Value::object({{key::type, "object"}});
    if (!properties.empty()) out.set(Key("properties"), Value::object(std::move(properties)));
    if (required.size()) out.set(Key("required"), required);
    if (!t.mapType.empty()) out.set(Key("x-kubernetes-map-type"), t.mapType);
    if (const ResourceInfo* i = findKind(t.name))
      out.set(Key("x-kubernetes-group-version-kind"), Value::array({kindOf(*i)}));
    return out;
  }
  Value schemas() const {
    std::vector<std::pair<Key, Value>> out;
    for (const Type* t : needed) out.emplace_back(Key(fullName(*t)), schema(*t));
    for (const Scalar* s : scalarsNeeded) {
      Value v = Value::object({});
      if (!s->jsonType.empty()) v.set(key::type, s->jsonType);
      if (s->jsonType.empty() && !v3) v.set(key::type, "string");
      if (s->jsonType.empty() && v3)
        v.set(Key("oneOf"), Value::array({Value::object({{key::type, s->format.empty() ? "number" : "integer"}}),
                                          Value::object({{key::type, "string"}})}));
      if (!s->format.empty()) v.set(Key("format"), s->format);
      out.emplace_back(Key(s->name), v);
    }
    return Value::object(std::move(out));
  }

  Value parameter(std::string_view name, bool inPath) const {
    const std::string_view type =
        name == "limit" || name == "timeoutSeconds" || name == "gracePeriodSeconds"                          ? "integer"
        : name == "watch" || name == "force" || name == "allowWatchBookmarks" || name == "sendInitialEvents" ? "boolean"
                                                                                                             : "string";
    Value p = Value::object({{key::name, name}, {Key("in"), inPath ? "path" : "query"}});
    if (inPath) p.set(Key("required"), true);
    if (v3) {
      p.set(Key("schema"), Value::object({{key::type, type}, {Key("uniqueItems"), true}}));
    } else {
      p.set(key::type, type);
    }
    return p;
  }
  Value operation(const ResourceInfo& i, std::string_view action, std::string_view parameters) const {
    Value list = Value::array({});
    const Value names = Writer::list(parameters);
    for (const Value& name : names.values()) list.append(parameter(name.asString(), false));
    const bool writes = action == "post" || action == "put" || action == "patch";
    const Value schema = reference(fullName(*findType(i.kind)));
    const Value json = Value::object({{Key("application/json"), Value::object({{Key("schema"), schema}})}});
    Value ok = Value::object({{Key("description"), "OK"}});
    ok.set(v3 ? Key("content") : Key("schema"), v3 ? json : schema);
    Value out = Value::object({{Key("responses"), Value::object({{Key("200"), std::move(ok)}})},
                               {Key("x-kubernetes-action"), action},
                               {Key("x-kubernetes-group-version-kind"), kindOf(i)}});
    if (v3 && writes) out.set(Key("requestBody"), Value::object({{Key("content"), json}}));
    if (!v3 && writes) {
      Value body = Value::object({{Key("in"), "body"}, {key::name, "body"}, {Key("required"), true}});
      body.set(Key("schema"), schema);
      list.append(body);
    }
    out.set(key::parameters, std::move(list));
    return out;
  }
  /// The paths of one resource: of all its objects, and of one.
  void addPaths(const ResourceInfo& i, std::vector<std::pair<Key, Value>>& out) const {
    static constexpr std::string_view listing =
        "allowWatchBookmarks,continue,fieldSelector,labelSelector,limit,resourceVersion,resourceVersionMatch,"
        "sendInitialEvents,timeoutSeconds,watch";
    static constexpr std::string_view writing = "dryRun,fieldManager,fieldValidation";
    static constexpr std::string_view patching = "dryRun,fieldManager,fieldValidation,force";
    static constexpr std::string_view deleting = "dryRun,gracePeriodSeconds,orphanDependents,propagationPolicy";
    const std::string root = (i.group.empty() ? "/api/" : "/apis/") + i.apiVersion();
    const std::string plural(i.plural);
    const std::string path = root + (i.namespaced ? "/namespaces/{namespace}/" : "/") + plural;
    Value inPath = Value::array({});
    if (i.namespaced) {
      inPath.append(parameter("namespace", true));
      out.emplace_back(Key(root + "/" + plural), Value::object({{Key("get"), operation(i, "list", listing)}}));
    }
    Value many = Value::object({{Key("get"), operation(i, "list", listing)},
                                {Key("post"), operation(i, "post", writing)},
                                {Key("delete"), operation(i, "deletecollection", listing)}});
    if (inPath.size()) many.set(key::parameters, inPath);
    out.emplace_back(Key(path), many);
    inPath.append(parameter("name", true));
    const auto one = [&](std::string_view subresource) {
      Value v = Value::object({{Key("get"), operation(i, "get", "")},
                               {Key("put"), operation(i, "put", writing)},
                               {Key("patch"), operation(i, "patch", patching)},
                               {key::parameters, inPath}});
      if (subresource.empty()) v.set(Key("delete"), operation(i, "delete", deleting));
      out.emplace_back(Key(path + "/{name}" + std::string(subresource)), v);
    };
    one("");
    if (i.status) one("/status");
  }
};

Value information() { return Value::object({{Key("title"), "Kubernetes"}, {Key("version"), "v1.37.2"}}); }

/// The document of one group version ("apis/apps/v1"), or of all ("").
Value documentOf(bool v3, std::string_view groupVersion) {
  Writer w{v3};
  std::vector<std::pair<Key, Value>> paths;
  for (const ResourceInfo& i : resources()) {
    if (!groupVersion.empty() && (i.group.empty() ? "api/" : "apis/") + i.apiVersion() != groupVersion) continue;
    w.need(*findType(i.kind));
    w.addPaths(i, paths);
  }
  Value out = Value::object({{Key("info"), information()}, {Key("paths"), Value::object(std::move(paths))}});
  if (v3) {
    out.set(Key("openapi"), "3.0.0");
    out.set({Key("components"), Key("schemas")}, w.schemas());
  } else {
    out.set(Key("swagger"), "2.0");
    out.set(Key("definitions"), w.schemas());
  }
  return out;
}

/// The documents there are, with what changes when they do.
Value indexOfDocuments() {
  std::vector<std::pair<Key, Value>> paths;
  for (const ResourceInfo& i : resources()) {
    const std::string name = (i.group.empty() ? "api/" : "apis/") + i.apiVersion();
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string hash;
    for (uint64_t h = store::hashOf(toJson(information()) + name); hash.size() < 16; h >>= 4) hash += hex[h & 15];
    paths.emplace_back(Key(name), Value::object({{Key("serverRelativeURL"), "/openapi/v3/" + name + "?hash=" + hash}}));
  }
  return Value::object({{Key("paths"), Value::object(std::move(paths))}});
}
}  // namespace

static constexpr std::string_view protobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

bool serveOpenApi(const Url& url, const HttpRequest& http, Response& out) {
  const auto& p = url.parts;
  if (p.size() < 2 || p[0] != "openapi" || (p[1] != "v2" && p[1] != "v3")) return false;
  out = {};
  if (p[1] == "v2" && http.accept.find("proto-openapi.spec.v2") != std::string::npos) {
    // kubectl reads only this form, and checks no object of a type that it does not find in it: an empty document.
    out.text =
        "\x0a\x03"
        "2.0";
    out.contentType = protobufType;
    return p.size() == 2;
  }
  if (!parseAccept(http.accept).good) {
    out = failure(406, "NotAcceptable", "");
    out.body = {};
    return true;
  }
  if (p[1] == "v2" || p.size() == 2) {
    out.body = p[1] == "v2" ? documentOf(false, "") : indexOfDocuments();
    return p.size() == 2;
  }
  std::string name;
  for (size_t i = 2; i < p.size(); ++i) name += (i > 2 ? "/" : "") + p[i];
  for (const ResourceInfo& i : resources()) {
    if (name == (i.group.empty() ? "api/" : "apis/") + i.apiVersion()) {
      out.body = documentOf(true, name);
      return true;
    }
  }
  out.code = 404;
  return true;
}

}  // namespace apiserver
