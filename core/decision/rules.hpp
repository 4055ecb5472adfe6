#pragma once
// The names of all rules, one for each line of rules/*.def.
#include "core/decision/rule.hpp"

namespace decision {

/// RULE(id, "sentence with {input} places", "中文句子", "upstream file and function", "documentation path below
/// kubernetes.io/docs, or empty")
enum class Rule : uint16_t {
#define RULE(id, en, zh, upstream, docs) id,
#include "core/decision/rules/all.def"
#undef RULE
};

}  // namespace decision
