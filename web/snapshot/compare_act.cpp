// What the comparison does to its three workloads: always through the session, as a user would.
#include "core/api/pods.hpp"
#include "core/node/machine.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

// One workload of each kind with data where such workloads usually keep it: a claim, an emptyDir, the machine.
struct Workload {
  const char *file, *kind, *name;
  const char* service;  ///< what the spec of its Service begins with; null without one
  const char *spec, *volume, *source;
};
constexpr Workload workloads[] = {
    {"statefulset.yaml", "StatefulSet", "web", "clusterIP: None", "  serviceName: web\n  replicas: 3\n", "data", R"(
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 1Gi}}
)"},
    {"deployment.yaml", "Deployment", "api", "type: ClusterIP", "  replicas: 3\n", "cache", R"(
      volumes: [{name: cache, emptyDir: {}}]
)"},
    {"daemonset.yaml", "DaemonSet", "agent", nullptr, "", "state", R"(
      volumes: [{name: state, hostPath: {path: /var/lib/agent}}]
)"}};

std::string manifestOf(const Workload& w) {
  const std::string name = w.name, meta = "\nmetadata: {name: " + name + "}\nspec:\n";
  std::string out;
  if (w.service)
    out = "apiVersion: v1\nkind: Service" + meta + "  " + w.service + "\n  selector: {app: " + name +
          "}\n  ports: [{port: 80}]\n---\n";
  return out + "apiVersion: apps/v1\nkind: " + w.kind + meta + w.spec + "  selector: {matchLabels: {app: " + name +
         "}}\n  template:\n    metadata: {labels: {app: " + name +
         "}}\n    spec:\n      containers:\n      - name: app\n        image: nginx:1.27\n        volumeMounts: "
         "[{name: " +
         w.volume + ", mountPath: /usr/share/nginx/html}]" + w.source;
}

constexpr int recordsEach = 42;

api::Value input(const char* type, const char* key, std::string_view name) {
  return api::Value::object({{api::Key("type"), type}, {api::Key(key), name}});
}

std::string_view part(std::string_view id, int n) {
  for (; n > 0; n--) id.remove_prefix(id.find('/') + 1);
  return id.substr(0, id.find('/'));
}

std::string prepare(sim::Session& s, const CompareView& view) {
  for (int i = 0; i < 3; i++) {
    if (!view.columns[i].id.empty()) continue;
    const std::string manifest = manifestOf(workloads[i]);
    s.setFile(workloads[i].file, manifest);
    if (const sim::Output o = s.apply(manifest); o.exit != 0) return o.err;
  }
  s.rest();
  std::string records;
  for (int i = 1; i <= recordsEach; i++) records += (i > 1 ? "\nrecord " : "record ") + std::to_string(i);
  for (const ColumnView& c : compared(s, Language::English).columns)
    for (const PodView& p : c.after) {
      if (p.records > 0 || p.state != PodState::Ready) continue;
      api::Value write = input("write", "pod", p.name);
      write.set(api::Key("namespace"), part(c.id, 1));
      write.set(api::Key("text"), records);
      if (const std::string problem = s.fault({write}); !problem.empty()) return problem;
    }
  return {};
}

// A node on which each of the workloads has a pod; of several the middle one, as lower ordinals start first.
std::string sharedNode(const CompareView& view, const Snapshot& now) {
  std::vector<std::string> found;
  for (const NodeView& n : now.nodes) {
    int columns = 0;
    for (const ColumnView& c : view.columns)
      for (const PodView& p : c.after)
        if (p.node == n.name && !n.lost) {
          columns++;
          break;
        }
    if (columns == 3) found.push_back(n.name);
  }
  return found.empty() ? std::string() : found[found.size() / 2];
}

// "nginx:1.27" becomes "nginx:1.28".
std::string nextImage(std::string image) {
  const size_t at = image.find_last_not_of("0123456789") + 1;
  if (at >= image.size() || image.find(':') == std::string::npos) return image + ":2";
  return image.substr(0, at) + std::to_string(std::atoi(image.c_str() + at) + 1);
}

std::string update(sim::Session& s, const ColumnView& c) {
  const api::Value object = s.object(c.id);
  const api::Value& first = object.get({api::key::spec, api::key::template_, api::key::spec, api::key::containers})[0];
  const std::string line = "set image " + c.kind + "/" + c.name + " -n " + std::string(part(c.id, 1)) + " " +
                           std::string(first[api::key::name].asString()) + "=" +
                           nextImage(std::string(first[api::key::image].asString()));
  return s.kubectl(line).err;
}

std::string removeOne(sim::Session& s, const ColumnView& c, const std::string& node) {
  const PodView* pod = nullptr;
  for (const PodView& p : c.after)
    if (!pod || (p.node == node && pod->node != node)) pod = &p;
  if (!pod) return {};
  return s.kubectl("delete pod " + pod->name + " --wait=false -n " + std::string(part(c.id, 1))).err;
}

}  // namespace

CompareView compared(const sim::Session& session, Language language) {
  Snapshot out = states(session, language);
  const History none;
  Reader r{session, none, language, out};
  r.compare();
  return std::move(out.compare);
}

std::string actOnWorkloads(sim::Session& s, std::string_view what) {
  CompareView view = compared(s, Language::English);
  if (what == "prepare") return prepare(s, view);
  if (!view.complete) return "there is not one workload of each kind";
  if (view.start >= 0 && size_t(view.start) < s.cursor()) {  // from where all was well
    s.seek(size_t(view.start));
    view = compared(s, Language::English);
  }
  const std::string node = sharedNode(view, states(s, Language::English));
  if (what == "node") return node.empty() ? "no node runs a pod of each" : s.fault({input("nodeLost", "node", node)});
  std::string problem;
  for (const ColumnView& c : view.columns) {
    const std::string one = what == "delete" ? removeOne(s, c, node) : update(s, c);
    if (problem.empty()) problem = one;
  }
  return problem;
}

}  // namespace web
