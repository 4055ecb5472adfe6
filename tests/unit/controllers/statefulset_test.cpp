// The StatefulSet controller's vocabulary: ordinals, identity, owners of claims.
#include <catch_amalgamated.hpp>

#include "core/api/pods.hpp"
#include "core/controllers/statefulset_utils.hpp"
#include "core/manifest/manifest.hpp"

using namespace controllers::statefulset;
namespace key = api::key;

namespace {
api::Value yaml(std::string_view text) {
  const manifest::Parsed parsed = manifest::parseYaml(text);
  REQUIRE(parsed.documents.size() == 1);
  return parsed.documents[0].value;
}

StatefulSet web(std::string_view more = "") {
  return {
      {yaml("metadata: {name: web, namespace: default, uid: set-1}\n"
            "spec:\n"
            "  replicas: 3\n"
            "  serviceName: nginx\n"
            "  podManagementPolicy: OrderedReady\n"
            "  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 0}}\n"
            "  selector: {matchLabels: {app: nginx}}\n"
            "  template: {metadata: {labels: {app: nginx}}, spec: {containers: [{name: nginx, image: nginx}]}}\n"
            "  volumeClaimTemplates: [{metadata: {name: www}}]\n" +
            std::string(more))}};
}
Pod podOf(const StatefulSet& set, int64_t ordinal) {
  Pod pod = newStatefulSetPod(set, set.spec().template_(), "web-1", ordinal);
  pod.doc.set({key::metadata, key::uid}, "pod-" + std::to_string(ordinal));
  return pod;
}
}  // namespace

TEST_CASE("a Pod's name holds its set and its ordinal") {
  CHECK(getParentNameAndOrdinal("web-12").parent == "web");
  CHECK(getParentNameAndOrdinal("web-12").ordinal == 12);
  CHECK(getParentNameAndOrdinal("my-web-0").parent == "my-web");
  CHECK(getParentNameAndOrdinal("web").ordinal == -1);
  CHECK(getParentNameAndOrdinal("12").ordinal == -1);
  CHECK(getParentNameAndOrdinal("web-x1").ordinal == -1);
  CHECK(getParentNameAndOrdinal("web-99999999999").ordinal == -1);
  CHECK(getParentNameAndOrdinal("web-99999999999").parent == "web");
}

TEST_CASE("a new Pod has its identity and its storage") {
  const StatefulSet set = web();
  Pod pod = podOf(set, 2);
  CHECK(pod.metadata().name() == "web-2");
  CHECK(pod.spec().hostname() == "web-2");
  CHECK(pod.spec().subdomain() == "nginx");
  CHECK(pod.metadata().labels()[key::podIndexLabel] == "2");
  CHECK(pod.metadata().labels()[key::revisionHashLabel] == "web-1");
  CHECK(pod.spec().volumes()[0].persistentVolumeClaim().claimName() == "www-web-2");
  CHECK(identityMatches(set, pod));
  CHECK(storageMatches(set, pod));

  pod.doc.set({key::metadata, key::labels, key::podNameLabel}, "other");
  CHECK_FALSE(identityMatches(set, pod));
  updateIdentity(set, pod);
  CHECK(identityMatches(set, pod));

  pod.doc.erase({key::spec, key::volumes});
  CHECK_FALSE(storageMatches(set, pod));
  updateStorage(set, pod);
  CHECK(storageMatches(set, pod));
}

TEST_CASE("a claim has the template's and the selector's labels") {
  const auto claims = getPersistentVolumeClaims(web(), 1);
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].metadata().name() == "www-web-1");
  CHECK(claims[0].metadata().labels().get("app") == "nginx");
}

TEST_CASE("Pods below the partition keep the current revision") {
  StatefulSet set = web();
  set.doc.set({key::spec, key::updateStrategy, key::rollingUpdate, key::partition}, 2);
  CHECK(usesCurrentRevision(set, 1));
  CHECK_FALSE(usesCurrentRevision(set, 2));
  set.doc.set({key::spec, key::ordinals, key::start}, 5);
  CHECK(usesCurrentRevision(set, 6));
  CHECK_FALSE(usesCurrentRevision(set, 7));
}

TEST_CASE("maxUnavailable is at least one Pod, percentages are rounded down") {
  StatefulSet set = web();
  CHECK(getStatefulSetMaxUnavailable(set) == 1);
  const std::initializer_list<api::Step> path{key::spec, key::updateStrategy, key::rollingUpdate, key::maxUnavailable};
  set.doc.set(path, 2);
  CHECK(getStatefulSetMaxUnavailable(set) == 2);
  set.doc.set(path, "10%");
  CHECK(getStatefulSetMaxUnavailable(set) == 1);
  set.doc.set(path, "70%");
  CHECK(getStatefulSetMaxUnavailable(set) == 2);
}

TEST_CASE("a claim is owned as the retention policy says") {
  struct {
    std::string_view whenScaled, whenDeleted;
    int64_t ordinal;  // of 3 replicas
    bool setOwns, podOwns;
  } const cases[] = {
      {"Retain", "Retain", 0, false, false}, {"Retain", "Delete", 0, true, false},
      {"Delete", "Retain", 0, false, false}, {"Delete", "Retain", 3, false, true},
      {"Delete", "Delete", 0, true, false},  {"Delete", "Delete", 3, false, true},
      {"Retain", "Delete", 3, true, false},
  };
  for (const auto& c : cases) {
    StatefulSet set = web();
    set.doc.set({key::spec, key::persistentVolumeClaimRetentionPolicy, key::whenScaled}, c.whenScaled);
    set.doc.set({key::spec, key::persistentVolumeClaimRetentionPolicy, key::whenDeleted}, c.whenDeleted);
    const Pod pod = podOf(set, c.ordinal);
    PersistentVolumeClaim claim = getPersistentVolumeClaims(set, c.ordinal)[0];
    CHECK(isClaimOwnerUpToDate(claim, set, pod) == !(c.setOwns || c.podOwns));
    updateClaimOwnerRefForSetAndPod(claim, set, pod);
    CHECK(isClaimOwnerUpToDate(claim, set, pod));
    CHECK(hasOwnerRef(claim, "set-1") == c.setOwns);
    CHECK(hasOwnerRef(claim, pod.metadata().uid()) == c.podOwns);
  }
}

TEST_CASE("a claim of a former Pod or set of the name is left alone") {
  StatefulSet set = web();
  set.doc.set({key::spec, key::persistentVolumeClaimRetentionPolicy, key::whenScaled}, "Delete");
  const Pod former = podOf(set, 3);
  PersistentVolumeClaim claim = getPersistentVolumeClaims(set, 3)[0];
  updateClaimOwnerRefForSetAndPod(claim, set, former);
  Pod pod = former;
  pod.doc.set({key::metadata, key::uid}, "pod-new");
  CHECK(hasStaleOwnerRef(claim, "web-3", "pod-new"));
  CHECK(isClaimOwnerUpToDate(claim, set, pod));
}

TEST_CASE("what a sync knows of a Pod") {
  const StatefulSet set = web();
  Pod pod = podOf(set, 1);
  CHECK_FALSE(isCreated(replicaOf(set, pod)));
  pod.doc.set({key::status, key::phase}, "Running");
  CHECK(isCreated(replicaOf(set, pod)));
  CHECK_FALSE(isRunningAndReady(replicaOf(set, pod)));
  pod.doc.set({key::status, key::conditions},
              api::Value::array({api::Value::object({{key::type, "Ready"},
                                                     {key::status, "True"},
                                                     {key::lastTransitionTime, api::formatTime(api::clusterEpoch)}})}));
  const Replica r = replicaOf(set, pod);
  CHECK(isRunningAndReady(r));
  CHECK(isRunningAndAvailable(r, 0, api::clusterEpoch));
  CHECK_FALSE(isRunningAndAvailable(r, 10, api::clusterEpoch + 9999));
  CHECK(isRunningAndAvailable(r, 10, api::clusterEpoch + 10000));
  CHECK(r.member);
  CHECK(r.ordinal == 1);
  pod.doc.set({key::metadata, key::labels, api::Key("app")}, "other");
  CHECK_FALSE(replicaOf(set, pod).member);
}
