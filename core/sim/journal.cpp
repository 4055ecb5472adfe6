#include "core/sim/journal.hpp"

#include <algorithm>

#include "core/api/time.hpp"

namespace sim {

std::string_view text(EntryKind k) {
  static constexpr std::string_view texts[] = {"create", "update", "patch", "delete",
                                               "wait",   "failed", "fact",  "event"};
  return texts[size_t(k)];
}

std::string Entry::objectName() const {
  if (!writes()) return std::string(object.asString());
  return store::objectName(api::info(change.resource).kind, change.namespace_(), change.name());
}

uint64_t Entry::revision() const {
  uint64_t r = writes() ? change.revision : 0;
  for (const store::Change& c : events) r = std::max(r, c.revision);
  return r;
}

uint16_t Journal::actorIndex(std::string_view name) {
  auto it = std::find(actors.begin(), actors.end(), name);
  if (it == actors.end()) it = actors.insert(it, std::string(name));
  return uint16_t(it - actors.begin());
}

std::string_view managerOf(std::string_view actor) {
  if (actor == "you" || actor == "api server") return "kube-apiserver";
  if (actor == "scheduler") return "kube-scheduler";
  if (actor == "provisioner") return "csi-provisioner";
  return actor.substr(0, 7) == "kubelet" ? "kubelet" : "kube-controller-manager";
}

apiserver::Write JournalHistory::at(uint64_t revision) const {
  // Entries without a write have no revision: the search steps over them.
  size_t low = 0, high = journal_->entries.size();
  while (low < high) {
    size_t middle = low + (high - low) / 2, probe = middle;
    while (probe < high && journal_->entries[probe].revision() == 0) ++probe;
    if (probe == high || journal_->entries[probe].revision() >= revision) {
      high = middle;
    } else {
      low = probe + 1;
    }
  }
  while (low < journal_->entries.size() && journal_->entries[low].revision() < revision) ++low;
  if (low == journal_->entries.size()) {
    // The request that is being served wrote it, for a client.
    apiserver::Write w;
    w.noted = true;
    return w;
  }
  const Entry& e = journal_->entries[low];
  apiserver::Write w{&e.change,  managerOf(journal_->actors[e.actor]), e.subresource, e.time, e.noted, e.managed,
                     e.defaulted};
  if (e.writes() && e.change.revision == revision) {
    // Machines are made by whoever plays them.
    if (e.actor == 0 && e.change.resource == Resource::nodes) w.manager = "kubelet";
    return w;
  }
  for (const store::Change& c : e.events) {
    if (c.revision == revision) w.change = &c;
  }
  w.subresource = {};
  w.managed = true;
  if (e.kind != EntryKind::event) w.noted = false;
  return w;
}

namespace {
template <class Change>
Change inverse(Change c) {
  std::swap(c.before, c.after);
  return c;
}
}  // namespace

void applyForward(const Entry& e, store::Objects& objects, store::Facts& facts) {
  if (e.writes()) objects.apply(e.change);
  for (const store::Change& c : e.events) objects.apply(c);
  for (const store::FactChange& c : e.facts) facts.apply(c);
}

void applyBackward(const Entry& e, store::Objects& objects, store::Facts& facts) {
  for (size_t i = e.facts.size(); i-- > 0;) facts.apply(inverse(e.facts[i]));
  for (size_t i = e.events.size(); i-- > 0;) objects.apply(inverse(e.events[i]));
  if (e.writes()) objects.apply(inverse(e.change));
}

namespace {
void add(std::string& out, std::string_view name, const Value& v) {
  if (out.back() != '{') out += ',';
  api::toJson(Value(name), out);
  out += ':';
  api::toJson(v, out);
}
}  // namespace

void toJson(const Journal& journal, size_t index, std::string& out) {
  const Entry& e = journal.entries[index];
  out += '{';
  add(out, "time", api::formatMicroTime(e.time));
  add(out, "actor", journal.actors[e.actor]);
  add(out, "verb", text(e.kind));
  add(out, "object", e.objectName());
  if (!e.subresource.empty()) add(out, "subresource", e.subresource);
  add(out, "revision", int64_t(e.revision()));
  if (e.code) add(out, "code", int64_t(e.code));
  if (!e.message.isNull()) add(out, "message", e.message);
  Value inputs = Value::object({});
  for (const decision::Input& i : e.why.inputs) inputs.set(api::Key(i.text()), i.value);
  Value why;
  why.set(api::key::code, decision::info(e.why.rule).id);
  why.set(api::Key("inputs"), inputs);
  add(out, "why", why);
  if (e.writes()) {
    add(out, "before", e.change.before);
    add(out, "after", e.change.after);
  }
  std::vector<Value> events;
  for (const store::Change& c : e.events) events.push_back(c.object());
  if (!events.empty()) add(out, "events", Value::array(std::move(events)));
  std::vector<Value> facts;
  for (const store::FactChange& c : e.facts) {
    Value f;
    f.set(api::Key("fact"), c.key);
    f.set(api::Key("after"), c.after);
    facts.push_back(f);
  }
  if (!facts.empty()) add(out, "facts", Value::array(std::move(facts)));
  out += '}';
}

std::string narrate(const Journal& journal, size_t index, decision::Language language) {
  const Entry& e = journal.entries[index];
  std::string out = api::formatMicroTime(e.time).substr(11, 12);
  auto column = [&out](std::string_view s, size_t width) {
    out += "  ";
    out += s;
    if (s.size() < width) out.append(width - s.size(), ' ');
  };
  column(journal.actors[e.actor], 16);
  column(text(e.kind), 6);
  std::string object = e.objectName();
  if (!e.subresource.empty()) object += " (" + std::string(e.subresource) + ")";
  column(object, 36);
  out += "  " + std::string(decision::info(e.why.rule).id) + ": " + decision::sentence(e.why, language);
  if (!e.message.isNull()) out += " [" + std::string(e.message.asString()) + "]";
  for (const store::Change& c : e.events) {
    const api::Event event{{c.object()}};
    out += "\n" + std::string(14, ' ') + "Event " + std::string(event.type()) + " " + std::string(event.reason()) +
           ": " + std::string(event.message());
  }
  return out;
}

}  // namespace sim
