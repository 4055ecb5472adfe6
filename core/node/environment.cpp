#include "core/node/environment.hpp"

#include <algorithm>

#include "core/api/base64.hpp"
#include "core/api/quantity.hpp"

namespace node {
namespace {
using api::Value;
namespace key = api::key;

void set(shell::Variables& all, std::string_view name, std::string value) {
  for (auto& [n, v] : all) {
    if (n == name) return void(v = std::move(value));
  }
  all.emplace_back(name, std::move(value));
}

std::string upper(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c == '-' ? '_' : c >= 'a' && c <= 'z' ? char(c - 32) : c;
  return out;
}

/// Models pkg/kubelet/envvars/envvars.go FromServices.
void addService(shell::Variables& out, const Value& service) {
  const Value& ports = service.get({key::spec, key::ports});
  const std::string ip(service.get({key::spec, key::clusterIP}).asString());
  const std::string name = upper(service.get({key::metadata, key::name}).asString());
  if (ip.empty() || ip == "None" || ports.size() == 0) return;
  set(out, name + "_SERVICE_HOST", ip);
  set(out, name + "_SERVICE_PORT", std::to_string(ports[size_t(0)][key::port].asInt()));
  for (const Value& p : ports.values()) {
    if (!p[key::name].asString().empty())
      set(out, name + "_SERVICE_PORT_" + upper(p[key::name].asString()), std::to_string(p[key::port].asInt()));
  }
  bool first = true;
  for (const Value& p : ports.values()) {
    std::string protocol(p[key::protocol].asString());
    if (protocol.empty()) protocol = "TCP";
    std::string small = protocol;
    for (char& c : small) c = char(c | 32);
    const std::string port = std::to_string(p[key::port].asInt()), url = small + "://" + ip + ":" + port;
    if (std::exchange(first, false)) set(out, name + "_PORT", url);
    const std::string prefix = name + "_PORT_" + port + "_" + protocol;
    set(out, prefix, url);
    set(out, prefix + "_PROTO", small);
    set(out, prefix + "_PORT", port);
    set(out, prefix + "_ADDR", ip);
  }
}

/// Those of the pod's namespace, and always that of the API server. Models kubelet_pods.go getServiceEnvVarMap.
shell::Variables serviceVariables(const api::Pod& pod, const decision::View& view) {
  shell::Variables out;
  const std::string_view ns = pod.metadata().namespace_();
  const Value* links = pod.doc.find(api::Path(std::initializer_list<api::Step>{key::spec, key::enableServiceLinks}));
  if (const Value* api = view.objects().get(api::Resource::services, "default", "kubernetes")) addService(out, *api);
  if (links && !links->asBool()) return out;
  view.objects().each(api::Resource::services, ns, [&](const Value& s) { addService(out, s); });
  return out;
}

std::string notFound(std::string_view kind, std::string_view name) {
  return std::string(kind) + " \"" + std::string(name) + "\" not found";
}

/// One member of a ConfigMap or Secret. False where it is missing, with the reason unless it is optional.
bool refValue(const Value& ref, bool secret, std::string_view ns, const decision::View& view, std::string& out,
              std::string& error) {
  const std::string_view name = ref[key::name].asString(), member = ref[key::key].asString();
  const bool optional = ref[key::optional].asBool();
  const Value* object = view.objects().get(secret ? api::Resource::secrets : api::Resource::configmaps, ns, name);
  if (!object) {
    if (!optional) error = notFound(secret ? "secret" : "configmap", name);
    return false;
  }
  const Value* found = (*object)[key::data].find(member);
  if (!found) {
    if (!optional)
      error = "couldn't find key " + std::string(member) + " in " + (secret ? "Secret " : "ConfigMap ") +
              std::string(ns) + "/" + std::string(name);
    return false;
  }
  out = secret ? api::unbase64(found->asString()) : std::string(found->asString());
  return true;
}

void addFrom(Environment& env, const Value& from, std::string_view ns, const decision::View& view) {
  const bool secret = from.find(key::secretRef) != nullptr;
  const Value& ref = from[secret ? key::secretRef : key::configMapRef];
  const std::string_view name = ref[key::name].asString();
  const Value* object = view.objects().get(secret ? api::Resource::secrets : api::Resource::configmaps, ns, name);
  if (!object) {
    if (!ref[key::optional].asBool()) env.error = notFound(secret ? "secret" : "configmap", name);
    return;
  }
  const Value& data = (*object)[key::data];
  for (size_t i = 0; i < data.size(); ++i) {
    const std::string_view text = data.values()[i].asString();
    set(env.variables, std::string(from[key::prefix].asString()) + std::string(data.keyAt(i).text()),
        secret ? api::unbase64(text) : std::string(text));
  }
}

/// False: the variable is left out.
bool sourceValue(const api::Pod& pod, const api::Container& c, const Value& from, const decision::View& view,
                 std::string& out, std::string& error) {
  const std::string_view ns = pod.metadata().namespace_();
  if (const Value* ref = from.find(key::fieldRef)) return fieldValue(pod, (*ref)[key::fieldPath].asString(), out), true;
  if (const Value* ref = from.find(key::resourceFieldRef))
    return out = resourceValue(pod, c, api::as<api::ResourceFieldSelector>(*ref), view), true;
  if (const Value* ref = from.find(key::configMapKeyRef)) return refValue(*ref, false, ns, view, out, error);
  if (const Value* ref = from.find(key::secretKeyRef)) return refValue(*ref, true, ns, view, out, error);
  return true;
}

/// The member of labels or annotations that a path like metadata.labels['app'] names; "" where it names none.
std::string_view subscript(std::string_view path, std::string_view before) {
  if (path.substr(0, before.size()) != before || path.size() < before.size() + 4) return {};
  path.remove_prefix(before.size());
  if (path.substr(0, 2) != "['" || path.substr(path.size() - 2) != "']") return {};
  return path.substr(2, path.size() - 4);
}

/// All labels or annotations as lines. Models pkg/fieldpath FormatMap.
std::string formatMap(const Value& map) {
  std::string out;
  for (size_t i = 0; i < map.size(); ++i) {
    if (i) out += '\n';
    out += std::string(map.keyAt(i).text()) + "=";
    api::toJson(map.values()[i], out);
  }
  return out;
}

struct Field {
  std::string_view path;
  std::initializer_list<api::Step> steps;
};
}  // namespace

std::string_view hostnameOf(const api::Pod& pod) {
  const std::string_view given = pod.spec().hostname();
  return given.empty() ? pod.metadata().name().substr(0, 63) : given;
}

std::string_view Environment::get(std::string_view name) const {
  for (const auto& [n, v] : variables) {
    if (n == name) return v;
  }
  return {};
}

std::string expand(std::string_view text, const shell::Variables& variables) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      out += text[i];
    } else if (text[i + 1] == '$') {
      out += text[++i];
    } else if (const size_t end = text.find(')', i); text[i + 1] == '(' && end != text.npos) {
      const std::string_view name = text.substr(i + 2, end - i - 2);
      const auto found =
          std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.first == name; });
      out += found == variables.end() ? std::string(text.substr(i, end + 1 - i)) : found->second;
      i = end;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool fieldValue(const api::Pod& pod, std::string_view path, std::string& out) {
  const Value& meta = pod.doc[key::metadata];
  const Value& status = pod.doc[key::status];
  for (const auto& [name, map] : {std::pair<std::string_view, const Value&>("metadata.labels", meta[key::labels]),
                                  {"metadata.annotations", meta[key::annotations]}}) {
    if (path == name) return out = formatMap(map), true;
    if (const std::string_view member = subscript(path, name); !member.empty()) {
      const Value* v = map.find(member);
      return out = v ? std::string(v->asString()) : std::string(), true;
    }
  }
  const Value* found = nullptr;
  if (path == "metadata.name") found = &meta[key::name];
  if (path == "metadata.namespace") found = &meta[key::namespace_];
  if (path == "metadata.uid") found = &meta[key::uid];
  if (path == "spec.nodeName") found = &pod.doc.get({key::spec, key::nodeName});
  if (path == "spec.serviceAccountName") found = &pod.doc.get({key::spec, key::serviceAccountName});
  if (path == "status.hostIP" || path == "status.hostIPs") found = &status[key::hostIP];
  if (path == "status.podIP" || path == "status.podIPs") found = &status[key::podIP];
  if (!found) return false;
  out = found->asString();
  return true;
}

std::string resourceValue(const api::Pod& pod, const api::Container& container, const api::ResourceFieldSelector& ref,
                          const decision::View& view) {
  api::Container of = container;
  for (const api::Container& c : pod.spec().containers()) {
    if (!ref.containerName().empty() && c.name() == ref.containerName()) of = c;
  }
  const std::string_view wanted = ref.resource();
  const size_t dot = wanted.find('.');
  if (dot == wanted.npos) return "0";
  const std::string_view list = wanted.substr(0, dot), name = wanted.substr(dot + 1);
  const Value* amount =
      of.doc.get({key::resources, list == "limits" ? api::Key(key::limits) : api::Key(key::requests)}).find(name);
  const api::Node host = view.get<api::Node>("", pod.spec().nodeName());
  if (!amount && list == "limits") amount = host.doc.get({key::status, key::allocatable}).find(name);
  const api::Quantity quantity(amount ? amount->asString() : std::string_view("0"));
  api::Quantity divisor(ref.doc[key::divisor].asString());
  if (divisor.isZero()) divisor = api::Quantity(1);
  return std::to_string(int64_t((quantity.nanos + divisor.nanos - 1) / divisor.nanos));
}

Environment environmentOf(const api::Pod& pod, const api::Container& container, const decision::View& view) {
  Environment env;
  const std::string_view ns = pod.metadata().namespace_();
  const shell::Variables services = serviceVariables(pod, view);
  for (const Value& from : container.doc[key::envFrom].values()) {
    addFrom(env, from, ns, view);
    if (!env.error.empty()) return env;
  }
  for (const Value& v : container.doc[key::env].values()) {
    std::string value;
    if (const std::string_view text = v[key::value].asString(); !text.empty()) {
      shell::Variables known = env.variables;
      known.insert(known.end(), services.begin(), services.end());
      value = expand(text, known);
    } else if (const Value* from = v.find(key::valueFrom)) {
      if (!sourceValue(pod, container, *from, view, value, env.error)) {
        if (!env.error.empty()) return env;
        continue;
      }
    }
    set(env.variables, v[key::name].asString(), std::move(value));
  }
  for (const auto& [name, value] : services) {
    if (env.get(name).empty()) set(env.variables, name, value);
  }
  return env;
}

}  // namespace node
