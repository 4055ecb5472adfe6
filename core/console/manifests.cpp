// The manifests that the documentation's tutorials apply by their addresses, with the same content.
#include "core/console/console.hpp"

namespace console {
namespace {

struct Known {
  std::string_view path, text;
};

#define WEB(POLICY, IMAGE)                                                                                           \
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: nginx\n  labels:\n    app: nginx\nspec:\n  ports:\n  - port: "  \
  "80\n"                                                                                                             \
  "    name: web\n  clusterIP: None\n  selector:\n    app: nginx\n---\napiVersion: apps/v1\nkind: StatefulSet\n"     \
  "metadata:\n  name: web\nspec:\n  serviceName: \"nginx\"\n" POLICY                                                 \
  "  replicas: 2\n  selector:\n    matchLabels:\n      app: nginx\n  template:\n    metadata:\n      labels:\n"      \
  "        app: nginx\n    spec:\n      containers:\n      - name: nginx\n        image: " IMAGE                     \
  "\n        ports:\n        - containerPort: 80\n          name: web\n        volumeMounts:\n        - name: www\n" \
  "          mountPath: /usr/share/nginx/html\n  volumeClaimTemplates:\n  - metadata:\n      name: www\n    spec:\n" \
  "      accessModes: [ \"ReadWriteOnce\" ]\n      resources:\n        requests:\n          storage: 1Gi\n"

constexpr Known known[] = {
    {"application/web/web.yaml", WEB("", "registry.k8s.io/nginx-slim:0.21")},
    {"application/web/web-parallel.yaml",
     WEB("  podManagementPolicy: \"Parallel\"\n", "registry.k8s.io/nginx-slim:0.24")},
};

}  // namespace

std::string_view documentationManifest(std::string_view url) {
  for (std::string_view base :
       {"https://k8s.io/examples/", "https://kubernetes.io/examples/", "http://k8s.io/examples/"}) {
    if (url.substr(0, base.size()) != base) continue;
    for (const Known& k : known) {
      if (k.path == url.substr(base.size())) return k.text;
    }
  }
  return {};
}

}  // namespace console
