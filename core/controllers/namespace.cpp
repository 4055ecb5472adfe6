#include "core/controllers/namespace.hpp"

#include <algorithm>
#include <map>

#include "core/api/pods.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using api::Millis;
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;
namespace key = api::key;

constexpr Millis namespaceDeletionGracePeriod = 5000;
constexpr int64_t finalizerEstimateSeconds = 15;

struct Condition {
  std::string_view type, okReason, okMessage;
};
constexpr Condition conditionTypes[] = {
    {"NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"},
    {"NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed"},
    {"NamespaceDeletionContentFailure", "ContentDeleted",
     "All content successfully deleted, may be waiting on finalization"},
    {"NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"},
    {"NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"},
};

/// What is left of a namespace's content.
struct Remaining {
  int64_t estimate = 0, objects = 0;
  std::map<std::string, int64_t> resources, finalizers;  ///< by "pods." and by finalizer, sorted as the messages are
};

std::string joined(const std::map<std::string, int64_t>& counts, std::string_view between) {
  std::string out;
  for (const auto& [what, count] : counts) {
    if (!out.empty()) out += ", ";
    out += what + std::string(between) + std::to_string(count) + " resource instances";
  }
  return out;
}

/// Its work items are namespaces.
class NamespaceController : public decision::Cloned<NamespaceController> {
 public:
  std::string_view name() const override { return "namespace"; }
  std::string_view component() const override { return "namespace-controller"; }
  bool watches(Resource r) const override { return r == Resource::namespaces; }

  void observe(const store::Change& c, const View&, Millis now) override {
    if (c.after.isNull() || c.after.get({key::metadata, key::deletionTimestamp}).isNull()) return;
    queue.addAfter(c.name(), namespaceDeletionGracePeriod, now);
  }

  bool sync(const std::string& name, decision::Client& client) override {
    const auto found = client.get(Resource::namespaces, "", name);
    if (!found.ok()) return true;
    const api::Namespace ns = api::as<api::Namespace>(found.body);
    if (ns.metadata().deletionTimestamp().empty() || ns.spec().finalizers().empty()) return true;
    const Remaining left = deleteAllContent(ns, client);
    if (!updateConditions(ns, left, client)) return false;
    if (left.estimate > 0) {
      client.wait({Rule::WaitForNamespaceContent, {{"namespace", name}, {"count", left.objects}}},
                  "Namespace//" + name);
      queue.addAfter(name, (left.estimate / 2 + 1) * 1000, client.now());
      return true;
    }
    return left.objects == 0 && finalize(name, client);
  }

 private:
  static Remaining deleteAllContent(const api::Namespace& ns, decision::Client& client) {
    Remaining left;
    deleteContent(Resource::pods, ns, left, client);
    if (left.objects > 0) return left;  // other resources wait until no pod is left
    for (const api::ResourceInfo& info : api::resources()) {
      if (info.namespaced && info.resource != Resource::pods) deleteContent(info.resource, ns, left, client);
    }
    return left;
  }

  /// The longest grace period of pods that still run, unless it is over.
  static int64_t estimatePods(const api::Namespace& ns, decision::Client& client) {
    int64_t estimate = 0;
    client.view().each<api::Pod>(ns.metadata().name(), [&](const api::Pod& pod) {
      if (!api::isPodTerminal(pod)) estimate = std::max(estimate, pod.spec().terminationGracePeriodSeconds());
    });
    const Millis since = client.now() - api::parseTime(ns.metadata().deletionTimestamp());
    return since >= estimate * 1000 ? 0 : estimate;
  }

  static void deleteContent(Resource resource, const api::Namespace& ns, Remaining& left, decision::Client& client) {
    const std::string name(ns.metadata().name());
    bool any = false;
    client.view().objects().each(resource, name, [&](const Value&) { any = true; });
    if (!any) return;
    int64_t estimate = resource == Resource::pods ? estimatePods(ns, client) : 0;
    const std::string plural(api::info(resource).plural);
    apiserver::Request r;
    r.verb = apiserver::Verb::deletecollection;
    r.resource = resource;
    r.namespace_ = name;
    r.deleteOptions.propagationPolicy = "Background";
    client.send({Rule::NamespaceContentDeleted, {{"namespace", name}, {"resource", plural}}}, std::move(r));

    apiserver::Request list;
    list.verb = apiserver::Verb::list;
    list.resource = resource;
    list.namespace_ = name;
    const auto items = client.send(Rule::UserRequest, std::move(list));
    int64_t count = 0;
    for (const Value& item : items.body[key::items].values()) {
      ++count;
      for (const Value& f : item.get({key::metadata, key::finalizers}).values()) {
        ++left.finalizers[std::string(f.asString())];
        if (estimate == 0) estimate = finalizerEstimateSeconds;
      }
    }
    if (count == 0) return;
    left.objects += count;
    left.estimate = std::max(left.estimate, estimate);
    left.resources[plural + "." + std::string(api::info(resource).group)] = count;
  }

  static bool updateConditions(const api::Namespace& ns, const Remaining& left, decision::Client& client) {
    const std::string time = api::formatTime(client.now());
    // While pods remain, upstream returns before it counts what is left.
    const bool onlyPods = left.resources.size() == 1 && left.resources.begin()->first == "pods.";
    Value conditions = ns.doc.get({key::status, key::conditions});
    if (conditions.isNull()) conditions = Value::array({});
    bool changed = false;
    for (const Condition& c : conditionTypes) {
      Value wanted = Value::object({{key::type, c.type},
                                    {key::status, "False"},
                                    {key::lastTransitionTime, time},
                                    {key::reason, c.okReason},
                                    {key::message, c.okMessage}});
      const auto fail = [&](std::string_view reason, std::string message) {
        wanted.set(key::status, "True");
        wanted.set(key::reason, reason);
        wanted.set(key::message, std::move(message));
      };
      if (c.type == "NamespaceContentRemaining" && !left.resources.empty() && !onlyPods)
        fail("SomeResourcesRemain", "Some resources are remaining: " + joined(left.resources, " has "));
      if (c.type == "NamespaceFinalizersRemaining" && !left.finalizers.empty() && !onlyPods) {
        fail("SomeFinalizersRemain",
             "Some content in the namespace has finalizers remaining: " + joined(left.finalizers, " in "));
      }
      changed |= setCondition(conditions, std::move(wanted));
    }
    if (!changed) return true;
    api::Namespace next = ns;
    next.doc.set({key::status, key::conditions}, std::move(conditions));
    return client.updateStatus({Rule::NamespaceStatus, {{"namespace", ns.metadata().name()}}}, next).ok();
  }

  static bool setCondition(Value& conditions, Value wanted) {
    for (size_t i = 0; i < conditions.size(); ++i) {
      const Value& old = conditions[i];
      if (old[key::type] != wanted[key::type]) continue;
      if (old[key::status] == wanted[key::status]) wanted.set(key::lastTransitionTime, old[key::lastTransitionTime]);
      if (old == wanted) return false;
      conditions.set({api::Step::index(i)}, std::move(wanted));
      return true;
    }
    conditions.append(std::move(wanted));
    return true;
  }

  static bool finalize(const std::string& name, decision::Client& client) {
    const auto found = client.get(Resource::namespaces, "", name);
    if (!found.ok()) return true;
    Value ns = found.body;
    std::vector<Value> kept;
    for (const Value& f : ns.get({key::spec, key::finalizers}).values()) {
      if (f.asString() != "kubernetes") kept.push_back(f);
    }
    ns.set({key::spec, key::finalizers}, Value::array(std::move(kept)));
    apiserver::Request r;
    r.verb = apiserver::Verb::update;
    r.resource = Resource::namespaces;
    r.name = name;
    r.subresource = "finalize";
    r.body = std::move(ns);
    r.trusted = true;
    const auto done = client.send({Rule::NamespaceFinalized, {{"namespace", name}}}, std::move(r));
    return done.ok() || done.isNotFound();
  }
};
}  // namespace

std::unique_ptr<decision::Controller> makeNamespaceController(const Settings&) {
  return std::make_unique<NamespaceController>();
}

}  // namespace controllers
