#include "core/apiserver/fields.hpp"

namespace apiserver {
namespace {
using namespace api;
using enum api::Resource;

/// The fields of a kind beyond metadata.name and metadata.namespace; comma-separated, with a comma at both ends.
std::string_view fieldsOf(Resource r) {
  switch (r) {
    case pods:
      return ",spec.nodeName,spec.restartPolicy,spec.schedulerName,spec.serviceAccountName,spec.hostNetwork,status."
             "phase,"
             "status.podIP,status.podIPs,status.nominatedNodeName,";
    case events:
      return ",involvedObject.kind,involvedObject.namespace,involvedObject.name,involvedObject.uid,involvedObject."
             "apiVersion,involvedObject.resourceVersion,involvedObject.fieldPath,reason,reportingComponent,source,"
             "type,";
    case namespaces: return ",status.phase,";
    case nodes: return ",spec.unschedulable,";
    case secrets: return ",type,";
    case services: return ",spec.clusterIP,spec.type,";
    case replicasets: return ",status.replicas,";
    default: return ",";
  }
}

/// The kinds with a conversion function of their own have this other sentence.
bool hasOwnSentence(Resource r) {
  switch (r) {
    case pods:
    case events:
    case namespaces:
    case nodes:
    case secrets:
    case services: return true;
    default: return false;
  }
}

std::string textOf(const Value& v) {
  switch (v.kind()) {
    case Kind::Bool: return v.asBool() ? "true" : "false";
    case Kind::Int: return std::to_string(v.asInt());
    default: return std::string(v.asString());
  }
}

std::string fieldOf(const ResourceInfo& info, std::string_view field, const Value& object) {
  if (info.resource == events && field == "source") {
    const Value& component = object.get({key::source, key::component});
    return textOf(component.asString().empty() ? object[key::reportingComponent] : component);
  }
  if (field == "status.podIPs") field = "status.podIP";
  const Value* v = &object;
  for (std::string_view rest = field; !rest.empty();) {
    const size_t dot = std::min(rest.find('.'), rest.size());
    const Value* next = v->find(rest.substr(0, dot));
    if (!next) {
      const bool isBool = field == "spec.unschedulable" || field == "spec.hostNetwork";
      return isBool ? "false" : "";
    }
    v = next;
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  return textOf(*v);
}
}  // namespace

Response checkFields(const ResourceInfo& info, const std::vector<FieldTerm>& terms) {
  for (const FieldTerm& t : terms) {
    if (t.field.empty() && t.value.empty()) continue;  // "=" asks for nothing
    if (t.field == "metadata.name" || (info.namespaced && t.field == "metadata.namespace")) continue;
    if (t.field == "metadata.namespace" && !hasOwnSentence(info.resource)) continue;
    if (fieldsOf(info.resource).find("," + t.field + ",") != std::string_view::npos) continue;
    if (hasOwnSentence(info.resource)) return badRequest("field label not supported: " + t.field);
    return badRequest("\"" + t.field +
                      "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
  }
  return {};
}

bool matchesFields(const ResourceInfo& info, const std::vector<FieldTerm>& terms, const Value& object) {
  for (const FieldTerm& t : terms) {
    if ((fieldOf(info, t.field, object) == t.value) != t.equal) return false;
  }
  return true;
}

}  // namespace apiserver
