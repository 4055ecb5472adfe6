#pragma once
// Label selectors of typed objects: selector.hpp's questions for those who hold accessors and not bare documents.
#include "core/api/selector.hpp"
#include "generated/api/types.hpp"

namespace api {

/// No selector matches nothing, an empty one everything.
inline bool matches(const LabelSelector& s, const StringMap& labels) { return labelSelectorMatches(s.doc, labels.doc); }
inline bool isEmpty(const LabelSelector& s) { return s.matchLabels().empty() && s.matchExpressions().empty(); }

}  // namespace api
