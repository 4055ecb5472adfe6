#pragma once
// What every actor of the control plane is made of: a work queue, informer handlers that fill it, and a sync that reads
// only its view and writes only through the API server, each write and each wait with its reason. sim::Cluster runs
// them.
#include <memory>
#include <string>
#include <string_view>

#include "core/api/time.hpp"
#include "core/apiserver/request.hpp"
#include "core/decision/digest.hpp"
#include "core/decision/queue.hpp"
#include "core/decision/rule.hpp"
#include "core/store/facts.hpp"
#include "core/store/store.hpp"

namespace decision {

using api::Millis;
using api::Resource;
using api::Value;

/// The objects as an actor knows them: as of its own watch position. Typed look-ups give an empty view where there is
/// no object.
class View {
 public:
  explicit View(const store::Objects& objects) : objects_(&objects) {}
  const store::Objects& objects() const { return *objects_; }
  template <class T>
  T get(std::string_view ns, std::string_view name) const {
    const Value* v = objects_->get(api::resourceOf<T>, ns, name);
    return v ? T{{*v}} : T{};
  }
  template <class T>
  T getByKey(std::string_view key) const {
    const Value* v = objects_->getByKey(api::resourceOf<T>, key);
    return v ? T{{*v}} : T{};
  }
  /// Calls f(T) for each object in the order of namespace and name; ns "" means all namespaces. f must not write.
  template <class T, class F>
  void each(std::string_view ns, F&& f) const {
    objects_->each(api::resourceOf<T>, ns, [&](const Value& v) { f(T{{v}}); });
  }

 private:
  const store::Objects* objects_;
};

/// What a sync works with: its view, the time, and the API server. Implemented by sim::Cluster.
class Client {
 public:
  virtual ~Client() = default;
  virtual const View& view() const = 0;
  virtual Millis now() const = 0;
  /// Sends a request with its reason. Also to the journal. The general form; those below fill in the request.
  virtual apiserver::Response send(const Why&, apiserver::Request&&) = 0;
  /// Records a decision to wait: nothing is written. The same wait of the same object is recorded once until it
  /// changes. `object` is what waits, as "Kind/namespace/name".
  virtual void wait(const Why&, std::string object) = 0;
  /// Records a Kubernetes Event about `regarding` (any object) as client-go's recorder does, aggregation included.
  virtual void event(const Value& regarding, std::string_view type, std::string_view reason,
                     std::string_view message) = 0;
  /// What is true beside the API's objects (store/facts.hpp): disks and their files, containers, silent machines.
  virtual const store::Facts& facts() const = 0;
  /// Changes a fact (null removes it), with its reason; to the journal, and back and forth in time with it.
  /// `object` is what it is shown with, as "PersistentVolume//pv-1".
  virtual void setFact(const Why&, std::string key, Value fact, std::string object) = 0;
  /// A number below `bound`, from the cluster's seed. Only for what is random in Kubernetes too.
  virtual uint64_t random(uint64_t bound) = 0;

  apiserver::Response get(Resource, std::string_view ns, std::string_view name);  ///< a live read, past the view
  apiserver::Response create(const Why&, Value object);
  apiserver::Response update(const Why&, Value object);
  apiserver::Response updateStatus(const Why&, Value object);
  apiserver::Response patch(const Why&, Resource, std::string_view ns, std::string_view name, apiserver::PatchType,
                            Value patch, std::string_view subresource = {});
  apiserver::Response remove(const Why&, const Value& object, apiserver::DeleteOptions = {});
  template <class T>
  apiserver::Response create(const Why& why, const T& object) {
    return create(why, object.doc);
  }
  template <class T>
  apiserver::Response update(const Why& why, const T& object) {
    return update(why, object.doc);
  }
  template <class T>
  apiserver::Response updateStatus(const Why& why, const T& object) {
    return updateStatus(why, object.doc);
  }
  template <class T>
  apiserver::Response remove(const Why& why, const T& object, apiserver::DeleteOptions o = {}) {
    return remove(why, object.doc, std::move(o));
  }
};

/// An actor. A value in all but name: clone() copies it with its queue and whatever it remembers.
class Controller {
 public:
  virtual ~Controller() = default;
  virtual std::unique_ptr<Controller> clone() const = 0;
  /// As the chips and the timeline show it: "statefulset", "scheduler", "kubelet node-1".
  virtual std::string_view name() const = 0;
  /// The component that stands in its Events and field managers: "statefulset-controller", "kubelet".
  virtual std::string_view component() const = 0;
  virtual bool watches(Resource) const = 0;
  /// A kubelet's node: of pods it then sees those bound there only (as its informer's field selector does). "" for all
  /// others.
  virtual std::string_view node() const { return {}; }
  /// An informer handler: turns a change into keys in the queue. The view is already past the change.
  virtual void observe(const store::Change&, const View&, Millis now) = 0;
  /// The same for what changes beside the API's objects, where watchesFacts(): a machine falls silent, a container
  /// crashes.
  virtual bool watchesFacts() const { return false; }
  virtual void observeFact(const store::FactChange&, const View&, Millis now) { (void)now; }
  /// Whether it looks at an object's removal before the actor that removed it goes on: what it does with it is quick,
  /// while the other's next write takes its time.
  virtual bool hurries(const store::Change&) const { return false; }
  /// One work item. True: done, the key's failures are forgotten; false: it comes back rate-limited.
  virtual bool sync(const std::string& key, Client&) = 0;
  /// Called once when the actor starts, after its view is filled: fill the queue, set timers.
  virtual void start(const View&, Millis now) { (void)now; }
  /// Adds what it remembers beside its queue and beside what follows from its view: what its decisions may depend on.
  /// What is left out here is taken for the same in all states (core/sim/explore.hpp).
  virtual void remember(Digest&) const {}

  WorkQueue queue;
};

/// A controller's base: `class StatefulSetController : public Cloned<StatefulSetController>`.
template <class Self>
class Cloned : public Controller {
 public:
  std::unique_ptr<Controller> clone() const override { return std::make_unique<Self>(static_cast<const Self&>(*this)); }
};

}  // namespace decision
