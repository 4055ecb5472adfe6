// kubectl set image, env, resources, serviceaccount. Models kubectl pkg/cmd/set.
#include <algorithm>

#include "core/api/base64.hpp"
#include "core/api/quantity.hpp"
#include "core/kubectl/pairs.hpp"
#include "core/kubectl/runs.hpp"
#include "core/kubectl/setting.hpp"

namespace kubectl {
namespace {

using Containers = std::vector<Value>;

/// Calls `change` for each container of both lists that the flag --containers (or everything) means.
template <class Change>
bool eachContainer(const Info& info, Value& object, const std::string& pattern, Change change) {
  std::string spec = podSpecPath(*info.mapping);
  bool any = false;
  for (const char* list : {".initContainers", ".containers"}) {
    const Value& old = at(object, spec + list);
    Containers containers(old.values().begin(), old.values().end());
    for (Value& c : containers) {
      std::string name = str(c, "name");
      bool prefix = endsWith(pattern, "*") && startsWith(name, pattern.substr(0, pattern.size() - 1));
      if (name != pattern && !prefix) continue;
      change(c);
      any = true;
    }
    if (!containers.empty()) put(object, spec + list, Value::array(std::move(containers)));
  }
  return any;
}

Error noPodSpec(const Info& info) {
  return plain("error: " + std::string(info.mapping->plural) + "/" + info.name +
               " the object is not a pod or does not have a pod template: *" + std::string(info.mapping->version) +
               "." + std::string(info.mapping->kind));
}

}  // namespace

Error setImage(Invocation& in) {
  Setting setting{in, "image update to pod template:", "image updated", {}, {}, {}, false};
  Error error = setting.prepare();
  Pairs pairs;
  if (!error) error = splitPairs(in.args, "image", pairs);
  if (error) return error;
  struct Image {
    std::string container, image;
  };
  std::vector<Image> images;
  for (const std::string& text : pairs.changes) {
    size_t equals = text.find('=');
    if (equals == std::string::npos) return plain("invalid image format: " + text);
    images.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  if (setting.local() && !pairs.resources.empty()) return localResource();
  // The objects are looked up before the arguments are judged.
  const bool nothing = pairs.resources.empty() && in.flags.list("filename").empty();
  if (images.empty() || nothing) {
    Query query;
    query.typed = true;
    query.args = pairs.resources;
    query.allowEmptySelector = in.is("all");
    Selection found = select(in, query);
    error = found.failure();
    if (error) return error;
    return plain(nothing ? resourcesRequired() : "at least one image update is required");
  }
  return setting.all(pairs.resources, [&](const Info& info, Value& object) {
    if (podSpecPath(*info.mapping).empty()) return noPodSpec(info);
    for (const Image& i : images) {
      bool any = eachContainer(info, object, i.container, [&](Value& c) { put(c, "image", i.image); });
      if (!any) setting.errors.push_back(plain("unable to find container named " + quote(i.container)));
    }
    return Error();
  });
}

namespace {

struct Env {
  std::string name, value;
  bool removed = false;
  Value from = {};  ///< instead of a value
};

std::string reference(const Value& from) {
  if (has(from, "fieldRef")) return "field path " + str(from, "fieldRef.fieldPath");
  if (has(from, "configMapKeyRef")) {
    return "configmap " + str(from, "configMapKeyRef.name") + ", key " + str(from, "configMapKeyRef.key");
  }
  if (has(from, "secretKeyRef")) {
    return "secret " + str(from, "secretKeyRef.name") + ", key " + str(from, "secretKeyRef.key");
  }
  if (has(from, "resourceFieldRef")) return "resource field " + str(from, "resourceFieldRef.resource");
  return "invalid valueFrom";
}

/// The value that a reference to a ConfigMap or a Secret stands for. Models GetEnvVarRefValue.
Error resolve(Invocation& in, const std::string& ns, const Value& from, std::string& out) {
  const bool secret = has(from, "secretKeyRef");
  if (!secret && !has(from, "configMapKeyRef")) return plain("unsupported");
  const Value& ref = at(from, secret ? "secretKeyRef" : "configMapKeyRef");
  const std::string name = str(ref, "name"), wanted = str(ref, "key");
  apiserver::Response r = in.fetch(*findMapping(secret ? "secrets" : "configmaps"), ns, name);
  if (!r.ok()) return fromResponse(r);
  const Value& value = member(r.body[api::key::data], wanted);
  if (value.isNull()) return plain("key " + wanted + " not found in " + (secret ? "secret " : "config map ") + name);
  out = secret ? api::unbase64(value.asString()) : std::string(value.asString());
  return {};
}

bool listEnv(Invocation& in, const Info& info, const Value& container) {
  std::vector<std::string> failures;
  in.print("# " + std::string(info.mapping->kind) + " " + info.name + ", container " + str(container, "name") + "\n");
  for (const Value& e : at(container, "env").values()) {
    std::string value;
    Error unresolved = plain("unsupported");
    if (has(e, "valueFrom") && in.is("resolve")) unresolved = resolve(in, info.ns, at(e, "valueFrom"), value);
    if (!unresolved) {
      in.print(str(e, "name") + "=" + value + "\n");
      continue;
    }
    if (has(e, "valueFrom") && in.is("resolve")) failures.push_back(str(e, "name") + ": " + unresolved.message());
    if (has(e, "valueFrom")) {
      in.print("# " + str(e, "name") + " from " + reference(at(e, "valueFrom")) + "\n");
    } else {
      in.print(str(e, "name") + "=" + str(e, "value") + "\n");
    }
  }
  for (const std::string& f : failures) in.complain("error retrieving reference for " + f + "\n");
  return failures.empty();
}

void changeEnv(Value& container, const std::vector<Env>& changes) {
  std::vector<Value> env(at(container, "env").values().begin(), at(container, "env").values().end());
  for (const Env& change : changes) {
    auto old = std::find_if(env.begin(), env.end(), [&](const Value& v) { return str(v, "name") == change.name; });
    if (change.removed) {
      if (old != env.end()) env.erase(old);
      continue;
    }
    Value v;
    put(v, "name", change.name);
    change.from.isNull() ? put(v, "value", change.value) : put(v, "valueFrom", change.from);
    if (old == env.end()) {
      env.push_back(std::move(v));
    } else {
      *old = std::move(v);
    }
  }
  if (env.empty()) {
    drop(container, "env");
  } else {
    put(container, "env", Value::array(std::move(env)));
  }
}

}  // namespace

namespace {

/// The keys of a ConfigMap or Secret as variables that refer to them. Models the part of RunEnv on --from.
Error variablesFrom(Invocation& in, std::vector<Env>& out) {
  Query query;
  query.typed = true;
  query.args = {in.get("from")};
  query.latest = true;
  Selection found = select(in, query);
  if (Error error = found.failure()) return error;
  const Strings wanted = in.flags.list("keys");
  for (const Info& info : found.infos) {
    const bool secret = info.mapping->kind == "Secret";
    if (!secret && info.mapping->kind != "ConfigMap") return plain("unsupported resource specified in --from");
    const Value& data = info.object[api::key::data];
    for (size_t i = 0; i < data.size(); ++i) {
      const std::string key(data.keyAt(i).text());
      if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), key) == wanted.end()) continue;
      std::string name = key;
      for (char& c : name) {
        if (c >= 'a' && c <= 'z')
          c = char(c - 32);
        else if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
          c = '_';
      }
      if (name != key) in.warn("key " + key + " transferred to " + name);
      Env e{in.get("prefix") + name, {}, false};
      const std::string ref = secret ? "secretKeyRef" : "configMapKeyRef";
      put(e.from, ref + ".name", info.name);
      put(e.from, ref + ".key", key);
      out.push_back(std::move(e));
    }
  }
  return {};
}

/// Models validateNoOverwrites.
Error overwrites(const Info& info, const Value& container, const std::vector<Env>& changes) {
  for (const Env& change : changes) {
    for (const Value& now : at(container, "env").values()) {
      if (change.removed || str(now, "name") != change.name || str(now, "value") == change.value) continue;
      return plain("error: " + std::string(info.mapping->plural) + "/" + info.name + " '" + change.name +
                   "' already has a value (" + str(now, "value") + "), and --overwrite is false");
    }
  }
  return {};
}

}  // namespace

/// Models apimachinery pkg/util/validation IsEnvVarName.
static Error envVarName(const std::string& name) {
  bool valid = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  for (char c : name) {
    const char small = char(c | 32);
    valid = valid && ((small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_');
  }
  if (valid) return {};
  return plain(quote(name) +
               " is not a valid key name: a valid environment variable name must consist of alphabetic characters, "
               "digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or "
               "'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')");
}

Error setEnv(Invocation& in) {
  Setting setting{in, "env update to pod template:", "env updated", {}, {}, {}, false};
  Error error = setting.prepare();
  Pairs pairs;
  if (!error) error = splitPairs(in.args, "environment variable", pairs);
  if (error) return error;
  Strings texts = in.flags.list("env");
  texts.insert(texts.end(), pairs.changes.begin(), pairs.changes.end());
  if (pairs.resources.empty() && in.flags.list("filename").empty()) return plain(resourcesRequired());
  std::vector<Env> changes;
  for (const std::string& text : texts) {
    size_t equals = text.find('=');
    if (equals != std::string::npos) {
      if (Error bad = envVarName(text.substr(0, equals))) return bad;
      changes.push_back({in.get("prefix") + text.substr(0, equals), text.substr(equals + 1), false});
    } else {
      changes.push_back({text.substr(0, text.size() - 1), {}, true});
    }
  }
  bool list = in.is("list");
  if (list && !in.get("output").empty()) return plain("--list and --output may not be specified together");
  if (in.get("from").empty() && !in.flags.list("keys").empty())
    return plain("when specifying --keys, a configmap or secret must be provided with --from");
  if (!in.get("from").empty()) error = variablesFrom(in, changes);
  if (error) return error;
  if (list) setting.dryRun = DryRun::client;
  error = setting.all(pairs.resources, [&](const Info& info, Value& object) {
    if (podSpecPath(*info.mapping).empty()) return noPodSpec(info);
    Value shown = object;
    Error refused;
    bool any = eachContainer(info, shown, in.get("containers"), [&](Value& c) {
      if (in.get("overwrite") == "false" && !refused) refused = overwrites(info, c, changes);
      if (refused) return;
      changeEnv(c, changes);
      if (list) listEnv(in, info, c);
    });
    if (refused) return refused;
    if (!any) {
      in.warn(std::string(info.mapping->kind) + "/" + info.name + " does not have any containers matching " +
              quote(in.get("containers")));
    }
    if (!list) object = shown;
    return Error();
  });
  return error;
}

namespace {

Error parseResources(const std::string& text, Value& out) {
  if (text.empty()) return {};
  for (const std::string& part : split(text, ',')) {
    size_t equals = part.find('=');
    if (equals == std::string::npos) return plain("invalid argument syntax " + part + ", expected <resource>=<value>");
    api::Quantity quantity;
    if (const char* why = api::parseQuantity(part.substr(equals + 1), quantity)) return plain(why);
    out.set(api::Key(part.substr(0, equals)), part.substr(equals + 1));
  }
  return {};
}

void mergeResources(Value& container, const char* path, const Value& change) {
  for (size_t i = 0; i < change.size(); ++i) {
    Value map = at(container, path);
    map.set(change.keyAt(i), change.values()[i]);
    put(container, path, map);
  }
}

}  // namespace

Error setResources(Invocation& in) {
  Setting setting{in, "resources update to pod template", "resource requirements updated", {}, {}, {}, false};
  Error error = setting.prepare();
  if (error) return error;
  if (setting.local() && !in.args.empty()) return localResource();
  if (in.get("limits").empty() && in.get("requests").empty()) {
    return plain("you must specify an update to requests or limits (in the form of --requests/--limits)");
  }
  Value limits, requests;
  error = parseResources(in.get("limits"), limits);
  if (!error) error = parseResources(in.get("requests"), requests);
  if (error) return error;
  return setting.all(in.args, [&](const Info& info, Value& object) {
    if (podSpecPath(*info.mapping).empty()) return noPodSpec(info);
    bool any = eachContainer(info, object, in.get("containers"), [&](Value& c) {
      mergeResources(c, "resources.limits", limits);
      mergeResources(c, "resources.requests", requests);
    });
    if (!any) return plain("unable to find container named " + in.get("containers"));
    return Error();
  });
}

Error setServiceAccount(Invocation& in) {
  Setting setting{in, "ServiceAccountName", "serviceaccount updated", {}, {}, {}, true};
  Error error = setting.prepare();
  if (error) return error;
  if (in.args.empty()) return plain("serviceaccount is required");
  Strings resources(in.args.begin(), in.args.end() - 1);
  std::string account = in.args.back();
  return setting.all(resources, [&](const Info& info, Value& object) {
    std::string spec = podSpecPath(*info.mapping);
    if (spec.empty()) return noPodSpec(info);
    put(object, spec + ".serviceAccountName", account);
    return Error();
  });
}

}  // namespace kubectl
