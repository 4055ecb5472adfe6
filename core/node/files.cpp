#include "core/node/files.hpp"

#include <algorithm>

#include "core/api/base64.hpp"
#include "core/api/quantity.hpp"
#include "core/network/dns.hpp"
#include "core/node/environment.hpp"
#include "core/node/images.hpp"

namespace node {
namespace {
using api::Key;
using api::Value;
using shell::Errno;
using shell::FileInfo;
namespace key = api::key;

constexpr int64_t longestFile = 1 << 20;  ///< bytes of text; beyond that a disk counts as full

bool isBelow(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.substr(0, folder.size()) == folder && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string_view parentOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == path.npos ? "/" : path.substr(0, slash);
}

bool isFile(const Value* entry) { return entry && entry->kind() != api::Kind::Bool; }
int64_t sizeOf(const Value& entry) {
  if (entry.kind() == api::Kind::Object) return entry[Key("size")].asInt();
  return int64_t(entry.asString().size());
}

/// Whether a fact's files lie below a folder; whiteouts do not count.
bool hasBelow(const Value* files, std::string_view folder) {
  for (size_t i = 0; files && i < files->size(); ++i) {
    const std::string_view path = files->keyAt(i).text();
    const Value& v = files->values()[i];
    if (v.kind() == api::Kind::Bool && !v.asBool()) continue;
    if (path.size() > folder.size() && isBelow(path, folder)) return true;
  }
  return false;
}

/// The kubelet's files. Models kubelet_pods.go ensureHostsFile and network/dns getPodDNS.
void addMachineFiles(Value& files, const api::Pod& pod, const decision::View&) {
  std::string host(pod.spec().hostname());
  const std::string_view name = pod.metadata().name(), ns = pod.metadata().namespace_(), ip = pod.status().podIP();
  if (host.empty()) host = name.substr(0, 63);
  const std::string full = network::podName(pod);
  std::string hosts =
      "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
      "fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";
  hosts += std::string(ip) + "\t" + (full.empty() ? "" : full + "\t") + host + "\n";
  for (const Value& alias : pod.doc.get({key::spec, key::hostAliases}).values()) {
    hosts += std::string(alias[key::ip].asString());
    for (const Value& h : alias[key::hostnames].values()) hosts += "\t" + std::string(h.asString());
    hosts += "\n";
  }
  const std::string domain(network::clusterDomain), search = std::string(ns) + ".svc." + domain + " svc." + domain;
  files.set(Key("/etc/hosts"), hosts);
  files.set(Key("/etc/hostname"), host + "\n");
  files.set(Key("/etc/resolv.conf"), "search " + search + " " + domain + "\nnameserver " +
                                         std::string(network::dnsAddress) + "\noptions ndots:5\n");
}

const Value* objectOf(const decision::View& view, const Value& source, bool secret, std::string_view ns) {
  std::string_view name = source[key::name].asString();
  if (name.empty()) name = source[key::secretName].asString();
  return view.objects().get(secret ? api::Resource::secrets : api::Resource::configmaps, ns, name);
}

/// A ConfigMap's or Secret's members as files, all of them or those of `items`.
void addMembers(Value& files, const Value& source, bool secret, std::string_view ns, const decision::View& view,
                std::string& error) {
  const Value* object = objectOf(view, source, secret, ns);
  const bool optional = source[key::optional].asBool();
  if (!object) {
    std::string_view name = source[key::name].asString();
    if (name.empty()) name = source[key::secretName].asString();
    if (!optional) error = std::string(secret ? "secret \"" : "configmap \"") + std::string(name) + "\" not found";
    return;
  }
  const Value &data = (*object)[key::data], &binary = (*object)[key::binaryData], &items = source[key::items];
  const auto add = [&](std::string_view path, const Value& v, bool encoded) {
    files.set(Key("/" + std::string(path)), encoded ? Value(api::unbase64(v.asString())) : v);
  };
  for (size_t i = 0; items.size() == 0 && i < data.size(); ++i) add(data.keyAt(i).text(), data.values()[i], secret);
  for (size_t i = 0; items.size() == 0 && i < binary.size(); ++i) add(binary.keyAt(i).text(), binary.values()[i], true);
  for (const Value& item : items.values()) {
    const std::string_view member = item[key::key].asString();
    const Value *text = data.find(member), *bytes = binary.find(member);
    if (text) {
      add(item[key::path].asString(), *text, secret);
    } else if (bytes) {
      add(item[key::path].asString(), *bytes, true);
    } else if (!optional) {
      error = "references non-existent " + std::string(secret ? "secret" : "config") + " key: " + std::string(member);
    }
  }
}

void addFields(Value& files, const api::Pod& pod, const Value& items, const decision::View& view) {
  for (const Value& item : items.values()) {
    std::string text;
    if (const Value* field = item.find(key::fieldRef)) {
      fieldValue(pod, (*field)[key::fieldPath].asString(), text);
    } else if (const Value* resource = item.find(key::resourceFieldRef)) {
      text = resourceValue(pod, api::Container(), api::as<api::ResourceFieldSelector>(*resource), view);
    }
    files.set(Key("/" + std::string(item[key::path].asString())), text);
  }
}

void addToken(Value& files, std::string_view path, const api::Pod& pod) {
  files.set(Key("/" + std::string(path.empty() ? "token" : path)),
            "token-of-" + std::string(pod.spec().serviceAccountName()));
}
}  // namespace

std::string cleanPath(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
  }
  std::string out;
  for (std::string_view part : parts) (out += '/') += part;
  return out.empty() ? "/" : out;
}

bool isGiven(const api::Volume& v) {
  return v.has(key::configMap) || v.has(key::secret) || v.has(key::downwardAPI) || v.has(key::projected);
}

Value givenFiles(const api::Pod& pod, const api::Volume& v, const decision::View& view, std::string& error) {
  Value files = Value::object({});
  const std::string_view ns = pod.metadata().namespace_();
  if (const Value* source = v.doc.find(key::configMap)) addMembers(files, *source, false, ns, view, error);
  if (const Value* source = v.doc.find(key::secret)) addMembers(files, *source, true, ns, view, error);
  if (const Value* source = v.doc.find(key::downwardAPI)) addFields(files, pod, (*source)[key::items], view);
  for (const Value& source : v.doc.get({key::projected, key::sources}).values()) {
    if (const Value* s = source.find(key::configMap)) addMembers(files, *s, false, ns, view, error);
    if (const Value* s = source.find(key::secret)) addMembers(files, *s, true, ns, view, error);
    if (const Value* s = source.find(key::downwardAPI)) addFields(files, pod, (*s)[key::items], view);
    if (const Value* s = source.find(key::serviceAccountToken)) addToken(files, (*s)[key::path].asString(), pod);
  }
  return files;
}

Files::Files(const api::Pod& pod, const api::Container& container, const decision::View& view,
             const store::Facts& facts)
    : base_(imageFiles(programOf(container.image()))), facts_(facts) {
  const std::string_view uid = pod.metadata().uid(), ns = pod.metadata().namespace_();
  addMachineFiles(base_, pod, view);
  Mounted layer;
  layer.fact = layerKey(uid, container.name());
  mounts_.push_back(std::move(layer));
  for (const api::VolumeMount& m : container.volumeMounts()) {
    Mounted made;
    made.at = cleanPath(m.mountPath());
    made.readOnly = m.readOnly();
    std::string below(m.subPath());
    if (!m.subPathExpr().empty()) below = expand(m.subPathExpr(), environmentOf(pod, container, view).variables);
    if (!below.empty()) made.below = cleanPath(below);
    for (const api::Volume& v : pod.spec().volumes()) {
      if (v.name() != m.name()) continue;
      std::string error;
      if (v.hasPersistentVolumeClaim()) {
        const auto claim = view.get<api::PersistentVolumeClaim>(ns, v.persistentVolumeClaim().claimName());
        made.kind = Mounted::Kind::disk;
        made.volume = claim.spec().volumeName();
        made.fact = diskKey(made.volume);
        made.readOnly = made.readOnly || v.persistentVolumeClaim().readOnly();
        const auto pv = view.get<api::PersistentVolume>("", made.volume);
        made.limit = api::Quantity(pv.doc.get({key::spec, key::capacity, key::storage}).asString()).value();
      } else if (isGiven(v)) {
        made.kind = Mounted::Kind::given;
        made.files = givenFiles(pod, v, view, error);
        made.readOnly = true;
      } else {
        made.kind = Mounted::Kind::emptyDir;
        made.fact =
            v.hasHostPath() ? hostPathKey(pod.spec().nodeName(), v.hostPath().path()) : emptyDirKey(uid, v.name());
      }
    }
    mounts_.push_back(std::move(made));
  }
  std::stable_sort(mounts_.begin() + 1, mounts_.end(),
                   [](const Mounted& a, const Mounted& b) { return a.at.size() < b.at.size(); });
}

Files::Spot Files::spot(std::string_view path) const {
  const Mounted* found = &mounts_[0];
  for (size_t i = 1; i < mounts_.size(); ++i) {
    if (isBelow(path, mounts_[i].at)) found = &mounts_[i];
  }
  if (found == &mounts_[0]) return {found, std::string(path)};
  std::string rest = found->below + std::string(found->at == "/" ? path : path.substr(found->at.size()));
  return {found, rest.empty() ? "/" : std::move(rest)};
}

const Value& Files::fact(const Mounted& m) const {
  const auto edited = edits_.find(m.fact);
  return edited == edits_.end() ? facts_.get(m.fact) : edited->second.fact;
}

const Value* Files::entry(const Spot& s, std::string_view whole) const {
  if (s.mount->kind == Mounted::Kind::given) return s.mount->files.find(s.path);
  const Value* files = fact(*s.mount).find("files");
  const Value* found = files ? files->find(s.path) : nullptr;
  if (!found && s.mount == &mounts_[0]) found = base_.find(whole);
  return found;
}

bool Files::isDirectory(std::string_view path) const {
  if (path == "/") return true;
  for (size_t i = 1; i < mounts_.size(); ++i) {
    if (mounts_[i].at != path && isBelow(mounts_[i].at, path)) return true;
  }
  const Spot s = spot(path);
  const Value* e = entry(s, path);
  if (isFile(e)) return false;
  if (e && e->asBool()) return true;
  if (s.mount->at == path && s.mount != &mounts_[0]) return true;
  if (s.mount->kind == Mounted::Kind::given) return hasBelow(&s.mount->files, s.path);
  if (hasBelow(fact(*s.mount).find("files"), s.path)) return true;
  if (s.mount != &mounts_[0] || (e && !e->asBool())) return false;
  std::vector<std::string> names;
  return list(path, names) == Errno::ok && !names.empty();
}

FileInfo Files::stat(std::string_view path) const {
  FileInfo info;
  const Value* e = entry(spot(path), path);
  if (isFile(e)) {
    info.kind = FileInfo::Kind::file;
    info.size = sizeOf(*e);
    info.executable = e->asString().substr(0, 2) == "#!";
  } else if (isDirectory(path)) {
    info.kind = FileInfo::Kind::directory;
    info.size = 4096;
  }
  return info;
}

Errno Files::read(std::string_view path, std::string& text) const {
  const Value* e = entry(spot(path), path);
  if (!isFile(e)) return isDirectory(path) ? Errno::isDirectory : Errno::noEntry;
  if (e->kind() == api::Kind::Object) {
    text.assign(size_t(std::min<int64_t>(sizeOf(*e), 65536)), '\0');
  } else {
    text = e->asString();
  }
  return Errno::ok;
}

bool Files::mayGrow(const Mounted& m, int64_t by) const {
  const Value& f = fact(m);
  if (f[Key("full")].asBool()) return false;
  return m.limit <= 0 || int64_t(usedBytes(f)) + by <= m.limit;
}

Value& Files::edit(const Mounted& m) {
  const auto it = edits_.find(m.fact);
  if (it != edits_.end()) return it->second.fact;
  return edits_.emplace(m.fact, Edit{facts_.get(m.fact), m.volume}).first->second.fact;
}

Errno Files::put(std::string_view path, Value e, int64_t growth) {
  const Spot s = spot(path);
  if (s.mount->readOnly) return Errno::readOnly;
  if (isDirectory(path)) return Errno::isDirectory;
  const std::string_view parent = parentOf(path);
  const FileInfo above = stat(parent);
  if (above.kind == FileInfo::Kind::file) return Errno::notDirectory;
  if (above.kind == FileInfo::Kind::none) return Errno::noEntry;
  if (growth > 0 && !mayGrow(*s.mount, growth)) return Errno::noSpace;
  edit(*s.mount).set({Key("files"), Key(s.path)}, std::move(e));
  return Errno::ok;
}

Errno Files::write(std::string_view path, std::string_view text, bool append) {
  const Value* before = entry(spot(path), path);
  const int64_t had = isFile(before) ? sizeOf(*before) : 0;
  std::string content;
  if (append && isFile(before)) content = before->asString();
  content += text;
  if (int64_t(content.size()) > longestFile) return Errno::noSpace;
  // An empty file takes a name, and a full disk has no room for that either.
  const int64_t growth = isFile(before) ? int64_t(content.size()) - had : std::max<int64_t>(int64_t(content.size()), 1);
  return put(path, content, growth);
}

Errno Files::writeZeros(std::string_view path, int64_t size) {
  const Value* before = entry(spot(path), path);
  const int64_t had = isFile(before) ? sizeOf(*before) : 0;
  return put(path, Value::object({{Key("size"), size}}), size - had);
}

Errno Files::makeDirectory(std::string_view path) {
  if (stat(path).kind != FileInfo::Kind::none) return Errno::exists;
  return put(path, true, 1);
}

Errno Files::remove(std::string_view path) {
  const FileInfo info = stat(path);
  if (info.kind == FileInfo::Kind::none) return Errno::noEntry;
  const Spot s = spot(path);
  if (info.kind == FileInfo::Kind::directory) {
    std::vector<std::string> names;
    list(path, names);
    if (!names.empty()) return Errno::notEmpty;
    if (s.mount->at == path) return Errno::denied;
  }
  if (s.mount->readOnly) return Errno::readOnly;
  Value& f = edit(*s.mount);
  if (s.mount == &mounts_[0] && base_.find(path)) {
    f.set({Key("files"), Key(s.path)}, false);
  } else if (f[Key("files")].find(s.path)) {
    f.erase({Key("files"), Key(s.path)});
  }
  // An empty folder stays when its last file goes.
  const std::string_view parent = parentOf(path);
  if (stat(parent).kind == FileInfo::Kind::none && spot(parent).mount == s.mount)
    f.set({Key("files"), Key(spot(parent).path)}, true);
  return Errno::ok;
}

Errno Files::list(std::string_view path, std::vector<std::string>& names) const {
  const Spot s = spot(path);
  const Value* self = entry(s, path);
  if (isFile(self)) return Errno::notDirectory;
  std::vector<std::string> gone;
  const auto collect = [&](const Value* files, std::string_view folder) {
    const size_t cut = folder == "/" ? 1 : folder.size() + 1;
    for (size_t i = 0; files && i < files->size(); ++i) {
      const std::string_view p = files->keyAt(i).text();
      if (p.size() <= folder.size() || !isBelow(p, folder) || p.size() <= cut - (folder == "/" ? 1 : 0)) continue;
      const std::string_view rest = p.substr(cut);
      if (rest.empty()) continue;
      const Value& v = files->values()[i];
      if (v.kind() == api::Kind::Bool && !v.asBool()) {
        gone.emplace_back(p);
        continue;
      }
      if (std::find(gone.begin(), gone.end(), p) != gone.end()) continue;
      names.emplace_back(rest.substr(0, rest.find('/')));
    }
  };
  collect(s.mount->kind == Mounted::Kind::given ? &s.mount->files : fact(*s.mount).find("files"), s.path);
  if (s.mount == &mounts_[0]) collect(&base_, path);
  const size_t cut = path == "/" ? 1 : path.size() + 1;
  for (size_t i = 1; i < mounts_.size(); ++i) {
    const std::string_view at = mounts_[i].at;
    if (at.size() <= cut || at == path || !isBelow(at, path)) continue;
    const std::string_view rest = at.substr(cut);
    names.emplace_back(rest.substr(0, rest.find('/')));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (!names.empty() || path == "/" || (self && self->asBool())) return Errno::ok;
  return s.mount != &mounts_[0] && s.mount->at == path ? Errno::ok : Errno::noEntry;
}

std::vector<shell::Mount> Files::mounts() const {
  std::vector<shell::Mount> out;
  constexpr int64_t machine = int64_t(100) << 30;  ///< of the node's own disk
  for (const Mounted& m : mounts_) {
    if (m.kind == Mounted::Kind::given) continue;
    const Value& f = fact(m);
    shell::Mount made{m.volume.empty() ? std::string(m.at.empty() ? "overlay" : "/dev/vda1") : "/dev/" + m.volume,
                      m.at.empty() ? "/" : m.at, m.limit > 0 ? m.limit : machine, int64_t(usedBytes(f))};
    if (f[Key("full")].asBool()) made.used = made.size;
    out.push_back(std::move(made));
  }
  return out;
}

std::vector<Files::Changed> Files::takeChanges() {
  std::vector<Changed> out;
  for (auto& [name, e] : edits_) {
    if (e.fact[Key("files")].size() == 0 && e.fact.find("files")) e.fact.erase(Key("files"));
    if (e.fact.size() == 0) e.fact = Value();
    out.push_back({name, std::move(e.volume), std::move(e.fact)});
  }
  edits_.clear();
  return out;
}

}  // namespace node
