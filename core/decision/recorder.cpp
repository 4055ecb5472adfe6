#include "core/decision/recorder.hpp"

#include <algorithm>

namespace decision {
namespace {
using api::Millis;
using api::Value;
using apiserver::Request;
namespace key = api::key;

// The defaults of client-go tools/record/events_cache.go.
constexpr size_t maxLruCacheEntries = 4096;
constexpr size_t defaultAggregateMaxEvents = 10;
constexpr Millis defaultAggregateInterval = 600000;
constexpr double defaultSpamBurst = 25, defaultSpamQPS = 1. / 300.;
constexpr Millis finishTime = 360000;  // tools/events/event_broadcaster.go

/// FNV-1a over the parts that client-go joins to a key.
class Hash {
 public:
  Hash& operator<<(std::string_view part) {
    for (unsigned char c : part) state_ = (state_ ^ c) * 1099511628211u;
    state_ = (state_ ^ 0xff) * 1099511628211u;
    return *this;
  }
  uint64_t value() const { return state_; }

 private:
  uint64_t state_ = 14695981039346656037u;
};

std::string hex(int64_t number) {
  std::string out;
  for (uint64_t n = uint64_t(number); n; n /= 16) out += "0123456789abcdef"[n % 16];
  std::reverse(out.begin(), out.end());
  return out;
}

/// Models client-go tools/reference/ref.go GetReference.
Value getReference(const Value& regarding) {
  if (!regarding.find(key::metadata)) return regarding;
  const api::ObjectMeta meta = api::Object{{regarding}}.metadata();
  api::ObjectReference ref;
  ref.kind(regarding[key::kind].asString());
  ref.apiVersion(regarding[key::apiVersion].asString());
  ref.name(meta.name());
  if (!meta.namespace_().empty()) ref.namespace_(meta.namespace_());
  if (!meta.uid().empty()) ref.uid(meta.uid());
  if (!meta.resourceVersion().empty()) ref.resourceVersion(meta.resourceVersion());
  return ref.doc;
}

Request creation(const Value& event) {
  Request r;
  r.verb = apiserver::Verb::create;
  r.resource = api::Resource::events;
  r.namespace_ = event[key::metadata][key::namespace_].asString();
  r.body = event;
  r.trusted = true;
  return r;
}

Request patching(const Value& event, Value patch) {
  Request r;
  r.verb = apiserver::Verb::patch;
  r.resource = api::Resource::events;
  r.namespace_ = event[key::metadata][key::namespace_].asString();
  r.name = event[key::metadata][key::name].asString();
  r.patchType = apiserver::PatchType::strategic;
  r.body = std::move(patch);
  r.trusted = true;
  return r;
}

Value metadataOf(const Value& ref, std::string name) {
  const std::string_view ns = ref[key::namespace_].asString();
  return Value::object(
      {{key::name, std::move(name)}, {key::namespace_, ns.empty() ? std::string_view("default") : ns}});
}

std::string_view actionOf(std::string_view reason) {
  if (reason == "Scheduled") return "Binding";
  return reason == "Preempted" ? "Preempting" : "Scheduling";
}
}  // namespace

template <class T>
T& EventRecorder::Cache<T>::operator[](uint64_t k) {
  if (auto it = young.find(k); it != young.end()) return it->second;
  if (young.size() >= maxLruCacheEntries / 2) {
    old = std::move(young);
    young.clear();
  }
  T& made = young[k];
  if (auto it = old.find(k); it != old.end()) {
    made = std::move(it->second);
    old.erase(it);
  }
  return made;
}

/// Models client-go tools/record/util GenerateEventName. The clock of a cluster stands still while it works, so the
/// nanoseconds count the Events of one instant; each source has its own thousand of them.
std::string EventRecorder::eventName(std::string_view object, std::string_view component, std::string_view host,
                                     Millis now) {
  sequence_ = now == lastTime_ ? sequence_ + 1 : 0;
  lastTime_ = now;
  const int64_t source = int64_t((Hash() << component << host).value() % 997);
  return std::string(object) + "." + hex(now * 1000000 + (source * 1000 + sequence_) % 1000000);
}

// Models client-go tools/record/events_cache.go EventCorrelate: aggregate, count, filter.
std::optional<Request> EventRecorder::record(const Value& regarding, std::string_view type, std::string_view reason,
                                             std::string_view message, std::string_view component,
                                             std::string_view host, Millis now) {
  const Value ref = getReference(regarding);
  Hash object, source;
  source << component << host;
  object << component << host << ref[key::kind].asString() << ref[key::namespace_].asString()
         << ref[key::name].asString() << ref[key::uid].asString() << ref[key::apiVersion].asString() << type;
  const Value time = api::formatTime(now);
  Value event =
      Value::object({{key::apiVersion, "v1"},
                     {key::kind, "Event"},
                     {key::metadata, metadataOf(ref, eventName(ref[key::name].asString(), component, host, now))},
                     {key::involvedObject, ref},
                     {key::reason, reason},
                     {key::message, message},
                     {key::type, type},
                     {key::reportingComponent, component}});
  if (component == "default-scheduler") {
    event.set(key::action, actionOf(reason));
    event.set(key::eventTime, api::formatMicroTime(now));
    event.set(key::reportingInstance, std::string(component) + "-control-plane");
    event.set(key::source, Value::object({}));
    event.set(key::firstTimestamp, Value());
    event.set(key::lastTimestamp, Value());
    Hash k = object;
    k << reason << ref[key::resourceVersion].asString();
    return recordSeries(std::move(event), k.value(), now);
  }
  Value from = Value::object({{key::component, component}});
  if (!host.empty()) from.set(key::host, host);
  event.set(key::source, std::move(from));
  event.set(key::firstTimestamp, time);
  event.set(key::lastTimestamp, time);
  event.set(key::eventTime, Value());
  event.set(key::count, 1);
  event.set(key::reportingInstance, host);

  Hash whole = object, group = object;
  whole << reason << ref[key::fieldPath].asString() << "event" << message;
  group << reason << "group";
  uint64_t logKey = whole.value();
  Similar& similar = similar_[group.value()];
  if (now - similar.last > defaultAggregateInterval) similar.messages.clear();
  const uint64_t messageHash = (Hash() << message).value();
  similar.messages.insert(messageHash);
  similar.last = now;
  if (similar.messages.size() >= defaultAggregateMaxEvents) {
    similar.messages.erase(messageHash);
    logKey = group.value();
    event.set(key::message, "(combined from similar events): " + std::string(message));
    event.set(key::reportingComponent, "");
    event.set(key::reportingInstance, "");
  }

  Log& log = logs_[logKey];
  if (log.count > 0) {
    event.set({key::metadata, key::name}, log.name);
    event.set(key::firstTimestamp, log.firstTimestamp);
    event.set(key::count, log.count + 1);
  }
  log = {log.count + 1, event[key::metadata][key::name], event[key::firstTimestamp]};
  last_ = event;

  Bucket& bucket = buckets_[object.value()];
  bucket.tokens = std::min(defaultSpamBurst, bucket.tokens + double(now - bucket.last) / 1000 * defaultSpamQPS);
  bucket.last = now;
  if (bucket.tokens < 1) return std::nullopt;
  bucket.tokens -= 1;
  if (log.count == 1) return creation(event);
  return patching(
      event, Value::object({{key::count, log.count}, {key::lastTimestamp, time}, {key::message, event[key::message]}}));
}

// Models client-go tools/events/event_broadcaster.go recordToSink: the second Event of a kind starts a series, which is
// written once and from then on only counted.
std::optional<Request> EventRecorder::recordSeries(Value event, uint64_t k, Millis now) {
  Series& series = series_[k];
  const bool known = !series.name.isNull() && now - series.last <= finishTime;
  series.last = now;
  if (!known) {
    series.count = 1;
    series.name = event[key::metadata][key::name];
    last_ = event;
    return creation(event);
  }
  event.set({key::metadata, key::name}, series.name);
  if (++series.count > 2) return std::nullopt;
  const Value written = Value::object({{key::count, series.count}, {key::lastObservedTime, api::formatMicroTime(now)}});
  event.set(key::series, written);
  last_ = event;
  return patching(event, Value::object({{key::series, written}}));
}

Request EventRecorder::createInstead() const { return creation(last_); }

}  // namespace decision
