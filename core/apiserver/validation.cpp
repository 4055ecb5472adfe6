#include "core/apiserver/validation.hpp"

#include "core/apiserver/validation_check.hpp"

namespace apiserver {

using namespace api;

ErrorList validateCreate(Resource resource, const Value& object) {
  Check c;
  switch (resource) {
    case Resource::pods:
      checkPod(c, object);
      if (object.get({key::spec, key::ephemeralContainers}).size())
        c.errors.push_back({ErrorType::Forbidden, "spec.ephemeralContainers", "", "cannot be set on create"});
      if (!object.get({key::spec, key::nodeName}).asString().empty() &&
          object.get({key::spec, key::schedulingGates}).size())
        c.errors.push_back(
            {ErrorType::Forbidden, "spec.nodeName", "", "cannot be set until all schedulingGates have been cleared"});
      break;
    case Resource::statefulsets:
    case Resource::deployments:
    case Resource::replicasets:
    case Resource::daemonsets: checkWorkload(c, resource, object); break;
    case Resource::persistentvolumeclaims: checkClaim(c, object); break;
    case Resource::persistentvolumes: checkVolume(c, object); break;
    case Resource::storageclasses: checkStorageClass(c, object); break;
    case Resource::services: checkService(c, object, Value()); break;
    default: checkOther(c, resource, object); break;
  }
  return std::move(c.errors);
}

ErrorList validateAddresses(const Value& service) {
  Check c;
  auto s = c.at(key::spec);
  checkServiceAddresses(c, service[key::spec]);
  return std::move(c.errors);
}

ErrorList validateUpdate(Resource resource, const Value& object, const Value& old, std::string_view subresource) {
  Check c;
  switch (resource) {
    case Resource::pods: checkPodUpdate(c, object, old, subresource); break;
    case Resource::statefulsets:
    case Resource::deployments:
    case Resource::replicasets:
    case Resource::daemonsets: checkWorkloadUpdate(c, resource, object, old, subresource); break;
    case Resource::persistentvolumeclaims: checkClaimUpdate(c, object, old, subresource); break;
    case Resource::persistentvolumes: checkVolumeUpdate(c, object, old, subresource); break;
    case Resource::storageclasses: checkStorageClassUpdate(c, object, old); break;
    case Resource::services:
      if (subresource == "status")
        checkMetadataUpdate(c, object, old), checkServiceStatus(c, object);
      else
        checkService(c, object, old);
      break;
    default: checkOtherUpdate(c, resource, object, old, subresource); break;
  }
  return std::move(c.errors);
}

}  // namespace apiserver
