// The journal as ticks, and when pods became Ready. Read once and then only further.
#include "core/api/pods.hpp"
#include "web/snapshot/reader.hpp"

namespace web {

std::string chipOf(std::string_view actor) {
  static constexpr std::pair<const char*, const char*> shared[] = {{"persistentvolume-binder", "volumes"},
                                                                   {"provisioner", "volumes"},
                                                                   {"pvc-protection", "volumes"},
                                                                   {"pv-protection", "volumes"},
                                                                   {"expander", "volumes"},
                                                                   {"replicaset", "deployment"},
                                                                   {"garbage collector", "gc"},
                                                                   {"pod gc", "gc"},
                                                                   {"namespace", "gc"},
                                                                   {"disruption", "gc"},
                                                                   {"service account", "gc"},
                                                                   {"api server", "gc"},
                                                                   {"taint eviction", "node lifecycle"}};
  for (const auto& [name, chip] : shared)
    if (actor == name) return chip;
  return std::string(actor);
}

KindGroup groupOf(api::Resource r) {
  switch (r) {
    case api::Resource::pods: return KindGroup::Pod;
    case api::Resource::persistentvolumeclaims:
    case api::Resource::persistentvolumes:
    case api::Resource::storageclasses: return KindGroup::Store;
    case api::Resource::services:
    case api::Resource::endpointslices: return KindGroup::Net;
    case api::Resource::nodes: return KindGroup::Node;
    default: return KindGroup::Work;
  }
}

Verb verbOf(const sim::Entry& e) {
  switch (e.kind) {
    case sim::EntryKind::create: return Verb::Create;
    case sim::EntryKind::update:
    case sim::EntryKind::patch: return Verb::Update;
    case sim::EntryKind::remove: return Verb::Delete;
    default: return Verb::None;
  }
}

namespace {

KindGroup groupOfName(std::string_view object) {
  const api::ResourceInfo* info = api::findKind(object.substr(0, object.find('/')));
  return info ? groupOf(info->resource) : KindGroup::Work;
}

bool ready(const api::Value& pod) {
  return !pod.isNull() && api::isPodReady(api::Pod{{pod}}) && !api::isTerminating(api::Pod{{pod}});
}

}  // namespace

void History::update(const sim::Session& session, Language language) {
  const uint64_t now = (session.branch() * 8 + uint64_t(session.live().setup().version)) * 2 + uint64_t(language);
  const size_t length = session.length();
  if (now != stamp || ticks.size() > length) {
    ticks.clear();
    lanes = {text(language, Text::You)};
    ready.clear();
    stamp = now;
  }
  for (size_t n = ticks.size(); n < length; n++) {
    const sim::Entry& e = session.entry(n);
    const std::string& actor = session.journal().actors[e.actor];
    const std::string lane = actor == "you"                  ? lanes[0]
                             : actor.starts_with("kubelet ") ? std::string("kubelets")
                                                             : chipOf(actor);
    size_t at = 0;
    while (at < lanes.size() && lanes[at] != lane) at++;
    if (at == lanes.size()) lanes.push_back(lane);
    const KindGroup group = e.writes() ? groupOf(e.change.resource) : groupOfName(e.objectName());
    ticks.push_back({verbOf(e), group, uint16_t(at)});
    if (e.writes() && e.change.resource == api::Resource::pods) {
      const bool before = web::ready(e.change.before), after = web::ready(e.change.after);
      if (before != after) ready[e.objectName()].emplace_back(int(n) + 1, after);
    }
  }
}

int History::readySince(std::string_view pod, int cursor) const {
  const auto at = ready.find(pod);
  if (at == ready.end()) return 0;
  int since = 0;
  for (const auto& [entry, on] : at->second)
    if (entry <= cursor) since = on ? entry : 0;
  return since;
}

void Reader::timeline() {
  out.timeline.lanes = history.lanes;
  out.timeline.ticks = history.ticks;
  const size_t here = session.branch();
  int number = 0;
  for (const sim::BranchInfo& b : session.branches()) {
    number++;
    if (b.id == here) continue;
    BranchView& view = out.timeline.branches.emplace_back();
    view.id = int(b.id);
    view.label = word(Text::BranchLabel, {std::to_string(number)});
    if (!b.title.empty()) view.label += (language == Language::Chinese ? "：" : ": ") + b.title.substr(0, 40);
    // Where it parts from what is shown: at its own fork, or at ours if we left it.
    size_t from = b.forkedAt;
    for (const sim::BranchInfo& other : session.branches())
      if (other.id == here && other.parent == b.id) from = other.forkedAt;
    view.from = int(std::min(from, session.length()));
    view.length = int(b.length);
  }
}

}  // namespace web
