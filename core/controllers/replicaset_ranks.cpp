// Which Pods a ReplicaSet gives up first. Models ActivePodsWithRanks of pkg/controller/controller_utils.go (v1.37).
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/controllers/replicaset.hpp"

namespace controllers {
using namespace api;

namespace {
int phaseOrder(const Pod& pod) {
  const std::string_view phase = pod.status().phase();
  return phase == "Running" ? 2 : phase == "Unknown" ? 1 : 0;
}

int64_t deletionCost(const Pod& pod) {
  const std::string_view text = pod.metadata().annotations()[key::podDeletionCost];
  int32_t cost = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), cost);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? cost : 0;
}

std::pair<int64_t, int64_t> maxContainerRestarts(const Pod& pod) {
  int64_t regular = 0, sidecar = 0;
  for (const ContainerStatus& c : pod.status().containerStatuses()) regular = std::max(regular, c.restartCount());
  for (const Container& spec : pod.spec().initContainers()) {
    if (spec.restartPolicy() != "Always") continue;
    for (const ContainerStatus& c : pod.status().initContainerStatuses()) {
      if (c.name() == spec.name()) sidecar = std::max(sidecar, c.restartCount());
    }
  }
  return {regular, sidecar};
}

/// Of two times the younger one first, by powers of two of their ages; within one power by UID.
bool younger(Millis a, Millis b, Millis now, const Pod& pa, const Pod& pb) {
  auto rank = [&](Millis t) { return now > t ? int64_t(std::log2(double(now - t) * 1e6)) : -1; };
  if (rank(a) == rank(b)) return pa.metadata().uid() < pb.metadata().uid();
  return rank(a) < rank(b);
}

bool less(const std::pair<Pod, int>& a, const std::pair<Pod, int>& b, Millis now) {
  const auto& [p, rankP] = a;
  const auto& [q, rankQ] = b;
  if (isScheduled(p) != isScheduled(q)) return !isScheduled(p);
  if (phaseOrder(p) != phaseOrder(q)) return phaseOrder(p) < phaseOrder(q);
  if (isPodReady(p) != isPodReady(q)) return !isPodReady(p);
  if (deletionCost(p) != deletionCost(q)) return deletionCost(p) < deletionCost(q);
  if (rankP != rankQ) return rankP > rankQ;
  if (const Millis tp = podReadySince(p), tq = podReadySince(q); tp >= 0 && tq >= 0 && tp != tq)
    return younger(tp, tq, now, p, q);
  if (const auto rp = maxContainerRestarts(p), rq = maxContainerRestarts(q); rp != rq) return rp > rq;
  const Millis cp = parseTime(p.metadata().creationTimestamp()), cq = parseTime(q.metadata().creationTimestamp());
  return cp != cq && younger(cp, cq, now, p, q);
}
}  // namespace

std::vector<Pod> sortedForDeletion(std::vector<std::pair<Pod, int>> pods, Millis now) {
  api::sort(pods, [&](const auto& a, const auto& b) { return less(a, b, now); });
  std::vector<Pod> out;
  out.reserve(pods.size());
  for (auto& [pod, rank] : pods) out.push_back(std::move(pod));
  return out;
}

}  // namespace controllers
