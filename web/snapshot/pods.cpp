// What nodes and pods look like: the table of visual states is derived here and nowhere else.
#include "core/api/pods.hpp"

#include "core/api/sort.hpp"
#include "core/node/disk.hpp"
#include "core/node/machine.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

std::string_view readyStatus(const api::Node& node) {
  for (const api::NodeCondition& c : node.status().conditions())
    if (c.type() == "Ready") return c.status();
  return {};
}

const NodeView* nodeOf(const Snapshot& s, std::string_view name) {
  for (const NodeView& n : s.nodes)
    if (n.name == name) return &n;
  return nullptr;
}

bool claimUnbound(const Reader& r, const api::Pod& pod) {
  for (const api::Volume& v : pod.spec().volumes()) {
    if (!v.hasPersistentVolumeClaim()) continue;
    const api::Value* claim = r.objects().get(api::Resource::persistentvolumeclaims, pod.metadata().namespace_(),
                                              v.persistentVolumeClaim().claimName());
    if (!claim || api::PersistentVolumeClaim{{*claim}}.status().phase() != "Bound") return true;
  }
  return false;
}

// The reason why a container waits: CrashLoopBackOff, ImagePullBackOff …
std::string_view waitingReason(const api::Pod& pod) {
  for (const api::ContainerStatus& c : pod.status().containerStatuses())
    if (c.state().hasWaiting()) return c.state().waiting().reason();
  return {};
}

PodState stateOf(const Reader& r, const api::Pod& pod, bool nodeLost) {
  if (api::isTerminating(pod)) return nodeLost ? PodState::TerminatingUnknown : PodState::Terminating;
  const std::string_view phase = pod.status().phase();
  if (phase == "Failed") return PodState::Failed;
  if (phase == "Succeeded") return PodState::Succeeded;
  if (phase == "Unknown" || nodeLost) return PodState::Unknown;
  if (!api::isScheduled(pod)) return claimUnbound(r, pod) ? PodState::WaitsForVolume : PodState::Pending;
  const std::string_view reason = waitingReason(pod);
  if (reason == "CrashLoopBackOff" || reason == "ErrImagePull" || reason == "ImagePullBackOff" ||
      reason == "CreateContainerConfigError")
    return PodState::CrashLoop;
  if (phase == "Running") return api::isPodReady(pod) ? PodState::Ready : PodState::NotReady;
  return PodState::Creating;
}

std::string labelOf(const Reader& r, const api::Pod& pod, PodState s) {
  switch (s) {
    case PodState::Pending: return r.word(Text::PendingNoNode);
    case PodState::WaitsForVolume: return r.word(Text::WaitsForVolume);
    case PodState::Creating: return r.word(Text::Creating);
    case PodState::NotReady: return r.word(Text::NotReady);
    case PodState::Ready: return r.word(Text::Ready);
    case PodState::CrashLoop: {
      const std::string_view reason = waitingReason(pod);
      return reason == "CrashLoopBackOff" ? r.word(Text::CrashLoop) : std::string(reason);
    }
    case PodState::Terminating: return r.word(Text::Terminating);
    case PodState::TerminatingUnknown: return r.word(Text::TerminatingUnknown);
    case PodState::Failed:
      for (const api::ContainerStatus& c : pod.status().containerStatuses())
        if (c.state().hasTerminated())
          return r.word(Text::FailedExit, {std::to_string(c.state().terminated().exitCode())});
      return r.word(Text::Failed);
    case PodState::Unknown: return r.word(Text::UnknownNodeLost);
    case PodState::Succeeded: return r.word(Text::Succeeded);
    case PodState::NotCreated: break;
  }
  return r.word(Text::NotCreated);
}

// The number of a pod's revision, and whether it is the one that its set updates to.
void revision(const Reader& r, const api::Pod& pod, std::string_view owner, PodView& out) {
  const api::ObjectMeta meta = pod.metadata();
  const api::Value* hash = meta.labels().doc.find("controller-revision-hash");
  if (!hash) return;
  const api::Value* revision = r.objects().get(api::Resource::controllerrevisions, meta.namespace_(), hash->asString());
  if (!revision) return;
  out.revision = r.word(Text::Rev, {std::to_string(api::ControllerRevision{{*revision}}.revision())});
  const api::Value* set = r.objects().get(api::Resource::statefulsets, meta.namespace_(), owner);
  if (!set) return;
  const api::StatefulSetStatus status = api::StatefulSet{{*set}}.status();
  out.updated = status.updateRevision() == hash->asString() && status.updateRevision() != status.currentRevision();
}

// Where its records lie, and how many: on a claim's disk, on the machine, in an emptyDir, else in its containers.
void keeps(const Reader& r, const api::Pod& pod, PodView& p) {
  const std::string_view space = pod.metadata().namespace_();
  const auto see = [&](Keeper keeper, std::string key, std::string_view name) {
    const int records = int(node::countRecords(r.facts().get(key)));
    if (p.keeper != Keeper::Nothing &&
        (keeper == Keeper::Container ? p.records > 0 || records == 0 : keeper > p.keeper))
      return;
    if (keeper == Keeper::Container && records == 0) return;
    if (keeper == p.keeper) return void(p.records += records);
    p.keeper = keeper, p.records = records, p.keptIn = std::move(key), p.keptAs = name;
  };
  for (const api::Volume& v : pod.spec().volumes()) {
    if (v.hasPersistentVolumeClaim()) {
      const std::string_view name = v.persistentVolumeClaim().claimName();
      const api::Value* claim = r.objects().get(api::Resource::persistentvolumeclaims, space, name);
      if (claim) see(Keeper::Claim, node::diskKey(api::PersistentVolumeClaim{{*claim}}.spec().volumeName()), name);
    } else if (v.hasHostPath()) {
      see(Keeper::Machine, node::hostPathKey(p.node, v.hostPath().path()), v.hostPath().path());
    } else if (v.hasEmptyDir()) {
      see(Keeper::EmptyDir, node::emptyDirKey(p.uid, v.name()), v.name());
    }
  }
  for (const api::Container& c : pod.spec().containers())
    see(Keeper::Container, node::layerKey(p.uid, c.name()), c.name());
}

}  // namespace

// A Deployment's pods are its ReplicaSets'.
std::string workloadOf(const Reader& r, std::string_view space, const api::OwnerReference& owner) {
  if (owner.kind() == "ReplicaSet")
    if (const api::Value* set = r.objects().get(api::Resource::replicasets, space, owner.name()))
      if (const api::OwnerReference above = api::controllerOf(api::ReplicaSet{{*set}}.metadata());
          !above.name().empty())
        return store::objectName(above.kind(), space, above.name());
  return store::objectName(owner.kind(), space, owner.name());
}

void Reader::nodes() {
  each<api::Node>([&](const api::Node& node) {
    NodeView& n = out.nodes.emplace_back();
    n.name = node.metadata().name();
    n.id = store::objectName("Node", "", n.name);
    const std::string_view ready = readyStatus(node);
    const bool silent = node::isSilent(facts(), n.name);
    n.cordoned = node.spec().unschedulable();
    n.lost = ready == "Unknown" || silent;
    n.kubelet = word(silent ? Text::NoHeartbeat : Text::Kubelet);
    n.condition = word(ready == "Unknown" ? Text::NodeUnreachable
                       : ready == "False" ? Text::NodeNotReady
                                          : Text::NodeReady);
    if (ready != "True") n.tone = Tone::Wait;
    if (n.cordoned && ready == "True") n.condition = word(Text::NodeCordoned), n.tone = Tone::Wait;
  });
  // node-2 before node-10.
  api::sort(out.nodes, [](const NodeView& a, const NodeView& b) {
    const auto head = [](const std::string& s) { return s.find_last_not_of("0123456789") + 1; };
    const size_t i = head(a.name), j = head(b.name);
    if (a.name.compare(0, i, b.name, 0, j) != 0) return a.name < b.name;
    return a.name.size() != b.name.size() ? a.name.size() < b.name.size() : a.name < b.name;
  });
}

void Reader::pods() {
  each<api::Pod>([&](const api::Pod& pod) {
    PodView& p = out.pods.emplace_back();
    const api::ObjectMeta meta = pod.metadata();
    p.name = meta.name();
    p.id = store::objectName("Pod", meta.namespace_(), p.name);
    p.node = pod.spec().nodeName();
    const NodeView* node = nodeOf(out, p.node);
    // What the API knows: a silent machine is noticed when its node's condition says so.
    p.state = stateOf(*this, pod, node && node->condition == word(Text::NodeUnreachable));
    p.label = labelOf(*this, pod, p.state);
    if (p.state == PodState::Pending) p.brief = word(Text::Pending);
    if (p.state == PodState::WaitsForVolume) p.brief = word(Text::NoVolume);
    if (p.state == PodState::NotReady) p.brief = word(Text::DnsNotReady);
    if (p.state == PodState::CrashLoop) p.brief = word(Text::CrashLoopShort);
    if (p.state == PodState::Unknown || p.state == PodState::TerminatingUnknown) p.brief = word(Text::Unknown);
    p.containers = int(pod.spec().containers().size());
    for (const api::ContainerStatus& c : pod.status().containerStatuses()) {
      p.ready += c.ready();
      p.restarts += int(c.restartCount());
    }
    p.uid = meta.uid();
    for (const api::NodeSelectorTerm& term :
         pod.spec().affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms())
      for (const api::NodeSelectorRequirement& field : term.matchFields()) p.bound |= field.key() == "metadata.name";
    keeps(*this, pod, p);
    const api::OwnerReference owner = api::controllerOf(meta);
    if (owner.name().empty()) return;
    p.set = workloadOf(*this, meta.namespace_(), owner);
    p.daemon = owner.kind() == "DaemonSet";
    if (owner.kind() == "StatefulSet") {
      const size_t dash = p.name.rfind('-');
      if (dash != std::string::npos) p.ordinal = int(std::strtol(p.name.c_str() + dash + 1, nullptr, 10));
      revision(*this, pod, owner.name(), p);
    }
  });
}

}  // namespace web
