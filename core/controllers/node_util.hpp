#pragma once
// What the controllers of nodes share: conditions, taints, and the writes that mark a pod. Models pkg/util/taints,
// pkg/controller/controller_utils.go AddOrUpdateTaintOnNode and pkg/util/pod PatchPodStatus.
#include <string_view>
#include <vector>

#include "core/decision/controller.hpp"

namespace controllers {

/// "True", "False", "Unknown", or "" where the node has no such condition.
std::string_view nodeCondition(const api::Node&, std::string_view type);
bool isNodeReady(const api::Node&);

struct TaintRef {
  std::string_view key, effect;
};
bool taintExists(const api::Node&, TaintRef);
bool taintKeyExists(const api::Node&, std::string_view key);

/// Adds taints (with the time) and takes others away, on the newest version of the node. True where the node is as
/// wanted afterwards.
bool swapTaints(decision::Client&, const decision::Why&, std::string_view node, const std::vector<TaintRef>& add,
                const std::vector<TaintRef>& remove);

/// The metadata-and-status patch that adds or changes one condition of a pod; `phase` "" keeps it.
apiserver::Response patchPodCondition(decision::Client&, const decision::Why&, const api::Pod&, std::string_view type,
                                      std::string_view reason, std::string_view message, std::string_view phase = {});

/// The reference to a node in Events about it.
api::Value nodeReference(std::string_view name, std::string_view uid);

}  // namespace controllers
