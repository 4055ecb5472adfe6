#include "core/controllers/endpointslice_reconciler.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/controllers/endpointslice_utils.hpp"

using api::Value;
using controllers::ServiceEndpoints;
namespace key = api::key;

namespace {
api::Service service() {
  Value s;
  s.set({key::metadata, key::name}, "web");
  s.set({key::metadata, key::namespace_}, "default");
  s.set({key::metadata, key::uid}, "u-web");
  s.set({key::spec, key::clusterIP}, "None");
  return api::as<api::Service>(s);
}
Value ports(int number) {
  return Value::array({Value::object({{key::name, "http"}, {key::port, number}, {key::protocol, "TCP"}})});
}
Value endpoint(const std::string& pod, bool ready = true) {
  return Value::object({{key::addresses, Value::array({"ip-" + pod})},
                        {key::conditions, Value::object({{key::ready, ready}})},
                        {key::targetRef, Value::object({{key::kind, "Pod"}, {key::name, pod}})}});
}

/// Carries out the changes as the API server would.
struct Slices {
  std::vector<Value> slices;
  int made = 0;
  std::string sync(ServiceEndpoints& state) {
    auto changes = controllers::reconcileSlices(state, service(), slices, "IPv4");
    std::string text = std::to_string(changes.create.size()) + " created, " + std::to_string(changes.update.size()) +
                       " updated, " + std::to_string(changes.remove.size()) + " deleted";
    const auto same = [](const Value& a, const Value& b) {
      return a.get({key::metadata, key::name}) == b.get({key::metadata, key::name});
    };
    for (const Value& gone : changes.remove) std::erase_if(slices, [&](const Value& s) { return same(s, gone); });
    for (const Value& next : changes.update) {
      for (Value& s : slices) {
        if (same(s, next)) s = next;
      }
      state.placed(next);
    }
    for (Value& made_ : changes.create) {
      made_.set({key::metadata, key::name}, "web-" + std::to_string(++made));
      state.placed(made_);
      slices.push_back(made_);
    }
    state.full = false;
    state.affected.clear();
    return text;
  }
};
}  // namespace

TEST_CASE("a Service without endpoints has one empty slice, which is then filled") {
  ServiceEndpoints state;
  Slices all;
  CHECK(all.sync(state) == "1 created, 0 updated, 0 deleted");
  CHECK(all.sync(state) == "0 created, 0 updated, 0 deleted");
  state.put("web-0", endpoint("web-0"), ports(80));
  CHECK(all.sync(state) == "0 created, 1 updated, 0 deleted");
  CHECK(all.slices[0][key::ports] == ports(80));
  state.drop("web-0");
  CHECK(all.sync(state) == "0 created, 1 updated, 0 deleted");
  CHECK(all.slices[0][key::endpoints].size() == 0);
}

TEST_CASE("a pod's change rewrites its slice alone; a hundred endpoints fill one") {
  ServiceEndpoints state;
  Slices all;
  for (int i = 0; i < 250; ++i) state.put("web-" + std::to_string(i), endpoint("web-" + std::to_string(i)), ports(80));
  CHECK(all.sync(state) == "3 created, 0 updated, 0 deleted");
  state.put("web-7", endpoint("web-7", false), ports(80));
  CHECK(all.sync(state) == "0 created, 1 updated, 0 deleted");
  state.put("web-250", endpoint("web-250"), ports(80));
  CHECK(all.sync(state) == "0 created, 1 updated, 0 deleted");
  size_t total = 0;
  for (const Value& s : all.slices) total += s[key::endpoints].size();
  CHECK(total == 251);
}

TEST_CASE("pods with other ports get another slice") {
  ServiceEndpoints state;
  Slices all;
  state.put("a", endpoint("a"), ports(80));
  CHECK(all.sync(state) == "1 created, 0 updated, 0 deleted");
  state.put("b", endpoint("b"), ports(8080));
  CHECK(all.sync(state) == "1 created, 0 updated, 0 deleted");
  state.put("b", endpoint("b"), ports(80));
  CHECK(all.sync(state) == "0 created, 1 updated, 1 deleted");
}
