#include "core/lesson/bench.hpp"

#include "core/manifest/manifest.hpp"

namespace lesson {
namespace {
std::string manifests(int pods) {
  return R"(apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: None
  ports: [{port: 80, name: web}]
  selector: {app: web}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  podManagementPolicy: Parallel
  replicas: )" +
         std::to_string(pods) +
         R"(
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.k8s.io/nginx-slim:0.24
        ports: [{containerPort: 80, name: web}]
        volumeMounts: [{name: www, mountPath: /usr/share/nginx/html}]
  volumeClaimTemplates:
  - metadata: {name: www}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 1Gi}}
)";
}
}  // namespace

Bench::Bench(int pods) : pods_(pods) {
  sim::Setup setup;
  setup.nodes = pods / 100 + 1;
  setup.kubelet = sim::Setup::Kubelet::automatic;
  cluster_ = std::make_unique<sim::Cluster>(setup);
}

bool Bench::run() {
  revision_ = cluster_->revision();
  for (const manifest::Document& doc : manifest::parseYaml(manifests(pods_)).documents) {
    apiserver::Request r;
    r.verb = apiserver::Verb::create;
    r.resource = api::findKind(api::Object{{doc.value}}.kind())->resource;
    r.namespace_ = "default";
    r.body = doc.value;
    r.userAgent = "kubectl";
    cluster_->request(std::move(r));
  }
  cluster_->settle(3000, 600000);
  const api::Value* set = cluster_->objects().get(api::Resource::statefulsets, "default", "web");
  return set && api::StatefulSet{{*set}}.status().readyReplicas() == pods_;
}

size_t Bench::writes() const { return cluster_->revision() - revision_; }
size_t Bench::entries() const { return cluster_->journal().entries.size(); }

}  // namespace lesson
