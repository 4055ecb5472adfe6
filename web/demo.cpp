#include "web/demo.hpp"

#include "web/text.hpp"

namespace web {
namespace {

SlotView slot(int n, std::string note, std::string reason, Tone tone, Disc disc, bool exists, std::string address,
              bool resolves) {
  SlotView s;
  s.ordinal = n;
  s.name = "web-" + std::to_string(n);
  s.id = "Pod/default/" + s.name;
  s.note = std::move(note);
  s.reason = std::move(reason);
  s.tone = tone;
  s.disc = disc;
  s.exists = exists;
  s.dns = s.name + ".web";
  s.address = std::move(address);
  s.resolves = resolves;
  return s;
}

PodView pod(int n, std::string node, PodState state, std::string label, int ready, Language l) {
  PodView p;
  p.name = "web-" + std::to_string(n);
  p.id = "Pod/default/" + p.name;
  p.node = std::move(node);
  p.state = state;
  p.label = std::move(label);
  p.ready = ready;
  p.ordinal = n;
  p.revision = text(l, Text::Rev, {"1"});
  p.set = "StatefulSet/default/web";
  return p;
}

ClaimView claim(int n, Language l, bool bound) {
  ClaimView c;
  c.name = "data-web-" + std::to_string(n);
  c.id = "PersistentVolumeClaim/default/" + c.name;
  c.set = "StatefulSet/default/web";
  c.ordinal = n;
  c.bound = c.exists = bound;
  c.note = text(l, bound ? Text::Bound : Text::NotYet);
  if (bound) c.volume = "PersistentVolume//pv-" + std::to_string(n + 1);
  return c;
}

void common(Snapshot& s, Language l) {
  s.language = l;
  for (const char* name :
       {"statefulset", "deployment", "daemonset", "volumes", "endpointslice", "gc", "node lifecycle", "scheduler"})
    s.actors.push_back({name, name});
  for (int i = 1; i <= 3; i++)
    s.nodes.push_back({"Node//node-" + std::to_string(i), "node-" + std::to_string(i), text(l, Text::NodeReady),
                       text(l, Text::Kubelet), Tone::Plain, false, false});
}

void store(Snapshot& s, std::initializer_list<int> counts) {
  static const std::pair<const char*, KindGroup> kinds[] = {
      {"sts", KindGroup::Work}, {"rev", KindGroup::Work}, {"pod", KindGroup::Pod}, {"pvc", KindGroup::Store},
      {"pv", KindGroup::Store}, {"svc", KindGroup::Net},  {"eps", KindGroup::Net}, {"node", KindGroup::Node}};
  size_t k = 0;
  for (int n : counts) {
    StoredView v{kinds[k].first, kinds[k].second, {}};
    for (int i = 0; i < n; i++)
      v.ids.push_back(k == 0   ? "StatefulSet/default/web"
                      : k == 2 ? "Pod/default/web-" + std::to_string(i)
                               : std::string(kinds[k].first) + std::to_string(i));
    s.stored.push_back(std::move(v));
    k++;
  }
}

void ticks(Snapshot& s, const char* script) {
  // Each entry: lane digit, group letter, verb letter.
  for (const char* c = script; *c; c += 3) {
    const KindGroup group = c[1] == 'w'   ? KindGroup::Work
                            : c[1] == 'p' ? KindGroup::Pod
                            : c[1] == 's' ? KindGroup::Store
                            : c[1] == 'n' ? KindGroup::Net
                                          : KindGroup::Node;
    const Verb verb = c[2] == 'c' ? Verb::Create : c[2] == 'u' ? Verb::Update : c[2] == 'd' ? Verb::Delete : Verb::None;
    s.timeline.ticks.push_back({verb, group, uint16_t(c[0] - '0')});
  }
}

}  // namespace

std::string demoManifest() {
  return "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n  serviceName: web\n  replicas: 3\n"
         "  podManagementPolicy: OrderedReady\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n  "
         "    labels: {app: web}\n"
         "    spec:\n      containers:\n      - name: app\n        image: web:1\n        readinessProbe:\n          "
         "httpGet: {path: /, port: 80}\n"
         "  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec:\n      accessModes: [ReadWriteOnce]\n      "
         "resources:\n        requests: {storage: 1Go}\n";
}

Snapshot demoOrderedCreation(Language l) {
  Snapshot s;
  common(s, l);
  const auto w = [&](Text t) { return std::string(text(l, t)); };
  s.cursor = s.length = 24;
  store(s, {1, 1, 2, 2, 2, 1, 1, 3});
  SetView set;
  set.id = "StatefulSet/default/web";
  set.kind = "StatefulSet";
  set.name = "web";
  set.replicas = 3;
  set.summary = text(l, Text::PodsOf, {"2", "3"});
  set.policy = "OrderedReady";
  set.service = "web";
  set.serviceId = "Service/default/web";
  set.slots = {slot(0, "", text(l, Text::ReadySince, {"13"}), Tone::Plain, Disc::Filled, true, "10.0.1.4", true),
               slot(1, w(Text::WaitedFor), w(Text::RunningNotReady), Tone::Wait, Disc::Waited, true,
                    w(Text::DnsNotReady), false),
               slot(2, w(Text::NotCreated), text(l, Text::WaitsFor, {"web-1"}), Tone::Plain, Disc::Dotted, false,
                    w(Text::NoPod), false)};
  set.gate = 2;
  s.sets.push_back(set);
  s.pods = {pod(0, "node-1", PodState::Ready, w(Text::Ready), 1, l),
            pod(1, "node-2", PodState::NotReady, w(Text::NotReady), 0, l)};
  s.claims = {claim(0, l, true), claim(1, l, true), claim(2, l, false)};
  s.volumes = {{"PersistentVolume//pv-1", "pv-1", text(l, Text::Records, {"42"}), 0.62f, false},
               {"PersistentVolume//pv-2", "pv-2", w(Text::Empty), 0, false}};
  s.waitedFor = "Pod/default/web-1";
  s.write = {"statefulset", "PUT status", "StatefulSet/default/web", "rv 40 → 41", "StatefulSet/default/web", true};
  s.why.actor = text(l, Text::Controller, {"statefulset"});
  s.why.step = text(l, Text::StepNumber, {"24"});
  if (l == Language::English) {
    s.why.sentence = {{"web-2", true, "Pod/default/web-2"}, {" is not created yet: ", false, ""},
                      {"web-1", true, "Pod/default/web-1"}, {" is Running but not Ready, and ", false, ""},
                      {"podManagementPolicy", true, ""},    {" is OrderedReady.", false, ""}};
    s.why.more = {{"Each pod waits until every pod with a lower ordinal is Running and Ready.", false, ""}};
    s.why.next = {{"kubelet on node-2 probes web-1, in 5 s", false, ""}};
  } else {
    s.why.sentence = {{"尚未创建 ", false, ""},
                      {"web-2", true, "Pod/default/web-2"},
                      {"：", false, ""},
                      {"web-1", true, "Pod/default/web-1"},
                      {" 正在运行但未就绪，而 ", false, ""},
                      {"podManagementPolicy", true, ""},
                      {" 是 OrderedReady。", false, ""}};
    s.why.more = {{"每个 Pod 都要等序号更小的 Pod 全部运行并就绪。", false, ""}};
    s.why.next = {{"node-2 的 kubelet 探测 web-1", false, ""}};
  }
  s.why.tiles = {{"3", w(Text::Desired), Tone::Plain},
                 {"2", w(Text::Created), Tone::Plain},
                 {"1", w(Text::TileReady), Tone::Wait}};
  s.why.facts = {{"first pod not Ready", "web-1", Tone::Wait}, {"its readiness probe", "1 of 3 failed", Tone::Plain}};
  s.why.written = "statefulsets/web/status";
  s.why.diff = {{' ', 0, "status:"},
                {'-', 1, "replicas: 1"},
                {'+', 1, "replicas: 2"},
                {'-', 1, "currentReplicas: 1"},
                {'+', 1, "currentReplicas: 2"}};
  s.timeline.lanes = {w(Text::You),     "statefulset",    "volumes",      "scheduler",
                      "kubelet node-1", "kubelet node-2", "endpointslice"};
  ticks(s, "0nc0wc6nc1wc1sc1pc2sc2su2su3pu4pu4pu4pu6nu1wu1sc1pc2sc2su2su3pu5pu5pu1wu");
  BranchView b;
  b.label = "Try 1: scaled to 5";
  b.from = 15;
  for (KindGroup g : {KindGroup::Work, KindGroup::Store, KindGroup::Pod, KindGroup::Store, KindGroup::Store,
                      KindGroup::Pod, KindGroup::Pod, KindGroup::Pod})
    b.ticks.push_back({Verb::Create, g, 0});
  s.timeline.branches.push_back(b);
  s.inspected.id = "Pod/default/web-1";
  s.inspected.title = "web-1";
  s.inspected.events = {{"13:06", "Unhealthy", "Readiness probe failed: HTTP 503", "Pod/web-1", "Warning"},
                        {"13:04", "Started", "Started container app", "Pod/web-1", "Normal"},
                        {"13:02", "Scheduled", "Assigned default/web-1 to node-2", "Pod/web-1", "Normal"},
                        {"13:01", "Created", "Created container app", "Pod/web-1", "Normal"}};
  s.inspected.owners = {{"StatefulSet", "web", Tone::Plain}};
  s.events = s.inspected.events;
  s.eventCount = s.inspected.eventCount = int(s.events.size());
  return s;
}

Snapshot demoNodeFailure(Language l) {
  Snapshot s = demoOrderedCreation(l);
  const auto w = [&](Text t) { return std::string(text(l, t)); };
  s.cursor = 27;
  s.length = 28;
  s.stored.clear();
  store(s, {1, 1, 3, 3, 3, 1, 1, 3});
  SetView& set = s.sets[0];
  set.summary = text(l, Text::PodsOf, {"3", "3"});
  set.gate = -1;
  set.slots = {slot(0, "", text(l, Text::ReadySince, {"9"}), Tone::Plain, Disc::Filled, true, "10.0.1.4", true),
               slot(1, w(Text::Held), w(Text::MayStillRun), Tone::Wait, Disc::Waited, true, w(Text::DnsRemoved), false),
               slot(2, "", text(l, Text::ReadySince, {"21"}), Tone::Plain, Disc::Filled, true, "10.0.3.2", true)};
  s.pods = {pod(0, "node-1", PodState::Ready, w(Text::Ready), 1, l),
            pod(1, "node-2", PodState::TerminatingUnknown, w(Text::TerminatingUnknown), 1, l),
            pod(2, "node-3", PodState::Ready, w(Text::Ready), 1, l)};
  s.nodes[1].condition = w(Text::NodeUnreachable);
  s.nodes[1].tone = Tone::Wait;
  s.nodes[1].kubelet = w(Text::NoHeartbeat);
  s.nodes[1].lost = true;
  s.claims = {claim(0, l, true), claim(1, l, true), claim(2, l, true)};
  s.volumes.clear();
  for (int i = 1; i <= 3; i++)
    s.volumes.push_back({"PersistentVolume//pv-" + std::to_string(i), "pv-" + std::to_string(i),
                         text(l, Text::Records, {"42"}), 0.62f, false});
  s.waitedFor.clear();
  s.write = {"node lifecycle", "DELETE", "Pod/default/web-1", "rv 71 → 72", "Pod/default/web-1", true};
  s.why.actor = text(l, Text::Controller, {"node lifecycle"});
  s.why.step = text(l, Text::StepNumber, {"27"});
  s.why.sentence = {{"web-1", true, "Pod/default/web-1"}, {" is not replaced: ", false, ""},
                    {"node-2", true, "Node//node-2"},     {" is unreachable, so nothing confirms that ", false, ""},
                    {"web-1", true, "Pod/default/web-1"}, {" has stopped.", false, ""}};
  s.why.more = {
      {"A StatefulSet runs at most one pod per name. Two pods named web-1 could write to data-web-1 at the same time.",
       false, ""}};
  s.why.tiles = {{"3", w(Text::Desired), Tone::Plain},
                 {"3", w(Text::Created), Tone::Plain},
                 {"2", w(Text::TileReady), Tone::Wait}};
  s.why.facts = {{"last heartbeat of node-2", "340 s ago", Tone::Wait},
                 {"toleration of unreachable", "300 s", Tone::Plain}};
  s.why.written = "pods/web-1";
  s.why.diff = {
      {' ', 0, "metadata:"}, {'+', 1, "deletionTimestamp: 13:11:40"}, {'+', 1, "deletionGracePeriodSeconds: 30"}};
  s.why.next.clear();
  s.why.waysOut = {{"node-2 comes back", "its kubelet reports that web-1 stopped", "{}", false},
                   {"Taint node-2 out-of-service", "you vouch that the machine is off", "taint", false},
                   {"Force delete web-1", "two web-1 may then run at once", "delete", true}};
  ticks(s, "6nu0kd1wu4pd");
  return s;
}

const Snapshot& DemoSource::snapshot(const Shell& shell) {
  shown_ = nodeFailure_ ? demoNodeFailure(shell.language) : demoOrderedCreation(shell.language);
  return shown_;
}

}  // namespace web
