// The identities of StatefulSets: which exist, which wait and for whom, where the gate is shut, what their names
// resolve to.
#include <algorithm>
#include <set>

#include "core/api/pods.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

struct Identities {
  const Reader& r;
  const api::StatefulSet& set;
  SetView& view;
  std::vector<const PodView*> pods;  // by slot; null where there is none
  int start = 0, replicas = 1;

  std::string nameOf(int ordinal) const { return view.name + "-" + std::to_string(ordinal); }
  bool wanted(int ordinal) const { return ordinal >= start && ordinal < start + replicas; }

  void collect();
  void describe();
  void waitsFor(SlotView&, const SlotView& other);
  void waited(size_t i);
  int creating();
  int removing();
  void updating();
  void names();
};

void Identities::collect() {
  const std::string space(set.metadata().namespace_());
  std::set<int> ordinals;
  for (int i = 0; i < replicas; i++) ordinals.insert(start + i);
  for (const PodView& p : r.out.pods)
    if (p.set == view.id) ordinals.insert(p.ordinal);
  // An identity whose claim is kept stays in its place, though no pod may come back to it.
  for (const api::PersistentVolumeClaim& t : set.spec().volumeClaimTemplates()) {
    const std::string prefix = std::string(t.metadata().name()) + "-" + view.name + "-";
    r.each<api::PersistentVolumeClaim>([&](const api::PersistentVolumeClaim& c) {
      const std::string_view name = c.metadata().name();
      if (c.metadata().namespace_() != space || !name.starts_with(prefix)) return;
      const std::string rest(name.substr(prefix.size()));
      if (!rest.empty() && rest.find_first_not_of("0123456789") == std::string::npos)
        ordinals.insert(int(std::strtol(rest.c_str(), nullptr, 10)));
    });
  }
  std::map<int, const PodView*> found;
  for (const PodView& p : r.out.pods)
    if (p.set == view.id) found[p.ordinal] = &p;
  for (int ordinal : ordinals) {
    SlotView& slot = view.slots.emplace_back();
    slot.ordinal = ordinal;
    slot.name = nameOf(ordinal);
    slot.id = store::objectName("Pod", space, slot.name);
    const auto at = found.find(ordinal);
    pods.push_back(at == found.end() ? nullptr : at->second);
    slot.exists = pods.back() != nullptr;
  }
}

// What each slot says when it holds nobody up.
void Identities::describe() {
  for (size_t i = 0; i < view.slots.size(); i++) {
    SlotView& slot = view.slots[i];
    const PodView* pod = pods[i];
    if (!pod) {
      slot.note = r.word(wanted(slot.ordinal) ? Text::NotCreated : Text::ScaledDown);
      slot.reason = wanted(slot.ordinal) ? "" : r.word(Text::ClaimKept);
      continue;
    }
    slot.disc = pod->state == PodState::Ready ? Disc::Filled : Disc::Ring;
    const int since = r.history.readySince(pod->id, r.out.cursor);
    slot.brief = pod->state == PodState::Ready ? r.word(Text::Ready) : pod->brief;
    switch (pod->state) {
      case PodState::Ready:
        slot.reason = since > 0 ? r.word(Text::ReadySince, {std::to_string(since)}) : r.word(Text::Ready);
        break;
      case PodState::NotReady: slot.reason = r.word(Text::RunningNotReady); break;
      case PodState::Terminating: slot.reason = r.word(Text::IsTerminating); break;
      case PodState::TerminatingUnknown:
      case PodState::Unknown:
        slot.note = r.word(Text::Held);
        slot.reason = r.word(Text::MayStillRun);
        slot.tone = Tone::Wait;
        slot.disc = Disc::Waited;
        break;
      case PodState::Creating: slot.reason = r.word(Text::IsStarting); break;
      default: slot.reason = pod->label;
    }
    if (pod->state == PodState::CrashLoop || pod->state == PodState::Failed) slot.tone = Tone::Bad;
  }
}

void Identities::waitsFor(SlotView& slot, const SlotView& other) {
  slot.reason = r.word(Text::WaitsFor, {other.name});
  slot.brief = r.word(Text::AfterName, {other.name});
}

void Identities::waited(size_t i) {
  SlotView& slot = view.slots[i];
  slot.note = r.word(Text::WaitedFor);
  slot.disc = Disc::Waited;
  if (slot.tone == Tone::Plain) slot.tone = Tone::Wait;
}

// OrderedReady: the lowest pod that is missing waits for the first below it that is not Ready. Gives the gate.
int Identities::creating() {
  for (size_t i = 0; i < view.slots.size(); i++) {
    if (pods[i] || !wanted(view.slots[i].ordinal)) continue;
    int gate = -1;
    for (size_t k = 0; k < i && gate < 0; k++)
      if (pods[k] && pods[k]->state != PodState::Ready) {
        waited(k);
        gate = int(i);
        waitsFor(view.slots[i], view.slots[k]);
      }
    if (gate < 0) view.slots[i].reason = r.word(Text::ToCreate);
    for (size_t k = i + 1; k < view.slots.size(); k++)
      if (!pods[k] && wanted(view.slots[k].ordinal)) waitsFor(view.slots[k], view.slots[k - 1]);
    return gate;
  }
  return -1;
}

// Scaling down goes from the highest ordinal: the others wait for it to be gone.
int Identities::removing() {
  int going = -1;
  for (size_t i = view.slots.size(); i-- > 0;) {
    if (!pods[i] || wanted(view.slots[i].ordinal)) continue;
    if (going < 0) {
      going = int(i);
      if (pods[i]->state == PodState::Terminating)
        waited(i);
      else
        view.slots[i].reason = r.word(Text::ToBeDeleted);
    } else {
      waitsFor(view.slots[i], view.slots[size_t(going)]);
      view.slots[i].disc = Disc::Ring;
    }
  }
  return going;
}

// A rolling update goes from the highest ordinal too; pods below `partition` keep their revision.
void Identities::updating() {
  const api::StatefulSetStatus status = set.status();
  if (status.updateRevision().empty() || status.updateRevision() == status.currentRevision()) return;
  const bool onDelete = set.spec().updateStrategy().type() == "OnDelete";
  const int partition = int(set.spec().updateStrategy().rollingUpdate().partition());
  int blocker = -1;
  for (size_t i = view.slots.size(); i-- > 0;) {
    const PodView* pod = pods[i];
    SlotView& slot = view.slots[i];
    if (!pod || !wanted(slot.ordinal)) continue;
    if (pod->updated && pod->state == PodState::Ready) continue;
    if (!pod->updated && pod->state == PodState::Ready) {
      slot.disc = Disc::Ring;
      slot.brief.clear();
      if (onDelete)
        slot.reason = r.word(Text::UntilDeleted);
      else if (slot.ordinal < partition)
        slot.reason = r.word(Text::BelowPartition, {std::to_string(partition)});
      else if (blocker >= 0)
        waitsFor(slot, view.slots[size_t(blocker)]);
      else
        slot.reason = r.word(Text::UpdatedNext), blocker = int(i);
      continue;
    }
    if (blocker >= 0) continue;
    blocker = int(i);
    waited(i);
    if (!onDelete && slot.ordinal > start) view.gate = int(i), view.gateDown = true;
  }
}

// What each pod's DNS name resolves to: the endpoint of the governing Service that carries its hostname.
void Identities::names() {
  const std::string space(set.metadata().namespace_());
  view.service = set.spec().serviceName();
  if (view.service.empty()) return;
  view.serviceId = store::objectName("Service", space, view.service);
  const bool there = r.objects().get(api::Resource::services, space, view.service) != nullptr;
  std::map<std::string, std::pair<std::string, bool>, std::less<>> endpoints;
  r.each<api::EndpointSlice>([&](const api::EndpointSlice& slice) {
    const api::Value* service = slice.metadata().labels().doc.find("kubernetes.io/service-name");
    if (slice.metadata().namespace_() != space || !service || service->asString() != view.service) return;
    for (const api::Endpoint& e : slice.endpoints()) {
      if (e.addresses().empty()) continue;
      const std::string name(e.hasHostname() ? e.hostname() : e.targetRef().name());
      endpoints[name] = {std::string(*e.addresses().begin()), e.conditions().ready()};
    }
  });
  for (size_t i = 0; i < view.slots.size(); i++) {
    SlotView& slot = view.slots[i];
    slot.dns = slot.name + "." + view.service;
    const auto at = endpoints.find(slot.name);
    slot.resolves = at != endpoints.end() && at->second.second;
    if (slot.resolves)
      slot.address = at->second.first;
    else if (!there)
      slot.address = r.word(Text::NoService);
    else if (!pods[i])
      slot.address = r.word(Text::NoPod);
    else if (pods[i]->state == PodState::Unknown || pods[i]->state == PodState::TerminatingUnknown)
      slot.address = r.word(Text::DnsRemoved);
    else
      slot.address = r.word(pods[i]->state == PodState::Ready ? Text::DnsNotYet : Text::DnsNotReady);
  }
}

}  // namespace

void Reader::workloads() {
  each<api::StatefulSet>([&](const api::StatefulSet& set) {
    SetView view;
    view.kind = "StatefulSet";
    view.name = set.metadata().name();
    view.id = store::objectName(view.kind, set.metadata().namespace_(), view.name);
    view.policy = set.spec().podManagementPolicy();
    view.replicas = set.spec().hasReplicas() ? int(set.spec().replicas()) : 1;
    Identities ids{*this, set, view, {}, int(set.spec().ordinals().start()), view.replicas};
    ids.collect();
    ids.describe();
    const int going = ids.removing();
    ids.updating();
    if (view.policy != "Parallel" && view.gate < 0) view.gate = ids.creating();
    if (going > 0 && view.gate < 0 && ids.pods[size_t(going)]->state == PodState::Terminating)
      view.gate = going, view.gateDown = true;
    ids.names();
    int exist = 0;
    for (const PodView* p : ids.pods) exist += p != nullptr;
    const api::StatefulSetStatus status = set.status();
    view.brief = word(Text::Of, {std::to_string(status.readyReplicas()), std::to_string(view.replicas)});
    const bool updating = !status.updateRevision().empty() && status.updateRevision() != status.currentRevision();
    view.summary =
        updating ? word(Text::UpdatedOf, {std::to_string(status.updatedReplicas()), std::to_string(view.replicas)})
                 : word(Text::PodsOf, {std::to_string(exist), std::to_string(view.replicas)});
    if (view.replicas >= 100) view.summary = word(Text::Of, {std::to_string(exist), std::to_string(view.replicas)});
    for (size_t i = 0; i < view.slots.size(); i++)
      if (view.slots[i].disc == Disc::Waited && view.slots[i].exists && out.waitedFor.empty())
        out.waitedFor = view.slots[i].id;
    out.sets.push_back(std::move(view));
  });
  others();
}

// Deployments, DaemonSets, ReplicaSets that no Deployment owns, and how many pods may be disrupted now.
void Reader::others() {
  const auto add = [&](const char* kind, const api::ObjectMeta& meta, std::string note, bool short_,
                       int64_t replicas = -1) {
    OtherView& o = out.others.emplace_back();
    o.kind = kind;
    o.name = meta.name();
    if (meta.namespace_() != "default") o.name = std::string(meta.namespace_()) + "/" + o.name;
    o.id = store::objectName(kind, meta.namespace_(), meta.name());
    o.note = std::move(note);
    o.replicas = int(replicas);
    if (short_) o.tone = Tone::Wait;
  };
  const auto of = [&](int64_t ready, int64_t wanted) {
    return word(Text::Of, {std::to_string(ready), std::to_string(wanted)});
  };
  each<api::Deployment>([&](const api::Deployment& d) {
    const int64_t wanted = d.spec().hasReplicas() ? d.spec().replicas() : 1, ready = d.status().readyReplicas();
    add("Deployment", d.metadata(), of(ready, wanted), ready < wanted, wanted);
  });
  each<api::ReplicaSet>([&](const api::ReplicaSet& r) {
    if (!api::controllerOf(r.metadata()).name().empty()) return;
    const int64_t wanted = r.spec().hasReplicas() ? r.spec().replicas() : 1, ready = r.status().readyReplicas();
    add("ReplicaSet", r.metadata(), of(ready, wanted), ready < wanted, wanted);
  });
  each<api::DaemonSet>([&](const api::DaemonSet& d) {
    const int64_t wanted = d.status().desiredNumberScheduled(), ready = d.status().numberReady();
    add("DaemonSet", d.metadata(), of(ready, wanted), ready < wanted, wanted);
  });
  each<api::PodDisruptionBudget>([&](const api::PodDisruptionBudget& b) {
    const int64_t allowed = b.status().disruptionsAllowed();
    add("PodDisruptionBudget", b.metadata(), word(Text::DisruptionsAllowed, {std::to_string(allowed)}), allowed <= 0);
  });
}

}  // namespace web
