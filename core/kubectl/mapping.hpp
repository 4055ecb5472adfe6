#pragma once
// The resource types of a v1.37.2 cluster as discovery lists them, those that this cluster does not serve included
// (they are empty here): names on the command line are looked up in it.
#include <span>
#include <string>
#include <string_view>

#include "core/api/resources.hpp"
#include "core/kubectl/error.hpp"

namespace kubectl {

struct Mapping {
  std::string_view plural, shortNames, group, version, kind;
  bool namespaced, inAll;

  std::string singular() const { return lower(kind); }
  /// "apps/v1", "v1"
  std::string apiVersion() const {
    return group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
  }
  /// "statefulsets.apps", "pods"
  std::string groupResource() const {
    return group.empty() ? std::string(plural) : std::string(plural) + "." + std::string(group);
  }
  /// "statefulset.apps/web", "pod/web-0"
  std::string object(std::string_view name) const;
  const api::ResourceInfo* served() const { return api::findResource(group, version, plural); }
};

std::span<const Mapping> mappings();
/// By "sts", "StatefulSet", "statefulsets.apps" or "statefulsets.v1.apps"; null where there is none.
const Mapping* findMapping(std::string_view argument);
/// The same, with the error that kubectl gives.
const Mapping* mappingFor(std::string_view argument, Error&);
const Mapping* mappingForKind(std::string_view apiVersion, std::string_view kind);
const Mapping* mappingOf(api::Resource);

}  // namespace kubectl
