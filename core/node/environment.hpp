#pragma once
// What a container is told at its start: environment variables from values, fields, ConfigMaps, Secrets and Services,
// and its command with $(VAR) filled in. Models pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/kubelet/
// envvars and third_party/forked/golang/expansion. NOT MODELLED: fileKeyRef.
#include <string>
#include <string_view>
#include <vector>

#include "core/decision/controller.hpp"
#include "core/shell/shell.hpp"

namespace node {

/// What the containers of a pod take for their host's name.
std::string_view hostnameOf(const api::Pod&);

struct Environment {
  shell::Variables variables;  ///< as declared, then those of Services
  std::string error;           ///< why the container cannot be created; "" where it can
  std::string_view get(std::string_view name) const;
};
/// `pod` has its addresses in its status.
Environment environmentOf(const api::Pod&, const api::Container&, const decision::View&);

/// "$(NAME)" becomes the variable's value, "$$" a dollar; what is not defined stays as it is.
std::string expand(std::string_view text, const shell::Variables&);

/// A field of the downward API: "metadata.name", "metadata.labels['app']"… False where there is no such field.
bool fieldValue(const api::Pod&, std::string_view path, std::string& out);
/// A resourceFieldRef: "limits.cpu" by its divisor, rounded up; what has no limit has the node's.
std::string resourceValue(const api::Pod&, const api::Container&, const api::ResourceFieldSelector&,
                          const decision::View&);

}  // namespace node
