// Containers of a pod or template. Models pkg/apis/core/validation validateContainers, validateInitContainers and what
// they call. NOT MODELLED: Windows options, restart rules.
#include <algorithm>

#include "core/apiserver/internal_types.hpp"
#include "core/apiserver/validation_check.hpp"

namespace apiserver {
namespace {

using namespace api;

const Supported envPaths = {
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs",     "status.podIP", "status.podIPs"};
const Supported knownPaths = {
    "metadata.name",      "metadata.namespace", "metadata.uid",       "metadata.annotations",
    "metadata.labels",    "spec.nodeName",      "spec.restartPolicy", "spec.serviceAccountName",
    "spec.schedulerName", "status.phase",       "status.hostIP",      "status.hostIPs",
    "status.podIP",       "status.podIPs"};
const Supported resourcePaths = {"limits.cpu",   "limits.ephemeral-storage",   "limits.memory",
                                 "requests.cpu", "requests.ephemeral-storage", "requests.memory"};

bool has(Supported all, std::string_view v) { return std::find(all.begin(), all.end(), v) != all.end(); }

void ports(Check& c, const Value& all) {
  std::vector<std::string_view> names;
  auto s = c.at(key::ports);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    const Value& p = all[i];
    if (const std::string_view name = textOf(p, key::name); !name.empty()) {
      auto n = c.at(key::name);
      if (const Complaints bad = isValidPortName(name); !bad.empty())
        c.complain(name, bad);
      else if (std::find(names.begin(), names.end(), name) != names.end())
        c.duplicate(name);
      else
        names.push_back(name);
    }
    const int64_t container = p[key::containerPort].asInt(), host = p[key::hostPort].asInt();
    if (!container) c.required(key::containerPort, "");
    for (const std::string& bad : container ? isValidPortNum(container) : Complaints())
      c.invalid(key::containerPort, container, bad);
    for (const std::string& bad : host ? isValidPortNum(host) : Complaints()) c.invalid(key::hostPort, host, bad);
    c.oneOf(p, key::protocol, {"SCTP", "TCP", "UDP"});
  }
}

void hostPortConflicts(Check& c, const Value& container, std::vector<std::string>& seen) {
  const Value& all = container[key::ports];
  auto s = c.at(key::ports);
  for (size_t i = 0; i < all.size(); ++i) {
    const int64_t host = all[i][key::hostPort].asInt();
    if (!host) continue;
    std::string name = std::string(textOf(all[i], key::protocol)) + "/" + std::string(textOf(all[i], key::hostIP)) +
                       "/" + std::to_string(host);
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      auto item = c.at(i);
      auto p = c.at(key::hostPort);
      c.duplicate(name);
    } else {
      seen.push_back(std::move(name));
    }
  }
}

}  // namespace

void checkFieldRef(Check& c, const Value& ref, Supported paths) {
  auto s = c.at(key::fieldRef);
  const std::string_view version = textOf(ref, key::apiVersion), path = textOf(ref, key::fieldPath);
  if (version.empty()) return c.required(key::apiVersion, "");
  if (path.empty()) return c.required(key::fieldPath, "");
  if (version != "v1")
    return c.invalid(key::fieldPath, path,
                     "error converting fieldPath: unsupported pod version: " + std::string(version));
  const size_t bracket = path.find("['");
  const bool subscript = bracket != path.npos && path.size() > bracket + 3 && path.substr(path.size() - 2) == "']";
  const std::string_view base = path.substr(0, subscript ? bracket : path.npos);
  const bool annotations = base == "metadata.annotations", maps = annotations || base == "metadata.labels";
  const std::string_view inner = path == "spec.host" ? "spec.nodeName" : path;
  if (subscript ? !maps : !has(knownPaths, inner))
    return c.invalid(key::fieldPath, path,
                     "error converting fieldPath: field label not supported: " + std::string(path));
  if (subscript) {
    std::string name(path.substr(bracket + 2, path.size() - bracket - 4));
    if (annotations) {
      for (char& ch : name) ch = ch >= 'A' && ch <= 'Z' ? char(ch + 'a' - 'A') : ch;
    }
    return c.qualifiedName(name);
  }
  if (has(paths, inner)) return;
  auto f = c.at(key::fieldPath);
  c.notSupported(show(inner), paths);
}

void checkResourceFieldRef(Check& c, const Value& ref, bool volume) {
  auto s = c.at(key::resourceFieldRef);
  const std::string_view r = textOf(ref, key::resource);
  const bool huge = r.substr(0, 19) == "requests.hugepages-" || r.substr(0, 17) == "limits.hugepages-";
  if (volume && textOf(ref, key::containerName).empty()) {
    c.required(key::containerName, "");
  } else if (r.empty()) {
    c.required(key::resource, "");
  } else if (!huge && !has(resourcePaths, r)) {
    auto f = c.at(key::resource);
    c.notSupported(show(r), resourcePaths);
  }
  const Quantity divisor(textOf(ref, key::divisor));
  const std::string_view what = r.substr(std::min(r.find('.'), r.size() - 1) + 1);
  if (divisor.isZero() || (!huge && !has(resourcePaths, r))) return;
  static const Supported amounts = {"1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"};
  if (what == "cpu" ? has({"1m", "1"}, toString(divisor)) : has(amounts, toString(divisor))) return;
  if (what == "cpu")
    return c.invalid(key::divisor, r, "only divisor's values 1m and 1 are supported with the cpu resource");
  c.invalid(key::divisor, r,
            "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the " +
                std::string(huge               ? "hugepages"
                            : what == "memory" ? "memory"
                                               : "local ephemeral storage") +
                " resource");
}

void checkSeccompProfile(Check& c, const Value& context) {
  const Value* profile = context.find(key::seccompProfile);
  if (!profile) return;
  auto s = c.at(key::seccompProfile);
  const std::string_view type = textOf(*profile, key::type);
  if (type.empty())
    c.required(key::type, "type is required when seccompProfile is set");
  else
    c.oneOf(*profile, key::type, {"Localhost", "RuntimeDefault", "Unconfined"});
  const Value* local = profile->find(key::localhostProfile);
  if (type != "Localhost") {
    if (local)
      c.invalidShownAt(key::localhostProfile, internalJson("SeccompProfile", *profile),
                       "can only be set when seccomp type is Localhost");
  } else if (!local) {
    c.required(key::localhostProfile, "must be set when seccomp type is Localhost");
  } else {
    auto l = c.at(key::localhostProfile);
    checkPathDescending(c, local->asString());
  }
}

void checkAppArmorProfile(Check& c, const Value& context) {
  const Value* profile = context.find(key::appArmorProfile);
  if (!profile) return;
  auto s = c.at(key::appArmorProfile);
  const std::string_view type = textOf(*profile, key::type);
  if (type.empty()) return c.required(key::type, "type is required when appArmorProfile is set");
  const Value* local = profile->find(key::localhostProfile);
  if (type == "RuntimeDefault" || type == "Unconfined") {
    if (local) c.invalid(key::localhostProfile, *local, "can only be set when AppArmor type is Localhost");
    return;
  }
  if (type != "Localhost") return c.oneOf(*profile, key::type, {"Localhost", "RuntimeDefault", "Unconfined"});
  const std::string_view path = local ? local->asString() : "";
  auto white = [](char ch) { return ch == ' ' || (ch >= '\t' && ch <= '\r'); };
  if (path.empty())
    c.required(key::localhostProfile, "must be set when AppArmor type is Localhost");
  else if (white(path.front()) || white(path.back()))
    c.invalid(key::localhostProfile, path, "must not be padded with whitespace");
}

namespace {

void keyRef(Check& c, Key k, const Value& ref) {
  auto s = c.at(k);
  {
    auto n = c.at(key::name);
    c.dnsSubdomain(textOf(ref, key::name));
  }
  const std::string_view name = textOf(ref, key::key);
  if (name.empty()) return c.required(key::key, "");
  auto f = c.at(key::key);
  c.complain(name, isConfigMapKey(name));
}

void valueFrom(Check& c, const Value& env) {
  const Value* from = env.find(key::valueFrom);
  if (!from) return;
  auto s = c.at(key::valueFrom);
  int sources = 0;
  for (Key k : {Key(key::fieldRef), Key(key::resourceFieldRef), Key(key::configMapKeyRef), Key(key::secretKeyRef),
                Key(key::fileKeyRef)}) {
    const Value* ref = from->find(k);
    if (!ref) continue;
    ++sources;
    if (k == Key(key::fieldRef))
      checkFieldRef(c, *ref, envPaths);
    else if (k == Key(key::resourceFieldRef))
      checkResourceFieldRef(c, *ref, false);
    else if (k != Key(key::fileKeyRef))
      keyRef(c, k, *ref);
  }
  if (!sources)
    c.invalid("",
              "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
  else if (!textOf(env, key::value).empty())
    c.invalid("", "may not be specified when `value` is not empty");
  else if (sources > 1)
    c.invalid("", "may not have more than one field specified at a time");
}

void env(Check& c, const Value& all) {
  auto s = c.at(key::env);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    const std::string_view name = textOf(all[i], key::name);
    if (name.empty()) {
      c.required(key::name, "");
    } else {
      auto n = c.at(key::name);
      c.complain(name, isRelaxedEnvVarName(name));
    }
    valueFrom(c, all[i]);
  }
}

void envFrom(Check& c, const Value& all) {
  auto s = c.at(key::envFrom);
  for (size_t i = 0; i < all.size(); ++i) {
    int sources = 0;
    {
      auto item = c.at(i);
      if (const std::string_view prefix = textOf(all[i], key::prefix); !prefix.empty()) {
        auto p = c.at(key::prefix);
        c.complain(prefix, isRelaxedEnvVarName(prefix));
      }
      for (Key k : {Key(key::configMapRef), Key(key::secretRef)}) {
        const Value* ref = all[i].find(k);
        if (!ref) continue;
        ++sources;
        auto r = c.at(k);
        const std::string_view name = textOf(*ref, key::name);
        if (name.empty()) {
          c.required(key::name, "");
        } else {
          auto n = c.at(key::name);
          c.dnsSubdomain(name);
        }
      }
    }
    if (!sources)
      c.invalid("", "must specify one of: `configMapRef` or `secretRef`");
    else if (sources > 1)
      c.invalid("", "may not have more than one field specified at a time");
  }
}

/// The volume of that name; only good ones count.
const Value* volumeNamed(const Value& volumes, std::string_view name) {
  for (const Value& v : volumes.values()) {
    if (textOf(v, key::name) == name) return &v;
  }
  return nullptr;
}

bool listed(const Value& all, Key k, std::string_view v) {
  for (const Value& item : all.values()) {
    if (textOf(item, k) == v) return true;
  }
  return false;
}

void mountPropagation(Check& c, const Value& mount, const Value& container) {
  const std::string_view mode = textOf(mount, key::mountPropagation);
  if (mode.empty()) return;
  c.oneOf(mount, key::mountPropagation, {"Bidirectional", "HostToContainer", "None"});
  if (mode == "Bidirectional" && !container.get({key::securityContext, key::privileged}).asBool())
    c.forbidden(key::mountPropagation, "Bidirectional mount propagation is available only to privileged containers");
}

void volumeMounts(Check& c, const Value& container, const Value& volumes) {
  const Value &all = container[key::volumeMounts], &devices = container[key::volumeDevices];
  auto s = c.at(key::volumeMounts);
  for (size_t i = 0; i < all.size(); ++i) {
    const Value& m = all[i];
    const std::string_view name = textOf(m, key::name), path = textOf(m, key::mountPath);
    {
      auto item = c.at(i);
      if (name.empty()) c.required(key::name, "");
      if (!volumeNamed(volumes, name)) {
        auto n = c.at(key::name);
        c.notFound(name);
      }
      if (path.empty()) c.required(key::mountPath, "");
      for (size_t j = 0; j < i; ++j) {
        if (textOf(all[j], key::mountPath) != path) continue;
        c.invalid(key::mountPath, path, "must be unique");
        break;
      }
      if (listed(devices, key::name, name)) c.invalid(key::name, name, "must not already exist in volumeDevices");
      if (listed(devices, key::devicePath, path))
        c.invalid(key::mountPath, path, "must not already exist as a path in volumeDevices");
      if (!textOf(m, key::subPathExpr).empty() && !textOf(m, key::subPath).empty())
        c.invalid(key::subPathExpr, m[key::subPathExpr], "subPathExpr and subPath are mutually exclusive");
    }
    // Upstream leaves the index out of these.
    for (Key k : {Key(key::subPath), Key(key::subPathExpr)}) {
      if (textOf(m, k).empty()) continue;
      auto p = c.at(k);
      checkPathDescending(c, textOf(m, k));
    }
    mountPropagation(c, m, container);
  }
}

void volumeDevices(Check& c, const Value& container, const Value& volumes) {
  const Value &all = container[key::volumeDevices], &mounts = container[key::volumeMounts];
  auto s = c.at(key::volumeDevices);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    const std::string_view name = textOf(all[i], key::name), path = textOf(all[i], key::devicePath);
    const Value* v = volumeNamed(volumes, name);
    if (name.empty()) c.required(key::name, "");
    for (size_t j = 0; j < i && !name.empty(); ++j) {
      if (textOf(all[j], key::name) == name) c.invalid(key::name, name, "must be unique");
    }
    if (v && !v->find(key::persistentVolumeClaim) && !v->find(key::ephemeral))
      c.invalid(key::name, name,
                "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
    if (!v) {
      auto n = c.at(key::name);
      c.notFound(name);
    }
    if (path.empty()) c.required(key::devicePath, "");
    for (size_t j = 0; j < i; ++j) {
      if (textOf(all[j], key::devicePath) == path) c.invalid(key::devicePath, path, "must be unique");
    }
    if (listed(mounts, key::name, name)) c.invalid(key::name, name, "must not already exist in volumeMounts");
    if (listed(mounts, key::mountPath, path))
      c.invalid(key::devicePath, path, "must not already exist as a path in volumeMounts");
  }
}

void httpGet(Check& c, const Value& http) {
  if (textOf(http, key::path).empty()) c.required(key::path, "");
  {
    auto p = c.at(key::port);
    c.portNumberOrName(http[key::port]);
  }
  if (const std::string_view scheme = textOf(http, key::scheme); scheme != "HTTP" && scheme != "HTTPS") {
    auto s = c.at(key::scheme);
    c.notSupported(show(scheme), {"HTTP", "HTTPS"});
  }
  auto h = c.at(key::httpHeaders);
  for (const Value& header : http[key::httpHeaders].values())
    c.complain(textOf(header, key::name), isHTTPHeaderName(textOf(header, key::name)));
}

void handler(Check& c, const Value& h, const Value& gracePeriod) {
  int handlers = 0;
  for (Key k : {Key(key::exec), Key(key::httpGet), Key(key::tcpSocket), Key(key::grpc), Key(key::sleep)}) {
    const Value* v = h.find(k);
    if (!v) continue;
    auto s = c.at(k);
    if (handlers++) {
      c.forbidden("may not specify more than 1 handler type");
    } else if (k == Key(key::exec)) {
      if (!(*v)[key::command].size()) c.required(key::command, "");
    } else if (k == Key(key::httpGet)) {
      httpGet(c, *v);
    } else if (k == Key(key::sleep)) {
      const int64_t seconds = (*v)[key::seconds].asInt();
      if (!gracePeriod.isNull() && (seconds < 0 || seconds > gracePeriod.asInt()))
        c.invalid(seconds, "must be non-negative and less than terminationGracePeriodSeconds (" +
                               std::to_string(gracePeriod.asInt()) + ")");
    } else {
      auto p = c.at(key::port);
      c.portNumberOrName((*v)[key::port]);
    }
  }
  if (!handlers) c.required("must specify a handler type");
}

void probe(Check& c, const Value& container, Key k, const Value& gracePeriod) {
  const Value* p = container.find(k);
  if (!p) return;
  auto s = c.at(k);
  handler(c, *p, gracePeriod);
  for (Key n : {Key(key::initialDelaySeconds), Key(key::timeoutSeconds), Key(key::periodSeconds),
                Key(key::successThreshold), Key(key::failureThreshold)})
    c.nonNegative(*p, n);
  const Value& grace = (*p)[key::terminationGracePeriodSeconds];
  if (!grace.isNull() && grace.asInt() <= 0)
    c.invalid(key::terminationGracePeriodSeconds, grace, "must be greater than 0");
  if (k == Key(key::readinessProbe)) {
    if (!grace.isNull()) c.invalid(key::terminationGracePeriodSeconds, grace, "must not be set for readinessProbes");
  } else if ((*p)[key::successThreshold].asInt() != 1) {
    c.invalid(key::successThreshold, (*p)[key::successThreshold], "must be 1");
  }
}

void lifecycle(Check& c, const Value& container, const Value& gracePeriod) {
  const Value* l = container.find(key::lifecycle);
  if (!l) return;
  auto s = c.at(key::lifecycle);
  for (Key k : {Key(key::postStart), Key(key::preStop)}) {
    const Value* h = l->find(k);
    if (!h) continue;
    auto p = c.at(k);
    handler(c, *h, gracePeriod);
  }
}

void securityContext(Check& c, const Value& container, const Value& podSpec) {
  const Value* sc = container.find(key::securityContext);
  if (!sc) return;
  auto s = c.at(key::securityContext);
  for (Key k : {Key(key::runAsUser), Key(key::runAsGroup)}) {
    const Value* id = sc->find(k);
    for (const std::string& bad : id ? isValidUserID(id->asInt()) : Complaints()) c.invalid(k, *id, bad);
  }
  if (const Value* mount = sc->find(key::procMount)) {
    const Value* hostUsers = podSpec.find(key::hostUsers);
    if (mount->asString() != "Default" && mount->asString() != "Unmasked") {
      auto p = c.at(key::procMount);
      c.notSupported(show(*mount), {"Default", "Unmasked"});
    } else if (mount->asString() == "Unmasked" && (!hostUsers || hostUsers->asBool())) {
      c.invalid(key::procMount, *mount, "`hostUsers` must be false to use `Unmasked`");
    }
  }
  checkSeccompProfile(c, *sc);
  const Value* escalation = sc->find(key::allowPrivilegeEscalation);
  if (escalation && !escalation->asBool()) {
    if ((*sc)[key::privileged].asBool())
      c.invalidShown(internalJson("SecurityContext", *sc),
                     "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
    for (const Value& capability : sc->get({key::capabilities, key::add}).values()) {
      if (capability.asString() == "CAP_SYS_ADMIN")
        c.invalidShown(internalJson("SecurityContext", *sc),
                       "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }
  }
  checkAppArmorProfile(c, *sc);
}

void resizePolicy(Check& c, const Value& container, std::string_view podRestartPolicy) {
  const Value& all = container[key::resizePolicy];
  auto s = c.at(key::resizePolicy);
  for (size_t i = 0; i < all.size(); ++i) {
    const std::string_view resource = textOf(all[i], key::resourceName), policy = textOf(all[i], key::restartPolicy);
    for (size_t j = 0; j < i; ++j) {
      if (textOf(all[j], key::resourceName) != resource) continue;
      auto item = c.at(i);
      c.duplicate(resource);
      break;
    }
    if (resource.empty())
      c.required();
    else if (resource != "cpu" && resource != "memory")
      c.notSupported(show(resource), {"cpu", "memory"});
    if (policy.empty())
      c.required();
    else if (policy != "NotRequired" && policy != "RestartContainer")
      c.notSupported(show(policy), {"NotRequired", "RestartContainer"});
    if (podRestartPolicy == "Never" && policy != "NotRequired")
      c.invalidText(policy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
  }
}

/// What holds for every kind of container. Models validateContainerCommon.
void common(Check& c, const Value& container, const Value& volumes, const Value& spec) {
  const std::string_view name = textOf(container, key::name);
  if (name.empty()) {
    c.required(key::name, "");
  } else {
    auto n = c.at(key::name);
    c.dnsLabel(name);
  }
  if (textOf(container, key::image).empty()) c.required(key::image, "");
  c.oneOf(container, key::terminationMessagePolicy, {"File", "FallbackToLogsOnError"});
  ports(c, container[key::ports]);
  env(c, container[key::env]);
  envFrom(c, container[key::envFrom]);
  volumeMounts(c, container, volumes);
  volumeDevices(c, container, volumes);
  c.oneOf(container, key::imagePullPolicy, {"Always", "IfNotPresent", "Never"});
  if (const Value* r = container.find(key::resources)) {
    auto s = c.at(key::resources);
    checkResourceRequirements(c, *r, spec);
  }
  resizePolicy(c, container, textOf(spec, key::restartPolicy));
  securityContext(c, container, spec);
}

void restartPolicy(Check& c, const Value& container) {
  if (!container.find(key::restartPolicy)) {
    if (container[key::restartPolicyRules].size())
      c.required(key::restartPolicy, "must specify restartPolicy when restart rules are used");
    return;
  }
  c.oneOf(container, key::restartPolicy, {"Always", "Never", "OnFailure"});
}

void duplicateName(Check& c, const Value& container, std::vector<std::string_view>& names, bool emptyCounts) {
  const std::string_view name = textOf(container, key::name);
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    auto n = c.at(key::name);
    c.duplicate(name);
  } else if (emptyCounts || !name.empty()) {
    names.push_back(name);
  }
}

void initContainers(Check& c, const Value& spec, const Value& volumes) {
  const Value& all = spec[key::initContainers];
  if (!all.size()) return;
  const Value& grace = spec[key::terminationGracePeriodSeconds];
  std::vector<std::string_view> names;
  for (const Value& regular : spec[key::containers].values()) names.push_back(textOf(regular, key::name));
  auto s = c.at(key::initContainers);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    common(c, all[i], volumes, spec);
    restartPolicy(c, all[i]);
    duplicateName(c, all[i], names, false);
    std::vector<std::string> hostPorts;
    hostPortConflicts(c, all[i], hostPorts);
    if (textOf(all[i], key::restartPolicy) == "Always") {
      lifecycle(c, all[i], grace);
      for (Key k : {Key(key::livenessProbe), Key(key::readinessProbe), Key(key::startupProbe)})
        probe(c, all[i], k, grace);
      continue;
    }
    for (Key k : {Key(key::lifecycle), Key(key::livenessProbe), Key(key::readinessProbe), Key(key::startupProbe)}) {
      if (all[i].find(k)) c.forbidden(k, "may not be set for init containers without restartPolicy=Always");
    }
  }
}

void ephemeralContainers(Check& c, const Value& spec, const Value& volumes) {
  const Value& all = spec[key::ephemeralContainers];
  std::vector<std::string_view> names;
  for (const Value& other : spec[key::containers].values()) names.push_back(textOf(other, key::name));
  for (const Value& other : spec[key::initContainers].values()) names.push_back(textOf(other, key::name));
  const size_t others = names.size();
  auto s = c.at(key::ephemeralContainers);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    common(c, all[i], volumes, spec);
    duplicateName(c, all[i], names, true);
    const std::string_view target = textOf(all[i], key::targetContainerName);
    if (!target.empty() &&
        std::find(names.begin(), names.begin() + long(others), target) == names.begin() + long(others)) {
      auto t = c.at(key::targetContainerName);
      c.notFound(target);
    }
    for (Key k : {Key(key::lifecycle), Key(key::livenessProbe), Key(key::ports), Key(key::readinessProbe),
                  Key(key::startupProbe)}) {
      if (all[i].find(k)) c.forbidden(k, "cannot be set for an Ephemeral Container");
    }
    if (all[i][key::resources].size()) c.forbidden(key::resources, "cannot be set for an Ephemeral Container");
  }
}
}  // namespace

void checkContainers(Check& c, const Value& spec, const Value& volumes, PodOptions) {
  const Value& all = spec[key::containers];
  const Value& grace = spec[key::terminationGracePeriodSeconds];
  {
    auto s = c.at(key::containers);
    if (!all.size()) c.required();
    std::vector<std::string_view> names;
    for (size_t i = 0; i < all.size(); ++i) {
      auto item = c.at(i);
      common(c, all[i], volumes, spec);
      duplicateName(c, all[i], names, true);
      lifecycle(c, all[i], grace);
      for (Key k : {Key(key::livenessProbe), Key(key::readinessProbe), Key(key::startupProbe)})
        probe(c, all[i], k, grace);
      restartPolicy(c, all[i]);
    }
    std::vector<std::string> hostPorts;
    for (size_t i = 0; i < all.size(); ++i) {
      auto item = c.at(i);
      hostPortConflicts(c, all[i], hostPorts);
    }
  }
  initContainers(c, spec, volumes);
  ephemeralContainers(c, spec, volumes);
}

}  // namespace apiserver
