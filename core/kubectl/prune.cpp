#include "core/kubectl/prune.hpp"

#include <algorithm>

#include "core/kubectl/apply.hpp"

namespace kubectl {

// Models kubectl pkg/util/prune ParseResources.
Error pruneKinds(const Invocation& in, std::vector<const Mapping*>& out) {
  for (const std::string& text : in.flags.list("prune-allowlist")) {
    const Strings parts = split(text, '/');
    if (parts.size() != 3)
      return plain("invalid GroupVersionKind format: " + text + ", please follow <group/version/kind>");
    const std::string apiVersion = parts[0] == "core" || parts[0].empty() ? parts[1] : parts[0] + "/" + parts[1];
    const Mapping* m = mappingForKind(apiVersion, parts[2]);
    if (!m) return plain("no matches for kind " + quote(parts[2]) + " in version " + quote(apiVersion));
    out.push_back(m);
  }
  return {};
}

namespace {

bool same(const Info& info, const Mapping& m, const Value& object) {
  return info.mapping == &m && info.name == str(object, "metadata.name") &&
         info.ns == str(object, "metadata.namespace");
}

Error pruneOne(Invocation& in, const Mapping& m, const std::string& ns, const std::vector<Info>& visited,
               std::vector<Info>& out) {
  std::vector<Value> items;
  if (Error e = in.list(m, ns, in.get("selector"), {}, items)) return e;
  for (Value& item : items) {
    if (lastApplied(item).isNull()) continue;
    if (std::any_of(visited.begin(), visited.end(), [&](const Info& info) { return same(info, m, item); })) continue;
    out.push_back({&m, str(item, "metadata.namespace"), str(item, "metadata.name"), std::move(item), {}});
  }
  return {};
}

}  // namespace

// Models kubectl pkg/util/prune GetRESTMappings and pkg/cmd/apply/prune.go pruneAll.
Error prunable(Invocation& in, const std::vector<const Mapping*>& wanted, const std::vector<Info>& visited,
               std::vector<Info>& out) {
  std::vector<const Mapping*> kinds = wanted;
  if (kinds.empty()) {
    constexpr std::string_view usual[] = {"configmaps",
                                          "endpoints",
                                          "persistentvolumeclaims",
                                          "pods",
                                          "replicationcontrollers",
                                          "secrets",
                                          "services",
                                          "jobs",
                                          "cronjobs",
                                          "ingresses",
                                          "daemonsets",
                                          "deployments",
                                          "replicasets",
                                          "statefulsets",
                                          "namespaces",
                                          "persistentvolumes"};
    for (std::string_view kind : usual) kinds.push_back(findMapping(kind));
    in.complain(
        "W0101 00:00:00.000000       1 prune.go:71] Deprecated: kubectl apply will no longer prune non-namespaced "
        "resources by default when used with the --namespace flag in a future release. To preserve the current "
        "behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.\n");
  }
  Strings spaces;
  for (const Info& info : visited) {
    if (!info.ns.empty() && std::find(spaces.begin(), spaces.end(), info.ns) == spaces.end()) spaces.push_back(info.ns);
  }
  std::sort(spaces.begin(), spaces.end());
  for (const std::string& ns : spaces) {
    for (const Mapping* m : kinds) {
      if (!m->namespaced) continue;
      if (Error e = pruneOne(in, *m, ns, visited, out)) return e;
    }
  }
  for (const Mapping* m : kinds) {
    if (m->namespaced) continue;
    if (Error e = pruneOne(in, *m, {}, visited, out)) return e;
  }
  return {};
}

}  // namespace kubectl
