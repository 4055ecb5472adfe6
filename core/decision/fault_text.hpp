#pragma once
// What a fault is, in words: for the sentence of Rule::FaultInjected, whose input is the fault as it was given.
#include <string>

#include "core/decision/rule.hpp"

namespace decision {

/// {"type": "containerCrash", "pod": "web-1"} → "a container of `web-1` crashes"; "" for a type that is not known.
std::string faultText(const api::Value& fault, Language);

}  // namespace decision
