#pragma once
// What an unquoted YAML scalar means under YAML 1.1 as goyaml (and so kubectl) reads it: `no` is a boolean, `010` is
// eight, `2027-01-01` looks like a time. Reading and printing share it.
#include <string>
#include <string_view>

#include "core/api/value.hpp"

namespace manifest {

enum class Tag : uint8_t { Null, Bool, Int, Float, Timestamp, String };
struct Resolved {
  Tag tag = Tag::String;
  api::Value value;  ///< a timestamp's is its text
};
Resolved resolve(std::string_view plain);
/// `1:30` and the like: a number in YAML 1.1, so printed in quotes.
bool isBase60Float(std::string_view);

}  // namespace manifest
