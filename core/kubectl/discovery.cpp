// kubectl api-resources and api-versions. Models kubectl pkg/cmd/apiresources.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {

Error apiResources(Invocation& in) {
  if (!in.args.empty()) return in.usage("unexpected arguments: [" + join(in.args, " ") + "]");
  const std::string& output = in.get("output");
  if (!output.empty() && output != "wide" && output != "name") {
    return plain("--output " + output + " is not available");
  }
  bool byGroup = in.flags.changed("api-group"), byScope = in.flags.changed("namespaced");
  TabWriter writer = TabWriter::forTables();
  if (output != "name" && !in.is("no-headers")) writer.write("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND\n");
  for (const Mapping& m : mappings()) {
    if (byGroup && m.group != in.get("api-group")) continue;
    if (byScope && m.namespaced != in.is("namespaced")) continue;
    if (output == "name") {
      writer.write(m.groupResource() + "\n");
      continue;
    }
    writer.write(std::string(m.plural) + "\t" + std::string(m.shortNames) + "\t" + m.apiVersion() + "\t" +
                 (m.namespaced ? "true" : "false") + "\t" + std::string(m.kind) + "\n");
  }
  writer.flush(in.result.out);
  return {};
}

Error apiVersions(Invocation& in) {
  if (!in.args.empty()) return in.usage("unexpected arguments: [" + join(in.args, " ") + "]");
  Strings all = {"autoscaling/v1"};
  for (const Mapping& m : mappings()) {
    std::string version = m.apiVersion();
    if (std::find(all.begin(), all.end(), version) == all.end()) all.push_back(version);
  }
  api::sort(all);
  in.print(join(all, "\n") + "\n");
  return {};
}

}  // namespace kubectl
