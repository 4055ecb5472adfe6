#pragma once
// What the native benchmarks share: a clock, and a Parallel StatefulSet with a claim for each pod in a cluster that has
// room for it. run.mjs has the same manifest.
#include <chrono>
#include <string>

#include "core/sim/session.hpp"

namespace bench {

inline double milliseconds() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

inline std::string manifestFor(int replicas) {
  return "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  replicas: " +
         std::to_string(replicas) +
         "\n  serviceName: web\n  podManagementPolicy: Parallel\n  selector: {matchLabels: {app: web}}\n  template:\n"
         "    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - name: app\n        image: "
         "nginx:1.27\n"
         "        volumeMounts: [{name: data, mountPath: /usr/share/nginx/html}]\n  volumeClaimTemplates:\n"
         "  - metadata: {name: data}\n    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: "
         "1Gi}}}\n";
}

/// The cluster before the set is applied.
inline sim::Setup roomFor(int replicas) {
  sim::Setup setup;
  setup.nodes = replicas / 100 + 3;  // 110 pods a node
  return setup;
}

}  // namespace bench
