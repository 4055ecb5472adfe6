// Models pkg/controller/volume/expand/expand_controller.go (v1.37). NOT MODELLED: growing in-tree volumes.
#include "core/controllers/expander.hpp"

#include "core/api/quantity.hpp"
#include "core/api/volumes.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
using namespace api;
using decision::Client;
using decision::Rule;

namespace {
std::string_view requested(const PersistentVolumeClaim& c) {
  return c.doc.get({key::spec, key::resources, key::requests, key::storage}).asString();
}
std::string_view capacity(const PersistentVolumeClaim& c) {
  return c.doc.get({key::status, key::capacity, key::storage}).asString();
}

class ExpandController : public decision::Cloned<ExpandController> {
 public:
  std::string_view name() const override { return "expander"; }
  std::string_view component() const override { return "volume_expand"; }
  bool watches(Resource r) const override { return r == Resource::persistentvolumeclaims; }

  void observe(const store::Change& change, const decision::View&, Millis) override {
    const auto after = as<PersistentVolumeClaim>(change.after), before = as<PersistentVolumeClaim>(change.before);
    if (!after || after.status().phase() != "Bound") return;
    if (before && requested(after) == requested(before) && capacity(after) == capacity(before)) return;
    if (before && Quantity(requested(after)) <= Quantity(requested(before)) &&
        Quantity(capacity(after)) <= Quantity(capacity(before)))
      return;
    queue.add(store::keyOf(change.namespace_(), change.name()));
  }

  bool sync(const std::string& key, Client& client) override {
    const PersistentVolumeClaim claim = client.view().getByKey<PersistentVolumeClaim>(key);
    if (!claim || Quantity(requested(claim)) <= Quantity(capacity(claim))) return true;
    const PersistentVolume volume = client.view().get<PersistentVolume>({}, claim.spec().volumeName());
    if (!volume || volume.spec().claimRef().uid() != claim.metadata().uid()) return false;
    client.event(claim.doc, "Normal", "ExternalExpanding", "waiting for an external controller to expand this PVC");
    client.wait({Rule::ExpansionIsExternal,
                 {{"claim", claim.metadata().name()},
                  {"volume", volume.metadata().name()},
                  {"requested", requested(claim)},
                  {"capacity", capacity(claim)}}},
                "PersistentVolumeClaim/" + key);
    return true;
  }

  void start(const decision::View& view, Millis) override {
    view.each<PersistentVolumeClaim>({}, [&](const PersistentVolumeClaim& c) {
      if (c.status().phase() == "Bound") queue.add(store::keyOf(c.doc));
    });
  }
};
}  // namespace

std::unique_ptr<decision::Controller> makeExpandController(const Settings&) {
  return std::make_unique<ExpandController>();
}

}  // namespace controllers
