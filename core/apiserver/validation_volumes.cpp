// Volumes of pods, paths, and amounts of resources. Models pkg/apis/core/validation ValidateVolumes,
// validateVolumeSource and validateResourceRequirements. NOT MODELLED: the fields of network disks that no node here
// can mount.
#include <algorithm>

#include "core/apiserver/validation_check.hpp"

namespace apiserver {
namespace {

using namespace api;

constexpr std::string_view modeRange = "must be a number between 0 and 0777 (octal), both inclusive";

void mode(Check& c, const Value& source, Key k) {
  const Value* m = source.find(k);
  if (m && (m->asInt() < 0 || m->asInt() > 0777)) c.invalid(k, *m, modeRange);
}

void nonReservedPath(Check& c, std::string_view path) {
  checkPathDescending(c, path);
  if (path.substr(0, 2) == ".." && path.substr(0, 3) != "../") c.invalidText(path, "must not start with '..'");
}

void keyToPath(Check& c, const Value& items) {
  auto s = c.at(key::items);
  for (size_t i = 0; i < items.size(); ++i) {
    auto item = c.at(i);
    if (textOf(items[i], key::key).empty()) c.required(key::key, "");
    const std::string_view path = textOf(items[i], key::path);
    if (path.empty()) c.required(key::path, "");
    {
      auto p = c.at(key::path);
      nonReservedPath(c, path);
    }
    mode(c, items[i], key::mode);
  }
}

void requiredText(Check& c, const Value& source, Key k) {
  if (textOf(source, k).empty()) c.required(k, "");
}

}  // namespace

void checkHostPath(Check& c, const Value& source) {
  const std::string_view path = textOf(source, key::path);
  if (path.empty()) return c.required(key::path, "");
  {
    auto p = c.at(key::path);
    checkPathNoBacksteps(c, path);
  }
  static const Supported types = {"",     "BlockDevice",  "CharDevice", "Directory", "DirectoryOrCreate",
                                  "File", "FileOrCreate", "Socket"};
  const Value* type = source.find(key::type);
  if (!type || std::find(types.begin(), types.end(), type->asString()) != types.end()) return;
  auto t = c.at(key::type);
  c.notSupported(show(*type), types);
}

namespace {

// Upstream leaves the index of the file out of its path.
void downwardFile(Check& c, const Value& file) {
  requiredText(c, file, key::path);
  {
    auto p = c.at(key::path);
    nonReservedPath(c, textOf(file, key::path));
  }
  const Value *field = file.find(key::fieldRef), *resource = file.find(key::resourceFieldRef);
  if (field) {
    checkFieldRef(c, *field,
                  {"metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"});
    if (resource) c.invalidText("resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
  } else if (resource) {
    checkResourceFieldRef(c, *resource, true);
  } else {
    c.required("one of fieldRef and resourceFieldRef is required");
  }
  mode(c, file, key::mode);
}

/// Adds a path of a projection that must be there once only.
void uniquePath(Check& c, std::vector<std::string_view>& paths, std::string_view path, std::string_view shown) {
  if (path.empty()) return;
  if (std::find(paths.begin(), paths.end(), path) == paths.end()) return paths.push_back(path);
  c.invalidText(shown, "conflicting duplicate paths");
}

void tokenLifetime(Check& c, const Value& token) {
  const Value* seconds = token.find(key::expirationSeconds);
  if (!seconds) return c.required(key::expirationSeconds, "");
  if (seconds->asInt() < 600)
    c.invalid(key::expirationSeconds, *seconds, "may not specify a duration less than 10 minutes");
  if (seconds->asInt() > int64_t(1) << 32)
    c.invalid(key::expirationSeconds, *seconds, "may not specify a duration larger than 2^32 seconds");
}

void projected(Check& c, const Value& source) {
  mode(c, source, key::defaultMode);
  const Value& all = source[key::sources];
  std::vector<std::string_view> paths;
  for (size_t i = 0; i < all.size(); ++i) {
    auto keys = [&](Key k) {
      const Value* v = all[i].find(k);
      if (!v) return 0;
      const std::string_view name = textOf(*v, key::name);
      {
        auto s = c.at(key::sources);
        auto item = c.at(i);
        auto p = c.at(k);
        requiredText(c, *v, key::name);
        keyToPath(c, (*v)[key::items]);
      }
      for (const Value& item : (*v)[key::items].values()) uniquePath(c, paths, textOf(item, key::path), name);
      return 1;
    };
    int sources = keys(key::secret) + keys(key::configMap);
    if (const Value* downward = all[i].find(key::downwardAPI)) {
      ++sources;
      for (const Value& file : (*downward)[key::items].values()) {
        {
          auto s = c.at(key::sources);
          auto item = c.at(i);
          auto p = c.at(key::downwardAPI);
          downwardFile(c, file);
        }
        uniquePath(c, paths, textOf(file, key::path), textOf(file, key::path));
      }
    }
    if (const Value* token = all[i].find(key::serviceAccountToken)) {
      ++sources;
      {
        auto s = c.at(key::sources);
        auto item = c.at(i);
        auto p = c.at(key::serviceAccountToken);
        tokenLifetime(c, *token);
      }
      requiredText(c, *token, key::path);  // upstream has it at the volume's own path
      auto p = c.at(key::path);
      nonReservedPath(c, textOf(*token, key::path));
    }
    if (sources < 2) continue;
    auto s = c.at(key::sources);
    auto item = c.at(i);
    c.forbidden("may not specify more than 1 volume type per source");
  }
}

void iscsi(Check& c, const Value& v) {
  requiredText(c, v, key::targetPortal);
  auto good = [&](Key k, std::string_view name) {
    const std::string_view start = name.substr(0, 3);
    if (start != "iqn" && start != "eui" && start != "naa")
      c.invalid(k, name, "must be valid format starting with iqn, eui, or naa");
  };
  if (textOf(v, key::iqn).empty())
    c.required(key::iqn, "");
  else
    good(key::iqn, textOf(v, key::iqn));
  const int64_t lun = v[key::lun].asInt();
  if (lun < 0 || lun > 255) c.invalid(key::lun, lun, inclusiveRangeError(0, 255));
  if ((v[key::chapAuthDiscovery].asBool() || v[key::chapAuthSession].asBool()) && !v.find(key::secretRef))
    c.required(key::secretRef, "");
  const Value* initiator = v.find(key::initiatorName);
  static const Key initiatorname("initiatorname");
  if (initiator) good(initiatorname, initiator->asString());
}

void source(Check& c, Key k, const Value& v) {
  if (k == Key(key::hostPath)) return checkHostPath(c, v);
  if (k == Key(key::persistentVolumeClaim)) return requiredText(c, v, key::claimName);
  if (k == Key(key::projected)) return projected(c, v);
  if (k == Key(key::secret) || k == Key(key::configMap)) {
    requiredText(c, v, k == Key(key::secret) ? key::secretName : key::name);
    mode(c, v, key::defaultMode);
    return keyToPath(c, v[key::items]);
  }
  if (k == Key(key::downwardAPI)) {
    mode(c, v, key::defaultMode);
    for (const Value& file : v[key::items].values()) downwardFile(c, file);
    return;
  }
  if (k == Key(key::iscsi)) return iscsi(c, v);
  if (k == Key(key::gitRepo)) {
    requiredText(c, v, key::repository);
    auto d = c.at(key::directory);
    return checkPathDescending(c, textOf(v, key::directory));
  }
  if (k == Key(key::image)) {
    requiredText(c, v, key::reference);
    return c.oneOf(v, key::pullPolicy, {"Always", "IfNotPresent", "Never"});
  }
  if (k == Key(key::csi)) return requiredText(c, v, key::driver);
  if (k == Key(key::nfs)) {
    requiredText(c, v, key::server);
    requiredText(c, v, key::path);
    if (textOf(v, key::path).substr(0, 1) != "/")
      c.invalid(key::path, textOf(v, key::path), "must be an absolute path");
    return;
  }
  if (k != Key(key::ephemeral)) return;
  const Value* claim = v.find(key::volumeClaimTemplate);
  if (!claim) return c.required(key::volumeClaimTemplate, "");
  auto t = c.at(key::volumeClaimTemplate);
  auto s = c.at(key::spec);
  checkClaimSpec(c, (*claim)[key::spec]);
}

// In the order in which upstream looks at them: the second one found is what is forbidden.
void volumeSource(Check& c, const Value& volume) {
  int sources = 0;
  if (const Value* empty = volume.find(key::emptyDir)) {
    ++sources;
    auto s = c.at(key::emptyDir);
    if (Quantity(textOf(*empty, key::sizeLimit)).sign() < 0)
      c.forbidden(key::sizeLimit, "SizeLimit field must be a valid resource quantity");
  }
  for (Key k : {Key(key::hostPath),
                Key(key::gitRepo),
                Key(key::gcePersistentDisk),
                Key(key::awsElasticBlockStore),
                Key(key::secret),
                Key(key::nfs),
                Key(key::iscsi),
                Key(key::glusterfs),
                Key(key::flocker),
                Key(key::persistentVolumeClaim),
                Key(key::rbd),
                Key(key::cinder),
                Key(key::cephfs),
                Key(key::quobyte),
                Key(key::downwardAPI),
                Key(key::fc),
                Key(key::flexVolume),
                Key(key::configMap),
                Key(key::azureFile),
                Key(key::vsphereVolume),
                Key(key::photonPersistentDisk),
                Key(key::portworxVolume),
                Key(key::azureDisk),
                Key(key::storageos),
                Key(key::projected),
                Key(key::scaleIO),
                Key(key::csi),
                Key(key::ephemeral),
                Key(key::image)}) {
    const Value* v = volume.find(k);
    if (!v) continue;
    auto s = c.at(k);
    if (sources++)
      c.forbidden("may not specify more than 1 volume type");
    else
      source(c, k, *v);
  }
  if (!sources) c.required("must specify a volume type");
}

bool standardResource(std::string_view name) {
  static const Supported names = {"cpu",
                                  "memory",
                                  "ephemeral-storage",
                                  "storage",
                                  "pods",
                                  "services",
                                  "secrets",
                                  "configmaps",
                                  "persistentvolumeclaims",
                                  "requests.cpu",
                                  "requests.memory",
                                  "requests.ephemeral-storage",
                                  "requests.storage",
                                  "limits.cpu",
                                  "limits.memory",
                                  "limits.ephemeral-storage"};
  return std::find(names.begin(), names.end(), name) != names.end() || name.substr(0, 10) == "hugepages-";
}

/// Names that neither are Kubernetes' own nor break the rules of a quota's names.
bool extendedResource(std::string_view name) {
  return name.find('/') != name.npos && name.find("kubernetes.io/") == name.npos && name.substr(0, 9) != "requests." &&
         goodLabelKey("requests." + std::string(name));
}

/// False: it is no name of a resource at all.
bool resourceType(Check& c, std::string_view name) {
  if (!goodLabelKey(name)) {
    c.complain(name, isQualifiedName(name));
    return false;
  }
  if (name.find('/') != name.npos || standardResource(name)) return true;
  c.invalidText(name, "must be a standard resource type or fully qualified");
  return false;
}

void resourceName(Check& c, std::string_view name) {
  const bool plain = name.find('/') == name.npos;
  resourceType(c, name);
  const bool container =
      name == "cpu" || name == "memory" || name == "ephemeral-storage" || name.substr(0, 10) == "hugepages-";
  if (plain && !container)
    c.invalidText(name, "must be a standard resource for containers");
  else if (!plain && name.find("kubernetes.io/") == name.npos && !extendedResource(name))
    c.invalidText(name, "doesn't follow extended resource name standard");
}

/// Those that a whole pod can have.
void podResourceName(Check& c, std::string_view name) {
  if (!resourceType(c, name) || name == "cpu" || name == "memory" || name.substr(0, 10) == "hugepages-") return;
  c.notSupported(show(name), {"cpu", "hugepages-", "memory"});
}

void amount(Check& c, std::string_view name, const Quantity& q, const Value& text) {
  if (q.sign() < 0) c.invalid(text, "must be greater than or equal to 0");
  static const Supported whole = {"pods", "services", "secrets", "configmaps", "persistentvolumeclaims"};
  if ((extendedResource(name) || std::find(whole.begin(), whole.end(), name) != whole.end()) && q.nanos % 1000000000)
    c.invalid(text, "must be an integer");
}

void wholePages(Check& c, std::string_view name, const Quantity& q, const Value& text) {
  if (name.substr(0, 10) != "hugepages-") return;
  const Quantity page(name.substr(10));
  if (page.sign() > 0 && q.sign() > 0 && q.nanos % page.nanos == 0) return;
  c.invalid(text, std::string(text.asString()) + " is not positive integer multiple of " + std::string(name));
}

/// What may not be promised twice: requests and limits must be equal.
bool overcommitAllowed(std::string_view name) {
  return (name.find('/') == name.npos || name.find("kubernetes.io/") != name.npos) &&
         name.substr(0, 10) != "hugepages-";
}

void claimsOf(Check& c, const Value& claims, const Value& podSpec) {
  auto s = c.at(key::claims);
  std::vector<std::string_view> podClaims;
  for (const Value& claim : podSpec[key::resourceClaims].values()) podClaims.push_back(textOf(claim, key::name));
  std::sort(podClaims.begin(), podClaims.end());
  for (size_t i = 0; i < claims.size(); ++i) {
    auto item = c.at(i);
    const std::string_view name = textOf(claims[i], key::name), request = textOf(claims[i], key::request);
    if (name.empty()) {
      c.required();
      continue;
    }
    bool taken = false;
    for (size_t j = 0; j < i && !taken; ++j) {
      const std::string_view other = textOf(claims[j], key::request);
      taken = textOf(claims[j], key::name) == name && (other.empty() || request.empty() || other == request);
    }
    if (!request.empty()) {
      auto r = c.at(key::request);
      c.dnsLabel(request);
    }
    if (taken) c.duplicate(request.empty() ? std::string(name) : std::string(name) + "/" + std::string(request));
    if (std::find(podClaims.begin(), podClaims.end(), name) != podClaims.end()) continue;
    std::string detail = "must be one of the names in pod.spec.resourceClaims";
    if (podClaims.empty()) detail += " which is empty";
    for (size_t j = 0; j < podClaims.size(); ++j) (detail += j ? ", " : ": ") += podClaims[j];
    c.add(ErrorType::NotFound, show(name), detail);
  }
}

template <class Name>
void requirementsOf(Check& c, const Value& requirements, Name checkName) {
  const Value &limits = requirements[key::limits], &requests = requirements[key::requests];
  bool huge = false, computing = false;
  auto one = [&](Key k, const Value& text) {
    const std::string_view name = k.text();
    checkName(c, name);
    amount(c, name, Quantity(text.asString()), text);
    huge |= name.substr(0, 10) == "hugepages-";
    computing |= name == "cpu" || name == "memory";
  };
  for (size_t i = 0; i < limits.size(); ++i) {
    auto s = c.at(key::limits);
    auto item = c.keyed(limits.keyAt(i).text());
    one(limits.keyAt(i), limits.values()[i]);
    wholePages(c, limits.keyAt(i).text(), Quantity(limits.values()[i].asString()), limits.values()[i]);
  }
  for (size_t i = 0; i < requests.size(); ++i) {
    const std::string_view name = requests.keyAt(i).text();
    const Value& text = requests.values()[i];
    const Quantity q(text.asString());
    {
      auto s = c.at(key::requests);
      auto item = c.keyed(name);
      one(requests.keyAt(i), text);
    }
    if (const Value* limit = limits.find(requests.keyAt(i))) {
      const Quantity most(limit->asString());
      const std::string rest = std::string(name) + " limit of " + std::string(limit->asString());
      if (q != most && !overcommitAllowed(name))
        c.invalid(key::requests, text, "must be equal to " + rest);
      else if (q > most)
        c.invalid(key::requests, text, "must be less than or equal to " + rest);
    } else if (!overcommitAllowed(name)) {
      c.required(key::limits, "Limit must be set for non overcommitable resources");
    }
    auto s = c.at(key::requests);
    auto item = c.keyed(name);
    wholePages(c, name, q, text);
  }
  if (huge && !computing) c.forbidden("HugePages require cpu or memory");
}
}  // namespace

void checkPathNoBacksteps(Check& c, std::string_view path) {
  for (size_t from = 0; from <= path.size();) {
    const size_t end = std::min(path.find('/', from), path.size());
    if (path.substr(from, end - from) == "..") return c.invalidText(path, "must not contain '..'");
    from = end + 1;
  }
}
void checkPathDescending(Check& c, std::string_view path) {
  if (path.substr(0, 1) == "/") c.invalidText(path, "must be a relative path");
  checkPathNoBacksteps(c, path);
}

Value checkVolumes(Check& c, const Value& volumes, const Value&) {
  std::vector<Value> valid;
  for (size_t i = 0; i < volumes.size(); ++i) {
    auto item = c.at(i);
    const std::string_view name = textOf(volumes[i], key::name);
    const size_t before = c.errors.size();
    volumeSource(c, volumes[i]);
    if (name.empty()) {
      c.required(key::name, "");
      continue;
    }
    auto n = c.at(key::name);
    c.dnsLabel(name);
    if (std::any_of(valid.begin(), valid.end(), [&](const Value& v) { return textOf(v, key::name) == name; }))
      c.duplicate(name);
    if (c.errors.size() == before) valid.push_back(volumes[i]);
  }
  return Value::array(std::move(valid));
}

void checkResourceRequirements(Check& c, const Value& requirements, const Value& podSpec) {
  requirementsOf(c, requirements, resourceName);
  claimsOf(c, requirements[key::claims], podSpec);
}

void checkPodResources(Check& c, const Value& podSpec) {
  const Value* resources = podSpec.find(key::resources);
  if (!resources) return;
  if (textOf(podSpec[key::os], key::name) == "windows")
    return c.forbidden(key::resources, "may not be set for a windows pod");
  auto s = c.at(key::resources);
  if (resources->find(key::claims)) c.forbidden(key::claims, "claims may not be set for Resources at pod-level");
  requirementsOf(c, *resources, podResourceName);
  claimsOf(c, (*resources)[key::claims], podSpec);
  const Value &requests = (*resources)[key::requests], &limits = (*resources)[key::limits];
  for (size_t i = 0; i < requests.size(); ++i) {
    Quantity sum;
    for (const Value& container : podSpec[key::containers].values()) {
      const Value& part = container.get({key::resources, key::requests});
      if (const Value* amountOf = part.find(requests.keyAt(i))) sum += Quantity(amountOf->asString());
    }
    if (!(sum > Quantity(requests.values()[i].asString()))) continue;
    auto r = c.at(key::requests);
    auto item = c.keyed(requests.keyAt(i).text());
    c.invalid(requests.values()[i],
              "must be greater than or equal to aggregate container requests of " + toString(sum));
  }
  const Value& containers = podSpec[key::containers];
  for (size_t i = 0; i < containers.size(); ++i) {
    const Value& own = containers[i].get({key::resources, key::limits});
    for (size_t j = 0; j < own.size(); ++j) {
      const Value* limit = limits.find(own.keyAt(j));
      if (!limit || !(Quantity(own.values()[j].asString()) > Quantity(limit->asString()))) continue;
      auto all = c.at(key::containers);
      auto item = c.at(i);
      auto name = c.keyed(own.keyAt(j).text());
      c.invalid(key::limits, own.values()[j],
                "must be less than or equal to pod limits of " + std::string(limit->asString()));
    }
  }
}

}  // namespace apiserver
