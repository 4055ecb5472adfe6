#include "core/controllers/serviceaccount.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;
namespace key = api::key;

/// Its work items are namespaces.
class ServiceAccountController : public decision::Cloned<ServiceAccountController> {
 public:
  std::string_view name() const override { return "service account"; }
  std::string_view component() const override { return "serviceaccount-controller"; }
  bool watches(Resource r) const override { return r == Resource::namespaces || r == Resource::serviceaccounts; }

  void observe(const store::Change& c, const View&, api::Millis) override {
    if (c.resource == Resource::serviceaccounts) {
      if (c.after.isNull() && c.name() == "default") queue.add(c.namespace_());
    } else if (!c.after.isNull()) {
      queue.add(c.name());
    }
  }

  bool sync(const std::string& name, decision::Client& client) override {
    const api::Namespace ns = client.view().get<api::Namespace>("", name);
    if (!ns || ns.status().phase() != "Active") return true;
    if (client.view().get<api::ServiceAccount>(name, "default")) return true;
    const Value account =
        Value::object({{key::apiVersion, "v1"},
                       {key::kind, "ServiceAccount"},
                       {key::metadata, Value::object({{key::name, "default"}, {key::namespace_, name}})}});
    const auto made = client.create({Rule::CreateDefaultServiceAccount, {{"namespace", name}}}, account);
    return made.ok() || made.isAlreadyExists() || made.code == 403;
  }
};
}  // namespace

std::unique_ptr<decision::Controller> makeServiceAccountController(const Settings&) {
  return std::make_unique<ServiceAccountController>();
}

}  // namespace controllers
