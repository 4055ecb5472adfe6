// The comparison of three workloads: what was done to all of them is found in the journal, what became of names, DNS,
// data and nodes is read from the cluster before it and at the cursor.
#include "core/api/pods.hpp"

#include <algorithm>

#include "core/network/dns.hpp"
#include "core/node/disk.hpp"
#include "core/node/machine.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

constexpr api::Resource resources[] = {api::Resource::statefulsets, api::Resource::deployments,
                                       api::Resource::daemonsets};
constexpr int everyColumn = 3, noColumn = -1;

std::string_view nameOf(std::string_view id) { return id.substr(id.rfind('/') + 1); }
std::string_view spaceOf(std::string_view id) {
  const size_t a = id.find('/') + 1;
  return id.substr(a, id.rfind('/') - a);
}

struct Comparison {
  const Reader& r;
  CompareView& view;
  store::Objects objects;  // before
  store::Facts facts;

  const sim::Session& session() const { return r.session; }
  int columnOf(const sim::Entry&) const;
  std::string commandOf(const sim::Entry&) const;
  void find();
  void begin();
  void why(ColumnView&) const;
  void fates(ColumnView&) const;
  void dns(ColumnView&, const std::vector<const PodView*>& old, const std::vector<const PodView*>& fresh) const;
  void data(FateView&, const std::vector<const PodView*>& old, const std::vector<const PodView*>& fresh) const;
  void set(FateView&, Fate, std::string value, std::string note) const;
};

// Which workload of the three an entry of the user's disturbs, or all of them.
int Comparison::columnOf(const sim::Entry& e) const {
  for (const store::FactChange& f : e.facts)
    if (f.key.starts_with("node/") && !f.after.isNull()) return everyColumn;
  if (session().journal().actors[e.actor] != "you") return noColumn;
  if (!e.writes() || e.change.before.isNull()) return noColumn;
  std::string id = e.objectName();
  if (e.change.resource == api::Resource::pods) {
    const bool before = api::isTerminating(api::Pod{{e.change.before}});
    if (before || (!e.change.after.isNull() && !api::isTerminating(api::Pod{{e.change.after}}))) return noColumn;
    id = workloadOf(r, e.change.namespace_(), api::controllerOf(api::Pod{{e.change.before}}.metadata()));
  }
  for (int i = 0; i < 3; i++)
    if (view.columns[i].id == id) return i;
  return noColumn;
}

// As a person would have typed it.
std::string Comparison::commandOf(const sim::Entry& e) const {
  if (!e.writes()) {
    for (const store::FactChange& f : e.facts)
      if (f.key.starts_with("node/")) return r.word(Text::CompareNodeLost, {f.key.substr(5)});
    return {};
  }
  const std::string name(e.change.name());
  if (e.change.resource == api::Resource::pods) return "kubectl delete pod " + name;
  const std::string target(api::info(e.change.resource).singular);
  const auto containers = [](const api::Value& v) -> const api::Value& {
    return v.get({api::key::spec, api::key::template_, api::key::spec, api::key::containers});
  };
  const api::Value &now = containers(e.change.after), &old = containers(e.change.before);
  for (size_t i = 0; i < now.size() && i < old.size(); i++) {
    const api::Value &a = old[i][api::key::image], &b = now[i][api::key::image];
    if (!(a == b))
      return "kubectl set image " + target + "/" + name + " " + std::string(now[i][api::key::name].asString()) + "=" +
             std::string(b.asString());
  }
  return "kubectl edit " + target + " " + name;
}

// Backwards from the cursor: the last thing done to each workload, until one is met a second time.
void Comparison::find() {
  bool seen[3] = {};
  for (size_t n = session().cursor(); n-- > 0;) {
    const sim::Entry& e = session().entry(n);
    const int column = columnOf(e);
    if (column == noColumn) continue;
    if (column == everyColumn ? seen[0] || seen[1] || seen[2] : seen[column]) return;
    for (int i = 0; i < 3; i++) {
      if (column != i && column != everyColumn) continue;
      seen[i] = true;
      view.columns[i].command = commandOf(e);
    }
    view.start = int(n);
    static constexpr Text titles[] = {Text::CompareTitleDelete, Text::CompareTitleNode, Text::CompareTitleUpdate};
    view.what = column == everyColumn ? 1 : e.change.resource == api::Resource::pods ? 0 : 2;
    view.title = r.word(titles[view.what]);
    if (seen[0] && seen[1] && seen[2]) return;
  }
}

// The cluster as it was: what has happened since is taken back.
void Comparison::begin() {
  objects = session().objects();
  facts = session().facts();
  for (size_t n = session().cursor(); view.start >= 0 && n-- > size_t(view.start);)
    sim::applyBackward(session().entry(n), objects, facts);
  Snapshot then;
  then.language = r.language;
  Reader before{session(), r.history, r.language, then, &objects, &facts};
  before.nodes();
  before.pods();
  view.nodes = std::move(then.nodes);
  for (ColumnView& c : view.columns) {
    for (PodView& p : then.pods)
      if (!c.id.empty() && p.set == c.id) c.before.push_back(p);
    for (const PodView& p : r.out.pods)
      if (!c.id.empty() && p.set == c.id) c.after.push_back(p);
  }
}

// The newest decision about the workload or its pods: a Pod made or deleted says more than a wait that is over, and
// each more than a count.
void Comparison::why(ColumnView& c) const {
  if (c.command.empty()) return;
  const sim::Entry* best = nullptr;
  int rank = 0;
  const int waits = c.fates[0].fate == Fate::Waiting ? 3 : 2;
  for (size_t n = session().cursor(); n-- > size_t(view.start) && rank < 3;) {
    const sim::Entry& e = session().entry(n);
    const std::string& actor = session().journal().actors[e.actor];
    if (actor == "you" || actor == "scheduler" || actor == "endpointslice" || actor.starts_with("kubelet ")) continue;
    const std::string id = e.objectName();
    const auto mine = [&](const PodView& p) { return p.id == id; };
    const bool pod =
        std::any_of(c.after.begin(), c.after.end(), mine) || std::any_of(c.before.begin(), c.before.end(), mine);
    const std::string& set = c.name;
    const bool its = id == c.id || (id.starts_with("ReplicaSet/") && nameOf(id).starts_with(set + "-"));
    if (!pod && !its) continue;
    const int worth = e.kind == sim::EntryKind::wait ? waits : pod && e.kind != sim::EntryKind::update ? 3 : 1;
    if (worth > rank) best = &e, rank = worth;
  }
  if (best) c.why = spansOf(r.out, decision::sentence(best->why, r.coreLanguage()));
  if (!best && view.start >= 0 && !c.id.empty()) c.why = {{r.word(Text::ComparePressStep), false, {}}};
}

void Comparison::set(FateView& f, Fate fate, std::string value, std::string note) const {
  static constexpr Text words[] = {Text::FateUntouched, Text::FateWaiting, Text::FateKept, Text::FateNew,
                                   Text::FateNone,      Text::FateLost,    Text::FateFree, Text::FatePerNode};
  f = {fate, r.word(words[int(fate)]), std::move(value), std::move(note)};
}

using Pods = std::vector<const PodView*>;

std::string listed(const Pods& pods) {
  std::string out = pods.empty() ? "–" : pods[0]->name;
  if (pods.size() > 1) out += " +" + std::to_string(pods.size() - 1);
  return out;
}

// The pod's own DNS name asked before and now; without one, the Service that finds it among others.
void Comparison::dns(ColumnView& c, const Pods& old, const Pods& fresh) const {
  FateView& f = c.fates[1];
  const std::string_view space = spaceOf(c.id);
  const api::Value* pod = objects.get(api::Resource::pods, space, old[0]->name);
  const std::string name = pod ? network::podName(api::Pod{{*pod}}) : std::string();
  if (name.empty()) {
    std::string service;
    r.each<api::EndpointSlice>([&](const api::EndpointSlice& slice) {
      for (const api::Endpoint& e : slice.endpoints())
        for (const PodView& p : c.after)
          if (e.targetRef().name() == p.name)
            if (const api::Value* label = slice.metadata().labels().doc.find("kubernetes.io/service-name"))
              service = label->asString();
    });
    return set(f, Fate::None, service.empty() ? "–" : service,
               service.empty() ? r.word(Text::FateNoService) : r.word(Text::FateServiceOnly));
  }
  const auto address = [&](const store::Objects& o) {
    const network::DnsAnswer a = network::resolve(o, name, network::RecordType::A);
    return a.answers.empty() ? std::string() : a.answers[0].data;
  };
  const std::string was = address(objects), now = address(r.objects());
  const std::string shown = name.substr(0, name.find('.', name.find('.') + 1));
  if (now.empty()) return set(f, Fate::Waiting, shown, r.word(Text::FateUnresolved));
  if (fresh.empty() && was == now) return set(f, Fate::Waiting, shown, now);
  set(f, Fate::Kept, shown, was == now ? now : was + " → " + now);
}

void Comparison::data(FateView& f, const Pods& old, const Pods& fresh) const {
  int was = 0, now = 0, left = 0;
  for (const PodView* p : old) {
    was += p->records;
    left += int(node::countRecords(r.facts().get(p->keptIn)));
  }
  for (const PodView* p : fresh) now += p->records;
  const PodView& first = *old[0];
  const auto records = [&](int n) { return text(r.language, Text::Records, {std::to_string(n)}); };
  const bool claim = first.keeper == Keeper::Claim, machine = first.keeper == Keeper::Machine;
  if (first.keeper == Keeper::Nothing) return set(f, Fate::None, "–", r.word(Text::FateNoData));
  if (machine && fresh.empty() && left > 0)
    return set(f, Fate::Waiting, records(left), r.word(Text::FateOnNode, {first.node}));
  if (machine && now >= was) return set(f, Fate::PerNode, records(now), r.word(Text::FateOnNode, {first.node}));
  if (claim && (fresh.empty() ? left : now) >= was)
    return set(f, fresh.empty() ? Fate::Waiting : Fate::Kept, records(was),
               r.word(Text::FateSameClaim, {first.keptAs}));
  if (fresh.empty() && left >= was) return set(f, Fate::Waiting, records(left), r.word(Text::FateStillThere));
  set(f, Fate::Lost, records(now),
      left > 0                           ? r.word(Text::FateLeftBehind, {first.name})
      : first.keeper == Keeper::EmptyDir ? r.word(Text::FateEmptyDirGone)
                                         : r.word(Text::FateLayerGone));
}

void Comparison::fates(ColumnView& c) const {
  Pods old, fresh;
  const PodView* held = nullptr;
  for (const PodView& p : c.before) {
    const auto now = std::find_if(c.after.begin(), c.after.end(), [&](const PodView& q) { return q.uid == p.uid; });
    const bool gone = now == c.after.end();
    const bool ending = !gone && (now->state == PodState::Terminating || now->state == PodState::TerminatingUnknown ||
                                  now->state == PodState::Unknown || node::isSilent(r.facts(), p.node));
    if (gone || ending) old.push_back(&p);
    if (ending && !held) held = &*now;
  }
  for (const PodView& p : c.after) {
    const bool known = std::any_of(c.before.begin(), c.before.end(), [&](const PodView& q) { return q.uid == p.uid; });
    if (!known && p.state != PodState::Terminating) fresh.push_back(&p);
  }
  if (old.empty()) {
    for (FateView& f : c.fates) set(f, Fate::Untouched, "–", "");
    return;
  }
  if (fresh.empty()) {
    set(c.fates[0], Fate::Waiting, listed(old), held ? held->label : r.word(Text::NoPod));
    set(c.fates[3], Fate::Waiting, old[0]->bound ? old[0]->node : "–",
        old[0]->bound ? r.word(Text::FateOnePerNode) : "");
  } else {
    const bool same = std::all_of(fresh.begin(), fresh.end(), [&](const PodView* p) {
      return std::any_of(old.begin(), old.end(), [&](const PodView* q) { return q->name == p->name; });
    });
    set(c.fates[0], same ? Fate::Kept : Fate::New, listed(fresh),
        same ? r.word(Text::FateSameName) : r.word(Text::FateWas, {old[0]->name}));
    const std::string& node = fresh[0]->node;
    if (fresh[0]->bound)
      set(c.fates[3], Fate::Kept, node, r.word(Text::FateOnePerNode));
    else
      set(c.fates[3], Fate::Free, r.word(Text::FateAnyNode),
          node.empty() ? r.word(Text::NoNodeNote)
                       : r.word(node == old[0]->node ? Text::FateHereAgain : Text::FateHere, {node}));
  }
  dns(c, old, fresh);
  data(c.fates[2], old, fresh);
}

}  // namespace

void Reader::compare() {
  CompareView& view = out.compare;
  view.shown = view.complete = true;
  Comparison c{*this, view, {}, {}};
  for (int i = 0; i < 3; i++) {
    ColumnView& column = view.columns[i];
    column.kind = api::info(resources[i]).kind;
    objects().each(resources[i], "", [&](const api::Value& v) {
      if (column.id.empty()) column.id = idOf(v);
    });
    column.name = nameOf(column.id);
    view.complete &= !column.id.empty();
  }
  view.title = word(Text::CompareTitle);
  c.find();
  c.begin();
  for (ColumnView& column : view.columns) {
    if (column.id.empty()) continue;
    c.fates(column);
    c.why(column);
  }
}

}  // namespace web
