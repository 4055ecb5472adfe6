#pragma once
// What the views show, as plain data: the cluster at the cursor, the journal as ticks, the sentence for the entry, the
// inspected object. Filled by web/snapshot.cpp from a sim::Session (or by web/demo.cpp by hand); read by the scene and
// the views, which know no rule of Kubernetes. Words in it are already in the chosen language.
#include <cstdint>
#include <string>
#include <vector>

#include "web/theme.hpp"

namespace web {

enum class Language : uint8_t { English, Chinese };

/// What a pod looks like (visual.md, section 3).
enum class PodState : uint8_t {
  Pending,
  WaitsForVolume,
  Creating,
  NotReady,
  Ready,
  CrashLoop,
  Terminating,
  TerminatingUnknown,
  Failed,
  Unknown,
  Succeeded,
  NotCreated,
};
/// Groups of kinds share a colour.
enum class KindGroup : uint8_t { Work, Pod, Store, Net, Node };
enum class Verb : uint8_t { Create, Update, Delete, None };

// An `id` is kind/namespace/name, as the journal and JavaScript write it: "Pod/default/web-0", "Node//node-1".

/// Where a pod's records lie, the longest lived first.
enum class Keeper : uint8_t { Nothing, Claim, Machine, EmptyDir, Container };

struct PodView {
  std::string id, name, node, revision;  ///< revision: what its tag says, empty without one
  std::string label, brief;              ///< the state in words; in few words
  std::string set;                       ///< id of the workload that it belongs to
  std::string uid, keptIn, keptAs;       ///< where its records lie: the fact, and what the pod calls it
  Keeper keeper = Keeper::Nothing;
  int records = 0;
  PodState state = PodState::Pending;
  int ordinal = -1, ready = 0, containers = 1, restarts = 0;
  bool updated = false;  ///< has the update revision
  bool daemon = false;   ///< one per node
  bool bound = false;    ///< may run on its node only
};

enum class Disc : uint8_t { Filled, Ring, Waited, Dotted };
/// One identity of a StatefulSet, whether its pod exists or not.
struct SlotView {
  int ordinal = 0;
  std::string id, name, note, reason;  ///< id: of the pod that it is for
  std::string brief;                   ///< the reason where there is little room
  Tone tone = Tone::Plain;             ///< of the reason
  Disc disc = Disc::Dotted;
  bool exists = false;
  std::string dns, address;  ///< the name; what it resolves to, or why not
  bool resolves = false;
};

struct SetView {
  std::string id, kind, name, summary, service, serviceId, policy;
  std::string brief;  ///< how many are Ready, "2 / 3"
  std::vector<SlotView> slots;
  int replicas = 0;       ///< as wanted
  int gate = -1;          ///< shut before this slot (an index), or -1
  bool gateDown = false;  ///< the order runs from high to low: the gate is after the slot
};

/// A workload without identities, or a limit on disrupting one: a pill beside the StatefulSets'.
struct OtherView {
  std::string id, kind, name, note;
  int replicas = -1;  ///< as wanted; -1 where that means nothing
  Tone tone = Tone::Plain;
};

struct ClaimView {
  std::string id, name, set, note, volume;  ///< volume: id of the volume it is bound to
  int ordinal = -1, row = 0;                ///< row: which of the set's claim templates
  Tone tone = Tone::Plain;
  bool bound = false, exists = true;
};
struct VolumeView {
  std::string id, name, note;
  float filled = 0;
  bool lost = false;
};
struct NodeView {
  std::string id, name, condition, kubelet;
  Tone tone = Tone::Plain;
  bool lost = false, cordoned = false;
};

struct ActorView {
  std::string name, id;  ///< shown, and as the journal writes it
};
struct StoredView {
  std::string name;  ///< "sts", "pod"
  KindGroup group = KindGroup::Work;
  std::vector<std::string> ids;
};

/// Part of a sentence: words, or the name of an object or field (mono; a link when it has an id).
struct Span {
  std::string text;
  bool mono = false;
  std::string id;
};
struct TileView {
  std::string number, label;
  Tone tone = Tone::Plain;
};
struct FactView {
  std::string name, value;
  Tone tone = Tone::Plain;
};
struct DiffLine {
  char sign = ' ';  ///< '+', '-', or ' ' for what stands around
  int indent = 0;
  std::string text;
};
/// A way on when something waits for the user.
struct WayOut {
  std::string title, note, command;  ///< command: a kubectl line or a fault, as Commands take them
  bool risky = false;
};
/// Why the entry at the cursor happened, or why something does not.
struct WhyView {
  std::string actor, step;
  std::vector<Span> sentence, more;
  std::vector<TileView> tiles;
  std::vector<FactView> facts;
  std::string written;
  std::vector<DiffLine> diff;
  std::vector<Span> next;
  std::vector<WayOut> waysOut;
};

/// The write of the entry at the cursor: drawn from the actor to the API server to the object.
struct WriteView {
  std::string actor, verb, object, revisions;  ///< verb: "PUT status"; revisions: "rv 40 → 41"
  std::string shownAt;                         ///< the glyph that stands for the object; mostly its own
  bool any = false;                            ///< false: nothing was written
};

struct TickView {
  Verb verb = Verb::None;
  KindGroup group = KindGroup::Work;
  uint16_t lane = 0;
};
struct BranchView {
  std::string label;
  int id = 0, from = 0, length = 0;
  std::vector<TickView> ticks;  ///< of what it did after it left, as far as known
};
struct TimelineView {
  std::vector<std::string> lanes;
  std::vector<TickView> ticks;  ///< entry 1 first
  std::vector<BranchView> branches;
};

/// What became of a name, a DNS name, the data, the node of the pods that something happened to.
enum class Fate : uint8_t { Untouched, Waiting, Kept, New, None, Lost, Free, PerNode };
struct FateView {
  Fate fate = Fate::Untouched;
  std::string word, value, note;
};
/// One workload of the comparison: before the same thing was done to all, and at the cursor.
struct ColumnView {
  std::string id, kind, name;  ///< id: empty where the cluster has no such workload
  std::vector<PodView> before, after;
  std::string command;    ///< what was done to it, empty until then
  std::vector<Span> why;  ///< what its controller last decided
  FateView fates[4];      ///< name, DNS, data, node
};
struct CompareView {
  bool shown = false, complete = false;  ///< complete: there is one workload of each kind
  int what = -1;                         ///< 0 a deletion, 1 a lost node, 2 an update
  int start = -1;                        ///< the entry before which all was well; -1: nothing has been done
  std::string title;
  std::vector<NodeView> nodes;  ///< before
  ColumnView columns[3];        ///< StatefulSet, Deployment, DaemonSet
};

/// A version of Kubernetes that can be modelled.
struct VersionView {
  std::string name, note;  ///< note: what is special about it
  bool used = false;
};

struct EventView {
  std::string time, reason, message, object, type;
};
struct InspectView {
  std::string id, title;
  std::vector<std::string> yaml;
  std::vector<EventView> events;  ///< the newest
  int eventCount = 0;
  std::vector<FactView> owners;
};

struct Snapshot {
  Language language = Language::English;
  int cursor = 0, length = 0;
  std::string time;
  std::vector<ActorView> actors;
  std::vector<StoredView> stored;
  std::vector<NodeView> nodes;
  std::vector<PodView> pods;
  std::vector<SetView> sets;
  std::vector<OtherView> others;
  std::vector<ClaimView> claims;
  std::vector<VolumeView> volumes;
  std::string waitedFor;  ///< id of the object that a wait is about
  WriteView write;
  WhyView why;
  TimelineView timeline;
  std::vector<EventView> events;  ///< the newest
  int eventCount = 0;
  InspectView inspected;
  CompareView compare;
  std::vector<VersionView> versions;  ///< the newest first
  bool resting = false;               ///< nothing is left to do before the clock or the user moves
};

}  // namespace web
