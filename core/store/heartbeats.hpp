#pragma once
// Which machines are silent: a fact ("node/<name>"), since heartbeats are no API writes here. Written by core/node,
// read by the node lifecycle controller, which in a real cluster would look at leases.
#include <string>
#include <string_view>

#include "core/api/time.hpp"
#include "core/store/facts.hpp"

namespace store {

/// The fact about a machine: {"silentSince": milliseconds}; absent while its heartbeats come.
inline std::string machineKey(std::string_view node) { return "node/" + std::string(node); }
inline bool isSilent(const Facts& facts, std::string_view node) { return !facts.get(machineKey(node)).isNull(); }
/// Since when the machine is silent; -1 while it is not.
inline api::Millis silentSince(const Facts& facts, std::string_view node) {
  const api::Value& fact = facts.get(machineKey(node));
  return fact.isNull() ? -1 : fact[api::Key("silentSince")].asInt();
}

}  // namespace store
