// A pod's connect subresources and its log: to which container of which pod a request leads. What answers then is the
// node's kubelet. Models pkg/registry/core/pod/strategy.go LogLocation and streamLocation (v1.37).
#include "core/apiserver/connect.hpp"
#include "core/apiserver/serving.hpp"

namespace apiserver {
using namespace api;

namespace {
/// The names of all containers, as Go prints a list.
std::string namesOf(const Value& pod) {
  std::string out;
  for (Key list : {Key(key::initContainers), Key(key::containers)}) {
    for (const Value& c : pod[key::spec][list].values()) (out += out.empty() ? "[" : " ") += c[key::name].asString();
  }
  return out + "]";
}

bool hasContainer(const Value& pod, std::string_view name) {
  for (Key list : {Key(key::initContainers), Key(key::containers)}) {
    for (const Value& c : pod[key::spec][list].values()) {
      if (c[key::name].asString() == name) return true;
    }
  }
  return false;
}
}  // namespace

bool isConnect(const Request& r) {
  return r.resource == Resource::pods &&
         (r.subresource == "exec" || r.subresource == "attach" || r.subresource == "portforward");
}

bool isLog(const Request& r) { return r.resource == Resource::pods && r.subresource == "log"; }

Response connect(const Serving& serving) {
  const Request& request = serving.request;
  const ResourceInfo& info = serving.info;
  const Value* pod = serving.find();
  if (!pod) return notFound(info, request.name);
  Value options = request.body.kind() == Kind::Object ? request.body : Value::object({});
  const std::string name(pod->get({key::metadata, key::name}).asString());
  const Key container("container");
  if (request.subresource != "portforward") {
    const std::string_view wanted = options[container].asString();
    const Value& containers = pod->get({key::spec, key::containers});
    if (!wanted.empty() && !hasContainer(*pod, wanted))
      return badRequest("container " + std::string(wanted) + " is not valid for pod " + name);
    if (wanted.empty() && containers.size() != 1)
      return badRequest("a container name must be specified for pod " + name + ", choose one of: " + namesOf(*pod));
    if (wanted.empty()) options.set(container, containers[size_t(0)][key::name]);
  }
  const std::string_view node = pod->get({key::spec, key::nodeName}).asString();
  Response r;
  if (node.empty() && request.subresource != "log") return badRequest("pod " + name + " does not have a host assigned");
  if (node.empty()) return r;  // nothing has been said yet
  r.body = Value::object({{Key("pod"), *pod}, {Key("options"), options}});
  return r;
}

}  // namespace apiserver
