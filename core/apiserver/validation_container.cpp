// Containers of a pod or template. Models pkg/apis/core/validation validateContainers, validateInitContainers and what
// they call. NOT MODELLED: Windows options, restart rules.
#include <algorithm>

#include "core/apiserver/internal_types.hpp"
#include "core/apiserver/validation_check.hpp"

namespace apiserver {
namespace {

using namespace api;

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
  checkEnv(c, container[key::env]);
  checkEnvFrom(c, container[key::envFrom]);
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
      checkLifecycle(c, all[i], grace);
      for (Key k : {Key(key::livenessProbe), Key(key::readinessProbe), Key(key::startupProbe)})
        checkProbe(c, all[i], k, grace);
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
      checkLifecycle(c, all[i], grace);
      for (Key k : {Key(key::livenessProbe), Key(key::readinessProbe), Key(key::startupProbe)})
        checkProbe(c, all[i], k, grace);
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
