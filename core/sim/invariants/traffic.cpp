// EndpointSlices: who gets traffic.
#include "core/sim/invariants/invariant.hpp"

namespace sim {
namespace {
bool publishesAll(const store::Objects& objects, const Value& slice) {
  const api::ObjectMeta meta = api::Object{{slice}}.metadata();
  const std::string_view name = meta.labels().get("kubernetes.io/service-name");
  const Value* service = objects.get(Resource::services, meta.namespace_(), name);
  return service && api::Service{{*service}}.spec().publishNotReadyAddresses();
}

/// What a slice says of a Pod; "" where it is so in these objects.
std::string untrue(const store::Objects& objects, const Value& endpoint) {
  const Value& ref = endpoint[api::key::targetRef];
  if (ref.isNull()) return "";  // the API server's own
  const std::string_view name = ref[api::key::name].asString();
  const api::Pod pod = podOf(objects, ref[api::key::namespace_].asString(), name);
  if (!pod || pod.metadata().uid() != ref[api::key::uid].asString())
    return text({name, " gets traffic, but is not there"});
  if (!api::isPodReady(pod)) return text({name, " gets traffic, but is not Ready"});
  return api::isTerminating(pod) ? text({name, " gets traffic, but is being deleted"}) : "";
}

std::string check(const store::Objects& objects, const Value& slice) {
  if (publishesAll(objects, slice)) return "";
  for (const Value& endpoint : slice[api::Key("endpoints")].values()) {
    if (!endpoint[api::key::conditions][api::key::ready].asBool()) continue;
    if (std::string how = untrue(objects, endpoint); !how.empty()) return how;
  }
  return "";
}

std::string write(const Seen& seen) {
  return seen.actor == "endpointslice" && !seen.removes() ? check(seen.view, seen.change.after) : "";
}

bool selects(const api::Service& service, const api::Pod& pod) {
  const api::StringMap wanted = service.spec().selector(), labels = pod.metadata().labels();
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (labels[wanted.doc.keyAt(i)] != wanted.at(i)) return false;
  }
  return !wanted.empty();
}

bool isListed(const store::Objects& objects, const api::Pod& pod) {
  bool listed = false;
  objects.each(Resource::endpointslices, pod.metadata().namespace_(), [&](const Value& slice) {
    for (const Value& e : slice[api::Key("endpoints")].values()) {
      listed |= e[api::key::targetRef][api::key::uid].asString() == pod.metadata().uid() &&
                e[api::key::conditions][api::key::ready].asBool();
    }
  });
  return listed;
}

/// In the end the slices list every Pod that is Ready, and none that is not.
std::string rest(const Cluster& cluster) {
  const store::Objects& objects = cluster.objects();
  std::string how;
  objects.each(Resource::endpointslices, "", [&](const Value& slice) {
    if (how.empty()) how = check(objects, slice);
  });
  objects.each(Resource::services, "", [&](const Value& v) {
    const api::Service service{{v}};
    objects.each(Resource::pods, service.metadata().namespace_(), [&](const Value& p) {
      const api::Pod pod{{p}};
      if (selects(service, pod) && api::isPodReady(pod) && !api::isTerminating(pod) && !isListed(objects, pod))
        how = text({pod.metadata().name(), " rests Ready, and gets no traffic from ", service.metadata().name()});
    });
  });
  return how;
}
}  // namespace

const Invariant traffic = {"traffic", "Pods that are Ready get traffic, and no others.",
                           about({Resource::endpointslices}), write, rest};

}  // namespace sim
