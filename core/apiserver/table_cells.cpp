// What each kind's columns show. Models pkg/printers/internalversion/printers.go print*, in that file's order.
#include <algorithm>
#include <set>

#include "core/api/selector.hpp"
#include "core/apiserver/table.hpp"

namespace apiserver {
using namespace api;

namespace {
using enum api::Resource;
using Cells = std::vector<Value>;
constexpr std::string_view none = "<none>";

std::string_view orElse(std::string_view text, std::string_view otherwise) { return text.empty() ? otherwise : text; }

std::string since(std::string_view time, Millis now) {
  const Millis t = time.empty() ? -1 : parseTime(time);
  return t < 0 ? "<unknown>" : humanDuration(now - t);
}
std::string age(const Value& o, Millis now) {
  return since(o.get({key::metadata, key::creationTimestamp}).asString(), now);
}
std::string_view nameOf(const Value& o) { return o.get({key::metadata, key::name}).asString(); }
bool isDeleted(const Value& o) { return !o.get({key::metadata, key::deletionTimestamp}).isNull(); }

std::string joined(const Value& list, Key member) {
  std::string out;
  for (const Value& v : list.values()) {
    if (!out.empty()) out += ',';
    out += v[member].asString();
  }
  return out;
}
std::string joined(const Value& list) {
  std::string out;
  for (const Value& v : list.values()) {
    if (!out.empty()) out += ',';
    out += v.asString();
  }
  return out;
}
/// "a=1,b=2". Models labels.FormatLabels.
std::string labelsText(const Value& map) {
  std::string out;
  for (size_t i = 0; i < map.size(); ++i) {
    if (i) out += ',';
    out += std::string(map.keyAt(i).text()) + "=" + std::string(map.values()[i].asString());
  }
  return out.empty() ? std::string(none) : out;
}
std::string selectorText(const Value& selector) {
  if (selector.isNull()) return std::string(none);
  const std::string text = formatLabelSelector(selector);
  return text.empty() ? std::string(none) : text;
}
std::string text(const Value& v) {
  return v.kind() == Kind::Int ? std::to_string(v.asInt()) : std::string(v.asString());
}
std::string ratio(int64_t a, int64_t b) { return std::to_string(a) + "/" + std::to_string(b); }
const Value& containersOf(const Value& workload) {
  return workload.get({key::spec, key::template_, key::spec, key::containers});
}
void addContainers(const Value& o, Cells& cells) {
  cells.emplace_back(joined(containersOf(o), key::name));
  cells.emplace_back(joined(containersOf(o), key::image));
}
int64_t statusNumber(const Value& o, Key k) { return o.get({key::status, k}).asInt(); }

// ---- pods

std::string terminatedText(const Value& terminated) {
  if (const std::string_view reason = terminated[key::reason].asString(); !reason.empty()) return std::string(reason);
  if (const int64_t signal = terminated[key::signal].asInt()) return "Signal:" + std::to_string(signal);
  return "ExitCode:" + std::to_string(terminated[key::exitCode].asInt());
}

struct PodSummary {
  int64_t restarts = 0, ready = 0, total = 0;
  std::string reason;
  std::string_view lastRestart;  ///< RFC 3339 texts compare as their times

  void count(const Value& status) {
    restarts += status[key::restartCount].asInt();
    lastRestart = std::max(lastRestart, status.get({key::lastState, key::terminated, key::finishedAt}).asString());
  }
};

bool isSidecar(const Pod& pod, std::string_view name) {
  for (const Value& c : pod.doc.get({key::spec, key::initContainers}).values()) {
    if (c[key::name].asString() == name) return c[key::restartPolicy].asString() == "Always";
  }
  return false;
}

bool hasCondition(const Value& pod, std::string_view type) {
  for (const Value& c : pod.get({key::status, key::conditions}).values()) {
    if (c[key::type].asString() == type) return c[key::status].asString() == "True";
  }
  return false;
}

/// True while init containers hold the pod up; then `reason` tells how.
bool summarizeInit(const Pod& pod, PodSummary& all, PodSummary& sidecars) {
  const auto statuses = pod.doc.get({key::status, key::initContainerStatuses}).values();
  for (size_t i = 0; i < statuses.size(); ++i) {
    const Value& c = statuses[i];
    const bool sidecar = isSidecar(pod, c[key::name].asString());
    all.count(c);
    if (sidecar) sidecars.count(c);
    const Value &terminated = c.get({key::state, key::terminated}), &waiting = c.get({key::state, key::waiting});
    if (!terminated.isNull() && terminated[key::exitCode].asInt() == 0) continue;
    if (sidecar && c[key::started].asBool()) {
      all.ready += c[key::ready].asBool();
      continue;
    }
    const std::string_view why = waiting[key::reason].asString();
    if (!terminated.isNull()) {
      all.reason = "Init:" + terminatedText(terminated);
    } else if (!why.empty() && why != "PodInitializing") {
      all.reason = "Init:" + std::string(why);
    } else {
      all.reason = "Init:" + ratio(int64_t(i), int64_t(pod.doc.get({key::spec, key::initContainers}).size()));
    }
    return true;
  }
  return false;
}

void summarizeContainers(const Pod& pod, PodSummary& all) {
  bool running = false;
  std::string failed;
  const auto statuses = pod.doc.get({key::status, key::containerStatuses}).values();
  for (size_t i = statuses.size(); i-- > 0;) {
    const Value& c = statuses[i];
    all.count(c);
    const Value &terminated = c.get({key::state, key::terminated}), &waiting = c.get({key::state, key::waiting});
    if (!waiting[key::reason].asString().empty()) {
      all.reason = waiting[key::reason].asString();
    } else if (!terminated.isNull()) {
      all.reason = terminatedText(terminated);
      if (terminated[key::exitCode].asInt() != 0) failed = all.reason;
    } else if (c[key::ready].asBool() && !c.get({key::state, key::running}).isNull()) {
      running = true;
      all.ready++;
    }
  }
  if (all.reason != "Completed") return;
  if (running && hasCondition(pod.doc, "Ready")) {
    all.reason = "Running";
  } else if (!failed.empty()) {
    all.reason = failed;
  } else if (running) {
    all.reason = "NotReady";
  }
}

std::string readinessGates(const Value& pod) {
  const Value& gates = pod.get({key::spec, key::readinessGates});
  if (gates.size() == 0) return std::string(none);
  int64_t good = 0;
  for (const Value& g : gates.values()) good += hasCondition(pod, g[key::conditionType].asString());
  return ratio(good, int64_t(gates.size()));
}

Cells podCells(const Value& o, Millis now) {
  const Pod pod{{o}};
  PodSummary all, sidecars;
  const std::string_view phase = pod.status().phase();
  all.reason = orElse(o.get({key::status, key::reason}).asString(), phase);
  all.total = int64_t(o.get({key::spec, key::containers}).size());
  for (const Value& c : o.get({key::status, key::conditions}).values()) {
    if (c[key::type].asString() == "PodScheduled" && c[key::reason].asString() == "SchedulingGated")
      all.reason = "SchedulingGated";
  }
  for (const Value& c : o.get({key::spec, key::initContainers}).values())
    all.total += c[key::restartPolicy].asString() == "Always";
  const bool initializing = summarizeInit(pod, all, sidecars);
  if (!initializing || hasCondition(o, "Initialized")) {
    all.restarts = sidecars.restarts;
    all.lastRestart = sidecars.lastRestart;
    summarizeContainers(pod, all);
  }
  if (isDeleted(o)) {
    if (o.get({key::status, key::reason}).asString() == "NodeLost") {
      all.reason = "Unknown";
    } else if (phase != "Failed" && phase != "Succeeded") {
      all.reason = "Terminating";
    }
  }
  std::string restarts = std::to_string(all.restarts);
  if (all.restarts && !all.lastRestart.empty()) restarts += " (" + since(all.lastRestart, now) + " ago)";
  const Value& ips = o.get({key::status, key::podIPs});
  return {nameOf(o),
          ratio(all.ready, all.total),
          all.reason,
          restarts,
          age(o, now),
          orElse(ips[0][key::ip].asString(), none),
          orElse(pod.spec().nodeName(), none),
          orElse(pod.status().nominatedNodeName(), none),
          readinessGates(o)};
}

// ---- services, slices

std::string externalIP(const Value& o) {
  const std::string_view type = o.get({key::spec, key::type}).asString();
  const std::string external = joined(o.get({key::spec, key::externalIPs}));
  if (type == "ExternalName") return std::string(o.get({key::spec, key::externalName}).asString());
  if (type != "LoadBalancer") return std::string(orElse(external, none));
  std::set<std::string> ingress;
  for (const Value& i : o.get({key::status, key::loadBalancer, key::ingress}).values())
    ingress.insert(std::string(orElse(i[key::ip].asString(), i[key::hostname].asString())));
  std::string out;
  for (const std::string& i : ingress) out += (out.empty() ? "" : ",") + i;
  if (!external.empty()) out += (out.empty() ? "" : ",") + external;
  return std::string(orElse(out, "<pending>"));
}

std::string portsText(const Value& ports) {
  std::string out;
  for (const Value& p : ports.values()) {
    if (!out.empty()) out += ',';
    out += std::to_string(p[key::port].asInt());
    if (p[key::nodePort].asInt() > 0) out += ":" + std::to_string(p[key::nodePort].asInt());
    out += "/" + std::string(p[key::protocol].asString());
  }
  return std::string(orElse(out, none));
}

/// At most three of them: "a,b,c + 2 more...".
std::string atMostThree(const std::vector<std::string>& all) {
  std::string out;
  for (size_t i = 0; i < all.size() && i < 3; ++i) out += (i ? "," : "") + all[i];
  if (all.size() > 3) return out + " + " + std::to_string(all.size() - 3) + " more...";
  return std::string(orElse(out, "<unset>"));
}

Cells sliceCells(const Value& o, Millis now) {
  std::vector<std::string> ports, addresses;
  for (const Value& p : o[key::ports].values()) {
    const Value& port = p[key::port];
    ports.push_back(port.kind() == Kind::Int ? std::to_string(port.asInt())
                                             : std::string(orElse(p[key::name].asString(), "*")));
  }
  for (const Value& e : o[key::endpoints].values()) {
    for (const Value& a : e[key::addresses].values()) addresses.emplace_back(a.asString());
  }
  return {nameOf(o), o[key::addressType], atMostThree(ports), atMostThree(addresses), age(o, now)};
}

// ---- storage

std::string accessModes(const Value& modes) {
  static constexpr std::string_view shortForms[][2] = {
      {"ReadWriteOnce", "RWO"}, {"ReadOnlyMany", "ROX"}, {"ReadWriteMany", "RWX"}, {"ReadWriteOncePod", "RWOP"}};
  std::string out;
  for (const auto& [mode, text] : shortForms) {
    if (StringList{{modes}}.contains(mode)) out += (out.empty() ? "" : ",") + std::string(text);
  }
  return out;
}

std::string_view classOf(const Value& o) {
  if (const Value* beta = o.get({key::metadata, key::annotations}).find(key::betaStorageClass)) return beta->asString();
  return o.get({key::spec, key::storageClassName}).asString();
}

std::string_view phaseOf(const Value& o) {
  return isDeleted(o) ? "Terminating" : o.get({key::status, key::phase}).asString();
}

Cells claimCells(const Value& o, Millis now) {
  const std::string_view volume = o.get({key::spec, key::volumeName}).asString();
  std::string_view capacity;
  if (!volume.empty()) capacity = orElse(o.get({key::status, key::capacity, key::storage}).asString(), "0");
  return {nameOf(o),
          phaseOf(o),
          volume,
          capacity,
          volume.empty() ? "" : accessModes(o.get({key::status, key::accessModes})),
          classOf(o),
          orElse(o.get({key::spec, key::volumeAttributesClassName}).asString(), "<unset>"),
          age(o, now),
          orElse(o.get({key::spec, key::volumeMode}).asString(), "<unset>")};
}

Cells volumeCells(const Value& o, Millis now) {
  std::string claim;
  if (const Value& ref = o.get({key::spec, key::claimRef}); !ref.isNull())
    claim = std::string(ref[key::namespace_].asString()) + "/" + std::string(ref[key::name].asString());
  return {nameOf(o),
          orElse(o.get({key::spec, key::capacity, key::storage}).asString(), "0"),
          accessModes(o.get({key::spec, key::accessModes})),
          o.get({key::spec, key::persistentVolumeReclaimPolicy}),
          phaseOf(o),
          claim,
          classOf(o),
          orElse(o.get({key::spec, key::volumeAttributesClassName}).asString(), "<unset>"),
          o.get({key::status, key::reason}).asString(),
          age(o, now),
          orElse(o.get({key::spec, key::volumeMode}).asString(), "<unset>")};
}

// ---- nodes, events, revisions

std::string nodeRoles(const Value& labels) {
  constexpr std::string_view prefix = "node-role.kubernetes.io/";
  std::set<std::string> roles;
  for (size_t i = 0; i < labels.size(); ++i) {
    const std::string_view k = labels.keyAt(i).text();
    if (k.substr(0, prefix.size()) == prefix && k.size() > prefix.size()) roles.emplace(k.substr(prefix.size()));
    if (k == "kubernetes.io/role" && !labels.values()[i].asString().empty())
      roles.emplace(labels.values()[i].asString());
  }
  std::string out;
  for (const std::string& r : roles) out += (out.empty() ? "" : ",") + r;
  return std::string(orElse(out, none));
}

std::string_view addressOf(const Value& node, std::string_view type) {
  for (const Value& a : node.get({key::status, key::addresses}).values()) {
    if (a[key::type].asString() == type) return a[key::address].asString();
  }
  return none;
}

Cells nodeCells(const Value& o, Millis now) {
  std::string status = "Unknown";
  for (const Value& c : o.get({key::status, key::conditions}).values()) {
    if (c[key::type].asString() == "Ready") status = c[key::status].asString() == "True" ? "Ready" : "NotReady";
  }
  if (o.get({key::spec, key::unschedulable}).asBool()) status += ",SchedulingDisabled";
  const Value& system = o.get({key::status, key::nodeInfo});
  std::string kernel(orElse(system[key::kernelVersion].asString(), "<unknown>"));
  if (const std::string_view arch = system[key::architecture].asString(); !arch.empty())
    kernel += " (" + std::string(arch) + ")";
  return {nameOf(o),
          status,
          nodeRoles(o.get({key::metadata, key::labels})),
          age(o, now),
          system[key::kubeletVersion].asString(),
          addressOf(o, "InternalIP"),
          addressOf(o, "ExternalIP"),
          orElse(system[key::osImage].asString(), "<unknown>"),
          kernel,
          orElse(system[key::containerRuntimeVersion].asString(), "<unknown>")};
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  return out;
}

std::string_view trimmed(std::string_view s) {
  const std::string_view space = " \t\r\n";
  const size_t from = s.find_first_not_of(space);
  return from == s.npos ? std::string_view() : s.substr(from, s.find_last_not_of(space) + 1 - from);
}

Cells eventCells(const Value& o, Millis now) {
  const std::string_view first = o[key::firstTimestamp].asString(), last = o[key::lastTimestamp].asString();
  std::string firstSeen = since(orElse(first, o[key::eventTime].asString()), now);
  std::string lastSeen = last.empty() ? firstSeen : since(last, now);
  int64_t count = std::max<int64_t>(o[key::count].asInt(), 1);
  if (const Value& series = o[key::series]; !series.isNull()) {
    lastSeen = since(series[key::lastObservedTime].asString(), now);
    count = series[key::count].asInt();
  }
  const Value& about = o[key::involvedObject];
  std::string target = lower(about[key::kind].asString());
  if (const std::string_view name = about[key::name].asString(); !name.empty()) target += "/" + std::string(name);
  std::string source(orElse(o.get({key::source, key::component}).asString(), o[key::reportingComponent].asString()));
  const std::string_view host =
      orElse(o.get({key::source, key::host}).asString(), o[key::reportingInstance].asString());
  if (!host.empty()) source += ", " + std::string(host);
  return {lastSeen,
          o[key::type].asString(),
          o[key::reason].asString(),
          target,
          about[key::fieldPath].asString(),
          source,
          trimmed(o[key::message].asString()),
          firstSeen,
          count,
          nameOf(o)};
}

Cells revisionCells(const Value& o, Millis now) {
  std::string controller(none);
  for (const Value& r : o.get({key::metadata, key::ownerReferences}).values()) {
    if (!r[key::controller].asBool()) continue;
    const std::string_view version = r[key::apiVersion].asString();
    controller = lower(r[key::kind].asString());
    if (const size_t slash = version.find('/'); slash != version.npos)
      controller += "." + std::string(version.substr(0, slash));
    controller += "/" + std::string(r[key::name].asString());
  }
  return {nameOf(o), controller, o[key::revision].asInt(), age(o, now)};
}

Cells workloadCells(Resource r, const Value& o, Millis now) {
  Cells cells{nameOf(o)};
  const int64_t wanted = o.get({key::spec, key::replicas}).asInt(), ready = statusNumber(o, key::readyReplicas);
  const Value& selector = o.get({key::spec, key::selector});
  switch (r) {
    case statefulsets: cells.emplace_back(ratio(ready, wanted)); break;
    case deployments:
      cells.emplace_back(ratio(ready, wanted));
      cells.emplace_back(statusNumber(o, key::updatedReplicas));
      cells.emplace_back(statusNumber(o, key::availableReplicas));
      break;
    case replicasets:
      cells.emplace_back(wanted);
      cells.emplace_back(statusNumber(o, key::replicas));
      cells.emplace_back(ready);
      break;
    default:
      for (Key k : {Key(key::desiredNumberScheduled), Key(key::currentNumberScheduled), Key(key::numberReady),
                    Key(key::updatedNumberScheduled), Key(key::numberAvailable)})
        cells.emplace_back(statusNumber(o, k));
      cells.emplace_back(labelsText(o.get({key::spec, key::template_, key::spec, key::nodeSelector})));
  }
  cells.emplace_back(age(o, now));
  addContainers(o, cells);
  if (r != statefulsets) cells.emplace_back(selectorText(selector));
  return cells;
}
}  // namespace

std::vector<Value> cellsOf(const ResourceInfo& info, const Value& o, Millis now) {
  switch (info.resource) {
    case pods: return podCells(o, now);
    case statefulsets:
    case deployments:
    case replicasets:
    case daemonsets: return workloadCells(info.resource, o, now);
    case controllerrevisions: return revisionCells(o, now);
    case services:
      return {nameOf(o),
              o.get({key::spec, key::type}).asString(),
              orElse(o.get({key::spec, key::clusterIPs})[0].asString(), none),
              externalIP(o),
              portsText(o.get({key::spec, key::ports})),
              age(o, now),
              labelsText(o.get({key::spec, key::selector}))};
    case endpointslices: return sliceCells(o, now);
    case persistentvolumeclaims: return claimCells(o, now);
    case persistentvolumes: return volumeCells(o, now);
    case storageclasses:
      return {nameOf(o),
              o[key::provisioner].asString(),
              orElse(o[key::reclaimPolicy].asString(), "Delete"),
              orElse(o[key::volumeBindingMode].asString(), "Immediate"),
              o[key::allowVolumeExpansion].asBool(),
              age(o, now)};
    case priorityclasses:
      return {nameOf(o), o[key::value].asInt(), o[key::globalDefault].asBool(), age(o, now),
              o[key::preemptionPolicy].asString()};
    case poddisruptionbudgets:
      return {nameOf(o), orElse(text(o.get({key::spec, key::minAvailable})), "N/A"),
              orElse(text(o.get({key::spec, key::maxUnavailable})), "N/A"), statusNumber(o, key::disruptionsAllowed),
              age(o, now)};
    case nodes: return nodeCells(o, now);
    case namespaces: return {nameOf(o), o.get({key::status, key::phase}).asString(), age(o, now)};
    case configmaps: return {nameOf(o), int64_t(o[key::data].size() + o[key::binaryData].size()), age(o, now)};
    case secrets: return {nameOf(o), o[key::type].asString(), int64_t(o[key::data].size()), age(o, now)};
    case serviceaccounts: return {nameOf(o), age(o, now)};
    case events: return eventCells(o, now);
  }
  return {};
}

}  // namespace apiserver
