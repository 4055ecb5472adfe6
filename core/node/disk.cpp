#include "core/node/disk.hpp"
#include "core/decision/rules.hpp"

#include <algorithm>

namespace node {
namespace {
using api::Key;
using api::Value;
using decision::Rule;
namespace key = api::key;

const Value* filesOf(const Value& fact) { return fact.find("files"); }

/// Whether lines of this file are not what a client wrote.
bool isDescription(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::string_view end = name.substr(std::min(name.rfind('.'), name.size()));
  if (name == "xtrabackup_binlog_info" || name == "xtrabackup_slave_info" || name.substr(0, 16) == "change_master_to")
    return true;
  return end == ".frm" || end == ".stat" || end == ".cnf" || end == ".conf" || end == ".cfg" || end == ".pid" ||
         name == "myid";
}
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

std::vector<std::string> recordsOf(const Value& fact) {
  std::vector<std::string> out;
  const Value* files = filesOf(fact);
  for (size_t i = 0; files && i < files->size(); ++i) {
    if (isDescription(files->keyAt(i).text())) continue;
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
    if (isDescription(files->keyAt(i).text())) continue;
    const std::string_view text = files->values()[i].asString();
    n += size_t(std::count(text.begin(), text.end(), '\n'));
    if (!text.empty() && text.back() != '\n') ++n;
  }
  return n;
}

size_t usedBytes(const Value& fact) {
  size_t n = 0;
  const Value* files = filesOf(fact);
  for (size_t i = 0; files && i < files->size(); ++i) {
    const Value& file = files->values()[i];
    n += file.kind() == api::Kind::Object ? size_t(file[Key("size")].asInt()) : file.asString().size();
  }
  return n;
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
  const Value what = Value::object({{key::type, "diskFull"}, {key::volume, pv}, {Key("full"), full}});
  client.setFact({Rule::FaultInjected, {{"fault", what}}}, diskKey(pv), std::move(fact),
                 "PersistentVolume//" + std::string(pv));
  return {};
}

}  // namespace node
