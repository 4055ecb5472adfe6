#pragma once
// Reading what containers have said (store/logs.hpp): kubectl logs, and attach. Models pkg/kubelet/kubelet_pods.go
// validateContainerLogStatus and kuberuntime/logs.
#include <string>
#include <string_view>

#include "core/apiserver/request.hpp"
#include "core/node/client.hpp"

namespace node {

/// The answer to GET …/pods/NAME/log; `options` are PodLogOptions with the container filled in, and `position` of an
/// earlier reply to get only what came since, `until` (milliseconds) to see no more than there was then.
apiserver::Response readLog(const store::Logs&, const store::Facts&, const api::Pod&, const api::Value& options,
                            api::Millis now);

/// Appends what a log holds from a position on; gives the position after it.
size_t logSince(const store::Logs&, std::string_view key, size_t position, std::string& out, std::string& err);

}  // namespace node
