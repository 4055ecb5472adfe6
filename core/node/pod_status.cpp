#include "core/node/pod_status.hpp"

namespace node {
namespace {
using api::Millis;
using api::Value;
namespace key = api::key;

void setText(Value& object, api::Key k, std::string_view text) {
  if (text.empty()) {
    object.erase(k);
  } else {
    object.set(k, text);
  }
}
}  // namespace

void setCondition(api::PodStatus& status, std::string_view type, bool ok, std::string_view reason,
                  std::string_view message, int64_t observedGeneration, Millis now) {
  const std::string_view text = ok ? "True" : "False";
  const auto conditions = status.doc[key::conditions].values();
  uint32_t i = 0;
  while (i < conditions.size() && conditions[i][key::type].asString() != type) ++i;
  const bool known = i < conditions.size(), turns = !known || conditions[i][key::status].asString() != text;
  // Most of what a kubelet reports again is as it was.
  if (!turns && conditions[i][key::reason].asString() == reason && conditions[i][key::message].asString() == message &&
      (!observedGeneration || conditions[i][key::observedGeneration].asInt() == observedGeneration))
    return;
  const Value old = known ? conditions[i] : Value::object({{key::lastProbeTime, Value()}});
  std::vector<std::pair<api::Key, Value>> members;
  members.reserve(7);
  const auto add = [&](api::Key k, Value v) { members.emplace_back(k, std::move(v)); };
  const auto keep = [&](api::Key k) {
    if (const Value* v = old.find(k)) add(k, *v);
  };
  keep(key::lastProbeTime);
  turns ? add(key::lastTransitionTime, api::formatTime(now)) : keep(key::lastTransitionTime);
  if (!message.empty()) add(key::message, message);
  observedGeneration ? add(key::observedGeneration, observedGeneration) : keep(key::observedGeneration);
  if (!reason.empty()) add(key::reason, reason);
  add(key::status, text);
  add(key::type, type);
  Value c = Value::object(std::move(members));
  if (known) return status.doc.set({key::conditions, api::Step::index(i)}, std::move(c));
  Value all = status.doc[key::conditions];
  status.doc.erase(key::conditions);  // so that the list is not shared, and grows in place
  all.append(std::move(c));
  status.doc.set(key::conditions, std::move(all));
}

void setCondition(api::PodStatus& status, std::string_view type, bool ok, std::string_view reason,
                  std::string_view message, Millis now) {
  setCondition(status, type, ok, reason, message, 0, now);
}

void setAddress(api::PodStatus& status, std::string_view ip) {
  status.podIP(ip);
  status.doc.set(key::podIPs, Value::array({Value::object({{key::ip, ip}})}));
}

void setHost(api::PodStatus& status, const api::Node& n) {
  const std::string_view address = hostAddress(n);
  if (address.empty()) return;
  status.hostIP(address);
  status.doc.set(key::hostIPs, Value::array({Value::object({{key::ip, address}})}));
}

std::string_view hostAddress(const api::Node& n) {
  const Value& addresses = n.doc.get({key::status, key::addresses});
  for (const Value& a : addresses.values()) {
    if (a[key::type].asString() == "InternalIP") return a[key::address].asString();
  }
  return addresses[size_t(0)][key::address].asString();
}

api::ContainerState runningState(Millis startedAt) {
  return api::as<api::ContainerState>(
      Value::object({{key::running, Value::object({{key::startedAt, api::formatTime(startedAt)}})}}));
}

api::ContainerState waitingState(std::string_view reason, std::string_view message) {
  Value w = Value::object({{key::reason, reason}});
  setText(w, key::message, message);
  return api::as<api::ContainerState>(Value::object({{key::waiting, std::move(w)}}));
}

api::ContainerState exitedState(int64_t exitCode, std::string_view reason, Millis startedAt, Millis finishedAt) {
  return api::as<api::ContainerState>(
      Value::object({{key::terminated, Value::object({{key::exitCode, exitCode},
                                                      {key::reason, reason},
                                                      {key::startedAt, api::formatTime(startedAt)},
                                                      {key::finishedAt, api::formatTime(finishedAt)}})}}));
}

}  // namespace node
