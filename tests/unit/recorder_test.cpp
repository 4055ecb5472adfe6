#include "core/decision/recorder.hpp"

#include <catch2/catch_test_macros.hpp>

using api::Value;
using apiserver::Verb;
using decision::EventRecorder;
namespace key = api::key;

namespace {
Value pod(std::string_view name) {
  return Value::object(
      {{key::apiVersion, "v1"},
       {key::kind, "Pod"},
       {key::metadata,
        Value::object(
            {{key::name, name}, {key::namespace_, "default"}, {key::uid, "u-1"}, {key::resourceVersion, "7"}})}});
}
std::optional<apiserver::Request> say(EventRecorder& r, std::string_view message, api::Millis now) {
  apiserver::Request out;
  if (!r.record(pod("web-0"), "Normal", "Killing", message, "kubelet", "node-1", now, out)) return std::nullopt;
  return out;
}
}  // namespace

TEST_CASE("an Event is created once and then counted") {
  EventRecorder r;
  const auto first = say(r, "Stopping container nginx", 1798761600000);
  REQUIRE(first);
  CHECK(first->verb == Verb::create);
  CHECK(first->namespace_ == "default");
  const std::string name(first->body[key::metadata][key::name].asString());
  CHECK(name.size() == std::string("web-0.").size() + 16);
  CHECK(first->body[key::involvedObject][key::resourceVersion] == Value("7"));
  CHECK(first->body[key::source] == Value::object({{key::component, "kubelet"}, {key::host, "node-1"}}));
  const auto second = say(r, "Stopping container nginx", 1798761601000);
  REQUIRE(second);
  CHECK(second->verb == Verb::patch);
  CHECK(second->name == name);
  CHECK(api::toJson(second->body) ==
        R"({"count":2,"lastTimestamp":"2027-01-01T00:00:01Z","message":"Stopping container nginx"})");
}

TEST_CASE("the tenth similar message within ten minutes is combined, and the 26th Event is dropped") {
  EventRecorder r;
  const api::Millis now = 1798761600000;
  for (int i = 0; i < 9; ++i) CHECK(say(r, "message " + std::to_string(i), now)->body[key::count] == Value(1));
  const auto tenth = say(r, "message 9", now);
  CHECK(tenth->body[key::message] == Value("(combined from similar events): message 9"));
  for (int i = 10; i < 25; ++i) CHECK(say(r, "message " + std::to_string(i), now)->verb == Verb::patch);
  CHECK_FALSE(say(r, "message 25", now));
  CHECK_FALSE(say(r, "message 26", now + 299000));
  CHECK(say(r, "message 27", now + 301000));
}

TEST_CASE("the scheduler's repeats become a series that is written once") {
  EventRecorder r;
  const auto fail = [&](api::Millis now) -> std::optional<apiserver::Request> {
    apiserver::Request out;
    if (!r.record(pod("web-0"), "Warning", "FailedScheduling", "0/1 nodes", "default-scheduler", "", now, out))
      return {};
    return out;
  };
  CHECK(fail(1798761600000)->verb == Verb::create);
  const auto second = fail(1798761600500);
  REQUIRE(second);
  CHECK(api::toJson(second->body) == R"({"series":{"count":2,"lastObservedTime":"2027-01-01T00:00:00.500000Z"}})");
  CHECK_FALSE(fail(1798761601000));
}
