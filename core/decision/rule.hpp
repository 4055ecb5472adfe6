#pragma once
// Reasons: why something was written, and why nothing was. A decision names a rule and its inputs; sentences in English
// and Chinese are made from the one table behind `info` (rules/*.def). Nobody parses text.
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
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

/// What a decision was made from. Named as in the sentence: {pod}, {predecessor}, {policy}.
struct Input {
  const char* name;  ///< a literal: it is never copied
  mutable api::Value value;
  Input(const char* n, api::Value v) : name(n), value(std::move(v)) {}
  friend bool operator==(const Input& a, const Input& b) { return a.text() == b.text() && a.value == b.value; }
  std::string_view text() const { return name; }
};

/// Inputs, shared by the copies of a reason: every write of a sync keeps one in the journal.
class Inputs {
 public:
  Inputs() = default;
  Inputs(std::initializer_list<Input>);  ///< moves the values
  size_t size() const { return list_ ? list_->size() : 0; }
  const Input* begin() const { return list_ ? list_->data() : nullptr; }
  const Input* end() const { return begin() + size(); }
  void add(Input);
  friend bool operator==(const Inputs& a, const Inputs& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::shared_ptr<std::vector<Input>> list_;
};

/// A reason with its inputs. An input that names an object is its name; an input `object` may say which one as
/// "Pod/default/web-0".
struct Why {
  Rule rule;
  Inputs inputs;

  Why(Rule r) : rule(r) {}
  Why(Rule r, std::initializer_list<Input> in) : rule(r), inputs(in) {}
  bool operator==(const Why&) const = default;
};

enum class Language : uint8_t { en, zh };
/// A text with each {name} replaced by its value, and each {name|Pod|Pods} by the form that goes with that number.
std::string filled(std::string_view text, std::string (*value)(std::string_view name, const void* of), const void* of);
/// The sentence of a reason. Inputs stand in backquotes where the sentence has them so: "`{pod}` waits".
std::string sentence(const Why&, Language);

}  // namespace decision
