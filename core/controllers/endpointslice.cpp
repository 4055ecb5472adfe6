#include "core/controllers/endpointslice.hpp"

#include <algorithm>

#include "core/api/pods.hpp"
#include "core/api/selector.hpp"
#include "core/controllers/endpointslice_reconciler.hpp"
#include "core/controllers/endpointslice_utils.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
namespace {
using api::Millis;
using api::Resource;
using api::Value;
using decision::Rule;
using decision::View;
namespace key = api::key;

// Pods that change in the same instant are synced together: the clock stands still until all have.
constexpr Millis podBatchPeriod = 1;
constexpr Millis sliceChangeMinSyncDelay = 1000, defaultSyncBackOff = 1000, maxSyncBackOff = 1000000;
constexpr std::string_view triggerTimeAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";

/// Its work items are services.
class EndpointSliceController : public decision::Cloned<EndpointSliceController> {
 public:
  std::string_view name() const override { return "endpointslice"; }
  std::string_view component() const override { return "endpoint-slice-controller"; }
  bool watches(Resource r) const override {
    return r == Resource::services || r == Resource::pods || r == Resource::endpointslices || r == Resource::nodes;
  }

  void observe(const store::Change& c, const View& view, Millis now) override {
    switch (c.resource) {
      case Resource::services: return serviceChanged(c);
      case Resource::pods: return podChanged(c, view, now);
      case Resource::endpointslices: return sliceChanged(c, now);
      default:
        // A pod whose node is gone is left out as soon as its service is looked at again.
        if (c.before.isNull() || c.after.isNull()) {
          for (auto& [key, state] : services_) state.full = true;
        }
    }
  }

  /// What is expected of its own writes is left out: they are seen as soon as they are made.
  void remember(decision::Digest& out) const override {
    for (const auto& [service, s] : services_) {
      out << service << s.full << s.serviceTrigger;
      out.all(s.dirty).all(s.affected).all(s.unplaced);
      for (const auto& [pod, m] : s.members) out << pod << m.endpoint << m.slice << m.trigger;
    }
  }
  bool sync(const std::string& key, decision::Client& client) override {
    const api::Service service = client.view().getByKey<api::Service>(key);
    if (!service) {
      services_.erase(key);
      return true;
    }
    if (service.spec().type() == "ExternalName" || service.spec().selector().empty()) return true;
    ServiceEndpoints& state = services_[key];
    const std::string missing = readPods(service, state, client.view());
    std::string error = reconcile(service, state, client);
    if (error.empty()) error = missing;
    state.full = false;
    state.dirty.clear();
    state.affected.clear();
    if (error.empty()) {
      state.failures = 0;
      return true;
    }
    const std::string ns(service.metadata().namespace_()), name(service.metadata().name());
    client.event(service.doc, "Warning", "FailedToUpdateEndpointSlices",
                 "Error updating Endpoint Slices for Service " + ns + "/" + name + ": " + error);
    state.full = true;
    const Millis delay = std::min(defaultSyncBackOff << std::min(state.failures++, 10), maxSyncBackOff);
    queue.addAfter(key, delay, client.now());
    return true;
  }

 private:
  // ---- what changed

  void serviceChanged(const store::Change& c) {
    const std::string key = store::keyOf(c.object());
    if (c.after.isNull()) {
      services_.erase(key);
      return;
    }
    if (c.before.get({key::metadata, key::uid}) != c.after.get({key::metadata, key::uid})) services_.erase(key);
    services_[key].full = true;
    queue.add(key);
  }

  void podChanged(const store::Change& c, const View& view, Millis now) {
    bool pod = true, labels = false;
    if (!c.before.isNull() && !c.after.isNull()) podEndpointsChanged(c.before, c.after, pod, labels);
    if (!pod && !labels) return;
    const Value &was = c.before.get({key::metadata, key::labels}), &is = c.after.get({key::metadata, key::labels});
    view.each<api::Service>(c.namespace_(), [&](const api::Service& s) {
      const Value& selector = s.doc.get({key::spec, key::selector});
      if (selector.size() == 0) return;
      const bool matched = !c.before.isNull() && api::mapMatches(selector, was),
                 matches = !c.after.isNull() && (labels || c.before.isNull() ? api::mapMatches(selector, is) : matched);
      if (!matched && !matches) return;
      const std::string key = store::keyOf(s.doc);
      services_[key].dirty.emplace(c.name());
      queue.addAfter(key, podBatchPeriod, now);
    });
  }

  /// Only what others did to our slices is of interest; our own writes are known by their revisions.
  void sliceChanged(const store::Change& c, Millis now) {
    const Value& slice = c.object();
    const Value& labels = slice.get({key::metadata, key::labels});
    const std::string key = store::keyOf(c.namespace_(), labels[key::serviceNameLabel].asString());
    const std::string name = store::keyOf(slice);
    const auto expected = expected_.find(name);
    const bool ours = expected != expected_.end() && expected->second == (c.after.isNull() ? 0 : c.revision);
    if (c.after.isNull() && expected != expected_.end()) expected_.erase(expected);
    if (ours || labels[key::managedByLabel].asString() != endpointSliceManager) return;
    const auto it = services_.find(key);
    if (it == services_.end()) return;
    it->second.full = true;
    queue.addAfter(key, sliceChangeMinSyncDelay, now);
  }

  // ---- what stands behind a service

  static bool selects(const api::Service& service, const api::Pod& pod) {
    return api::mapMatches(service.doc.get({key::spec, key::selector}), pod.doc.get({key::metadata, key::labels}));
  }

  /// Brings the members up to date. Gives why the sync has to be tried again, or "".
  std::string readPods(const api::Service& service, ServiceEndpoints& state, const View& view) {
    const std::string ns(service.metadata().namespace_());
    std::string error;
    trigger_ = INT64_MAX;
    if (state.full) {
      std::set<std::string> seen;
      view.each<api::Pod>(ns, [&](const api::Pod& pod) {
        if (!selects(service, pod)) return;
        if (readPod(service, pod, state, view, error)) seen.emplace(pod.metadata().name());
      });
      std::vector<std::string> gone;
      for (const auto& [pod, m] : state.members) {
        if (seen.find(pod) == seen.end()) gone.push_back(pod);
      }
      for (const std::string& pod : gone) state.drop(pod);
      state.unplaceAll();
    } else {
      for (const std::string& name : state.dirty) {
        const api::Pod pod = view.get<api::Pod>(ns, name);
        const bool matches = pod && selects(service, pod);
        if (!matches || !readPod(service, pod, state, view, error)) state.drop(name);
      }
    }
    return error;
  }

  bool readPod(const api::Service& service, const api::Pod& pod, ServiceEndpoints& state, const View& view,
               std::string& error) {
    if (!shouldPodBeInEndpoints(pod)) return false;
    const api::Node node = view.get<api::Node>("", pod.spec().nodeName());
    const std::string name(pod.metadata().name());
    if (!node && !service.spec().publishNotReadyAddresses()) {
      const std::string text = "skipping Pod " + name + " for Service " + std::string(service.metadata().namespace_()) +
                               "/" + std::string(service.metadata().name()) + ": Node " +
                               std::string(pod.spec().nodeName()) + " Not Found";
      if (error.find(text) == error.npos) error += (error.empty() ? "" : ", ") + text;
      return false;
    }
    Value endpoint = podToEndpoint(pod, node, service, "IPv4");
    if (endpoint.isNull()) return false;
    state.put(name, std::move(endpoint), endpointPorts(service, pod));
    EndpointMember& m = state.members[name];
    const Millis changed = api::parseTime(api::podCondition(pod, "Ready").lastTransitionTime());
    if (changed > m.trigger) {
      m.trigger = changed;
      trigger_ = std::min(trigger_, changed);
    }
    return true;
  }

  // ---- its slices

  std::string reconcile(const api::Service& service, ServiceEndpoints& state, decision::Client& client) {
    const Millis created = api::parseTime(service.metadata().creationTimestamp());
    if (state.serviceTrigger == 0) trigger_ = created;
    state.serviceTrigger = created;
    std::string error;
    const auto families = service.spec().ipFamilies();
    std::vector<std::string> types;
    for (std::string_view f : families) types.emplace_back(f);
    if (types.empty()) types = {"IPv4"};
    std::map<std::string, std::vector<Value>> slices;
    client.view().objects().each(Resource::endpointslices, service.metadata().namespace_(), [&](const Value& s) {
      const Value& labels = s.get({key::metadata, key::labels});
      if (labels[key::serviceNameLabel].asString() != service.metadata().name() ||
          labels[key::managedByLabel].asString() != endpointSliceManager ||
          !s.get({key::metadata, key::deletionTimestamp}).isNull())
        return;
      slices[std::string(s[key::addressType].asString())].push_back(s);
    });
    for (const auto& [type, list] : slices) {
      if (std::find(types.begin(), types.end(), type) != types.end()) continue;
      for (const Value& s : list) removeSlice(service, s, error, client);
    }
    for (const std::string& type : types) {
      finalize(service, state, reconcileSlices(state, service, slices[type], type), error, client);
    }
    return error;
  }

  void finalize(const api::Service& service, ServiceEndpoints& state, SliceChanges changes, std::string& error,
                decision::Client& client) {
    const std::string name(service.metadata().name());
    if (service.metadata().deletionTimestamp().empty()) {
      for (Value& slice : changes.create) {
        setTriggerTime(slice);
        const size_t count = slice[key::endpoints].size();
        const decision::Why why =
            count ? decision::Why(Rule::CreateEndpointSlice, {{"service", name}, {"count", int64_t(count)}})
                  : decision::Why(Rule::CreateEmptyEndpointSlice, {{"service", name}});
        const auto made = client.create(why, slice);
        if (!made.ok()) return fail(error, "failed to create EndpointSlice for Service ", service, made);
        written(made.body, state);
      }
    }
    for (Value& slice : changes.update) {
      setTriggerTime(slice);
      const std::string sliceName(slice.get({key::metadata, key::name}).asString());
      const auto updated = client.update(whyUpdate(service, slice), slice);
      if (!updated.ok())
        return fail(error, "failed to update " + sliceName + " EndpointSlice for Service ", service, updated);
      written(updated.body, state);
    }
    for (const Value& slice : changes.remove) removeSlice(service, slice, error, client);
  }

  static decision::Why whyUpdate(const api::Service& service, const Value& slice) {
    int64_t ready = 0, total = 0;
    for (const Value& e : slice[key::endpoints].values()) {
      ++total;
      ready += e.get({key::conditions, key::ready}).asBool();
    }
    return {Rule::UpdateEndpointSlice, {{"service", service.metadata().name()}, {"ready", ready}, {"count", total}}};
  }

  void removeSlice(const api::Service& service, const Value& slice, std::string& error, decision::Client& client) {
    const std::string name = store::keyOf(slice);
    expected_[name] = 0;
    const auto removed = client.remove({Rule::DeleteEndpointSlice, {{"service", service.metadata().name()}}}, slice);
    if (removed.ok()) return;
    expected_.erase(name);
    fail(error,
         "failed to delete " + std::string(slice.get({key::metadata, key::name}).asString()) +
             " EndpointSlice for Service ",
         service, removed);
  }

  static void fail(std::string& error, const std::string& what, const api::Service& service,
                   const apiserver::Response& reply) {
    error = what + store::keyOf(service.doc) + ": " + std::string(reply.message());
  }

  void written(const Value& slice, ServiceEndpoints& state) {
    state.placed(slice);
    uint64_t revision = 0;
    for (char c : slice.get({key::metadata, key::resourceVersion}).asString())
      revision = revision * 10 + uint64_t(c - '0');
    expected_[store::keyOf(slice)] = revision;
  }

  void setTriggerTime(Value& slice) const {
    const api::Step path[] = {key::metadata, key::annotations, api::Key(triggerTimeAnnotation)};
    if (trigger_ != INT64_MAX) {
      slice.set(api::Path(path), api::formatTime(trigger_));
    } else if (slice.find(api::Path(path))) {
      slice.erase(api::Path(path));
    }
  }

  std::map<std::string, ServiceEndpoints, std::less<>> services_;
  std::map<std::string, uint64_t, std::less<>> expected_;  ///< our slices: the revision we wrote, 0 for a deletion
  Millis trigger_ = INT64_MAX;                             ///< of the sync that runs: when the first change happened
};
}  // namespace

std::unique_ptr<decision::Controller> makeEndpointSliceController(const Settings&) {
  return std::make_unique<EndpointSliceController>();
}

}  // namespace controllers
