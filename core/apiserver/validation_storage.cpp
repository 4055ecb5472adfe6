// Claims, volumes and storage classes. Models pkg/apis/core/validation ValidatePersistentVolume… and
// pkg/apis/storage/validation.
#include <algorithm>

#include "core/apiserver/internal_types.hpp"
#include "core/apiserver/validation_check.hpp"

namespace apiserver {
namespace {

using namespace api;

const Supported accessModes = {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"};

void checkAccessModes(Check& c, const Value& modes) {
  auto s = c.at(key::accessModes);
  bool pod = false, other = false;
  for (const Value& m : modes.values()) {
    const bool known = std::find(accessModes.begin(), accessModes.end(), m.asString()) != accessModes.end();
    if (!known) c.notSupported(show(m), accessModes);
    pod |= m.asString() == "ReadWriteOncePod";
    other |= known && m.asString() != "ReadWriteOncePod";
  }
  if (pod && other) c.forbidden("may not use ReadWriteOncePod with other access modes");
}

void positive(Check& c, const Value& quantity) {
  if (Quantity(quantity.asString()).sign() <= 0) c.invalid(quantity, "must be greater than zero");
}

void className(Check& c, const Value& spec) {
  const std::string_view name = textOf(spec, key::storageClassName);
  if (name.empty()) return;
  auto s = c.at(key::storageClassName);
  c.dnsSubdomain(name);
}

/// Members of a volume's spec that say where its data are.
constexpr std::string_view sources[] = {"gcePersistentDisk",
                                        "awsElasticBlockStore",
                                        "hostPath",
                                        "glusterfs",
                                        "nfs",
                                        "rbd",
                                        "quobyte",
                                        "cephfs",
                                        "iscsi",
                                        "cinder",
                                        "fc",
                                        "flexVolume",
                                        "flocker",
                                        "azureFile",
                                        "vsphereVolume",
                                        "photonPersistentDisk",
                                        "portworxVolume",
                                        "azureDisk",
                                        "scaleIO",
                                        "local",
                                        "storageos",
                                        "csi"};

void csi(Check& c, const Value& v) {
  std::string driver(textOf(v, key::driver));
  for (char& ch : driver) ch = ch >= 'A' && ch <= 'Z' ? char(ch | 32) : ch;
  if (driver.empty()) {
    c.required(key::driver, "");
  } else {
    auto d = c.at(key::driver);
    c.complain(textOf(v, key::driver), isDNS1123Subdomain(driver));
  }
  if (textOf(v, key::volumeHandle).empty()) c.required(key::volumeHandle, "");
  for (Key k : {Key("controllerPublishSecretRef"), Key("controllerExpandSecretRef"), Key("nodePublishSecretRef"),
                Key("nodeExpandSecretRef")}) {
    const Value* secret = v.find(k);
    if (!secret) continue;
    auto s = c.at(k);
    for (Key part : {Key(key::name), Key(key::namespace_)}) {
      if (textOf(*secret, part).empty()) c.required(part, "");
    }
  }
}

void iscsi(Check& c, const Value& v) {
  if (textOf(v, key::targetPortal).empty()) c.required(key::targetPortal, "");
  const std::string_view iqn = textOf(v, key::iqn), start = iqn.substr(0, 3);
  if (iqn.empty())
    c.required(key::iqn, "");
  else if (start != "iqn" && start != "eui" && start != "naa")
    c.invalid(key::iqn, iqn, "must be valid format");
  const int64_t lun = v[key::lun].asInt();
  if (lun < 0 || lun > 255) c.invalid(key::lun, lun, inclusiveRangeError(0, 255));
  if ((v[key::chapAuthDiscovery].asBool() || v[key::chapAuthSession].asBool()) && !v.find(key::secretRef))
    c.required(key::secretRef, "");
}

void fibreChannel(Check& c, const Value& v) {
  const Key names("targetWWNs");
  const size_t targets = v[names].size(), ids = v[Key("wwids")].size();
  if (!targets && !ids) c.required(names, "must specify either targetWWNs or wwids, but not both");
  if (targets && ids) c.invalid(names, v[names], "targetWWNs and wwids can not be specified simultaneously");
  const Value* lun = v.find(key::lun);
  if (targets && !lun) c.required(key::lun, "lun is required if targetWWNs is specified");
  if (targets && lun && (lun->asInt() < 0 || lun->asInt() > 255))
    c.invalid(key::lun, *lun, inclusiveRangeError(0, 255));
}

void volumeSource(Check& c, const Value& spec) {
  int count = 0;
  for (std::string_view name : sources) {
    const Value* v = spec.find(name);
    if (!v) continue;
    auto s = c.at(name == "cephfs" && count ? "cephFS" : name);
    if (count++) {
      c.forbidden("may not specify more than 1 volume type");
      continue;
    }
    if (name == "hostPath") {
      checkHostPath(c, *v);
    } else if (name == "local") {
      const std::string_view path = textOf(*v, key::path);
      if (path.empty()) {
        c.required(key::path, "");
      } else {
        auto p = c.at(key::path);
        checkPathNoBacksteps(c, path);
      }
    } else if (name == "nfs") {
      if (textOf(*v, key::server).empty()) c.required(key::server, "");
      if (textOf(*v, key::path).empty()) c.required(key::path, "");
      if (textOf(*v, key::path).substr(0, 1) != "/")
        c.invalid(key::path, textOf(*v, key::path), "must be an absolute path");
    } else if (name == "csi") {
      csi(c, *v);
    } else if (name == "iscsi") {
      iscsi(c, *v);
    } else if (name == "fc") {
      fibreChannel(c, *v);
    } else if (name == "rbd" || name == "cephfs") {
      if (!(*v)[Key("monitors")].size()) c.required(Key("monitors"), "");
      if (name == "rbd" && textOf(*v, key::image).empty()) c.required(key::image, "");
    } else if (name == "azureFile") {
      for (Key k : {Key(key::secretName), Key("shareName")}) {
        if (textOf(*v, k).empty()) c.required(k, "");
      }
    } else if (name == "flexVolume") {
      if (textOf(*v, key::driver).empty()) c.required(key::driver, "");
    }
  }
  if (spec.find(key::local) && !spec.find(key::nodeAffinity) && count == 1)
    c.required(key::nodeAffinity, "Local volume requires node affinity");
  if (!count) c.required("must specify a volume type");
}

/// The part of a volume's spec that is its source.
Value sourceOf(const Value& volume) {
  Value out = Value::object({});
  for (std::string_view name : sources) {
    if (const Value* v = volume[key::spec].find(name)) out.set(Key(name), *v);
  }
  return out;
}
}  // namespace

/// What a claim is to be filled from. Models pkg/apis/core/validation validateDataSource.
static void dataSource(Check& c, const Value& spec, Key k) {
  const Value* source = spec.find(k);
  if (!source) return;
  auto s = c.at(k);
  if (textOf(*source, key::name).empty()) c.required(key::name, "");
  const std::string_view kind = textOf(*source, key::kind), group = textOf(*source, key::apiGroup);
  if (kind.empty()) c.required(key::kind, "");
  if (group.empty() && kind != "PersistentVolumeClaim")
    c.invalidText(kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  auto g = c.at(key::apiGroup);
  if (!group.empty()) c.dnsSubdomain(group);
}

void checkClaimSpec(Check& c, const Value& spec) {
  if (!spec[key::accessModes].size()) c.required(key::accessModes, "at least 1 access mode is required");
  {
    auto s = c.at(key::selector);
    c.labelSelector(spec[key::selector]);
  }
  checkAccessModes(c, spec[key::accessModes]);
  {
    auto r = c.at(key::resources);
    auto s = c.keyed("storage");
    const Value& storage = spec.get({key::resources, key::requests, key::storage});
    if (storage.isNull())
      c.required();
    else
      positive(c, storage);
  }
  className(c, spec);
  c.oneOf(spec, key::volumeMode, {"Block", "Filesystem"}, false);
  dataSource(c, spec, key::dataSource);
  dataSource(c, spec, key::dataSourceRef);
  const Value *source = spec.find(key::dataSource), *ref = spec.find(key::dataSourceRef);
  if (source && ref) {
    const bool far = !textOf(*ref, key::namespace_).empty();
    bool same = true;
    for (Key k : {Key(key::apiGroup), Key(key::kind), Key(key::name)}) same &= textOf(*source, k) == textOf(*ref, k);
    if (far || !same)
      c.invalidShown(
          "{}",  // upstream hands over the field's path for its value
          far ? "may not be specified when dataSourceRef.namespace is specified" : "must match dataSourceRef");
  }
  const std::string_view attributes = textOf(spec, key::volumeAttributesClassName);
  auto a = c.at(key::volumeAttributesClassName);
  if (!attributes.empty()) c.dnsSubdomain(attributes);
}

void checkClaim(Check& c, const Value& claim) {
  checkMetadata(c, claim, true, NameRule::subdomain);
  auto s = c.at(key::spec);
  checkClaimSpec(c, claim[key::spec]);
}

void checkClaimUpdate(Check& c, const Value& claim, const Value& old, std::string_view subresource) {
  checkMetadataUpdate(c, claim, old);
  if (subresource == "status") {
    auto s = c.at(key::status);
    auto k = c.at(key::capacity);
    const Value& capacity = claim.get({key::status, key::capacity});
    for (size_t i = 0; i < capacity.size(); ++i) {
      auto item = c.keyed(capacity.keyAt(i).text());
      if (const int64_t n = Quantity(capacity.values()[i].asString()).value(); n < 0)
        c.invalid(n, "must be a valid resource quantity");
    }
    return;
  }
  checkClaim(c, claim);
  const std::initializer_list<Step> storage = {key::resources, key::requests, key::storage};
  Value now = claim[key::spec], before = old[key::spec];
  if (textOf(before, key::volumeName).empty() && now.find(key::volumeName))
    before.set(key::volumeName, now[key::volumeName]);
  if (!before.find(key::storageClassName)) now.erase(key::storageClassName);
  const bool bound = textOf(claim[key::status], key::phase) == "Bound";
  if (bound && !now.get({key::resources, key::requests}).isNull()) now.set(storage, before.get(storage));
  if (bound) {
    if (before.find(key::volumeAttributesClassName))
      now.set(key::volumeAttributesClassName, before[key::volumeAttributesClassName]);
    else
      now.erase(key::volumeAttributesClassName);
  }
  if (!(now == before))
    c.forbidden(
        key::spec,
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n" +
            internalDiff("PersistentVolumeClaimSpec", before, now));
  const Quantity size(claim[key::spec].get(storage).asString()), had(old[key::spec].get(storage).asString());
  const Quantity capacity(old.get({key::status, key::capacity, key::storage}).asString());
  if (size < had && size <= capacity) {
    auto r = c.at("spec.resources.requests.storage");
    c.forbidden("field can not be less than status.capacity");
  }
  auto m = c.at(key::volumeMode);  // upstream leaves the spec out of this path
  c.immutable(claim.get({key::spec, key::volumeMode}), old.get({key::spec, key::volumeMode}));
}

void checkVolume(Check& c, const Value& volume) {
  checkMetadata(c, volume, false, NameRule::subdomain);
  const Value& spec = volume[key::spec];
  auto s = c.at(key::spec);
  if (!spec[key::accessModes].size()) c.required(key::accessModes, "");
  checkAccessModes(c, spec[key::accessModes]);
  const Value& capacity = spec[key::capacity];
  {
    auto k = c.at(key::capacity);
    if (!capacity.size()) c.required();
    if (!capacity.find(key::storage) || capacity.size() > 1)
      c.notSupported(capacity.isNull() ? "{}" : show(capacity), {"storage"});
    for (size_t i = 0; i < capacity.size(); ++i) {
      auto item = c.keyed(capacity.keyAt(i).text());
      if (const int64_t n = Quantity(capacity.values()[i].asString()).value(); n < 0)
        c.invalid(n, "must be a valid resource quantity");
      positive(c, capacity.values()[i]);
    }
  }
  c.oneOf(spec, key::persistentVolumeReclaimPolicy, {"Delete", "Recycle", "Retain"}, false);
  if (const Value* affinity = spec.find(key::nodeAffinity)) {
    auto a = c.at(key::nodeAffinity);
    auto r = c.at(key::required);
    if (const Value* required = affinity->find(key::required))
      checkNodeSelector(c, *required);
    else
      c.required("must specify required node constraints");
  }
  volumeSource(c, spec);
  if (textOf(spec[key::hostPath], key::path) == "/" && textOf(spec, key::persistentVolumeReclaimPolicy) == "Recycle")
    c.forbidden(key::persistentVolumeReclaimPolicy, "may not be 'recycle' for a hostPath mount of '/'");
  className(c, spec);
  c.oneOf(spec, key::volumeMode, {"Block", "Filesystem"}, false);
  if (spec.find(key::volumeAttributesClassName) && !spec.find(key::csi))
    c.required(key::csi, "has to be specified when using volumeAttributesClassName");
}

void checkVolumeUpdate(Check& c, const Value& volume, const Value& old, std::string_view subresource) {
  if (subresource == "status") return checkMetadataUpdate(c, volume, old);
  checkVolume(c, volume);
  const Value now = sourceOf(volume), before = sourceOf(old);
  if (!(now == before)) {
    auto s = c.at("spec.persistentvolumesource");
    c.forbidden("spec.persistentvolumesource is immutable after creation\n" +
                internalDiff("PersistentVolumeSource", before, now));
  }
  {
    auto m = c.at(key::volumeMode);
    c.immutable(volume.get({key::spec, key::volumeMode}), old.get({key::spec, key::volumeMode}));
  }
  const Value *affinity = volume[key::spec].find(key::nodeAffinity), *had = old[key::spec].find(key::nodeAffinity);
  if (!had || (affinity && *affinity == *had)) return;
  auto a = c.at(key::nodeAffinity);
  c.invalidShown(affinity ? "{\"Required\":" + internalJson("NodeSelector", (*affinity)[key::required]) + "}" : "null",
                 "field is immutable, except for updating from beta label to GA");
}

/// Models pkg/apis/storage/validation validateAllowedTopologies.
static void allowedTopologies(Check& c, const Value& all) {
  auto t = c.at(key::allowedTopologies);
  for (size_t i = 0; i < all.size(); ++i) {
    auto term = c.at(i);
    const Value& expressions = all[i][key::matchLabelExpressions];
    auto m = c.at(key::matchLabelExpressions);
    for (size_t j = 0; j < expressions.size(); ++j) {
      auto item = c.at(j);
      const Value& values = expressions[j][key::values];
      {
        auto v = c.at(key::values);
        if (!values.size()) c.required();
        for (size_t k = 0; k < values.size(); ++k) {
          const auto first = values.values().begin();
          auto one = c.at(k);
          if (std::find(first, first + long(k), values[k]) != first + long(k)) c.duplicate(values[k].asString());
        }
      }
      auto k = c.at(key::key);
      const std::string_view name = textOf(expressions[j], key::key);
      c.qualifiedName(name);
      for (size_t other = 0; other < j; ++other) {
        if (textOf(expressions[other], key::key) != name) continue;
        c.duplicate(name);
        break;
      }
    }
    // Upstream has made empty terms for as many as there are, before it looks: an empty one is always there already.
    bool had = !expressions.size();
    for (size_t other = 0; other < i; ++other) had |= all[other] == all[i];
    if (had) c.duplicate("");
  }
}

void checkStorageClass(Check& c, const Value& object) {
  checkMetadata(c, object, false, NameRule::subdomain);
  {
    auto s = c.at(key::provisioner);
    std::string name(textOf(object, key::provisioner));
    for (char& ch : name) ch = ch >= 'A' && ch <= 'Z' ? char(ch | 32) : ch;
    if (!name.empty() && !goodLabelKey(name)) c.complain(name, isQualifiedName(name));
  }
  {
    const Value& parameters = object[key::parameters];
    auto s = c.at(key::parameters);
    size_t total = 0;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const std::string_view k = parameters.keyAt(i).text();
      if (k.empty()) c.invalidText(k, "field can not be empty.");
      total += k.size() + parameters.values()[i].asString().size();
    }
    if (total > 256 * 1024) c.add(ErrorType::TooLong, "", "may not be more than 262144 bytes");
  }
  c.oneOf(object, key::reclaimPolicy, {"Delete", "Retain"}, false);
  if (!object.find(key::volumeBindingMode)) {
    c.required(key::volumeBindingMode, "");
  } else if (const std::string_view mode = textOf(object, key::volumeBindingMode);
             mode != "Immediate" && mode != "WaitForFirstConsumer") {
    auto m = c.at(key::volumeBindingMode);
    c.notSupported(show(mode), {"Immediate", "WaitForFirstConsumer"});
  }
  allowedTopologies(c, object[key::allowedTopologies]);
  // Declarative validation says this one, after all the others.
  if (textOf(object, key::provisioner).empty()) c.required(key::provisioner, "");
}

void checkStorageClassUpdate(Check& c, const Value& object, const Value& old) {
  checkMetadataUpdate(c, object, old);
  for (Key k : {Key(key::provisioner), Key(key::parameters), Key(key::reclaimPolicy), Key(key::volumeBindingMode)}) {
    auto s = c.at(k);
    // Declarative validation says this one, without the value.
    c.immutable(object[k], old[k], "null");
  }
}

}  // namespace apiserver
