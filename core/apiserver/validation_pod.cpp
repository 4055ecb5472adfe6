// Pods and pod templates: everything but containers and volumes. Models pkg/apis/core/validation ValidatePodSpec and
// what it calls. NOT MODELLED: options of Windows, scheduling groups.
#include <algorithm>

#include "core/apiserver/internal_types.hpp"
#include "core/apiserver/validation_check.hpp"

namespace apiserver {
namespace {

using namespace api;

void dnsConfig(Check& c, const Value& spec) {
  const Value* config = spec.find(key::dnsConfig);
  auto s = c.at(key::dnsConfig);
  if (textOf(spec, key::dnsPolicy) == "None") {
    if (!config) return c.required("must provide `dnsConfig` when `dnsPolicy` is None");
    if (!(*config)[key::nameservers].size())
      return c.required(key::nameservers, "must provide at least one DNS nameserver when `dnsPolicy` is None");
  }
  if (!config) return;
  const Value &servers = (*config)[key::nameservers], &searches = (*config)[key::searches];
  if (servers.size() > 3) c.invalid(key::nameservers, servers, "must not have more than 3 nameservers");
  {
    auto n = c.at(key::nameservers);
    for (size_t i = 0; i < servers.size(); ++i) {
      auto item = c.at(i);
      checkLegacyIP(c, servers[i].asString());
    }
  }
  if (searches.size() > 32) c.invalid(key::searches, searches, "must not have more than 32 search paths");
  auto n = c.at(key::searches);
  for (size_t i = 0; i < searches.size(); ++i) {
    std::string_view search = searches[i].asString();
    if (search == ".") continue;
    if (!search.empty() && search.back() == '.') search.remove_suffix(1);
    auto item = c.at(i);
    c.complain(search, isDNS1123SubdomainWithUnderscore(search));
  }
}

void dnsOptions(Check& c, const Value& options) {
  auto s = c.at(key::dnsConfig);
  auto o = c.at(key::options);
  for (size_t i = 0; i < options.size(); ++i) {
    auto item = c.at(i);
    if (textOf(options[i], key::name).empty()) c.required("must not be empty");
  }
}

void hostNetwork(Check& c, const Value& spec, bool isPod) {
  if (!spec[key::hostNetwork].asBool()) return;
  auto s = c.at(key::containers);
  const Value& all = spec[key::containers];
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    auto p = c.at(key::ports);
    const Value& ports = all[i][key::ports];
    for (size_t j = 0; j < ports.size(); ++j) {
      const int64_t host = ports[j][key::hostPort].asInt();
      if ((!isPod && !host) || host == ports[j][key::containerPort].asInt()) continue;
      auto port = c.at(j);
      c.invalid(key::hostPort, host, "must match `containerPort` when `hostNetwork` is true");
    }
  }
}

bool goodSysctl(std::string_view name) {
  if (name.size() > 253) return false;
  auto edge = [](char ch) { return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9'); };
  for (size_t from = 0; from <= name.size();) {
    const size_t end = std::min(name.find_first_of("./", from), name.size());
    const std::string_view part = name.substr(from, end - from);
    if (part.empty() || !edge(part.front()) || !edge(part.back())) return false;
    if (!std::all_of(part.begin(), part.end(), [&](char ch) { return edge(ch) || ch == '-' || ch == '_'; }))
      return false;
    from = end + 1;
  }
  return true;
}

void sysctls(Check& c, const Value& all, const Value& spec) {
  auto s = c.at(key::sysctls);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    const std::string_view name = textOf(all[i], key::name);
    auto n = c.at(key::name);
    if (name.empty())
      c.required();
    else if (!goodSysctl(name))
      c.invalidText(name,
                    "must have at most 253 characters and match regex "
                    "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
    else if (std::any_of(all.values().begin(), all.values().begin() + long(i),
                         [&](const Value& other) { return textOf(other, key::name) == name; }))
      c.duplicate(name);
    const std::string_view space = name.substr(0, 4);
    if (spec[key::hostNetwork].asBool() && (space == "net." || space == "net/"))
      c.invalidText(name, "may not be specified when 'hostNetwork' is true");
    static const Supported ipc = {"kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
                                  "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem"};
    if (spec[key::hostIPC].asBool() &&
        (name.substr(0, 10) == "fs.mqueue." || std::find(ipc.begin(), ipc.end(), name) != ipc.end()))
      c.invalidText(name, "may not be specified when 'hostIPC' is true");
  }
}

/// What only Linux has, in the order in which upstream looks.
void onWindows(Check& c, const Value& spec) {
  auto refuse = [&](const Value& parent, std::initializer_list<Key> keys) {
    for (Key k : keys) {
      const Value* v = parent.find(k);
      if (v && !((v->kind() == Kind::Bool && !v->asBool() && (k == Key(key::hostPID) || k == Key(key::hostIPC))) ||
                 (k == Key(key::sysctls) && !v->size())))
        c.forbidden(k, "cannot be set for a windows pod");
    }
  };
  {
    auto s = c.at(key::securityContext);
    refuse(spec[key::securityContext],
           {key::appArmorProfile, key::seLinuxOptions, key::seccompProfile, key::fsGroup, key::fsGroupChangePolicy,
            key::sysctls, key::runAsUser, key::runAsGroup, key::supplementalGroups, key::supplementalGroupsPolicy,
            key::seLinuxChangePolicy});
  }
  refuse(spec, {key::hostUsers, key::hostPID, key::hostIPC, key::shareProcessNamespace});
  for (Key k : {Key(key::initContainers), Key(key::containers), Key(key::ephemeralContainers)}) {
    auto list = c.at(k);
    for (size_t i = 0; i < spec[k].size(); ++i) {
      auto item = c.at(i);
      auto s = c.at(key::securityContext);
      refuse(spec[k][i][key::securityContext],
             {key::appArmorProfile, key::seLinuxOptions, key::seccompProfile, key::capabilities,
              key::readOnlyRootFilesystem, key::privileged, key::allowPrivilegeEscalation, key::procMount,
              key::runAsUser, key::runAsGroup});
    }
  }
}

void onLinux(Check& c, const Value& spec) {
  auto refuse = [&](const Value& parent) {
    auto s = c.at(key::securityContext);
    if (parent.get({key::securityContext}).find(key::windowsOptions))
      c.forbidden(key::windowsOptions, "windows options cannot be set for a linux pod");
  };
  refuse(spec);
  for (Key k : {Key(key::initContainers), Key(key::containers), Key(key::ephemeralContainers)}) {
    auto list = c.at(k);
    for (size_t i = 0; i < spec[k].size(); ++i) {
      auto item = c.at(i);
      refuse(spec[k][i]);
    }
  }
}

void operatingSystem(Check& c, const Value& spec) {
  const Value* os = spec.find(key::os);
  if (!os) return;
  const std::string_view name = textOf(*os, key::name);
  if (name == "linux") return onLinux(c, spec);
  if (name == "windows") return onWindows(c, spec);
  auto s = c.at(key::os);
  if (name.empty())
    c.required(key::name, "");
  else
    c.notSupported(show(name), {"linux", "windows"});
}

void resourceClaims(Check& c, const Value& claims) {
  auto s = c.at(key::resourceClaims);
  for (size_t i = 0; i < claims.size(); ++i) {
    auto item = c.at(i);
    const std::string_view name = textOf(claims[i], key::name);
    if (name.empty()) {
      c.required(key::name, "");
    } else {
      auto n = c.at(key::name);
      if (std::any_of(claims.values().begin(), claims.values().begin() + long(i),
                      [&](const Value& other) { return textOf(other, key::name) == name; }))
        c.duplicate(name);
      else
        c.dnsLabel(name);
    }
    const Value *claim = claims[i].find(key::resourceClaimName), *form = claims[i].find(key::resourceClaimTemplateName);
    if (claim && form)
      c.invalidShown(internalJson("PodResourceClaim", claims[i]),
                     "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
    if (!claim && !form)
      c.invalidShown(internalJson("PodResourceClaim", claims[i]),
                     "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
    for (Key k : {Key(key::resourceClaimName), Key(key::resourceClaimTemplateName)}) {
      auto n = c.at(k);
      if (const Value* given = claims[i].find(k)) c.dnsSubdomain(given->asString());
    }
  }
}

void podSecurityContext(Check& c, const Value& context, const Value& spec) {
  auto s = c.at(key::securityContext);
  for (Key k : {Key(key::fsGroup), Key(key::runAsUser), Key(key::runAsGroup)}) {
    const Value* id = context.find(k);
    for (const std::string& bad : id ? isValidUserID(id->asInt()) : Complaints()) c.invalid(k, *id, bad);
  }
  const Value& groups = context[key::supplementalGroups];
  for (size_t i = 0; i < groups.size(); ++i) {
    auto g = c.at(key::supplementalGroups);
    auto item = c.at(i);
    for (const std::string& bad : isValidUserID(groups[i].asInt())) c.invalid(groups[i], bad);
  }
  sysctls(c, context[key::sysctls], spec);
  c.oneOf(context, key::fsGroupChangePolicy, {"Always", "OnRootMismatch"}, false);
  checkSeccompProfile(c, context);
  checkAppArmorProfile(c, context);
  c.oneOf(context, key::supplementalGroupsPolicy, {"Merge", "Strict"}, false);
  c.oneOf(context, key::seLinuxChangePolicy, {"MountOption", "Recursive"}, false);
}

void schedulingGates(Check& c, const Value& gates) {
  auto s = c.at(key::schedulingGates);
  for (size_t i = 0; i < gates.size(); ++i) {
    auto item = c.at(i);
    c.qualifiedName(textOf(gates[i], key::name));
    for (size_t j = 0; j < i; ++j) {
      if (gates[j][key::name] == gates[i][key::name]) c.duplicate(textOf(gates[i], key::name));
    }
  }
}

void hostAliases(Check& c, const Value& aliases) {
  auto s = c.at(key::hostAliases);
  for (size_t i = 0; i < aliases.size(); ++i) {
    auto item = c.at(i);
    {
      auto ip = c.at(key::ip);
      checkLegacyIP(c, textOf(aliases[i], key::ip));
    }
    auto names = c.at(key::hostnames);
    for (size_t j = 0; j < aliases[i][key::hostnames].size(); ++j) {
      auto name = c.at(j);
      c.dnsSubdomain(aliases[i][key::hostnames][j].asString());
    }
  }
}

void tokensWithoutAccount(Check& c, const Value& spec) {
  if (!textOf(spec, key::serviceAccountName).empty()) return;
  const Value& volumes = spec[key::volumes];
  for (size_t i = 0; i < volumes.size(); ++i) {
    const Value& sources = volumes[i].get({key::projected, key::sources});
    for (size_t j = 0; j < sources.size(); ++j) {
      if (!sources[j].find(key::serviceAccountToken)) continue;
      auto v = c.at(key::volumes);
      auto item = c.at(i);
      auto p = c.at(key::projected);
      auto s = c.at(key::sources);
      auto source = c.at(j);
      c.forbidden(key::serviceAccountToken, "must not be specified when serviceAccountName is not set");
    }
  }
}

template <class Rule>
void optionalText(Check& c, const Value& spec, Key k, Rule rule) {
  const std::string_view v = textOf(spec, k);
  if (v.empty()) return;
  auto s = c.at(k);
  rule(v);
}
}  // namespace

void checkPodSpec(Check& c, const Value& spec, const Value& metadata, PodOptions options) {
  if (!spec.find(key::terminationGracePeriodSeconds)) c.required(key::terminationGracePeriodSeconds, "");
  Value volumes;
  {
    auto s = c.at(key::volumes);
    volumes = checkVolumes(c, spec[key::volumes], metadata);
  }
  resourceClaims(c, spec[key::resourceClaims]);
  checkContainers(c, spec, volumes, options);
  checkPodResources(c, spec);
  hostNetwork(c, spec, options.isPod);
  c.oneOf(spec, key::restartPolicy, {"Always", "OnFailure", "Never"});
  c.oneOf(spec, key::dnsPolicy, {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"});
  {
    auto s = c.at(key::nodeSelector);
    c.labels(spec[key::nodeSelector]);
  }
  if (const Value* context = spec.find(key::securityContext)) podSecurityContext(c, *context, spec);
  if (spec[key::shareProcessNamespace].asBool() && spec[key::hostPID].asBool())
    c.invalid(key::shareProcessNamespace, true, "ShareProcessNamespace and HostPID cannot both be enabled");
  if (const Value* affinity = spec.find(key::affinity)) {
    auto s = c.at(key::affinity);
    checkAffinity(c, *affinity);
  }
  dnsConfig(c, spec);
  if (textOf(spec, key::dnsPolicy) != "None" || spec.get({key::dnsConfig, key::nameservers}).size())
    dnsOptions(c, spec.get({key::dnsConfig, key::options}));
  {
    static const Key readinessGates("readinessGates");
    auto s = c.at(readinessGates);
    const Value& gates = spec[readinessGates];
    for (size_t i = 0; i < gates.size(); ++i) {
      auto item = c.at(i);
      static const Key conditionType("conditionType");
      auto type = c.at(conditionType);
      c.qualifiedName(textOf(gates[i], conditionType));
    }
  }
  schedulingGates(c, spec[key::schedulingGates]);
  {
    auto s = c.at(key::topologySpreadConstraints);
    checkTopologySpread(c, spec[key::topologySpreadConstraints]);
  }
  optionalText(c, spec, key::serviceAccountName, [&](std::string_view v) { c.dnsSubdomain(v); });
  optionalText(c, spec, key::nodeName, [&](std::string_view v) { c.dnsSubdomain(v); });
  if (const Value* deadline = spec.find(key::activeDeadlineSeconds);
      deadline && (deadline->asInt() < 1 || deadline->asInt() > INT32_MAX))
    c.invalid(key::activeDeadlineSeconds, *deadline, inclusiveRangeError(1, INT32_MAX));
  optionalText(c, spec, key::hostname, [&](std::string_view v) { c.dnsLabel(v); });
  optionalText(c, spec, key::subdomain, [&](std::string_view v) { c.dnsLabel(v); });
  {
    auto s = c.at(key::tolerations);
    checkTolerations(c, spec[key::tolerations]);
  }
  hostAliases(c, spec[key::hostAliases]);
  optionalText(c, spec, key::priorityClassName, [&](std::string_view v) { c.dnsSubdomain(v); });
  optionalText(c, spec, key::runtimeClassName, [&](std::string_view v) { c.dnsSubdomain(v); });
  if (spec.find(key::preemptionPolicy)) c.oneOf(spec, key::preemptionPolicy, {"PreemptLowerPriority", "Never"});
  operatingSystem(c, spec);
}

namespace {
/// The annotations that named profiles of AppArmor before there were fields.
void appArmorAnnotations(Check& c, const Value& annotations, const Value& spec) {
  constexpr std::string_view prefix = "container.apparmor.security.beta.kubernetes.io/";
  for (size_t i = 0; i < annotations.size(); ++i) {
    const std::string_view k = annotations.keyAt(i).text(), profile = annotations.values()[i].asString();
    if (k.substr(0, prefix.size()) != prefix) continue;
    const std::string_view name = k.substr(prefix.size());
    auto s = c.keyed(k);
    bool found = false;
    for (Key list : {Key(key::initContainers), Key(key::containers), Key(key::ephemeralContainers)}) {
      for (const Value& container : spec[list].values()) found |= textOf(container, key::name) == name;
    }
    if (!found) c.invalidText(name, "container not found");
    if (!profile.empty() && profile != "runtime/default" && profile != "unconfined" &&
        profile.substr(0, 10) != "localhost/")
      c.invalidText(profile, "invalid AppArmor profile name: " + show(profile));
  }
}

void deletionCost(Check& c, const Value& annotations) {
  const Value* cost = annotations.find(key::podDeletionCost);
  if (!cost) return;
  const std::string_view text = cost->asString();
  const std::string_view digits = text.substr(text.substr(0, 1) == "-");
  const bool number = !digits.empty() && digits.size() < 11 &&
                      std::all_of(digits.begin(), digits.end(), [](char d) { return d >= '0' && d <= '9'; }) &&
                      (digits == "0" || digits[0] != '0');
  if (number) return;
  auto s = c.keyed("controller.kubernetes.io/pod-deletion-cost");
  c.invalidText(text, "must be a 32bit integer");
}
}  // namespace

void checkPodSpecificAnnotations(Check& c, const Value& annotations, const Value& podSpec) {
  if (!annotations.size()) return;
  deletionCost(c, annotations);
  appArmorAnnotations(c, annotations, podSpec);
}

void checkPodTemplate(Check& c, const Value& podTemplate) {
  {
    auto l = c.at(key::labels);
    c.labels(podTemplate.get({key::metadata, key::labels}));
  }
  {
    auto a = c.at(key::annotations);
    c.annotations(podTemplate.get({key::metadata, key::annotations}));
    checkPodSpecificAnnotations(c, podTemplate.get({key::metadata, key::annotations}), podTemplate[key::spec]);
  }
  auto s = c.at(key::spec);
  checkPodSpec(c, podTemplate[key::spec], Value(), {});
  if (podTemplate.get({key::spec, key::ephemeralContainers}).size())
    c.forbidden(key::ephemeralContainers, "ephemeral containers not allowed in pod template");
}

void checkPod(Check& c, const Value& pod) {
  checkMetadata(c, pod, true, NameRule::subdomain);
  {
    auto s = c.at(key::metadata);
    auto a = c.at(key::annotations);
    checkPodSpecificAnnotations(c, pod.get({key::metadata, key::annotations}), pod[key::spec]);
  }
  const Value& spec = pod[key::spec];
  auto s = c.at(key::spec);
  checkPodSpec(c, spec, pod[key::metadata], {true});
  tokensWithoutAccount(c, spec);
  c.nonNegative(spec, key::terminationGracePeriodSeconds);
  for (Key k : {Key(key::containers), Key(key::initContainers)}) {
    const Value& all = spec[k];
    auto list = c.at(k);
    for (size_t i = 0; i < all.size(); ++i) {
      const std::string_view image = textOf(all[i], key::image);
      auto white = [](char ch) { return ch == ' ' || (ch >= '\t' && ch <= '\r'); };
      if (image.empty() || (!white(image.front()) && !white(image.back()))) continue;
      auto item = c.at(i);
      c.invalid(key::image, image, "must not have leading or trailing whitespace");
    }
  }
}

}  // namespace apiserver
