#include "core/scheduler/resources.hpp"

#include <algorithm>

#include "core/api/quantity.hpp"

namespace scheduler {
using namespace api;

int64_t Resources::get(std::string_view name) const {
  if (name == "cpu") return milliCPU;
  if (name == "memory") return memory;
  if (name == "ephemeral-storage") return ephemeralStorage;
  if (name == "pods") return pods;
  for (const auto& [n, v] : scalar) {
    if (n == name) return v;
  }
  return 0;
}

int64_t& Resources::at(std::string_view name) {
  if (name == "cpu") return milliCPU;
  if (name == "memory") return memory;
  if (name == "ephemeral-storage") return ephemeralStorage;
  if (name == "pods") return pods;
  auto it = std::lower_bound(scalar.begin(), scalar.end(), name,
                             [](const auto& entry, std::string_view n) { return entry.first < n; });
  if (it == scalar.end() || it->first != name) it = scalar.insert(it, {std::string(name), 0});
  return it->second;
}

void Resources::add(const Resources& other, int64_t times) {
  milliCPU += other.milliCPU * times;
  memory += other.memory * times;
  ephemeralStorage += other.ephemeralStorage * times;
  for (const auto& [n, v] : other.scalar) at(n) += v * times;
}

void Resources::max(const Resources& other) {
  milliCPU = std::max(milliCPU, other.milliCPU);
  memory = std::max(memory, other.memory);
  ephemeralStorage = std::max(ephemeralStorage, other.ephemeralStorage);
  for (const auto& [n, v] : other.scalar) at(n) = std::max(at(n), v);
}

Resources resourcesOf(const StringMap& map) {
  Resources out;
  for (size_t i = 0; i < map.size(); ++i) {
    const Quantity q(map.at(i));
    out.at(map.keyAt(i)) = map.keyAt(i) == "cpu" ? q.milliValue() : q.value();
  }
  return out;
}

namespace {
Resources requestsOf(const Container& c, bool nonMissing) {
  const StringMap requests = c.resources().requests();
  Resources out;
  if (!requests.empty()) out = resourcesOf(requests);
  if (nonMissing && !requests.contains("cpu")) out.milliCPU = 100;
  if (nonMissing && !requests.contains("memory")) out.memory = 200 << 20;
  return out;
}
}  // namespace

Resources podRequests(const PodSpec& spec, bool nonMissing) {
  Resources total;
  for (const Container& c : spec.containers()) total.add(requestsOf(c, nonMissing));
  // Init containers run one after another, next to those before them that restart (sidecars).
  Resources sidecars, initPeak;
  for (const Container& c : spec.initContainers()) {
    const Resources r = requestsOf(c, nonMissing);
    Resources now = sidecars;
    now.add(r);
    if (c.restartPolicy() == "Always") {
      total.add(r);
      sidecars = now;
    }
    initPeak.max(now);
  }
  total.max(initPeak);
  // What the pod as a whole asks for counts in place of its containers' sums.
  const StringMap whole = StringMap{{spec.doc.get({key::resources, key::requests})}};
  for (size_t i = 0; i < whole.size(); ++i) total.at(whole.keyAt(i)) = resourcesOf(whole).get(whole.keyAt(i));
  const Value& overhead = spec.doc[key::overhead];
  if (!overhead.isNull()) total.add(resourcesOf(StringMap{{overhead}}));
  return total;
}

}  // namespace scheduler
