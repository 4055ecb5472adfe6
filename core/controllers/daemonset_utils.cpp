#include "core/controllers/daemonset_utils.hpp"

#include "core/api/nodes.hpp"
#include "core/controllers/percent.hpp"
#include "core/controllers/pod_control.hpp"

namespace controllers::daemonset {
using namespace api;

namespace {
// Models AddOrUpdateTolerationInPodSpec; a toleration is another's if key, effect, operator and value are equal.
void addOrUpdateToleration(std::vector<Value>& all, std::string_view key, std::string_view effect) {
  const Value wanted = Value::object({{key::effect, effect}, {key::key, key}, {key::operator_, "Exists"}});
  bool present = false;
  for (Value& t : all) {
    Value comparable = t;
    comparable.erase(key::tolerationSeconds);
    if (!(comparable == wanted)) continue;
    t = wanted;
    present = true;
  }
  if (!present) all.push_back(wanted);
}
}  // namespace

PodSpec withDaemonTolerations(PodSpec spec) {
  std::vector<Value> all;
  for (const Toleration& t : spec.tolerations()) all.push_back(t.doc);
  addOrUpdateToleration(all, "node.kubernetes.io/not-ready", "NoExecute");
  addOrUpdateToleration(all, "node.kubernetes.io/unreachable", "NoExecute");
  addOrUpdateToleration(all, "node.kubernetes.io/disk-pressure", "NoSchedule");
  addOrUpdateToleration(all, "node.kubernetes.io/memory-pressure", "NoSchedule");
  addOrUpdateToleration(all, "node.kubernetes.io/pid-pressure", "NoSchedule");
  addOrUpdateToleration(all, "node.kubernetes.io/unschedulable", "NoSchedule");
  if (spec.hostNetwork()) addOrUpdateToleration(all, "node.kubernetes.io/network-unavailable", "NoSchedule");
  spec.tolerations({{Value::array(std::move(all))}});
  return spec;
}

Fit nodeShouldRunDaemonPod(const Node& node, const PodSpec& spec) {
  if (!spec.nodeName().empty() && spec.nodeName() != node.metadata().name()) return Fit::none;
  if (!matchesNodeSelectorAndAffinity(spec, node)) return Fit::none;
  if (!findUntoleratedTaint(node.spec().taints(), spec.tolerations())) return Fit::runs;
  for (const Taint& t : node.spec().taints()) {
    if (t.effect() == "NoExecute" && !toleratesTaint(spec.tolerations(), t)) return Fit::none;
  }
  return Fit::continues;
}

std::string_view getTargetNodeName(const Pod& pod) {
  if (!pod.spec().nodeName().empty()) return pod.doc[key::spec][key::nodeName].asString();
  const Value& terms = pod.doc.get({key::spec, key::affinity, key::nodeAffinity,
                                    key::requiredDuringSchedulingIgnoredDuringExecution, key::nodeSelectorTerms});
  for (const Value& term : terms.values()) {
    for (const Value& e : term[key::matchFields].values()) {
      if (e[key::key].asString() != "metadata.name" || e[key::operator_].asString() != "In") continue;
      return e[key::values].size() == 1 ? e[key::values][size_t(0)].asString() : std::string_view();
    }
  }
  return {};
}

Pod newDaemonPod(const DaemonSet& ds, std::string_view hash, std::string_view node) {
  PodTemplateSpec podTemplate = ds.spec().template_();
  podTemplate.spec(withDaemonTolerations(podTemplate.spec()));
  const std::string_view generation = ds.metadata().annotations()[key::templateGeneration];
  if (!generation.empty())
    podTemplate.doc.set({key::metadata, key::labels, key::podTemplateGenerationLabel}, generation);
  if (!hash.empty()) podTemplate.doc.set({key::metadata, key::labels, key::revisionHashLabel}, hash);
  Pod pod = podFromTemplate(podTemplate, Resource::daemonsets, {{ds.doc}});
  const Value term = Value::object(
      {{key::matchFields,
        Value::array({Value::object(
            {{key::key, "metadata.name"}, {key::operator_, "In"}, {key::values, Value::array({node})}})})}});
  pod.doc.set({key::spec, key::affinity, key::nodeAffinity, key::requiredDuringSchedulingIgnoredDuringExecution,
               key::nodeSelectorTerms},
              Value::array({term}));
  return pod;
}

bool isPodUpdated(const DaemonSet& ds, const Pod& pod, std::string_view hash) {
  const StringMap labels = pod.metadata().labels();
  const std::string_view generation = ds.metadata().annotations()[key::templateGeneration];
  return (!hash.empty() && labels[key::revisionHashLabel] == hash) ||
         (!generation.empty() && labels[key::podTemplateGenerationLabel] == generation);
}

bool byCreationTimestampAndPhase(const Pod& a, const Pod& b) {
  if (a.spec().nodeName().empty() != b.spec().nodeName().empty()) return !a.spec().nodeName().empty();
  const std::string_view ta = a.metadata().creationTimestamp(), tb = b.metadata().creationTimestamp();
  return ta != tb ? ta < tb : a.metadata().name() < b.metadata().name();
}

namespace {
bool rolls(const DaemonSet& ds) { return ds.spec().updateStrategy().type() == "RollingUpdate"; }
}  // namespace

bool allowsSurge(const DaemonSet& ds) { return surgeCount(ds, 1) > 0; }
int64_t surgeCount(const DaemonSet& ds, int64_t n) {
  return rolls(ds) ? scaledValue(ds.spec().updateStrategy().rollingUpdate().maxSurge(), n, Rounding::up) : 0;
}
int64_t unavailableCount(const DaemonSet& ds, int64_t n) {
  return rolls(ds) ? scaledValue(ds.spec().updateStrategy().rollingUpdate().maxUnavailable(), n, Rounding::up) : 0;
}

}  // namespace controllers::daemonset
