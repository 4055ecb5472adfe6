#include "core/apiserver/defaulting.hpp"

#include <algorithm>

#include "core/api/base64.hpp"
#include "core/api/quantity.hpp"

namespace apiserver {
namespace {

using namespace api;

void fallback(Value& object, Key k, Value v) {
  if (!object.find(k)) object.set(k, std::move(v));
}
/// For texts that are no pointers in Go: "" counts as left out.
void fallbackText(Value& object, Key k, std::string_view text) {
  if (object[k].asString().empty()) object.set(k, text);
}

/// Applies f to a member that is there; nothing is copied unless f changes it.
template <class F>
void within(Value& object, Key k, F f) {
  const Value* present = object.find(k);
  if (!present || present->isNull()) return;
  Value part = *present;
  f(part);
  if (!part.same(*object.find(k))) object.set(k, std::move(part));
}
/// The same for a struct that Go always has.
template <class F>
void withinAlways(Value& object, Key k, F f) {
  if (object[k].kind() != Kind::Object) object.set(k, Value::object({}));
  within(object, k, f);
}
template <class F>
void each(Value& object, Key k, F f) {
  within(object, k, [&](Value& list) {
    for (size_t i = 0; i < list.size(); ++i) {
      Value item = list[i];
      f(item);
      if (!item.same(list[i])) list.set({Step::index(i)}, std::move(item));
    }
  });
}

/// Whether an image names the tag latest or none at all. Models pkg/util/parsers ParseImageName; a name that is no
/// reference counts as one with another tag.
bool latest(std::string_view image) {
  if (const size_t at = image.find('@'); at != image.npos) return false;
  const size_t slash = image.rfind('/'), colon = image.rfind(':');
  std::string_view name = image, tag = "latest";
  if (colon != image.npos && (slash == image.npos || colon > slash)) {
    name = image.substr(0, colon);
    tag = image.substr(colon + 1);
  }
  auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '/' || c == ':';
  };
  if (name.empty() || name.back() == '/' || !std::all_of(name.begin(), name.end(), good)) return false;
  return tag == "latest";
}

/// Amounts finer than a thousandth are rounded up. Models SetDefaults_ResourceList.
void resourceList(Value& list) {
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string_view text = list.values()[i].asString();
    if (text.find_first_of("nu.e") == text.npos) continue;
    Quantity q(text);
    const __int128 milli = 1000000;
    if (q.nanos % milli == 0) continue;
    q.nanos = (q.nanos / milli + (q.nanos > 0)) * milli;
    list.set(list.keyAt(i), toString(q));
  }
}
void resources(Value& r) {
  within(r, key::limits, resourceList);
  within(r, key::requests, resourceList);
}

void httpGet(Value& action) {
  fallbackText(action, key::path, "/");
  fallbackText(action, key::scheme, "HTTP");
}
void handler(Value& h) { within(h, key::httpGet, httpGet); }

void probe(Value& p) {
  auto number = [&](Key k, int64_t n) {
    if (p[k].asInt() == 0) p.set(k, n);
  };
  number(key::timeoutSeconds, 1);
  number(key::periodSeconds, 10);
  number(key::successThreshold, 1);
  number(key::failureThreshold, 3);
  handler(p);
  within(p, key::grpc, [](Value& grpc) { fallback(grpc, key::service, ""); });
}

void fieldRef(Value& ref) { fallbackText(ref, key::apiVersion, "v1"); }

void container(Value& c) {
  if (c[key::imagePullPolicy].asString().empty())
    c.set(key::imagePullPolicy, latest(c[key::image].asString()) ? "Always" : "IfNotPresent");
  fallbackText(c, key::terminationMessagePath, "/dev/termination-log");
  fallbackText(c, key::terminationMessagePolicy, "File");
  each(c, key::ports, [](Value& port) { fallbackText(port, key::protocol, "TCP"); });
  each(c, key::env, [](Value& env) {
    within(env, key::valueFrom, [](Value& from) {
      within(from, key::fieldRef, fieldRef);
      within(from, key::fileKeyRef, [](Value& ref) { fallback(ref, key::optional, false); });
    });
  });
  within(c, key::resources, resources);
  for (Key k : {Key(key::livenessProbe), Key(key::readinessProbe), Key(key::startupProbe)}) within(c, k, probe);
  within(c, key::lifecycle, [](Value& l) {
    within(l, key::postStart, handler);
    within(l, key::preStop, handler);
  });
}

void claimSpec(Value& spec) {
  fallback(spec, key::volumeMode, "Filesystem");
  within(spec, key::resources, resources);
}

void mode(Value& source) { fallback(source, key::defaultMode, 420); }
void downwardItems(Value& source) {
  each(source, key::items, [](Value& item) { within(item, key::fieldRef, fieldRef); });
}

/// The network disks' fields that have defaults; the same in volumes of pods and in PersistentVolumes.
void networkDisks(Value& v) {
  within(v, key::iscsi, [](Value& s) { fallbackText(s, key::iscsiInterface, "default"); });
  within(v, key::rbd, [](Value& s) {
    fallbackText(s, key::pool, "rbd");
    fallbackText(s, key::user, "admin");
    fallbackText(s, key::keyring, "/etc/ceph/keyring");
  });
  within(v, key::scaleIO, [](Value& s) {
    fallbackText(s, key::storageMode, "ThinProvisioned");
    fallbackText(s, key::fsType, "xfs");
  });
  within(v, key::azureDisk, [](Value& s) {
    fallback(s, key::cachingMode, "ReadWrite");
    fallback(s, key::fsType, "ext4");
    fallback(s, key::readOnly, false);
    fallback(s, key::kind, "Shared");
  });
  within(v, key::hostPath, [](Value& s) { fallback(s, key::type, ""); });
}

void volume(Value& v) {
  if (v.size() == 1 && v.find(key::name)) v.set(key::emptyDir, Value::object({}));
  within(v, key::secret, mode);
  within(v, key::configMap, mode);
  within(v, key::downwardAPI, [](Value& s) {
    mode(s);
    downwardItems(s);
  });
  within(v, key::projected, [](Value& s) {
    mode(s);
    each(s, key::sources, [](Value& source) {
      within(source, key::downwardAPI, downwardItems);
      within(source, key::serviceAccountToken, [](Value& t) { fallback(t, key::expirationSeconds, 3600); });
    });
  });
  within(v, key::ephemeral, [](Value& e) {
    within(e, key::volumeClaimTemplate, [](Value& t) { withinAlways(t, key::spec, claimSpec); });
  });
  within(v, key::image, [](Value& image) {
    if (image[key::pullPolicy].asString().empty())
      image.set(key::pullPolicy, latest(image[key::reference].asString()) ? "Always" : "IfNotPresent");
  });
  networkDisks(v);
}

// Models SetDefaults_PodSpec and what zz_generated.defaults.go calls below it.
void podSpec(Value& spec) {
  const std::string_view account = spec[key::serviceAccountName].asString();
  if (account.empty() && !spec[key::serviceAccount].asString().empty())
    spec.set(key::serviceAccountName, spec[key::serviceAccount]);
  else if (!account.empty())
    spec.set(key::serviceAccount, spec[key::serviceAccountName]);
  fallbackText(spec, key::dnsPolicy, "ClusterFirst");
  fallbackText(spec, key::restartPolicy, "Always");
  fallback(spec, key::securityContext, Value::object({}));
  fallback(spec, key::terminationGracePeriodSeconds, 30);
  fallbackText(spec, key::schedulerName, "default-scheduler");
  each(spec, key::volumes, volume);
  each(spec, key::initContainers, container);
  each(spec, key::containers, container);
  each(spec, key::ephemeralContainers, container);
  within(spec, key::overhead, resourceList);
}

/// Of a pod, but not of a template: limits are requests where there are none. Models SetDefaults_Pod.
void podContainer(Value& c, bool hostNetwork) {
  const Value& limits = c.get({key::resources, key::limits});
  const Value& have = c.get({key::resources, key::requests});
  if (limits.size()) {
    Value requests = have;
    for (size_t i = 0; i < limits.size(); ++i) {
      if (!requests.find(limits.keyAt(i))) requests.set(limits.keyAt(i), limits.values()[i]);
    }
    if (!requests.same(have)) c.set({key::resources, key::requests}, std::move(requests));
  }
  if (!hostNetwork) return;
  each(c, key::ports, [](Value& port) {
    if (port[key::hostPort].asInt() == 0) port.set(key::hostPort, port[key::containerPort]);
  });
}

void pod(Value& object) {
  withinAlways(object, key::spec, [](Value& spec) {
    podSpec(spec);
    if (spec[key::terminationGracePeriodSeconds].asInt() < 0) spec.set(key::terminationGracePeriodSeconds, 1);
    fallback(spec, key::enableServiceLinks, true);
    const bool host = spec[key::hostNetwork].asBool();
    each(spec, key::containers, [&](Value& c) { podContainer(c, host); });
    each(spec, key::initContainers, [&](Value& c) { podContainer(c, host); });
  });
  within(object, key::status, [](Value& status) {
    const Value ip = status[key::podIP];
    const Value& ips = status[key::podIPs];
    if (!ip.asString().empty() && !(ips[0][key::ip] == ip))
      status.set(key::podIPs, Value::array({Value::object({{key::ip, ip}})}));
    else if (ip.asString().empty() && ips.size())
      status.set(key::podIP, Value(ips[0][key::ip]));
  });
}

void podTemplate(Value& spec) {
  withinAlways(spec, key::template_, [](Value& t) { withinAlways(t, key::spec, podSpec); });
}

void claim(Value& object) {
  withinAlways(object, key::status, [](Value& status) {
    fallbackText(status, key::phase, "Pending");
    within(status, key::capacity, resourceList);
    within(status, key::allocatedResources, resourceList);
  });
  withinAlways(object, key::spec, claimSpec);
}

void statefulSet(Value& spec) {
  fallbackText(spec, key::podManagementPolicy, "OrderedReady");
  withinAlways(spec, key::updateStrategy, [](Value& strategy) {
    if (strategy[key::type].asString().empty()) {
      strategy.set(key::type, "RollingUpdate");
      fallback(strategy, key::rollingUpdate, Value::object({}));
    }
    if (strategy[key::type].asString() != "RollingUpdate") return;
    within(strategy, key::rollingUpdate, [](Value& rolling) {
      fallback(rolling, key::partition, 0);
      fallback(rolling, key::maxUnavailable, 1);
    });
  });
  withinAlways(spec, key::persistentVolumeClaimRetentionPolicy, [](Value& policy) {
    fallbackText(policy, key::whenDeleted, "Retain");
    fallbackText(policy, key::whenScaled, "Retain");
  });
  fallback(spec, key::replicas, 1);
  fallback(spec, key::revisionHistoryLimit, 10);
  podTemplate(spec);
  each(spec, key::volumeClaimTemplates, [](Value& t) {
    t.set(key::apiVersion, "v1");
    t.set(key::kind, "PersistentVolumeClaim");
    claim(t);
  });
}

void deployment(Value& spec) {
  fallback(spec, key::replicas, 1);
  withinAlways(spec, key::strategy, [](Value& strategy) {
    fallbackText(strategy, key::type, "RollingUpdate");
    if (strategy[key::type].asString() != "RollingUpdate") return;
    withinAlways(strategy, key::rollingUpdate, [](Value& rolling) {
      fallback(rolling, key::maxUnavailable, "25%");
      fallback(rolling, key::maxSurge, "25%");
    });
  });
  fallback(spec, key::revisionHistoryLimit, 10);
  fallback(spec, key::progressDeadlineSeconds, 600);
  podTemplate(spec);
}

void daemonSet(Value& spec) {
  withinAlways(spec, key::updateStrategy, [](Value& strategy) {
    fallbackText(strategy, key::type, "RollingUpdate");
    const bool rolls = strategy[key::type].asString() == "RollingUpdate";
    // The internal type has no pointers here: what another strategy leaves out is 0.
    if (!rolls && !strategy.find(key::rollingUpdate)) return;
    withinAlways(strategy, key::rollingUpdate, [&](Value& rolling) {
      fallback(rolling, key::maxUnavailable, rolls ? 1 : 0);
      fallback(rolling, key::maxSurge, 0);
    });
  });
  fallback(spec, key::revisionHistoryLimit, 10);
  podTemplate(spec);
}

void replicaSet(Value& spec) {
  fallback(spec, key::replicas, 1);
  podTemplate(spec);
}

bool isZeroTarget(const Value& target) {
  return target.isNull() || (target.kind() == Kind::Int && target.asInt() == 0) ||
         (target.kind() == Kind::String && target.asString().empty());
}

void service(Value& spec) {
  fallbackText(spec, key::sessionAffinity, "None");
  const std::string affinity(spec[key::sessionAffinity].asString());
  if (affinity == "None") {
    spec.erase(key::sessionAffinityConfig);
  } else if (affinity == "ClientIP" &&
             spec.get({key::sessionAffinityConfig, key::clientIP, key::timeoutSeconds}).isNull()) {
    spec.set({key::sessionAffinityConfig, key::clientIP, key::timeoutSeconds}, 10800);
  }
  fallbackText(spec, key::type, "ClusterIP");
  each(spec, key::ports, [](Value& port) {
    fallbackText(port, key::protocol, "TCP");
    if (isZeroTarget(port[key::targetPort])) port.set(key::targetPort, port[key::port]);
  });
  const std::string type(spec[key::type].asString());  // kept: the document changes below
  const bool external =
      type == "LoadBalancer" || type == "NodePort" || (type == "ClusterIP" && spec[key::externalIPs].size());
  if (external) fallbackText(spec, key::externalTrafficPolicy, "Cluster");
  if (type == "NodePort" || type == "LoadBalancer" || type == "ClusterIP")
    fallback(spec, key::internalTrafficPolicy, "Cluster");
  if (type == "LoadBalancer") fallback(spec, key::allocateLoadBalancerNodePorts, true);
}

void persistentVolume(Value& object) {
  withinAlways(object, key::status, [](Value& status) { fallbackText(status, key::phase, "Pending"); });
  withinAlways(object, key::spec, [](Value& spec) {
    fallbackText(spec, key::persistentVolumeReclaimPolicy, "Retain");
    fallback(spec, key::volumeMode, "Filesystem");
    within(spec, key::capacity, resourceList);
    networkDisks(spec);
  });
}

void nameSpace(Value& object) {
  const Value name = object.get({key::metadata, key::name});
  if (!name.asString().empty()) object.set({key::metadata, key::labels, Key("kubernetes.io/metadata.name")}, name);
  withinAlways(object, key::status, [](Value& status) { fallbackText(status, key::phase, "Active"); });
}

void node(Value& object) {
  // The internal type has the list alone; where both say something the single one counts.
  within(object, key::spec, [](Value& spec) {
    const std::string one(spec[key::podCIDR].asString());
    const std::string_view first = spec[key::podCIDRs].size() ? spec[key::podCIDRs][0].asString() : "";
    if (!one.empty() && first != one)
      spec.set(key::podCIDRs, Value::array({Value(one)}));
    else if (!first.empty())
      spec.set(key::podCIDR, std::string(first));
  });
  within(object, key::status, [](Value& status) {
    within(status, key::capacity, resourceList);
    within(status, key::allocatable, resourceList);
    if (!status.find(key::allocatable) && status.find(key::capacity))
      status.set(key::allocatable, Value(status[key::capacity]));
  });
}

void storageClass(Value& object) {
  fallback(object, key::reclaimPolicy, "Delete");
  fallback(object, key::volumeBindingMode, "Immediate");
}
/// stringData can only be written: what it says is data. Models pkg/apis/core/v1/conversion.go
/// Convert_v1_Secret_To_core_Secret.
void secret(Value& object) {
  static const Key stringData("stringData");
  const Value texts = object[stringData];
  for (size_t i = 0; i < texts.size(); ++i)
    object.set({key::data, texts.keyAt(i)}, base64(texts.values()[i].asString()));
  object.erase(stringData);
  fallbackText(object, key::type, "Opaque");
}
}  // namespace

void setDefaults(Resource resource, Value& object) {
  switch (resource) {
    case Resource::pods: return pod(object);
    case Resource::persistentvolumeclaims: return claim(object);
    case Resource::persistentvolumes: return persistentVolume(object);
    case Resource::namespaces: return nameSpace(object);
    case Resource::nodes: return node(object);
    case Resource::storageclasses: return storageClass(object);
    case Resource::priorityclasses: return fallback(object, key::preemptionPolicy, "PreemptLowerPriority");
    case Resource::secrets: return secret(object);
    case Resource::services: {
      const Value& balancer = object.get({key::status, key::loadBalancer, key::ingress});
      for (size_t i = 0; i < balancer.size(); ++i) {
        if (!balancer[i][key::ip].asString().empty() && balancer[i][key::ipMode].isNull())
          object.set({key::status, key::loadBalancer, key::ingress, Step::index(i), key::ipMode}, "VIP");
      }
      return withinAlways(object, key::spec, service);
    }
    case Resource::statefulsets: return withinAlways(object, key::spec, statefulSet);
    case Resource::deployments: return withinAlways(object, key::spec, deployment);
    case Resource::daemonsets: return withinAlways(object, key::spec, daemonSet);
    case Resource::replicasets: return withinAlways(object, key::spec, replicaSet);
    case Resource::endpointslices:
      return each(object, key::ports, [](Value& port) {
        fallback(port, key::name, "");
        fallback(port, key::protocol, "TCP");
      });
    default: return;
  }
}

}  // namespace apiserver
