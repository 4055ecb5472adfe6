// Puts a snapshot together, and carries commands out on the session.
#include "core/api/pods.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/api/sort.hpp"
#include "core/manifest/manifest.hpp"
#include "web/platform.hpp"
#include "web/snapshot/reader.hpp"

namespace web {

std::string idOf(const api::Value& object) {
  const api::Value& meta = object[api::key::metadata];
  return store::objectName(object[api::key::kind].asString(), meta[api::key::namespace_].asString(),
                           meta[api::key::name].asString());
}

std::string clockText(api::Millis t) {
  const int64_t seconds = std::max<int64_t>(0, (t - api::clusterEpoch) / 1000);
  const auto two = [](int64_t n) { return n < 10 ? "0" + std::to_string(n) : std::to_string(n); };
  return two(seconds / 60) + ":" + two(seconds % 60);
}

namespace {

constexpr size_t shownEvents = 500;

EventView eventView(const api::Event& e, api::Millis at) {
  const api::ObjectReference o = e.involvedObject();
  return {clockText(at), std::string(e.reason()), std::string(e.message()),
          std::string(o.kind()) + "/" + std::string(o.name()), std::string(e.type())};
}

api::Millis timeOf(const api::Event& e) {
  std::string_view time = e.lastTimestamp();
  if (time.empty()) time = e.eventTime();
  if (time.empty()) time = e.metadata().creationTimestamp();
  return api::parseTime(time);
}

// The newest Events of all, or of one object, and how many there are.
std::vector<EventView> newest(const Reader& r, std::string_view kind, std::string_view name, int& total) {
  struct Found {
    api::Millis at;
    uint64_t revision;  // of the same second the one that was written last
    const api::Value* event;
  };
  std::vector<Found> all;
  r.objects().each(api::Resource::events, "", [&](const api::Value& v) {
    const api::Event e{{v}};
    if (name.empty() || (e.involvedObject().name() == name && e.involvedObject().kind() == kind))
      all.push_back({timeOf(e), std::strtoull(std::string(e.metadata().resourceVersion()).c_str(), nullptr, 10), &v});
  });
  total = int(all.size());
  api::sort(all, [](const Found& a, const Found& b) { return a.at != b.at ? a.at > b.at : a.revision > b.revision; });
  if (all.size() > shownEvents) all.resize(shownEvents);
  std::vector<EventView> out;
  for (const Found& f : all) out.push_back(eventView(api::Event{{*f.event}}, f.at));
  return out;
}

}  // namespace

void Reader::events() { out.events = newest(*this, {}, {}, out.eventCount); }

void Reader::inspected(const std::string& selected) {
  std::string id = selected;
  if (id.empty()) id = !out.waitedFor.empty() ? out.waitedFor : out.write.object;
  const api::Value object = session.object(id);
  if (object.isNull()) return;
  InspectView& view = out.inspected;
  view.id = id;
  view.title = object[api::key::metadata][api::key::name].asString();
  view.yaml = yamlLines(object);
  view.events = newest(*this, object[api::key::kind].asString(), view.title, view.eventCount);
  for (const api::Value& owner : object[api::key::metadata][api::key::ownerReferences].values())
    view.owners.push_back(
        {std::string(owner[api::key::kind].asString()), std::string(owner[api::key::name].asString()), Tone::Plain});
  if (const api::Value* hash = object[api::key::metadata][api::key::labels].find("controller-revision-hash"))
    view.owners.push_back({"ControllerRevision", std::string(hash->asString()), Tone::Plain});
  for (const api::Value& v : object[api::key::spec][api::key::volumes].values())
    if (const api::Value* claim = v.find("persistentVolumeClaim"))
      view.owners.push_back(
          {text(language, Text::Claims), std::string((*claim)[api::Key("claimName")].asString()), Tone::Plain});
}

void Reader::versions() {
  for (size_t i = std::size(sim::versions); i-- > 0;) {
    const auto v = sim::Setup::Version(i);
    out.versions.push_back({std::string(sim::versions[i]),
                            word(sim::countsMaxUnavailable(v) ? Text::VersionCounts : Text::VersionIgnores),
                            session.live().setup().version == v});
  }
}

// The control plane's chips, always in the same order.
void SessionSource::chips() {
  static constexpr const char* order[] = {"statefulset",   "deployment", "daemonset",      "volumes",
                                          "endpointslice", "gc",         "node lifecycle", "scheduler"};
  std::vector<std::string> found;
  for (const sim::Cluster::ActorState& a : session_.live().actors()) {
    const std::string chip = chipOf(a.name);
    if (a.name == "you" || a.name.starts_with("kubelet ")) continue;
    if (std::find(found.begin(), found.end(), chip) == found.end()) found.push_back(chip);
  }
  api::sort(found, [](const std::string& a, const std::string& b) {
    return std::find(std::begin(order), std::end(order), a) < std::find(std::begin(order), std::end(order), b);
  });
  for (const std::string& chip : found) shown_.actors.push_back({chip, chip});
  if (session_.cursor() == 0) return;
  // A chip that stands for several says who of them acts, where its own name would mislead.
  const std::string& actor = session_.journal().actors[session_.entry(session_.cursor() - 1).actor];
  if (actor != "disruption" && actor != "service account" && actor != "api server") return;
  for (ActorView& a : shown_.actors)
    if (a.id == "gc") a.name = actor;
}

const Snapshot& SessionSource::snapshot(const Shell& shell) {
  shown_ = {};
  shown_.language = shell.language;
  shown_.cursor = int(session_.cursor());
  shown_.length = int(session_.length());
  shown_.time = clockText(session_.time());
  history_.update(session_, shell.language);
  Reader r{session_, history_, shell.language, shown_};
  chips();
  r.nodes();
  r.pods();
  r.workloads();
  r.storage();
  r.stored();
  r.write();
  r.why();
  r.timeline();
  r.events();
  r.inspected(shell.selected);
  r.versions();
  if (shell.comparing) r.compare();
  return shown_;
}

Snapshot states(const sim::Session& session, Language language) {
  Snapshot out;
  out.language = language;
  const History none;
  Reader r{session, none, language, out};
  r.nodes();
  r.pods();
  r.workloads();
  r.storage();
  r.versions();
  return out;
}

}  // namespace web
