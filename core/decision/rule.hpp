#pragma once
// Reasons: why something was written, and why nothing was. A decision names a rule and its inputs; sentences in English
// and Chinese are made from the one table behind `info` (rules/*.def). Nobody parses text.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/value.hpp"

namespace decision {

/// The rules by name are in rules.hpp, which only those include that name one: a new rule rebuilds few files.
enum class Rule : uint16_t;

struct RuleInfo {
  std::string_view id, en, zh, upstream, docs;
};
const RuleInfo& info(Rule);
std::span<const RuleInfo> rules();
/// False where no rule has that id.
bool findRule(std::string_view id, Rule& out);

/// A reason with what it was decided from. Inputs are named as in the sentence: {pod}, {predecessor}, {policy}.
/// An input that names an object is its name; an input `object` may say which one as "Pod/default/web-0".
struct Why {
  using Inputs = std::vector<std::pair<api::Key, api::Value>>;
  Rule rule;
  Inputs inputs;

  Why(Rule r) : rule(r) {}
  Why(Rule r, std::initializer_list<std::pair<std::string_view, api::Value>> in) : rule(r) {
    inputs.reserve(in.size());
    for (const auto& [name, value] : in) inputs.emplace_back(api::Key(name), value);
  }
};

enum class Language : uint8_t { en, zh };
/// The sentence of a reason. Inputs stand in backquotes where the sentence has them so: "`{pod}` waits".
std::string sentence(const Why&, Language);

}  // namespace decision
