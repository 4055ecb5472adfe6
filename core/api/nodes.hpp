#pragma once
// What the scheduler, the DaemonSet controller and the node controllers ask about a node: does a pod tolerate its
// taints, does it match a selector? Models component-helpers/scheduling/corev1 (v1.37).
#include <string_view>

#include "generated/api/types.hpp"

namespace api {

bool toleratesTaint(const Toleration&, const Taint&);
/// Whether any of the tolerations does.
bool toleratesTaint(const List<Toleration>&, const Taint&);
/// The first taint of effect NoSchedule or NoExecute that nothing tolerates; an empty view where there is none.
Taint findUntoleratedTaint(const List<Taint>&, const List<Toleration>&);

/// A term's expressions and fields, all of them; an empty term matches nothing.
bool matchesNodeSelectorTerm(const NodeSelectorTerm&, std::string_view nodeName, const StringMap& labels);
/// Any of the terms.
bool matchesNodeSelector(const NodeSelector&, std::string_view nodeName, const StringMap& labels);
/// A pod's nodeSelector and the required part of its node affinity.
bool matchesNodeSelectorAndAffinity(const PodSpec&, const Node&);

}  // namespace api
