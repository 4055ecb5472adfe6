#include "core/kubectl/patching.hpp"

#include "core/kubectl/three_way.hpp"

namespace kubectl {

using apiserver::PatchType;
using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;

Response sendPatch(Invocation& in, const Info& info, PatchType type, Value body, bool dryRun) {
  Request r = in.request(Verb::patch, *info.mapping, info.ns, info.name);
  r.patchType = type;
  r.body = std::move(body);
  r.dryRun = dryRun;
  r.fieldManager = in.fieldManager;
  r.subresource = in.get("subresource");
  return in.send(std::move(r));
}

void recordCause(const Invocation& in, Value& object) {
  if (!in.is("record")) return;
  const std::string cause = in.path + (in.args.empty() ? "" : " " + join(in.args, " ")) + in.flags.given();
  object.set({api::key::metadata, api::key::annotations, api::Key("kubernetes.io/change-cause")}, cause);
}

void patchCause(Invocation& in, const Info& info, bool dryRun) {
  Value body = Value::object({});
  recordCause(in, body);
  if (body.size()) sendPatch(in, info, PatchType::merge, std::move(body), dryRun);
}

Error patchObject(Invocation& in, Info& info, const Value& changed, DryRun dryRun, bool& differs) {
  Value patch = twoWayPatch(info.object, changed, api::findType(info.mapping->kind));
  differs = patch.size() > 0;
  if (!differs) return {};
  if (dryRun == DryRun::client) {
    info.object = changed;
    return {};
  }
  Response reply = sendPatch(in, info, PatchType::strategic, std::move(patch), dryRun == DryRun::server);
  if (!reply.ok()) return fromResponse(reply);
  info.object = std::move(reply.body);
  return {};
}

std::string podSpecPath(const Mapping& m) {
  if (m.kind == "Pod") return "spec";
  for (std::string_view kind :
       {"Deployment", "DaemonSet", "ReplicaSet", "StatefulSet", "ReplicationController", "Job"}) {
    if (m.kind == kind) return "spec.template.spec";
  }
  return m.kind == "CronJob" ? "spec.jobTemplate.spec.template.spec" : "";
}

}  // namespace kubectl
