#include "core/controllers/persistentvolume_index.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/manifest/manifest.hpp"

using namespace api;

namespace {
struct Volumes {
  store::Store store;
  controllers::VolumeIndex index;

  void add(const std::string& name, const std::string& size, const std::string& more = "",
           const std::string& modes = "ReadWriteOnce", const std::string& phase = "Available") {
    const std::string text = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: " + name +
                             ", labels: {disk: " + name +
                             "}}, spec: {storageClassName: manual, capacity: {storage: " + size + "}, accessModes: [" +
                             modes + "]" + more + "}, status: {phase: " + phase + "}}";
    const auto parsed = manifest::parseYaml(text);
    REQUIRE(parsed.errors.empty());
    index.put(as<PersistentVolume>(store.put(Resource::persistentvolumes, parsed.documents[0].value).after));
  }
  PersistentVolumeClaim claim(const std::string& size, const std::string& more = "",
                              const std::string& modes = "ReadWriteOnce") const {
    const std::string text =
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: default, uid: u1}, spec: "
        "{storageClassName: manual, accessModes: [" +
        modes + "], resources: {requests: {storage: " + size + "}}" + more + "}}";
    return as<PersistentVolumeClaim>(manifest::parseYaml(text).documents[0].value);
  }
  std::string best(const PersistentVolumeClaim& c, bool delay = false) const {
    const PersistentVolume v = index.findBestMatchForClaim(c, delay, decision::View(store.objects()));
    return v ? std::string(v.metadata().name()) : "";
  }
  std::string nearest(const PersistentVolumeClaim& c) const {
    const auto found = index.nearestMisfits(c, decision::View(store.objects()));
    return found.empty() ? "" : std::string(found[0].metadata().name());
  }
};
}  // namespace

TEST_CASE("A claim takes the smallest volume that is large enough") {
  Volumes v;
  v.add("small", "1Gi");
  v.add("large", "10Gi");
  v.add("medium", "5Gi");
  CHECK(v.best(v.claim("3Gi")) == "medium");
  CHECK(v.best(v.claim("5Gi")) == "medium");
  CHECK(v.best(v.claim("6Gi")) == "large");
  CHECK(v.best(v.claim("11Gi")) == "");
  CHECK(v.nearest(v.claim("11Gi")) == "large");
}

TEST_CASE("Fewer access modes beyond the wanted ones come before a smaller size") {
  Volumes v;
  v.add("many", "1Gi", "", "ReadWriteOnce, ReadOnlyMany");
  v.add("one", "10Gi");
  CHECK(v.best(v.claim("1Gi")) == "one");
  CHECK(v.best(v.claim("1Gi", "", "ReadOnlyMany")) == "many");
  CHECK(v.best(v.claim("1Gi", "", "ReadWriteMany")) == "");
}

TEST_CASE("A volume that names a claim is for that claim alone") {
  Volumes v;
  v.add("kept", "1Gi", ", claimRef: {namespace: default, name: other}");
  CHECK(v.best(v.claim("1Gi")) == "");
  v.add("mine", "9Gi", ", claimRef: {namespace: default, name: data}");
  v.add("free", "1Gi");
  CHECK(v.best(v.claim("1Gi")) == "mine");
  CHECK(v.best(v.claim("1Gi"), true) == "mine");
}

TEST_CASE("While binding waits for a pod the binder takes no free volume") {
  Volumes v;
  v.add("free", "1Gi");
  CHECK(v.best(v.claim("1Gi"), true) == "");
  CHECK(v.best(v.claim("1Gi"), false) == "free");
}

TEST_CASE("Volumes that are not free, of another mode or with other labels do not fit") {
  Volumes v;
  v.add("released", "1Gi", "", "ReadWriteOnce", "Released");
  CHECK(v.best(v.claim("1Gi")) == "");
  CHECK(v.nearest(v.claim("1Gi")) == "released");
  v.add("raw", "1Gi", ", volumeMode: Block");
  CHECK(v.best(v.claim("1Gi")) == "");
  CHECK(v.best(v.claim("1Gi", ", volumeMode: Block")) == "raw");
  v.add("a", "1Gi");
  v.add("b", "2Gi");
  CHECK(v.best(v.claim("1Gi", ", selector: {matchLabels: {disk: b}}")) == "b");
  v.add("b", "2Gi", "", "ReadWriteOnce", "Bound");
  CHECK(v.best(v.claim("1Gi", ", selector: {matchLabels: {disk: b}}")) == "");
}
