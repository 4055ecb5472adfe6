#include "core/controllers/controlplane.hpp"

#include <array>

#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using api::Key;
using api::Millis;
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;
namespace key = api::key;

struct Kept {
  Resource resource;
  std::string_view ns, name;
  Millis period;
};
constexpr Kept keptObjects[] = {
    {Resource::namespaces, "", "default", 60000},         {Resource::namespaces, "", "kube-system", 60000},
    {Resource::namespaces, "", "kube-public", 60000},     {Resource::namespaces, "", "kube-node-lease", 60000},
    {Resource::services, "default", "kubernetes", 10000}, {Resource::endpointslices, "default", "kubernetes", 10000},
};
constexpr size_t keptCount = std::size(keptObjects);

Value port(int number) {
  Value v;
  v.setAll({{key::name, "https"}, {key::port, number}, {key::protocol, "TCP"}});
  return v;
}

void fillService(Value& v) {
  v.set({key::metadata, key::labels, key::component}, "apiserver");
  v.set({key::metadata, key::labels, Key("provider")}, "kubernetes");
  v.set({key::spec, key::clusterIP}, "10.96.0.1");
  v.set({key::spec, key::clusterIPs}, Value::array({"10.96.0.1"}));
  Value https = port(443);
  https.set(key::targetPort, 6443);
  v.set({key::spec, key::ports}, Value::array({https}));
  v.set({key::spec, key::type}, "ClusterIP");
}

void fillSlice(Value& v) {
  v.set({key::metadata, key::labels, key::serviceNameLabel}, "kubernetes");
  v.set(key::addressType, "IPv4");
  Value endpoint;
  endpoint.set(key::addresses, Value::array({"192.0.2.254"}));
  endpoint.set({key::conditions, key::ready}, true);
  v.set(key::endpoints, Value::array({endpoint}));
  v.set(key::ports, Value::array({port(6443)}));
}

Value wantedObject(const Kept& kept) {
  Value v;
  v.set({key::metadata, key::name}, kept.name);
  if (!kept.ns.empty()) v.set({key::metadata, key::namespace_}, kept.ns);
  if (kept.resource == Resource::services) fillService(v);
  if (kept.resource == Resource::endpointslices) fillSlice(v);
  v.set(key::apiVersion, api::info(kept.resource).apiVersion());
  v.set(key::kind, api::info(kept.resource).kind);
  return v;
}

/// Namespaces and the Service only have to be there; of the slice all is put back but its annotations.
bool isAsWanted(const Kept& kept, const Value& now) {
  if (now.isNull()) return false;
  if (kept.resource != Resource::endpointslices) return true;
  const Value wanted = wantedObject(kept);
  for (Key k : {Key(key::endpoints), Key(key::ports), Key(key::addressType)}) {
    if (!(now[k] == wanted[k])) return false;
  }
  return now[key::metadata][key::labels] == wanted[key::metadata][key::labels];
}

decision::Why why(Rule rule, const Kept& kept) {
  return {rule, {{"kind", api::info(kept.resource).kind}, {"name", Value(kept.name)}, {"seconds", kept.period / 1000}}};
}

/// Its work items are the objects it keeps, as numbers.
class ControlPlane : public decision::Cloned<ControlPlane> {
 public:
  std::string_view name() const override { return "api server"; }
  std::string_view component() const override { return "kube-apiserver"; }
  bool watches(Resource r) const override {
    return r == Resource::namespaces || r == Resource::services || r == Resource::endpointslices;
  }
  void start(const View&, Millis now) override { started_ = now; }

  void observe(const store::Change& c, const View&, Millis now) override {
    for (size_t i = 0; i < keptCount; ++i) {
      const Kept& kept = keptObjects[i];
      if (kept.resource != c.resource || kept.name != c.name() || kept.ns != c.namespace_()) continue;
      // What was missing and is made by somebody is looked at when it is due anyway.
      if (isAsWanted(kept, c.after) || c.before.isNull()) return;
      due_[i] = now + kept.period - (now - started_) % kept.period;
      queue.add(std::to_string(i));
    }
  }

  bool sync(const std::string& item, decision::Client& client) override {
    const size_t i = size_t(item[0] - '0');
    const Kept& kept = keptObjects[i];
    const Value* found = client.view().objects().get(kept.resource, kept.ns, kept.name);
    const Value now = found ? *found : Value();
    if (isAsWanted(kept, now)) {
      due_[i] = 0;
    } else if (client.now() < due_[i]) {
      const std::string kind(api::info(kept.resource).kind), place = "/" + std::string(kept.ns) + "/";
      client.wait(why(Rule::KeptObjectIsMissed, kept), kind + place + std::string(kept.name));
      queue.addAfter(item, due_[i] - client.now(), client.now());
    } else if (putBack(kept, now, client)) {
      due_[i] = 0;
    } else {
      due_[i] = client.now() + kept.period;
      queue.addAfter(item, kept.period, client.now());
    }
    return true;
  }

  void remember(decision::Digest& out) const override {
    for (const Millis due : due_) out << due;
  }

 private:
  static bool putBack(const Kept& kept, const Value& now, decision::Client& client) {
    const Value wanted = wantedObject(kept);
    const bool sameType = now[key::addressType] == wanted[key::addressType];
    if (!now.isNull() && sameType) return client.update(why(Rule::KeptObjectIsPutBack, kept), wanted).ok();
    if (!now.isNull() && !client.remove(why(Rule::KeptObjectIsPutBack, kept), now).ok()) return false;
    const apiserver::Response made = client.create(why(Rule::KeptObjectIsMade, kept), wanted);
    return made.ok() || made.isAlreadyExists();
  }

  Millis started_ = 0;
  std::array<Millis, keptCount> due_{};
};
}  // namespace

std::vector<Value> controlPlaneObjects() {
  std::vector<Value> all;
  for (const Kept& kept : keptObjects) all.push_back(wantedObject(kept));
  return all;
}

std::unique_ptr<decision::Controller> makeControlPlane(const Settings&) { return std::make_unique<ControlPlane>(); }

}  // namespace controllers
