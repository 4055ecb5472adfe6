// How a cluster begins: its namespaces, the Service kubernetes, the class "standard", its nodes, and the actors.
#include <bit>

#include "core/apiserver/system_priority_classes.hpp"
#include "core/controllers/controlplane.hpp"
#include "core/decision/rules.hpp"
#include "core/sim/actors.hpp"
#include "core/sim/turn.hpp"

namespace sim {
using namespace api;

Cluster::Actor::Actor(const Actor& o)
    : does(o.does ? o.does->clone() : nullptr),
      mask(o.mask),
      journal(o.journal),
      node(o.node),
      recorder(o.recorder),
      stopped(o.stopped),
      failWrites(o.failWrites),
      lagging(o.lagging ? std::make_unique<store::Objects>(*o.lagging) : nullptr),
      logs(o.logs),
      missed(o.missed),
      digest(o.digest) {}

Cluster::Cluster(const Cluster&) = default;
Cluster& Cluster::operator=(const Cluster&) = default;
Cluster::Cluster(Cluster&&) noexcept = default;
Cluster& Cluster::operator=(Cluster&&) noexcept = default;
Cluster::~Cluster() = default;

apiserver::Settings serverSettings(const Setup& setup) {
  apiserver::Settings s;
  if (setup.recordingTimes) s.notReadyTolerationSeconds = s.unreachableTolerationSeconds = 5;
  s.seed = setup.seed;
  static constexpr std::string_view released[] = {"1.35.0", "1.35.4", "1.36.0", "1.37.2"};
  s.version = released[size_t(setup.version)];
  s.maxUnavailableStatefulSet = countsMaxUnavailable(setup.version);
  return s;
}

namespace {
apiserver::Request creation(Resource resource, std::string_view ns, Value body) {
  apiserver::Request r;
  r.verb = apiserver::Verb::create;
  r.resource = resource;
  r.namespace_ = ns;
  body.set(key::apiVersion, info(resource).apiVersion());
  body.set(key::kind, info(resource).kind);
  r.body = std::move(body);
  r.trusted = true;
  r.userAgent = "kube-apiserver";
  return r;
}

Value named(std::string_view name) {
  Value v;
  v.set({key::metadata, key::name}, name);
  return v;
}

Value standardClass() {
  Value v = named("standard");
  v.set({key::metadata, key::annotations, key::isDefaultClass}, "true");
  v.set({key::metadata, key::annotations, key::lastAppliedConfiguration},
        "{\"apiVersion\":\"storage.k8s.io/"
        "v1\",\"kind\":\"StorageClass\",\"metadata\":{\"annotations\":{\"storageclass.kubernetes.io/"
        "is-default-class\":\"true\"},\"name\":\"standard\"},\"provisioner\":\"simulated.example.com/disk\"}\n");
  v.set(key::provisioner, "simulated.example.com/disk");
  return v;
}
Value priorityClass(const apiserver::SystemPriorityClass& c) {
  Value v = named(c.name);
  v.set({key::metadata, key::uid}, c.uid);
  v.set(key::value, c.value);
  v.set(key::description, c.description);
  return v;
}
}  // namespace

Cluster::Cluster(const Setup& setup)
    : setup_(setup), server_(serverSettings(setup)), random_(setup.seed * 0x2545f4914f6cdd1du) {
  server_.setTime(setup.start);
  journal_.actorIndex("you");
  actors_.emplace_back(Actor());  // the user, who has no queue
  setUp();
}

void Cluster::setUp() {
  for (auto& controller : makeActors(setup_)) addActor(std::move(controller));
  deployment_ = actorNamed("deployment");
  replicaset_ = actorNamed("replicaset");
  scheduler_ = actorNamed("scheduler");
  beginItem();
  const decision::Why why(decision::Rule::UserRequest);
  for (Value& object : controllers::controlPlaneObjects()) {
    const Resource r = findKind(object[key::kind].asString())->resource;
    const std::string ns(object.get({key::metadata, key::namespace_}).asString());
    perform(0, why, creation(r, ns, std::move(object)));
  }
  perform(0, why, creation(Resource::storageclasses, "", standardClass()));
  for (const apiserver::SystemPriorityClass& c : apiserver::systemPriorityClasses)
    perform(0, why, creation(Resource::priorityclasses, "", priorityClass(c)));
  endItem();
  for (int i = 1; i <= setup_.nodes; ++i) {
    Value what;
    what.set(key::type, "node");
    what.set(key::name, "node-" + std::to_string(i));
    what.set(Key("event"), "add");
    input(Input{what});
  }
  settle(3000, 60000);
  // What a person sees begins with an empty journal and a whole second.
  advanceTo((now() + 999) / 1000 * 1000);
  server_.noteManagers(history());
  journal_.entries = {};
  journalStart_ = revision();
  waits_ = {};
  item_ = 0;
}

size_t Cluster::addActor(std::unique_ptr<decision::Controller> controller) {
  Actor a;
  for (const ResourceInfo& r : resources()) {
    if (controller->watches(r.resource)) a.mask |= 1u << unsigned(r.resource);
  }
  watched_ |= a.mask;
  a.journal = journal_.actorIndex(controller->name());
  a.node = controller->node();
  if (!a.node.empty()) kubelets_[a.node] = actors_.size();
  controller->start(decision::View(objects()), now());
  a.does = std::move(controller);
  actors_.emplace_back(std::move(a));
  return actors_.size() - 1;
}

void Cluster::addMissingKubelets() {
  std::vector<std::string> missing;
  objects().each(Resource::nodes, "", [&](const Value& node) {
    const std::string_view name = Object{{node}}.metadata().name();
    if (kubelets_.find(name) == kubelets_.end()) missing.emplace_back(name);
  });
  for (const std::string& name : missing) {
    if (auto kubelet = makeNodeActor(setup_, name)) addActor(std::move(kubelet));
  }
}

}  // namespace sim
