#pragma once
// What kubelets have beyond other actors: they keep what programs in containers say, and they answer requests to a
// pod's connect subresources. sim::Cluster hands each of them a NodeClient.
#include "core/decision/controller.hpp"
#include "core/store/logs.hpp"

namespace node {

class NodeClient : public decision::Client {
 public:
  /// What programs say goes to their log (store/logs.hpp), not to the journal.
  virtual const store::Logs& logs() const = 0;
  virtual void log(std::string_view key, int stream, std::string_view text) = 0;
  /// Forgets the logs whose keys begin so.
  virtual void forgetLogs(std::string_view prefix) = 0;
};

/// A kubelet as an actor. Its `sync` is given a NodeClient.
class Agent : public decision::Controller {
 public:
  /// exec, attach or portforward, which the API server hands on to the pod's node. `options` is the request's body with
  /// its container filled in.
  virtual apiserver::Response connect(const api::Value& pod, std::string_view subresource, const api::Value& options,
                                      NodeClient&) = 0;
};

}  // namespace node
