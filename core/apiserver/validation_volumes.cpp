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

void projected(Check& c, const Value& source) {
  mode(c, source, key::defaultMode);
  const Value& all = source[key::sources];
  auto s = c.at(key::sources);
  for (size_t i = 0; i < all.size(); ++i) {
    auto item = c.at(i);
    int sources = 0;
    for (Key k : {Key(key::secret), Key(key::configMap), Key(key::downwardAPI), Key(key::serviceAccountToken)}) {
      const Value* v = all[i].find(k);
      if (!v) continue;
      auto p = c.at(k);
      if (sources++) {
        c.forbidden("may not specify more than 1 volume type");
      } else if (k == Key(key::secret) || k == Key(key::configMap)) {
        requiredText(c, *v, key::name);
        keyToPath(c, (*v)[key::items]);
      } else if (k == Key(key::serviceAccountToken)) {
        requiredText(c, *v, key::path);
      }
    }
  }
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
  if (k == Key(key::downwardAPI)) return mode(c, v, key::defaultMode);
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

void resourceName(Check& c, std::string_view name) {
  const bool plain = name.find('/') == name.npos;
  if (!goodLabelKey(name))
    c.complain(name, isQualifiedName(name));
  else if (plain && !standardResource(name))
    c.invalidText(name, "must be a standard resource type or fully qualified");
  const bool container =
      name == "cpu" || name == "memory" || name == "ephemeral-storage" || name.substr(0, 10) == "hugepages-";
  if (plain && !container) c.invalidText(name, "must be a standard resource for containers");
}

void amount(Check& c, std::string_view name, const Quantity& q, const Value& text) {
  if (q.sign() < 0) c.invalid(text, "must be greater than or equal to 0");
  if (name.find('/') != name.npos && q.nanos % 1000000000) c.invalid(text, "must be an integer");
}

/// What may not be promised twice: requests and limits must be equal.
bool overcommitAllowed(std::string_view name) {
  return name.find('/') == name.npos && name.substr(0, 10) != "hugepages-";
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

void checkResourceRequirements(Check& c, const Value& requirements) {
  const Value &limits = requirements[key::limits], &requests = requirements[key::requests];
  {
    auto s = c.at(key::limits);
    for (size_t i = 0; i < limits.size(); ++i) {
      const std::string_view name = limits.keyAt(i).text();
      auto item = c.keyed(name);
      resourceName(c, name);
      amount(c, name, Quantity(limits.values()[i].asString()), limits.values()[i]);
    }
  }
  auto s = c.at(key::requests);
  for (size_t i = 0; i < requests.size(); ++i) {
    const std::string_view name = requests.keyAt(i).text();
    const Value& text = requests.values()[i];
    const Quantity q(text.asString());
    {
      auto item = c.keyed(name);
      resourceName(c, name);
      amount(c, name, q, text);
    }
    const Value* limit = limits.find(requests.keyAt(i));
    if (!limit) continue;
    const Quantity most(limit->asString());
    const std::string rest = std::string(name) + " limit of " + std::string(limit->asString());
    if (q != most && !overcommitAllowed(name))
      c.invalid(text, "must be equal to " + rest);
    else if (q > most)
      c.invalid(text, "must be less than or equal to " + rest);
  }
}

}  // namespace apiserver
