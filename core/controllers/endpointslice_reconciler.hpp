#pragma once
// How the endpoints of one service are spread over slices: at most 100 in each, and as few writes as possible. Models
// k8s.io/endpointslice reconciler.go (v1.37), but remembers where each pod's endpoint lies, so that a pod's change
// costs its slice and not all pods of the service.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/decision/controller.hpp"

namespace controllers {

/// A pod that stands behind the service, as last seen.
struct EndpointMember {
  api::Value endpoint;
  size_t ports = 0;         ///< index into ServiceEndpoints::portSets
  std::string slice;        ///< where its endpoint lies; "" where it has no place yet
  api::Millis trigger = 0;  ///< when it last became Ready, or stopped being so
};

struct ServiceEndpoints {
  /// Pods with equal ports share slices.
  struct PortSet {
    api::Value ports;
    size_t members = 0;
  };
  bool full = true;                ///< everything has to be looked at
  std::set<std::string> dirty;     ///< pods that changed
  std::set<std::string> affected;  ///< slices with a changed endpoint
  std::set<std::string> unplaced;  ///< members whose endpoint lies in no slice
  std::map<std::string, EndpointMember, std::less<>> members;
  std::vector<PortSet> portSets;
  api::Millis serviceTrigger = 0;
  int failures = 0;

  size_t portSet(const api::Value& ports);
  void put(const std::string& pod, api::Value endpoint, const api::Value& ports);
  void drop(std::string_view pod);
  /// Forgets where endpoints lie: the slices are read anew.
  void unplaceAll();
  /// The slice now has this name and these endpoints.
  void placed(const api::Value& slice);
};

struct SliceChanges {
  std::vector<api::Value> create, update, remove;
};

/// The changes that bring `slices` (those the controller manages, of one address family) to what `state` wants.
SliceChanges reconcileSlices(ServiceEndpoints& state, const api::Service&, const std::vector<api::Value>& slices,
                             std::string_view addressType);

}  // namespace controllers
