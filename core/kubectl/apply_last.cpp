// kubectl apply view-last-applied and set-last-applied. Models kubectl pkg/cmd/apply/apply_view_last_applied.go and
// apply_set_last_applied.go.
#include "core/kubectl/apply.hpp"
#include "core/kubectl/patching.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/runs.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {

Error viewLastApplied(Invocation& in) {
  Query query;
  query.args = in.args;
  query.allowEmptySelector = in.nsExplicit;
  query.selectAll = in.is("all");
  query.latest = true;
  query.continueOnError = false;
  Selection found = select(in, query);
  if (Error e = found.failure()) return e;
  const std::string& output = in.get("output");
  for (const Info& info : found.infos) {
    const Value& text = lastApplied(info.object);
    if (text.isNull()) continue;
    if (output != "yaml" && output != "json")
      return in.usage("Unexpected -o output mode: " + output + ", the flag 'output' must be one of yaml|json");
    std::string problem;
    const Value applied = manifest::parseJson(text.asString(), problem);
    if (!problem.empty()) return plain(problem);
    in.print(output == "yaml" ? manifest::toYaml(applied) : manifest::toIndentedJson(applied, 2) + "\n");
  }
  return {};
}

namespace {

/// The configuration as set-last-applied writes it: the document as it stands in the file.
std::string documentText(const Value& object) {
  return has(object, "metadata.annotations") ? lastAppliedText(object) : api::toJson(object) + "\n";
}

}  // namespace

Error setLastAppliedOf(Invocation& in) {
  Printer printer;
  Error error;
  const DryRun dryRun = in.dryRun(error);
  if (!error) error = printer.prepare(in);
  if (error) return error;
  Selection found = selectFiles(in, false);
  if (Error e = found.failure()) return e;
  std::vector<Info> changed;
  std::vector<std::string> texts;
  for (Info& info : found.infos) {
    const std::string text = documentText(info.object);
    apiserver::Response reply = in.fetch(*info.mapping, info.ns, info.name);
    if (!reply.ok()) return fromResponse(reply);
    info.object = std::move(reply.body);
    const Value& now = lastApplied(info.object);
    if (now.isNull() && !in.is("create-annotation")) {
      return plain("no last-applied-configuration annotation found on resource: " + info.name +
                   ", to create the annotation, run the command with --create-annotation");
    }
    std::string problem;
    if (!now.isNull() && manifest::parseJson(now.asString(), problem) == manifest::parseJson(text, problem)) {
      in.print("set-last-applied " + info.name + ": no changes required.\n");
      continue;
    }
    changed.push_back(std::move(info));
    texts.push_back(text);
  }
  for (size_t i = 0; i < changed.size(); ++i) {
    Info& info = changed[i];
    if (dryRun != DryRun::client) {
      Value body;
      put(body, "metadata.annotations", Value::object({}));
      body.set({api::key::metadata, api::key::annotations, api::Key(lastAppliedAnnotation)}, texts[i]);
      apiserver::Response reply =
          sendPatch(in, info, apiserver::PatchType::merge, std::move(body), dryRun == DryRun::server);
      if (!reply.ok()) return fromResponse(reply);
      info.object = std::move(reply.body);
    }
    if (Error e = printer.print(in, info.object, "configured")) return e;
  }
  return {};
}

}  // namespace kubectl
