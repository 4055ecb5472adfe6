// Claims and volumes, with what lies on the disks.
#include <unordered_set>

#include "core/node/disk.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

// The claims of a set are named template-set-ordinal.
struct ClaimRow {
  std::string space, prefix, set;
  int row;
};

std::vector<ClaimRow> claimRows(const Reader& r) {
  std::vector<ClaimRow> out;
  r.each<api::StatefulSet>([&](const api::StatefulSet& set) {
    const std::string space(set.metadata().namespace_()), name(set.metadata().name());
    int row = 0;
    for (const api::PersistentVolumeClaim& t : set.spec().volumeClaimTemplates())
      out.push_back({space, std::string(t.metadata().name()) + "-" + name + "-",
                     store::objectName("StatefulSet", space, name), row++});
  });
  return out;
}

// Gives the ordinal that a claim's name ends in, or -1 where it is not of that row.
int ordinalIn(const ClaimRow& row, std::string_view space, std::string_view claim) {
  if (row.space != space || !claim.starts_with(row.prefix)) return -1;
  const std::string rest(claim.substr(row.prefix.size()));
  if (rest.empty() || rest.find_first_not_of("0123456789") != std::string::npos) return -1;
  return int(std::strtol(rest.c_str(), nullptr, 10));
}

// How full a disk looks: it rises quickly with the first records and never quite fills.
float level(size_t records) { return records == 0 ? 0 : 0.3f + 0.5f * float(records) / float(records + 40); }

}  // namespace

void Reader::storage() {
  each<api::PersistentVolume>([&](const api::PersistentVolume& v) {
    VolumeView& view = out.volumes.emplace_back();
    view.name = v.metadata().name();
    view.id = store::objectName("PersistentVolume", "", view.name);
    const api::Value& disk = facts().get(node::diskKey(view.name));
    const size_t records = node::countRecords(disk);
    view.filled = level(records);
    const std::string_view phase = v.status().phase();
    view.note = records > 0 ? text(language, Text::Records, {std::to_string(records)}) : word(Text::Empty);
    if (phase == "Released")
      view.note = word(Text::Released) + (records > 0 ? (language == Language::Chinese ? "，" : ", ") + view.note : "");
    else if (phase == "Available")
      view.note = word(Text::Available);
    else if (phase == "Failed")
      view.note = word(Text::Failed), view.lost = true;
  });
  const std::vector<ClaimRow> rows = claimRows(*this);
  each<api::PersistentVolumeClaim>([&](const api::PersistentVolumeClaim& c) {
    ClaimView& view = out.claims.emplace_back();
    const api::ObjectMeta meta = c.metadata();
    view.name = meta.name();
    view.id = store::objectName("PersistentVolumeClaim", meta.namespace_(), view.name);
    const std::string_view phase = c.status().phase();
    view.bound = phase == "Bound";
    if (!c.spec().volumeName().empty()) view.volume = store::objectName("PersistentVolume", "", c.spec().volumeName());
    view.note = word(view.bound ? Text::Bound : phase == "Lost" ? Text::Lost : Text::ClaimPending);
    view.tone = view.bound ? Tone::Plain : phase == "Lost" ? Tone::Bad : Tone::Wait;
    if (!meta.deletionTimestamp().empty()) view.note = word(Text::Terminating), view.tone = Tone::Mute;
    std::string_view taken;  // of one set's rows the first counts, of several sets the last
    for (const ClaimRow& row : rows) {
      if (row.set == taken) continue;
      const int ordinal = ordinalIn(row, meta.namespace_(), view.name);
      if (ordinal < 0) continue;
      taken = view.set = row.set;
      view.row = row.row;
      view.ordinal = ordinal;
    }
  });
  // The claims that identities will have: dotted until they exist.
  std::unordered_set<std::string> known;
  for (const ClaimView& c : out.claims) known.insert(c.id);
  each<api::StatefulSet>([&](const api::StatefulSet& set) {
    const std::string id = store::objectName("StatefulSet", set.metadata().namespace_(), set.metadata().name());
    for (const SetView& view : out.sets) {
      if (view.id != id) continue;
      int row = 0;
      for (const api::PersistentVolumeClaim& t : set.spec().volumeClaimTemplates()) {
        for (const SlotView& slot : view.slots) {
          const std::string name = std::string(t.metadata().name()) + "-" + slot.name;
          const std::string claim = store::objectName("PersistentVolumeClaim", set.metadata().namespace_(), name);
          if (!known.insert(claim).second) continue;
          ClaimView& c = out.claims.emplace_back();
          c.name = name;
          c.id = claim;
          c.set = id;
          c.ordinal = slot.ordinal;
          c.row = row;
          c.note = word(Text::NotYet);
          c.exists = false;
        }
        row++;
      }
    }
  });
}

void Reader::stored() {
  static constexpr std::pair<const char*, api::Resource> kinds[] = {{"sts", api::Resource::statefulsets},
                                                                    {"deploy", api::Resource::deployments},
                                                                    {"rs", api::Resource::replicasets},
                                                                    {"ds", api::Resource::daemonsets},
                                                                    {"rev", api::Resource::controllerrevisions},
                                                                    {"pod", api::Resource::pods},
                                                                    {"pvc", api::Resource::persistentvolumeclaims},
                                                                    {"pv", api::Resource::persistentvolumes},
                                                                    {"svc", api::Resource::services},
                                                                    {"eps", api::Resource::endpointslices},
                                                                    {"node", api::Resource::nodes},
                                                                    {"pdb", api::Resource::poddisruptionbudgets},
                                                                    {"cm", api::Resource::configmaps},
                                                                    {"secret", api::Resource::secrets}};
  for (const auto& [name, resource] : kinds) {
    StoredView view{name, groupOf(resource), {}};
    objects().each(resource, "", [&](const api::Value& v) { view.ids.push_back(idOf(v)); });
    // What every cluster has from the start says nothing.
    if (resource == api::Resource::services || resource == api::Resource::endpointslices)
      std::erase_if(view.ids, [](const std::string& id) { return id.ends_with("/default/kubernetes"); });
    if (resource == api::Resource::configmaps)
      std::erase_if(view.ids, [](const std::string& id) { return id.ends_with("/kube-root-ca.crt"); });
    if (!view.ids.empty()) out.stored.push_back(std::move(view));
  }
}

}  // namespace web
