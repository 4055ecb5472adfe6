// Puts a snapshot together, and carries commands out on the session.
#include "core/api/pods.hpp"

#include <algorithm>

#include "core/manifest/manifest.hpp"
#include "web/platform.hpp"
#include "web/snapshot/reader.hpp"

namespace web {

std::string idOf(std::string_view kind, std::string_view space, std::string_view name) {
  std::string out(kind);
  out += '/';
  out += space;
  out += '/';
  out += name;
  return out;
}

std::string idOf(const api::Value& object) {
  const api::Value& meta = object[api::key::metadata];
  return idOf(object[api::key::kind].asString(), meta[api::key::namespace_].asString(),
              meta[api::key::name].asString());
}

std::string clockText(api::Millis t) {
  const int64_t seconds = std::max<int64_t>(0, (t - api::clusterEpoch) / 1000);
  char out[32];
  std::snprintf(out, sizeof out, "%02d:%02d", int(seconds / 60), int(seconds % 60));
  return out;
}

void Reader::events() {
  struct Timed {
    api::Millis time;
    EventView view;
  };
  std::vector<Timed> all;
  each<api::Event>([&](const api::Event& e) {
    std::string_view time = e.lastTimestamp();
    if (time.empty()) time = e.eventTime();
    if (time.empty()) time = e.metadata().creationTimestamp();
    const api::Millis at = api::parseTime(time);
    const api::ObjectReference o = e.involvedObject();
    all.push_back({at,
                   {clockText(at), std::string(e.reason()), std::string(e.message()),
                    std::string(o.kind()) + "/" + std::string(o.name()), std::string(e.type())}});
  });
  std::stable_sort(all.begin(), all.end(), [](const Timed& a, const Timed& b) { return a.time > b.time; });
  for (Timed& t : all) out.events.push_back(std::move(t.view));
}

void Reader::inspected(const std::string& selected) {
  std::string id = selected;
  if (id.empty()) id = !out.waitedFor.empty() ? out.waitedFor : out.write.object;
  const api::Value object = session.object(id);
  if (object.isNull()) return;
  InspectView& view = out.inspected;
  view.id = id;
  view.title = object[api::key::metadata][api::key::name].asString();
  view.yaml = yamlLines(object);
  const std::string short_ = std::string(object[api::key::kind].asString()) + "/" + view.title;
  for (const EventView& e : out.events)
    if (e.object == short_) view.events.push_back(e);
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

const Snapshot& SessionSource::snapshot(const Shell& shell) {
  shown_ = {};
  shown_.language = shell.language;
  shown_.cursor = int(session_.cursor());
  shown_.length = int(session_.length());
  shown_.time = clockText(session_.time());
  history_.update(session_, shell.language);
  Reader r{session_, history_, shell.language, shown_};
  std::vector<std::string> chips;
  for (const sim::Cluster::ActorState& a : session_.live().actors()) {
    const std::string chip = chipOf(a.name);
    if (a.name == "you" || a.name.starts_with("kubelet ") || std::find(chips.begin(), chips.end(), chip) != chips.end())
      continue;
    chips.push_back(chip);
    shown_.actors.push_back({chip, chip});
  }
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
  return out;
}

}  // namespace web
