// kubectl api-resources and api-versions. Models kubectl pkg/cmd/apiresources.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {

namespace {

/// What may be done with a type, separated by commas.
std::string_view verbsOf(const Mapping& m) {
  if (m.plural == "componentstatuses") return "get,list";
  if (m.plural == "namespaces") return "create,delete,get,list,patch,update,watch";
  if (m.plural == "bindings" || endsWith(m.plural, "reviews")) return "create";
  return "create,delete,deletecollection,get,list,patch,update,watch";
}

std::string_view categoryOf(const Mapping& m) {
  if (m.inAll) return "all";
  const bool extends = startsWith(m.group, "admissionregistration") || startsWith(m.group, "apiextensions") ||
                       startsWith(m.group, "apiregistration");
  return extends ? "api-extensions" : "";
}

bool hasAll(std::string_view have, const Strings& wanted) {
  const Strings all = split(have, ',');
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& w) { return std::find(all.begin(), all.end(), w) != all.end(); });
}

}  // namespace

Error apiResources(Invocation& in) {
  if (!in.args.empty()) return in.usage("unexpected arguments: [" + join(in.args, " ") + "]");
  const std::string &output = in.get("output"), &sort = in.get("sort-by");
  const bool wide = output == "wide";
  if (output == "json" || output == "yaml" || output == "kyaml")
    return plain("--output " + output + " is not available");
  if (!output.empty() && !wide && output != "name") {
    return plain("unable to match a printer suitable for the output format " + quote(output) +
                 ", allowed formats are: json,kyaml,name,wide,yaml");
  }
  if (!sort.empty() && sort != "name" && sort != "kind") return plain("--sort-by accepts only name or kind");
  bool byGroup = in.flags.changed("api-group"), byScope = in.flags.changed("namespaced");
  std::vector<const Mapping*> found;
  for (const Mapping& m : mappings()) {
    if (byGroup && m.group != in.get("api-group")) continue;
    if (byScope && m.namespaced != in.is("namespaced")) continue;
    if (hasAll(verbsOf(m), in.flags.list("verbs")) && hasAll(categoryOf(m), in.flags.list("categories")))
      found.push_back(&m);
  }
  if (!sort.empty()) {
    std::stable_sort(found.begin(), found.end(), [&](const Mapping* a, const Mapping* b) {
      if (sort == "kind" && a->kind != b->kind) return a->kind < b->kind;
      return a->plural < b->plural;
    });
  }
  TabWriter writer = TabWriter::forTables();
  if (output != "name" && !in.is("no-headers"))
    writer.write(std::string("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND") +
                 (wide ? "\tVERBS\tCATEGORIES\n" : "\n"));
  for (const Mapping* m : found) {
    if (output == "name") {
      writer.write(m->groupResource() + "\n");
      continue;
    }
    writer.write(std::string(m->plural) + "\t" + std::string(m->shortNames) + "\t" + m->apiVersion() + "\t" +
                 (m->namespaced ? "true" : "false") + "\t" + std::string(m->kind));
    if (wide) writer.write("\t" + std::string(verbsOf(*m)) + "\t" + std::string(categoryOf(*m)));
    writer.write("\n");
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
