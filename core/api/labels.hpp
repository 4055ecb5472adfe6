#pragma once
// Label selectors as objects carry them (matchLabels, matchExpressions) against labels. Selectors written as text
// (`-l app=web`) are the API server's and kubectl's affair.
#include <string_view>

#include "generated/api/types.hpp"

namespace api {

/// Models apimachinery LabelSelectorAsSelector: no selector matches nothing, an empty one everything.
bool matches(const LabelSelector&, const StringMap& labels);
/// A plain map as Services and ReplicationControllers have it; an empty one matches nothing.
bool matches(const StringMap& selector, const StringMap& labels);
bool isEmpty(const LabelSelector&);

}  // namespace api
