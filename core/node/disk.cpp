#include "core/node/disk.hpp"
#include "core/decision/rules.hpp"

#include <algorithm>

namespace node {
namespace {
using api::Key;
using api::Value;
using decision::Rule;
namespace key = api::key;

bool isBelow(std::string_view path, std::string_view folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.remove_suffix(1);
  if (folder == "/") return true;
  return path.substr(0, folder.size()) == folder && (path.size() == folder.size() || path[folder.size()] == '/');
}

const Value* filesOf(const Value& fact) { return fact.find("files"); }
}  // namespace

std::string diskKey(std::string_view pv) { return "disk/" + std::string(pv); }
std::string emptyDirKey(std::string_view uid, std::string_view volume) {
  return "emptydir/" + std::string(uid) + "/" + std::string(volume);
}
std::string hostPathKey(std::string_view machine, std::string_view path) {
  return "hostpath/" + std::string(machine) + std::string(path);
}
std::string layerKey(std::string_view uid, std::string_view container) {
  return "container/" + std::string(uid) + "/" + std::string(container);
}

Place placeOf(const api::Pod& pod, const api::Container& container, std::string_view path, const decision::View& view) {
  const std::string_view uid = pod.metadata().uid();
  Place place{layerKey(uid, container.name()), std::string(path), {}};
  size_t longest = 0;
  for (const api::VolumeMount& mount : container.volumeMounts()) {
    const std::string_view at = mount.mountPath();
    if (!isBelow(path, at) || at.size() < longest) continue;
    longest = at.size();
    std::string rest(path.substr(std::min(at.size(), path.size())));
    if (rest.empty() || rest[0] != '/') rest = "/" + rest;
    if (!mount.subPath().empty()) rest = "/" + std::string(mount.subPath()) + rest;
    for (const api::Volume& v : pod.spec().volumes()) {
      if (v.name() != mount.name()) continue;
      if (v.hasPersistentVolumeClaim()) {
        const auto claim =
            view.get<api::PersistentVolumeClaim>(pod.metadata().namespace_(), v.persistentVolumeClaim().claimName());
        const std::string volume(claim.spec().volumeName());
        place = {diskKey(volume), rest, volume};
      } else if (v.hasHostPath()) {
        place = {hostPathKey(pod.spec().nodeName(), v.hostPath().path()), rest, {}};
      } else {
        place = {emptyDirKey(uid, v.name()), rest, {}};
      }
    }
  }
  return place;
}

const Value& readFile(const store::Facts& facts, const Place& place) {
  static const Value none;
  const Value* files = filesOf(facts.get(place.fact));
  const Value* file = files ? files->find(place.path) : nullptr;
  return file ? *file : none;
}

std::vector<std::string> recordsOf(const Value& fact) {
  std::vector<std::string> out;
  const Value* files = filesOf(fact);
  for (size_t i = 0; files && i < files->size(); ++i) {
    std::string_view rest = files->values()[i].asString();
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      out.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return out;
}

size_t countRecords(const Value& fact) {
  size_t n = 0;
  const Value* files = filesOf(fact);
  for (size_t i = 0; files && i < files->size(); ++i) {
    const std::string_view text = files->values()[i].asString();
    n += size_t(std::count(text.begin(), text.end(), '\n'));
    if (!text.empty() && text.back() != '\n') ++n;
  }
  return n;
}

size_t usedBytes(const Value& fact) {
  size_t n = 0;
  const Value* files = filesOf(fact);
  for (size_t i = 0; files && i < files->size(); ++i) n += files->values()[i].asString().size();
  return n;
}

std::string appendFile(decision::Client& client, const decision::Why& why, const Place& place, std::string_view text,
                       std::string object) {
  Value fact = client.facts().get(place.fact);
  if (const Value* full = fact.find("full"); full && full->asBool()) return "no space left on device";
  const Value* files = filesOf(fact);
  const Value* file = files ? files->find(place.path) : nullptr;
  std::string content(file ? file->asString() : std::string_view());
  content += text;
  fact.set({Key("files"), Key(place.path)}, content);
  client.setFact(why, place.fact, std::move(fact), std::move(object));
  return {};
}

void eraseDisk(decision::Client& client, std::string_view pv) {
  if (client.facts().get(diskKey(pv)).isNull()) return;
  client.setFact({Rule::DiskErased, {{"volume", pv}}}, diskKey(pv), Value(), "PersistentVolume//" + std::string(pv));
}

std::string fillDisk(decision::Client& client, std::string_view pv, bool full) {
  if (!client.view().get<api::PersistentVolume>("", pv)) {
    return "persistentvolumes \"" + std::string(pv) + "\" not found";
  }
  Value fact = client.facts().get(diskKey(pv));
  if (full) {
    fact.set(Key("full"), true);
  } else if (fact.find("full")) {
    fact.erase(Key("full"));
  }
  if (fact.size() == 0) fact = Value();
  client.setFact({Rule::FaultInjected, {{"fault", full ? "the disk is full" : "the disk has space again"}}},
                 diskKey(pv), std::move(fact), "PersistentVolume//" + std::string(pv));
  return {};
}

}  // namespace node
