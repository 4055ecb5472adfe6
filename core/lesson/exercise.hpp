#pragma once
// An exercise: where it begins, what is asked, and checks that see not only how it ends but all that happened on the
// way. Exercises are data (examples/exercises/*.yaml), safe to load from anywhere: a check compares members of objects,
// it runs nothing.
#include <string>
#include <string_view>
#include <vector>

#include "core/sim/session.hpp"

namespace lesson {

using api::Value;

/// A text in both languages.
struct Text {
  std::string en, zh;
  const std::string& in(decision::Language l) const { return l == decision::Language::zh && !zh.empty() ? zh : en; }
};

/// When a check's condition must hold: at the cursor; at some entry up to it; at every entry; at none.
enum class When : uint8_t { finally, eventually, always, never };

/// What is compared. One of:
///   - object and path: a member of an object ("StatefulSet/default/db", "spec.replicas"; "Node//node-1" has no
///     namespace); without a path, that the object is there
///   - count: how many objects of a kind there are ("Pod"), of those whose `path` equals `value` where a path is given
///   - records: how many records there are on all volumes, each counted once
struct Condition {
  enum class What : uint8_t { member, count, records } what = What::member;
  std::string object, path;
  enum class Is : uint8_t { equal, atLeast, atMost, present, absent } is = Is::equal;
  Value value;   ///< to compare with
  Value member;  ///< of count: what the path must equal
};

struct Check {
  std::string id;  ///< never used again for something else
  Text title, hint;
  When when = When::finally;
  std::vector<Condition> conditions;  ///< all of them hold at the same entry: the check's own and the one below `and`
};

struct Exercise {
  std::string id;
  Text title, task, debrief;
  sim::Setup setup;
  std::string manifests;              ///< the YAML that the learner begins with, already applied
  std::vector<std::string> commands;  ///< kubectl lines done before the learner begins
  std::vector<Value> inputs;          ///< inputs (sim/input.hpp) done after those
  std::vector<Check> checks;
};

/// "" or what is wrong with the text, with its line.
std::string parseExercise(std::string_view yaml, Exercise&);
/// A session in which the learner can begin; `start` is given the number of entries that were there before.
sim::Session begin(const Exercise&, size_t& start);

struct Result {
  std::string id;
  bool passed;
  size_t broken;  ///< of always and never: the first cursor at which it went wrong; 0 where it did not
};
/// Judges the session from entry `start` to its cursor.
std::vector<Result> check(const Exercise&, const sim::Session&, size_t start);

}  // namespace lesson
