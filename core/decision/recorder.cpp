#include "core/decision/recorder.hpp"

#include <algorithm>

#include "core/store/shared_map.hpp"

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

/// Over the parts that client-go joins to a key. Never 0.
class Hash {
 public:
  Hash& operator<<(std::string_view part) { return *this << (part.empty() ? 0 : store::hashOf(part)); }
  Hash& operator<<(uint64_t part) {
    state_ = (state_ ^ part) * 0x9e3779b97f4a7c15;
    state_ ^= state_ >> 32;
    return *this;
  }
  uint64_t value() const { return state_ | 1; }

 private:
  uint64_t state_ = 14695981039346656037u;
};

/// What an Event is about: an object, or a reference to one (it has no metadata).
struct About {
  const Value& object;
  const Value* metadata;
  explicit About(const Value& o) : object(o), metadata(o.find(key::metadata)) {}
  const Value& of(api::Key k) const {
    return metadata && k != api::Key(key::kind) && k != api::Key(key::apiVersion) ? (*metadata)[k] : object[k];
  }
  std::string_view text(api::Key k) const { return of(k).asString(); }
  std::string_view fieldPath() const { return metadata ? std::string_view() : object[key::fieldPath].asString(); }

  /// Models client-go tools/reference/ref.go GetReference.
  Value reference() const {
    if (!metadata) return object;
    constexpr api::Key keys[] = {key::apiVersion,      key::kind, key::name, key::namespace_,
                                 key::resourceVersion, key::uid};
    Value r = Value::object({{keys[0], of(keys[0])},
                             {keys[1], of(keys[1])},
                             {keys[2], of(keys[2])},
                             {keys[3], of(keys[3])},
                             {keys[4], of(keys[4])},
                             {keys[5], of(keys[5])}});
    for (api::Key k : keys) {
      if (r[k].asString().empty()) r.erase(k);
    }
    return r;
  }
  /// Names it among all objects: the UID does alone, where there is one.
  void addTo(Hash& hash) const {
    const std::string_view uid = text(key::uid);
    hash << uid;
    if (uid.empty()) hash << text(key::kind) << text(key::namespace_) << text(key::name) << text(key::apiVersion);
  }
};

// Requests are large, so they are filled where they will be used.
void setCreation(const Value& event, Request& r) {
  r.verb = apiserver::Verb::create;
  r.resource = api::Resource::events;
  r.namespace_ = event[key::metadata][key::namespace_].asString();
  r.body = event;
  r.trusted = true;
}

void setPatch(const Value& event, Value patch, Request& r) {
  r.verb = apiserver::Verb::patch;
  r.resource = api::Resource::events;
  r.namespace_ = event[key::metadata][key::namespace_].asString();
  r.name = event[key::metadata][key::name].asString();
  r.patchType = apiserver::PatchType::strategic;
  r.body = std::move(patch);
  r.trusted = true;
}

Value metadataOf(std::string_view ns, const Value& name) {
  return Value::object({{key::name, name}, {key::namespace_, ns.empty() ? std::string_view("default") : ns}});
}

std::string_view actionOf(std::string_view reason) {
  if (reason == "Scheduled") return "Binding";
  return reason == "Preempted" ? "Preempting" : "Scheduling";
}
}  // namespace

/// The key's slot, or the empty one where it belongs.
template <class T>
auto EventRecorder::Cache<T>::slotOf(Slots& slots, uint64_t k) -> Slot& {
  size_t i = size_t(k >> 1) & (slots.size() - 1);
  while (slots[i].key && slots[i].key != k) i = (i + 1) & (slots.size() - 1);
  return slots[i];
}

template <class T>
void EventRecorder::Cache<T>::grow() {
  Slots wider(young_.empty() ? 8 : young_.size() * 2);
  for (Slot& s : young_) {
    if (s.key) slotOf(wider, s.key) = std::move(s);
  }
  young_ = std::move(wider);
}

template <class T>
T& EventRecorder::Cache<T>::operator[](uint64_t k) {
  if (size_ * 2 >= young_.size()) {
    if (size_ >= maxLruCacheEntries / 2) {
      old_ = std::move(young_);
      young_.clear();
      size_ = 0;
    }
    grow();
  }
  Slot& slot = slotOf(young_, k);
  if (slot.key) return slot.value;
  ++size_;
  slot.key = k;
  if (!old_.empty()) {
    if (Slot& before = slotOf(old_, k); before.key) slot.value = std::move(before.value);
  }
  return slot.value;
}

/// Models client-go tools/record/util GenerateEventName. The clock of a cluster stands still while it works, so the
/// nanoseconds count the Events of one instant; each source has its own thousand of them.
std::string EventRecorder::eventName(std::string_view object, std::string_view component, std::string_view host,
                                     Millis now) {
  sequence_ = now == lastTime_ ? sequence_ + 1 : 0;
  lastTime_ = now;
  uint64_t hash = 14695981039346656037u;  // FNV-1a, as names must stay what they are
  for (std::string_view part : {component, host}) {
    for (unsigned char c : part) hash = (hash ^ c) * 1099511628211u;
    hash = (hash ^ 0xff) * 1099511628211u;
  }
  const int64_t source = int64_t(hash % 997);
  char digits[16], *end = digits + sizeof digits, *first = end;
  for (uint64_t n = uint64_t(now * 1000000 + (source * 1000 + sequence_) % 1000000); n; n /= 16)
    *--first = "0123456789abcdef"[n % 16];
  std::string name;
  name.reserve(object.size() + 1 + size_t(end - first));
  return ((name += object) += '.').append(first, end);
}

// Models client-go tools/record/events_cache.go EventCorrelate: aggregate, count, filter. The Event itself is made
// last, as most repeats are dropped.
bool EventRecorder::record(const Value& regarding, std::string_view type, std::string_view reason,
                           std::string_view message, std::string_view component, std::string_view host, Millis now,
                           Request& out) {
  const About about(regarding);
  Hash object;
  about.addTo(object << component << host << type);
  if (component == "default-scheduler") return recordSeries(regarding, type, reason, message, object.value(), now, out);

  const uint64_t messageHash = (Hash() << message).value();
  Hash group = object, whole = group << reason;
  whole << about.fieldPath() << "event" << messageHash;
  Similar& similar = similar_[group.value()];
  if (now - similar.last > defaultAggregateInterval) similar.messages.clear();
  std::vector<uint64_t>& messages = similar.messages;
  const auto place = std::lower_bound(messages.begin(), messages.end(), messageHash);
  if (place == messages.end() || *place != messageHash) messages.insert(place, messageHash);
  similar.last = now;
  const bool combined = messages.size() >= defaultAggregateMaxEvents;
  // Upstream forgets any of the messages; here another than this one, which is then told on its own the next time.
  if (combined) messages.erase(messages.begin() + (messages[0] == messageHash));

  Log& log = logs_[combined ? group.value() : whole.value()];
  if (++log.count == 1) {
    log.name = eventName(about.text(key::name), component, host, now);
    log.firstTimestamp = api::formatTime(now);
  }
  Bucket& bucket = buckets_[object.value()];
  bucket.tokens = std::min(defaultSpamBurst, bucket.tokens + double(now - bucket.last) / 1000 * defaultSpamQPS);
  bucket.last = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;

  const Value time = api::formatTime(now);
  const Value text = combined ? Value("(combined from similar events): " + std::string(message)) : Value(message);
  Value source = host.empty() ? Value::object({{key::component, component}})
                              : Value::object({{key::component, component}, {key::host, host}});
  // A combined Event is a copy that upstream makes without the reporting fields.
  last_ = Value::object({{key::apiVersion, "v1"},
                         {key::count, log.count},
                         {key::eventTime, Value()},
                         {key::firstTimestamp, log.firstTimestamp},
                         {key::involvedObject, about.reference()},
                         {key::kind, "Event"},
                         {key::lastTimestamp, time},
                         {key::message, text},
                         {key::metadata, metadataOf(about.text(key::namespace_), log.name)},
                         {key::reason, reason},
                         {key::reportingComponent, combined ? std::string_view() : component},
                         {key::reportingInstance, combined ? std::string_view() : host},
                         {key::source, std::move(source)},
                         {key::type, type}});
  if (log.count == 1) {
    setCreation(last_, out);
  } else {
    setPatch(last_, Value::object({{key::count, log.count}, {key::lastTimestamp, time}, {key::message, text}}), out);
  }
  return true;
}

// Models client-go tools/events/event_broadcaster.go recordToSink: the second Event of a kind starts a series, which is
// written once and from then on only counted.
bool EventRecorder::recordSeries(const Value& regarding, std::string_view type, std::string_view reason,
                                 std::string_view message, uint64_t object, Millis now, Request& out) {
  constexpr std::string_view component = "default-scheduler";
  const About about(regarding);
  Hash k;
  k << object << reason << about.text(key::resourceVersion);
  Series& series = series_[k.value()];
  const bool known = !series.name.isNull() && now - series.last <= finishTime;
  series.last = now;
  series.count = known ? series.count + 1 : 1;
  if (!known) series.name = eventName(about.text(key::name), component, {}, now);
  if (series.count > 2) return false;
  last_ = Value::object({{key::action, actionOf(reason)},
                         {key::apiVersion, "v1"},
                         {key::eventTime, api::formatMicroTime(now)},
                         {key::firstTimestamp, Value()},
                         {key::involvedObject, about.reference()},
                         {key::kind, "Event"},
                         {key::lastTimestamp, Value()},
                         {key::message, message},
                         {key::metadata, metadataOf(about.text(key::namespace_), series.name)},
                         {key::reason, reason},
                         {key::reportingComponent, component},
                         {key::reportingInstance, std::string(component) + "-control-plane"},
                         {key::source, Value::object({})},
                         {key::type, type}});
  if (!known) return setCreation(last_, out), true;
  const Value written = Value::object({{key::count, series.count}, {key::lastObservedTime, api::formatMicroTime(now)}});
  last_.set(key::series, written);
  setPatch(last_, Value::object({{key::series, written}}), out);
  return true;
}

Request EventRecorder::createInstead() const {
  Request r;
  setCreation(last_, r);
  return r;
}

}  // namespace decision
