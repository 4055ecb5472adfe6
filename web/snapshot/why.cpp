// The entry at the cursor as the Why panel tells it.
#include <algorithm>

#include "core/sim/session.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

// The workload that an object belongs to, and how many pods it wants.
std::pair<std::string, int> workloadOf(const Snapshot& s, const std::string& object) {
  std::string id = object;
  for (const PodView& p : s.pods)
    if (p.id == object) id = p.set;
  for (const ClaimView& c : s.claims)
    if (c.id == object) id = c.set;
  for (const SetView& set : s.sets) {
    if (set.id == id) return {id, set.replicas};
    for (const SlotView& slot : set.slots)
      if (slot.id == object) return {set.id, set.replicas};
  }
  for (const OtherView& other : s.others)
    if (other.id == id && other.replicas >= 0) return {id, other.replicas};
  if (!s.sets.empty()) return {s.sets.front().id, s.sets.front().replicas};
  for (const OtherView& other : s.others)
    if (other.replicas >= 0) return {other.id, other.replicas};
  return {};
}

std::string requestVerb(const sim::Entry& e) {
  static constexpr const char* verbs[] = {"POST", "PUT", "PATCH", "DELETE"};
  std::string out = e.writes() ? verbs[int(e.kind)] : "";
  if (e.subresource == "binding" || e.subresource == "eviction") out = "POST";
  if (e.writes() && !e.subresource.empty()) (out += ' ') += e.subresource;
  return out;
}

std::string writtenPath(const sim::Entry& e) {
  std::string out = std::string(api::info(e.change.resource).plural) + "/" + std::string(e.change.name());
  return e.subresource.empty() ? out : (out += '/') += e.subresource;
}

std::string duration(const Reader& r, api::Millis ms) {
  const int64_t seconds = (ms + 999) / 1000;
  return seconds < 120 ? r.word(Text::Seconds, {std::to_string(seconds)})
                       : r.word(Text::Minutes, {std::to_string(seconds / 60)});
}

// What is no controller, or says so itself.
bool plainName(std::string_view actor) {
  return actor.starts_with("kubelet ") || actor == "scheduler" || actor == "provisioner" ||
         actor == "garbage collector" || actor == "expander" || actor == "pod gc";
}

// Pods held on a silent machine wait for the user: three ways on.
void waysOut(const Reader& r, WhyView& why) {
  for (const PodView& p : r.out.pods) {
    if (p.state != PodState::TerminatingUnknown || p.ordinal < 0) continue;
    const std::string fault = "{\"type\":\"nodeBack\",\"node\":\"" + p.node + "\"}";
    why.waysOut.push_back({r.word(Text::WayNodeBack, {p.node}), r.word(Text::WayNodeBackNote, {p.name}), fault, false});
    why.waysOut.push_back({r.word(Text::WayTaint, {p.node}), r.word(Text::WayTaintNote),
                           "taint nodes " + p.node + " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute",
                           false});
    why.waysOut.push_back({r.word(Text::WayForce, {p.name}), r.word(Text::WayForceNote, {p.name}),
                           "delete pod " + p.name + " --grace-period=0 --force", true});
    return;
  }
}

void next(const Reader& r, WhyView& why) {
  const sim::Session& s = r.session;
  if (!s.atEnd()) {
    const sim::Entry& e = s.entry(s.cursor());
    why.next = spansOf(r.out, s.journal().actors[e.actor] + (r.language == Language::Chinese ? "：" : ": ") +
                                  decision::sentence(e.why, r.coreLanguage()));
    return;
  }
  const sim::Session::Next n = s.next();
  if (n.actor.empty() || n.due - s.time() > 600000) {
    why.next = {{r.word(Text::AtRest), false, {}}};
    return;
  }
  const bool now = n.due <= s.time();
  why.next = {{now ? n.actor : r.word(Text::NextIn, {n.actor, duration(r, n.due - s.time())}), false, {}}};
}

}  // namespace

namespace {

/// The object that has this name; of several the last in the order of the snapshot's lists.
std::string_view idOfName(const Snapshot& s, std::string_view name) {
  const auto last = [&](const auto& list) {
    for (size_t i = list.size(); i-- > 0;)
      if (list[i].name == name) return std::string_view(list[i].id);
    return std::string_view();
  };
  for (const std::string_view id : {last(s.nodes), last(s.volumes), last(s.claims), last(s.pods)})
    if (!id.empty()) return id;
  for (size_t i = s.sets.size(); i-- > 0;) {
    const SetView& set = s.sets[i];
    if (const std::string_view id = last(set.slots); !id.empty()) return id;
    if (set.name == name) return set.id;
    if (set.service == name) return set.serviceId;
  }
  return {};
}

}  // namespace

std::vector<Span> spansOf(const Snapshot& s, std::string_view sentence) {
  std::vector<Span> out;
  bool mono = false;
  for (size_t from = 0; from <= sentence.size();) {
    const size_t to = std::min(sentence.find('`', from), sentence.size());
    if (to > from) {
      Span span{std::string(sentence.substr(from, to - from)), mono, {}};
      if (mono) {
        span.id = idOfName(s, span.text);
        if (span.id.empty() && std::count(span.text.begin(), span.text.end(), '/') == 2) span.id = span.text;
      }
      out.push_back(std::move(span));
    }
    mono = !mono;
    from = to + 1;
  }
  return out;
}

void Reader::write() {
  const sim::Entry* e = entry();
  if (!e) return;
  const std::string& actor = session.journal().actors[e->actor];
  out.write.actor = actor.starts_with("kubelet ") || actor == "you" ? actor : chipOf(actor);
  out.write.any = e->writes();
  out.write.verb = requestVerb(*e);
  out.write.object = out.write.shownAt = e->objectName();
  if (e->revision() > 0)
    out.write.revisions = "rv " + std::to_string(e->revision() - 1) + " → " + std::to_string(e->revision());
  // What has no glyph of its own is shown where it belongs.
  if (!e->writes()) return;
  const api::Value& object = e->change.object();
  const api::Value* service = object.get({api::key::metadata, api::key::labels}).find("kubernetes.io/service-name");
  if (e->change.resource == api::Resource::endpointslices && service)
    out.write.shownAt = store::objectName("Service", e->change.namespace_(), service->asString());
  if (e->change.resource == api::Resource::controllerrevisions) {
    const api::Value& owner = object.get({api::key::metadata, api::key::ownerReferences})[0];
    out.write.shownAt =
        store::objectName(owner[api::key::kind].asString(), e->change.namespace_(), owner[api::key::name].asString());
  }
}

void Reader::why() {
  WhyView& why = out.why;
  why.step = word(Text::StepNumber, {std::to_string(out.cursor)});
  const sim::Entry* e = entry();
  next(*this, why);
  const auto [workload, replicas] = workloadOf(out, e ? e->objectName() : "");
  if (!workload.empty()) {
    int exist = 0, ready = 0, updated = 0;
    bool updating = false;
    for (const PodView& p : out.pods) {
      if (p.set != workload) continue;
      exist++;
      ready += p.state == PodState::Ready;
      updated += p.updated;
      updating |= p.updated;
    }
    why.tiles = {
        {std::to_string(replicas), word(Text::Desired), Tone::Plain},
        {std::to_string(updating ? updated : exist), word(updating ? Text::Updated : Text::Created), Tone::Plain},
        {std::to_string(ready), word(Text::TileReady), ready < replicas ? Tone::Wait : Tone::Plain}};
  }
  waysOut(*this, why);
  if (!e) return;
  const std::string& actor = session.journal().actors[e->actor];
  why.actor = actor == "you" ? word(Text::You) : plainName(actor) ? actor : word(Text::Controller, {actor});
  why.sentence = spansOf(out, decision::sentence(e->why, coreLanguage()));
  if (!e->message.isNull()) why.more = {{std::string(e->message.asString()), false, {}}};
  why.facts.push_back({word(Text::FactTime), clockText(e->time), Tone::Plain});
  if (e->kind == sim::EntryKind::failed)
    why.facts.push_back({word(Text::FactReply), std::to_string(e->code), Tone::Bad});
  why.facts.push_back({word(Text::FactRule), std::string(decision::info(e->why.rule).id), Tone::Plain});
  if (!e->writes()) return;
  why.written = writtenPath(*e);
  why.diff = diffLines(e->change.before, e->change.after,
                       !why.waysOut.empty()                ? 4
                       : e->kind == sim::EntryKind::create ? 10
                                                           : 14);
}

}  // namespace web
